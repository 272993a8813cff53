"""A library on a real disk and the real server on it: nothing is imitated, nothing leaves the machine."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

import cineorg

DISTRIBUTION = Path(__file__).parent.parent
PATIENCE_S = 60.0

# A check of no use but for tests: it waits in the middle of its phase until a file appears.
WAITING_CHECK = """
import os, time
from cineorg import hookimpl

class WaitingCheck:
    type = "waiting"
    label = "Waiting"
    summary_key = "waiting"
    suggestion = ""
    columns = ()
    needs_catalogue = False

    def find(self, context, track):
        for number in track(range(3000), 3000):
            while number == 2000 and not os.path.exists(GATE):
                time.sleep(0.02)
        return ()

@hookimpl
def register_checks(register):
    register(WaitingCheck())
"""


class Server:
    """`cineorg serve` as a child process; `url` has no slash at its end."""

    def __init__(self, library: WebLibrary, *arguments: str, **environment: str) -> None:
        command = [sys.executable, "-m", "cineorg", "serve", "--port", "0", *library.flags, *arguments]
        self.process = subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=library.environment | environment,
            cwd=library.base,
            # Where the tests run in the background of a shell, Ctrl-C is ignored, and children would inherit that.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
        )
        assert self.process.stdout is not None
        self.url = self.process.stdout.readline().decode().strip().rstrip("/")
        if not self.url:
            raise AssertionError(self.process.communicate()[1].decode())
        self.client = httpx.Client(base_url=self.url, timeout=PATIENCE_S)

    def get(self, address: str, **options: Any) -> httpx.Response:
        return self.client.get(address, **options)

    def start(self, kind: str) -> dict[str, Any]:
        """Press a button, as the page's JavaScript does."""
        answer = self.client.post(f"/{kind}/start", headers={"accept": "application/json"})
        assert answer.status_code == 202, answer.text
        started: dict[str, Any] = answer.json()
        return started

    def events(self, until: Callable[[dict[str, Any]], bool]) -> list[dict[str, Any]]:
        """Return the events of the stream up to the first that fulfils the condition."""
        found = []
        with self.client.stream("GET", "/events") as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            event = ""
            for line in stream.iter_lines():
                event = line.removeprefix("event: ") if line.startswith("event: ") else event
                if event == "analysis" and line.startswith("data: "):
                    found.append(json.loads(line[6:]))
                    if until(found[-1]):
                        return found
        raise AssertionError(found)

    def finish(self, kind: str) -> list[dict[str, Any]]:
        """Wait until no analysis of a kind runs, and return the events until then."""
        return self.events(lambda event: event["kind"] == kind and event["state"] != "running")

    def analyse(self, kind: str) -> list[dict[str, Any]]:
        """Run an analysis to its end."""
        self.start(kind)
        return self.finish(kind)

    def children(self) -> list[int]:
        """Return the processes that the server has started and that still run."""
        lists = Path(f"/proc/{self.process.pid}/task").glob("*/children")
        return [int(number) for each in lists for number in each.read_text().split()]

    def end(self, number: int = signal.SIGINT) -> tuple[int, str]:
        """Send a signal and return the exit code and what was said on stderr."""
        self.client.close()
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            _, errors = self.process.communicate(timeout=PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise
        return self.process.returncode, errors.decode()


class WebLibrary:
    """Two roots and a catalogue, the command line and the server on them."""

    def __init__(self, base: Path, stack: ExitStack) -> None:
        self.base, self._stack = base, stack
        self.storage, self.video, self.db = base / "storage", base / "video", base / "cineorg.db"
        self.flags = ["--storage", str(self.storage), "--video", str(self.video), "--db", str(self.db)]
        names = {name: value for name, value in os.environ.items() if not name.startswith(("CINEORG_", "XDG_"))}
        path = [str(Path(cineorg.__file__).parent.parent), str(DISTRIBUTION), names.get("PYTHONPATH", "")]
        self.environment = names | {
            "PYTHONPATH": ":".join(filter(None, path)),
            "HOME": str(base),
            "XDG_STATE_HOME": str(base / "state"),
            "CINEORG_LOAD_PLUGINS": "web",  # what else is installed is no part of what is tested
        }
        if not is_installed():
            # As a file, as a user would try a plugin that is not installed.
            (base / "plugins").mkdir()
            (base / "plugins" / "web.py").write_text("from cineorg_web.plugin import *\n")
            self.environment["CINEORG_PLUGINS_DIR"] = str(base / "plugins")
        for root in (self.storage, self.video):
            (root / "Films").mkdir(parents=True)

    def add_plugin(self, name: str, source: str) -> None:
        """Add a plugin file that every command on this library sees."""
        folder = self.base / "plugins"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.py").write_text(source)
        self.environment["CINEORG_PLUGINS_DIR"] = str(folder)

    def add_waiting_check(self, first: str = "") -> Path:
        """Add a check that waits, and return the file whose appearance lets it go on; `first` is run when loaded."""
        gate = self.base / "gate"
        self.add_plugin("waiting", f"{first}\n" + WAITING_CHECK.replace("GATE", repr(str(gate))))
        return gate

    def film(
        self, name: str | bytes, *, link: str | None = None, folder: str = "Drame", size_bytes: int = 1000
    ) -> None:
        """Store a film below Films, and link it as `link` below Films/`folder`."""
        path = os.path.join(os.fsencode(self.storage / "Films"), os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.truncate(size_bytes)
        if link is not None:
            self.link(link, os.fsdecode(path), folder=folder)

    def link(self, name: str, target: str, *, folder: str = "Drame") -> None:
        """Make a link below Films/`folder`."""
        path = self.video / "Films" / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.symlink_to(target)

    def run(self, *arguments: str, code: int | None = None) -> bytes:
        """Run a command on the library and return its stdout; `code` is the exit code that it must have."""
        command = [sys.executable, "-m", "cineorg", *arguments, *self.flags]
        done = subprocess.run(command, env=self.environment, capture_output=True, check=False, cwd=self.base)
        assert code is None or done.returncode == code, done.stderr.decode()
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return done.stdout

    def report(self, *arguments: str) -> dict[str, Any]:
        """Run a command and return its JSON document."""
        document: dict[str, Any] = json.loads(self.run(*arguments, "--json"))
        return document

    def with_faults(self) -> WebLibrary:
        """Make a small library with some faults of each of the three kinds, scanned before they came."""
        for number in range(8):
            self.film(f"kept {number}.mkv", link=f"Kept {number} (2001).mkv", size_bytes=4000 + number)
        for number in range(3):
            self.film(f"gone/{number}.mkv", link=f"Gone {number} (2002).mkv", size_bytes=9000 + number)
        self.run("scan", code=0)
        for number in range(3):
            (self.storage / "Films" / "gone" / f"{number}.mkv").unlink()
        for number in range(5):
            self.film(f"new/new {number}.mkv", size_bytes=70_000 + number)
        return self

    def results(self) -> list[Path]:
        """Return the files of the page's results; the last reports of the command line lie elsewhere."""
        return sorted((self.base / "state" / "cineorg" / "web").rglob("*.sqlite"))

    def serve(self, *arguments: str, **environment: str) -> Server:
        """Start the server; it ends with the test."""
        server = Server(self, *arguments, **environment)
        self._stack.callback(server.end)
        return server


def is_installed() -> bool:
    """Return whether cineorg finds the plugin by itself."""
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        return bool(distribution("cineorg-web"))
    except PackageNotFoundError:
        return False
