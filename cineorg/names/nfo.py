"""What an `.nfo` file says of the film beside which it lies: ids and titles."""

from __future__ import annotations

import html
import re
from typing import NamedTuple

from .work import Ids, make_ids

__all__ = ["NO_NFO", "Nfo", "read_nfo"]

# Persons and sets have ids and titles of their own.
_OTHERS = re.compile(r"<(actor|director|writer|credits|producer|set|fileinfo)\b.*?</\1>", re.DOTALL | re.IGNORECASE)
_SERIES = re.compile(r"<(?:episodedetails|tvshow|season)\b", re.IGNORECASE)
_ID = re.compile(
    r"<uniqueid\b[^>]*\btype=[\"'](?P<kind>imdb|tmdb|tvdb)[\"'][^>]*>\s*(?P<value>\w+)"
    r"|<(?P<tag>imdb|tmdb|tvdb)_?id>\s*(?P<inner>\w+)"
    r"|<id>\s*(?P<plain>tt[0-9]+)"
    r"|imdb\.com/(?:[a-z-]+/)?title/(?P<imdb>tt[0-9]+)"
    r"|themoviedb\.org/movie/(?P<tmdb>[0-9]+)",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<(title|originaltitle)>\s*([^<]{1,300}?)\s*</\1>", re.IGNORECASE)


class Nfo(NamedTuple):
    """The ids that an `.nfo` says, and its titles."""

    ids: Ids = ()
    titles: tuple[str, ...] = ()


NO_NFO = Nfo()


def read_nfo(text: str) -> Nfo:
    """Return what the text of an `.nfo` says of a film; of a kind of id that it says twice, and differently, none."""
    if _SERIES.search(text):
        return NO_NFO
    text = _OTHERS.sub("", text)
    said: dict[str, set[str]] = {}
    for found in _ID.finditer(text):
        kind = found["kind"] or found["tag"] or ("tmdb" if found["tmdb"] else "imdb")
        value = found["value"] or found["inner"] or found["plain"] or found["imdb"] or found["tmdb"]
        said.setdefault(kind.lower(), set()).add(value.lower())
    ids = make_ids(**{kind: next(iter(values)) for kind, values in said.items() if len(values) == 1})
    return Nfo(ids, tuple(dict.fromkeys(html.unescape(found[2]) for found in _TITLE.finditer(text))))
