"""Samples, trailers and other extras: recognised by a folder's name or by the last words, never by a substring.

Some words are no film by themselves and may follow any separator ("Film making of"); others are words of titles, too
("The Big Short"), and must be set off by a dash, or stand directly behind the year.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence

from .folders import season_of_folder
from .tags import title_ends
from .text import stem_of
from .titles import fold

_FOLDERS = frozenset(
    (
        "sample", "samples", "trailer", "trailers", "teaser", "teasers", "preview", "previews", "featurette",
        "featurettes", "behind the scenes", "deleted scene", "deleted scenes", "deleted", "interview", "interviews",
        "bonus", "bonuses", "extra", "extras", "shorts", "scenes", "supplements", "supplement", "special features",
        "making of", "making ofs", "makingof", "gag reel", "gag reels", "bloopers", "outtakes", "alternate endings",
        "bande annonce", "bandes annonces", "scene coupee", "scenes coupees", "scenes supprimees", "coulisses",
        "betisier", "betisiers", "les bonus", "entretiens", "dans les coulisses",
        "contenido extra", "escenas eliminadas", "escenas borradas", "detras de las camaras", "tomas falsas",
        "bonusmaterial", "geloschte szenen", "entfallene szenen", "hinter den kulissen",
        "contenuti speciali", "contenuti extra", "dietro le quinte", "scene eliminate", "scene tagliate",
        "cenas deletadas", "cenas eliminadas", "cenas cortadas", "bastidores", "erros de gravacao",
        "verwijderde scenes", "achter de schermen",
    )
)  # fmt: skip
_BONUS_DISC = re.compile(
    r"(?:bonus|extras?) (?:dvd|disc|disk|disque|bluray)(?: [0-9])?|(?:dvd|dis[ck]|disque)(?: [0-9])? bonus"
)
_UNMISTAKABLE = "|".join(
    phrase.replace(" ", "[ ._-]?")
    for phrase in (
        "samples?", "tr[aá]ilers?", "teasers?", "featurettes?", "behind the scenes", "deleted scenes?", "making of",
        "gag reels?", "bloopers?(?: reels?)?", "outtakes?", "alternate endings?",
        "bandes? annonces?", "coulisses", "b[êe]tisiers?", "sc[èe]nes? (?:coup[ée]es?|supprim[ée]es?|in[ée]dites?)",
        "escenas (?:eliminadas|borradas)", "detr[áa]s de las c[áa]maras", "tomas falsas", "(?:c[óo]mo|as[íi]) se hizo",
        "(?:gel[öo]schte|entfallene) szenen", "hinter den kulissen", "dietro le quinte", "scene (?:eliminate|tagliate)",
        "cenas (?:deletadas|eliminadas|cortadas)", "bastidores", "erros de grava[çc][ãa]o", "verwijderde sc[èe]nes",
        "achter de schermen",
    )
)  # fmt: skip
_WORDY = r"interviews?|entretiens?|entrevistas?|bonus|extras?|previews?"
# One of them is in each of the phrases: no other name need be looked at.
_HINTS = frozenset(
    (
        "sample samples trailer trailers tráiler tráilers teaser teasers featurette featurettes scene scenes scène"
        " scènes making makingof gag reel reels gagreel blooper bloopers outtake outtakes ending endings annonce"
        " annonces bandeannonce coulisses bêtisier betisier bêtisiers betisiers escenas cámaras camaras falsas hizo"
        " szenen kulissen quinte cenas bastidores gravação gravacao schermen interview interviews entretien entretiens"
        " entrevista entrevistas bonus extra extras preview previews deleted deletedscenes behindthescenes short other"
    ).split()
)
_BREAKS = {code: " " for code in range(128) if not chr(code).isalpha()}
_NUMBER = r"[ ._-]?#?[0-9]{0,2}"
_LAST = re.compile(
    rf"(?:^|[ ._\-\[(])(?P<word>{_UNMISTAKABLE}){_NUMBER}[\])]?$"
    rf"|[^\s._-][-](?:deleted|scene|short|other|{_WORDY})[0-9]{{0,2}}$"
    rf"|[ ._]-[ ._](?:{_WORDY}){_NUMBER}$"
    rf"|(?<![0-9])(?:19|20)[0-9]{{2}}[)\]]?[ ._-]+(?:{_WORDY}){_NUMBER}$"
    r"|^(?:preview|bonus|extras?)$"
    r"|^sample-",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(?:^|[ ._-])(?:the|a|an|le|la|les|un|une|der|die|das|el|los|las)[ ._]$", re.IGNORECASE)
_ANY_ARTICLE = r"(?:(?:the|le|la|les|un|une|el|los|las|il|die|der|das)[ ._])?"
# "Film (2009) - Interview with ...", "Film.2009.-.Le.making.of", "Le making of de Film".
_OF_FILM = re.compile(
    rf"(?<![0-9])(?:19|20)[0-9]{{2}}[)\]]?[ ._]*-[ ._]*{_ANY_ARTICLE}(?:{_UNMISTAKABLE}|{_WORDY})(?![^\W_])"
    rf"|^{_ANY_ARTICLE}making[ ._-]?of[ ._](?:de|du|des|d['’][^\W_]+)(?![^\W_])",
    re.IGNORECASE,
)
# Season 0 holds the specials; a making of may be one of its episodes.
_SPECIAL = re.compile(r"(?<![^\W_])(?:s00[ ._-]?e[0-9]|0{1,2}x[0-9]{2})", re.IGNORECASE)
_BRACKETS = re.compile(r"(?:[ ._-]*(?:\[[^\[\]]*\]|\([0-9a-fA-F]{8}\)))+$")


@functools.lru_cache(maxsize=4096)
def _extras_key(folder: str) -> str:
    """Return the folded name of a folder of extras, "" for any other. The same few folders stand above most files."""
    key = fold(folder)
    return key if key in _FOLDERS or _BONUS_DISC.fullmatch(key) else ""


def is_extra(name: str, folders: Sequence[str] = ()) -> bool:
    """Return whether the file is a sample, a trailer or another extra, which is never a candidate for a link.

    A folder called "Extras" above a season folder, or above files that begin with its name, is the series of that
    name.
    """
    stem = stem_of(name)
    if not _HINTS.isdisjoint(stem[-200:].lower().translate(_BREAKS).split()) and _is_called_extra(stem[-200:]):
        return True
    for index, folder in enumerate(folders):
        key = _extras_key(folder)
        if not key:
            continue
        nested = any(season_of_folder(below) is not None for below in folders[index + 1 :])
        if not nested and not fold(stem[:80]).startswith(key):
            return True
    return False


def _is_called_extra(stem: str) -> bool:
    """Return whether the last words of a name are those of an extra, or the first ones behind a film's year."""
    if _SPECIAL.search(stem):
        return False
    found = next(filter(None, map(_LAST.search, _endings(stem))), None)
    if found:
        # "Show - S01E05 - The Trailer" is an episode.
        word = found.start("word")
        if word < 1 or not _ARTICLE.search(found.string[max(0, word - 6) : word]):
            return True
    return _OF_FILM.search(stem) is not None


def _endings(stem: str) -> Iterator[str]:
    """Yield the name, then without brackets at its end, then without tags: "Title.2009.Making.Of.1080p"."""
    yield stem
    if stem[-1:] in ("]", ")"):
        yield _BRACKETS.sub("", stem)
    yield stem[: title_ends(stem)].rstrip(" ._-[")
