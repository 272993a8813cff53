"""What a batch leaves on the disk, in the catalogue and in the journal; running a plan again."""

import os
from pathlib import Path

import pytest
from apply.library import LONG, ODD, snapshot

from cineorg.apply import plan_undo, steps
from cineorg.catalogue import journal
from cineorg.changes import MakeDir, MakeLink, Move, Relink, RemoveDir, RemoveLink, SetFilePath
from cineorg.errors import RefusedError
from cineorg.testing import snapshot as exact_state


def statuses(applied):
    return [outcome.status for outcome in applied.outcomes]


def test_every_kind_of_change(library):
    storage = exact_state(library.storage)
    ticks = []
    with library.open() as connection:
        applied = library.apply(connection, library.plan(), tick=ticks.append)
        found = journal.list_batches(connection)[0]
    assert set(statuses(applied)) == {"done"}
    assert sum(ticks) == len(library.plan())
    assert (found.id, found.command, found.undoes) == (applied.batch, "test", None)
    assert found.finished_at >= found.started_at
    assert snapshot(library.video) == {
        f"{library.video}/Films": "dir",
        library.action: "dir",
        f"{library.action}/a.mkv": f"-> {library.storage}/a2",
        library.new: "dir",
        f"{library.new}/c.mkv": f"-> {library.storage}/c",
        f"{library.new}/{ODD}": f"-> {library.storage}/odd2",
        f"{library.new}/A-F": "dir",
        f"{library.new}/A-F/b.mkv": "-> ../../../../storage/b",
        f"{library.new}/A-F/{LONG}": "-> ../../../../storage//e",
    }
    assert Path(f"{library.new}/A-F/b.mkv").read_text("utf-8") == "b"
    assert Path(f"{library.new}/A-F/{LONG}").read_text("utf-8") == "e"
    assert exact_state(library.storage) == storage
    library.check_rows()


def test_the_rows_follow(library):
    with library.open() as connection:
        connection.execute(
            "INSERT INTO cineorg_pins VALUES (?, ?, '2026')", (f"{library.action}/c.mkv".encode(), b"/storage/c")
        )
        connection.execute("UPDATE movies SET updated_at = 'long ago'")
        library.apply(connection, library.plan())
        video_files, links, movies, pins = library_rows(connection)
        odd = os.fsencode(f"{library.new}/{ODD}")
        assert (odd,) in video_files
        assert (f"{library.new}/c.mkv",) in video_files
        assert (None,) in video_files  # the removed one's
        assert (odd, f"{library.storage}/odd2".encode()) in links
        assert movies == [
            (f"{library.storage}/a2", 1),
            (os.fsencode(f"{library.storage}/{ODD}"), 1),
        ]
        assert pins == [(f"{library.new}/c.mkv".encode(), b"/storage/c")]


def library_rows(connection):
    return [
        connection.execute(query).fetchall()
        for query in (
            "SELECT symlink_path FROM video_files",
            "SELECT path, target FROM cineorg_links",
            "SELECT file_path, updated_at > '2026' FROM movies ORDER BY id",
            "SELECT path, target FROM cineorg_pins",
        )
    ]


def test_the_same_plan_again_changes_nothing(library):
    with library.open() as connection:
        library.apply(connection, library.plan())
        tree = snapshot(library.video)
        again = library.apply(connection, library.plan())
        assert again.batch is None
        assert set(statuses(again)) == {"skipped"}
        assert all(outcome.reason for outcome in again.outcomes)
        assert len(journal.list_batches(connection)) == 1
    assert snapshot(library.video) == tree


def test_nothing_to_do_is_no_batch(library):
    with library.open() as connection:
        assert library.apply(connection, []).batch is None
        assert journal.list_batches(connection) == []


def test_what_does_not_hold_any_longer_is_skipped_with_its_reason(library):
    action, storage = library.action, library.storage
    os.mkdir(f"{action}/folder")
    Path(f"{action}/file").write_text("mine", "utf-8")
    reasons = {
        Relink(f"{action}/a.mkv", "/other", "/new"): f"it points at {storage}/a now",
        Relink(f"{action}/gone.mkv", "/other", "/new"): "nothing is there any more",
        Relink(f"{action}/file", "/other", "/new"): "a file is there now",
        Relink(f"{action}/folder", "/other", "/new"): "a folder is there now",
        Relink(f"{action}/a.mkv", f"{storage}/a", f"{storage}/a"): "its old and new targets are the same",
        Relink(f"{library.video}/none/a.mkv", "/x", "/y"): f"the folder {library.video}/none does not exist",
        Move(f"{action}/a.mkv", f"{action}/file"): "its name is taken: a file is there now",
        Move(f"{action}/file", f"{action}/file2"): "a file is there now",
        Move(f"{action}/a.mkv", f"{library.new}/a.mkv"): f"the folder {library.new} does not exist",
        RemoveLink(f"{action}/file", "/x"): "a file is there now",
        RemoveDir(action): "the folder is not empty",
        RemoveDir(f"{action}/file"): "a file is there now",
        MakeDir(action): "a folder of that name is there already",
        MakeDir(f"{action}/a.mkv/x"): f"{action}/a.mkv is no folder of the video tree itself; nothing is changed"
        " through it",
        MakeLink(f"{action}/a.mkv", "/x"): f"its name is taken: it points at {storage}/a now",
        SetFilePath("movies", 1, "/other", "/new"): "the row has another file_path now",
        SetFilePath("movies", 99, None, "/new"): "the row is gone",
    }
    with library.open() as connection:
        applied = library.apply(connection, list(reasons))
        assert [(one.status, one.reason) for one in applied.outcomes] == [("skipped", why) for why in reasons.values()]
    assert Path(f"{action}/file").read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    "change",
    [
        Relink("{storage}/a", "x", "y"),
        RemoveLink("{video}/../storage/a", "x"),
        MakeDir("{video}"),
        RemoveDir("{video}"),
        MakeDir("{video}/a//b"),
        MakeDir("{video}/./b"),
        MakeDir("relative"),
        MakeDir("{video}2/x"),
        Move("{video}/Films/Action/a.mkv", "{storage}/new"),
        Move("{video}/Films/Action/a.mkv", "{video}/Films/Action/a.mkv"),
        SetFilePath("series", 1, None, "/x"),
        SetFilePath("movies", 2**63, None, "/x"),
    ],
    ids=str,
)
def test_one_change_that_does_not_belong_refuses_the_whole(library, change):
    fields = {
        name: value.format(video=library.video, storage=library.storage) if isinstance(value, str) else value
        for name, value in ((name, getattr(change, name)) for name in change.__slots__)
    }
    before = snapshot(library.video), library.rows()
    with library.open() as connection, pytest.raises(RefusedError, match="nothing was changed"):
        library.apply(connection, [*library.plan(), type(change)(**fields)])
    assert (snapshot(library.video), library.rows()) == before


def test_storage_shown_inside_the_video_tree_is_not_entered(library):
    """Without any link on the way, as a bind mount would: only the folder's identity tells."""
    inside = f"{library.video}/Films/Action"
    with library.open() as connection:
        library.storage = inside + "/."
        applied = library.apply(connection, [MakeDir(f"{inside}/new")])
    assert applied.outcomes[0].status == "skipped"
    assert "storage is never changed" in applied.outcomes[0].reason


def test_a_missing_video_root_is_refused(library):
    library.video += "/none"
    with library.open() as connection, pytest.raises(RefusedError, match="cannot be opened"):
        library.apply(connection, [MakeDir(f"{library.video}/new")])


def test_a_video_root_that_is_a_link_is_followed(library, tmp_path):
    os.symlink(library.video, tmp_path / "alias")
    library.video = str(tmp_path / "alias")
    with library.open() as connection:
        assert statuses(library.apply(connection, [MakeDir(f"{library.video}/new")])) == ["done"]


@pytest.mark.parametrize("name", ["\udcff\udcfe", "new\nline", "é" * 127 + "x", "-rf", " ", "\\", "\u202e"])
def test_any_name_and_any_target_pass_through(library, name):
    link, moved, target = f"{library.action}/{name}", f"{library.leaving}/{name}", f"/\udce9/\n/{name}"
    os.symlink(target, link)
    before = snapshot(library.video)
    plan = [
        Relink(link, target, target + "\udcff"),
        Move(link, moved),
        RemoveLink(moved, target + "\udcff"),
        MakeDir(moved),
        RemoveDir(moved),
        MakeLink(moved, target),
    ]
    with library.open() as connection:
        assert set(statuses(library.apply(connection, plan))) == {"done"}
        assert os.readlink(moved) == target
        assert [step.change for step in journal.list_steps(connection, 1)] == plan
        assert set(statuses(library.undo(connection))) == {"done"}
    assert snapshot(library.video) == before


def test_a_target_that_no_filesystem_takes_fails_and_the_rest_is_done(library):
    path = f"{library.action}/a.mkv"
    with library.open() as connection:
        applied = library.apply(
            connection, [Relink(path, f"{library.storage}/a", "/x" * 4000), MakeDir(f"{library.video}/new")]
        )
    assert statuses(applied) == ["failed", "done"]
    assert "too long" in applied.outcomes[0].reason
    assert os.readlink(path) == f"{library.storage}/a"


def test_where_the_kernel_lacks_renameat2_all_is_done_all_the_same(library, monkeypatch):
    monkeypatch.setattr(steps, "_renameat2", None)
    before = snapshot(library.video), library.rows()
    with library.open() as connection:
        assert set(statuses(library.apply(connection, library.plan()))) == {"done"}
        library.check_links()
        library.undo(connection)
    assert (snapshot(library.video), library.rows()) == before


def test_another_filesystem_at_the_video_root_leaves_pending_steps_alone(library):
    with library.open() as connection:
        library.apply(connection, library.plan())
        connection.execute("UPDATE cineorg_steps SET state = 'pending'")
        connection.execute("UPDATE cineorg_batches SET fstype = 'nfs4'")
        assert library.settle(connection) == 0
        assert plan_undo(connection, 1).changes == ()
        assert len(plan_undo(connection, 1).unresolved) == len(library.plan())


def test_ctrl_c_in_the_middle_leaves_a_settled_journal(library, monkeypatch):
    before = snapshot(library.video), library.rows()
    ticks = []

    def interrupt(count):
        ticks.append(count)
        if len(ticks) == 5:
            raise KeyboardInterrupt

    with library.open() as connection:
        with pytest.raises(KeyboardInterrupt):
            library.apply(connection, library.plan(), tick=interrupt)
        library.check_settled(connection)
        library.check_links()
        states = [step.state for step in journal.list_steps(connection, 1)]
        assert states == ["done"] * 5 + ["cancelled"] * 8
        library.undo(connection)
    assert (snapshot(library.video), library.rows()) == before
