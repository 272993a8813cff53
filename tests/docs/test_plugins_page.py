"""man/cineorg-plugins.7 says what the code says, and its examples run."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from helpers import REPOSITORY, Library, run_command

from cineorg.plugin_host import hookspecs
from cineorg.plugin_host.registry import EVENTS, HOOKS

PAGE = (REPOSITORY / "man" / "cineorg-plugins.7").read_text("utf-8")


def section(title: str) -> str:
    """Return the text of one section."""
    return PAGE.split(f".SH {title}\n", 1)[1].split("\n.SH ", 1)[0]


def entries(text: str) -> list[str]:
    """Return the headings of a section's tagged paragraphs."""
    return re.findall(r"^\.TP\n\.B (.+)$", text, re.MULTILINE)


def example(number: int) -> str:
    """Return an example as a reader copies it from the page."""
    text = re.findall(r"^\.EX\n(.*?)^\.EE$", PAGE, re.MULTILINE | re.DOTALL)[number]
    return str(text).replace(r"\-", "-").replace(r"\e", "\\")


def test_the_page_has_every_hook_with_its_arguments() -> None:
    specs = [getattr(hookspecs, name) for name in dir(hookspecs) if hasattr(getattr(hookspecs, name), "cineorg_spec")]
    signatures = [f"{spec.__name__}({', '.join(inspect.signature(spec).parameters)})" for spec in specs]
    assert signatures
    assert sorted(entries(section("HOOKS"))) == sorted(signatures)
    assert sorted((*HOOKS, *EVENTS)) == sorted(spec.__name__ for spec in specs)


def test_the_page_has_every_attribute_of_a_check() -> None:
    *attributes, find = inspect.get_annotations(hookspecs.Check)
    assert entries(section("CHECKS")) == [*attributes, f"{find}(context, track)"]


def test_the_page_names_only_what_a_library_has(library: Library) -> None:
    from cineorg.plugin_host.check_context import CheckContext
    from cineorg.settings.sources import load_settings
    from cineorg.trees.library import load_library

    named = entries(section("WHAT A CHECK MAY KNOW"))
    loaded = load_library(load_settings({"video": library.video}, {}), {})
    assert len(named) > 10
    for entry in named:
        value: object = CheckContext(loaded) if entry.startswith("context.") else loaded
        path, _, arguments = entry.removeprefix("library.").removeprefix("context.").partition("(")
        for name in path.split("."):
            value = getattr(value, name)
        assert callable(value) == bool(arguments), entry
        if arguments:
            assert ", ".join(inspect.signature(value).parameters) == arguments.rstrip(")"), entry  # type: ignore[arg-type]


def test_the_page_is_valid_roff_that_can_be_copied_from() -> None:
    for line in PAGE.splitlines():
        assert not line.startswith("'"), line
    blocks = re.findall(r"^\.EX\n(.*?)^\.EE$", PAGE, re.MULTILINE | re.DOTALL)
    assert len(blocks) == 3
    for block in blocks:
        # A bare "-" is shown as a hyphen and a quote as a curly one: neither is Python.
        assert not re.search(r"(?<!\\)-|'|`|^\.", block, re.MULTILINE)
        assert not re.search(r"\\[^e-]", block)


def test_the_example_of_a_check_runs(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", str(write(tmp_path, 0)))
    library.add({"Films/a.mkv": 1}, {"Films/Alien (1979).mkv": "@/Films/a.mkv", "Films/Alien.mkv": "@/Films/a.mkv"})
    result = library.run("integrity", "--only", "year_missing", "--json")
    issue = {"type": "year_missing", "path": library.link("Films/Alien.mkv"), "details": "no year in its name"}
    assert result.json["issues"] == [{**issue, "target": library.stored("Films/a.mkv")}]
    assert result.json["summary"] == {"total": 1, "years_missing": 1}
    assert (result.code, result.err) == (1, "")


def test_the_examples_of_a_command_and_a_format_run(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CINEORG_PLUGINS_DIR", str(write(tmp_path, 1)))
    library.add({"Films/a.mkv": 1}, {"Films/a\udce9.mkv": "/nowhere/a.mkv", "Films/b.mkv": "@/Films/a.mkv"})
    assert run_command(["count-links", "--video", library.video]).out == b"2\n"
    assert b"count-links    Print how many links there are." in run_command(["--help"]).out
    result = library.run("integrity", "--only", "broken_symlink", "--format", "paths")
    assert (result.out, result.code, result.err) == (library.video.encode() + b"/Films/a\xe9.mkv\n", 1, "")


def test_the_example_of_a_test_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, 0)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(example(2), names)
    (test,) = [value for name, value in names.items() if name.startswith("test_")]
    test(tmp_path / "library", monkeypatch)
    with pytest.raises(AssertionError, match="plugin"):
        monkeypatch.chdir("/")  # where no plugin lies
        test(tmp_path / "other", monkeypatch)


def write(folder: Path, number: int) -> Path:
    """Write an example as a plugin and return its folder."""
    path = folder / "plugins" / f"example{number}.py"
    path.parent.mkdir()
    path.write_text(example(number), "utf-8")
    return path.parent
