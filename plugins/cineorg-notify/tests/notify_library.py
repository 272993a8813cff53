"""A library with broken links, one of which can be repaired, and a service that notices arrive at."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import cineorg

DISTRIBUTION = Path(__file__).parent.parent


class Service:
    """Takes notices as apprise's `json://` sends them; `status` is what it answers."""

    def __init__(self) -> None:
        self.notices: list[dict[str, Any]] = []
        self.status = 200
        service = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if service.status == 200:
                    service.notices.append(body)
                self.send_response(service.status)
                self.send_header("Content-Length", "0")
                self.end_headers()

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://127.0.0.1:{self._server.server_port}/"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def take(self) -> list[str]:
        """Return title and text of what has come since."""
        found = [f"{notice['title']}\n{notice['message']}" for notice in self.notices]
        self.notices.clear()
        return found

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class NotifyLibrary:
    """Twenty films; of the files of two, one was renamed and one is lost since the scan."""

    def __init__(self, base: Path, urls: str) -> None:
        self.base, self.storage, self.video = base, base / "storage", base / "video"
        (self.storage / "Films").mkdir(parents=True)
        (self.video / "Films" / "Drame").mkdir(parents=True)
        for number in range(20):
            stored = self.storage / "Films" / f"Titre {number}.mkv"
            with stored.open("wb") as file:
                file.truncate(1000 + number)
            os.utime(stored, (1_500_000_000 + number, 1_500_000_000 + number))
            (self.video / "Films" / "Drame" / f"Titre {number} (2001).mkv").symlink_to(stored)
        names = {name: value for name, value in os.environ.items() if not name.startswith(("CINEORG_", "XDG_"))}
        path = [str(Path(cineorg.__file__).parent.parent), str(DISTRIBUTION), names.get("PYTHONPATH", "")]
        (base / "plugins").mkdir()
        (base / "plugins" / "notify.py").write_text("from cineorg_notify.plugin import *\n")
        self.environment = names | {
            "PYTHONPATH": ":".join(filter(None, path)),
            "HOME": str(base),
            "XDG_STATE_HOME": str(base / "state"),
            # As a file, as a user would try a plugin that is not installed; nothing else is part of what is tested.
            "CINEORG_LOAD_PLUGINS": "",
            "CINEORG_PLUGINS_DIR": str(base / "plugins"),
            "CINEORG_NOTIFY_URLS": urls,
        }
        self.configure()
        assert self.run("scan").returncode == 0
        (self.storage / "Films" / "Titre 1.mkv").rename(self.storage / "Films" / "renamed.mkv")
        (self.storage / "Films" / "Titre 2.mkv").unlink()

    def configure(self, *lines: str) -> None:
        """Write the config file; `lines` is what the plugin's table has."""
        (self.base / "cineorg.toml").write_text(
            f'storage = "{self.storage}"\nvideo = "{self.video}"\ndb = "{self.base}/c.db"\n[plugin.notify]\n'
            + "\n".join(lines)
        )

    def run(self, *arguments: str, given: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command on the library; `given` comes on stdin."""
        command = [sys.executable, "-m", "cineorg", *arguments, "--config", str(self.base / "cineorg.toml")]
        done = subprocess.run(
            command,
            env=self.environment | environment,
            capture_output=True,
            check=False,
            input=given,
            text=True,
            errors="surrogateescape",
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done
