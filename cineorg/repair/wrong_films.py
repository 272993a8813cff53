"""Film links that lead to another film's file: they get the file of their own title and year, or are shown. Pure.

A link is wrong only by certain facts: ids, or title and year. A title alone may be a translation; a name is read only
where the link's year is not in the file's, so that a healthy library costs a look at two names a link.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ..changes import Candidate, Relink, Unresolved
from ..names import NameInfo, is_extra, read_strict
from ..names.comparison import SAME, Difference, compare, verdict
from ..names.folders import read_folder
from ..names.release import choose, release_of
from ..names.title import LOOSE, SAME_TITLE, loose_key, relation
from ..names.titles import fold
from ..names.work import FILM, work_of
from ..paths import nfc
from ..trees.link_text import in_style_of, is_chosen, real_folder

if TYPE_CHECKING:
    from ..trees.library import Library

_SCORE = 95.0
_REISSUES = frozenset(("4k", "complete", "integrale", "redux", "remaster", "remastered", "restored", "restaure"))
_YEAR = re.compile(r"(?<![0-9])(?:18|19|20)[0-9]{2}(?![0-9])")


class FilmLink(NamedTuple):
    """A healthy link below a film folder, the stored file that it reaches, and what both say."""

    path: str
    target: str
    file: str
    says: NameInfo
    file_says: NameInfo
    points: Sequence[Difference]

    def label(self) -> str:
        """Return what its file says that it is."""
        return _label(self.file_says)

    def own_label(self) -> str:
        """Return what its own name says that it is."""
        return _label(self.says)


def find_wrong_films(library: Library, pinned: Collection[str]) -> list[FilmLink]:
    """Return the film links that lead to another film's file, sorted by path."""
    if library.offline_reason(library.census.video.root):
        return []
    return sorted(link for link in _film_links(library, pinned) if _is_wrong(link))


def plan_wrong_films(
    library: Library, pinned: Collection[str], within: Sequence[str]
) -> tuple[list[Relink], list[Unresolved]]:
    """Return the links that get their own film's file, and those for which there is none, or more than one."""
    wrong = [link for link in find_wrong_films(library, pinned) if is_chosen(link.path, within)]
    stored = _stored_films(library, wrong)
    changes, unresolved = [], []
    for link in wrong:
        files = _files_of(link, stored.get(loose_key(link.says.title), {}))
        points = "; ".join(point.words for point in link.points)
        if len(files) == 1:
            evidence = f"{_label(link.says)} by its own name; the link led to {link.label()}"
            text = in_style_of(link.target, real_folder(library, link.path), files[0])
            changes.append(Relink(link.path, link.target, text, _SCORE, evidence))
        else:
            found = f"{len(files)} files fit equally" if files else f"no stored file says {_label(link.says)}"
            candidates = tuple(Candidate(path, 80.0, f"is {_label(link.says)}") for path in files)
            reason = f"it leads to {link.label()} ({points}); {found}"
            unresolved.append(Unresolved(link.path, link.target, reason, candidates))
    return changes, unresolved


def _film_links(library: Library, pinned: Collection[str]) -> Iterator[FilmLink]:
    """Yield the links that can be judged and whose file does not say their year."""
    top = len(library.census.video.root.rstrip("/")) + 1
    kinds = {nfc(name).casefold() for name in library.settings.film_folders}
    for folder, name, target in library.census.links():
        above = folder[top:].split("/")
        if nfc(above[0]).casefold() not in kinds or not library.is_video(name):
            continue
        years = set(_YEAR.findall(name))
        path = f"{folder}/{name}"
        file = library.stored_file_of(path) if years and path not in pinned else None
        if file is None or years & set(_YEAR.findall(file.rpartition("/")[2])) or library.offline_reason(file):
            continue
        says = read_strict(name, above)
        file_says = read_strict(file.rpartition("/")[2], file.split("/")[-4:-1]) if says and says.strong else None
        if says is None or file_says is None or not file_says.strong or is_extra(name, above[1:]):
            continue
        if says.kind == file_says.kind == FILM:
            yield FilmLink(path, target, file, says, file_says, compare(work_of(says), work_of(file_says)))


def _is_wrong(link: FilmLink) -> bool:
    """Return whether ids, or year and title, say for certain that a link's file is another film's.

    Years that are one apart are those of one film as a rule, unless the titles are those of sequels.
    """
    other = {point.field for point in link.points if point.is_other}
    if "id" not in other and (_is_reissue(link) or _says_folder(link)):
        return False
    return bool(other & {"id", "year"}) or ("title" in other and link.says.year != link.file_says.year)


def _is_reissue(link: FilmLink) -> bool:
    """Return whether a later year may be that of the edition: `Blade.Runner.The.Final.Cut.2007` is the film of 1982."""
    is_later = (link.file_says.year or 0) > (link.says.year or 0)
    if not is_later or relation(link.says.title, link.file_says.title) in (SAME_TITLE, LOOSE):
        return is_later and bool(link.file_says.edition)
    head, _, last = link.file_says.title.rpartition(" ")
    return fold(last) in _REISSUES and relation(link.says.title, head) == SAME_TITLE


def _says_folder(link: FilmLink) -> bool:
    """Return whether the folder of the file says that it is the link's film: one of the two names is wrong."""
    folder = read_folder(link.file.split("/")[-2])
    return folder.year == link.says.year and relation(link.says.title, folder.title) in (SAME_TITLE, LOOSE)


def _stored_films(library: Library, wanted: Sequence[FilmLink]) -> Mapping[str, Mapping[str, NameInfo]]:
    """Return the stored films of the wanted years by the keys of their titles: key → path → reading."""
    found: dict[str, dict[str, NameInfo]] = defaultdict(dict)
    years = {str(link.says.year) for link in wanted}
    for path in library.stored_videos() if years else ():
        name = path.rpartition("/")[2]
        if years.isdisjoint(_YEAR.findall(name)):
            continue
        info = read_strict(name, path.split("/")[-4:-1])
        if info is not None and info.strong and info.kind == FILM and not info.extra:
            found[loose_key(info.title)][path] = info
    return found


def _files_of(link: FilmLink, films: Mapping[str, NameInfo]) -> list[str]:
    """Return the stored files that are a link's film, told apart by its own tags."""
    own = work_of(link.says)
    same = [path for path, info in sorted(films.items()) if verdict(compare(own, work_of(info))) == SAME]
    return choose(
        same, lambda path: release_of(films[path], path.rpartition("/")[2]), [release_of(link.says, link.path)]
    )


def _label(info: NameInfo) -> str:
    return f"{info.title} ({info.year})"
