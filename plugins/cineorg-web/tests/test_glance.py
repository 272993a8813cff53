"""True at a glance: what was not looked at, what is older than the library, what others have done, what is new."""

from __future__ import annotations

import re
import shutil
import time
from html import unescape

import pytest
from cineorg_web.disks import Disks
from cineorg_web.trends import line_points
from web_library import WebLibrary


def words(html: str) -> str:
    """Return the text of a part of the page."""
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def dots(html: str) -> dict[str, str]:
    """Return the class of the dot of each category without findings, by its title."""
    found = re.findall(r'<span class="dot (\w+)"></span><span class="name">([^<]+?)\s*<', html)
    return {title: dot for dot, title in found}


NEVER_READ = """
from cineorg.plugin import Coverage, hookimpl
class NeverRead:
    type, label, summary_key, suggestion, columns, needs_catalogue = "never", "Damaged", "never_read", "", (), False
    def find(self, context, track):
        yield Coverage(CHECKED, 8, "files were never read", ("scan", "--fingerprint"))
@hookimpl
def register_checks(register):
    register(NeverRead())
"""


@pytest.mark.parametrize(("checked", "gap"), [(0, "not checked: none of 8"), (3, "3 of 8 checked"), (8, "")])
def test_only_what_was_checked_is_green(library: WebLibrary, checked: int, gap: str) -> None:
    library.add_plugin("never", NEVER_READ.replace("CHECKED", str(checked)))
    server = library.with_faults().serve()
    server.analyse("integrity")
    text = server.get("/integrity/result").text
    assert dots(text) == {"Damaged": "c0" if gap else "ok"}
    assert gap in words(text)
    assert ("cineorg scan --storage" in text) == bool(gap)
    assert "The analysis also said" not in text


def test_a_storage_that_is_away_is_one_cause_and_nothing_of_it_is_green(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    shutil.move(library.storage, library.base / "away")
    server.analyse("integrity")
    text = server.get("/integrity/result").text
    assert set(dots(text).values()) == {"c0"}
    assert "Nothing found where it could be looked" in text
    overview = server.get("/overview").text
    assert overview.count('class="tile away"') == 1
    assert "1 of 2 places away" in words(overview)
    assert f"<code>cineorg scan --storage {library.storage}" in overview
    assert "none of 11 links could be checked" in words(overview)


def test_the_line_on_top_says_how_the_library_is(library: WebLibrary) -> None:
    server = library.serve()
    assert words(server.get("/overview").text).startswith("links never checked · storage online, ")
    assert "never scanned" in server.get("/overview").text
    assert f"<code>cineorg scan --storage {library.storage}" in server.get("/overview").text
    assert "notice bad" not in server.get("/").text
    library.with_faults()
    server.analyse("cleanup")
    overview = words(server.get("/overview").text)
    assert "cineorg scan" not in overview
    assert overview.startswith("3 of 11 links broken · storage online, ")
    assert re.search(r"free · checked \d{4}-\S+ \S+ UTC · scanned \d{4}-", overview)


def later() -> None:
    """Let the clock, which counts seconds, go on."""
    time.sleep(1.1)


def test_a_result_older_than_a_scan_or_a_batch_says_so_until_the_next_check(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    server.analyse("cleanup")
    assert "Older than the library" not in server.get("/cleanup/result").text
    later()
    (library.video / "Films" / "Empty").mkdir()
    library.run("cleanup", "--fix", "--only", "empty_dir")
    text = words(server.get("/cleanup/result").text)
    assert "Since then cleanup changed it (batch " in text
    library.run("scan")
    assert "the library was scanned and cleanup changed it" in words(server.get("/cleanup/result").text)
    later()
    server.analyse("cleanup")
    assert "Older than the library" not in server.get("/cleanup/result").text


def test_a_report_made_in_a_shell_takes_its_place_within_seconds(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    server.analyse("integrity")
    later()
    library.film("one more.mkv")
    report = library.report("integrity")
    until = time.monotonic() + 10
    with server.client.stream("GET", "/events") as stream:
        for line in stream.iter_lines():
            if '"result": "integrity-' in line and server.get("/integrity/report.json").json() == report:
                break
            assert time.monotonic() < until
    assert server.get("/integrity/report.tsv").content == library.run("integrity", "--tsv")


def test_what_has_come_and_gone_since_the_last_report_is_told(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    server.analyse("integrity")
    assert 'class="change"' not in server.get("/integrity/result").text
    for number in range(3):
        library.film(f"more {number}.mkv")
    for number in range(2):
        (library.storage / "Films" / "new" / f"new {number}.mkv").unlink()
    server.analyse("integrity")
    assert re.search(r"Orphan files .* \+3 −2 since \d{4}-", words(server.get("/integrity/result").text))


def test_batches_are_listed_with_what_would_take_them_back(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    (library.video / "Films" / "Empty").mkdir()
    library.run("cleanup", "--fix", "--only", "empty_dir")
    done = server.get("/done").text
    number = re.search(r"cleanup</b> <span[^>]*>batch (\d+)", done)
    assert number
    assert f"<code>cineorg undo {number[1]} --dry-run --storage {library.storage}" in done
    library.run("undo", "--yes")
    assert f"taken back by batch {int(number[1]) + 1}" in words(server.get("/done").text)


def test_a_damaged_result_before_is_no_reason_against_the_next(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    server.analyse("integrity")
    library.results()[0].write_bytes(b"not a database any more")
    assert server.analyse("integrity")[-1]["state"] == "done"


def test_reports_that_cannot_be_read_are_no_news(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    result = server.analyse("integrity")[-1]["result"]
    for path in (library.base / "state" / "cineorg" / "reports").iterdir():
        path.write_bytes(b"not a database any more")
    assert f'data-run="{result}"' in server.get("/integrity/result").text


def test_a_place_that_is_not_there_says_why() -> None:
    disks = Disks()
    assert disks.ask("/") is not None
    gone = disks.ask("/nowhere/at all")
    assert gone is not None
    assert gone.problem == "no such file or directory"


def test_the_last_reports_are_a_small_line_for_each_kind(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    for number in range(3):
        library.film(f"more {number}.mkv")
        library.report("integrity")
    text = server.get("/integrity/result").text
    assert re.findall(r'Orphan files.*?<polyline points="([^"]+)"', text, re.S)[0] == line_points([6, 7, 8])


@pytest.mark.parametrize(
    ("counts", "points"),
    [([], ""), ([1, 2], ""), ([0, 0, 0], ""), ([0, 1, 2], "0.0,15.0 30.0,8.0 60.0,1.0"),
     ([4, 0, 4], "0.0,1.0 30.0,15.0 60.0,1.0")],
)  # fmt: skip
def test_the_line_is_as_high_as_the_most(counts: list[int], points: str) -> None:
    assert line_points(counts) == points
