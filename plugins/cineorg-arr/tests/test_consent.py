"""Who must have said yes, and what is remembered of what was asked."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime

import pytest
from arr_helpers import Answer, Arr, Library, Run
from cineorg_arr.memory import remembered, writing


def test_without_a_terminal_somebody_must_have_said_yes(
    library: Library, run: Run, radarr: Arr, both: tuple[str, str]
) -> None:
    result = run(library.report())
    assert (result.code, result.out, radarr.seen) == (2, b"", [])
    assert "--yes" in result.err


@pytest.mark.parametrize(("answer", "asked"), [("y", 1), ("n", 0), ("", 0)])
def test_on_a_terminal_the_list_is_shown_and_you_are_asked(
    library: Library, run: Run, radarr: Arr, both: tuple[str, str], answer: str, asked: int
) -> None:
    pexpect = pytest.importorskip("pexpect")
    arguments = ["-m", "cineorg", "request-missing", *library.roots, library.report()]
    child = pexpect.spawn(sys.executable, arguments, encoding="utf-8", timeout=60, dimensions=(40, 250))
    child.expect("Have 1 film and 1 episode searched for")
    assert "Radarr: Alien (1979)  (same title and year)" in child.before
    assert "Sonarr: Kaamelott (2005) S02E03" in child.before
    child.sendline(answer)
    child.expect(pexpect.EOF)
    child.close()
    assert (child.exitstatus, len(radarr.asked)) == (0, asked)
    assert ("done" in child.before) == bool(asked)
    assert radarr.key not in child.before


def test_what_changed_while_you_were_asked_is_not_asked_for(library: Library, run: Run, radarr: Arr) -> None:
    pexpect = pytest.importorskip("pexpect")
    links = []
    for number, title in enumerate(["Mended", "Came", "Gone", "Other", "Same"]):
        radarr.add_film(title, 2001, number + 1)
        links.append(library.broken(f"Films/{title} (2001).mkv"))
    library.broken("Films/New There (2001).mkv")
    arguments = ["-m", "cineorg", "request-missing", *library.roots, library.report()]
    child = pexpect.spawn(sys.executable, arguments, encoding="utf-8", timeout=60, dimensions=(40, 250))
    child.expect("Have 5 films searched for")
    os.unlink(links[0])
    radarr.movies[1]["hasFile"] = True
    radarr.movies[2]["id"] = 999
    radarr.movies[3] |= {"tmdbId": 77}
    radarr.add_film("New There", 2001, 9)
    child.sendline("y")
    child.expect(pexpect.EOF)
    child.close()
    assert radarr.asked == [{"name": "MoviesSearch", "movieIds": [104]}]
    assert "3 more wait for the next run" in child.before


def test_ctrl_c_while_it_waits_ends_it_quietly(library: Library, run: Run, radarr: Arr, both: tuple[str, str]) -> None:
    radarr.answers["GET movie"] = Answer(200, b"[]", wait=5)
    command = [sys.executable, "-m", "cineorg", "request-missing", *library.roots, library.report(), "-y"]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    while not radarr.seen:
        assert child.poll() is None
    child.send_signal(signal.SIGINT)
    out, err = child.communicate(timeout=60)
    assert (child.returncode, out, err.strip()) == (130, b"", b"")


def test_what_cannot_be_remembered_is_not_asked(library: Library, run: Run, radarr: Arr, both: tuple[str, str]) -> None:
    (library.base / "cineorg.arr.db").mkdir()
    result = run(library.report(), "-y")
    assert (result.code, radarr.asked, result.err.count("\n")) == (2, [], 1)


def test_another_run_at_work_is_waited_for_and_then_left(
    library: Library, run: Run, radarr: Arr, both: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cineorg_arr.memory._BUSY_S", 0.1)
    report = library.report()
    run(report, "-y")
    with closing(sqlite3.connect(library.base / "cineorg.arr.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        result = run(report, "-y", "--again", "0")
    assert (result.code, len(radarr.asked)) == (4, 1)
    assert "another request-missing is at work" in result.err


def test_a_memory_that_was_begun_and_never_written_to_is_empty(
    library: Library, run: Run, radarr: Arr, both: tuple[str, str]
) -> None:
    (library.base / "cineorg.arr.db").touch()
    assert run(library.report(), "-n").code == 0
    assert (run(library.report(), "-y").code, len(radarr.asked)) == (0, 1)


def test_no_other_run_comes_between_two_services(library: Library, run: Run, both: tuple[str, str]) -> None:
    path = str(library.base / "cineorg.arr.db")
    now = datetime.now(UTC)
    with writing(path) as memory:
        memory.add("radarr", [("tmdb 348", "Alien (1979)")], now)
        with (
            closing(sqlite3.connect(path, timeout=0)) as other,
            pytest.raises(sqlite3.OperationalError, match="locked"),
        ):
            other.execute("BEGIN IMMEDIATE")
        memory.add("sonarr", [("tvdb 5 S01E01", "Show S01E01")], now)
    assert len(remembered(path)) == 2


def test_what_another_run_asked_for_meanwhile_is_not_repeated(
    library: Library, run: Run, radarr: Arr, both: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = library.report()
    run(report, "-y")
    monkeypatch.setattr("cineorg_arr.run.remembered", lambda path: {})  # looked before that run had asked
    assert [status for *_, status in run(report, "-y", "--json").requests] == ["skipped", "skipped"]
    assert len(radarr.asked) == 1
