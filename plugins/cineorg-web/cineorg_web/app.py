"""The routes: a page, its parts, the downloads, the stream of progress, and one way to start an analysis."""

from __future__ import annotations

import importlib.resources
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
    StreamingResponse,
)
from starlette.routing import Route

from cineorg.plugin import __version__, terminal_text

from . import explaining, glance, rows, views
from .analysis import Analysis
from .folders import TREES, Folder, Forest
from .maintenance import Maintenance
from .numbers import count_text, size_text
from .picture import Picture, draw
from .result import ALL, ORDERS, Choice, Result, Row
from .watching import Seen
from .words import ANALYSES

_STATIC = {"app.css": "text/css", "app.js": "text/javascript", "icon.svg": "image/svg+xml"}
_DOCUMENTS = {"json": "application/json", "tsv": "text/tab-separated-values; charset=utf-8"}
_PICTURE_WIDTH = 1040


def build_app(maintenance: Maintenance, base: str = "") -> Starlette:
    """Return the application for one library; `base` is the path below which a proxy shows it, without a last slash."""
    page = _Page(maintenance, base)
    app = Starlette(
        routes=[
            Route("/", page.whole),
            Route("/library", page.library),
            Route("/search", page.search),
            Route("/overview", page.part("overview.html")),
            Route("/done", page.part("done.html")),
            Route("/events", page.events),
            *(Route(f"/static/{name}", _static(name, media_type)) for name, media_type in _STATIC.items()),
            Route("/{kind}/start", page.start, methods=["POST"]),
            Route("/{kind}/cancel", page.cancel, methods=["POST"]),
            Route("/{kind}/result", page.result),
            Route("/{kind}/rows", page.rows),
            Route("/{kind}/path", page.path),
            Route("/{kind}/ticked", page.ticked),
            Route("/{kind}/explain", page.explain, methods=["POST"]),
            *(Route(f"/{{kind}}/report.{name}", page.download(name, text)) for name, text in _DOCUMENTS.items()),
        ],
        exception_handlers={HTTPException: _not_found, Exception: _fault},  # type: ignore[dict-item]
    )
    app.router.redirect_slashes = False  # it would put whatever host was asked for into the answer
    return app


def _static(name: str, media_type: str) -> Callable[[Request], Response]:
    """Return the answer for one file of the package; no folder is served."""
    content = importlib.resources.files("cineorg_web").joinpath("static", name).read_bytes()

    def answer(request: Request) -> Response:
        return Response(content, media_type=media_type, headers={"cache-control": "no-cache"})

    return answer


def _not_found(request: Request, error: HTTPException) -> Response:
    return PlainTextResponse(f"{error.detail}\n", error.status_code, error.headers)


def _fault(request: Request, error: Exception) -> Response:
    return PlainTextResponse("The page itself failed; what went wrong stands where the server was started.\n", 500)


class _Page:
    """Answers requests; what reads files is no coroutine, so that it runs in a thread."""

    def __init__(self, maintenance: Maintenance, base: str) -> None:
        self._maintenance, self._base = maintenance, base
        self._templates = Environment(
            loader=PackageLoader("cineorg_web"),
            autoescape=True,
            trim_blocks=True,
            lstrip_blocks=True,
            undefined=StrictUndefined,
        )
        self._templates.filters |= {
            "count": count_text,
            "size": size_text,
            "path": rows.path_text,
            "breakable": rows.breakable,
        }
        self._templates.globals |= {"version": __version__, "base": base}

    def whole(self, request: Request) -> Response:
        seen = self._maintenance.look()
        sections = [self._section(analysis, seen) for analysis in self._maintenance.analyses.values()]
        return self._html("page.html", sections=sections, **self._overview(seen), **self._library(request))

    def part(self, template: str) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            return self._html(template, **self._overview(self._maintenance.look()))

        return answer

    def library(self, request: Request) -> Response:
        return self._html("library.html", **self._library(request))

    def result(self, request: Request) -> Response:
        analysis = self._analysis(request)
        return self._html("result.html", section=self._section(analysis, self._maintenance.look()))

    def rows(self, request: Request) -> Response:
        result = self._run_asked_for(request)
        query = request.query_params
        category = {each.name: each for each in result.categories}.get(query.get("category", ""))
        if category is None:
            raise HTTPException(404, "There is no such category.")
        order = query.get("order", "name")
        if order not in ORDERS:
            raise HTTPException(400, "Rows have no such order.")
        choice = Choice(query.get("q", "").strip(), query.get("below", ""), query.get("new", "") == "1")
        view = rows.later_rows(result, category, choice, order=order, skip=_number(query.get("skip", "0")))
        return self._html("rows.html", rows=view)

    def search(self, request: Request) -> Response:
        """Return what all reports have of some words, or of a folder of the picture."""
        query = request.query_params
        folder = self._folder(query.get("tree", ""), query.get("folder", ""))
        choice = Choice(query.get("q", "").strip(), folder.path if folder else "", query.get("new", "") == "1")
        groups = []
        for result in self._maintenance.results() if choice != ALL else ():
            kind = str(result.frame["command"])
            views_of = [(category, rows.later_rows(result, category, choice)) for category in result.categories]
            groups += [(ANALYSES[kind].title, *found, kind, result.key) for found in views_of if found[1].found]
        return self._html("search.html", groups=groups, words=choice.words, folder=folder, choice=choice)

    def ticked(self, request: Request) -> Response:
        result = self._run_asked_for(request)
        numbers = [_number(text) for text in request.query_params.get("ids", "").split(",") if text]
        flags = self._maintenance.flags
        found = rows.ticked(result, numbers, lambda words: views.shell_line([words[0], *flags, *words[1:]]))
        return self._html("ticked.html", ticked=found, where=views.where_to_run(flags))

    def path(self, request: Request) -> Response:
        return PlainTextResponse(terminal_text(rows.path_of(self._row(request))))

    def _row(self, request: Request) -> Row:
        row = self._run_asked_for(request).row(_number(request.query_params.get("id", "")))
        if row is None:
            raise HTTPException(404, "There is no such row.")
        return row

    def explain(self, request: Request) -> Response:
        """Return what `cineorg explain` says of a row: the command's own words."""
        row = self._row(request)
        words = ["explain", *self._maintenance.flags, "--", rows.path_of(row)]
        return self._html("explained.html", text=explaining.explain(words), line=views.shell_line(words))

    def download(self, name: str, media_type: str) -> Callable[[Request], Response]:
        def answer(request: Request) -> Response:
            result = self._run_asked_for(request)
            size_bytes, pieces = result.document(name)
            headers = {
                "content-disposition": f'attachment; filename="cineorg-{result.key}.{name}"',
                "content-length": str(size_bytes),
            }
            return StreamingResponse(pieces, media_type=media_type, headers=headers)

        return answer

    async def start(self, request: Request) -> Response:
        analysis = self._analysis(request)
        analysis.start()
        return _accepted(request, analysis, self._base)

    async def cancel(self, request: Request) -> Response:
        analysis = self._analysis(request)
        analysis.cancel()
        return _accepted(request, analysis, self._base)

    async def events(self, request: Request) -> Response:
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")
        headers = {"x-accel-buffering": "no"}  # a proxy must not save events up
        return StreamingResponse(self._maintenance.events(), media_type="text/event-stream", headers=headers)

    def _html(self, template: str, **values: Any) -> Response:
        return HTMLResponse(self._templates.get_template(template).render(**values))

    def _analysis(self, request: Request) -> Analysis:
        analysis = self._maintenance.analyses.get(request.path_params["kind"])
        if analysis is None:
            raise HTTPException(404, "There is no such page.")
        return analysis

    def _run_asked_for(self, request: Request) -> Result:
        """Return the result that the address names; one that has been replaced must not be mixed with the new one."""
        result = self._analysis(request).result
        if result is None or request.query_params.get("run", result.key) != result.key:
            raise HTTPException(404, "This result has been replaced by a newer one; load the page again.")
        return result

    def _folder(self, tree: str, key: str) -> Folder | None:
        if tree not in TREES or not key:
            return None
        return self._maintenance.sums.forest(tree, self._maintenance.results()).by_key.get(key)

    def _overview(self, seen: Seen) -> dict[str, Any]:
        results, settings, flags = self._maintenance.results(), self._maintenance.settings, self._maintenance.flags
        tiles = glance.tiles(settings, self._maintenance.disks, results)
        return {
            "settings": settings,
            "verdict": glance.verdict(tiles, results, seen),
            "tiles": tiles,
            "first_scan": "" if seen.scanned_at else views.shell_line(["scan", *flags]),
            "batches": [views.batch_view(batch, flags) for batch in seen.batches],
            "here": views.where_to_run(flags),
        }

    def _section(self, analysis: Analysis, seen: Seen) -> dict[str, Any]:
        result = analysis.result
        section: dict[str, Any] = {
            "kind": analysis.kind,
            "words": ANALYSES[analysis.kind],
            "snapshot": analysis.snapshot(),
            "result": result,
            "failure": analysis.failure,
            "terminal": views.shell_line([analysis.kind, *analysis.flags]),
            "where": views.where_to_run(analysis.flags),
        }
        if analysis.failure:
            section["remedies"] = views.commands_in(analysis.failure.message)
        if result:
            categories = views.category_views(result, self._maintenance.trends.get(analysis.kind, {}))
            section |= {
                "categories": categories,
                "segments": views.segments(categories),
                "rows": rows.first_rows(result),
                "commands": list(result.frame.get("suggestions", ())),
                "notes": views.other_notes(result),
                "is_all_checked": not any(view.gap for view in categories),
                "since": seen.changes_since(result.frame["checked_at"]),
            }
        return section

    def _library(self, request: Request) -> dict[str, Any]:
        query = request.query_params
        tree = query.get("tree", "files") if query.get("tree") in TREES else "files"
        try:
            width = int(query.get("width", _PICTURE_WIDTH))
        except ValueError:
            width = _PICTURE_WIDTH
        results = self._maintenance.results()
        forest = self._maintenance.sums.forest(tree, results)
        flags = self._maintenance.flags
        return {
            "forest": forest,
            "tree": tree,
            "trees": TREES,
            "address": partial(_picture_address, self._base),
            "scan": views.shell_line(["scan", *flags]),
            "where": views.where_to_run(flags),
        } | _picture(forest, tree, query.get("folder", ""), width)


def _accepted(request: Request, analysis: Analysis, base: str) -> Response:
    if "application/json" in request.headers.get("accept", ""):
        return JSONResponse(analysis.snapshot(), 202)
    return RedirectResponse(f"{base}/#{analysis.kind}", 303)  # a form, without JavaScript


def _number(text: str) -> int:
    """Return a number of rows from an address."""
    if not text.isascii() or not text.isdecimal() or len(text) > 18:
        raise HTTPException(400, "That is no number of rows.")
    return int(text)


def _picture(forest: Forest, tree: str, key: str, width: int) -> dict[str, Any]:
    folder = forest.by_key.get(key) or (forest.roots[0] if forest.roots else None)
    picture: Picture | None = draw(folder, tree, width) if folder and folder.entries else None
    return {"folder": folder, "picture": picture, "trail": folder.trail() if folder else []}


def _picture_address(base: str, tree: str, key: str = "") -> str:
    return f"{base}/?" + urlencode({"tree": tree} | ({"folder": key} if key else {})) + "#library"
