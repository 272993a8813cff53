"""Each line of the corpus is a test; the tables of guessit hold the measured accuracy in place."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from cineorg.names import NameInfo, NameReader, from_json, read_numbers, read_strict, to_json
from cineorg.names.titles import fold

CORPUS = Path(__file__).parents[1] / "corpus" / "names"


def cases() -> list[Any]:
    """Every line of every table: the name and what is asserted."""
    found = []
    for table in sorted(CORPUS.glob("*.tsv")):
        for line in table.read_text(encoding="utf-8").splitlines():
            if line and not line.startswith("##"):
                name, *asserted = line.split("\t")
                found.append(pytest.param(name, asserted, id=f"{table.stem}: {name}"))
    return found


def said(info: NameInfo, field: str) -> str:
    """One field as the tables write it."""
    value = getattr(info, field)
    if field == "episodes":
        return ",".join(map(str, value))
    if field == "tags":
        return " ".join(sorted(value))
    if field == "ids":
        return " ".join(f"{kind}:{number}" for kind, number in value)
    return "" if value is None else str(value)


@pytest.fixture(scope="module")
def reader() -> NameReader:
    return NameReader()


@pytest.mark.parametrize(("name", "asserted"), cases())
def test_name_says_what_the_line_asserts(reader: NameReader, name: str, asserted: list[str]) -> None:
    *folders, last = name.split("/")
    info = reader.read(last, folders)
    for assertion in asserted:
        field, _, expected = assertion.partition("=")
        if expected == "*":
            assert getattr(info, field), field
            continue
        wanted = " ".join(sorted(expected.split())) if field == "tags" else expected
        assert said(info, field) == wanted, field
    assert from_json(to_json(info)) == info
    if info.strong and info.kind == "episode":
        assert info.date or read_numbers(last)[1] == info.episodes


def guessit_rows(table: str) -> list[dict[str, str]]:
    """The rows of one of guessit's tables."""
    with (CORPUS / "guessit" / table).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


# Shares of right answers, a little below what was measured; the answers of the tables are guessit's opinion.
FLOORS = {
    "guessit_names.tsv": {"type": 0.90, "title": 0.97, "year": 0.94, "season": 0.98, "episodes": 0.98},
    "guessit_paths.tsv": {"type": 0.95, "title": 0.83, "year": 0.88, "season": 0.93, "episodes": 0.90},
}


@pytest.mark.parametrize("table", FLOORS)
def test_guessit_tables_stay_read_and_strong_numbers_are_right(reader: NameReader, table: str) -> None:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    wrong_and_strong = []
    for row in guessit_rows(table):
        *folders, last = row["name"].replace("\\", "/").split("/")
        info = reader.read(last, [folder for folder in folders if folder])
        kind = {"film": "movie"}.get(info.kind, info.kind)
        got = {"type": kind, **{field: said(info, field) for field in ("title", "year", "season", "episodes")}}
        for field, answer in got.items():
            if not row[field]:
                continue
            same = fold(answer) == fold(row[field]) if field == "title" else answer == row[field]
            total[field] += 1
            right[field] += same
            if info.strong and answer and not same and field != "title":
                wrong_and_strong.append((row["name"], field, answer))
    assert not wrong_and_strong
    for field, floor in FLOORS[table].items():
        assert right[field] / total[field] >= floor, field


def test_strict_reader_answers_most_names_and_needs_no_guessit() -> None:
    rows = guessit_rows("guessit_names.tsv")
    answered = sum(read_strict(row["name"]) is not None for row in rows)
    assert answered / len(rows) > 0.6
