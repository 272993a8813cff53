"""What a stored file is worth beside a link, 0 to 100, and why in words: it orders, it never decides. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from ..names.comparison import OTHER, Difference, verdict
from ..names.title import SAME_TITLE, title_of
from ..names.work import FILM, Work
from .expectation import Expectation, shared_ids

_BY_ID, _AS_TITLED, _AS_KNOWN, _SPELLED_OTHERWISE, _BUT_FOR_ARTICLE = 98.0, 97.0, 96.0, 95.0, 93.0
# What a file that leaves a point open is worth: it orders candidates, all of them below what is certain.
_OPEN_SCORES = {"language": 88.0, "edition": 88.0, "year": 80.0, "reading": 80.0, "conflict": 75.0, "title": 85.0}
_OPEN_SCORE, OTHER_SCORE = 75.0, 60.0


def score_of(points: Sequence[Difference], alike: float) -> float:
    """Return what a file is worth that differs in these points."""
    if verdict(points) == OTHER:
        return OTHER_SCORE
    scores = [_OPEN_SCORES.get(point.field, _OPEN_SCORE) for point in points]
    if any(point.field == "title" for point in points):
        scores.append(alike)
    return min(scores, default=_AS_TITLED)


def score_and_evidence(wanted: Expectation, file: Work, kin: str, ours: str, theirs: str) -> tuple[float, str]:
    """Return score and words for a file that is the one."""
    shared = shared_ids(wanted.work.ids, file.ids)
    origin = wanted.origins.get(ours, "")
    if shared:
        score, words = _BY_ID, f"same {shared[0][0]} id {shared[0][1]}"
    elif kin != SAME_TITLE:
        score, words = _BUT_FOR_ARTICLE, origin or "same title but for the article"
    elif origin:
        score, words = _AS_KNOWN, origin
    elif title_of(ours).key == title_of(theirs).key:
        score, words = _AS_TITLED, "same title"
    else:
        score, words = _SPELLED_OTHERWISE, "same title, spelled otherwise"
    said = [words]
    if file.numbers:
        holds_more = len(file.episodes) > len(wanted.work.episodes) > 0
        said.append(f"{file.numbers} in one file" if holds_more else file.numbers)
    if file.year and file.year == wanted.work.year:
        said.append(str(file.year))
    elif file.year and wanted.work.year and file.kind == FILM:
        said.append(f"{wanted.work.year} and, as its old file or the catalogue says, {file.year}")
    return score, ", ".join(said)
