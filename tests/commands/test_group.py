"""The command line as a whole: exit codes, signals, pipes, and never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import Any

import click
import pytest
from helpers import REPOSITORY, Library, finish, run_command, start_command

from cineorg.commands import group
from cineorg.commands.group import COMMANDS, build_group


def existing_commands() -> list[str]:
    folder = REPOSITORY / "cineorg" / "commands"
    return [name for name in COMMANDS if (folder / f"{name.replace('-', '_')}.py").exists()]


@pytest.mark.parametrize("name", existing_commands())
def test_the_words_of_the_help_are_the_commands_own(name: str) -> None:
    command = build_group().get_command(click.Context(build_group()), name)
    assert command is not None
    assert command.short_help == COMMANDS[name] or command.get_short_help_str(200) == COMMANDS[name]
    assert run_command([name, "--help"]).code == 0


@pytest.mark.parametrize("name", existing_commands())
def test_every_command_refuses_an_unknown_option(name: str) -> None:
    result = run_command([name, "--no-such-option"])
    assert (result.code, result.out) == (2, b"")
    assert "--no-such-option" in result.err


WRONG: dict[str, list[str]] = {
    "no such command": ["scann"],
    "no such option": ["--colour"],
    "a format nobody registered": ["integrity", "--format", "yaml"],
    "two formats": ["integrity", "--json", "--tsv"],
    "two formats, one long": ["integrity", "--format", "table", "--jsonl"],
    "paths only and a format": ["integrity", "-0", "--json"],
    "limit below zero": ["integrity", "--limit", "-1"],
    "a progress nobody knows": ["integrity", "--progress", "sometimes"],
    "a map without a stream": ["scan", "--map", "/a=/b"],
    "a surplus argument": ["scan", "extra"],
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_usage(case: str, library: Library) -> None:
    words = WRONG[case]
    library.films(1).scan()
    result = run_command([*words[:1], *(library.flags() if words[0] in COMMANDS else []), *words[1:]])
    assert (result.code, result.out) == (2, b"")
    assert result.err


def test_the_same_format_twice_is_no_contradiction(library: Library) -> None:
    library.films(1).scan()
    assert library.run("integrity", "--json", "--format", "json").code == 0


def test_version_and_help() -> None:
    assert run_command(["--version"]).out.startswith(b"cineorg ")
    out = run_command(["--help"]).out.decode()
    assert all(name in out for name in COMMANDS)
    assert run_command([]).code == 2


def run_shell(line: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    """Run a line of shell in which `cineorg` is ours."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), **options.pop("env", {})}
    line = f'set -o pipefail; cineorg() {{ {sys.executable} -m cineorg "$@"; }}; {line}'
    return subprocess.run(["bash", "-c", line], env=environment, capture_output=True, check=False, **options)


@pytest.fixture
def broken(library: Library) -> Library:
    """Return a library whose report is far larger than a pipe."""
    return library.films(1).add(video={f"Films/{'x' * 150}{n}.mkv": "@/Films/none.mkv" for n in range(1500)})


@pytest.mark.parametrize("how", ["--json", "--jsonl", "--tsv", "-0", "--format=table --limit 0"])
def test_a_closed_pipe_ends_the_command_quietly(how: str, broken: Library) -> None:
    flags = " ".join(broken.flags())
    done = run_shell(f"cineorg integrity {flags} --only broken_symlink {how} | head -c 10")
    assert done.returncode == 0
    assert len(done.stdout) == 10
    assert done.stderr == b""


def test_a_scan_into_a_closed_pipe_is_a_whole_scan(broken: Library) -> None:
    done = run_shell(f"cineorg scan {' '.join(broken.flags())} --jsonl | true")
    assert done.stderr == b""
    assert broken.rows("SELECT count(*) FROM cineorg_links") == [(1501,)]


CLOSED = {">&-": 1, "2>&-": 1, "<&-": 1, ">&- 2>&- <&-": 1, ">/dev/full": 2}


@pytest.mark.parametrize("redirection", CLOSED)
def test_streams_that_take_nothing(redirection: str, broken: Library) -> None:
    done = run_shell(f"cineorg integrity {' '.join(broken.flags())} --only broken_symlink --json {redirection}")
    assert done.returncode == CLOSED[redirection]
    assert b"Traceback" not in done.stderr
    assert b"internal error" not in done.stderr
    assert (b"no space left on device" in done.stderr) is (redirection == ">/dev/full")


def test_ctrl_c_while_waiting_for_input(library: Library) -> None:
    with start_command(["scan", "--from", "-", "--db", library.db], stdin=subprocess.PIPE) as child:
        assert child.stdin
        child.stdin.write(b'{"type": "root", "path": "/s", "kind": "storage", "scoped": [], "problem": ""}\n')
        child.stdin.flush()
        wait_until_it_reads(child.pid)
        child.send_signal(signal.SIGINT)
        result = finish(child)
    assert (result.code, result.out) == (130, b"")
    assert not os.path.exists(library.db)


def wait_until_it_reads(pid: int) -> None:
    """Wait until a process waits in a read of its stdin."""
    for _ in range(500):
        with open(f"/proc/{pid}/wchan") as file:
            waits = "pipe" in file.read()
        with open(f"/proc/{pid}/syscall") as file:
            words = file.read().split()
        if waits or words[:2] == ["0", "0x0"]:
            return
        time.sleep(0.02)
    raise AssertionError("it never came to read")


@pytest.mark.parametrize("arguments", [["integrity"], ["scan"]])
def test_ctrl_c_during_the_walk(arguments: list[str], broken: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: str) -> Any:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "scandir", interrupt)
    result = broken.run(*arguments, "--only", "broken_symlink") if arguments == ["integrity"] else broken.run("scan")
    assert (result.code, result.out) == (130, b"")


ERRORS: dict[str, tuple[BaseException, int, str]] = {
    "a disk error": (OSError(5, "Input/output error", "/somewhere"), 2, "/somewhere: input/output error"),
    "without a name": (OSError(28, "No space left on device"), 2, "no space left on device"),
    "a defect": (ZeroDivisionError("division by zero"), 2, "internal error, please report it"),
    "Ctrl-C": (KeyboardInterrupt(), 130, ""),
}


@pytest.mark.parametrize("case", ERRORS)
def test_whatever_is_raised_becomes_one_line(
    case: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    error, code, words = ERRORS[case]

    class Group(click.Group):
        def main(self, *_: Any, **__: Any) -> Any:
            raise error

    monkeypatch.setattr(group, "build_group", Group)
    assert group.main(["scan"]) == code
    err = capfd.readouterr().err
    assert words in err
    assert err.count("\n") == (1 if words else 0)
    assert "Traceback" not in err


def test_a_locale_without_utf8(library: Library) -> None:
    """Names in the catalogue are UTF-8 whatever the terminal's locale is."""
    library.films(3).add({"Films/é\udce9.mkv": 1}, {"Films/Drame/Été (1999).mkv": "@/Films/é\udce9.mkv"})
    old_fashioned = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": ""}
    assert finish(library.start("scan", "--json", env=old_fashioned)).code == 0
    assert library.rows("SELECT title FROM movies WHERE year = 1999") == [("Été",)]
    result = finish(library.start("integrity", "--json", env=old_fashioned))
    assert (result.code, result.json["summary"]["total"]) == (0, 0)


def test_stderr_is_safe_for_a_terminal(library: Library) -> None:
    result = run_command(["integrity", "--video", library.video + "/\x1b[31m", "--storage", library.storage])
    assert result.code == 2
    assert "\x1b" not in result.err


def test_a_missing_working_directory(library: Library) -> None:
    library.films(3).scan()
    gone = library.base / "gone"
    gone.mkdir()
    done = run_shell(f"cd {gone}; rmdir {gone}; cineorg integrity {' '.join(library.flags())} --json")
    assert done.returncode == 0, done.stderr
    done = run_shell(f"mkdir {gone}; cd {gone}; rmdir {gone}; cineorg integrity --video v --storage s")
    assert (done.returncode, b"Traceback" in done.stderr) == (2, False)


@pytest.mark.parametrize("command", ["repair-links --auto", "repair-links -n", "fix-bad-links -y", "fix-symlinks -y"])
def test_a_mistyped_path_is_told(command: str, library: Library) -> None:
    library.films(3).scan()
    name, *options = command.split()
    result = library.run(name, *options, library.link("Filmz"))
    assert (result.code, result.out) == (2, b"")
    assert f"{library.link('Filmz')} does not exist" in result.err
    assert library.run(name, *options, library.link("Films")).code == 0


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("integrit", "did you mean integrity?"),
        ("repair", "did you mean repair-links?"),
        ("fix_symlink", "did you mean fix-symlinks"),
        ("undu", "did you mean undo?"),
        ("fix", "did you mean fix-bad-links or fix-symlinks?"),
        ("zzzz", "there is no command 'zzzz'; see"),
    ],
)
def test_a_misspelt_command_gets_what_is_like_it(typed: str, meant: str) -> None:
    result = run_command([typed])
    assert (result.code, result.out) == (2, b"")
    assert meant in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize(
    "words",
    [
        ["--json", "plugins"],
        ["--limit", "3", "--json", "plugins"],
        ["--limit=3", "-qv", "--format", "json", "plugins"],
    ],
)
def test_shared_options_may_stand_before_the_command(words: list[str]) -> None:
    assert run_command(words).json["command"] == "plugins"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--strage", "x", "integrity"], "that stands before a command; did you mean --storage?"),
        (["--auto", "repair-links"], "there is no option --auto that stands before a command"),
        (["--json"], "--json: no command follows"),
        (["--storage", "x"], "--storage: no command follows"),
    ],
)  # fmt: skip
def test_what_cannot_stand_before_the_command(words: list[str], said: str) -> None:
    result = run_command(words)
    assert (result.code, result.out) == (2, b"")
    assert said in result.err


def test_help_and_version_have_short_ways() -> None:
    assert run_command(["help", "undo"]).out == run_command(["undo", "--help"]).out
    assert run_command(["help"]).out == run_command(["--help"]).out
    assert run_command(["-V"]).out == run_command(["--version"]).out
    assert "did you mean undo?" in run_command(["help", "undu"]).err
