"""A check may do anything but harm the others: what it raises or yields is told with its plugin's name."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from helpers import Library, Result

from cineorg.output import FORMATS

CHECK = """
import os, sys
from cineorg.plugin import hookimpl
from cineorg.findings import Finding

class Check:
    type, label, summary_key, suggestion = "extra", "Extra things", "extras", "plugins"
    columns, needs_catalogue = ("size",), False
    def find(self, context, track):
        path = context.library.settings.video
        {body}

@hookimpl
def register_checks(register):
    register(Check())
"""
GOOD = 'Finding("extra", path + "/a", "odd", {"size": 7})'
# What a check yields or does, and what is said of it.
FAULTS = {
    "raises": ("raise KeyError('x')", "KeyError: 'x'"),
    "exits": ("sys.exit(0)", "SystemExit: 0"),
    "exits its own way": ("raise type('End', (BaseException,), {})", "End"),
    "reads what is not there": ("open('/nonexistent')", "FileNotFoundError: [Errno 2] No such file"),
    "has no catalogue": ("context.catalogue.file_rows()", "AttributeError: 'NoneType' object"),
    "leaves its loop": ("for number in track([1, 2, 3]): raise ValueError(number)", "ValueError: 1"),
    "never ends its recursion": ("(lambda f: f(f))(lambda f: f(f))", "RecursionError: maximum recursion"),
    "yields nothing at all": ("yield", "it yielded None, which is no Finding"),
    "yields a path": ("yield path", "it yielded '/"),
    "yields another kind": ("yield Finding('broken_symlink', path, '')", "of the type 'broken_symlink', which is not"),
    "yields a path of bytes": ("yield Finding('extra', b'/a', '')", "it yielded a finding whose path is b'/a'"),
    "yields no path": ("yield Finding('extra', '', '')", "it yielded a finding whose path is ''"),
    "yields a path with NUL": ("yield Finding('extra', '/a\\\\0', '')", "it yielded a finding whose path is '/a\\x00'"),
    "yields details of bytes": ("yield Finding('extra', path, b'a')", "it yielded a finding whose details is b'a'"),
    "yields what is no text": ("yield Finding('extra', path, '\\\\ud800')", "whose details is '\\ud800'"),
    "yields a field of bytes": ("yield Finding('extra', path, '', {'size': b'7'})", "whose field size is b'7'"),
    "yields a field of bytes below": ("yield Finding('extra', path, '', {'a': [{'b': (b'7',)}]})", "whose field a is"),
    "yields not a number": ("yield Finding('extra', path, '', {'size': float('nan')})", "whose field size is nan"),
    "yields a huge number": ("yield Finding('extra', path, '', {'size': 10 ** 5000})", "whose field size is "),
    "yields a set": ("yield Finding('extra', path, '', {'size': {7}})", "it yielded a finding whose field size is {7}"),
    "yields numbered fields": ("yield Finding('extra', path, '', {7: 7})", "it yielded a finding with a field named 7"),
    "yields another path": ("yield Finding('extra', path, '', {'path': ''})", "with a field named 'path'"),
    "yields a list": ("yield Finding('extra', path, '', [7])", "it yielded a finding whose fields are [7]"),
    "yields a circle": ("ring = []; ring.append(ring); yield Finding('extra', path, '', {'a': ring})", "Recursion"),
    "yields what cannot be shown": (
        "yield type('Odd', (), {'__repr__': lambda self: 1 / 0})()", "it yielded Odd object (its repr raises"
    ),
}  # fmt: skip


@pytest.fixture
def plugin(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the plugin's file, in a library with one broken link."""
    library.add({"Films/a.mkv": 1}, {"Films/lost.mkv": "@/Films/lost.mkv"})
    (tmp_path / "plugins").mkdir()
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", str(tmp_path / "plugins"))
    return tmp_path / "plugins" / "odd one.py"


def write(plugin: Path, body: str) -> None:
    """Write a plugin whose check has that body."""
    plugin.write_text(CHECK.replace("{body}", body.replace("\\\\", "\\")), "utf-8")


def run(library: Library, *arguments: str) -> Result:
    """Run the check, and one that needs no scan."""
    return library.run("integrity", "--only", "extra", "--only", "broken_symlink", *arguments)


@pytest.mark.parametrize("case", FAULTS)
def test_a_check_that_fails_is_told_and_stops_nothing_else(case: str, library: Library, plugin: Path) -> None:
    body, error = FAULTS[case]
    write(plugin, f"yield {GOOD}\n        {body}")
    result = run(library, "--json")
    assert [issue["type"] for issue in result.json["issues"]] == ["broken_symlink", "extra"]
    assert result.json["issues"][1]["path"] == library.video + "/a"  # what it found before holds by itself
    (told,) = result.json["errors"]
    assert told["plugin"] == "odd one"
    assert told["error"].startswith("its check extra failed: ")
    assert error in told["error"]
    assert result.err == f"cineorg: the plugin odd one: {told['error']}\n"
    assert (result.code, result.json["complete"]) == (3, False)


@pytest.mark.parametrize("name", [each.name for each in FORMATS])
def test_a_check_that_fails_breaks_no_format(name: str, library: Library, plugin: Path) -> None:
    write(plugin, f"yield {GOOD}; yield b'x'; yield 7; yield 7; yield {GOOD}")
    result = run(library, "--format", name)
    assert result.code == 3
    assert result.out.count(b"odd") >= 2
    assert "failed: it yielded b'x', which is no Finding (and 2 more like it)" in result.err
    if name == "jsonl":
        assert [line["type"] for line in result.lines] == ["broken_symlink", "extra", "extra", "summary"]
        assert result.lines[-1]["errors"][0]["plugin"] == "odd one"
    if name == "table":
        assert b"Plugin odd one: its check extra failed" in result.out


def test_a_check_without_a_generator_is_told(library: Library, plugin: Path) -> None:
    write(plugin, "return None")
    result = run(library, "--json")
    assert result.json["errors"][0]["error"].startswith("its check extra failed: TypeError: 'NoneType'")
    assert result.code == 3


def test_nothing_but_an_interrupt_gets_through(library: Library, plugin: Path) -> None:
    write(plugin, "raise KeyboardInterrupt")
    assert run(library, "--json") == Result(130, b"", "\n")


def test_quiet_keeps_it_off_stderr_but_not_out_of_the_report(library: Library, plugin: Path) -> None:
    write(plugin, "1 / 0")
    result = run(library, "--json", "-q")
    assert (result.err, result.code, len(result.json["errors"])) == ("", 3, 1)


def test_a_note_is_told_on_stderr_and_is_no_finding(library: Library, plugin: Path) -> None:
    note = "__import__('cineorg.findings').findings.Note"
    write(plugin, f"yield {note}('two\\nlines'); yield {note}('an escape \\x1b')")
    result = run(library, "--json")
    assert result.err == "cineorg: two lines\ncineorg: an escape \\x1b\n"
    assert (result.code, result.json["summary"]["extras"]) == (1, 0)  # 1: the broken link
    assert run(library, "--json", "-q").err == ""


def test_findings_are_sorted_whatever_the_order_they_come_in(library: Library, plugin: Path) -> None:
    write(plugin, "for name in 'bca': yield Finding('extra', path + '/' + name, name)")
    paths = [issue["path"][-2:] for issue in run(library, "--json").json["issues"][1:]]
    assert paths == ["/a", "/b", "/c"]


def test_only_the_chosen_paths_are_reported(library: Library, plugin: Path) -> None:
    write(plugin, "for name in 'ab': yield Finding('extra', path + '/Films/' + name, name)")
    result = run(library, "--json", library.link("Films/b"))
    assert [issue["path"] for issue in result.json["issues"]] == [library.link("Films/b")]


def test_a_suggestion_counts_only_with_a_finding(library: Library, plugin: Path) -> None:
    write(plugin, f"yield {GOOD}")
    assert any(" plugins " in f"{line} " for line in run(library, "--json").json["suggestions"])
    write(plugin, "return ()")
    assert not any(" plugins " in f"{line} " for line in run(library, "--json").json["suggestions"])


@pytest.mark.parametrize(
    ("body", "events"),
    [
        ("return []", [(0, None), (0, None)]),
        ("return [0 for number in track([1, 2, 3], 3) if number > 3]", [(0, 3), (3, 3)]),
        ("return [0 for number in track(range(2500)) if number < 0]", [(0, None), (2500, None)]),
        ("next(iter(track([1, 2, 3], 3))); return []", [(0, 3)]),  # left before its end
        ("for number in track([1, 2, 3], 3): 1 / 0", [(0, 3)]),
    ],
    ids=["no track", "track", "no total", "left", "raises"],
)
def test_each_check_has_its_progress(
    body: str, events: list[tuple[int, int | None]], library: Library, plugin: Path
) -> None:
    write(plugin, body)
    lines = [
        json.loads(line) for line in run(library, "--json", "--progress", "json").err.splitlines() if line[0] == "{"
    ]
    assert {(line["phase"], line["phases"]) for line in lines if line["label"] == "Broken links"} == {(1, 2)}
    own = [line for line in lines if line["label"] == "Extra things"]
    assert {(line["phase"], line["phases"]) for line in own} == {(2, 2)}
    seen = [(line["done"], line["total"]) for line in own]
    assert (seen[0], seen[-1]) == (events[0], events[-1])


def test_built_in_checks_have_their_progress_too(library: Library) -> None:
    library.films(5)
    library.scan()
    only = [word for kind in ("ghost_entry", "orphan_file", "broken_symlink") for word in ("--only", kind)]
    result = library.run("integrity", *only, "--json", "--progress", "json")
    last = {line["label"]: line for line in map(json.loads, result.err.splitlines())}
    assert [(label, line["done"], line["total"]) for label, line in last.items() if line["phase"]] == [
        ("Ghost entries", 5, 5),
        ("Orphan files", 5, 5),
        ("Broken links", 0, 0),
    ]
