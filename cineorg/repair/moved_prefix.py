"""A mount that moved: the same places under another prefix, found as one plan. Pure.

A rewrite never rests on a file's absence: its new target was seen. So it may be done for links into a place that is
offline, too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..changes import Change, Plan, Relink, SetFilePath, Unresolved
from ..paths import is_inside
from ..trees.link_text import absolute_text, in_style_of, is_chosen, real_folder
from ..trees.links import UNKNOWN

if TYPE_CHECKING:
    from ..catalogue.file_moves import Knowledge
    from ..trees.library import Library

LEAST_LINKS = 5
LEAST_SHARE = 0.8
_SAMPLE = 1000


class Prefix(NamedTuple):
    """What stood below `old` stands below `new`; `links` of `total` sampled links would be right again."""

    old: str
    new: str
    links: int
    total: int


def find_moved_prefixes(library: Library) -> list[Prefix]:
    """Return the prefixes under which most broken or offline targets exist elsewhere, most links first."""
    ends = [link.end for link in library.bad_links if link.state != UNKNOWN and link.end.startswith("/")]
    step = max(1, len(ends) // _SAMPLE)
    ends = ends[::step]
    hits: Counter[tuple[str, str]] = Counter()
    for end in ends:
        pair = _moved_prefix(end, library)
        if pair:
            hits[pair] += 1
    found = []
    for (old, new), number in sorted(hits.items()):
        total = sum(is_inside(end, old) for end in ends)
        if number >= LEAST_LINKS and number >= LEAST_SHARE * total:
            found.append(Prefix(old, new, number, total))
    return sorted(found, key=lambda item: (-item.links, item.old))


def _moved_prefix(end: str, library: Library) -> tuple[str, str] | None:
    """Return (old, new) prefix for the longest tail of `end`, of two names or more, that exists below a root."""
    parts = end.split("/")
    for cut in range(2, len(parts) - 1):
        tail = "/".join(parts[cut:])
        for tree in library.census.storage:
            old = "/".join(parts[:cut])
            if old not in (tree.root, tree.real) and library.finder.has(f"{tree.root}/{tail}"):
                return old, tree.root
    return None


def plan_rewrite(
    library: Library,
    knowledge: Knowledge,
    old: str,
    new: str,
    within: Sequence[str],
    exists: Callable[[str], bool],
) -> Plan:
    """Return the relinks of every link whose target lies under `old` and exists under `new`, and of the rows.

    `exists(path)` asks about what the census does not know. A link that is broken and whose new target is not there
    either is unresolved.
    """
    changes: list[Change] = []
    unresolved: list[Unresolved] = []
    bad = {link.path for link in library.bad_links}
    evidence = f"the same place: {old} is now {new}"

    def there(path: str) -> bool:
        return library.finder.has(path) or exists(path)

    for folder, name, target in sorted(library.census.links()):
        path = f"{folder}/{name}"
        if not is_chosen(path, within):
            continue
        real = real_folder(library, path)
        end = absolute_text(real, target, lambda _: False)
        if end is None or not is_inside(end, old):
            continue
        moved = new + end[len(old) :]
        if there(moved):
            text = in_style_of(target, real, moved)
            if text != target:
                changes.append(Relink(path, target, text, 100.0, evidence))
        elif path in bad:
            unresolved.append(Unresolved(path, target, f"there is no {moved} either"))
    if not within:
        for row in sorted(knowledge.file_rows()):
            moved = new + row.file_path[len(old) :]
            if is_inside(row.file_path, old) and there(moved):
                changes.append(SetFilePath(row.table, row.id, row.file_path, moved, evidence))
    return Plan(tuple(changes), tuple(unresolved))
