"""Two paths of one thing, before and after: what differs is what is shown, what both share gives way first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .terminal import columns_of, cut_in_the_middle, graphemes, shortened_path

_CUT = "…"
_CONTEXT = 3  # letters kept before the first one that differs


def changed_paths(before: str, after: str, before_columns: int, after_columns: int) -> tuple[str, str]:
    """Return both paths in so many columns (0: any number), as much of what they share as there is room for.

    Folders that both begin with go first, then what both end in, then the middle of what differs. Where two names
    alone are too wide, they are cut before and behind the letters that differ.
    """
    if before.endswith("/") and after.endswith("/"):
        columns = (each and max(each - 1, 1) for each in (before_columns, after_columns))
        shown = changed_paths(before[:-1], after[:-1], *columns)
        return shown[0] + "/", shown[1] + "/"
    pair = before, after
    for pair in _pairs(before, after):
        if _fits(pair[0], before_columns) and _fits(pair[1], after_columns):
            return pair
    short, new = _shortened(*pair, before_columns), _shortened(pair[1], pair[0], after_columns)
    if short != new:
        return short, new
    return _cut(*pair, before_columns), _cut(pair[1], pair[0], after_columns)


def _shortened(text: str, other: str, columns: int) -> str:
    """Return a path that is too long without what lies in its middle; its name is whole, unless both share that."""
    if text.endswith(_CUT):
        return _cut(text, other, columns)
    return shortened_path(text, columns).replace(f"{_CUT}/{_CUT}/", f"{_CUT}/")


def _fits(text: str, columns: int) -> bool:
    return not columns or columns_of(text) <= columns


def _pairs(before: str, after: str) -> Iterator[tuple[str, str]]:
    """Yield the pair with ever fewer of the folders that both share."""
    yield before, after
    one, two = before.split("/"), after.split("/")
    start = _same(one[:-1], two[:-1])
    end = min(_same(one[:start:-1], two[:start:-1]), len(one) - start - 1, len(two) - start - 1)
    for skipped in range(1, start + 1):
        # The first folder says most of where this is; it goes last.
        kept = one[:1] if skipped < start and one[0] else []
        first = len(kept) + skipped
        if first <= start:
            yield _joined(kept, one[first:]), _joined(kept, two[first:])
    one, two = one[start:], two[start:]
    lead = [_CUT] if start else []
    for skipped in range(1, end + 1):
        short = ["/".join([*lead, *side[:-end], _CUT, *side[len(side) - end + skipped :]]) for side in (one, two)]
        yield short[0], short[1]


def _same(one: Sequence[str], two: Sequence[str]) -> int:
    """Return in how many items two sequences begin alike."""
    pairs = enumerate(zip(one, two, strict=False))
    return next((number for number, (a, b) in pairs if a != b), min(len(one), len(two)))


def _joined(kept: Sequence[str], rest: Sequence[str]) -> str:
    return "/".join([*kept, _CUT, *rest])


def _cut(text: str, other: str, columns: int) -> str:
    """Return a text cut such that its first letter that differs from the other's stays."""
    if _fits(text, columns):
        return text
    letters = graphemes(text)
    same = _same(letters, graphemes(other))
    rest = "".join(letters[max(same - _CONTEXT, 0) :])
    return cut_in_the_middle(_CUT + rest if same > _CONTEXT else rest, columns)
