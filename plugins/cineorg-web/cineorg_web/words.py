"""What the page says of the analyses and of the kinds of findings that it knows; others have their title alone."""

from __future__ import annotations

from typing import NamedTuple


class AnalysisWords(NamedTuple):
    """A section's heading, what it asks, and its button."""

    title: str
    question: str
    button: str


ANALYSES = {
    "integrity": AnalysisWords(
        "Integrity", "Do the catalogue, the stored files and the links agree with each other?", "Check integrity"
    ),
    "cleanup": AnalysisWords(
        "Cleanup",
        "Does every link work, lie where it belongs, and only once? Is no folder too full, or empty?",
        "Find what to clean up",
    ),
}

MEANINGS = {
    "ghost_entry": "The catalogue names files that are gone.",
    "orphan_file": "Stored videos that the catalogue does not name.",
    "broken_symlink": "They lead nowhere.",
    "misplaced_symlink": "What they show belongs elsewhere.",
    "duplicate_symlink": "One is enough; the longest name is kept.",
    "oversized_dir": "More than one likes to leaf through.",
    "empty_dir": "Nothing is left in them.",
    "offline_target": "A disk or mount is away: nothing is judged there until it is back.",
    "unreadable": "They are there, but could not be looked at.",
    "orphan_subtitle": "No video lies beside them.",
}

# Kinds that say what could not be judged, not what is wrong.
UNJUDGED = frozenset({"offline_target", "unreadable"})

# Phases that prepare the others and find nothing themselves.
PREPARING = frozenset({"index"})

FIELDS = {
    "target": "points to",
    "expected_dir": "belongs in",
    "candidate": "best candidate",
    "keep": "keep",
    "remove": "remove",
    "max": "at most",
    "id": "row",
}
