"""What speaks against a file that a rule has chosen: its own name, or another link that names something else. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING

from ..names import NameInfo
from ..names.title_keys import is_same_title, is_sequel
from .expectation import Claim, numbers_text
from .scoring import names_same_thing
from .stored_files import StoredFiles

if TYPE_CHECKING:
    from ..trees.library import Library
    from .diagnosis import Diagnosis

_UNBOUND = ("pin",)


class Users:
    """Which healthy links reach a stored file; found in one pass for all files that are asked about at once."""

    def __init__(self, library: Library, claim_of: Callable[[str], Claim]) -> None:
        self._library, self.claim_of = library, claim_of

    def of(self, files: Collection[str]) -> dict[str, list[str]]:
        """Return the links that reach each of these files, sorted."""
        wanted = set(files)
        users: dict[str, list[str]] = defaultdict(list)
        if wanted:
            for folder, name, target in self._library.census.links():
                end = self._library.end_of(folder, target)
                if end in wanted and end is not None:
                    users[end].append(f"{folder}/{name}")
        return {file: sorted(paths) for file, paths in users.items()}


def objections(diagnoses: Iterable[Diagnosis], users: Users, files: StoredFiles) -> dict[str, Diagnosis]:
    """Return, by the link's path, the diagnoses whose choice is taken back because of other links."""
    chosen: dict[str, list[Diagnosis]] = defaultdict(list)
    wanted: dict[str, list[tuple[float, Diagnosis]]] = defaultdict(list)
    for item in diagnoses:
        if item.chosen is not None and users_matter(item):
            chosen[item.chosen.path].append(item)
        for candidate in item.candidates:
            wanted[candidate.path].append((candidate.score, item))
    refused: dict[str, Diagnosis] = {}
    healthy = users.of(chosen)
    for path, items in chosen.items():
        info = files.read_path(path, guess=False)
        episodes = info.episodes if info is not None else ()
        claims = [(link, users.claim_of(link)) for link in healthy.get(path, ())]
        for item in items:
            other = next((link for link, claim in claims if _is_other(item, claim, episodes)), "")
            if other:
                refused[item.link.path] = item.refused(f"{path} is the file of {other}, which names something else")
        for item in items:
            # Also one that does not get it, but has as good a claim to it.
            rivals = items + [
                each
                for score, each in wanted[path]
                if item.chosen and (score >= item.chosen.score or _is_namesake(item, each, info))
            ]
            rival = next((each for each in rivals if _is_other(item, each.claim, episodes)), None)
            if rival is not None:
                reason = f"{path} would be the file of {rival.link.path} as well, which names something else"
                refused.setdefault(item.link.path, item.refused(reason))
    return refused


def users_matter(item: Diagnosis) -> bool:
    """Return whether other links may speak against a choice: not against a hand's, nor a subtitle's."""
    return item.rule not in _UNBOUND and bool(item.claim.kind)


def _is_other(item: Diagnosis, claim: Claim, episodes: tuple[int, ...]) -> bool:
    # Links that had one file before may keep it under titles of two languages.
    same = names_same_thing(item.claim, claim, episodes, by_title=item.rule != "identity")
    return same is False or (same is None and item.rule == "same name" and not item.claim.strong)


def _is_namesake(item: Diagnosis, other: Diagnosis, info: NameInfo | None) -> bool:
    """Return whether another link without a file is of a series of the same title, and nothing says whose this is."""
    years = {item.claim.year, other.claim.year}
    return (
        info is not None
        and info.year is None
        and item.rule != "identity"
        and item.claim.kind == "episode"
        and other.chosen is None
        and None not in years
        and len(years) == 2
    )


def identity_objection(own: NameInfo, old: NameInfo | None, new: NameInfo | None) -> str:
    """Return why a link may not follow its own file: the file's old or new name says something else than the link."""
    for info, words in ((old, "its old name said"), (new, "that says")):
        if info is None or not info.strong or info.conflict or not own.strong:
            continue
        if own.episodes and info.episodes and None not in (own.season, info.season):
            if own.season != info.season or not set(own.episodes) & set(info.episodes):
                here = numbers_text(own.season, own.episodes)
                return f"{words} {numbers_text(info.season, info.episodes)}, not {here}"
        elif own.kind == info.kind == "film":
            apart = abs((own.year or 0) - (info.year or 0))
            # Festivals and countries make a year's difference; a remake comes later.
            if apart > 1 or (apart and not is_same_title(own.title, info.title)):
                return f"{words} {info.title} ({info.year}), not {own.title} ({own.year})"
            if is_sequel(own.title, info.title):
                return f"{words} {info.title}, not {own.title}"
        if own.part is not None and info.part is not None and own.part != info.part:
            return f"{words} part {info.part}, not part {own.part}"
    return ""
