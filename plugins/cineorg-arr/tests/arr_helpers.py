"""A server that speaks what is documented of API v3 of Sonarr and Radarr, a small library, and its reports."""

from __future__ import annotations

import json
import os
import secrets
import sqlite3
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from api_description import violations

import cineorg
from cineorg import testing
from cineorg.catalogue import open_catalogue

ALIEN = "Films/SF/Alien (1979) FR 1080p.mkv"  # a link below the video root
DISTRIBUTION = Path(__file__).parent.parent


class Result(testing.Result):
    """What a command left."""

    @property
    def requests(self) -> list[tuple[Any, ...]]:
        """What was asked for, or would be: kind, id, status."""
        return [(row["type"], row["id"], row["status"]) for row in self.json["requests"]]

    @property
    def reasons(self) -> list[str]:
        """Why links are unknown."""
        return [row["reason"] for row in self.json["unresolved"]]


@dataclass
class Answer:
    """What a server answers out of turn.

    `length` is what it says of its body; `wait` is a time before it, `drip` one between its bytes, in seconds.
    """

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: Sequence[tuple[str, str]] = ()
    length: int | None = None
    wait: float = 0
    drip: float = 0


class Arr:
    """Sonarr and Radarr in one: lists, `asked` (the bodies of its commands), `seen` (method, path, query, headers).

    `service` says which one it is; then `wrong` has what the description of that one does not allow.
    """

    def __init__(self, service: str = "") -> None:
        self.service, self._scheme = service, "http"
        self.wrong: list[str] = []
        self.key = secrets.token_hex(16)
        self.base = ""
        self.movies: list[dict[str, Any]] = []
        self.series: list[dict[str, Any]] = []
        self.episodes: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.seen: list[tuple[str, str, dict[str, list[str]], dict[str, str]]] = []
        self.answers: dict[str, Answer] = {}
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}{self.base}"

    def speak_tls(self, context: ssl.SSLContext) -> None:
        """Speak nothing else from now on."""
        self._scheme, self._server.socket = "https", context.wrap_socket(self._server.socket, server_side=True)

    def __enter__(self) -> Arr:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop listening: who connects now is refused."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
            self._server.server_close()

    # What it has

    def add_film(self, title: str, year: int, tmdb: int, **rest: Any) -> int:
        """Add a film and return its id."""
        number = 100 + len(self.movies)
        film = {"id": number, "title": title, "originalTitle": title, "alternateTitles": [], "year": year}
        film |= {"tmdbId": tmdb, "hasFile": False, "monitored": True, "status": "released"}
        self.movies.append(film | rest)
        return number

    def add_series(self, title: str, year: int, tvdb: int, seasons: Mapping[int, int], **rest: Any) -> int:
        """Add a series with so many episodes a season; return its id. Episodes are numbered id * 1000 + n."""
        number = 7 + len(self.series)
        series = {"id": number, "title": title, "alternateTitles": [], "year": year, "tvdbId": tvdb, "monitored": True}
        self.series.append(series | rest)
        places = [(season, episode) for season, count in seasons.items() for episode in range(1, count + 1)]
        for index, (season, episode) in enumerate(places, 1):
            self.episodes.append({
                "id": number * 1000 + index, "seriesId": number, "seasonNumber": season, "episodeNumber": episode,
                "title": f"Episode {episode}", "airDate": f"2020-01-{index:02}", "hasFile": False, "monitored": True,
            })  # fmt: skip
        return number

    # What it answers

    def answer(self, method: str, path: str, query: dict[str, list[str]], key: str | None, body: bytes) -> Answer:
        if not path.startswith(f"{self.base}/api/v3/"):
            return Answer(200, b"<!DOCTYPE html><html><title>Sonarr</title></html>", "text/html")
        if key != self.key:
            return Answer(401, b'{"error": "Unauthorized"}')
        resource = path.removeprefix(f"{self.base}/api/v3/")
        if method == "POST":
            return self._command(json.loads(body)) if resource == "command" else Answer(404, _json("NotFound"))
        if resource == "movie":
            return Answer(200, json.dumps(self.movies).encode())
        if resource == "series":
            return Answer(200, json.dumps(self.series).encode())
        if resource == "episode" and "seriesId" in query:
            number = int(query["seriesId"][0])
            if number not in [series["id"] for series in self.series]:
                return Answer(404, _json("NotFound"))
            return Answer(200, json.dumps([item for item in self.episodes if item["seriesId"] == number]).encode())
        return Answer(400, _json("seriesId or episodeIds must be provided"))

    def _command(self, body: dict[str, Any]) -> Answer:
        fields = {"MoviesSearch": "movieIds", "EpisodeSearch": "episodeIds"}
        if body.get("name") not in fields:
            return Answer(500, _json("Sequence contains no matching element"))
        if not isinstance(body.get(fields[body["name"]]), list):
            return Answer(400, _json("the ids are missing"))
        self.asked.append(body)
        queued = {"id": len(self.asked), "name": body["name"], "status": "queued", "trigger": "manual", "body": body}
        return Answer(201, json.dumps(queued).encode())


def _json(message: str) -> bytes:
    return json.dumps({"message": message}).encode()


def _handler(arr: Arr) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer()

        def do_POST(self) -> None:
            self._answer()

        def _answer(self) -> None:
            parts = urlsplit(self.path)
            query = parse_qs(parts.query)
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            arr.seen.append((self.command, parts.path, query, dict(self.headers)))
            if arr.service and parts.path.startswith(f"{arr.base}/api/"):
                path = parts.path.removeprefix(arr.base)
                arr.wrong += violations(arr.service, self.command, path, query, dict(self.headers), body)
            special = arr.answers.get(f"{self.command} {parts.path.rpartition('/')[2]}")
            answer = special or arr.answer(self.command, parts.path, query, self.headers.get("X-Api-Key"), body)
            try:
                time.sleep(answer.wait)
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(answer.body) if answer.length is None else answer.length))
                for name, value in answer.headers:
                    self.send_header(name, value)
                self.end_headers()
                for start in range(0, len(answer.body), 1 if answer.drip else 1 << 20):
                    self.wfile.write(answer.body[start : start + (1 if answer.drip else 1 << 20)])
                    time.sleep(answer.drip)
                self.close_connection = answer.length is not None
            except OSError:
                self.close_connection = True  # the client has lost its patience

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


class Library:
    """Two roots, a catalogue, and broken links in them."""

    def __init__(self, base: Path) -> None:
        self.base, self.storage, self.video, self.db = base, base / "storage", base / "video", base / "cineorg.db"
        (self.storage / "Films").mkdir(parents=True)
        (self.storage / "Films" / "kept.mkv").write_bytes(b"a")  # storage without a single video counts as offline
        self.video.mkdir()
        self.roots = ["--storage", str(self.storage), "--video", str(self.video), "--db", str(self.db)]
        self._broken: list[dict[str, Any]] = []

    def install(self, monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
        """Make the plugin look installed: its package on the path, and a folder with its entry point."""
        testing.as_if_installed(DISTRIBUTION, folder)
        path = [str(folder), str(DISTRIBUTION), str(Path(cineorg.__file__).parent.parent)]
        for place in reversed(path):
            monkeypatch.syspath_prepend(place)
        monkeypatch.setenv("PYTHONPATH", os.pathsep.join([*path, os.environ.get("PYTHONPATH", "")]).rstrip(":"))

    def broken(self, link: str, target: str = "", candidates: Sequence[tuple[str, float]] = ()) -> str:
        """Make a broken link, note it as unresolved for the report, and return its path; target: below storage."""
        path = self.video / link
        path.parent.mkdir(parents=True, exist_ok=True)
        end = str(self.storage / (target or link))
        path.symlink_to(end)
        self._broken.append({
            "path": str(path), "target": end, "reason": "its file is gone and nothing fits",
            "candidates": [{"path": where, "score": score, "evidence": "same title"} for where, score in candidates],
        })  # fmt: skip
        return str(path)

    def episode(self, series: str, numbers: str, target: str = "") -> str:
        """Make the broken link of an episode."""
        season = int(numbers[1:3])
        return self.broken(f"Séries/Séries TV/{series}/Saison {season:02}/{series} - {numbers}.mkv", target)

    def report(self, **changes: Any) -> str:
        """Write a report as `repair-links --auto -n --json` prints it; return its path."""
        document = {"command": "repair-links", "version": "0.1.0", "checked_at": "2026-01-31T20:15:00+00:00",
                    "library": {}, "complete": True, "dry_run": True, "batch": None,
                    "summary": {"unresolved": len(self._broken)}, "changes": [],
                    "unresolved": self._broken}  # fmt: skip
        path = self.base / "report.json"
        path.write_text(json.dumps(document | changes, indent=2))
        return str(path)

    def catalogue(self) -> None:
        """Make an empty catalogue."""
        with open_catalogue(str(self.db), write=True):
            pass

    def execute(self, statement: str, *values: Any) -> None:
        """Change the catalogue, as another program would."""
        if not self.db.exists():
            self.catalogue()
        with closing(sqlite3.connect(self.db)) as connection, connection:
            connection.execute(statement, values)


Run = Callable[..., Result]
