"""Every command of README.md and of the man pages does what the text says, typed in a terminal at the demo library."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path

import pytest
from documents import Example, documents, examples_of, page, read_page, readme, readme_sections
from helpers import REPOSITORY
from sandbox import COLUMNS, STAND_INS, Sandbox, Typed, is_as_shown

from cineorg.errors import EXIT_FINDINGS, EXIT_OK

# What is not typed here, with the reason. An exception that nothing needs any more is a failure.
EXCEPTIONS = {
    "python3 -m venv .venv && ": "installs from a package registry: .ci/run does that, with this very line",
}
# Blocks of README.md that are no `sh` or `console`, and who else looks after them.
OTHER_BLOCKS = {
    "bash": ("tests/test_recipes.py", "tests/commands/shared/test_completion_shells.py"),
    "zsh": ("tests/commands/shared/test_completion_shells.py",),
    "fish": ("tests/commands/shared/test_completion_shells.py",),
    "toml": ("tests/test_docs.py",),
}


def is_excepted(example: Example) -> bool:
    return any(example.command.startswith(beginning) for beginning in EXCEPTIONS)


def typed(document: str, base: Path) -> list[tuple[Example, Typed]]:
    examples = [example for example in examples_of(document) if not is_excepted(example)]
    return list(zip(examples, Sandbox(base).type(examples), strict=True))


@pytest.mark.parametrize("document", documents())
def test_the_examples_of_a_document_work(document: str, tmp_path: Path) -> None:
    for tool in ("bash", "jq"):
        if shutil.which(tool) is None:
            assert not os.environ.get("CINEORG_TESTS_NEED_TOOLS")
            pytest.skip(f"{tool} is not installed")
    for example, result in typed(document, tmp_path):
        where = f"{document}, line {example.line}: {example.command}\n" + "\n".join(result.lines)
        for words, code in result.runs:
            # What ends otherwise than well must be there to be seen in the text, words and all.
            assert code in (EXIT_OK, EXIT_FINDINGS) or example.output is not None, where
            if words and document == f"cineorg-{words[0]}.1":
                assert str(code) in page(document).entries("EXIT STATUS"), where
        assert result.code in (0, 1) or example.output is not None, where
        if example.output is not None:
            assert is_as_shown(result.lines, example.output), where


def test_no_exception_and_no_stand_in_is_unused() -> None:
    commands = [example.command for document in documents() for example in examples_of(document)]
    for beginning in EXCEPTIONS:
        assert any(command.startswith(beginning) for command in commands), beginning
    for program in STAND_INS:
        assert any(f"{program} " in command for command in commands), program


def test_every_block_of_the_readme_is_looked_after() -> None:
    languages = set(re.findall(r"^```(\w*)\n(?=.)", readme(), re.MULTILINE)) - {"sh", "console", ""}
    assert languages == set(OTHER_BLOCKS)
    assert len(re.findall(r"^```\w*$", readme(), re.MULTILINE)) == 2 * len(re.findall(r"^```\w+$", readme(), re.M))
    for language, tests in OTHER_BLOCKS.items():
        for test in tests:
            text = (REPOSITORY / test).read_text("utf-8")
            assert "README" in text, test
            assert language in text, test


@pytest.mark.parametrize("document", documents())
def test_examples_fit_the_page(document: str) -> None:
    for example in examples_of(document):
        if not is_excepted(example):
            lines = [*example.command.split("\n"), *(example.output or [])]
            limit = COLUMNS if document.startswith("cineorg") else 120
            assert [line for line in lines if len(line) > limit] == []


def test_an_example_that_is_not_so_is_seen(tmp_path: Path) -> None:
    text = ".SH EXAMPLES\n.EX\n$ echo one; echo two\none\n...\n$ false\n$ cineorg integrity \\-\\-frobnicate\n.EE\n"
    examples = read_page("cineorg-x.1", text).examples()
    assert [example.command for example in examples] == [
        "echo one; echo two",
        "false",
        "cineorg integrity --frobnicate",
    ]
    results = Sandbox(tmp_path).type(examples)
    assert [result.code for result in results] == [0, 1, 2]
    assert results[2].runs == [(["integrity", "--frobnicate"], 2)]
    assert is_as_shown(results[0].lines, ["one", "..."])
    assert not is_as_shown(results[0].lines, ["one"])
    assert not is_as_shown(results[0].lines, ["two", "..."])


def test_a_question_is_answered_as_the_text_shows(tmp_path: Path) -> None:
    answers = [
        Example("cineorg fix-symlinks", [f"Move 2 links: do it? [y/N/look] {answer}"], 1) for answer in ("n", "y")
    ]
    results = Sandbox(tmp_path).type(answers)
    assert [result.code for result in results] == [0, 0]
    assert "[y/N/look] n" in results[0].lines[0]
    moved = [" done" in " ".join(result.lines) for result in results]
    assert moved == [False, True]


def test_every_section_with_commands_is_read() -> None:
    assert "On your own library" in readme_sections()
    assert all(page(f"cineorg-{name}.1").examples() for name in ("scan", "undo"))
