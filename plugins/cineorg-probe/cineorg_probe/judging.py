"""From what is kept of a file, and what the catalogue expects of it, to a finding. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from cineorg.plugin import Finding, nfc

from .model import DURATION, OK, UNKNOWN, Result

if TYPE_CHECKING:
    from cineorg.plugin import Catalogue, Library

Expected = Mapping[str, tuple[float, ...]]
KIND = "unreadable_video"
_LEAST_SECONDS = 120.0  # a catalogue that counts in whole minutes, an opening that one edition lacks


def find_faults(
    results: Iterable[Result], expected: Expected, tolerance: float, is_current: Callable[[Result], bool]
) -> Iterator[Finding]:
    """Yield a finding for every result that is a fault or lasts too long or too short; UNKNOWN ones are passed over.

    `expected`: the seconds that a file may last, the likeliest first, by path in Unicode's composed form; any of them
    will do. `is_current` is asked only about what would be reported: whether the file is still the one that was probed.
    """
    for result in results:
        finding = _judge(result, expected, tolerance)
        if finding is not None and is_current(result):
            yield finding


def _judge(result: Result, expected: Expected, tolerance: float) -> Finding | None:
    if result.state == UNKNOWN:
        return None
    durations = expected.get(nfc(result.path), ())
    wanted = durations[0] if durations else None
    if result.state != OK:
        return _finding(result, result.state, result.reason, wanted)
    lasts = result.duration_seconds
    if wanted is None or lasts is None:
        return None
    if any(abs(lasts - seconds) <= max(_LEAST_SECONDS, tolerance * seconds) for seconds in durations):
        return None
    return _finding(result, DURATION, _in_words(lasts, wanted), wanted)


def _finding(result: Result, fault: str, details: str, wanted: float | None) -> Finding:
    lasts = result.duration_seconds
    fields = {
        "fault": fault,
        "duration_seconds": None if lasts is None else round(lasts, 3),
        "expected_seconds": wanted,
        "streams": result.streams,
    }
    return Finding(KIND, result.path, details, fields)


def _in_words(lasts: float, wanted: float) -> str:
    share = abs(lasts - wanted) / wanted * 100
    how, why = (
        ("shorter", "cut off, or another file")
        if lasts < wanted
        else ("longer", "another cut, more than one film or episode, or another file")
    )
    return f"lasts {clock(lasts)}, {share:.0f} % {how} than the catalogue's {clock(wanted)}: {why}"


def clock(seconds: float) -> str:
    """Return seconds as `1:02:03`."""
    whole = round(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def expected_durations(library: Library, catalogue: Catalogue | None) -> dict[str, tuple[float, ...]]:
    """Return how long each stored file may last, in seconds, the likeliest first, by its path in composed form.

    A row may spell a file by its root's real path, or name the link that the media centre shows.
    """
    expected: dict[str, tuple[float, ...]] = {}
    if catalogue is None:
        return expected
    doubtful = set()
    video = library.census.video.root + "/"
    for path, seconds in catalogue.durations().items():
        canonical = library.finder.canonical(path)
        target = library.stored_file_of(canonical) if canonical.startswith(video) else None
        key = nfc(target or canonical)
        if key in expected:  # two spellings of one file: whether they are to be added up, nobody knows
            doubtful.add(key)
        expected[key] = seconds
    return {path: seconds for path, seconds in expected.items() if path not in doubtful}
