"""Where the unresolved links come from: a report, whole or cut, or the planner's own run."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest
from arr_helpers import ALIEN, Arr, Library, Run


def test_standard_input_may_be_json_lines(
    library: Library, run: Run, both: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    document = json.loads(Path(library.report()).read_text())
    lines = [{"type": "unresolved", **row} for row in document["unresolved"][:1]]
    lines = [{"op": "relink", "path": "/x"}, *lines, {"type": "summary", "complete": True, "command": "repair-links"}]
    text = "".join(json.dumps(line) + "\n" for line in lines).encode()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))
    assert run("-", "-n", "--json").requests == [("film", 100, "planned")]


def test_names_may_hold_what_ends_a_line_elsewhere(
    library: Library, run: Run, radarr: Arr, monkeypatch: pytest.MonkeyPatch
) -> None:
    radarr.add_film("Alien", 1979, 348)
    library.broken("Films/\u2028\x85\x1c\x0c/Alien (1979).mkv")
    (row,) = json.loads(Path(library.report()).read_text())["unresolved"]
    lines = [{"type": "unresolved", **row}, {"type": "summary", "complete": True, "command": "repair-links"}]
    text = "\r\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text.encode())))
    assert run("-", "-n", "--json").requests == [("film", 100, "planned")]


WRONG = {
    "empty": ("", "is not the JSON of"),
    "no JSON": ("path\ttarget\n", "is not the JSON of"),
    "cut": ('{"command": "repair-links",\n "unresolved": [', "is not the JSON of"),
    "cut lines": ('{"type": "unresolved", "path": "/a", "target": "/b"}\n', "its last line is missing"),
    "too deep": ("[" * 100_000, "is not the JSON of"),
    "too deep lines": ('{"type": "summary"}\n' + '{"a":' * 100_000, "is not the JSON of"),
    "another command": ('{"command": "integrity", "complete": true, "unresolved": []}', "but of 'integrity'"),
    "a list": ("[1, 2]", "is no report"),
    "no path": ('{"command": "repair-links", "unresolved": [{"target": "/b"}]}', "cannot be read"),
    "relative": ('{"command": "repair-links", "unresolved": [{"path": "a", "target": "/b"}]}', "no absolute path"),
    "not a link": ('{"command": "repair-links", "unresolved": [3]}', "cannot be read"),
    "not base64": ('{"command": "repair-links", "unresolved": [{"path_b64": "?", "path": "/a"}]}', "cannot be read"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_report_is_refused(library: Library, run: Run, radarr: Arr, case: str) -> None:
    file = library.base / "report"
    file.write_text(WRONG[case][0])
    result = run(str(file), "-y")
    assert (result.code, result.out, result.err.count("\n")) == (2, b"", 1)
    assert WRONG[case][1] in result.err
    assert radarr.seen == []


def test_a_file_that_does_not_exist(library: Library, run: Run, radarr: Arr) -> None:
    assert (run("/nonexistent.json", "-n").code, radarr.seen) == (2, [])


def test_a_path_that_is_not_utf8_passes_through(library: Library, run: Run, radarr: Arr) -> None:
    radarr.add_film("Alien", 1979, 348)
    link = os.fsencode(library.video) + b"/Films/\xff\xfe/Alien (1979).mkv"
    os.makedirs(os.path.dirname(link))
    os.symlink(b"/gone/\xff.mkv", link)
    import base64

    row = {"path": "?", "path_b64": base64.b64encode(link).decode(), "target": "?", "reason": "", "candidates": []}
    row["target_b64"] = base64.b64encode(b"/gone/\xff.mkv").decode()
    result = run(library.report(unresolved=[row]), "-y", "-0")
    assert (result.code, result.out) == (0, link + b"\0")


def test_an_incomplete_report_is_refused_unless_that_is_accepted(
    library: Library, run: Run, radarr: Arr, both: tuple[str, str]
) -> None:
    report = library.report(complete=False)
    refused = run(report, "-y")
    assert (refused.code, refused.out, radarr.seen) == (4, b"", [])
    assert "request-missing --storage" in refused.err
    assert "--incomplete" in refused.err
    preview = run(report, "-n", "--json")
    assert (preview.code, preview.json["complete"]) == (4, False)
    assert preview.requests[0] == ("film", 100, "planned")
    accepted = run(report, "-y", "--incomplete", "--json")
    assert (accepted.code, accepted.requests[0]) == (3, ("film", 100, "done"))


def test_without_a_file_the_planner_is_run(library: Library, run: Run, radarr: Arr, sonarr: Arr) -> None:
    radarr.add_film("Alien", 1979, 348)
    radarr.add_film("Brazil", 1985, 68)
    library.broken(ALIEN, "Films/Alien.1979.mkv")
    library.broken("Films/SF/Brazil (1985).mkv", "Films/old/Brazil.1985.mkv")
    (library.storage / "Films" / "Brazil.1985.1080p.mkv").write_bytes(b"b")  # that one can be repaired
    result = run("-y", "--json")
    assert (result.code, result.requests, result.reasons) == (0, [("film", 100, "done")], [])
    assert not library.db.exists()


def test_a_storage_that_is_away_is_no_reason_to_ask(library: Library, run: Run, radarr: Arr) -> None:
    radarr.add_film("Alien", 1979, 348)
    library.broken(ALIEN, "Films/Alien.1979.mkv")
    (library.storage / "Films" / "kept.mkv").unlink()
    result = run("-y")
    assert (result.code, radarr.seen) == (4, [])


def test_what_the_planner_refuses_is_no_ground_to_ask(library: Library, run: Run, radarr: Arr) -> None:
    radarr.add_film("Alien", 1979, 348)
    library.broken(ALIEN, "Films/Alien.1979.mkv")
    library.broken("Films/SF/Brazil (1985).mkv", "Films/old/Brazil.1985.mkv")
    (library.storage / "Films" / "Brazil.1985.1080p.mkv").write_bytes(b"b")
    config = library.base / "c.toml"
    config.write_text("max_changes = 0\n")
    result = run("-y", "--config", str(config))
    assert (result.code, result.out, radarr.seen) == (4, b"", [])


def test_a_planner_that_fails_is_told(library: Library, run: Run, radarr: Arr) -> None:
    library.db.write_bytes(b"this is no database, but long enough to be taken for one" * 20)
    result = run("-y")
    assert (result.code, radarr.seen) == (2, [])
    assert "made no report (exit code 2); nothing was asked" in result.err


def test_a_file_named_cineorg_where_it_is_called_is_not_taken_for_ours(
    library: Library, run: Run, radarr: Arr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    (here / "cineorg.py").write_text("open('taken', 'w').close()\n")
    monkeypatch.chdir(here)
    result = run("-n")
    assert (result.code, result.err, os.listdir(here)) == (0, "", ["cineorg.py"])


def test_the_planner_is_not_given_the_keys(
    library: Library, run: Run, radarr: Arr, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spies = tmp_path / "spies"
    spies.mkdir()
    (spies / "sitecustomize.py").write_text(
        f"import os, pathlib\nseen = pathlib.Path({str(spies)!r}, 'seen')\nseen.write_text(repr(dict(os.environ)))\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{spies}:{os.environ['PYTHONPATH']}")
    assert run("-n").code == 0
    seen = (spies / "seen").read_text()
    assert radarr.url in seen
    assert radarr.key not in seen
