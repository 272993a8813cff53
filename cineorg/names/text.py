"""The text of a name: its stem, the years in it, and how a person would write a piece of it."""

from __future__ import annotations

import re
import unicodedata

VIDEO_EXTENSIONS = frozenset(
    "mkv mp4 avi mov wmv flv webm m4v mpg mpeg ts m2ts vob ogm divx asf rmvb iso strm".split(),
)

# A film's year. Titles hold later ones ("Blade Runner 2049", "Death Race 2050"), so the range ends soon.
FIRST_YEAR, LAST_YEAR = 1888, 2035

_SEPARATORS = " ._-–—~,;:+=/|&"
# Nothing to do: words and single blanks.
_PLAIN = re.compile(r"[^\W_]+(?: [^\W_]+)*")
_BLANKS = re.compile(r"[\s_]+")
_DOTS = re.compile(r"\.+")
_ACRONYM = re.compile(r"(?<![^\W_])(?:[^\W\d_]\.){2,}[^\W\d_]?(?![^\W_])")
_LAST_DOTS = re.compile(r"(?<=[^\W\d_][^\W\d_])\.+$|(?<=[0-9)])\.+$")
_FLIPPED = re.compile(r"(.+), (The|A|An|Le|La|Les|Der|Die|Das|El|Los|Las)")
_OPEN = {")": "(", "]": "[", "}": "{"}


def stem_of(name: str) -> str:
    """The name without a video extension, composed (NFC); any other ending is part of it ("M.A.S.H", "1.5")."""
    if not name.isascii():
        name = unicodedata.normalize("NFC", name)
    head, dot, ending = name.rpartition(".")
    return head if dot and head and ending.lower() in VIDEO_EXTENSIONS else name


def year_of(digits: str) -> int | None:
    """The year that four digits are, None when no film can have it."""
    value = int(digits)
    return value if FIRST_YEAR <= value <= LAST_YEAR else None


def written(text: str) -> str:
    """The text as a person would write it: "Marvels.Agents.of.S.H.I.E.L.D." gives "Marvels Agents of S.H.I.E.L.D."

    Dots stand for blanks only in a name that has no blanks of its own; those inside an abbreviation stay. Brackets
    left open by a cut are dropped.
    """
    if _PLAIN.fullmatch(text):
        return text
    text = text.replace("_", " ")
    if "." in text and text.count(".") >= 2 * text.strip(" -–.[]()").count(" "):
        text = _undotted(text)
    text = _BLANKS.sub(" ", text).strip(_SEPARATORS.replace(".", ""))
    text = text.lstrip(".")
    for closing, opening in _OPEN.items():
        while text.count(opening) > text.count(closing) and text.rstrip(_SEPARATORS).endswith(opening):
            text = text.rstrip(_SEPARATORS)[:-1]
        if text.startswith(closing):
            text = text[1:]
    text = _LAST_DOTS.sub("", text.strip(_SEPARATORS.replace(".", "").replace("&", "")))
    flipped = _FLIPPED.fullmatch(text)
    return f"{flipped[2]} {flipped[1]}" if flipped else text


def _undotted(text: str) -> str:
    """The dots of a release name turned into blanks, except inside abbreviations."""
    kept: list[str] = []
    last = 0
    for found in _ACRONYM.finditer(text):
        # "Movie.A.B" at the end keeps its letters together, "2.0" never matches: letters only.
        kept += [_DOTS.sub(" ", text[last : found.start()]), found[0]]
        if not found[0].endswith("."):
            kept.append("")
        elif found.end() < len(text):
            kept.append(" ")
        last = found.end()
    kept.append(_DOTS.sub(" ", text[last:]))
    return "".join(kept)
