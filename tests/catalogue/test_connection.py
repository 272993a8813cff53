"""Opening the catalogue: every file that is none, every refusal in one line, and nothing damaged by any of it."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from fuse_mounts import fuse_mounted
from helpers import REPOSITORY, Library, finish, mounted, run_command, snapshot, unprivileged

from cineorg.catalogue import connection, journal_mode, open_catalogue, transaction
from cineorg.catalogue.migrations import MIGRATIONS
from cineorg.errors import CatalogueError, RefusedError
from cineorg.trees.mounts import Filesystem


@pytest.fixture(autouse=True)
def hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_TIMEOUT_S", 0.05)


def make_directory(path: Path) -> None:
    path.mkdir()


def make_text(path: Path) -> None:
    path.write_text("this is no database, but it is longer than the hundred bytes of an SQLite header, " * 20)


def make_short_text(path: Path) -> None:
    path.write_text("no database")


def make_newer(path: Path) -> None:
    with open_catalogue(str(path), write=True) as db:
        db.execute("INSERT INTO cineorg_migrations VALUES ('m999_future', '')")


def make_foreign(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db, db:
        db.execute("CREATE TABLE moz_places (id INTEGER)")


def make_damaged(path: Path) -> None:
    with open_catalogue(str(path), write=True) as db:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = bytearray(path.read_bytes())
    raw[100:3000] = b"\xaa" * 2900
    path.write_bytes(raw)


UNUSABLE: dict[str, tuple[Callable[[Path], None], str]] = {
    "directory": (make_directory, "is a directory"),
    "text": (make_text, "is not an SQLite database"),
    "short text": (make_short_text, "is not an SQLite database"),
    "newer schema": (make_newer, "newer cineorg (m999_future)"),
    "another program's": (make_foreign, "another program"),
    "damaged": (make_damaged, "is damaged"),
}


@pytest.mark.parametrize("command", ["scan", "integrity"])
@pytest.mark.parametrize("case", UNUSABLE)
def test_a_file_that_is_no_catalogue(case: str, command: str, library: Library) -> None:
    make, words = UNUSABLE[case]
    library.films(3)
    path = Path(library.db)
    make(path)
    before = None if path.is_dir() else path.read_bytes()
    result = library.run(command, "--json")
    assert (result.code, result.out) == (2, b"")
    assert words in result.err
    assert str(path) in result.err
    assert result.err.count("\n") == 1
    assert (None if path.is_dir() else path.read_bytes()) == before


def test_an_empty_file_becomes_a_catalogue(library: Library) -> None:
    Path(library.db).touch()
    assert "run `cineorg scan" in library.films(3).run("integrity").err
    library.scan(code=0)
    assert library.integrity(code=0)["complete"]


def test_made_on_first_use_but_no_folder_for_it(library: Library) -> None:
    library.db = str(library.base / "new" / "c?#%20 é.db")
    assert library.films(3).run("integrity").code == 2
    result = library.run("scan")
    assert (result.code, "there is no folder" in result.err) == (2, True)
    assert not os.path.exists(library.base / "new")
    os.mkdir(library.base / "new")
    library.scan(code=0)
    assert library.integrity(code=0)["library"]["db"] == library.db


def test_the_folder_of_the_default_catalogue_is_made(library: Library, away_from_home: Path) -> None:
    library.films(3)
    roots = ["--storage", library.storage, "--video", library.video]
    assert run_command(["scan", *roots]).code == 0
    assert os.path.getsize(away_from_home / "data" / "cineorg" / "cineorg.db") > 0


COMPANIONS = ["c.db.lock", "c.db-wal", "c.db-shm", "c.db-journal"]


@pytest.mark.parametrize("name", COMPANIONS)
@pytest.mark.parametrize("kind", ["link", "hard link", "named pipe", "folder"])
def test_no_file_beside_the_catalogue_leads_to_a_stored_one(library: Library, name: str, kind: str) -> None:
    library.db = str(library.base / "c.db")
    library.add({"Films/Heat.1995.mkv": b"x" * 5000}, {"Films/Heat (1995).mkv": "@/Films/Heat.1995.mkv"})
    if kind == "hard link" and name != "c.db.lock":
        pytest.skip("SQLite itself refuses a companion that is not one")
    film, companion = library.stored("Films/Heat.1995.mkv"), library.base / name
    make = {"link": os.symlink, "hard link": os.link}.get(kind)
    if make:
        make(film, companion)
    else:
        (os.mkfifo if kind == "named pipe" else os.mkdir)(companion)
    before = snapshot(library.storage)
    result = library.run("scan")
    assert result.code == 2, result.err
    assert "remove it" in result.err
    assert {path: found[:3] for path, found in snapshot(library.storage).items()} == {
        path: found[:3] for path, found in before.items()
    }


def test_a_catalogue_named_by_a_link_has_the_same_lock(library: Library) -> None:
    library.films(3).scan()
    other = str(library.base / "alias.db")
    os.symlink(library.db, other)
    hard = str(library.base / "hard.db")
    os.link(library.db, hard)
    for name in (other, hard):
        with open_catalogue(library.db, write=True), pytest.raises(RefusedError), open_catalogue(name, write=True):
            pass


def test_settings_of_the_connection(library: Library) -> None:
    with open_catalogue(library.db, write=True) as db:
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)
    with open_catalogue(library.db) as db, pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("CREATE TABLE t (a)")


def test_a_catalogue_on_a_network_filesystem(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.films(3).scan()
    nfs = Filesystem("/", "nfs4", "nas:/c", 50)
    with monkeypatch.context() as patch:
        patch.setattr(journal_mode, "identify", lambda _: nfs)
        result = library.run("scan", "--json")
        assert result.code == 0
        assert "lies on a network filesystem" in result.err
        assert library.rows("PRAGMA journal_mode") == [("delete",)]
        assert not os.path.exists(library.db + "-wal")
        assert "network" not in library.run("scan", "-q").err
        assert library.integrity(code=0)["complete"]
    library.scan()
    assert library.rows("PRAGMA journal_mode") == [("wal",)]


@pytest.mark.parametrize("earlier", ["", "in WAL mode"])
def test_a_catalogue_on_a_filesystem_that_cannot_share_memory(earlier: str, library: Library, tmp_path: Path) -> None:
    (tmp_path / "behind").mkdir()
    library.films(3)
    library.db = str(tmp_path / "behind" / "c.db")
    if earlier:
        library.scan()
        assert library.rows("PRAGMA journal_mode") == [("wal",)]
    with fuse_mounted(tmp_path / "behind", tmp_path / "mount", "mergerfs") as mount:
        library.db = f"{mount.path}/c.db"
        library.scan()
        assert library.rows("PRAGMA journal_mode") == [("delete",)]
        library.move("Films/Films.1.2001.mkv", "Films/other.mkv")
        assert library.report("repair-links", "--auto", code=0)["summary"]["done"] > 0
        assert library.integrity(code=0)["complete"]


def test_two_writers(library: Library) -> None:
    library.films(3).scan()
    with open_catalogue(library.db, write=True):
        result = library.run("scan", "--json")
        assert (result.code, result.out) == (4, b"")
        assert f"pid {os.getpid()})" in result.err
        assert library.integrity(code=0)["complete"]  # readers never wait
    assert library.run("scan").code == 0


def test_the_lock_dies_with_its_holder(library: Library) -> None:
    library.films(3).scan()
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "import sys\nfrom cineorg.catalogue import open_catalogue\n"
            "with open_catalogue(sys.argv[1], write=True):\n print('ready', flush=True)\n sys.stdin.read()",
            library.db,
        ],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    with holder:
        assert holder.stdout and holder.stdout.readline() == b"ready\n"
        result = library.run("scan")
        assert result.code == 4
        assert f"pid {holder.pid})" in result.err
        holder.kill()
    assert library.run("scan").code == 0


@pytest.mark.parametrize("mode", ["wal", "delete"])
def test_locked_by_another_program(mode: str, library: Library) -> None:
    library.films(3).scan()
    library.rows(f"PRAGMA journal_mode = {mode}")
    with closing(sqlite3.connect(library.db, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = library.run("scan")
        assert result.code == 4
        assert "another program is writing" in result.err
        assert library.integrity(code=0)["complete"]
        other.execute("ROLLBACK")
    assert library.run("scan").code == 0


def test_a_read_only_file(library: Library) -> None:
    library.films(3).scan()
    os.chmod(library.db, 0o444)
    before = Path(library.db).read_bytes()
    library.add({"Films/new.mkv": 1})
    result = finish(library.start("scan", prefix=unprivileged()))
    assert (result.code, result.out) == (2, b"")
    assert "is read-only" in result.err
    assert result.err.count("\n") == 1
    assert Path(library.db).read_bytes() == before
    assert finish(library.start("integrity", "--json", prefix=unprivileged())).json["complete"]


@pytest.mark.parametrize("wal_is_left", [False, True])
def test_a_read_only_folder(library: Library, wal_is_left: bool) -> None:
    """Reading works from a read-only place, which has no room for the -shm file; what is in a -wal is not lost."""
    folder = library.base / "db"
    folder.mkdir()
    library.db = str(folder / "c.db")
    library.films(3).scan()
    if wal_is_left:
        other = sqlite3.connect(library.db)
        other.execute("INSERT INTO movies (title, file_path) VALUES ('Ghost', ?)", (library.stored("Films/none.mkv"),))
        other.commit()
        for name in ("c.db", "c.db-wal"):
            (library.base / name).write_bytes((folder / name).read_bytes())
        other.close()
        for name in ("c.db", "c.db-wal"):
            (folder / name).write_bytes((library.base / name).read_bytes())
    folder.chmod(0o555)
    try:
        result = finish(library.start("integrity", "--json", prefix=unprivileged()))
        if wal_is_left:
            assert result.code in (1, 2)
            assert b"Ghost" in result.out or "cannot be opened" in result.err
        else:
            assert (result.code, result.json["complete"]) == (0, True), result.err
        result = finish(library.start("scan", prefix=unprivileged()))
        assert result.code == 2
        assert result.err.count("\n") == 1
    finally:
        folder.chmod(0o755)


def test_a_read_only_filesystem(library: Library) -> None:
    place = library.base / "place"
    place.mkdir()
    with mounted(place):
        library.db = str(place / "c.db")
        library.films(3).scan()
        subprocess.run(["mount", "-o", "remount,ro", place], check=True)
        assert library.integrity(code=0)["complete"]
        result = library.run("scan")
        assert result.code == 2
        assert result.err.count("\n") == 1


def test_a_full_disk(library: Library) -> None:
    small = library.base / "small"
    small.mkdir()
    with mounted(small, "size=512k"):
        library.db = str(small / "c.db")
        library.films(10).scan()
        before = library.rows("SELECT path, first_seen FROM cineorg_files")
        library.add({f"Films/{'x' * 200}{i}.mkv": i for i in range(1500)})
        result = library.run("scan", "--json")
        assert (result.code, result.out) == (2, b"")
        assert "full" in result.err
        assert result.err.count("\n") == 1
        assert library.rows("PRAGMA integrity_check") == [("ok",)]
        assert library.rows("SELECT path, first_seen FROM cineorg_files") == before
        assert library.integrity("--only", "ghost_entry", code=0)["complete"]


KILLER = """
import os, signal, sqlite3, sys
from cineorg.catalogue import connection
from cineorg.commands.group import main

number, sent, real = int(sys.argv[1]), getattr(signal, sys.argv[2]), sqlite3.connect
seen = 0

def count(statement):
    global seen
    seen += 1
    if seen == number:
        os.kill(os.getpid(), sent)

class Counting(sqlite3.Connection):
    # An exception in a trace callback would be swallowed; here Ctrl-C comes between two statements.
    def execute(self, *arguments):
        count(arguments)
        return super().execute(*arguments)

    def executemany(self, *arguments):
        count(arguments)
        return super().executemany(*arguments)

def connect(*arguments, **options):
    if sent == signal.SIGINT:
        return real(*arguments, factory=Counting, **options)
    opened = real(*arguments, **options)
    opened.set_trace_callback(count)
    return opened

connection.sqlite3.connect = connect
code = main(sys.argv[3:])
print(seen, file=sys.stderr)
sys.exit(code)
"""


def killed_scan(library: Library, number: int, signal_name: str) -> subprocess.CompletedProcess[bytes]:
    """Scan in a child that gets a signal at the SQL statement of that number; without one it says how many it ran."""
    return subprocess.run(
        [sys.executable, "-c", KILLER, str(number), signal_name, "scan", *library.flags()],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        check=False,
    )


def contents(library: Library) -> list[list[tuple[object, ...]]]:
    """Return all that scans write, but for times."""
    return [
        library.rows("SELECT path, size_bytes, missing_since IS NULL FROM cineorg_files ORDER BY path"),
        library.rows("SELECT path, target, missing_since IS NULL FROM cineorg_links ORDER BY path"),
        library.rows("SELECT old_path, new_path FROM cineorg_moves ORDER BY old_path"),
        library.rows("SELECT path, files FROM cineorg_places ORDER BY path"),
        library.rows("SELECT title, year, file_path FROM movies ORDER BY id"),
        library.rows("SELECT count(*) FROM cineorg_scans"),
    ]


def changed(library: Library) -> Library:
    library.films(30).scan()
    library.move("Films/Films.1.2001.mkv", "Films/moved.mkv")
    os.unlink(library.stored("Films/Films.2.2001.mkv"))
    return library.add({"Films/new.mkv": 9}, {"Films/Drame/New (2002).mkv": "@/Films/new.mkv"})


@pytest.mark.parametrize("signal_name", ["SIGKILL", "SIGINT"])
def test_an_interrupted_scan_leaves_the_previous_state_whole(signal_name: str, library: Library) -> None:
    before = contents(changed(library))
    database = Path(library.db).read_bytes()
    done = killed_scan(library, -1, signal_name)
    assert done.returncode == 0, done.stderr
    statements = int(done.stderr.split()[-1])
    after = contents(library)
    assert before != after
    for part in (0.1, 0.3, 0.5, 0.7, 0.9, 0.99):
        for name in ("-wal", "-shm"):
            Path(library.db + name).unlink(missing_ok=True)
        Path(library.db).write_bytes(database)
        done = killed_scan(library, int(statements * part), signal_name)
        assert done.returncode == (-signal.SIGKILL if signal_name == "SIGKILL" else 130), (part, done)
        assert b"Traceback" not in done.stderr
        assert contents(library) in (before, after), part
        assert library.rows("PRAGMA integrity_check") == [("ok",)]
        library.scan(code=0)
        assert contents(library)[:-1] == after[:-1]


def test_a_transaction_takes_back_what_it_wrote(library: Library) -> None:
    with open_catalogue(library.db, write=True) as db:
        for error in (KeyboardInterrupt, ValueError, sqlite3.OperationalError):
            with pytest.raises(error), transaction(db):
                db.execute("INSERT INTO movies (title) VALUES ('a')")
                raise error
            assert not db.in_transaction
        with transaction(db):
            db.execute("INSERT INTO movies (title) VALUES ('b')")
            with pytest.raises(ValueError), transaction(db):
                db.execute("INSERT INTO movies (title) VALUES ('c')")
                raise ValueError
            with transaction(db):
                db.execute("INSERT INTO movies (title) VALUES ('d')")
    assert library.rows("SELECT title FROM movies ORDER BY id") == [("b",), ("d",)]


def test_reading_creates_nothing(library: Library) -> None:
    with pytest.raises(CatalogueError, match="there is no catalogue"), open_catalogue(library.db):
        pass
    assert sorted(os.listdir(library.base)) == ["storage", "video"]


def test_a_lock_that_nobody_wrote_into(library: Library) -> None:
    import fcntl

    with open(library.db + ".lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(RefusedError, match="pid unknown"), open_catalogue(library.db, write=True):
            pass


def test_every_migration_runs_once(library: Library) -> None:
    for _ in range(2):
        with open_catalogue(library.db, write=True):
            pass
    assert library.rows("SELECT name FROM cineorg_migrations") == [(name,) for name, _ in MIGRATIONS]
