"""Each call that touches disk or catalogue fails once in turn, with every error: the invariants hold each time."""

import contextlib
import errno
import sqlite3

import pytest
from apply.calls import Calls, failing, failing_late
from apply.library import snapshot

from cineorg.changes import SetFilePath
from cineorg.errors import RefusedError
from cineorg.testing import snapshot as exact_state

ERRORS = "ENOENT EACCES EIO ESTALE ENOTCONN ELOOP ENAMETOOLONG ENOSPC EROFS EXDEV EEXIST EINVAL".split()


def check_after(library, applied, before, at):
    """Check what must hold after a batch in which something failed, then undo it and check again."""
    storage, tree, rows = before
    library.check_links()
    with library.open() as connection:
        library.settle(connection)
        library.check_settled(connection)
        library.check_links()
    library.check_rows()
    if applied:
        agree_with_disk(library, applied)
    with library.open() as connection:
        library.undo(connection)
    assert snapshot(library.video) == tree, at
    assert library.rows() == rows, at
    assert exact_state(library.storage) == storage


def agree_with_disk(library, applied):
    found = snapshot(library.video)
    for outcome in applied.outcomes:
        change = outcome.change
        assert outcome.status == "done" or outcome.reason
        if change.op == "remove_link":
            assert (change.path in found) == (outcome.status != "done")
        if change.op == "move" and outcome.status == "done":
            assert change.path not in found
            assert change.new_path in found
        if change.op == "make_dir":
            assert (found.get(change.path) == "dir") == (outcome.status == "done")


def calls_to_fail(library, error):
    """Return the numbers of the calls of the whole plan that are to fail with this error.

    Those on the disk fail with every error, a statement with one: SQLite has its own words for whatever happened.
    """
    calls = Calls()
    with library.open() as connection, calls.watching(connection) as watched:
        library.apply(watched, library.plan())
    return [at for at, name in enumerate(calls.names) if error == "EIO" or not name.startswith("execute")]


def run_with_a_failure(library, what, at):
    """Apply the plan with call number `at` failing, and check what must hold then and after undo."""
    before = exact_state(library.storage), snapshot(library.video), library.rows()
    calls, applied = Calls(at, what), None
    expected = contextlib.suppress(sqlite3.Error, RefusedError)
    with library.open() as connection, calls.watching(connection) as watched, expected:
        applied = library.apply(watched, library.plan())
    assert len(calls.names) > at
    check_after(library, applied, before, at)


@pytest.mark.parametrize("error", ERRORS)
def test_each_call_fails_once(new_library, error):
    for at in calls_to_fail(new_library(), error):
        run_with_a_failure(new_library(), failing(getattr(errno, error)), at)


@pytest.mark.parametrize("error", ["EIO", "ESTALE", "ENOTCONN"])
def test_each_call_takes_effect_and_fails_all_the_same(new_library, error):
    for at in calls_to_fail(new_library(), error):
        run_with_a_failure(new_library(), failing_late(getattr(errno, error)), at)


NOT_GIVEN = {"EPERM", "EACCES", "ENOTSUP", "EINVAL", "ENOSYS"}  # no failure of a folder that is made again


@pytest.mark.parametrize("late", [failing, failing_late])
@pytest.mark.parametrize("error", "ENOENT EPERM EACCES EIO EEXIST EINVAL".split())
def test_each_call_of_an_undo_fails_once(new_library, error, late):
    """A second undo gives back what the first could not; a refused mode or owner is said, and no reason to stop."""

    def applied():
        library = new_library()
        with library.open() as connection:
            library.apply(connection, library.plan())
        return library

    calls = Calls()
    before = snapshot(new_library().video)
    library = applied()
    with library.open() as connection, calls.watching(connection) as watched:
        library.undo(watched)
    assert calls.names.count("fchmod") == 2
    some = [at for at, name in enumerate(calls.names) if name in (*Calls.ALTERING, "renameat2") or at % 7 == 0]
    spoken = []
    for at in (at for at in some if not calls.names[at].startswith("execute")):
        library = applied()
        undone, failing_once = None, Calls(at, late(getattr(errno, error)))
        with library.open() as connection:
            with contextlib.suppress(sqlite3.Error, RefusedError), failing_once.watching(connection) as watched:
                undone = library.undo(watched)
            library.check_links()
            library.settle(connection)
            library.undo(connection, 1)
            library.check_settled(connection)
        tree, is_refused = snapshot(library.video), calls.names[at] in ("fchmod", "fchown") and error in NOT_GIVEN
        if is_refused:
            assert {outcome.status for outcome in undone.outcomes} == {"done"}
            spoken += [outcome.reason for outcome in undone.outcomes if outcome.reason]
            tree = {path: before[path] if text.startswith("dir") else text for path, text in tree.items()}
        assert tree == before, (at, calls.names[at])
    assert len(some) > 40
    assert bool(spoken) == (error in NOT_GIVEN and late is failing)
    assert all("it could only be given mode" in reason for reason in spoken)


@pytest.mark.parametrize("error", ["EIO", "EACCES"])
def test_everything_fails_from_one_call_on(new_library, error):
    """The disk is dead until the next run: nothing is lost, and that run settles what this one could not."""
    number = getattr(errno, error)
    names = Calls.READING + Calls.ALTERING
    for at in range(0, 700, 5):
        library = new_library()
        before = exact_state(library.storage), snapshot(library.video), library.rows()
        calls = Calls(at, failing(number), names, lasting=True)
        expected = contextlib.suppress(sqlite3.Error, RefusedError)
        with library.open() as connection, calls.watching(connection) as watched, expected:
            library.apply(watched, library.plan())
        library.check_links(temporary_allowed=True)
        with library.open() as connection:
            library.settle(connection)
        check_after(library, None, before, at)


def test_a_full_disk_under_the_catalogue(new_library):
    """SQLite cannot write any more: before the first step nothing is done, later what was done is settled."""
    for spare in (0, 1, 2, 3):
        library = new_library()
        before = exact_state(library.storage), snapshot(library.video), library.rows()
        with library.open() as connection:
            connection.execute("CREATE TABLE ballast (x)")
            pages = connection.execute("PRAGMA page_count").fetchone()[0]
            connection.execute(f"PRAGMA max_page_count = {pages + spare}")
            ballast = [SetFilePath("movies", 3 + number, None, "/" + "y" * 900) for number in range(5)]
            with contextlib.suppress(sqlite3.OperationalError):
                library.apply(connection, [*library.plan(), *ballast])
        with library.open() as connection:
            connection.execute("DROP TABLE ballast")
        check_after(library, None, before, spare)
