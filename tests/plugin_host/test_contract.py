"""What a plugin hands over is held against the contract: what breaks it is told and stops nothing else."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from helpers import Library, finish, run_command, start_command
from plugin_sources import GOOD, HEAD, REGISTER, built_in_checks, check, guests, item, names, write

from cineorg.commands import group
from cineorg.output import FORMATS
from cineorg.plugin_host.hookspecs import command_of
from cineorg.plugin_host.registry import load_plugins

# A plugin's source, and what is said of it.
FAULTS: dict[str, tuple[str | bytes, str]] = {
    "raises": ("raise ValueError('so\\nbad')", "left out: ValueError: so bad"),
    "exits": ("raise SystemExit(7)", "left out: SystemExit: 7"),
    "exits its own way": ("class End(BaseException): pass\nraise End", "left out: End"),
    "is no Python": ("def (", "left out: SyntaxError: invalid syntax (plugin.py, line 1)"),
    "is not UTF-8": (b"a = '\xff'", "left out: SyntaxError: (unicode error)"),
    "has a NUL": (b"a = 1\0", "left out: SyntaxError: source code"),
    "imports what is not there": ("import nowhere", "left out: ModuleNotFoundError: No module named 'nowhere'"),
    "cannot say why": (
        "class Mute(Exception):\n    def __str__(self): raise KeyError\nraise Mute", "left out: Mute"
    ),
    "says what is not text": ("raise ValueError('\\ud800')", r"left out: ValueError: \ud800"),
    "has no hook": ("def register_checks(register): pass", "left out: TypeError: it has none of the hooks"),
    "is empty": ("", "left out: TypeError: it has none of the hooks register_checks, register_commands"),
    "misspells a hook": (
        "from cineorg import hookimpl\n@hookimpl\ndef register_check(register): pass",
        "left out: PluginValidationError: unknown hook 'register_check'",
    ),
    "misspells an argument": (
        "from cineorg import hookimpl\n@hookimpl\ndef register_checks(registry): pass",
        "left out: PluginValidationError: Plugin 'plugin",
    ),
    "raises in its hook": (HEAD + REGISTER + "    1 / 0", "left out: ZeroDivisionError: division by zero"),
    "exits in its hook": (HEAD + REGISTER + "    raise SystemExit", "left out: SystemExit"),
    "returns its checks": (
        HEAD + "@hookimpl\ndef register_checks(register): return [Check()]",
        "left out: TypeError: its register_checks returns or yields something",
    ),
    "yields its checks": (
        HEAD + "@hookimpl\ndef register_checks(register): yield Check()",
        "left out: TypeError: its register_checks returns or yields something",
    ),
    "registers nothing": (item("checks", "None"), "its check None is left out: it has no attribute 'type'"),
    "registers a class": (item("checks", "Check"), "its check 'extra' is left out: it is a class; register an"),
    "has a taken type": (check("type = 'ghost_entry'"), "its check 'ghost_entry' is left out: its 'type' is taken "
                         "already by the plugin ghost_entry (built-in)"),
    "has a taken key": (check("summary_key = 'ghost_entries'"), "its check 'extra' is left out: its 'summary_key' is "),
    "has a reserved type": (check("type = 'unreadable'"), "its check 'unreadable' is left out: its 'type' cannot be"),
    "has a reserved key": (check("summary_key = 'total'"), "its check 'extra' is left out: its 'summary_key' cannot"),
    "has an odd type": (check("type = 'a b'"), "its check 'a b' is left out: its 'type' cannot be 'a b'"),
    "has no label": (check("label = ' '"), "its check 'extra' is left out: its 'label' is empty"),
    "has one column": (check("columns = 'wanted'"), "its check 'extra' is left out: its 'columns' is 'wanted', not a"),
    "has odd columns": (check("columns = (1,)"), "its check 'extra' is left out: its 'columns' cannot be (1,)"),
    "has a vague need": (check("needs_catalogue = 'no'"), "its check 'extra' is left out: its 'needs_catalogue' is "),
    "belongs to no report": (
        check("command = 'scan'"), "its check 'extra' is left out: its 'command' is 'scan', neither 'integrity' nor"
    ),
    "belongs nowhere": (check("command = None"), "its check 'extra' is left out: its 'command' is None, neither"),
    "cannot find": (check("find = None"), "its check 'extra' is left out: it has no method 'find'"),
    "has a broken attribute": (
        check("label = property(lambda self: 1 / 0)"), "its check 'extra' is left out: ZeroDivisionError"
    ),
    "is a function": (item("commands", "len"), "its command <built-in function len> is left out: it is no click"),
    "has a nameless command": (item("commands", "click.Command(None)"), "its command None is left out: its name can"),
    "has an odd command": (item("commands", "click.Command('-x')"), "its command '-x' is left out: its name cannot"),
    "has a reserved command": (
        item("commands", "click.Command('scan')"), "its command 'scan' is left out: cineorg itself has a command"
    ),
    "has a taken format": (
        item("formats", "type('F', (), {'name': 'json', 'help': '', 'open': len})()"),
        "its format 'json' is left out: its 'name' is taken already by the plugin builtin_formats (built-in)",
    ),
    "has a format without help": (
        item("formats", "type('F', (), {'name': 'x', 'open': len})()"),
        "its format 'x' is left out: it has no text 'help'",
    ),
    "has a format that cannot open": (
        item("formats", "type('F', (), {'name': 'x', 'help': ''})()"),
        "its format 'x' is left out: it has no method 'open'",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_a_plugin_that_is_wrong_is_told_and_stops_nothing_else(case: str, tmp_path: Path) -> None:
    source, error = FAULTS[case]
    late = GOOD.replace('"extra', '"late').replace("extras", "lates")
    folder = write(tmp_path / "plugins", {"plugin.py": source, "zz_good.py": late})
    registry = load_plugins([folder], ["scan"])
    assert [problem.plugin for problem in registry.problems] == ["plugin"]
    assert registry.problems[0].error.startswith(error)
    assert "\n" not in registry.problems[0].error
    assert names(registry.checks) == [*built_in_checks(), "late"]
    assert names(registry.formats) == [each.name for each in FORMATS]
    assert registry.commands == []


def test_only_what_is_wrong_of_a_plugin_is_left_out(tmp_path: Path) -> None:
    source = GOOD + "    register(7)\n    register(Check())\n"
    registry = load_plugins([write(tmp_path / "plugins", {"plugin.py": source})])
    assert names(guests(registry)) == ["extra"]
    assert [problem.error.split(" is left out")[0] for problem in registry.problems] == [
        "its check 7",
        "its check 'extra'",
    ]


def test_a_kind_may_stand_in_both_reports_but_in_each_once(tmp_path: Path) -> None:
    twin = GOOD.replace("    columns", '    command = "cleanup"\n    columns')
    sources = {
        "a.py": GOOD,
        "b.py": twin,
        "c.py": twin,
        "d.py": GOOD.replace("    columns", "    command = 'integrity'; columns"),
    }
    registry = load_plugins([write(tmp_path / "plugins", sources)])
    assert [(origin.name, command_of(check)) for check, origin in guests(registry)] == [
        ("a", "integrity"),
        ("b", "cleanup"),
    ]
    assert [(problem.plugin, problem.error.split("already by ")[1]) for problem in registry.problems] == [
        ("c", f"the plugin b (file {tmp_path}/plugins/b.py)"),
        ("d", f"the plugin a (file {tmp_path}/plugins/a.py)"),
    ]


def test_what_raises_after_registering_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = write(tmp_path / "plugins", {"a.py": GOOD + "    1 / 0\n", "b.py": GOOD})
    registry = load_plugins([folder])
    assert names(guests(registry)) == ["extra"]
    assert [problem.plugin for problem in registry.problems] == ["a"]
    assert [origin.name for _, origin in guests(registry)] == ["b"]


FORMAT = (
    HEAD
    + """
import sys
class Lines:
    name, help = "lines", "a line a row"
    def open(self, out, layout):
        OPEN
        self.out = out
        return self
    def row(self, name, row):
        ROW
        self.out.write(row["type"].encode() + b"\\n")
    def finish(self, document):
        FINISH
        self.out.write(b"end\\n")
@hookimpl
def register_formats(register):
    register(Lines())
"""
)


@pytest.fixture
def faulty(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a plugin's file, in a library with three broken links."""
    library.add({"Films/a.mkv": 1}, {f"Films/{number}.mkv": "@/Films/lost.mkv" for number in range(3)})
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", write(tmp_path / "plugins", {}))
    return tmp_path / "plugins" / "odd.py"


def with_format(**parts: str) -> str:
    """Return the source of a format; `open`, `row` and `finish` are statements in front of what they do."""
    source = FORMAT
    for name in ("open", "row", "finish"):
        source = source.replace(name.upper(), parts.get(name, "pass"))
    return source


@pytest.mark.parametrize(
    ("parts", "error", "out"),
    [
        ({"open": "1 / 0"}, "ZeroDivisionError: division by zero", b""),
        ({"open": "return None"}, "TypeError: open did not return a writer", b""),
        ({"row": "1 / 0"}, "ZeroDivisionError: division by zero", b""),
        ({"row": "sys.exit(0)"}, "SystemExit: 0", b""),
        ({"row": "self.out.write('text')"}, "TypeError: a bytes-like object is required, not 'str'", b""),
        ({"row": "open('/nonexistent')"}, "FileNotFoundError: [Errno 2]", b""),
        ({"finish": "document['none']"}, "KeyError: 'none'", b"broken_symlink\n" * 3),
    ],
)
def test_a_format_that_fails_is_told_at_the_end(
    parts: dict[str, str], error: str, out: bytes, library: Library, faulty: Path
) -> None:
    faulty.write_text(with_format(**parts))
    result = library.run("integrity", "--only", "broken_symlink", "--format", "lines")
    assert result.err.startswith(f"cineorg: the plugin odd: its format lines failed: {error}")
    assert result.err.endswith("; the report is cut short\n")
    assert (result.code, result.out) == (3, out)


def test_a_format_that_fails_does_not_cut_off_changes_under_way(library: Library, faulty: Path) -> None:
    library.films(4, folder="Movies")
    library.scan()
    faulty.write_text(with_format(row="1 / 0"))
    result = library.run("fix-symlinks", "--relative", "--yes", "--format", "lines")
    assert result.code == 3
    assert "its format lines failed: ZeroDivisionError" in result.err
    links = sorted(Path(library.link("Movies/Drame")).iterdir())
    assert [str(link.readlink())[:2] for link in links] == [".."] * 4


def test_a_format_may_wrap_the_stream_and_drop_the_wrapper(library: Library, faulty: Path) -> None:
    text = "import io; text = io.TextIOWrapper(self.out, 'utf-8'); text.write('begin\\n'); text.close()"
    faulty.write_text(with_format(finish=text))
    result = library.run("integrity", "--only", "broken_symlink", "--format", "lines")
    assert (result.code, result.err) == (1, "")
    assert result.out == b"broken_symlink\n" * 3 + b"begin\nend\n"


def test_a_reader_that_goes_away_is_not_the_formats_fault(library: Library, faulty: Path) -> None:
    faulty.write_text(with_format(row="self.out.write(b'x' * 100000)"))
    arguments = ["integrity", *library.flags(), "--only", "broken_symlink", "--format", "lines"]
    child = start_command(arguments, stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.read(10)
    child.stdout.close()
    child.stdout = None
    assert finish(child).err == ""
    assert child.returncode == 0


def test_an_unknown_format_names_the_plugins_that_failed(library: Library, faulty: Path) -> None:
    faulty.write_text("1 / 0")
    result = library.run("integrity", "--format", "lines")
    assert (result.code, result.out) == (2, b"")
    known = ", ".join(each.name for each in FORMATS)
    assert f"there is no format 'lines'; known are {known}; the plug" in result.err
    assert "the plugin odd: left out: Zero" in result.err


@pytest.mark.parametrize(
    ("callback", "code", "err"),
    [
        (
            "lambda: 1 / 0",
            3,
            "cineorg: the plugin odd: its command greet failed: ZeroDivisionError: division by zero\n",
        ),
        ("lambda: open('/nonexistent')", 2, "cineorg: /nonexistent: no such file or directory\n"),
        ("lambda: click.get_current_context().fail('no')", 2, "cineorg: greet: no; see `cineorg greet --help`\n"),
        ("lambda: click.get_current_context().exit(4)", 4, ""),
        ("lambda: None", 0, ""),
    ],
)
def test_a_command_that_fails_is_told_with_its_plugin(callback: str, code: int, err: str, faulty: Path) -> None:
    faulty.write_text(item("commands", f"click.Command('greet', callback={callback})"))
    result = run_command(["greet"])
    assert (result.code, result.err[-len(err) :] if err else result.err) == (code, err)


def test_what_cineorg_itself_raises_is_not_laid_at_a_plugins_door(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(group.COMMANDS, "torn", "A command whose module is gone.")
    assert group.main(["torn"]) == 2
    assert "internal error" in capsys.readouterr().err


def test_with_debug_the_traceback_is_shown(library: Library, faulty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faulty.write_text("def deep(): return {}['gone']\ndeep()\n")
    child = start_command(["plugins", "--json"], env={"CINEORG_DEBUG": "1"})
    out, err = child.communicate()
    assert b"in deep" in err
    assert b"left out: KeyError" in out
    assert child.returncode == 0
