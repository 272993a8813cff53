"""Several runs at once, and a run of somebody who may not do everything."""

import os
import shutil
import sys
import tempfile
from pathlib import Path

import pytest
from apply.library import ODD, Library, access, snapshot

from cineorg.catalogue import open_catalogue
from cineorg.changes import Move, RemoveDir
from cineorg.errors import RefusedError


def in_child(work):
    """Run `work` in a child process; return its exit status."""
    pid = os.fork()
    if pid == 0:
        code = 99
        try:
            code = work()
        except BaseException as error:
            print(repr(error), file=sys.stderr)
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def test_a_second_run_at_the_same_time_is_refused(library):
    def second():
        try:
            with open_catalogue(library.db, write=True):
                return 0
        except RefusedError as error:
            return error.exit_code

    with library.open() as connection:
        assert in_child(second) == 4
        library.apply(connection, library.plan())
    assert in_child(second) == 0


def test_many_runs_at_once_do_the_plan_once(library):
    ready, go = os.pipe()

    def run():
        os.read(ready, 1)
        for _ in range(500):
            try:
                with library.open() as connection:
                    library.settle(connection)
                    applied = library.apply(connection, library.plan())
                    return 10 if applied.batch else 20
            except RefusedError:
                continue
        return 30

    children = []
    for _ in range(4):
        pid = os.fork()
        if pid == 0:
            try:
                code = run()
            except BaseException:
                code = 99
            os._exit(code)
        children.append(pid)
    os.write(go, b"x" * 4)
    codes = [os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in children]
    os.close(ready)
    os.close(go)
    assert codes.count(10) == 1
    assert set(codes) <= {10, 20, 30}
    library.check_links()
    library.check_rows()


def give_away(base):
    """Give everything to a user without rights."""
    for folder, folders, files in os.walk(base):
        for path in [folder, *(os.path.join(folder, name) for name in folders + files)]:
            os.chown(path, 65534, 65534, follow_symlinks=False)


def test_a_folder_that_may_not_be_written_to(tmp_path_factory):
    """As a user without rights: those links stay, the others are done, and the reason says so."""
    base = Path(tempfile.mkdtemp(prefix="cineorg-test-"))
    try:
        library = Library(base / "library")
        library.build()
        if os.getuid() == 0:
            give_away(base)
        before = snapshot(library.video)

        def work():
            if os.getuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            os.chmod(library.action, 0o555)
            with library.open() as connection:
                applied = library.apply(connection, library.plan())
                by_path = {outcome.change: outcome for outcome in applied.outcomes}
                for change, outcome in by_path.items():
                    if getattr(change, "path", "").startswith(library.action + "/"):
                        if isinstance(change, Move) and change.path.endswith(ODD):
                            continue
                        assert (outcome.status, outcome.reason) == ("failed", "no permission to change this folder")
                    else:
                        assert outcome.status == "done", outcome
                library.check_links()
                library.check_settled(connection)
                library.undo(connection)
            return 0

        assert in_child(work) == 0
        os.chmod(library.action, 0o755)
        assert snapshot(library.video) == before
    finally:
        shutil.rmtree(base)


def test_an_owner_that_may_not_be_given_back_is_no_failure():
    """Anybody may remove another's empty folder from a folder of his own; made again, it is his."""
    if os.getuid() != 0:
        pytest.skip("only root can make what belongs to another")
    base = Path(tempfile.mkdtemp(prefix="cineorg-test-"))
    try:
        library = Library(base / "library")
        library.build()
        empty = f"{library.video}/Films/Empty"
        give_away(base)

        def work():
            os.setgroups([50])
            os.setgid(65534)
            os.setuid(65534)
            with library.open() as connection:
                library.apply(connection, [RemoveDir(empty)])
                (outcome,) = library.undo(connection).outcomes
            assert outcome.status == "done"
            assert outcome.reason == (
                "it had mode 1755, owner 0, group 50; it could only be given mode 1755, owner 65534, group 50"
            )
            return 0

        os.chown(empty, 0, 50)
        os.chmod(empty, 0o1755)
        assert in_child(work) == 0
        assert access(empty) == (0o1755, 65534, 50)
    finally:
        shutil.rmtree(base)
