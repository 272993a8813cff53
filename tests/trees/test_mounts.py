"""The mount table: which filesystem holds a path, and whether it is the one of last time."""

from __future__ import annotations

import io
import os
from typing import Any

import pytest
from helpers import Library, mounted

from cineorg.trees import mounts
from cineorg.trees.mounts import Filesystem, declared_mount_points, find_mount, identify, mount_table

MOUNTINFO = r"""
22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
30 22 0:50 / /mnt/my\040films rw,relatime shared:9 master:3 - nfs4 nas:/my\040films rw,vers=4.2
31 22 0:51 / /mnt/tab\011back\134slash\012new rw - fuse.rclone remote: rw
32 22 0:52 / /mnt/é\303\251 rw - cifs //box/share rw
33 22 8:17 / /data rw - ext4 /dev/sdb1 rw
34 33 8:33 / /data rw - ext4 /dev/sdc1 rw
broken line
"""
ODD = "/mnt/tab\tback\\slash\nnew"


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> list[Filesystem]:
    monkeypatch.setattr("builtins.open", lambda *_, **__: io.StringIO(MOUNTINFO))
    return mount_table()


PLACES = {
    "/": "/dev/sda1",
    "/home/ann": "/dev/sda1",
    "/mnt/my films": "nas:/my films",
    "/mnt/my films/a/b.mkv": "nas:/my films",
    "/mnt/my films2": "/dev/sda1",
    ODD + "/a": "remote:",
    "/mnt/éé/a": "//box/share",
    "/data/a": "/dev/sdc1",  # mounted over the other
}


@pytest.mark.parametrize("path", PLACES)
def test_the_mount_that_holds_a_path(path: str, table: list[Filesystem]) -> None:
    assert find_mount(path, table).source == PLACES[path]


def test_which_filesystems_are_slow(table: list[Filesystem]) -> None:
    slow = {mount.fstype for mount in table if mount.is_slow}
    assert slow == {"nfs4", "fuse.rclone", "cifs"}


def disk(**fields: Any) -> Filesystem:
    return Filesystem(**{"mount_point": "/m", "fstype": "ext4", "source": "/dev/sda1", "device": 2049, **fields})


SAME = {
    "itself": (disk(), True),
    "other mount point": (disk(mount_point="/n"), True),
    "other name of the same device": (disk(source="/dev/mapper/x"), True),
    "other device": (disk(source="/dev/sdb1", device=2065), False),
    "other type": (disk(fstype="xfs"), False),
    "unknown": (Filesystem(), False),
}


@pytest.mark.parametrize("case", SAME)
def test_the_same_filesystem(case: str) -> None:
    other, is_same = SAME[case]
    assert disk().is_same_as(other) is is_same
    assert other.is_same_as(disk()) is is_same


def test_an_anonymous_device_number_proves_nothing() -> None:
    nfs = Filesystem("/m", "nfs4", "nas:/a", 50)
    assert nfs.is_same_as(Filesystem("/m", "nfs4", "nas:/a", 61))
    assert not nfs.is_same_as(Filesystem("/m", "nfs4", "nas:/b", 50))


def test_fstab(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "# a comment\n\n/dev/sda1 / ext4\nnas:/a /mnt/my\\040films nfs4 x 0 0\n/dev/sda2 none swap\nbad\n"
    monkeypatch.setattr("builtins.open", lambda *_, **__: io.StringIO(text))
    assert declared_mount_points() == ["/", "/mnt/my films"]


def test_where_the_kernel_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise FileNotFoundError

    monkeypatch.setattr("builtins.open", refuse)
    assert mount_table() == []
    assert declared_mount_points() == []
    assert identify("/anything") == Filesystem()


def test_a_real_mount(library: Library) -> None:
    before = identify(library.storage)
    odd = library.base / "a b\n\té"
    odd.mkdir()
    with mounted(odd):
        found = identify(str(odd / "not there" / "yet"))
        assert (found.mount_point, found.fstype, found.source) == (os.path.realpath(odd), "tmpfs", "cineorg-test")
        link = library.base / "link"
        link.symlink_to(odd)
        assert identify(str(link)) == found
        assert not found.is_same_as(before)
    assert identify(str(odd)) == before


def test_a_missing_place_in_fstab_is_away(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fstab promises and nobody has mounted is away, however local the folder beneath it looks."""
    disk = library.base / "disk"
    disk.mkdir()
    for module in ("cineorg.trees.mounts", "cineorg.trees.library", "cineorg.trees.place_states"):
        monkeypatch.setattr(f"{module}.declared_mount_points", lambda: [str(disk)])
    library.films(20).add(video={"Films/x (2001).mkv": f"{disk}/x.mkv"})
    report = library.scan(code=3)
    assert [(issue["path"], issue["reason"]) for issue in report["issues"]] == [
        (str(disk), "is in /etc/fstab but not mounted")
    ]


def test_names_of_mounts_are_read_back(table: list[Filesystem]) -> None:
    assert mounts.find_mount(ODD, table).mount_point == ODD
