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
    alt_titles: tuple[str, ...] = ()
    """Other titles that the name gives for the same work: the second half of a bilingual name, an alias in brackets."""
    year: int | None = None
    """Of a film, or of a series; behind an episode's numbers it may be that of the broadcast."""
    country: str = ""
    """Of a series that exists in several: `US`, `GB`, `AU`; two capital letters. The title may still end in it."""
    season: int | None = None
    episodes: tuple[int, ...] = ()
    """Those that are certain; ascending, each once."""
    possible: tuple[int, ...] = ()
    """Not empty when the name may say more: `episodes`, and the episodes that it may hold as well."""
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
        for name in ("episodes", "possible"):
            values[name] = tuple(int(number) for number in values[name])
        values["alt_titles"] = tuple(str(title) for title in values["alt_titles"])
        values["tags"] = frozenset(str(tag) for tag in values["tags"])
        values["ids"] = tuple((str(kind), str(value)) for kind, value in values["ids"])
        return NameInfo(**values)
    except (TypeError, KeyError) as error:
        raise ValueError("not the JSON of a name's reading") from error
