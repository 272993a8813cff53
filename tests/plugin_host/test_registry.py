"""Plugins are found, named and contained: whatever one does wrong is told and stops nothing else."""

from __future__ import annotations

import os
import sys
from functools import partial
from pathlib import Path

import pytest
from helpers import Library, Result, run_command
from plugin_sources import GOOD, HEAD, REGISTER, guests, item, write

from cineorg.plugin_host import hookspecs
from cineorg.plugin_host.entry_points import EntryPoint, find_entry_points
from cineorg.plugin_host.registry import load_plugins


def test_packages_are_found_by_their_entry_points_one_by_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = tmp_path / "some_plugins-1.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: some-plugins\nVersion: 1.5\n")
    (info / "entry_points.txt").write_text("[cineorg]\na = no_such\nb = some_plugin:no_such\nc = some_plugin\n")
    (tmp_path / "some_plugin.py").write_text(GOOD)
    monkeypatch.setattr("cineorg.plugin_host.registry.find_entry_points", partial(find_in, str(tmp_path)))
    monkeypatch.delenv("CINEORG_LOAD_PLUGINS")
    monkeypatch.syspath_prepend(tmp_path)
    registry = load_plugins()
    assert [origin for _, origin in guests(registry)] == [("c", "1.5", "package some-plugins")]
    assert [(problem.plugin, problem.error) for problem in registry.problems] == [
        ("a", "left out: ModuleNotFoundError: No module named 'no_such'"),
        ("b", "left out: AttributeError: module 'some_plugin' has no attribute 'no_such'"),
    ]


@pytest.mark.parametrize(("chosen", "loaded"), [("", []), ("b", ["b"]), ("c,a", ["a", "c"]), ("none", [])])
def test_the_installed_ones_can_be_narrowed(
    chosen: str, loaded: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "some_plugins-1.5.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: some-plugins\nVersion: 1.5\n")
    (info / "entry_points.txt").write_text("[cineorg]\na = plugin_a\nb = plugin_b\nc = plugin_c\n")
    for name in "abc":
        (tmp_path / f"plugin_{name}.py").write_text(GOOD.replace("good", f"good_{name}"))
    monkeypatch.setattr("cineorg.plugin_host.registry.find_entry_points", partial(find_in, str(tmp_path)))
    monkeypatch.setenv("CINEORG_LOAD_PLUGINS", chosen)
    monkeypatch.syspath_prepend(tmp_path)
    assert [origin.name for origin in load_plugins(built_in=False).plugins] == loaded


def find_in(folder: str, group: str, search_path: list[str]) -> list[EntryPoint]:
    """Find entry points in one folder of the search path."""
    assert folder in search_path
    return find_entry_points(group, [folder])


def test_files_with_any_name_are_found_in_order_but_hidden_ones(tmp_path: Path) -> None:
    sources = {
        name + ".py": GOOD.replace('"extra', f'"extra{number}').replace('"extras', f'"extras{number}')
        for number, name in enumerate(["b", "a b", "a.b", "ü", "-x", "gar\udce7on", "import", "_no", ".no", "._no"])
    }
    folder = write(tmp_path / "plugins", sources)
    (tmp_path / "plugins" / "readme.txt").write_text("no plugin")
    registry = load_plugins([folder, folder])
    assert registry.problems == []
    found = [origin.name for _, origin in guests(registry)]
    assert found == ["-x", "a b", "a.b", "b", "gar\udce7on", "import", "ü"]
    assert [origin.origin for _, origin in guests(registry)] == [f"file {folder}/{name}.py" for name in found]


def test_two_folders_may_hold_files_of_one_name(tmp_path: Path) -> None:
    source = "from dataclasses import dataclass\n@dataclass\nclass Data:\n    text: 'str'\n" + GOOD
    other = source.replace('"extra', '"other').replace("extras", "others") + "__version__ = 3\n"
    folders = [write(tmp_path / "a", {"same.py": source}), write(tmp_path / "b", {"same.py": other})]
    registry = load_plugins(folders)
    assert registry.problems == []
    assert [(origin.name, origin.version) for _, origin in guests(registry)] == [("same", ""), ("same", "3")]
    modules = {type(each).__module__ for each, _ in guests(registry)}
    assert len(modules) == 2
    assert {os.path.dirname(str(sys.modules[name].__file__)) for name in modules} == set(folders)


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    registry = load_plugins([str(tmp_path / "none"), str(tmp_path / "file")])
    assert [(problem.plugin, problem.error) for problem in registry.problems] == [
        (str(tmp_path / "none"), "cannot read the plugin folder: no such file or directory"),
        (str(tmp_path / "file"), "cannot read the plugin folder: not a directory"),
    ]


@pytest.mark.parametrize("where", ["environment", "config", "config, relative"])
def test_folders_are_named_by_the_environment_or_the_config(
    where: str, tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write(tmp_path / "plugins", {"plugin.py": GOOD})
    if where == "environment":
        monkeypatch.setenv("CINEORG_PLUGINS_DIR", f"/nonexistent:{folder}")
    else:
        config = Path(os.environ["XDG_CONFIG_HOME"], "cineorg")
        library.write_config(f'plugins = ["{folder if where == "config" else os.path.relpath(folder, config)}"]')
    assert kinds_of(run_extra(library))


def run_extra(library: Library, *arguments: str) -> Result:
    """Run the check `extra` on a library with one film."""
    if not os.path.exists(library.stored("Films")):
        library.add({"Films/a.mkv": 1}, {"Films/lost.mkv": "@/Films/lost.mkv"})
    return library.run("integrity", "--only", "extra", "--only", "broken_symlink", *(arguments or ["--json"]))


def kinds_of(result: Result) -> list[str]:
    """Return the kinds of a report's issues."""
    return [issue["type"] for issue in result.json["issues"]]


def test_hook_register_checks_reaches_the_report(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", write(tmp_path / "plugins", {"plugin.py": GOOD}))
    result = run_extra(library)
    assert kinds_of(result) == ["broken_symlink", "extra"]
    assert result.json["summary"] == {"total": 2, "broken_symlinks": 1, "extras": 1}
    assert (result.code, result.err, "errors" in result.json) == (1, "", False)


def test_hook_register_commands_reaches_the_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = item("commands", "click.Command('greet', callback=lambda: click.echo('Bonjour') or 4, help='Say hello.')")
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", write(tmp_path / "plugins", {"plugin.py": source}))
    assert b"  greet          Say hello.\n" in run_command(["--help"]).out
    assert run_command(["greet"]) == Result(4, b"Bonjour\n", "")


def test_hook_register_formats_reaches_the_option(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = (
        HEAD
        + """
class Count:
    name, help = "count", "how many"
    def open(self, out, layout):
        self.out, self.rows = out, 0
        return self
    def row(self, name, row):
        self.rows += 1
    def finish(self, document):
        self.out.write(b"%d\\n" % self.rows)
@hookimpl
def register_formats(register):
    register(Count())
"""
    )
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", write(tmp_path / "plugins", {"plugin.py": source + REGISTER}))
    assert run_extra(library, "--format", "count") == Result(1, b"2\n", "")


EVENTS_HEARD = """
from cineorg.plugin import hookimpl
@hookimpl
def batch_applied(batch):
    return [f"heard of {batch['n']}", 5]
@hookimpl
def report_made(settings, report):
    return f"{settings} {report}"
"""


def test_hook_batch_applied_is_told_with_the_arguments_that_it_takes(tmp_path: Path) -> None:
    registry = load_plugins([write(tmp_path / "plugins", {"a.py": EVENTS_HEARD, "b.py": EVENTS_HEARD})])
    assert registry.problems == []
    assert registry.tell("batch_applied", batch={"n": 3}, settings=None) == ["heard of 3", "5"] * 2


def test_hook_report_made_may_return_one_line(tmp_path: Path) -> None:
    failing = EVENTS_HEARD.replace("return f", "raise KeyError('x') or f")
    registry = load_plugins([write(tmp_path / "plugins", {"a.py": failing, "b.py": EVENTS_HEARD})])
    assert registry.hears("report_made")
    first, second = registry.tell("report_made", report="r", settings="s")
    assert first.startswith("the plugin a: its report_made failed: KeyError")
    assert second == "s r"


def test_nobody_hears_where_no_plugin_listens(tmp_path: Path) -> None:
    registry = load_plugins([write(tmp_path / "plugins", {"a.py": GOOD})])
    assert not registry.hears("report_made")
    assert registry.tell("batch_applied", batch={}, settings=None) == []


def test_every_hook_has_a_test() -> None:
    hooks = [name for name, value in vars(hookspecs).items() if hasattr(value, "cineorg_spec")]
    assert hooks
    for hook in hooks:
        assert any(name.startswith(f"test_hook_{hook}_") for name in globals()), hook


def test_what_plugins_print_is_not_in_the_report(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    source = GOOD.replace("        yield", "        print('in its check')\n        yield") + "print('at import')\n"
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", write(tmp_path / "plugins", {"plugin.py": source}))
    result = run_extra(library)
    assert kinds_of(result) == ["broken_symlink", "extra"]
    assert result.err.splitlines() == ["at import", "in its check"]


def test_a_plugin_left_out_is_in_the_report_and_on_stderr(
    library: Library, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = write(tmp_path / "plugins", {"a\x1b[31m.py": "1 / 0", "good.py": GOOD})
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", folder)
    result = run_extra(library)
    assert kinds_of(result) == ["broken_symlink", "extra"]
    error = "left out: ZeroDivisionError: division by zero"
    assert result.json["errors"] == [{"plugin": "a\x1b[31m", "error": error}]
    assert result.err == f"cineorg: the plugin a\\x1b[31m: {error}\n"
    assert (result.code, result.json["complete"]) == (1, True)
    assert run_command(["--help"]).err == result.err
