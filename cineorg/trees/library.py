"""The library as checks and planners see it: the census, what of it may be believed, and the catalogue.

Loading it is the one way from trees to answers: walk, compare with the last complete scan, judge the links, look at
the roots once more (a mount that went away meanwhile must not turn its files into losses).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ..findings import Coverage, Finding, offline_finding, unreadable_finding
from ..paths import is_inside
from ..settings.configuration import Settings
from . import links, offline
from .census import Census, Unreadable, explain
from .links import BadLink, Finder
from .mounts import Filesystem, declared_mount_points, identify, mount_table
from .offline import Offline, Place
from .place_states import observe_places, volume_place, without_out_of_scope
from .roots import check_roots
from .same_files import with_walked_spelling
from .time_limit import NoAnswer, ask, ask_or, real_path, silent_mounts
from .tree_walk import jobs_for, take_census

PRESENT, GONE, UNKNOWN = "present", "gone", "unknown"


@dataclass(slots=True)
class Library:
    """Census and judgement. `bad_links` is sorted by path and has every link that is not healthy.

    `before` is what the last complete scan left in each place, by path.
    """

    settings: Settings
    census: Census
    finder: Finder
    before: Mapping[str, Place] = field(default_factory=dict)
    accepted: Collection[str] = ()
    places: list[Place] = field(default_factory=list)
    offline: list[Offline] = field(default_factory=list)
    bad_links: list[BadLink] = field(default_factory=list)
    known_volumes: dict[str, Place] = field(default_factory=dict)
    reached: Mapping[str, links.Reached] = field(default_factory=dict)
    mounts: list[Filesystem] = field(default_factory=list)
    _volumes: dict[str, str] = field(default_factory=dict)

    def is_video(self, name: str) -> bool:
        """Return whether a file's name ends as a video's does."""
        return self.settings.is_video(name)

    def offline_reason(self, path: str) -> str:
        """Return why nothing may be said about `path`, or "" when its place is believed."""
        if "\0" in path:  # a row may hold what no disk can
            return ""
        path = self.finder.canonical(path)
        tree = self.census.tree_of(path)
        if tree is not None:
            for place in self.offline:
                if place.path == tree.root:
                    return f"{place.cause}: {place.reason}"
            if path == tree.root or self.finder.is_walked(path):
                return ""
        return self._volume_reason(path)

    def volume_of(self, path: str) -> str:
        """Return the volume of a path that no walk covers."""
        return offline.volume_of(path, [*self.known_volumes, *declared_mount_points()], self.mounts, self.finder.roots)

    def _volume_reason(self, path: str) -> str:
        volume = self.volume_of(path)
        if volume not in self._volumes:
            known = self.known_volumes.get(volume)
            place = volume_place(volume, self.mounts, files=known.files if known else 0)
            self._volumes[volume] = ""
            for item in offline.find_offline([place], self.known_volumes, self.settings.max_drop, self.accepted):
                self.distrust_volume(item)
        return self._volumes[volume]

    def distrust_volume(self, item: Offline) -> None:
        """Take a volume outside the roots as offline from now on."""
        if item.path not in {other.path for other in self.offline}:
            self.offline.append(item)
        self._volumes[item.path] = f"{item.cause}: {item.reason}"

    def mount_points(self) -> list[str]:
        """Return where something is mounted, or may be; spelled as the roots were given."""
        points = [*(mount.mount_point for mount in self.mounts), *declared_mount_points()]
        return [self.finder.canonical(point.rstrip("/")) for point in points]

    def state_of(self, path: str) -> tuple[str, str]:
        """Return whether a file is at an absolute path: (PRESENT, ""), (GONE, reason) or (UNKNOWN, reason).

        The disk is asked only about what the census did not see.
        """
        if self.finder.has(path):
            return PRESENT, ""
        if not path.startswith("/"):
            return UNKNOWN, "the path is not absolute"
        reason = self.offline_reason(path)
        if reason:
            return UNKNOWN, reason
        try:
            ask(os.stat, path)
        except (FileNotFoundError, NotADirectoryError):
            reason = self.offline_reason(real_path(path))
            return (UNKNOWN, reason) if reason else (GONE, "no such file")
        except (OSError, ValueError) as error:
            return UNKNOWN, explain(error) if isinstance(error, OSError) else str(error)
        return PRESENT, ""

    def stored_file_of(self, path: str) -> str | None:
        """Return the file that the link at `path` reaches, through other links too; None if it is not healthy."""
        if path in self.reached:
            return self._file_reached(self.reached[path])
        end = self.target_of(path)
        return end if end is not None and self.finder.has(end) else None

    def _file_reached(self, reached: links.Reached) -> str | None:
        """Return the file at the end of a link as the census spells it, or, outside of what is walked, as the link."""
        if self.finder.has(reached.real):
            return reached.real
        return None if self.finder.is_walked(reached.real) else self.finder.canonical(reached.said)

    def target_of(self, path: str) -> str | None:
        """Return where the link at `path` leads, by its text; None when the census has no such link or cannot say."""
        directory, _, name = path.rpartition("/")
        folder = self.census.folders.get(directory)
        target = folder.links.get(name) if folder is not None else None
        return self.end_of(directory, target) if target else None

    def end_of(self, directory: str, target: str) -> str | None:
        """Return where a link of a walked folder of the video tree leads that says `target`; None: ask the disk."""
        if not target.startswith("/"):
            video = self.census.video
            directory = video.real + directory[len(video.root) :]
        end = links.absolute_target(directory, target)
        return None if end is None else self.finder.canonical(end)

    def size_bytes(self, path: str) -> int | None:
        """Return the size of a stored file: one call, asked only for what is reported."""
        try:
            return ask(os.lstat, path).st_size
        except OSError:
            return None

    def stored_videos(self) -> Iterable[str]:
        """Yield the path of every video file that the walk of storage saw, in no order."""
        extensions = self.settings.extensions
        for tree in self.census.storage:
            for path, folder in self.census.folders_of(tree):
                for name in folder.files:
                    if name.rpartition(".")[2].lower() in extensions:
                        yield f"{path}/{name}"

    def stored_video_count(self) -> int:
        """Return how many paths `stored_videos` yields."""
        return sum(place.files for place in self.places if place.kind == offline.ROOT)

    def coverage_of_videos(self) -> Coverage:
        """Return how many stored videos the walk saw, of those that there should be."""
        seen = self.stored_video_count()
        return Coverage(seen, self._should_be(offline.ROOT, seen))

    def coverage_of_links(self) -> Coverage:
        """Return how many links of the video tree are known to be healthy or broken, of those that there should be."""
        seen = self.link_count()
        unknown = sum(link.state != links.BROKEN for link in self.bad_links)
        return Coverage(seen - unknown, self._should_be(offline.VIDEO, seen))

    def link_count(self) -> int:
        """Return how many links the walk of the video tree saw."""
        return sum(len(folder.links) for _, folder in self.census.folders_of(self.census.video))

    def _should_be(self, kind: str, seen: int) -> int:
        """Return `seen` and what the last complete scan left besides in roots that are offline or half read."""
        doubtful = [item.path for item in self.offline] + [item.path for item in self.census.unreadable]
        for place in self.places:
            known = self.before.get(place.path)
            if place.kind == kind and known is not None and any(is_inside(path, place.path) for path in doubtful):
                seen += max(0, known.files - place.files)
        return seen

    def place_findings(self, remedy: Callable[[Offline], str]) -> list[Finding]:
        """Return what of the library could not be looked at, sorted by path: places, not single links.

        `remedy(item)` says what to do about a place that is offline.
        """
        found = [
            offline_finding(item.cause, item.reason, f"offline, nothing in {item.path} is judged; {remedy(item)}")
            for item in self.offline
        ]
        found += [unreadable_finding(item.path, item.reason) for item in self.census.unreadable]
        return sorted(found, key=lambda finding: finding.path)


def load_library(
    settings: Settings,
    before: Mapping[str, Place],
    *,
    census: Census | None = None,
    is_local: bool = True,
    accepted: Collection[str] = (),
    tick: Callable[[int], None] = lambda _: None,
) -> Library:
    """Walk both trees (unless a census is handed in) and judge what was seen against the last complete scan.

    `before`: what that scan left in each place, by path; empty when there never was one. With `is_local` false the
    census is another machine's: its links are not judged, for this disk cannot say.
    """
    if is_local:
        check_roots(settings, before)
    census = census or take_census(settings, tick=tick)
    library = Library(settings, census, Finder(census), before, accepted=accepted, mounts=mount_table())
    library.known_volumes = {path: place for path, place in before.items() if place.kind == offline.VOLUME}
    library.places = observe_places(census, settings, library.mounts, before, is_local)
    library.offline = offline.find_offline(
        library.places, without_out_of_scope(census, library.places, before), settings.max_drop, accepted
    )
    if not is_local:
        return library
    is_slow = any(identify(root, library.mounts).is_slow for root in settings.roots())
    jobs = jobs_for(settings, is_slow)
    judgement = links.judge_links(census, library.offline_reason, jobs)
    library.reached = with_walked_spelling(census, library.finder, judgement.reached, jobs)
    _judge_volumes(library, judgement, before)
    _look_again(library, judgement.bad)
    _note_silent_mounts(library)
    library.bad_links = [_believed(link, library) for link in judgement.bad]
    return library


def _judge_volumes(library: Library, judgement: links.Judgement, before: Mapping[str, Place]) -> None:
    """Add the volumes beyond what is walked to which links lead, and distrust those that lost too many of their files.

    The links of storage count as well: a disk that is reached over them alone is known, and missed, by them.
    """
    is_walked = library.finder.is_walked
    ends = judgement.outside + Counter(link.end for link in library.census.stored_links.values() if not link.is_gone)
    lost = [link.end for link in judgement.bad if link.state == links.BROKEN]
    lost += [link.end for link in library.census.stored_links.values() if link.is_gone]
    healthy: Counter[str] = Counter()
    for path, number in ends.items():
        if not is_walked(path):
            healthy[library.volume_of(path)] += number
    dangling = Counter(library.volume_of(path) for path in lost if not is_walked(path))
    folders = {place.path for place in library.places}  # one that vanished is judged by what was in it
    places = [
        volume_place(path, library.mounts, healthy[path], dangling[path])
        for path in sorted({*healthy, *dangling} - folders)
    ]
    library.places += places
    for item in offline.find_offline(places, before, library.settings.max_drop, library.accepted):
        library.distrust_volume(item)


def _look_again(library: Library, bad: list[BadLink]) -> None:
    """Distrust a root whose filesystem or folders went away while it was being read."""
    if not any(link.state == links.BROKEN for link in bad):
        return
    mounts = mount_table()
    first = {place.path: place for place in library.places}
    offline = {item.path for item in library.offline}
    for tree in library.census.storage:
        changed = identify(tree.root, mounts) != first[tree.root].filesystem
        is_whole = all(ask_or(os.path.isdir, path, False) for path in tree.scoped)
        if tree.root not in offline and (changed or not is_whole):
            library.offline.append(Offline(tree.root, tree.root, "changed while it was being read"))


def _note_silent_mounts(library: Library) -> None:
    """Let a mount that did not answer, and that no walk covers, be unreadable as a whole."""
    told = [item.path for item in library.census.unreadable] + [item.path for item in library.offline]
    for point in map(library.finder.canonical, silent_mounts()):
        if not any(is_inside(point, path) or is_inside(path, point) for path in told):
            library.census.unreadable.append(Unreadable(point, explain(NoAnswer())))


def _believed(link: BadLink, library: Library) -> BadLink:
    """Return the link as judged, or as offline when its place has turned out not to be believed."""
    reason = library.offline_reason(link.end) if link.state == links.BROKEN else ""
    return link._replace(state=links.OFFLINE, reason=reason) if reason else link
