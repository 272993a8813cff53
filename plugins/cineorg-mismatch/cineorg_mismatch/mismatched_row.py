"""Mismatched rows: rows of the catalogue whose `file_path` is, by its own name or length, another film or episode.

Only what is certain counts. A title that differs may be a translation: it contradicts a row only where the year differs
as well, or where another row of the catalogue is what the file says.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from cineorg.plugin import (
    OTHER,
    Coverage,
    Difference,
    Finding,
    Witness,
    Work,
    WorkIndex,
    check,
    compare,
    is_extra,
    nfc,
    read_strict,
    release_of,
    shell_word,
    verdict,
    work_of,
)

if TYPE_CHECKING:
    from cineorg.plugin import Catalogue, CheckContext, KnownRow, Library, NameInfo, Track

FILM, EPISODE = "film", "episode"
TOLERANCE = 0.15  # of the longer duration; PAL speeds up by 4 %
_CERTAIN, _KNOWN, _LENGTH, _DOUBTFUL = 95.0, 90.0, 70.0, 50.0
_MANY = 3  # so many rows astray, and more than go right, look like a series that is numbered otherwise


class Mismatch(NamedTuple):
    """Why a row and its file are two: in words, and how certain that is (100: beyond doubt)."""

    reason: str
    score: float


@check(
    "mismatched_row",
    label="Rows whose file is another film's or episode's",
    columns=("table", "id", "title", "says", "file_says", "score", "new", "command"),
    needs_catalogue=True,
)
def mismatched_row(context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
    """Yield a finding for every such row whose file is there; files that are gone are ghosts.

    A row is mismatched when its file's strong reading, or its duration, is for certain another work's.
    """
    if context.catalogue is None:
        return
    library, rows = context.library, context.catalogue.described_rows()
    judge = _Judge(context.catalogue)
    looked_at, found = 0, []
    for row in track(rows, len(rows)):
        path = library.finder.canonical(row.file_path)
        if not library.finder.has(path) or library.offline_reason(path):
            continue
        looked_at += 1
        info = _reading(path)
        mismatch = judge.mismatch(row, path, info) if info else None
        if info and mismatch:
            found.append((row, info, mismatch))
    files = _files_by_work(library, [row for row, _, _ in found])
    odd = _numbered_otherwise(rows, [row for row, _, _ in found])
    for row, info, mismatch in found:
        if _series(row) in odd:
            reason = f"{mismatch.reason}; so are most rows of its series: it may be numbered otherwise"
            mismatch = Mismatch(reason, _DOUBTFUL)
        yield _finding(row, info, mismatch, files.get((row.table, row.id), ""))
    yield Coverage(looked_at, len(rows))


def _finding(row: KnownRow, info: NameInfo, mismatch: Mismatch, new: str) -> Finding:
    says, file_says = label(work_of_row(row)), label(work_of(info))
    fields = {
        "table": row.table,
        "id": row.id,
        "title": row.title,
        "says": says,
        "file_says": file_says,
        "score": mismatch.score,
        "new": new or None,
        "command": _command(row, new),
    }
    details = f"the row is {says}, its file {file_says} ({mismatch.reason})"
    return Finding("mismatched_row", row.file_path, details, fields)


class _Judge:
    """Compares rows with the readings of their files; the catalogue is read once."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._films = {row.id: row.work(FILM) for row in catalogue.titles("movies")}
        self._film_index = WorkIndex(self._films.items())
        self._series_index = WorkIndex((row.id, row.work(EPISODE)) for row in catalogue.titles("series"))
        self._lasts = {nfc(path): seconds for path, seconds in catalogue.measured_durations().items()}
        self._expected = {nfc(path): seconds for path, seconds in catalogue.durations().items()}

    def mismatch(self, row: KnownRow, path: str, info: NameInfo) -> Mismatch | None:
        """Return why a row's file at `path`, read as `info`, is another work's; None if that is not certain."""
        ours, theirs = work_of_row(row, self._films.get(row.id) if row.table == "movies" else None), work_of(info)
        points = compare(ours, theirs, Witness(frozenset({row.year} if row.year else ()), is_home=True))
        if verdict(points) == OTHER:
            return Mismatch("; ".join(point.words for point in points if point.is_other), _CERTAIN)
        if self._is_another_row(ours, theirs, points):
            return Mismatch("the catalogue knows what the file says by a row of its own", _KNOWN)
        return None if points and not _is_only_title(points) else self._length(row, path, info)

    def _is_another_row(self, ours: Work, theirs: Work, points: list[Difference]) -> bool:
        """Return whether the file's title is not the row's, and that of exactly one other film or series."""
        if not any(point.field == "title" for point in points):
            return False
        index = self._film_index if ours.kind == FILM else self._series_index
        same = set(index.find(theirs).same)
        own = index.find(ours)
        return len(same) == 1 and same.isdisjoint(own.same) and same.isdisjoint(own.open)

    def _length(self, row: KnownRow, path: str, info: NameInfo) -> Mismatch | None:
        keys = nfc(row.file_path), nfc(path)
        lasts = next((self._lasts[key] for key in keys if key in self._lasts), None)
        expected = next((self._expected[key] for key in keys if key in self._expected), ())
        is_other_cut = bool(release_of(info, path).edition) or info.part is not None
        if lasts is None or not expected or is_other_cut:
            return None
        if any(abs(lasts - seconds) < TOLERANCE * max(lasts, seconds) for seconds in expected):
            return None
        return Mismatch(f"duration {_minutes(expected[0])} / {_minutes(lasts)} minutes", _LENGTH)


def work_of_row(row: KnownRow, film: Work | None = None) -> Work:
    """Return the film or the episode that a row is; `film`: with the ids that the catalogue has."""
    if film is not None:
        return film
    titles = tuple(dict.fromkeys(title for title in (row.title, row.original_title) if title))
    if row.table == "movies":
        return Work(FILM, titles, row.year)
    episodes = () if row.episode is None else (row.episode,)
    return Work(EPISODE, titles, row.year, season=row.season, episodes=episodes)


def label(work: Work) -> str:
    """Return a work in words: `Heat (1995)`, `Kaamelott S04E02`."""
    year = f" ({work.year})" if work.year and work.kind == FILM else ""
    return f"{work.title}{year} {work.numbers}".strip()


def _reading(path: str) -> NameInfo | None:
    *folders, name = path.split("/")
    info = read_strict(name, folders[-3:])
    is_usable = info is not None and info.strong and not info.conflict and not is_extra(name, folders[-2:])
    return info if is_usable else None


def _series(row: KnownRow) -> tuple[str, int | None]:
    """Return the series of an episode's row; "" for a film."""
    return (row.title, row.year) if row.table == "episodes" else ("", None)


def _numbered_otherwise(rows: Iterable[KnownRow], mismatched: Iterable[KnownRow]) -> set[tuple[str, int | None]]:
    """Return the series most of whose rows name files of other numbers."""
    total, astray = Counter(map(_series, rows)), Counter(map(_series, mismatched))
    return {key for key, number in astray.items() if key[0] and number >= _MANY and 2 * number > total[key]}


def _is_only_title(points: list[Difference]) -> bool:
    return all(point.field in ("title", "year") for point in points)


def _files_by_work(library: Library, rows: list[KnownRow]) -> dict[tuple[str, int], str]:
    """Return of each mismatched row the one stored file that is for certain its own."""
    if not rows:
        return {}
    index: WorkIndex[tuple[str, int]] = WorkIndex()
    works = {(row.table, row.id): work_of_row(row) for row in rows}
    for key, work in works.items():
        index.add(key, work)
    found: dict[tuple[str, int], list[str]] = {}
    for path in library.stored_videos():
        info = _reading(path)
        if info is None:
            continue
        for key in index.find(work_of(info)).same:
            if not compare(works[key], work_of(info)) and not library.offline_reason(path):
                found.setdefault(key, []).append(path)
    return {key: paths[0] for key, paths in found.items() if len(paths) == 1}


def _command(row: KnownRow, new: str) -> str:
    """Return the command that gives the row its own file, or none; "" for a name that no command line can spell."""
    change = {"op": "set_file_path", "table": row.table, "id": row.id, "old": row.file_path, "new": new or None}
    text = json.dumps(change, ensure_ascii=False)
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        return ""
    return f"printf '%s\\n' {shell_word(text)} | cineorg apply --yes -"


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:.0f}"
