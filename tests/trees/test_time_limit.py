"""Calls that can be given up: values and errors come through, silence is told of, and another process may be forked."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from fuse_mounts import fuse_mounted

from cineorg.trees.crew import ask_each
from cineorg.trees.time_limit import NoAnswer, ask, ask_or, real_path, set_time_limit, silent_mounts


@pytest.fixture(autouse=True)
def usual_limit() -> Iterator[None]:
    yield
    set_time_limit(30)


def sleep(path: str) -> str:
    time.sleep(float(path.rpartition("/")[2]))
    return path


def test_what_a_call_returns_and_raises_comes_through(tmp_path: Path) -> None:
    assert ask(os.stat, str(tmp_path)).st_ino == tmp_path.stat().st_ino
    with pytest.raises(FileNotFoundError):
        ask(os.stat, str(tmp_path / "none"))
    assert ask_or(os.path.isdir, str(tmp_path), False)
    assert ask_or(os.readlink, str(tmp_path), "no link") == "no link"


def test_one_that_takes_too_long_is_left_behind_and_the_next_one_answers(tmp_path: Path) -> None:
    set_time_limit(0.2)
    began = time.monotonic()
    with pytest.raises(NoAnswer):
        ask(sleep, "/5")
    assert time.monotonic() - began < 2
    assert ask(os.path.isdir, str(tmp_path))
    assert not silent_mounts()  # no mount was to blame


def test_of_many_only_the_slow_one_is_missing() -> None:
    set_time_limit(0.3)
    found = ask_each(sleep, ["/0.01", "/5", "/0.02"], jobs=2)
    assert {path: isinstance(value, NoAnswer) for path, value in found.items()} == {
        "/0.01": False,
        "/0.02": False,
        "/5": True,
    }


def test_a_forked_process_asks_as_well() -> None:
    ask(os.stat, "/")
    child = os.fork()
    if not child:
        os._exit(0 if ask_or(os.path.isdir, "/", False) else 1)
    began = time.monotonic()
    assert os.waitpid(child, 0)[1] == 0
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("way", ["mount/a", "link/a", "./mount/../mount/a", "over/a"])
def test_a_mount_that_was_silent_is_not_asked_again(way: str, tmp_path: Path) -> None:
    (tmp_path / "behind").mkdir()
    (tmp_path / "behind" / "a").touch()
    (tmp_path / "link").symlink_to("mount")
    (tmp_path / "over").symlink_to(tmp_path / "link")
    with fuse_mounted(tmp_path / "behind", tmp_path / "mount") as mount:
        set_time_limit(0.5)
        assert ask(os.stat, f"{tmp_path}/{way}").st_size == 0
        mount.stop()
        with pytest.raises(NoAnswer):
            ask(os.stat, f"{mount.path}/a")
        assert silent_mounts() == (mount.path,)
        began = time.monotonic()
        for _ in range(20):
            with pytest.raises(NoAnswer):
                ask(os.stat, f"{tmp_path}/{way}")
        assert time.monotonic() - began < 0.4
        assert ask(os.path.isdir, str(tmp_path / "behind"))
        mount.go_on()
        set_time_limit(5)  # which forgets who was silent
        assert real_path(f"{tmp_path}/{way}") == f"{mount.path}/a"
