"""Command lines as people type them, in a shell: pipes that close, odd locales, missing streams, two at once."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from helpers import REPOSITORY, Library, Result, finish, snapshot, unprivileged

ODD = "a\tb\nc '\"\\ \udcff\udc80.mkv"


@pytest.fixture
def broken(library: Library) -> Library:
    """Return a scanned library with five links to repair, one of them odd, and two that cannot be."""
    library.films(30).add({f"Films/{ODD}": 77}, {f"Films/Drame/{ODD}": f"@/Films/{ODD}"}).scan(code=0)
    for number in range(4):
        library.move(f"Films/Films.{number}.2001.mkv", f"Films/moved/x{number}.mkv")
    library.move(f"Films/{ODD}", "Films/moved/odd.mkv")
    for number in (10, 11):
        os.unlink(library.stored(f"Films/Films.{number}.2001.mkv"))
    return library


def shell(library: Library, script: str, prefix: str = "", **environment: str) -> Result:
    """Run a script in bash; `cineorg` is the command, on the library by its environment; no traceback may show."""
    variables = {
        **os.environ,
        "PYTHONPATH": str(REPOSITORY),
        "CINEORG_STORAGE_DIR": library.storage,
        "CINEORG_VIDEO_DIR": library.video,
        "CINEORG_DATABASE_URL": library.db,
        **environment,
    }
    command = f'set -o pipefail; cineorg() {{ {prefix} "{sys.executable}" -m cineorg "$@"; }}\n{script}'
    child = subprocess.Popen(
        ["bash", "-c", command], env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=library.base
    )
    return finish(child)


def test_a_plan_filtered_and_applied(broken: Library) -> None:
    if not shutil.which("jq"):
        pytest.skip("there is no jq")
    script = "cineorg repair-links -n --jsonl | jq -c 'select(.score >= 95)' | cineorg apply -y - --json"
    result = shell(broken, script)
    report = result.json
    done = [row["op"] for row in report["changes"] if row["status"] == "done"]
    assert (result.code, done.count("relink"), report["command"]) == (1, 5, "apply"), result
    assert os.readlink(broken.link(f"Films/Drame/{ODD}")) == broken.stored("Films/moved/odd.mkv")
    assert shell(broken, script).json["changes"] == []


def test_paths_for_xargs(broken: Library) -> None:
    script = "cineorg integrity -0 --only broken_symlink | xargs -0 ls -ld | wc -l; exit ${PIPESTATUS[0]}"
    result = shell(broken, script)
    # Seven links, one of which has a newline in its name and in its target.
    assert (result.code, int(result.out), result.err) == (1, 9, ""), result
    found = shell(broken, "cineorg integrity -0 --only broken_symlink").out.split(b"\0")
    assert os.fsencode(broken.link(f"Films/Drame/{ODD}")) in found


@pytest.mark.parametrize("reader", ["head -1", "head -c 100", "true"])
@pytest.mark.parametrize("form", ["--tsv", "--json", "--jsonl", "--format=table", "-0"])
def test_a_reader_that_goes_away(broken: Library, form: str, reader: str) -> None:
    broken.films(400, "Séries")
    result = shell(broken, f"cineorg integrity {form} | {reader}; exit ${{PIPESTATUS[0]}}")
    assert result.code in (0, 1)
    assert result.err == ""


def test_columns_for_cut(broken: Library) -> None:
    result = shell(broken, "cineorg integrity --tsv | cut -f2 | head -1; cineorg integrity --no-headers --tsv | wc -l")
    # Six ghosts, five orphans, seven broken links: a line each, whatever is in their names.
    assert result.out.split() == [b"path", b"18"], result


USAGE = {
    "cineorg integrity --no-such": "no such option",
    "cineorg integrity --json --tsv": "exclude each other",
    "cineorg integrity --only nothing": "there is no check",
    "cineorg integrity --storage /nowhere/at/all --video /nowhere": "/nowhere",
    "cineorg no-such-command": "there is no command",
    "cineorg repair-links < /dev/null": "nothing was changed",
    "cineorg repair-links --auto --rewrite /a=/b": "exclude each other",
    "cineorg repair-links --rewrite x -y": "expected old=new",
    "cineorg apply -y /nowhere/plan": "no such file",
    "echo nonsense | cineorg apply -y -": "line 1",
    'echo \'{"op":"relink"}\' | cineorg apply -y -': "line 1",
    "cineorg undo -y 99": "no batch 99",
    "cineorg scan --map /a=/b": "--map goes with --from",
    "echo '{' | cineorg scan --from -": "line 1",
    "cineorg integrity --max-changes 3": "no such option",
    "cineorg repair-links --auto --max-changes lots": "max",
    "cineorg integrity /etc": "none of the library's roots",
    "cineorg integrity --db /": "directory",
    "cineorg integrity --db /etc/passwd": "not an sqlite database",
    "CINEORG_DATABASE_URL=postgres://x cineorg integrity": "postgres",
    "cineorg integrity --config /nowhere.toml": "/nowhere.toml",
    "cineorg demo .": "empty",
}


@pytest.mark.parametrize("script", USAGE)
def test_what_is_wrong_is_said_in_a_line(broken: Library, script: str) -> None:
    before = snapshot(broken.video), snapshot(broken.storage)
    result = shell(broken, script)
    assert result.code == 2, result
    assert USAGE[script] in result.err.lower(), result.err
    assert len(result.err.splitlines()) == 1, result.err
    assert (snapshot(broken.video), snapshot(broken.storage)) == before


@pytest.mark.parametrize("locale", ["C", "POSIX", "en_US.ISO-8859-1", "C.UTF-8"])
def test_any_locale_gives_the_same_answer(broken: Library, locale: str) -> None:
    broken.films(3, "Séries", "Comédie").scan(code=0)
    wanted = {row["path"] for row in broken.integrity(code=1)["issues"]}
    for more in ("", "PYTHONCOERCECLOCALE=0 PYTHONUTF8=0"):
        result = shell(broken, "cineorg integrity --json", f"env LC_ALL={locale} {more}")
        assert (result.code, {row["path"] for row in result.json["issues"]}, result.err) == (1, wanted, "")
    result = shell(broken, "cineorg repair-links --auto --tsv", f"env LC_ALL={locale} {more}")
    assert (result.code, result.err) == (1, "")
    assert os.readlink(broken.link(f"Films/Drame/{ODD}")) == broken.stored("Films/moved/odd.mkv")


STREAMS = ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", "> /dev/full", "2> /dev/full"]


@pytest.mark.parametrize("streams", STREAMS)
@pytest.mark.parametrize("command", ["integrity --json", "repair-links --auto --json", "apply -y -", "scan"])
def test_streams_that_are_closed_or_full(broken: Library, command: str, streams: str) -> None:
    result = shell(broken, f"cineorg {command} {streams if '<' in streams else f'{streams} < /dev/null'}")
    assert result.code in (0, 1, 2), result
    if streams == "> /dev/full" and command != "apply -y -":
        assert result.code == 2
        assert len(result.err.splitlines()) == 1, result.err
    for path in (broken.video, broken.storage):
        assert not [name for _, _, names in os.walk(path) for name in names if name.startswith(".cineorg-")]
    if command.startswith("repair"):
        assert os.readlink(broken.link(f"Films/Drame/{ODD}")) == broken.stored("Films/moved/odd.mkv")
        assert broken.report("undo", "-y", code=0)["summary"]["done"]


def test_a_home_that_cannot_be_written_to(broken: Library, away_from_home: Path) -> None:
    flags = f'--storage "{broken.storage}" --video "{broken.video}"'
    names = {"HOME": str(away_from_home / "locked"), "XDG_DATA_HOME": "", "CINEORG_DATABASE_URL": ""}
    (away_from_home / "locked").mkdir(mode=0o555)
    for name in ("XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME"):
        names[name] = ""
    prefix = " ".join(unprivileged())
    result = shell(broken, f"cineorg integrity {flags}", prefix, **names)
    assert (result.code, len(result.err.splitlines())) == (2, 1), result
    result = shell(broken, f"cineorg scan {flags}", prefix, **names)
    assert (result.code, len(result.err.splitlines())) == (2, 1), result
    result = shell(broken, f'cineorg integrity {flags} --db "{broken.db}"', prefix, **names)
    assert (result.code, result.err) == (1, ""), result


def test_a_nightly_script(broken: Library) -> None:
    script = "cineorg scan -q > /dev/null && cineorg repair-links --auto --json --exit-zero && cineorg history --json"
    result = shell(broken, script)
    assert (result.code, result.err) == (0, ""), result
    lines = result.out.decode().splitlines()
    assert sum('"status": "done"' in line or '"status":"done"' in line for line in lines) >= 1


# Two at once

HOLDER = """
import os, sqlite3, sys, time
from cineorg.__main__ import run
real, (base, *sys.argv) = sqlite3.connect, ["", *sys.argv[1:]][1:]
def connect(*arguments, **options):
    if not arguments[0].endswith("mode=rwc"):  # not locked yet
        return real(*arguments, **options)
    open(base + "/held", "w").close()
    while not os.path.exists(base + "/go"):
        time.sleep(0.01)
    return real(*arguments, **options)
sqlite3.connect = connect
run()
"""
PAIRS = {
    "scan and scan": (["scan"], ["scan"]),
    "repair and repair": (["repair-links", "--auto"], ["repair-links", "--auto"]),
    "apply and undo": (["apply", "-y", "plan"], ["undo", "-y"]),
    "undo and scan": (["undo", "-y"], ["scan"]),
    "link-movies and fix-symlinks": (["link-movies", "-y"], ["fix-symlinks", "-y", "--relative"]),
}


@pytest.mark.parametrize("pair", PAIRS)
def test_the_second_of_two_says_who_is_at_work(broken: Library, pair: str) -> None:
    """It changes nothing and exits 4; readers are not stopped; the first goes on as if nothing had been."""
    one, other = PAIRS[pair]
    (broken.base / "plan").write_bytes(broken.run("repair-links", "-n", "--jsonl").out)
    broken.report("repair-links", "--auto")
    broken.report("undo", "-y", code=0)
    links = texts(broken)
    first = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(broken.base), "cineorg", one[0], *broken.flags(), *one[1:]],
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        cwd=broken.base,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while not (broken.base / "held").exists():
        assert first.poll() is None
    second = broken.run(other[0], *other[1:])
    assert (second.code, second.out) == (4, b"")
    assert f"pid {first.pid})" in second.err
    assert broken.integrity(code=1)["complete"] is True
    assert broken.run(other[0], "-n", *other[1:]).code in (0, 1) or other[0] == "scan"
    assert texts(broken) == links
    (broken.base / "go").touch()
    assert finish(first).code in (0, 1)
    assert (texts(broken) != links) == (one[0] in ("apply", "repair-links"))
    again = broken.run(other[0], *other[1:])
    assert again.code in (0, 1), again


def texts(library: Library) -> dict[str, str]:
    """Return what each link says."""
    return {path: entry[5] for path, entry in snapshot(library.video).items() if entry[5]}


def test_many_at_once_lose_nothing(broken: Library) -> None:
    """Whoever is refused was refused for another's sake; in the end each link is right or as it was."""
    links = texts(broken)
    commands = [["repair-links", "--auto"], ["scan"], ["fix-symlinks", "-y", "--relative"], ["repair-links", "--auto"]]
    results = [finish(child) for child in [broken.start(*command, "--json") for command in commands]]
    assert {result.code for result in results} <= {0, 1, 4}, results
    assert any(result.code != 4 for result in results)
    assert all(json.loads(result.out) for result in results if result.code != 4)
    broken.report("repair-links", "--auto", code=1)
    assert texts(broken).keys() == links.keys()
    broken.scan(code=0)
    assert len(broken.report("integrity", "--only", "broken_symlink", code=1)["issues"]) == 2
