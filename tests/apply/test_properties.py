"""Random trees and random plans: undo is the identity, no subset of a plan loses a link, twice is once."""

import contextlib
import os
import shutil
import tempfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cineorg.apply import apply_changes, plan_undo, preview_changes, settle_pending
from cineorg.catalogue import open_catalogue
from cineorg.changes import MakeDir, MakeLink, Move, Relink, RemoveDir, RemoveLink, SetFilePath
from cineorg.paths import to_bytes

NAMES = ["a", "b", "Ça\udcff", "new\nline", "é" * 127 + "x", "-x", "c.mkv"]
FOLDERS = ["", "d1", "d2", "d1/e"]
TARGETS = ["/storage/f", "../up", "../../s/f", "f", "./x//y", "d1/e/f", "\udce9/\n", ".."]
ROOM = settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

names = st.sampled_from(NAMES)
places = st.builds(lambda folder, name: f"{folder}/{name}".lstrip("/"), st.sampled_from(FOLDERS), names)
trees = st.dictionaries(places, st.sampled_from(TARGETS), max_size=10)
targets = st.sampled_from(TARGETS)
any_changes = st.lists(
    st.builds(Relink, places, targets, targets)
    | st.builds(Move, places, places)
    | st.builds(RemoveLink, places, targets)
    | st.builds(MakeLink, places, targets)
    | st.builds(MakeDir, places | st.sampled_from(FOLDERS[1:]))
    | st.builds(RemoveDir, places | st.sampled_from(FOLDERS[1:]))
    | st.builds(
        SetFilePath,
        st.just("movies"),
        st.integers(1, 2),
        st.sampled_from([None, "/a", "/\udcff"]),
        st.sampled_from([None, "/a", "/\udcff"]),
    ),
    max_size=14,
)


class World:
    """A video tree and a catalogue that knows its links, in memory and at one place."""

    def __init__(self, base, links):
        self.video, self.db = base + "/v", base + "/c.db"
        for folder in FOLDERS:
            os.makedirs(f"{self.video}/{folder}", exist_ok=True)
        for path, target in links.items():
            os.symlink(target, f"{self.video}/{path}")
        with self.open() as connection:
            connection.executemany(
                "INSERT INTO video_files (path, symlink_path, filename, size_bytes) VALUES ('x', ?, 'x', 1)",
                [(to_bytes(f"{self.video}/{path}"),) for path in links],
            )
            connection.executemany(
                "INSERT INTO cineorg_links (path, target, first_seen) VALUES (?, ?, '2026')",
                [(to_bytes(f"{self.video}/{path}"), to_bytes(target)) for path, target in links.items()],
            )
            connection.executemany(
                "INSERT INTO cineorg_places VALUES (?, ?, ?, X'2f', 'ext4', '', 0, '2026')",
                [
                    (to_bytes(f"{self.video}/{name}".rstrip("/")), "folder" if name else "video", held)
                    for name in FOLDERS
                    for held in [sum(path.startswith(f"{name}/" if name else "") for path in links)]
                ],
            )
            connection.execute("INSERT INTO movies (title, file_path) VALUES ('a', '/a'), ('b', NULL)")

    @contextlib.contextmanager
    def open(self):
        with open_catalogue(self.db, write=True) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            yield connection

    def rooted(self, change):
        """Return the change with its paths under this world's video root."""
        moved = {
            name: f"{self.video}/{getattr(change, name)}" for name in ("path", "new_path") if hasattr(change, name)
        }
        others = {name: getattr(change, name) for name in change.__slots__ if name not in moved}
        return type(change)(**moved, **others)

    def apply(self, connection, changes, undoes=None):
        settle_pending(connection, self.video)
        return apply_changes(
            connection,
            changes,
            command="test",
            video_root=self.video,
            storage_roots=("/none",),
            guards=None,
            undoes=undoes,
        )

    def preview(self, connection, changes, undoes=None):
        return preview_changes(
            connection, changes, video_root=self.video, storage_roots=("/none",), guards=None, undoes=undoes
        )

    def state(self, connection):
        """Return all links and folders, and the rows that applying may alter."""
        entries = {}
        for folder, folders, files in os.walk(self.video):
            for name in folders + files:
                path = os.path.join(folder, name)
                entries[path] = os.readlink(path) if os.path.islink(path) else "\0dir"
        rows = [
            connection.execute("SELECT id, CAST(symlink_path AS BLOB) FROM video_files ORDER BY id").fetchall(),
            connection.execute("SELECT path, target, first_seen FROM cineorg_links ORDER BY path").fetchall(),
            connection.execute("SELECT id, CAST(file_path AS BLOB) FROM movies ORDER BY id").fetchall(),
            connection.execute("SELECT path, files FROM cineorg_places ORDER BY path").fetchall(),
        ]
        return entries, rows


@pytest.fixture(scope="module")
def empty_catalogue(tmp_path_factory):
    path = str(tmp_path_factory.mktemp("empty") / "c.db")
    with open_catalogue(path, write=True):
        pass
    return path


@contextlib.contextmanager
def world(empty_catalogue, links):
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="cineorg-", dir=memory) as base:
        shutil.copy(empty_catalogue, base + "/c.db")
        yield World(base, links)


@ROOM
@given(trees, any_changes)
def test_undo_after_any_changes_is_the_identity(empty_catalogue, links, changes):
    with world(empty_catalogue, links) as here, here.open() as connection:
        before = here.state(connection)
        plan = [here.rooted(change) for change in changes]
        plan = [change for change in plan if not isinstance(change, Move) or change.path != change.new_path]
        applied = here.apply(connection, plan)
        assert all(outcome.status == "done" or outcome.reason for outcome in applied.outcomes)
        entries, rows = here.state(connection)
        check_rows_agree(entries, rows, made=[change for change in plan if isinstance(change, MakeLink)])
        after = entries, rows
        undo = plan_undo(connection)
        assert bool(undo.changes) == (applied.batch is not None and "done" in {one.status for one in applied.outcomes})
        undone = here.apply(connection, undo.changes, undo.batch)
        assert {outcome.status for outcome in undone.outcomes} <= {"done"}
        assert here.state(connection) == before
        if undone.batch:
            redone = plan_undo(connection, undone.batch)
            here.apply(connection, redone.changes, redone.batch)
            assert here.state(connection) == after


@ROOM
@given(trees, any_changes)
def test_the_dry_run_says_what_the_run_does(empty_catalogue, links, changes):
    with world(empty_catalogue, links) as here, here.open() as connection:
        plan = [here.rooted(change) for change in changes]
        plan = [change for change in plan if not isinstance(change, Move) or change.path != change.new_path]
        before = here.state(connection)
        said = here.preview(connection, plan)
        assert here.state(connection) == before
        done = here.apply(connection, plan).outcomes
        assert [(each.status.replace("planned", "done"), each.reason) for each in said] == [
            (each.status, each.reason) for each in done
        ]


def check_rows_agree(entries, rows, made):
    """Fail unless inventory and video_files name links that are there (nobody has scanned those just made)."""
    links = {to_bytes(path): to_bytes(text) for path, text in entries.items() if text != "\0dir"}
    inventory = {path: target for path, target, _ in rows[1]}
    assert {place: sum(path.startswith(place + b"/") for path in inventory) for place, _ in rows[3]} == dict(rows[3])
    if not made:
        assert inventory == links
        assert {path for _, path in rows[0] if path} == set(links)
    assert set(inventory.items()) <= set(links.items()) or made


@st.composite
def sound_plans(draw):
    """Return a tree and a plan for it as a planner makes it: each link is touched once, each new name is free."""
    links = draw(trees)
    paths = sorted(links)
    draw(st.randoms(use_true_random=False)).shuffle(paths)
    plan, free = [], [f"d2/free{number}" for number in range(len(paths))]
    for path in paths:
        kind = draw(st.sampled_from(["relink", "move", "remove", "nothing"]))
        if kind == "relink":
            plan.append(Relink(path, links[path], "/new/" + path))
        elif kind == "move":
            plan.append(Move(path, free.pop()))
        elif kind == "remove":
            plan.append(RemoveLink(path, links[path]))
    return links, plan


@ROOM
@given(sound_plans(), st.data())
def test_any_part_of_a_plan_in_any_order_loses_no_link(empty_catalogue, sound, data):
    links, plan = sound
    part = data.draw(st.lists(st.sampled_from(plan), unique=True) if plan else st.just([]))
    with world(empty_catalogue, links) as here, here.open() as connection:
        applied = here.apply(connection, [here.rooted(change) for change in part])
        assert {outcome.status for outcome in applied.outcomes} <= {"done"}
        entries = here.state(connection)[0]
        found = {path: text for path, text in entries.items() if text != "\0dir"}
        removed = sum(isinstance(change, RemoveLink) for change in part)
        assert len(found) == len(links) - removed
        check_rows_agree(*here.state(connection), made=[])
        again = here.apply(connection, [here.rooted(change) for change in part])
        assert {outcome.status for outcome in again.outcomes} <= {"skipped"}
        assert again.batch is None
        rest = [here.rooted(change) for change in plan if change not in part]
        assert {outcome.status for outcome in here.apply(connection, rest).outcomes} <= {"done"}
