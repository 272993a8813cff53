"""Undo, redo, undo of a part, undo of what has changed since."""

import os
import stat

import pytest
from apply.library import access, snapshot

from cineorg.apply import plan_undo
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
        assert plan_undo(connection).batch is None
        again = plan_undo(connection, 1)
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


def test_a_removed_folder_comes_back_with_its_access(library):
    """A journal that was written before this was recorded gives back the folder all the same."""
    path = f"{library.video}/Films/Empty"
    for is_old in (False, True):
        before = access(path)
        with library.open() as connection:
            library.apply(connection, [RemoveDir(path)])
            if is_old:
                connection.execute("UPDATE cineorg_steps SET found_json = '{}'")
            undone = library.undo(connection)
        assert [(outcome.status, outcome.reason) for outcome in undone.outcomes] == [("done", "")]
        assert before[0] == 0o1705
        assert access(path) == ((0o777 & ~umask(), *before[1:]) if is_old else before)


def test_undoing_an_undo_looks_at_the_folder_anew(library):
    path = f"{library.video}/Films/Empty"
    with library.open() as connection:
        library.apply(connection, [RemoveDir(path)])
        undone = library.undo(connection)
        os.chmod(path, 0o711)
        redone = library.undo(connection, undone.batch)
        assert not os.path.lexists(path)
        library.undo(connection, redone.batch)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o711


def test_a_folder_that_the_batch_itself_had_made_needs_no_access(library):
    path = f"{library.video}/Films/Passing"
    with library.open() as connection:
        applied = library.apply(connection, [MakeDir(path), RemoveDir(path)])
        assert statuses(applied) == ["done", "done"]
        assert statuses(library.undo(connection)) == ["done", "done"]
    assert not os.path.lexists(path)


def test_a_name_that_was_taken_while_the_folder_was_made_is_left_alone(library, monkeypatch):
    path = f"{library.video}/Films/Empty"
    with library.open() as connection:
        library.apply(connection, [RemoveDir(path)])
        real = os.fchmod

        def fchmod(descriptor, mode):
            real(descriptor, mode)
            os.mkdir(path, 0o700)

        monkeypatch.setattr(os, "fchmod", fchmod)
        (outcome,) = library.undo(connection).outcomes
    assert (outcome.status, outcome.reason) == ("skipped", "the name has just been taken")
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o700
    assert not [name for name in os.listdir(f"{library.video}/Films") if name.startswith(".cineorg-")]


def umask():
    """Return what the system takes from the mode of a new folder."""
    now = os.umask(0)
    os.umask(now)
    return now


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
