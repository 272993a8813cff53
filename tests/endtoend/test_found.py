"""What random lives and real mounts have found, each as the shortest story that shows it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.register_assert_rewrite("endtoend.world")

from endtoend.test_invariants import link_name, stored_name  # noqa: E402
from endtoend.world import Work, World  # noqa: E402

FILM: Work = ("Rocky II", 1979, 0, 0)


@pytest.fixture
def world(in_memory: Path) -> Iterator[World]:
    """Return a scanned library with 16 films in each root."""
    world = World(in_memory)
    for number in range(32):
        film: Work = (f"Film {chr(97 + number % 26) * 3}{'x' * (number // 26)}", 1950 + number, 0, 0)
        file = world.add_file(f"{('one', 'two')[number % 2]}/Films/{film[0].replace(' ', '.')}.{film[1]}.mkv", film)
        world.add_link(link_name(film, "Drame"), file, film)
    world.scan()
    return world


def test_no_link_gets_a_decoy_below_a_mount_point(world: World) -> None:
    """Its file in one root is gone; below the other's mount point, while that is away, lies something of its name."""
    link = world.add_link(link_name(FILM, "SF"), world.add_file(stored_name(FILM, 6, 1), FILM), FILM)
    world.scan()
    world.delete(world.end_of(link))
    world.hide(world.roots[0], "empty")
    world.add_decoy(world.roots[0], "Films/Rocky.II.1979.1080p.BluRay.x264-GRP.mkv")
    report = world.change("repair-links")
    assert report["changes"] == []
    assert "but" in next(row["reason"] for row in report["unresolved"] if row["path"] == link)


def test_a_chain_into_an_offline_place_is_not_flattened(world: World) -> None:
    """The file at its end can be seen, for the root is only half away; the link between is in the video tree."""
    world.hide(world.roots[0], "half")
    first = next(path for path in world.links() if os.path.exists(path) and "/one/" in os.readlink(path))
    world.add_link("Films/Chains/x.mkv", first, world.means[first])
    for style in (["--flatten"], ["--relative", "--flatten"]):
        report = world.report("fix-symlinks", "-y", *style)
        assert "Chains" not in str(report["changes"])
        assert report["code"] == 3


def test_a_stale_plan_gives_no_link_and_no_row_a_file_that_is_gone(world: World) -> None:
    """The file moved again between plan and apply: the plan is skipped, the next one is right."""
    link = world.add_link(link_name(FILM, "SF"), world.add_file(stored_name(FILM, 4, 0), FILM), FILM)
    world.scan()
    moved = world.move(world.end_of(link), stored_name(FILM, 1, 1))
    plan = world.plan()
    assert {row["op"] for row in plan} == {"relink", "set_file_path"}
    world.move(moved, stored_name(FILM, 5, 1))
    before = world.links(), world.file_rows()
    report = world.apply(plan)
    assert {row["status"] for row in report["changes"]} == {"skipped"}
    assert all("cannot be reached" in row["reason"] for row in report["changes"])
    assert (world.links(), world.file_rows()) == before
    world.change("repair-links")
    assert world.end_of(link) == f"{world.base}/{stored_name(FILM, 5, 1)}"


def test_a_plan_applied_while_its_files_are_away(world: World) -> None:
    """The links were broken, and their files had gone to the other root, which is unmounted before the plan runs."""
    link = world.add_link(link_name(FILM, "SF"), world.add_file(stored_name(FILM, 0, 0), FILM), FILM)
    world.scan()
    world.move(world.end_of(link), stored_name(FILM, 5, 1))
    plan = world.plan()
    assert plan
    for how in ("empty", "gone", "folder"):
        world.hide(world.roots[1], how)
        before = world.links(), world.file_rows()
        report = world.apply(plan)
        assert {row["status"] for row in report["changes"]} <= {"skipped"}
        assert (world.links(), world.file_rows()) == before
        world.show(world.roots[1])
    assert {row["status"] for row in world.apply(plan)["changes"]} == {"done"}


def test_a_nameless_file_in_a_nameless_folder_is_not_the_same_one(world: World) -> None:
    """Each root has its "dump", and in it something called `-x.mkv`: that proves nothing."""
    other: Work = ("Solaris", 1972, 0, 0)
    link = world.add_link(link_name(FILM, "SF"), world.add_file("one/Films/dump/-x.mkv", FILM), FILM)
    world.scan()
    world.delete(world.end_of(link))
    world.add_file("two/Films/dump/-x.mkv", other)
    for scans in (False, True):
        if scans:
            world.scan()
        report = world.change("repair-links")
        assert [row["path"] for row in report["unresolved"]] == [link]
