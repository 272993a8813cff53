"""The library as checks and planners see it: the census, what of it may be believed, and the catalogue.

Loading it is the one way from trees to answers: walk, compare with the last complete scan, judge the links, look at
the roots once more (a mount that went away meanwhile must not turn its files into losses).
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ..errors import ConfigError
from ..findings import Coverage, Finding, offline_finding, unreadable_finding
from ..paths import is_inside, nfc
from ..settings.configuration import Settings
from . import links, offline
from .census import Census, explain, take_census
from .links import BadLink, Finder
from .mounts import Filesystem, declared_mount_points, identify, mount_table
from .offline import Offline, Place
from .place_states import observe_places, volume_place, without_out_of_scope

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
    outside: Collection[str] = ()
    mounts: list[Filesystem] = field(default_factory=list)
    _volumes: dict[str, str] = field(default_factory=dict)

    def is_video(self, name: str) -> bool:
        """Return whether a file's name ends as a video's does."""
        return self.settings.is_video(name)

    def offline_reason(self, path: str) -> str:
        """Return why nothing may be said about `path`, or "" when its place is believed."""
        if "\0" in path:  # a row may hold what no disk can
            return ""
        for place in self.offline:
            tree = next((tree for tree in self.census.trees if tree.root == place.path), None)
            if is_inside(path, place.path) or (tree is not None and is_inside(path, tree.real)):
                return f"{place.cause}: {place.reason}"
        return "" if self.finder.is_within_roots(path) else self._volume_reason(path)

    def _volume_reason(self, path: str) -> str:
        volume = offline.volume_of(path, [*self.known_volumes, *declared_mount_points()], self.mounts)
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
            os.stat(path)
        except (FileNotFoundError, NotADirectoryError):
            reason = self.offline_reason(os.path.realpath(path))
            return (UNKNOWN, reason) if reason else (GONE, "no such file")
        except (OSError, ValueError) as error:
            return UNKNOWN, explain(error) if isinstance(error, OSError) else str(error)
        return PRESENT, ""

    def stored_file_of(self, path: str) -> str | None:
        """Return the file that the link at `path` reaches, through other links too; None if it is not healthy."""
        end = self.target_of(path)
        for _ in range(8):
            if end is None or self.finder.has(end) or end in self.outside:
                break
            end = self.target_of(end)
        return end if end is not None and (self.finder.has(end) or end in self.outside) else None

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
            return os.lstat(path).st_size
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

    def place_findings(self, remedy: Callable[[str], str]) -> list[Finding]:
        """Return what of the library could not be looked at, sorted by path: places, not single links.

        `remedy(path)` is the command that accepts the loss of a place.
        """
        found = [
            offline_finding(
                item.cause, item.reason, f"offline, nothing in {item.path} is judged; {_way_out(item, remedy)}"
            )
            for item in self.offline
        ]
        found += [unreadable_finding(item.path, item.reason) for item in self.census.unreadable]
        return sorted(found, key=lambda finding: finding.path)


def _way_out(item: Offline, remedy: Callable[[str], str]) -> str:
    return f"if the loss is real: {remedy(item.cause)}" if item.may_be_accepted else "make it readable"


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
    judgement = links.judge_links(census, library.offline_reason)
    library.outside = judgement.outside_healthy.keys()
    _judge_volumes(library, judgement, before)
    _look_again(library, judgement.bad)
    library.bad_links = [_believed(link, library) for link in judgement.bad]
    return library


def check_roots(settings: Settings, before: Mapping[str, Place]) -> None:
    """Raise ConfigError when the roots cannot be what the user meant."""
    if not settings.video:
        raise ConfigError("no video root: give --video DIR, CINEORG_VIDEO_DIR, or `video` in the config file")
    known = settings.video in before
    if not os.path.isdir(settings.video) and not known:
        what = "is not a folder" if os.path.lexists(settings.video) else "does not exist"
        raise ConfigError(f"the video root {settings.video} {what}; name the folder of your links with --video")
    _check_overlap(settings)
    for root in settings.storage:
        if os.path.lexists(root) and not os.path.isdir(root) and os.path.isfile(root):
            raise ConfigError(f"the storage root {root} is not a folder; name the folder of your files with --storage")


def _check_overlap(settings: Settings) -> None:
    """Raise ConfigError when a folder would be walked twice, once for each of two roots."""
    scope = {nfc(name).casefold() for name in settings.scoped_folders()}
    real = [(root, os.path.realpath(root)) for root in settings.roots()]
    for outer_place, (outer, outer_real) in enumerate(real):
        for inner_place, (inner, inner_real) in enumerate(real):
            if inner_place == outer_place or not is_inside(inner_real, outer_real):
                continue
            below = nfc(inner_real[len(outer_real.rstrip("/")) + 1 :]).casefold()
            if not below or "." in scope or any(is_inside(below, name) or is_inside(name, below) for name in scope):
                raise ConfigError(f"the roots {outer} and {inner} lie in one another; each folder may be in one only")


def _judge_volumes(library: Library, judgement: links.Judgement, before: Mapping[str, Place]) -> None:
    """Add the volumes outside the roots that links lead to, and distrust those that lost too many of their files."""
    points = [*library.known_volumes, *declared_mount_points()]
    healthy: Counter[str] = Counter()
    for path, number in judgement.outside_healthy.items():
        healthy[offline.volume_of(path, points, library.mounts)] += number
    dangling = Counter(
        offline.volume_of(link.end, points, library.mounts)
        for link in judgement.bad
        if link.state == links.BROKEN and not library.finder.is_within_roots(link.end)
    )
    places = [
        volume_place(path, library.mounts, healthy[path], dangling[path]) for path in sorted({*healthy, *dangling})
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
        if tree.root not in offline and (changed or not all(map(os.path.isdir, tree.scoped))):
            library.offline.append(Offline(tree.root, tree.root, "changed while it was being read"))


def _believed(link: BadLink, library: Library) -> BadLink:
    """Return the link as judged, or as offline when its place has turned out not to be believed."""
    reason = library.offline_reason(link.end) if link.state == links.BROKEN else ""
    return link._replace(state=links.OFFLINE, reason=reason) if reason else link
