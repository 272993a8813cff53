"""Stored files by the words of their names and folders, so that only a handful must be read for a link. Pure."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

from ..names.text import stem_of
from ..names.title_keys import tokens_of_text

_FOLDERS_DEEP = 3
_COMMON = 5000  # a word of more files than this says little: it is never what a search begins with


class FileIndex:
    """Files have numbers; those of one folder follow one another. Built once, asked often."""

    def __init__(self, folders: Iterable[tuple[str, Sequence[str], Iterable[str]]]) -> None:
        """`folders`: path of a folder, the folder names below its root (its own last), names of its video files."""
        self._names: list[str] = []
        self._of_folder = array("l")
        self._folders: list[tuple[str, tuple[str, ...]]] = []
        self._first: list[int] = []
        self._by_word: dict[str, array[int]] = defaultdict(lambda: array("l"))
        self._folders_by_word: dict[str, list[int]] = defaultdict(list)
        self._sets: dict[str, frozenset[int]] = {}
        for path, above, names in folders:
            self._add_folder(path, tuple(above), sorted(names))
        self._first.append(len(self._names))

    def _add_folder(self, path: str, above: tuple[str, ...], names: Sequence[str]) -> None:
        if not names:
            return
        number = len(self._folders)
        self._folders.append((path, above))
        self._first.append(len(self._names))
        for word in set(chain.from_iterable(map(tokens_of_text, above[-_FOLDERS_DEEP:]))):
            self._folders_by_word[word].append(number)
        by_word = self._by_word
        for file, name in enumerate(names, start=len(self._names)):
            self._names.append(name)
            self._of_folder.append(number)
            for word in set(tokens_of_text(stem_of(name))):
                by_word[word].append(file)

    def __len__(self) -> int:
        return len(self._names)

    def path(self, file: int) -> str:
        """Return a file's path."""
        return f"{self._folders[self._of_folder[file]][0]}/{self._names[file]}"

    def name(self, file: int) -> str:
        """Return a file's name."""
        return self._names[file]

    def folders(self, file: int) -> tuple[str, ...]:
        """Return the names of the folders above a file, below its root, the nearest last."""
        return self._folders[self._of_folder[file]][1]

    def _count(self, word: str) -> int:
        own = self._by_word.get(word)
        below = sum(self._first[f + 1] - self._first[f] for f in self._folders_by_word.get(word, ()))
        return (len(own) if own else 0) + below

    def _files(self, word: str) -> frozenset[int]:
        """Return the files whose name or folders hold a word."""
        if word not in self._sets:
            found = set(self._by_word.get(word, ()))
            for folder in self._folders_by_word.get(word, ()):
                found.update(range(self._first[folder], self._first[folder + 1]))
            self._sets[word] = frozenset(found)
        return self._sets[word]

    def find(self, words: Iterable[str]) -> list[int]:
        """Return the files that hold every one of the words, in the order of their paths; none for no words."""
        wanted = sorted(set(words), key=self._count)
        if not wanted:
            return []
        found = self._files(wanted[0])
        for word in wanted[1:]:
            if not found:
                break
            found = found & self._files(word)
        return sorted(found)

    def near(self, words: Iterable[str], limit: int) -> list[int]:
        """Return up to `limit` files that hold the most telling of the words, best first."""
        known = [(count, word) for word in set(words) if 0 < (count := self._count(word)) <= _COMMON]
        score: Counter[int] = Counter()
        for count, word in sorted(known)[:4]:
            weight = 1000 // (count.bit_length() + 1)
            for file in self._files(word):
                score[file] += weight
        return sorted(score, key=lambda file: (-score[file], file))[:limit]
