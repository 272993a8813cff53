"""Ctrl-C ends every command within a second, whatever hangs."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fuse_mounts import fuse_mounted
from helpers import REPOSITORY, Library, finish, start_command

# Hangs where no signal is heard: a mutex that is locked already is waited for again after each one.
DEADLOCK = """
import ctypes, os
def hang(*_, **__):
    os.write(2, b"hanging\\n")
    mutex = ctypes.create_string_buffer(64)
    lock = ctypes.CDLL(None).pthread_mutex_lock
    lock(mutex)
    lock(mutex)
"""
# What else may be waited for; the last one hears of the signal and does not end all the same.
WAYS = {
    "a call that hears no signal": DEADLOCK,
    "a child": "import subprocess\ndef hang(*_): print('hanging', file=sys.stderr); subprocess.run(['sleep', '30'])",
    "a busy loop": "def hang(*_):\n    print('hanging', file=sys.stderr)\n    while True: pass",
    "an end that hangs": DEADLOCK.replace("def hang", "def stay")
    + "import time\ndef hang(*_):\n    os.write(2, b'hanging\\n')\n    try: time.sleep(30)\n    finally: stay()",
}


def interrupted(child: subprocess.Popen[bytes]) -> tuple[int, float]:
    """Send Ctrl-C; return exit code and how many seconds it took."""
    began = time.monotonic()
    child.send_signal(signal.SIGINT)
    return finish(child, 10).code, time.monotonic() - began


def as_in_a_terminal() -> None:
    """Let Ctrl-C be heard: a shell without job control lets what runs in its background ignore it."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.parametrize("way", WAYS)
def test_ctrl_c_ends_whatever_hangs(way: str, tmp_path: Path) -> None:
    (tmp_path / "hanging.py").write_text(f"import sys\n{WAYS[way]}\n", "utf-8")
    code = (
        "import sys; sys.argv[0] = 'cineorg'; import os, hanging, cineorg.settings.configuration as it;"
        " it.load_settings = hanging.hang; import cineorg.commands.shared.options as o; o.load_settings = hanging.hang;"
        " from cineorg.__main__ import run; run()"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, "integrity"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={"PYTHONPATH": f"{tmp_path}:{REPOSITORY}", "PATH": "/usr/bin:/bin"},
        preexec_fn=as_in_a_terminal,
    )
    assert child.stderr
    assert b"hanging" in child.stderr.readline()
    ended, seconds = interrupted(child)
    assert (ended, seconds < 1.5) == (130, True), seconds


@pytest.mark.parametrize("where", ["storage", "video", "catalogue"])
@pytest.mark.parametrize("command", [["integrity"], ["scan"], ["repair-links", "--auto"], ["history"]])
def test_ctrl_c_ends_a_command_on_a_mount_that_does_not_answer(
    where: str, command: list[str], library: Library, tmp_path: Path
) -> None:
    library.films(5)
    (tmp_path / "own").mkdir()
    library.db = str(tmp_path / "own" / "c.db")
    folder = {"storage": library.storage, "video": library.video, "catalogue": str(tmp_path / "own")}[where]
    with fuse_mounted(folder, tmp_path / "mount") as mount:
        library.scan()
        at = {"storage": "--storage", "video": "--video", "catalogue": "--db"}[where]
        place = f"{mount.path}/c.db" if where == "catalogue" else mount.path
        mount.stop()
        child = start_command([*command, *library.flags(), at, place], preexec_fn=as_in_a_terminal)
        time.sleep(1)
        if command == ["history"] and where != "catalogue":
            assert finish(child).code in (0, 2)  # it looks at neither tree
            return
        assert child.poll() is None
        ended, seconds = interrupted(child)
    assert (ended, seconds < 1.5) == (130, True), seconds


def test_a_conversation_that_goes_on_is_not_cut_off() -> None:
    code = (
        "import os, time\n"
        "from cineorg.commands.interruption import interrupt_handled, watch_for_interrupts\n"
        "watch_for_interrupts()\n"
        "for _ in range(2):\n"
        "    try:\n        os.kill(os.getpid(), 2)\n        time.sleep(9)\n"
        "    except KeyboardInterrupt:\n        interrupt_handled()\n"
        "    time.sleep(1.2)\n"
        "print('still here')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(REPOSITORY)},
        preexec_fn=as_in_a_terminal,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (0, b"still here\n")
