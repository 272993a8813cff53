"""A run from its first file to its last, or to whatever ends it before: nothing is lost, nothing goes on running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from probe_helpers import GOOD, NOISE, FakeFfprobe, Library


def test_the_time_for_all_is_kept_and_the_next_run_goes_on(library: Library) -> None:
    for number in range(40):
        library.add(f"{number:02}.mkv", NOISE)
    fake = FakeFfprobe(library.base / "bin", f"sleep 0.1; {GOOD}")
    first = library.probe("--jobs", "2", "--max-time", "0.5", PATH=fake.path)
    summary = first.json["summary"]
    assert 0 < summary["probed"] < 40
    assert summary["not_probed"] == 40 - summary["probed"]
    assert (first.code, len(first.json["suggestions"])) == (0, 1)
    # The newest first, whatever their names.
    newest = [f"{library.storage}/Films/{number:02}.mkv" for number in reversed(range(40))]
    assert sorted(fake.asked) == sorted(newest[: summary["probed"]])
    second = library.probe("--jobs", "4", PATH=fake.path).json["summary"]
    assert (second["probed"], second["known"], second["not_probed"]) == (summary["not_probed"], summary["probed"], 0)
    assert sorted(fake.asked) == sorted(newest)


def test_what_was_silent_comes_last(library: Library) -> None:
    old, new = library.add("old.mkv", NOISE), library.add("new.mkv", NOISE)
    silent = FakeFfprobe(library.base / "bin", "exit 1")
    assert library.probe(PATH=silent.path).code == 3
    third = library.add("a third.mkv", NOISE)
    os.utime(third, ns=(0, 1))
    good = FakeFfprobe(library.base / "bin2", GOOD)
    assert library.probe("--jobs", "1", PATH=good.path).code == 0
    assert good.asked == [third, new, old]


def test_progress_counts_the_files(library: Library) -> None:
    for number in range(5):
        library.add(f"{number}.mkv", NOISE)
    fake = FakeFfprobe(library.base / "bin", GOOD)
    result = library.probe("--progress", "json", PATH=fake.path)
    last = [json.loads(line) for line in result.err.splitlines()][-1]
    assert last == {"event": "progress", "phase": 2, "phases": 2, "label": "Asking ffprobe", "done": 5, "total": 5}


HANGING_DISK = """
import os, sys, time
from cineorg.commands import group
from cineorg_probe import running

real = os.open
def hanging(path, *rest, **more):
    while str(path).endswith("hang.mkv"):
        time.sleep(60)
    return real(path, *rest, **more)
os.open = hanging
running._PATIENCE_SECONDS = 0.1
sys.exit(group.main(sys.argv[1:]))
"""


@pytest.mark.parametrize(("jobs", "probed"), [("2", 4), ("1", 1)])
def test_a_disk_that_hangs_does_not_hang_the_run(library: Library, jobs: str, probed: int) -> None:
    for name in ("a.mkv", "b.mkv", "c.mkv"):
        library.add(name, NOISE)
    hanging = library.add("hang.mkv", NOISE)  # the newest comes first
    fake = FakeFfprobe(library.base / "bin", GOOD)
    arguments = library.command("probe", "--json", "--file-timeout", "1", "--jobs", jobs)[3:]
    command = [sys.executable, "-c", HANGING_DISK, *arguments]
    done = subprocess.run(command, env=library.env | {"PATH": fake.path}, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (3, b"")
    document = json.loads(done.stdout)
    (row,) = document["issues"]
    assert (row["path"], row["reason"]) == (hanging, "the disk gave no answer within 2.1 s")
    # Its thread cannot be ended; where there was only one, the others are left to the next run.
    assert (document["summary"]["probed"], document["summary"]["not_probed"]) == (probed, 4 - probed)


def is_running(pid: str) -> bool:
    """Return whether a process is there and not just its remains."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


def test_an_interrupt_keeps_what_is_known_and_leaves_nothing_running(library: Library) -> None:
    for number in range(6):
        library.add(f"{number}.mkv", NOISE)
    pids = library.base / "pids"
    fake = FakeFfprobe(
        library.base / "bin",
        f'case $file in *[345].mkv) {GOOD};; *) echo $$ >>"{pids}"; exec sleep 60;; esac',
    )
    command = library.command("probe", "--jobs", "3", "--json")
    child = subprocess.Popen(command, env=library.env | {"PATH": fake.path}, stdout=subprocess.PIPE)
    try:
        for _ in range(600):
            if pids.exists() and pids.read_text().count("\n") == 3:
                break
            time.sleep(0.05)
        child.send_signal(signal.SIGINT)
        out, _ = child.communicate(timeout=30)
    finally:
        child.kill()
    assert (child.returncode, out) == (130, b"")
    # To be killed takes the system a moment, and to bury what its parent has left may take it longer.
    left = set(pids.read_text().split())
    for _ in range(600):
        left = set(filter(is_running, left))
        if not left:
            break
        time.sleep(0.05)
    assert not left
    good = FakeFfprobe(library.base / "bin2", GOOD)
    assert library.probe(PATH=good.path).json["summary"]["probed"] == 3
    assert {os.path.basename(path) for path in good.asked} == {"0.mkv", "1.mkv", "2.mkv"}


def test_a_run_that_is_killed_costs_no_more_than_a_batch(library: Library) -> None:
    for number in range(60):
        library.add(f"{number:02}.mkv", NOISE)
    pids = library.base / "pids"
    fake = FakeFfprobe(
        library.base / "bin", f'case $file in *0?.mkv) echo $$ >>"{pids}"; exec sleep 60;; *) {GOOD};; esac'
    )
    child = subprocess.Popen(library.command("probe", "--jobs", "10"), env=library.env | {"PATH": fake.path})
    try:
        for _ in range(600):
            if pids.exists() and pids.read_text().count("\n") == 10:
                break
            time.sleep(0.05)
    finally:
        child.kill()
        child.wait()
        for pid in map(int, pids.read_text().split()):
            os.kill(pid, signal.SIGKILL)
    good = FakeFfprobe(library.base / "bin2", GOOD)
    summary = library.probe(PATH=good.path).json["summary"]
    assert (summary["known"], summary["probed"]) == (50, 10)
