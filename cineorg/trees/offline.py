"""Which places may be believed: what is offline, judged on facts against the last complete scan. Pure.

Emptiness alone is a bad test: it misses a half-mounted pool and blocks an honest clean-up. So each root, first-level
folder and outside volume is compared with what the last complete scan left of it. A place that is offline
authorises nothing that rests on a file's absence; `scan --accept DIR` is how its owner says that the loss is real.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ..paths import is_inside
from .mounts import Filesystem, find_mount

ROOT, FOLDER, VIDEO, VOLUME = "root", "folder", "video", "volume"
SMALL_FOLDER = 20  # a first-level folder with fewer files may lose more than max_drop honestly (design.md)
_MOUNT_PARENTS = (("", "mnt"), ("", "media"), ("", "Volumes"), ("", "net"), ("", "run", "media"))


@dataclass(frozen=True, slots=True)
class Place:
    """One place and what is known of it, now or at the last complete scan.

    `files`: stored videos below it; links for a video root; links that reach a file for an outside volume. `problem`:
    why it could not be listed, or "", and `is_unreadable` whether that is another reason than its absence. `dangling`:
    for a volume, how many links into it lead nowhere now.
    """

    path: str
    kind: str
    files: int
    filesystem: Filesystem = field(default_factory=Filesystem)
    problem: str = ""
    dangling: int = 0
    is_unreadable: bool = False


@dataclass(frozen=True, slots=True)
class Offline:
    """A place that must not be believed: `path` is the whole of it, `cause` the folder that gave it away.

    `may_be_accepted`: its owner can say that the loss is real; of what cannot be read nobody knows.
    """

    path: str
    cause: str
    reason: str
    may_be_accepted: bool = True


def find_offline(
    now: Iterable[Place], before: Mapping[str, Place], max_drop: float, accepted: Collection[str] = ()
) -> list[Offline]:
    """Return the places that are offline, each once; `accepted` are places whose loss is real.

    A first-level folder that is offline takes its whole root with it: half a pool that is away shows in one folder
    first, and the files missing from the others are away for the same reason.
    """
    places = {place.path: place for place in now}
    offline: dict[str, Offline] = {}
    for place in sorted(places.values(), key=lambda item: (item.kind == FOLDER, item.path)):
        if not place.is_unreadable and any(is_inside(place.path, directory) for directory in accepted):
            continue
        root = _root_of(place, places)
        known = before.get(place.path)
        if known is not None and (known.kind == VOLUME) != (place.kind == VOLUME):
            known = None  # the one counts links, the other what is in it: the scope or the roots were changed
        if known is not None and place.kind != VOLUME:
            known = _without_accepted(known, places, before, accepted)
        reason = _why_offline(place, known, max_drop)
        if reason and root not in offline:
            offline[root] = Offline(root, place.path, reason, not place.is_unreadable)
    return sorted(offline.values(), key=lambda item: item.path)


def _root_of(place: Place, places: Mapping[str, Place]) -> str:
    if place.kind != FOLDER:
        return place.path
    roots = [path for path, other in places.items() if other.kind in (ROOT, VIDEO) and is_inside(place.path, path)]
    return max(roots, key=len, default=place.path)


def _without_accepted(
    outer: Place, places: Mapping[str, Place], before: Mapping[str, Place], accepted: Collection[str]
) -> Place:
    lost = 0
    for directory in accepted:
        known = before.get(directory)
        is_within = directory != outer.path and is_inside(directory, outer.path)
        if known is None or known.kind != FOLDER or not is_within:
            continue
        if any(directory != other != outer.path and is_inside(directory, other) for other in accepted):
            continue  # counted with the other
        still = places[directory].files if directory in places else 0
        lost += max(0, known.files - still)
    return replace(outer, files=outer.files - lost)


def _why_offline(place: Place, known: Place | None, max_drop: float) -> str:
    same = known is not None and place.filesystem.is_same_as(known.filesystem)
    if known is not None and known.files == 0 and same and not place.is_unreadable:
        return ""
    if place.problem:
        return "" if place.kind == FOLDER and known is None else place.problem
    if known is None:
        return "is empty" if place.kind == ROOT and place.files == 0 else ""
    if not same:
        return f"is on {place.filesystem.describe()}, was on {known.filesystem.describe()} at the last complete scan"
    if place.kind == VOLUME:
        lost = min(known.files - place.files, place.dangling)
        gone = f"{lost} of {known.files} links that reached it do not any more"
        return gone if lost > max_drop * known.files else ""
    if place.files == 0:
        return f"is empty, had {known.files} at the last complete scan"
    lost = known.files - place.files
    if lost > max_drop * known.files and (place.kind != FOLDER or known.files >= SMALL_FOLDER):
        return f"lost {lost} of the {known.files} that it had at the last complete scan"
    return ""


def volume_of(path: str, known_points: Iterable[str], mounts: Iterable[Filesystem], roots: Sequence[str] = ()) -> str:
    """Return the volume that a path belongs to which no walk covers.

    It is the deepest of: a mount point of now, one of `known_points` (recorded or promised by fstab), the customary
    place of removable and network disks (`/mnt/X`, `/media/USER/X`, …); on the root filesystem, the first two
    components of the path. A volume holds none of the library's `roots`: it goes down until it does not.
    """
    candidates = [point for point in known_points if is_inside(path, point) and point != "/"]
    point = find_mount(path, mounts).mount_point
    if point not in ("", "/"):
        candidates.append(point)
    customary = customary_volume(path)
    if customary:
        candidates.append(customary)
    parts = path.split("/")
    volume = max(candidates, key=len, default="/".join(parts[:3]))
    for depth in range(len(volume.split("/")), len(parts)):
        if not any(is_inside(root, volume) for root in roots):
            break
        volume = "/".join(parts[: depth + 1])
    return volume


def customary_volume(path: str) -> str:
    """Return `/mnt/X`, `/media/USER/X` and the like when `path` lies below one, else ""."""
    parts = tuple(path.split("/"))
    for parent in _MOUNT_PARENTS:
        depth = len(parent) + (2 if parent[-1] == "media" else 1)
        if parts[: len(parent)] == parent and len(parts) > depth:
            return "/".join(parts[:depth])
    return ""
