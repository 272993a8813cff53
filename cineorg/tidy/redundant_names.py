"""Whether a link's name adds anything to the longer name of another link to the same file. Pure.

A name adds nothing when it means the same film or episode and all else in it stands in the longer one, too, or is
known to be no more than quality and language. Whatever cannot be told is a doubt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from ..catalogue.owners import Owner
from ..names import NameInfo
from ..names.episodes import find_marker
from ..names.tags import Token, tokens_of
from ..names.titles import fold, fold_without_article

NORMAL = "different episodes"


@dataclass(frozen=True)
class Reading:
    """A link's name and what it says."""

    name: str
    info: NameInfo

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of the name, folded."""
        return frozenset(fold(self._stem).split())

    @cached_property
    def plain_words(self) -> frozenset[str]:
        """The folded words that are neither the title, the year, the marker of an episode, nor known to be tags."""
        marker = find_marker(self._stem)
        parts = [self._stem[: marker.start], self._stem[marker.end :]] if marker else [self._stem]
        plain = [token.text for part in parts for token in tokens_of(part) if token.word is None]
        return frozenset(fold(" ".join(plain)).split()) - {*fold(self.info.title).split(), str(self.info.year)}

    @cached_property
    def editions(self) -> frozenset[str]:
        """The editions that the name speaks of."""
        return frozenset(_editions(tokens_of(self._stem)))

    @property
    def _stem(self) -> str:
        return self.name.rpartition(".")[0]


def _editions(tokens: Iterable[Token]) -> Iterable[str]:
    return (token.word.edition for token in tokens if token.word and token.word.edition)


def addition(longer: Reading, other: Reading, owner: Owner | None) -> str:
    """Return what the other name says that the longer one does not, "" if nothing; NORMAL for other episodes."""
    one, two = longer.info, other.info
    numbers = [(info.season, info.episodes, info.date) for info in (one, two)]
    if numbers[0] != numbers[1] and any((info.episodes or info.date) for info in (one, two)):
        return NORMAL
    if one.kind and two.kind and one.kind != two.kind:
        return "one of their names says film, the other episode"
    if one.part != two.part:
        return "their names say different parts"
    if two.year and one.year != two.year:
        return f"their names say {one.year} and {two.year}" if one.year else f"only the shorter name says {two.year}"
    if one.extra != two.extra:
        return "only one of their names says that it is an extra"
    return _other_title(one, two, owner) or _other_words(longer, other)


def _other_title(one: NameInfo, two: NameInfo, owner: Owner | None) -> str:
    """Return in what the titles differ. The row may know both, or know that the shorter is the beginning of its own."""
    if not (one.title and two.title):
        return "not all of their names can be read"
    if owner is not None and {fold(one.title), fold(two.title)} <= owner.folded_titles:
        return ""
    long, short = fold_without_article(one.title), fold_without_article(two.title)
    if long == short:
        return ""
    own = {fold_without_article(title) for title in owner.titles} if owner else set()
    if long in own and long.startswith(short + " ") and not any(map(_is_bare, long[len(short) :].split())):
        return ""
    return f"their names say {one.title} and {two.title}"


def _other_words(longer: Reading, other: Reading) -> str:
    left = other.plain_words - longer.words
    if left:
        return f"only the shorter name says {' '.join(sorted(left))}"
    if not other.editions <= longer.editions:
        return f"only the shorter name says {', '.join(sorted(other.editions - longer.editions))}"
    # A number or letter without a word to it may be that of a part, or of another film. Behind an episode's own
    # numbers it stands in a title.
    bare = () if longer.info.episodes or longer.info.date else filter(_is_bare, longer.plain_words - other.words)
    return next((f"only the longer name says {word}" for word in sorted(bare)), "")


def _is_bare(word: str) -> bool:
    return word.isdigit() or len(word) == 1
