"""Killed at any call: no link is lost, the next run settles, undo gives back the same tree and rows.

Calls that only read are left out: a kill at one of them finds the same disk and catalogue as a kill at the next call
that alters something.
"""

import os
import signal

import pytest
from apply.calls import Calls
from apply.library import snapshot

from cineorg.changes import Move
from cineorg.testing import snapshot as exact_state


def killed_child(work, calls, *, exchange=True):
    """Run `work(connection)` in a child, with `calls` watching; return whether it was killed."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            work(calls, exchange)
            code = 0
        finally:
            os._exit(code)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def kill(_name, _call):
    os.kill(os.getpid(), signal.SIGKILL)


def killing(at):
    return Calls(at, kill, Calls.ALTERING)


def applying(library, changes=None):
    def work(calls, exchange):
        with library.open() as connection, calls.watching(connection, exchange=exchange) as watched:
            library.apply(watched, library.plan() if changes is None else changes)

    return work


def calls_of_a_batch(library):
    """Return the names of the calls that the whole plan takes, in order."""
    calls = Calls(names=Calls.ALTERING)
    with library.open() as connection, calls.watching(connection) as watched:
        library.apply(watched, library.plan())
    return calls.names


@pytest.mark.parametrize("exchange", [True, False], ids=["renameat2", "plain"])
def test_a_batch_killed_at_each_call(new_library, exchange):
    at, was_killed = 0, True
    while was_killed:
        library = new_library()
        storage, tree, rows = exact_state(library.storage), snapshot(library.video), library.rows()
        was_killed = killed_child(applying(library), killing(at), exchange=exchange)
        library.check_links(temporary_allowed=True)
        with library.open() as connection:
            library.settle(connection)
            library.check_links()
            library.check_settled(connection)
            assert library.settle(connection) == 0
        library.check_rows()
        with library.open() as connection:
            library.undo(connection)
        assert snapshot(library.video) == tree, at
        assert library.rows() == rows, at
        assert exact_state(library.storage) == storage
        at += 1
    assert at > 50


def test_a_run_after_the_crash_does_the_rest(new_library):
    whole = new_library()
    with whole.open() as connection:
        whole.apply(connection, whole.plan())
    goal = {path.removeprefix(whole.video) for path in snapshot(whole.video)}
    at, was_killed = 0, True
    while was_killed:
        library = new_library()
        was_killed = killed_child(applying(library), killing(at))
        with library.open() as connection:
            library.settle(connection)
            library.apply(connection, library.plan())
        library.check_links()
        assert {path.removeprefix(library.video) for path in snapshot(library.video)} == goal, at
        library.check_rows()
        at += 1


def test_an_undo_killed_at_each_call(new_library):
    at, was_killed = 0, True
    while was_killed:
        library = new_library()
        tree, rows = snapshot(library.video), library.rows()
        with library.open() as connection:
            library.apply(connection, library.plan())

        def undoing(calls, exchange, library=library):
            with library.open() as connection, calls.watching(connection, exchange=exchange) as watched:
                library.undo(watched)

        was_killed = killed_child(undoing, killing(at))
        with library.open() as connection:
            library.settle(connection)
            library.check_links()
            library.check_settled(connection)
            library.undo(connection)
            assert snapshot(library.video) == tree, at
        assert library.rows() == rows, at
        at += 1
    assert at > 50


def test_settling_killed_at_each_call(new_library):
    """The first crash is where a temporary link stands, or a step is done that the journal calls pending."""
    names = calls_of_a_batch(new_library())
    for crash in [at + 1 for at, name in enumerate(names) if name in ("symlink", "renameat2", "rename", "fsync")]:
        at, was_killed = crash % 3, True
        while was_killed:
            library = new_library()
            assert killed_child(applying(library), killing(crash))

            def settling(calls, exchange, library=library):
                with library.open() as connection, calls.watching(connection, exchange=exchange) as watched:
                    library.settle(watched)

            was_killed = killed_child(settling, killing(at))
            library.check_links(temporary_allowed=True)
            with library.open() as connection:
                library.settle(connection)
                library.check_settled(connection)
            library.check_links()
            library.check_rows()
            at += 3


def test_rows_that_the_batch_had_reached_are_completed(new_library):
    """Killed when all is done on the disk and nothing is recorded: the rows that went with it follow."""
    at = calls_of_a_batch(new_library()).index("fsync")
    library = new_library()
    assert killed_child(applying(library), killing(at))
    with library.open() as connection:
        assert library.settle(connection) == len(library.plan())
        assert [row[0] for row in connection.execute("SELECT DISTINCT state FROM cineorg_steps")] == ["done"]
        named = connection.execute("SELECT file_path FROM movies WHERE id = 1").fetchone()[0]
        assert named == library.storage + "/a2"


def test_rows_that_the_batch_had_not_reached_stay(new_library):
    at = calls_of_a_batch(new_library()).index("symlink")
    library = new_library()
    assert killed_child(applying(library), killing(at))
    rows = library.rows()
    with library.open() as connection:
        assert library.settle(connection) == len(library.plan())
        assert [row[0] for row in connection.execute("SELECT DISTINCT state FROM cineorg_steps")] == ["cancelled"]
    assert library.rows() == rows


def test_a_moved_link_that_somebody_removed_before_we_settled_is_put_back(new_library):
    """Killed with the old link under our temporary name; its successor has gone since: the old one returns."""
    library = new_library()
    old = f"{library.action}/b.mkv"
    calls = Calls(names=Calls.ALTERING)
    change = Move(old, f"{library.video}/b.mkv")
    with library.open() as connection, calls.watching(connection) as watched:
        library.apply(watched, [change])
    library = new_library()
    assert killed_child(applying(library, [change]), killing(calls.names.index("unlink")))
    assert not os.path.lexists(old)
    os.unlink(change.new_path)
    with library.open() as connection:
        assert library.settle(connection) == 1
        assert os.readlink(old) == "../../../storage/b"
        assert [row[0] for row in connection.execute("SELECT state FROM cineorg_steps")] == ["cancelled"]
    assert not [path for path in snapshot(library.video) if ".cineorg-" in path]
