"""Which stored file a link means: what the link says, what the files say, and what earlier scans remember. Pure.

Nothing here decides that a link is changed; `planning.repair` does, from what these modules find. A doubt is part of
every answer: a score below 90 describes, and an objection forbids whatever the score is.
"""

from __future__ import annotations

from ..catalogue.file_moves import Edge, End, Knowledge, KnownRow, Pin, Remembered, follow
from .agree import Verdict, judge, names_same_thing
from .claims import Aliases, Claim, make_claim
from .index import FileIndex

__all__ = [
    "Aliases",
    "Claim",
    "Edge",
    "End",
    "FileIndex",
    "Knowledge",
    "KnownRow",
    "Pin",
    "Remembered",
    "Verdict",
    "follow",
    "judge",
    "make_claim",
    "names_same_thing",
]
