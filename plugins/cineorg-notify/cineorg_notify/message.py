"""News in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from cineorg.plugin import Settings, readable, relative_to, terminal_text

from .news import News

_MOST_PATHS = 5
_DONE = {
    "relink": ("link repaired", "links repaired"),
    "make_link": ("link made", "links made"),
    "move": ("link moved", "links moved"),
    "remove_link": ("link removed", "links removed"),
    "make_dir": ("folder made", "folders made"),
    "remove_dir": ("empty folder removed", "empty folders removed"),
    "set_file_path": ("row of the catalogue corrected", "rows of the catalogue corrected"),
}
_KINDS = {
    "broken_symlink": ("broken link", "broken links"),
    "orphan_file": ("stored file that nothing names", "stored files that nothing names"),
    "ghost_entry": ("row whose file is gone", "rows whose file is gone"),
    "offline_target": ("place is away", "places are away"),
    "unreadable": ("place cannot be read", "places cannot be read"),
    "unresolved": ("link has no certain file", "links have no certain file"),
}


def title(news: News) -> str:
    """Return the notice's first line."""
    parts = []
    if new := sum(map(len, news.new.values())):
        parts.append(f"{new} new {'finding' if new == 1 else 'findings'}")
    if news.done:
        parts.append(f"{sum(news.done.values())} changes made")
    if waiting := sum(map(len, news.waiting.values())):
        parts.append(f"{waiting} for you to look at")
    return f"cineorg {news.command}: {', '.join(parts)}"


def body(news: News, settings: Settings) -> str:
    """Return the notice itself: what is new, what was repaired, what needs a person."""
    roots = settings.roots()
    lines = list(_listed("New", news.new, roots))
    done = [f"  {count} {_DONE.get(op, (op, op))[count != 1]}" for op, count in news.done.items()]
    lines += [f"Done{f' (batch {news.batch})' if news.batch else ''}:", *done] if done else []
    lines += _listed("Needs you", news.waiting, roots)
    gone = [f"  {_counted(kind, count)}" for kind, count in news.gone.items()]
    lines += ["No longer there:", *gone] if gone else []
    return "\n".join(lines)


def _listed(heading: str, found: Mapping[str, Sequence[str]], roots: Sequence[str]) -> Iterator[str]:
    if found:
        yield f"{heading}:"
    for kind, paths in found.items():
        yield f"  {_counted(kind, len(paths))}"
        for path in paths[:_MOST_PATHS]:
            yield f"    {terminal_text(readable(relative_to(path, tuple(roots))))}"
        if len(paths) > _MOST_PATHS:
            yield f"    … and {len(paths) - _MOST_PATHS} more"


def _counted(kind: str, count: int) -> str:
    words = _KINDS.get(kind, (kind.replace("_", " "),) * 2)
    return f"{count} {words[count != 1]}"
