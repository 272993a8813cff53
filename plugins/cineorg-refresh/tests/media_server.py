"""A media server on this machine that takes what the published descriptions allow, and refuses all else."""

from __future__ import annotations

import base64
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "0123456789abcdef"
KODI_KEY = "kodi:secret"


class MediaServer:
    """`kind` is jellyfin, emby, plex or kodi; `folders` is what it was told, `sections` what Plex has.

    `troubles` are statuses that the next answers have instead of the right ones.
    """

    def __init__(self, kind: str, sections: dict[str, str] | None = None) -> None:
        self.kind, self.sections = kind, sections or {}
        self.folders: list[str] = []
        self.refused: list[str] = []
        self.troubles: list[int] = []
        self.requests = 0
        media = self

        class Handler(BaseHTTPRequestHandler):
            def log_message(self, *_: object) -> None:
                pass

            def do_GET(self) -> None:
                self._answer("GET")

            def do_POST(self) -> None:
                self._answer("POST")

            def _answer(self, method: str) -> None:
                length = int(self.headers.get("content-length", 0))
                body = json.loads(self.rfile.read(length)) if length else None
                media.requests += 1
                if media.troubles:
                    status, answer = media.troubles.pop(0), None
                else:
                    status, answer = media.answer(method, self.path, dict(self.headers.items()), body)
                content = b"" if answer is None else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def end(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, method: str, target: str, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        status, answer = getattr(self, f"_{self.kind}")(method, urlsplit(target), headers, body)
        if status >= 400:
            self.refused.append(f"{status} {method} {target} {body}")
        return status, answer

    def _jellyfin(self, method: str, target: Any, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        if headers.get("Authorization") != f'MediaBrowser Token="{KEY}"':
            return 401, None
        return self._updated(method, target, body)

    def _emby(self, method: str, target: Any, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        if headers.get("X-Emby-Token") != KEY:
            return 401, None
        return self._updated(method, target, body)

    def _updated(self, method: str, target: Any, body: Any) -> tuple[int, Any]:
        if (method, target.path) != ("POST", "/Library/Media/Updated"):
            return 404, None
        if not isinstance(body, dict) or set(body) != {"Updates"} or not body["Updates"]:
            return 400, None
        for update in body["Updates"]:
            if set(update) != {"Path", "UpdateType"} or update["UpdateType"] not in ("Created", "Modified", "Deleted"):
                return 400, None
        self.folders += [update["Path"] for update in body["Updates"]]
        return 204, None

    def _plex(self, method: str, target: Any, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        if headers.get("X-Plex-Token") != KEY:
            return 401, None
        if headers.get("Accept") != "application/json":
            return 406, None  # it would be XML
        if (method, target.path) == ("GET", "/library/sections"):
            sections = [{"key": key, "type": "movie", "Location": [{"id": 1, "path": path}]}
                        for key, path in self.sections.items()]  # fmt: skip
            return 200, {"MediaContainer": {"size": len(sections), "Directory": sections}}
        for key, path in self.sections.items():
            if (method, target.path) == ("GET", f"/library/sections/{key}/refresh"):
                asked = parse_qs(target.query)
                if set(asked) != {"path"} or not f"{asked['path'][0]}/".startswith(f"{path}/"):
                    return 400, None
                self.folders += asked["path"]
                return 200, None
        return 404, None

    def _kodi(self, method: str, target: Any, headers: dict[str, str], body: Any) -> tuple[int, Any]:
        secret = base64.b64encode(KODI_KEY.encode()).decode()
        if headers.get("Authorization") != f"Basic {secret}":
            return 401, None
        if (method, target.path) != ("POST", "/jsonrpc"):
            return 404, None
        if headers.get("Content-Type") != "application/json" or body.get("jsonrpc") != "2.0" or "id" not in body:
            return 200, {"error": {"code": -32600, "message": "Invalid request."}, "id": None, "jsonrpc": "2.0"}
        if body.get("method") != "VideoLibrary.Scan" or set(body["params"]) - {"directory", "showdialogs"}:
            return 200, {"error": {"code": -32602, "message": "Invalid params."}, "id": body["id"], "jsonrpc": "2.0"}
        self.folders.append(body["params"]["directory"])
        return 200, {"id": body["id"], "jsonrpc": "2.0", "result": "OK"}
