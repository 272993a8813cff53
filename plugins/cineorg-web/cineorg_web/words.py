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
        "Cleanup", "Is every link whole, in its place, there once, and in a folder of a good size?", "Look for cleanup"
    ),
}

MEANINGS = {
    "ghost_entry": "The catalogue names a file that is gone.",
    "orphan_file": "A stored video that the catalogue does not name.",
    "broken_symlink": "A link that leads nowhere.",
    "misplaced_symlink": "A link outside the folder that its title belongs in.",
    "duplicate_symlink": "Several links in one folder to the same file.",
    "oversized_dir": "More in one folder than one likes to leaf through.",
    "empty_dir": "A folder with nothing in it.",
    "offline_target": "A disk or mount is away: nothing is judged there until it is back.",
    "unreadable": "It is there, but could not be looked at.",
    "orphan_subtitle": "A subtitle without a video beside it.",
}

# Kinds that say what could not be judged, not what is wrong.
UNJUDGED = frozenset({"offline_target", "unreadable"})

FIELDS = {
    "target": "points to",
    "expected_dir": "belongs in",
    "candidate": "best candidate",
    "keep": "keep",
    "remove": "remove",
    "max": "at most",
    "id": "row",
}
