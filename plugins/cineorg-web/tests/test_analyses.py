"""Analyses from the button to the result: phases, joining, failures, what stays; and that results are the command's."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess

import pytest
from web_library import Server, WebLibrary

CHECKED_AT = re.compile(rb'"checked_at": "[^"]+"')


@pytest.mark.parametrize("kind", ["integrity", "cleanup"])
def test_downloads_are_what_the_command_line_writes(library: WebLibrary, kind: str) -> None:
    library.with_faults().film(b"odd \xe9\t\\ name.mkv")
    library.link("broken\tlink.mkv", "/nowhere")
    server = library.serve()
    server.analyse(kind)
    downloads = {name: server.get(f"/{kind}/report.{name}") for name in ("json", "tsv")}
    assert CHECKED_AT.sub(b"", downloads["json"].content) == CHECKED_AT.sub(b"", library.run(kind, "--json"))
    assert downloads["tsv"].content == library.run(kind, "--tsv")
    assert b"odd \xe9" in downloads["tsv"].content or kind == "cleanup"
    for name, answer in downloads.items():
        assert re.fullmatch(
            rf'attachment; filename="cineorg-{kind}-[\dT.]+\.{name}"', answer.headers["content-disposition"]
        )


@pytest.mark.parametrize(("kind", "phases"), [("integrity", 3), ("cleanup", 6)])
def test_the_stream_tells_every_phase_with_its_count(library: WebLibrary, kind: str, phases: int) -> None:
    server = library.with_faults().serve()
    last = server.analyse(kind)[-1]
    assert (last["state"], last["phases"]) == ("done", phases)
    assert [step["number"] for step in last["steps"]] == list(range(phases + 1))
    assert all(step["label"] and step["done"] >= 0 for step in last["steps"])
    assert all(step["total"] in (None, step["done"]) for step in last["steps"])


def test_one_analysis_runs_at_a_time_and_everyone_joins_it(library: WebLibrary) -> None:
    gate = library.add_waiting_check()
    server = library.with_faults().serve()
    started = server.start("integrity")
    waiting = server.events(lambda event: event["kind"] == "integrity" and len(event["steps"]) == 5)[-1]
    assert waiting["phases"] == 4
    assert waiting["steps"][-1]["label"] == "Waiting"
    assert server.start("integrity")["started_at"] == started["started_at"]
    again = server.events(lambda event: event["kind"] == "integrity")[-1]  # a second tab
    assert again["steps"][-1] == waiting["steps"][-1] | {"done": again["steps"][-1]["done"]}
    assert "Running: load the page again" in server.get("/").text
    assert server.analyse("cleanup")[-1]["state"] == "done"  # the other kind need not wait
    assert server.events(lambda event: event["kind"] == "integrity")[-1]["state"] == "running"
    gate.touch()
    assert server.finish("integrity")[-1]["state"] == "done"
    assert (library.base / "state").is_dir()


def test_the_page_answers_while_an_analysis_runs(library: WebLibrary) -> None:
    gate = library.add_waiting_check()
    server = library.with_faults().serve()
    server.start("integrity")
    for address in ("/", "/library", "/cleanup/result", "/static/app.js"):
        assert server.get(address).status_code == 200
    gate.touch()
    server.finish("integrity")


def test_a_result_with_its_time_outlives_the_server(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    result = server.analyse("integrity")[-1]["result"]
    first, page = server.get("/integrity/report.json").content, server.get("/integrity/result").text
    server.end()
    again = library.serve()
    assert again.events(lambda event: event["kind"] == "integrity")[-1]["result"] == result
    assert again.get("/integrity/report.json").content == first
    assert again.get("/integrity/result").text == page
    assert json.loads(first)["checked_at"] in page


def test_a_new_result_takes_the_place_of_the_old_one(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    old = server.analyse("integrity")[-1]["result"]
    with server.client.stream("GET", f"/integrity/report.json?run={old}") as download:
        new = server.analyse("integrity")[-1]["result"]
        assert json.loads(download.read())["command"] == "integrity"
    assert new != old
    assert server.get(f"/integrity/report.json?run={old}").status_code == 404
    assert [path.stem for path in library.results()] == [new]


def test_a_second_server_on_the_same_library_leaves_the_first_ones_results_alone(library: WebLibrary) -> None:
    first = library.with_faults().serve()
    kept = first.analyse("integrity")[-1]["result"]
    second = library.serve()
    second.analyse("integrity")
    assert first.get(f"/integrity/report.json?run={kept}").status_code == 200  # nobody has looked for news as yet
    assert "another server shows this library" in second.end()[1]
    assert first.get("/integrity/rows?category=orphan_file").status_code == 200


def test_where_nothing_can_be_kept_the_page_works_all_the_same(library: WebLibrary) -> None:
    (library.base / "state").write_text("no folder")
    server = library.with_faults().serve(TMPDIR=str(library.base))
    assert server.analyse("integrity")[-1]["state"] == "done"
    assert server.get("/integrity/report.tsv").status_code == 200
    assert "not kept" in server.end()[1]
    assert list(library.base.glob("cineorg-web-*")) == []


def test_damaged_and_foreign_results_are_passed_over(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    result = server.analyse("integrity")[-1]["result"]
    server.end()
    folder = library.results()[0].parent
    (folder / "integrity-99991231T000000.000000.sqlite").write_bytes(b"no database")
    shutil.copy(folder / f"{result}.sqlite", folder / "integrity-99981231T000000.000000.sqlite")
    rewritten = folder / "integrity-99981231T000000.000000.sqlite"
    subprocess.run(
        ["python3", "-c", f"import sqlite3; sqlite3.connect({str(rewritten)!r}).execute('PRAGMA user_version=99')"],
        check=True,
    )
    assert library.serve().events(lambda event: event["kind"] == "integrity")[-1]["result"] == result


def test_results_that_somebody_removes_are_forgotten_and_can_be_had_again(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    gone = server.analyse("integrity")[-1]["result"]
    shutil.rmtree(library.base / "state")
    assert "Not checked yet" in server.get("/").text
    assert server.get("/integrity/report.json").status_code == 404
    again = server.analyse("integrity")[-1]
    assert again["state"] == "done"
    assert again["result"] != gone
    assert server.get("/integrity/report.json").status_code == 200


@pytest.mark.parametrize(
    "line",
    ['{"event": "progress", "phase": 1, "done": 2}', '{"event": "progress"}', "{}", '{"a": ' * 9000, "{",
     "\xff\x1b[31m",
     '{"event": "progress", "phase": 1, "phases": 9, "done": 2, "label": "x", "total": "many"}'],
)  # fmt: skip
def test_what_a_plugin_says_on_stderr_ends_no_analysis(library: WebLibrary, line: str) -> None:
    library.add_waiting_check(first=f"import sys; print({line!r}, file=sys.stderr)").touch()
    server = library.with_faults().serve()
    last = server.analyse("integrity")[-1]
    assert (last["state"], last["phases"]) == ("done", 4)
    assert "The analysis also said" in server.get("/integrity/result").text


def test_nothing_found_is_no_praise_where_not_everything_was_looked_at(library: WebLibrary) -> None:
    library.film("a.mkv", link="A (2001).mkv")
    library.run("scan", code=0)
    server = library.serve()
    praise = 'class="total clean"'
    server.analyse("integrity")
    assert praise in server.get("/integrity/result").text
    server.end()
    library.add_plugin("bad", BAD_CHECK)
    server = library.serve()
    server.analyse("integrity")
    text = server.get("/integrity/result").text
    assert praise not in text
    assert "Nothing found where it could be looked" in text


def failure_page(server: Server) -> str:
    assert server.analyse("integrity")[-1]["state"] == "failed"
    return server.get("/integrity/result").text


def test_without_a_scan_the_page_says_what_to_do(library: WebLibrary) -> None:
    text = failure_page(library.serve())
    assert "there is no catalogue at" in text
    command = rf"<code>cineorg scan [^<]*--db {library.db}"
    assert re.search(command, text)
    assert re.search(command, library.serve().get("/library").text)


def test_a_failure_leaves_the_last_result_and_the_next_attempt_heals_it(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    server.analyse("integrity")
    catalogue = library.db.read_bytes()
    library.db.write_bytes(b"this is not a database, whatever its name says" * 100)
    text = failure_page(server)
    assert "is not an SQLite database" in text
    assert "Orphan files" in text
    assert "data-run=" in server.get("/").text
    library.db.write_bytes(catalogue)
    assert server.analyse("integrity")[-1]["state"] == "done"
    assert "failed" not in server.get("/integrity/result").text


def test_an_analysis_that_is_killed_is_told(library: WebLibrary) -> None:
    library.add_waiting_check()
    server = library.with_faults().serve()
    server.start("integrity")
    server.events(lambda event: event["phases"] == 4)
    os.kill(server.children()[0], signal.SIGKILL)
    assert server.finish("integrity")[-1]["state"] == "failed"
    text = server.get("/integrity/result").text
    assert "SIGKILL" in text
    assert "out of memory" in text
    assert f"cineorg integrity --storage {library.storage}" in text


def test_what_lies_where_the_server_was_started_is_not_run(library: WebLibrary) -> None:
    library.with_faults()
    server = library.serve()
    for name in ("cineorg", "sqlite3", "json"):
        (library.base / f"{name}.py").write_text("raise SystemExit('not to be run')")
    assert server.analyse("integrity")[-1]["state"] == "done"


def test_a_plugin_that_fails_and_what_is_offline_are_shown_with_the_result(library: WebLibrary) -> None:
    library.with_faults().add_plugin("bad", BAD_CHECK)
    server = library.serve()
    shutil.rmtree(library.storage)
    assert server.analyse("integrity")[-1]["state"] == "done"
    text = server.get("/integrity/result").text
    assert "The plugin bad failed" in text
    assert "Not everything could be looked at" in text
    assert "Offline" in text
    assert server.get("/library").status_code == 200


BAD_CHECK = """
from cineorg import hookimpl
class Bad:
    type, label, summary_key, suggestion, columns, needs_catalogue = "bad", "Bad <i>one</i>", "bads", "", (), False
    def find(self, context, track):
        raise RuntimeError("<b>out of order</b>")
@hookimpl
def register_checks(register):
    register(Bad())
"""


def test_commands_to_copy_mean_this_library(library: WebLibrary) -> None:
    config = library.base / "it's.toml"
    config.write_text(f'storage = "{library.storage}"\nvideo = "{library.video}"\ndb = "{library.db}"\n')
    library.with_faults()
    library.flags = ["--config", config.name]
    server = library.serve()
    server.analyse("integrity")
    text = server.get("/integrity/result").text
    assert "cineorg repair-links --config &#39;it&#39;&#34;&#39;&#34;&#39;s.toml&#39; --auto" in text
    assert f"in the folder {library.base}" in text


def test_nothing_in_the_library_is_touched(library: WebLibrary) -> None:
    library.with_faults()
    before = {path: os.lstat(path)[:7] for root in (library.storage, library.video) for path in root.rglob("*")}
    catalogue = library.db.read_bytes()
    server = library.serve()
    for kind in ("integrity", "cleanup"):
        server.analyse(kind)
    for address in ("/", "/library?tree=links", "/integrity/report.tsv"):
        server.get(address)
    assert {path: os.lstat(path)[:7] for root in (library.storage, library.video) for path in root.rglob("*")} == before
    assert library.db.read_bytes() == catalogue
