"""`fix-bad-links`: episode links that lead to the file of another episode get the file of their own numbers. Pure.

A link is wrong only when its own strong numbers and its target's have no episode in common, or when the target is for
certain another series'. What is weak, refused or contradicted by a folder decides nothing.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from ..catalogue.registration import TitleRow
from ..changes import Candidate, Change, Plan, Relink, SetFilePath, Unresolved
from ..names import is_extra
from ..names.comparison import differing_numbers, holds
from ..names.work import numbers_text
from ..trees.link_text import in_style_of, is_chosen, real_folder
from .episode_numbers import Episode, EpisodeIndex, StoredEpisode, episode_title, read_episode, told_apart
from .series_titles import SeriesBook, SeriesKey, series_folder, series_of
from .wrong_films import plan_wrong_films

if TYPE_CHECKING:
    from ..catalogue.film_and_episode_rows import EpisodeFile
    from ..trees.library import Library

_SAME_PLACE, _ELSEWHERE = 100.0, 92.0
_FEW = 4  # so many consecutive episodes may well lie in one file whose name does not say so
_MANY = 3  # so many links astray, and more than go right, look like a series that is numbered otherwise


@dataclass(frozen=True, slots=True)
class CatalogueView:
    """What the catalogue says: series, episodes with their files, links set by hand, and where files have gone.

    `moved(path)`: where the file that was at `path` is now, if that is certain.
    """

    series: Sequence[TitleRow] = ()
    episodes: Sequence[EpisodeFile] = ()
    pinned: Collection[str] = ()
    moved: Callable[[str], str | None] = lambda _: None


class EpisodeLink(NamedTuple):
    """A healthy link with strong numbers; `says` is its own name, `file_says` its target's, None if that has none."""

    path: str
    target: str
    says: Episode
    file: str
    file_says: Episode | None

    @property
    def series(self) -> SeriesKey:
        """The series that the link is of."""
        return series_of(self.says)

    @property
    def name(self) -> str:
        """The link's own name."""
        return self.path.rpartition("/")[2]


def plan_bad_links(library: Library, view: CatalogueView, within: Sequence[str] = ()) -> Plan:
    """Return the plan for the links below the paths `within` (none: all); all links are witnesses."""
    return _Planner(library, view, within).plan()


def find_wrong_episodes(library: Library, view: CatalogueView) -> list[tuple[EpisodeLink, bool]]:
    """Return the links to another episode's file, each with whether its series may be numbered otherwise."""
    planner = _Planner(library, view, ())
    wrong, _ = planner.look()
    odd = planner.numbered_otherwise(wrong)
    return [(link, odd.get(link.file) == link.series) for link in wrong]


def _episode_links(library: Library, pinned: Collection[str]) -> Iterator[EpisodeLink]:
    """Yield the links that can be judged, sorted by path; none while the video tree itself is not believed."""
    if library.offline_reason(library.census.video.root):
        return
    video = library.census.video.root.rstrip("/") + "/"
    roots = sorted((tree.root.rstrip("/") + "/" for tree in library.census.storage), key=len, reverse=True)
    for path, target in sorted((f"{folder}/{name}", target) for folder, name, target in library.census.links()):
        *folders, name = path[len(video) :].split("/")
        if not library.is_video(name) or path in pinned:
            continue
        says = read_episode(name, folders)
        file = library.stored_file_of(path) if says and says.key and not is_extra(name, folders[1:]) else None
        if says is None or file is None or not library.is_video(file) or library.offline_reason(file):
            continue
        yield EpisodeLink(path, target, says, file, read_episode(file.rpartition("/")[2], _folders(file, roots)))


def _folders(path: str, roots: Sequence[str]) -> list[str]:
    root = next((root for root in roots if path.startswith(root)), "/")
    return path[len(root) :].split("/")[:-1]


@dataclass(slots=True)
class _Planner:
    library: Library
    view: CatalogueView
    within: Sequence[str]
    links: list[EpisodeLink] = field(default_factory=list)
    of_file: dict[str, list[EpisodeLink]] = field(default_factory=lambda: defaultdict(list))
    changes: list[Change] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    relinked: dict[EpisodeLink, str] = field(default_factory=dict)
    astray: set[tuple[SeriesKey, int | None, int]] = field(default_factory=set)

    def look(self) -> tuple[list[EpisodeLink], SeriesBook]:
        """Return the wrong links, sorted by path, and what all links teach about their series."""
        self.links = list(_episode_links(self.library, self.view.pinned))
        book = SeriesBook(self.view.series)
        for link in self.links:
            self.of_file[link.file].append(link)
            right = link.file_says is not None and not link.says.is_other(link.file_says)
            book.learn(link.says, link.file_says if right else None, link.file)
        return [link for link in self.links if self._is_wrong(link, book)], book

    def plan(self) -> Plan:
        wrong, book = self.look()
        chosen = [link for link in wrong if is_chosen(link.path, self.within)]
        if chosen:
            known = {file: links[0].file_says for file, links in self.of_file.items()}
            search = _Search(self.library, self.view, book, known)
            odd = self.numbered_otherwise(wrong)
            self.astray = {
                (link.series, link.says.work.season, number) for link in wrong for number in link.says.work.episodes
            }
            for link in chosen:
                self._settle(link, search, odd)
            self._set_rows(book)
        self._report_unreadable()
        changes, unresolved = plan_wrong_films(self.library, self.view.pinned, self.within)
        self.changes += changes
        self.unresolved += unresolved
        self.unresolved.sort(key=lambda item: item.path)
        return Plan(tuple(self.changes), tuple(self.unresolved))

    def _is_wrong(self, link: EpisodeLink, book: SeriesBook) -> bool:
        says = link.file_says
        if says is None:
            return False
        return link.says.is_other(says) or self._is_of_another(link, says, book)

    def _is_of_another(self, link: EpisodeLink, says: Episode, book: SeriesBook) -> bool:
        if differing_numbers(link.says.work, says.work):
            return False  # seasons counted by years, numbers that only may be its: nothing is certain
        return link.says.is_own and says.is_own and book.is_of_another(says, link.series)

    def numbered_otherwise(self, wrong: Sequence[EpisodeLink]) -> dict[str, SeriesKey]:
        """Return the files of series whose links mostly lead to other numbers, one file each: file → series.

        Its files may be numbered in another order than its links, and the file of the same number be another episode.
        """
        astray = Counter(link.series for link in wrong if len(self.of_file[link.file]) == 1)
        total = Counter(link.series for link in self.links)
        odd = {key for key, number in astray.items() if number >= _MANY and 2 * number > total[key]}
        return {link.file: link.series for link in wrong if link.series in odd}

    def _settle(self, link: EpisodeLink, search: _Search, odd: dict[str, SeriesKey]) -> None:
        says = link.file_says
        assert says is not None
        leads_to = says.label_beside(link.says)
        is_other_number = link.says.is_other(says)
        is_own_title = says.key in search.book.titles_of(link.series)
        found = search.find(link)
        if is_other_number and is_own_title and _bears_title_of(link, link.file):
            # Its own title beside its own numbers is better than its title beside others.
            found = found._replace(files=[item for item in found.files if _bears_title_of(link, item.path)])
            if len(found.files) != 1:
                self._leave(link, f"its target is {leads_to}, but bears the same episode title")
                return
        if not found.files:
            if is_other_number or search.book.has_files(link.series):
                self._leave(link, f"it leads to {leads_to}; {found.looked_for}")
            return
        if len(found.files) > 1:
            self._leave(link, f"it leads to {leads_to}; {len(found.files)} files fit equally", found.files)
        elif is_other_number and (odd.get(found.files[0].path) == link.series or self._is_shifted(link, says, odd)):
            reason = f"it leads to {leads_to}, and so do most links of its series: it may be numbered otherwise"
            self._leave(link, reason, found.files)
        else:
            folder = real_folder(self.library, link.path)
            new = in_style_of(link.target, folder, found.files[0].path)
            own = found.files[0].says
            evidence = f"{own.label_beside(says)} by its own name; the link led to {says.label_beside(own)}"
            self.changes.append(Relink(link.path, link.target, new, found.score, evidence))
            self.relinked[link] = found.files[0].path

    def _is_shifted(self, link: EpisodeLink, says: Episode, odd: Mapping[str, SeriesKey]) -> bool:
        """Return whether a link's file is that of the numbers of another link that leads astray in the same order."""
        numbers = {(link.series, says.work.season, number) for number in says.work.episodes}
        return odd.get(link.file) == link.series and not numbers.isdisjoint(self.astray)

    def _leave(self, link: EpisodeLink, reason: str, files: Sequence[StoredEpisode] = ()) -> None:
        candidates = tuple(Candidate(item.path, 80.0, f"is {item.says.label()}") for item in files)
        self.unresolved.append(Unresolved(link.path, link.target, reason, candidates))

    def _set_rows(self, book: SeriesBook) -> None:
        """Add the rows of exactly these episodes that name the file which the link led to wrongly."""
        wanted: dict[EpisodeFile, set[str]] = defaultdict(set)
        rows: dict[tuple[int, int | None, int], list[EpisodeFile]] = defaultdict(list)
        for row in self.view.episodes:
            rows[row.series_id, row.season, row.episode].append(row)
        for link, file in self.relinked.items():
            series = book.rows_of(link.series)
            for episode in link.says.work.episodes if len(series) == 1 else ():
                for row in rows[series[0].id, link.says.work.season, episode]:
                    if self.library.finder.canonical(row.file_path) == link.file:
                        wanted[row].add(file)
        for row, files in sorted(wanted.items()):
            if len(files) == 1:
                label = numbers_text(row.season, (row.episode,))
                evidence = f"the row of {label} named the file of another episode"
                self.changes.append(SetFilePath("episodes", row.id, row.file_path, min(files), evidence))

    def _report_unreadable(self) -> None:
        """Report the links of different episodes that share one file whose own name says no numbers."""
        for links in self.of_file.values():
            if links[0].file_says is not None or len(links) < 2 or not _differ(links):
                continue
            labels = sorted({link.says.label() for link in links})
            for link in links:
                if is_chosen(link.path, self.within):
                    shown = ", ".join(labels[:_FEW]) + (", …" if len(labels) > _FEW else "")
                    self._leave(
                        link,
                        f"it shares its file with other episodes ({shown}); that file's own numbers cannot be told",
                    )


def _bears_title_of(link: EpisodeLink, path: str) -> bool:
    title = episode_title(link.name)
    return len(title) > 3 and not title.startswith("episode") and title == episode_title(path.rpartition("/")[2])


def _differ(links: Sequence[EpisodeLink]) -> bool:
    """Return whether the links are of so different episodes that no one file can hold them all."""
    if len({link.says.key for link in links}) > 1 or len({link.says.work.season for link in links}) > 1:
        return True
    episodes = sorted({episode for link in links for episode in link.says.work.episodes})
    return episodes[-1] - episodes[0] + 1 > max(_FEW, *(len(link.says.work.episodes) for link in links))


class _Found(NamedTuple):
    files: Sequence[StoredEpisode]
    score: float = 0.0
    looked_for: str = ""


class _Search:
    """Finds the file of a link's own numbers: in its series' folders first, then wherever its title is its alone."""

    def __init__(
        self, library: Library, view: CatalogueView, book: SeriesBook, known: Mapping[str, Episode | None]
    ) -> None:
        self.book = book
        self._library, self._moved = library, view.moved
        self._roots = sorted((tree.root.rstrip("/") + "/" for tree in library.census.storage), key=len, reverse=True)
        self._index = EpisodeIndex(((path, _folders(path, self._roots)) for path in library.stored_videos()), known)
        self._rows: dict[tuple[int, int | None, int], list[str]] = defaultdict(list)
        for row in view.episodes:
            self._rows[row.series_id, row.season, row.episode].append(row.file_path)

    def find(self, link: EpisodeLink) -> _Found:
        """Return the files that fit equally well, with the score of one that fits alone, or what was looked for."""
        titles, folders = self.book.titles_of(link.series), self._folders_of(link)
        fitting = [item for item in self._index.find(titles, link.says) if not self._library.offline_reason(item.path)]
        near = [item for item in fitting if series_folder(item.path) in folders]
        named = self._named_by_rows(link)
        files = near or named or ([] if self.book.is_shared(link.series) else [i for i in fitting if i.says.is_own])
        if not files:
            where = ", ".join(sorted(folders)) or "storage"
            return _Found((), looked_for=f"looked for {link.says.label()} in {where}")
        exact = [item for item in files if item.says.work.episodes == link.says.work.episodes]
        best = told_apart(link.name, exact or files)
        if len(best) > 1:
            best = [item for item in best if item in named] or best
        return _Found(best, _SAME_PLACE if near else _ELSEWHERE)

    def _folders_of(self, link: EpisodeLink) -> set[str]:
        folders = self.book.folders_of(link.series)
        says = link.file_says
        if says is not None and says.key in self.book.titles_of(link.series):
            folders.add(series_folder(link.file))
        return folders

    def _named_by_rows(self, link: EpisodeLink) -> list[StoredEpisode]:
        """Return what the catalogue's row of this very episode names, followed to where it is now."""
        series = self.book.rows_of(link.series)
        found = []
        for path in (
            self._rows[series[0].id, link.says.work.season, link.says.work.episodes[0]] if len(series) == 1 else ()
        ):
            path = self._library.finder.canonical(path)
            if not self._library.finder.has(path):
                path = self._moved(path) or ""
            if not self._library.finder.has(path) or self._library.offline_reason(path):
                continue
            says = read_episode(path.rpartition("/")[2], _folders(path, self._roots))
            if says and holds(says.work, link.says.work) and not self.book.is_of_another(says, link.series):
                found.append(StoredEpisode(path, says))
        return found
