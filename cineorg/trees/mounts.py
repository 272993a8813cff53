"""What is mounted where: the identity of the filesystem that holds a path, read from the kernel's mount table."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass

from ..paths import is_inside
from .time_limit import real_path

NETWORK_TYPES = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "afs", "ceph", "glusterfs", "ncpfs"})
_OCTAL = re.compile(r"\\([0-7]{3})")


@dataclass(frozen=True, slots=True)
class Filesystem:
    """Where a path lives: mount point, type and source of the mount, device number; empty where unknown.

    `root`: the folder of that filesystem which is shown at the mount point, "/" unless it is a bind mount.
    """

    mount_point: str = ""
    fstype: str = ""
    source: str = ""
    device: int = 0
    root: str = ""

    @property
    def is_slow(self) -> bool:
        """Whether each call is likely to be a round trip (network, FUSE)."""
        return self.fstype in NETWORK_TYPES or self.fstype.startswith("fuse")

    def is_same_as(self, other: Filesystem) -> bool:
        """Return whether both describe one filesystem, seen at different times.

        Type and source of the mount decide. A real block device (major number not 0) may come under another source
        name; anonymous device numbers (network, FUSE, btrfs) change with every mount and prove nothing.
        """
        if self.fstype != other.fstype:
            return False
        return self.source == other.source or (self.device == other.device and os.major(self.device) != 0)

    def describe(self) -> str:
        """Return words for a message, e.g. `nfs4 from nas:/films`."""
        return f"{self.fstype or 'unknown'} from {self.source or 'unknown'}"


def mount_table() -> list[Filesystem]:
    """Return every mount of this process's namespace, empty where the kernel shows none.

    The format is that of /proc/PID/mountinfo in proc(5).
    """
    try:
        with open("/proc/self/mountinfo", encoding="utf-8", errors="surrogateescape") as file:
            return [mount for line in file if (mount := _read_mount(line))]
    except OSError:
        return []


def _read_mount(line: str) -> Filesystem | None:
    left, separator, right = line.partition(" - ")
    fields, tail = left.split(" "), right.split(" ")
    if not separator or len(fields) < 5 or len(tail) < 2:
        return None
    major, _, minor = fields[2].partition(":")
    device = os.makedev(int(major), int(minor))
    source = _unescape(tail[1]).rstrip("\n")
    return Filesystem(_unescape(fields[4]), tail[0], source, device, _unescape(fields[3]))


def _unescape(text: str) -> str:
    if "\\" not in text:
        return text
    raw = _OCTAL.sub(lambda match: chr(int(match[1], 8)), text.encode("utf-8", "surrogateescape").decode("latin-1"))
    return raw.encode("latin-1").decode("utf-8", "surrogateescape")


def find_mount(path: str, mounts: Iterable[Filesystem]) -> Filesystem:
    """Return the mount that holds the absolute `path`, lexically; the last one mounted there wins."""
    best = Filesystem()
    for mount in mounts:
        prefix = mount.mount_point.rstrip("/") + "/"
        if (path + "/").startswith(prefix) and len(mount.mount_point) >= len(best.mount_point):
            best = mount
    return best


def identify(path: str, mounts: Iterable[Filesystem] | None = None) -> Filesystem:
    """Return the filesystem that holds `path`, or its nearest parent that exists; links are followed."""
    path = real_path(path)
    return find_mount(path, mount_table() if mounts is None else mounts)


def mounts_showing(folders: Iterable[str], below: str) -> list[str]:
    """Return the mount points below the real path `below` that show one of `folders`, a part of it, or what holds it.

    A bind mount shows a folder a second time, under another name and without any link on the way.
    """
    mounts = mount_table()
    shown = [_within_filesystem(real_path(folder), mounts) for folder in folders]
    prefix = below.rstrip("/") + "/"
    return [
        mount.mount_point
        for mount in mounts
        if mount.mount_point.startswith(prefix)
        and any(
            device == mount.device and (is_inside(mount.root, path) or is_inside(path, mount.root))
            for device, path in shown
        )
    ]


def _within_filesystem(path: str, mounts: Iterable[Filesystem]) -> tuple[int, str]:
    """Return the device of a real path, and the path within that filesystem, whatever part of it is mounted there."""
    mount = find_mount(path, mounts)
    return mount.device, mount.root.rstrip("/") + path[len(mount.mount_point.rstrip("/")) :] or "/"


def declared_mount_points() -> list[str]:
    """Return the mount points that /etc/fstab promises, mounted or not (fstab(5))."""
    try:
        with open("/etc/fstab", encoding="utf-8", errors="surrogateescape") as file:
            rows = [line.split() for line in file if line.strip() and not line.lstrip().startswith("#")]
    except OSError:
        return []
    return [_unescape(row[1]) for row in rows if len(row) > 1 and row[1].startswith("/")]
