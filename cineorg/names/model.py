"""What a name says, as plain data, and its JSON form."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any


@dataclass(frozen=True, slots=True)
class NameInfo:
    """What one file name says, with the help of its folders.

    `strong` is about what decides: for an episode, that season and episodes (or a date) are said explicitly by the
    file's own name; for a film, that its own name says title and year. A weak reading may describe, never decide.
    """

    kind: str = ""
    """`film`, `episode`, or nothing when it cannot be told."""
    title: str = ""
    """As a person would write it: blanks for dots and underscores."""
    year: int | None = None
    season: int | None = None
    episodes: tuple[int, ...] = ()
    """Those that it says for certain: ascending, each once."""
    possible: tuple[int, ...] = ()
    """Those that it may hold besides, as `S05E19E25` may hold what lies between; empty where nothing is in doubt."""
    country: str = ""
    """Of a series, as in "The Office (US)": US, UK, AU..."""
    alt_titles: tuple[str, ...] = ()
    """Further titles of the same work, as a bilingual name has."""
    episode_title: str = ""
    edition: str = ""
    part: int | None = None
    version: int | None = None
    tags: frozenset[str] = frozenset()
    """Lower case, one spelling each: `1080p`, `x265`, `bluray`, `web`, `vostfr`..."""
    ids: tuple[tuple[str, str], ...] = ()
    """Sorted pairs such as ("imdb", "tt0133093"), ("tmdb", "603")."""
    date: str = ""
    """Of a dated episode, as in 2011-11-15."""
    absolute: bool = False
    """The episodes are counted through: no season is said."""
    strong: bool = False
    conflict: str = ""
    """One sentence when file and folder disagree or numbers were refused."""
    extra: bool = False
    """A sample, a trailer, a featurette: never a candidate."""
    source: str = "none"
    """`strict`, `guessit` or `none`."""


_FIELDS = tuple(field.name for field in fields(NameInfo))


def to_json(info: NameInfo) -> str:
    """One line of JSON in ASCII; `from_json` gives the same value back, lone surrogates included."""
    values: dict[str, Any] = asdict(info)
    values["tags"] = sorted(info.tags)
    return json.dumps(values, separators=(",", ":"))


def from_json(text: str) -> NameInfo:
    """The value that `to_json` wrote. Raises ValueError for anything else."""
    try:
        values = json.loads(text)
        values = {name: values[name] for name in _FIELDS}
        values["episodes"] = tuple(int(number) for number in values["episodes"])
        values["possible"] = tuple(int(number) for number in values["possible"])
        values["alt_titles"] = tuple(str(title) for title in values["alt_titles"])
        values["tags"] = frozenset(str(tag) for tag in values["tags"])
        values["ids"] = tuple((str(kind), str(value)) for kind, value in values["ids"])
        return NameInfo(**values)
    except (TypeError, KeyError) as error:
        raise ValueError("not the JSON of a name's reading") from error
