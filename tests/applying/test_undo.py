"""Undo, redo, undo of a part, undo of what has changed since."""

import os

import pytest
from applying.library import snapshot

from cineorg.applying import plan_undo
from cineorg.changes import MakeDir, RemoveDir
from cineorg.errors import InputError


def statuses(applied):
    return [outcome.status for outcome in applied.outcomes]


def test_undo_gives_everything_back_and_redo_does_it_again(library):
    before = snapshot(library.video), library.rows()
    with library.open() as connection:
        library.apply(connection, library.plan())
    after = snapshot(library.video), library.rows()
    with library.open() as connection:
        undone = library.undo(connection)
    assert set(statuses(undone)) == {"done"}
    assert (snapshot(library.video), library.rows()) == before
    with library.open() as connection:
        again = plan_undo(connection)
        assert (again.batch, again.changes, again.undone_before) == (1, (), len(library.plan()))
        assert library.undo(connection).batch is None
        assert set(statuses(library.undo(connection, undone.batch))) == {"done"}  # redo
    assert (snapshot(library.video), library.rows()) == after
    with library.open() as connection:
        assert set(statuses(library.undo(connection, 1))) == {"done"}
    assert (snapshot(library.video), library.rows()) == before


def test_undo_leaves_alone_what_has_changed_since(library):
    with library.open() as connection:
        library.apply(connection, library.plan())
        os.unlink(f"{library.action}/a.mkv")
        os.symlink("/by/hand", f"{library.action}/a.mkv")
        connection.execute("UPDATE movies SET file_path = '/by/hand' WHERE id = 1")
        undone = library.undo(connection)
        skipped = {outcome.change.op for outcome in undone.outcomes if outcome.status == "skipped"}
        assert skipped == {"relink", "set_file_path"}
        assert os.readlink(f"{library.action}/a.mkv") == "/by/hand"
        assert len(plan_undo(connection, 1).changes) == 2  # these still hold
    assert os.readlink(f"{library.action}/b.mkv") == "../../../storage/b"


def test_undo_of_a_part_leaves_the_rest_to_undo(library):
    before = snapshot(library.video), library.rows()
    with library.open() as connection:
        library.apply(connection, library.plan())
        plan = plan_undo(connection)
        library.apply(connection, plan.changes[:4], undoes=plan.batch)
        assert plan_undo(connection, 1).changes == plan.changes[4:]
        assert plan_undo(connection, 1).undone_before == 4
        library.undo(connection)
    assert (snapshot(library.video), library.rows()) == before


def test_undo_names_batches(library):
    with library.open() as connection:
        assert plan_undo(connection).batch is None
        with pytest.raises(InputError, match="no batch 7"):
            plan_undo(connection, 7)
        library.apply(connection, [MakeDir(f"{library.video}/one")])
        library.apply(connection, [MakeDir(f"{library.video}/two")])
        library.apply(connection, [MakeDir(f"{library.video}/two")])
        assert plan_undo(connection).batch == 2
        assert plan_undo(connection, 1).changes == (RemoveDir(f"{library.video}/one", "undo of batch 1"),)
