"""Names that say nothing: a code, a hash, an obfuscated or generic name. `ht-bb1`, `abc.xyz.ae24`, `main`, `00001`."""

from __future__ import annotations

import re

_GENERIC = frozenset(
    "main video movie film feature episode title index file clip vts video_ts bdmv stream unknown untitled output new"
    " download media mkv mp4 full videoplayback mainmovie vid mov rip capture record recording enregistrement noname"
    " unnamed temp tmp".split()
)
_DISC_FILE = re.compile(r"vts[ _][0-9_]+|title[ _]?t?[0-9]+|0[0-9]*|[0-9]{5,}", re.IGNORECASE)
_HASH = re.compile(r"[0-9a-f]{16,}|[A-Za-z0-9]{24,}|(?=[a-z]*[0-9])(?=[0-9]*[a-z])[0-9a-z]{8,}", re.IGNORECASE)
# As scene releases name their files: the group's letters, then those of the title.
_SCENE = re.compile(r"[a-z0-9]{1,8}-[a-z0-9.]+")
_CODE = re.compile(r"[0-9_.-]+|[a-z]{0,3}[0-9]{3,}", re.IGNORECASE)
_CONSONANTS = re.compile(r"[b-df-hj-np-tv-xz]{2,5}")
_CAMEL = re.compile(r"[A-Z]*[^\WA-Z_]*|[^\W_]")
_WORD = re.compile(r"[^\W_]+")
_VOWELS = frozenset("aeiouyàâäéèêëîïôöùûü")


def is_meaningless(stem: str) -> bool:
    """Return whether a stem says nothing about what the file is."""
    return is_obfuscated(stem) or _is_short_code(stem)


def is_obfuscated(stem: str) -> bool:
    """Return whether a stem is a generic name, a hash or letters at random: no title is written so."""
    if stem.casefold() in _GENERIC or _DISC_FILE.fullmatch(stem) or _HASH.fullmatch(stem) or _is_random(stem):
        return True
    words = [word.casefold() for word in _WORD.findall(stem)]
    if all(word in _GENERIC or word.isdigit() for word in words):
        return not words or any(word in _GENERIC for word in words)
    return len(words) > 2 and all(map(_is_code, words)) and any(map(_has_both, words))


def may_stand_for(stem: str, title: str, season: int | None, episodes: tuple[int, ...]) -> bool:
    """Return whether a short code may be made of a title and its numbers: "ht-bb1" of "Breaking Bad", "1410" of S14E10.

    "1917" in the folder of another film is a title, and so is "Se7en".
    """
    if stem.isdigit():
        return any(int(stem) in (episode, (season or 0) * 100 + episode) for episode in episodes)
    code = "".join(character for character in stem.rpartition("-")[2].casefold() if character.isalpha())
    title = title.casefold()
    begins_word = any(word.startswith(code[:1]) for word in _WORD.findall(title))
    letters = iter(title)
    return len(code) > 1 and begins_word and all(character in letters for character in code)


def _is_short_code(stem: str) -> bool:
    """Return whether a stem is a code as short as a title may be: "ht-bb1", "ae24", "mtx", "1410"."""
    if _SCENE.fullmatch(stem) or _CODE.fullmatch(stem) or _CONSONANTS.fullmatch(stem):
        return True
    words = [word.casefold() for word in _WORD.findall(stem)]
    return all(map(_is_code, words)) and any(map(_has_both, words))


def _is_random(stem: str) -> bool:
    """Return whether a word changes between small and capital letters at random: "kYxWpQz", not "TheFilm"."""
    if len(stem) < 6 or not stem.isalnum() or not stem.isascii() or stem.isupper():
        return False
    pieces = [piece for piece in _CAMEL.findall(stem) if piece]
    return len(pieces) > 2 and len(stem) < 2.5 * len(pieces)


def _is_code(word: str) -> bool:
    """Return whether a word is letters without sense: mixed with digits, or without a vowel, or very short."""
    return _has_both(word) or word.isdigit() or len(word) <= 3 or not _VOWELS & set(word)


def _has_both(word: str) -> bool:
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word))
