"""Who must have said yes, and what is remembered of what was asked."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from arr_helpers import Answer, Arr, Library, Run


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


def test_what_another_run_asked_for_meanwhile_is_not_repeated(
    library: Library, run: Run, radarr: Arr, both: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    report = library.report()
    run(report, "-y")
    monkeypatch.setattr("cineorg_arr.run.remembered", lambda path: {})  # looked before that run had asked
    assert [status for *_, status in run(report, "-y", "--json").requests] == ["skipped", "skipped"]
    assert len(radarr.asked) == 1
