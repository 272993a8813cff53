"""Names that say nothing: a code, a hash, an obfuscated or generic name. `ht-bb1`, `abc.xyz.ae24`, `main`, `00001`."""

from __future__ import annotations

import re

_GENERIC = frozenset(
    "main video movie film feature episode title index file clip vts video_ts bdmv stream unknown untitled output new"
    " download media mkv mp4 full".split()
)
_CODE = re.compile(
    r"[0-9a-f]{16,}|[A-Za-z0-9]{24,}|[a-z0-9]{1,8}-[a-z0-9.]+|[0-9_.-]+|[a-z]{0,3}[0-9]{3,}|vts[ _][0-9_]+"
    r"|title[ _]?t?[0-9]+",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W_]+")
_VOWELS = frozenset("aeiouyàâäéèêëîïôöùûü")


def is_meaningless(stem: str) -> bool:
    """Return whether a stem says nothing about what the file is."""
    if _CODE.fullmatch(stem) or stem.casefold() in _GENERIC:
        return True
    words = [word.casefold() for word in _WORD.findall(stem)]
    if not words:
        return True
    if all(word in _GENERIC or word.isdigit() for word in words):
        return True
    return all(map(_is_code, words)) and any(map(_has_both, words))


def _is_code(word: str) -> bool:
    """Return whether a word is letters without sense: mixed with digits, or without a vowel, or very short."""
    return _has_both(word) or word.isdigit() or len(word) <= 3 or not _VOWELS & set(word)


def _has_both(word: str) -> bool:
    return any(map(str.isdigit, word)) and any(map(str.isalpha, word))
