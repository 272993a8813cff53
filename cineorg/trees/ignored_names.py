"""Which names the census passes over: what NAS boxes and media centres leave about. Pure."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Collection, Container, Iterable


class IgnoreRules:
    """Which names are passed over: shell patterns; one that ends in `/` is for folders only."""

    def __init__(self, patterns: Iterable[str]) -> None:
        patterns = list(patterns)
        self._any = _Names([pattern for pattern in patterns if not pattern.endswith("/")])
        self._folder = _Names([pattern.rstrip("/") for pattern in patterns])

    def skips(self, name: str) -> bool:
        """Return whether an entry that is no folder is passed over."""
        return self._any.match(name)

    @property
    def suspects(self) -> Container[str]:
        """The first characters of the names (no folders) for which `skips` is worth asking."""
        return _Everything() if self._any.has_wild_first else self._any.firsts

    def skips_folder(self, name: str) -> bool:
        """Return whether a folder is passed over, with all below it."""
        return self._folder.match(name)


class _Everything:
    def __contains__(self, item: object) -> bool:
        return True


class _Names:
    """A set of patterns that answers most names by their first character: it is asked once per entry."""

    def __init__(self, patterns: Collection[str]) -> None:
        self.firsts = frozenset(pattern[:1] for pattern in patterns)
        self.has_wild_first = not self.firsts.isdisjoint("*?[")
        exact, prefixes, others = set(), set(), []
        for pattern in patterns:
            if not re.search(r"[*?\[]", pattern):
                exact.add(pattern)
            elif pattern.endswith("*") and not re.search(r"[*?\[]", pattern[:-1]):
                prefixes.add(pattern[:-1])
            else:
                others.append(fnmatch.translate(pattern))
        self._exact, self._prefixes = exact, tuple(prefixes)
        self._other = re.compile("|".join(others)) if others else None

    def match(self, name: str) -> bool:
        if name in self._exact or name.startswith(self._prefixes):
            return True
        return self._other is not None and self._other.match(name) is not None
