"""The recipes are run as a user runs them: by bash, with the real command, on the demo library and on a nasty one.

What they say matters less than what they leave: the links, the catalogue, and the exit code for whoever called.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from helpers import REPOSITORY, Library, mounted, run_command, snapshot, unprivileged

from cineorg.catalogue import open_catalogue

FOLDER = REPOSITORY / "tests" / "recipes"
SCRIPTS = sorted(FOLDER.glob("*.sh"))
NASTY = (
    "Plain (2001)",
    "Two  spaces (2002)",
    'It\'s "quoted" (2003)',
    "Line\nend (2004)",
    "- dash (2005)",
    "$(touch owned) `touch owned` (2006)",
    "Star * and back\\slash (2007)",
    os.fsdecode(b"Caf\xe9 (2008)"),
    "Tab\t; rm -rf ~ & (2009)",
)
GONE = "Films/Drame/Gone (1999).mkv"
Run = Callable[..., subprocess.CompletedProcess[bytes]]
MAY_SKIP = not os.environ.get("CINEORG_TESTS_NEED_TOOLS")
needs_jq = pytest.mark.skipif(MAY_SKIP and not shutil.which("jq"), reason="jq is not installed")


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """Return a folder that stands first in PATH: `cineorg`, a `mail` that keeps what it is given, an `ssh` to here."""
    folder = tmp_path / "programs"
    folder.mkdir()
    add_program(folder, "cineorg", f'exec {shlex.quote(sys.executable)} -m cineorg "$@"')
    add_program(folder, "mail", f'printf "%s\\n" "$@" >>{folder}/headers; cat >>{folder}/body')
    there = f"env -u CINEORG_CONFIG XDG_DATA_HOME={folder}/there"
    add_program(folder, "ssh", f'echo "$1" >{folder}/host; shift; exec {there} sh -c "$*"')
    return folder


def add_program(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    path.chmod(0o755)


@pytest.fixture
def recipe(tmp_path: Path, programs: Path) -> Run:
    """Return the function that runs a recipe on the library of `tmp_path`; its working directory is an empty one."""
    config = tmp_path / "cineorg.toml"
    config.write_text('storage = ["storage"]\nvideo = "video"\ndb = "cineorg.db"\n', "utf-8")
    (tmp_path / "here").mkdir()

    def run(name: str, *words: str, prefix: tuple[str, ...] = (), **environment: str) -> Any:
        return subprocess.run(
            [*prefix, "bash", FOLDER / name, *words],
            cwd=tmp_path / "here",
            env={
                **os.environ,
                "PATH": f"{programs}:{os.environ['PATH']}",
                "PYTHONPATH": str(REPOSITORY),
                "CINEORG_CONFIG": str(config),
                **environment,
            },
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )

    return run


@pytest.fixture
def nasty(library: Library) -> Library:
    """Return a library whose files were renamed since its scan, and in which one film is gone for good."""
    library.add(
        {f"Films/{name}.mkv": 1000 + place for place, name in enumerate((*NASTY, "Gone (1999)"))},
        {f"Films/Drame/{name}.mkv": f"@/Films/{name}.mkv" for name in (*NASTY, "Gone (1999)")},
    )
    library.scan()
    for name in NASTY:
        library.move(f"Films/{name}.mkv", f"Films/new place/{name}.mkv")
    os.unlink(library.stored("Films/Gone (1999).mkv"))
    return library


def repaired(library: Library) -> dict[str, str]:
    """Return the links of `nasty` as they must be once each has its file again."""
    new = {f"{name}.mkv": library.stored(f"Films/new place/{name}.mkv") for name in NASTY}
    return links(library) | {library.link(f"Films/Drame/{name}"): target for name, target in new.items()}


def links(library: Library) -> dict[str, str]:
    """Return every link of a library and its target."""
    return links_below(library.video)


def links_below(root: str | Path) -> dict[str, str]:
    """Return every link below a folder and its target."""
    found = {}
    for folder, folders, files in os.walk(os.fspath(root)):
        paths = [os.path.join(folder, name) for name in folders + files]
        found |= {path: os.readlink(path) for path in paths if os.path.islink(path)}
    return found


def mail(programs: Path) -> tuple[str, str]:
    """Return the words that `mail` was called with, a line each, and the mail's text; empty if none was sent."""
    found = [programs / name for name in ("headers", "body")]
    headers, body = (path.read_text("utf-8") if path.exists() else "" for path in found)
    return headers, body


@contextmanager
def away(library: Library, how: str) -> Iterator[tuple[str, ...]]:
    """Take the storage away; yields what must stand before a command for it to be so."""
    if how == "missing":
        os.rename(library.storage, f"{library.storage}.away")
        yield ()
        os.rename(f"{library.storage}.away", library.storage)
    elif how == "empty mount":
        with mounted(library.storage):
            yield ()
    else:
        os.chmod(library.stored("Films/new place"), 0)
        yield tuple(unprivileged())
        os.chmod(library.stored("Films/new place"), 0o755)


AWAY = pytest.mark.parametrize("how", ["missing", "empty mount", "unreadable folder"])


@needs_jq
def test_nightly_repairs_and_mails_what_it_did(nasty: Library, recipe: Run, programs: Path, tmp_path: Path) -> None:
    stored, wanted = snapshot(nasty.storage), repaired(nasty)
    done = recipe("nightly.sh", MAILTO="you@example.org")
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b""), done
    assert links(nasty) == wanted
    assert snapshot(nasty.storage) == stored
    assert os.listdir(tmp_path / "here") == []  # no name was run as a command
    headers, body = mail(programs)
    assert headers.splitlines()[0] == "-s"
    assert headers.splitlines()[1].endswith(f"{len(NASTY)} done, 1 unresolved")
    assert headers.splitlines()[2:] == ["you@example.org"]
    shown = [line.partition(": ")[2] for line in body.splitlines() if line.startswith(("done: ", "needs you: "))]
    names = {os.path.basename(json.loads(f'"{line}"')) for line in shown}
    assert names == {os.fsencode(f"{name}.mkv").decode("utf-8", "replace") for name in (*NASTY, "Gone (1999)")}
    assert "\nTake back: cineorg undo 1\n" in body


@needs_jq
def test_nightly_leaves_out_what_is_acknowledged(nasty: Library, recipe: Run, programs: Path) -> None:
    nasty.run("acknowledge", nasty.link(GONE))
    nasty.run("acknowledge", "--kind", "ghost_entry")
    recipe("nightly.sh", MAILTO="you@example.org")
    headers, body = mail(programs)
    assert headers.splitlines()[1].endswith(f"{len(NASTY)} done")
    assert "Gone" not in body
    assert "acknowledged" not in body
    nasty.add({"Films/orphan.mkv": 5})
    recipe("nightly.sh", MAILTO="you@example.org")
    assert mail(programs)[1] == body, "a second night has nothing to say"


@needs_jq
def test_nightly_says_nothing_when_nothing_is_to_be_said(library: Library, recipe: Run, programs: Path) -> None:
    library.films(3)
    assert recipe("nightly.sh", MAILTO="you@example.org").returncode == 0
    library.add({"Films/Nobody knows.mkv": 77})  # an orphan is no reason to mail every night
    done = recipe("nightly.sh", MAILTO="you@example.org")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert mail(programs) == ("", "")
    library.move("Films/Films.1.2001.mkv", "Films/other.mkv")
    done = recipe("nightly.sh")
    assert done.returncode == 0, done
    assert re.match(rb"Subject: cineorg on .*: links: 1 done\n\nFound: ", done.stdout)
    assert links(library)[library.link("Films/Drame/Films no1 (2001).mkv")] == library.stored("Films/other.mkv")


@needs_jq
@AWAY
def test_nightly_repairs_nothing_unless_it_saw_everything(
    nasty: Library, recipe: Run, programs: Path, how: str
) -> None:
    before = snapshot(nasty.video)
    with away(nasty, how) as prefix:
        done = recipe("nightly.sh", MAILTO="you@example.org", prefix=prefix)
    assert (done.returncode, done.stderr) == (3, b""), done
    assert snapshot(nasty.video) == before
    headers, body = mail(programs)
    assert headers.count("nothing was repaired") == 1
    assert nasty.storage in body
    assert recipe("nightly.sh").returncode == 1  # the night after, all is back
    assert links(nasty) == repaired(nasty)


@needs_jq
def test_nightly_repairs_the_rest_where_a_disk_beyond_the_roots_is_away(
    library: Library, recipe: Run, programs: Path
) -> None:
    library.films(5).add({}, {"Films/Drame/Away (1999).mkv": "/mnt/cineorg-no-such-disk/Away (1999).mkv"})
    assert recipe("nightly.sh", MAILTO="you@example.org").returncode == 3
    assert mail(programs) == ("", "")  # it is away every night
    library.move("Films/Films.1.2001.mkv", "Films/new/Films.1.2001.mkv")
    before = links(library)
    assert recipe("nightly.sh", MAILTO="you@example.org").returncode == 3
    moved = library.link("Films/Drame/Films no1 (2001).mkv")
    assert links(library) == before | {moved: library.stored("Films/new/Films.1.2001.mkv")}
    headers, body = mail(programs)
    assert "1 done" in headers
    assert "/mnt/cineorg-no-such-disk" in body


@needs_jq
@pytest.mark.parametrize("why", ["locked", "too many changes", "wrong configuration"])
def test_nightly_mails_why_nothing_was_done(
    nasty: Library, recipe: Run, programs: Path, tmp_path: Path, why: str
) -> None:
    before = snapshot(nasty.video)
    config = tmp_path / "cineorg.toml"
    if why == "locked":
        with open_catalogue(nasty.db, write=True):
            done = recipe("nightly.sh", MAILTO="you@example.org")
    else:
        key = "max_changes = 3" if why == "too many changes" else "max_chances = 3"
        config.write_text(f"{config.read_text('utf-8')}{key}\n", "utf-8")
        done = recipe("nightly.sh", MAILTO="you@example.org")
    assert (done.returncode, done.stderr) == (2 if why == "wrong configuration" else 4, b""), done
    assert snapshot(nasty.video) == before
    subject, text = {
        "locked": ("another command was at work; nothing was done", f"{os.getpid()}"),
        "too many changes": ("a guard refused the repairs; nothing was changed", "--max-changes"),
        "wrong configuration": ("the scan failed; nothing was repaired", "did you mean 'max_changes'?"),
    }[why]
    assert subject in mail(programs)[0]
    assert text in mail(programs)[1]


@needs_jq
def test_nightly_mails_what_could_not_be_repaired(nasty: Library, recipe: Run, programs: Path) -> None:
    nasty.add({"Films/free.mkv": 5}, {"Films/Crime/Free (2000).mkv": "@/Films/free.mkv"})
    nasty.scan(code=0)
    nasty.move("Films/free.mkv", "Films/new place/free.mkv")
    os.chmod(nasty.link("Films/Drame"), 0o555)
    before = links(nasty)
    done = recipe("nightly.sh", MAILTO="you@example.org", prefix=tuple(unprivileged()))
    os.chmod(nasty.link("Films/Drame"), 0o755)
    assert (done.returncode, done.stderr) == (3, b""), done
    free = nasty.link("Films/Crime/Free (2000).mkv")
    assert links(nasty) == before | {free: nasty.stored("Films/new place/free.mkv")}
    headers, body = mail(programs)
    assert f"1 done, {len(NASTY)} failed, 1 unresolved" in headers
    assert body.count("\nfailed: ") == body.count("no permission") == len(NASTY)


@needs_jq
def test_nightly_fails_when_its_mail_does(nasty: Library, recipe: Run, programs: Path) -> None:
    add_program(programs, "sendfail", "cat >/dev/null; exit 75")
    done = recipe("nightly.sh", MAILTO="you@example.org", MAILER="sendfail")
    assert done.returncode == 75
    assert links(nasty) == repaired(nasty)


@needs_jq
def test_nightly_on_the_demo_library(recipe: Run, tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    assert run_command(["demo", str(demo)]).code == 0
    stored, before = snapshot(demo / "storage"), links_below(demo / "video")
    done = recipe("nightly.sh", CINEORG_CONFIG=f"{demo}/cineorg.toml")
    assert done.returncode == 1, done
    after = links_below(demo / "video")
    changed = {path for path, target in after.items() if before[path] != target}
    assert done.stdout.count(b"\ndone: ") == len(changed) > 20
    assert all(os.path.exists(path) for path in changed)
    assert snapshot(demo / "storage") == stored
    # The rest is named, all but what is out of scope; most of it was broken before, too.
    rest = sorted(path for path in after if not os.path.exists(path) and "/Concerts/" not in path)
    named = re.findall(rb"^needs you: (.*)", done.stdout, re.MULTILINE)
    assert [json.loads(b'"%s"' % path) for path in named] == rest


def test_orphans_are_where_a_person_looks(nasty: Library, recipe: Run, tmp_path: Path) -> None:
    os.unlink(nasty.db)
    nasty.scan("--no-register")
    stored = snapshot(nasty.storage)
    done = recipe("orphans.sh", "to sort")
    assert (done.returncode, done.stderr) == (0, b""), done
    inbox = f"{tmp_path}/here/to sort"
    found = {os.path.join(folder, name) for folder, _, names in os.walk(inbox) for name in names}
    videos = [path for path in stored if path.endswith(".mkv")]
    assert {path[len(inbox) :] for path in found} == set(videos)
    assert all(os.readlink(path) == path[len(inbox) :] for path in found)
    assert done.stdout == b"%d bytes\n" % sum(map(os.path.getsize, videos))
    assert snapshot(nasty.storage) == stored

    again = recipe("orphans.sh", "to sort")
    assert (again.returncode, again.stdout) == (1, b"")
    other = recipe("orphans.sh", "other", nasty.stored("Films/new place/Plain (2001).mkv"))
    assert (other.returncode, other.stdout) == (0, b"1000 bytes\n")


@AWAY
def test_orphans_are_not_believed_unless_all_was_seen(nasty: Library, recipe: Run, tmp_path: Path, how: str) -> None:
    with away(nasty, how) as prefix:
        done = recipe("orphans.sh", "to sort", prefix=prefix)
    assert done.returncode == 3
    assert os.listdir(tmp_path / "here") == []


def test_no_orphans_make_an_empty_folder(library: Library, recipe: Run, tmp_path: Path) -> None:
    library.films(3).scan()
    assert recipe("orphans.sh", "to sort").stdout == b"0 bytes\n"
    assert os.listdir(tmp_path / "here" / "to sort") == []


@needs_jq
def test_a_plan_is_reviewed_and_applied(nasty: Library, recipe: Run, tmp_path: Path) -> None:
    before = snapshot(nasty.video)
    made = recipe("review.sh", "plan", "-plan.jsonl", '.score >= 98 and (.path | test("dash") | not)')
    assert (made.returncode, made.stderr) == (0, b""), made
    assert made.stdout.count(b"\n") == len(NASTY) - 1  # a line each, whatever is in their names
    assert snapshot(nasty.video) == before
    plan = tmp_path / "here" / "-plan.jsonl"
    lines = plan.read_bytes().splitlines(keepends=True)
    plan.write_bytes(b"".join(line for line in lines if b"Plain" not in line))  # with an editor

    done = recipe("review.sh", "apply", "-plan.jsonl")
    assert (done.returncode, done.stderr) == (0, b""), done
    unwanted = {path: target for path, target in links(nasty).items() if "dash" in path or "Plain" in path}
    assert links(nasty) == repaired(nasty) | unwanted
    assert len(unwanted) == 2
    assert os.listdir(tmp_path / "here") == ["-plan.jsonl.applied"]


@needs_jq
def test_a_clean_up_is_reviewed_and_applied(recipe: Run, tmp_path: Path) -> None:
    demo = tmp_path / "demo"
    assert run_command(["demo", str(demo)]).code == 0
    config = {"CINEORG_CONFIG": f"{demo}/cineorg.toml"}
    ends = {os.path.realpath(path) for path in links_below(demo / "video") if os.path.exists(path)}
    made = recipe("review.sh", "plan", "plan.jsonl", '.op != "remove_link"', "cleanup", "--fix", **config)
    assert (made.returncode, made.stderr) == (0, b""), made
    done = recipe("review.sh", "apply", "plan.jsonl", **config)
    assert (done.returncode, done.stderr) == (0, b""), done
    after = run_command(["cleanup", "--config", f"{demo}/cineorg.toml", "--json"]).json["summary"]
    wanted = {"broken_symlinks": 7, "duplicate_symlinks": 1, "misplaced_symlinks": 0, "oversized_dirs": 0}
    assert {name: after[name] for name in wanted} == wanted
    assert ends <= {os.path.realpath(path) for path in links_below(demo / "video")}


@needs_jq
def test_a_plan_that_is_old_leaves_what_has_changed(nasty: Library, recipe: Run) -> None:
    recipe("review.sh", "plan", "plan.jsonl")
    by_hand = nasty.link("Films/Drame/Plain (2001).mkv")
    os.unlink(by_hand)
    os.symlink("/somewhere/else.mkv", by_hand)
    assert recipe("review.sh", "apply", "plan.jsonl").returncode == 1
    assert links(nasty) == repaired(nasty) | {by_hand: "/somewhere/else.mkv"}


@needs_jq
@AWAY
def test_no_plan_is_made_of_half_a_library(nasty: Library, recipe: Run, tmp_path: Path, how: str) -> None:
    with away(nasty, how) as prefix:
        assert recipe("review.sh", "plan", "plan.jsonl", prefix=prefix).returncode == 3
    assert os.listdir(tmp_path / "here") == []


@needs_jq
def test_review_refuses_what_it_cannot_do(nasty: Library, recipe: Run, tmp_path: Path) -> None:
    before = snapshot(nasty.video)
    assert recipe("review.sh", "plan", "plan.jsonl", ".score >=").returncode not in (0, 1)
    assert os.listdir(tmp_path / "here") == []
    assert recipe("review.sh", "apply", "plan.jsonl").returncode == 2
    assert recipe("review.sh", "go", "plan.jsonl").returncode == 2
    (tmp_path / "here" / "plan.jsonl").write_text('{"op": "relink", "path": "/etc/passwd"}\n', "utf-8")
    assert recipe("review.sh", "apply", "plan.jsonl").returncode == 2
    assert os.listdir(tmp_path / "here") == ["plan.jsonl"]
    assert snapshot(nasty.video) == before


@pytest.fixture
def nas(tmp_path: Path) -> Library:
    """Return a library on "another machine": its volume has another path here, and a name that wants quotes."""
    base = tmp_path / "the 'first' $volume"
    base.mkdir()
    (tmp_path / "mnt").symlink_to(base)
    library = Library(base)
    names = [name for name in NASTY if name.isprintable() or "\n" in name]
    return library.add(
        {f"Films/{name}.mkv": 1000 + place for place, name in enumerate(names)},
        {f"Films/Drame/{name}.mkv": f"../../../storage/Films/{name}.mkv" for name in names},
    )


def take_over(nas: Library, recipe: Run, tmp_path: Path, **options: Any) -> Any:
    (tmp_path / "cineorg.toml").write_text('storage = ["mnt/storage"]\nvideo = "mnt/video"\ndb = "here.db"\n', "utf-8")
    return recipe("from-nas.sh", "nas", nas.storage, nas.video, f"{nas.base}={tmp_path}/mnt", **options)


def test_another_machine_reads_its_disks(nas: Library, recipe: Run, programs: Path, tmp_path: Path) -> None:
    first = take_over(nas, recipe, tmp_path)
    assert (first.returncode, first.stderr) == (0, b""), first
    assert (programs / "host").read_text("utf-8") == "nas\n"
    names = [name for name in os.listdir(nas.stored("Films")) if name.endswith(".mkv")]
    for place, name in enumerate(names):
        nas.move(f"Films/{name}", f"Films/renamed/{place}.mkv")
    second = take_over(nas, recipe, tmp_path)
    assert second.returncode == 0, second
    assert sum(line.startswith(b"moved\t") for line in second.stdout.splitlines()) == len(names)
    here = ["--config", f"{tmp_path}/cineorg.toml"]
    assert run_command(["repair-links", *here, "--auto"]).code == 0
    ends = {os.path.basename(path): os.path.realpath(path) for path in links(nas)}
    assert ends == {
        name: os.path.realpath(nas.stored(f"Films/renamed/{place}.mkv")) for place, name in enumerate(names)
    }


def test_a_stream_that_was_cut_off_changes_nothing(nas: Library, recipe: Run, programs: Path, tmp_path: Path) -> None:
    assert take_over(nas, recipe, tmp_path).returncode == 0
    here = tmp_path / "here.db"
    before = here.read_bytes()
    nas.move("Films/Plain (2001).mkv", "Films/other.mkv")
    ssh = (programs / "ssh").read_text("utf-8").partition("\n")[2]
    add_program(programs, "ssh", f"({ssh}) | head -n 5; exit 255")
    done = take_over(nas, recipe, tmp_path)
    assert done.returncode == 2, done
    assert b"the inventory was cut" in done.stderr
    assert here.read_bytes() == before
    add_program(programs, "ssh", "exit 255")  # no such host
    assert take_over(nas, recipe, tmp_path).returncode == 2
    assert here.read_bytes() == before


def test_what_the_other_machine_could_not_see_is_not_lost(nas: Library, recipe: Run, tmp_path: Path) -> None:
    assert take_over(nas, recipe, tmp_path).returncode == 0
    os.rename(nas.storage, f"{nas.storage}.away")
    done = take_over(nas, recipe, tmp_path)
    os.rename(f"{nas.storage}.away", nas.storage)
    assert done.returncode == 3, done
    assert b"nas ended with 3" in done.stderr
    assert not any(line.startswith(b"gone\t") for line in done.stdout.splitlines())
    assert run_command(["integrity", "--config", f"{tmp_path}/cineorg.toml", "--only", "broken_symlink"]).code == 0


def test_the_gate_opens_for_a_sound_library_only(library: Library, recipe: Run, tmp_path: Path) -> None:
    library.films(9).scan()
    words = [*NASTY, "", "--yes"]
    done = recipe("gate.sh", "printf", "[%s]", *words)
    assert (done.returncode, done.stderr) == (0, b""), done
    assert done.stdout == b"".join(b"[%s]" % os.fsencode(word) for word in words)
    assert recipe("gate.sh", "sh", "-c", "exit 7").returncode == 7

    os.unlink(library.stored("Films/Films.3.2001.mkv"))
    shut = recipe("gate.sh", "touch", "ran")
    assert (shut.returncode, shut.stdout) == (1, b"")
    assert os.fsencode(library.link("Films/Drame/Films no3 (2001).mkv")) in shut.stderr
    assert recipe("gate.sh", "true", CHECKS="--only orphan_file --only ghost_entry").returncode == 1
    assert recipe("gate.sh", "true", CHECKS="--only orphan_file").returncode == 0

    with away(library, "missing"):
        assert recipe("gate.sh", "touch", "ran").returncode == 3
    assert recipe("gate.sh", "touch", "ran", CHECKS="--only nonsense").returncode == 2
    assert recipe("gate.sh").returncode == 2
    assert os.listdir(tmp_path / "here") == []


@needs_jq
def test_the_night_is_undone_and_no_more(nasty: Library, recipe: Run) -> None:
    nasty.add({"Films/old.mkv": 5}, {"Films/Crime/Old (1950).mkv": "@/Films/lost.mkv"})
    old = nasty.link("Films/Crime/Old (1950).mkv")
    assert nasty.run("repair-links", old, "--to", nasty.stored("Films/old.mkv"), "--yes").code == 0
    nasty.rows("UPDATE cineorg_batches SET started_at = '2001-01-01 00:00:00.000000'")
    before = links(nasty)
    assert before[old] == nasty.stored("Films/old.mkv")
    assert nasty.run("repair-links", "--auto").code == 1
    nasty.run("fix-symlinks", "--relative", "--yes")
    after = links(nasty)
    assert len({path for path, target in after.items() if before[path] != target}) > len(NASTY)

    shown = recipe("undo-night.sh", "yesterday", "--dry-run")
    assert re.findall(rb"batch (\d+)$", shown.stderr, re.MULTILINE) == [b"3", b"2"]
    assert links(nasty) == after
    assert recipe("undo-night.sh", "yesterday").returncode == 2  # neither --yes nor --dry-run
    assert links(nasty) == after
    done = recipe("undo-night.sh", "yesterday", "--yes")
    assert done.returncode == 0, done
    assert links(nasty) == before

    again = recipe("undo-night.sh", "yesterday", "--yes")
    assert (again.returncode, again.stdout) == (0, b"")
    assert recipe("undo-night.sh", "tomorrow", "--yes").stdout == b""
    assert links(nasty) == before
    assert nasty.run("undo", "5", "--yes").code == 0  # the repair is back after all
    assert links(nasty) == repaired(nasty)
    assert recipe("undo-night.sh", "yesterday", "--yes").returncode == 0
    assert links(nasty) == before


@needs_jq
def test_undoing_leaves_what_was_done_by_hand_since(nasty: Library, recipe: Run) -> None:
    before = links(nasty)
    nasty.run("repair-links", "--auto")
    by_hand = nasty.link("Films/Drame/Plain (2001).mkv")
    os.unlink(by_hand)
    os.symlink("/somewhere/else.mkv", by_hand)
    assert recipe("undo-night.sh", "1 hour ago", "--yes").returncode == 1
    assert links(nasty) == before | {by_hand: "/somewhere/else.mkv"}


@needs_jq
def test_undoing_stops_at_the_first_refusal(nasty: Library, recipe: Run) -> None:
    nasty.run("repair-links", "--auto")
    nasty.run("fix-symlinks", "--relative", "--yes")
    after = links(nasty)
    with open_catalogue(nasty.db, write=True):
        done = recipe("undo-night.sh", "1 hour ago", "--yes")
    assert (done.returncode, done.stdout) == (4, b"")
    assert re.findall(rb"batch (\d+)$", done.stderr, re.MULTILINE) == [b"2"]
    assert recipe("undo-night.sh", "the day of the flood", "--yes").returncode == 2
    assert links(nasty) == after


@pytest.mark.parametrize("name", ["radarr_moviefile_path", "sonarr_episodefile_path", ""])
def test_an_import_gets_its_link(library: Library, recipe: Run, name: str) -> None:
    library.films(3).scan()
    library.rows("""UPDATE movies SET genres_json = '["drame"]'""")
    old, path = library.link("Films/Drame/Films no1 (2001).mkv"), library.stored("Films/new/$(x) it's.2002.1080p.mkv")
    library.move("Films/Films.1.2001.mkv", "Films/new/Films.no1.2001.2160p.mkv")
    library.add({"Films/new/$(x) it's.2002.1080p.mkv": 4321})
    done = recipe("on-import.sh", *([] if name else [path]), **({name: path} if name else {}))
    assert done.returncode == 1, "nobody knows the genre of the new film"
    assert os.readlink(old) == library.stored("Films/new/Films.no1.2001.2160p.mkv")
    known = {os.fsdecode(row[0]) for row in library.rows("SELECT path FROM cineorg_files")}
    assert path in known
    assert recipe("on-import.sh", sonarr_eventtype="Test").returncode == 0
    assert recipe("on-import.sh").returncode == 2


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_a_recipe_is_good_shell(script: Path) -> None:
    text = script.read_text("utf-8")
    assert text.startswith("#!/usr/bin/env bash\n# ")
    assert re.search(r"^set -e?uo pipefail\b", text, re.MULTILINE)
    assert os.access(script, os.X_OK)
    assert max(map(len, text.splitlines())) <= 120
    if MAY_SKIP and not shutil.which("shellcheck"):
        pytest.skip("shellcheck is not installed")
    done = subprocess.run(["shellcheck", script], capture_output=True, text=True, check=False)
    assert done.stdout == ""


def readme_recipes() -> str:
    return (REPOSITORY / "README.md").read_text("utf-8").partition("\n### Recipes\n")[2].partition("\n##")[0]


def test_every_recipe_is_in_the_readme() -> None:
    linked = re.findall(r"\[`(.+?)`\]\(tests/recipes/(.+?)\)", readme_recipes())
    assert sorted(linked) == [(path.name, path.name) for path in SCRIPTS]
