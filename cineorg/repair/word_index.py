"""Stored files by the words of their names and folders, so that only a handful must be read for a link. Pure.

Numbers instead of objects: a million files take some 60 bytes each beside their names, which the census holds.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain

from ..names.text import stem_of
from ..names.title_words import core, joints, telling_words, words_of

_FOLDERS_DEEP = 3
_COMMON = 5000  # a word of more files than this says little: it is never what a search begins with


class FileIndex:
    """Files have numbers; those of one folder follow one another. Built once, asked often."""

    def __init__(self, folders: Iterable[tuple[str, Sequence[str], Iterable[str]]]) -> None:
        """`folders`: path of a folder, the folder names below its root (its own last), names of its video files."""
        self._names: list[str] = []
        self._of_folder = array("I")
        self._folders: list[tuple[str, tuple[str, ...]]] = []
        self._first = array("I")
        self._by_word: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self._folders_by_word: dict[str, list[int]] = defaultdict(list)
        self._sets: dict[str, frozenset[int]] = {}
        self._counts: dict[str, int] = {}
        self._cores: dict[int, str] = {}
        for path, above, names in folders:
            self._add_folder(path, tuple(above), sorted(names))
        self._first.append(len(self._names))

    def _add_folder(self, path: str, above: tuple[str, ...], names: Sequence[str]) -> None:
        if not names:
            return
        number = len(self._folders)
        self._folders.append((path, above))
        self._first.append(len(self._names))
        for word in set(chain.from_iterable(map(words_of, above[-_FOLDERS_DEEP:]))):
            self._folders_by_word[word].append(number)
        by_word = self._by_word
        for file, name in enumerate(names, start=len(self._names)):
            for word in set(words_of(stem_of(name))):
                by_word[word].append(file)
        self._names += names
        self._of_folder.extend([number] * len(names))

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

    def beside(self, file: int) -> Sequence[str]:
        """Return the names of all videos in a file's folder, its own among them."""
        folder = self._of_folder[file]
        return self._names[self._first[folder] : self._first[folder + 1]]

    def _has(self, word: str) -> bool:
        return word in self._by_word or word in self._folders_by_word

    def _count(self, word: str) -> int:
        if word not in self._counts:
            first = self._first
            below = sum(first[f + 1] - first[f] for f in self._folders_by_word.get(word, ()))
            self._counts[word] = len(self._by_word.get(word, ())) + below
        return self._counts[word]

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
        wanted = set(words)
        if not wanted or not all(map(self._has, wanted)):
            return []
        ordered = sorted(wanted, key=self._count)
        found = self._files(ordered[0])
        for word in ordered[1:]:
            if not found:
                break
            found = found & self._files(word)
        return sorted(found)

    def titled(self, title: str) -> list[int]:
        """Return the files whose name or folders may hold a title, however its words are joined or numbered."""
        found = set(self.find(telling_words(title)))
        for words in joints(title):
            if all(map(self._has, words)):
                found.update(self.find(words))
        wanted = core(title)
        return sorted(file for file in found if self._bears(file, wanted)) if wanted else sorted(found)

    def _bears(self, file: int, wanted: str) -> bool:
        """Return whether the telling words of a title stand together in a file's name or in one of its folders'."""
        folder = self._of_folder[file]
        if folder not in self._cores:
            self._cores[folder] = " ".join(map(core, self._folders[folder][1][-_FOLDERS_DEEP:]))
        return wanted in self._cores[folder] or wanted in core(self._names[file])

    def near(self, words: Iterable[str], limit: int) -> list[int]:
        """Return up to `limit` files that hold the most telling of the words, best first."""
        known = [(count, word) for word in set(words) if 0 < (count := self._count(word)) <= _COMMON]
        score: Counter[int] = Counter()
        for count, word in sorted(known)[:4]:
            weight = 1000 // (count.bit_length() + 1)
            for file in self._files(word):
                score[file] += weight
        return sorted(score, key=lambda file: (-score[file], file))[:limit]
