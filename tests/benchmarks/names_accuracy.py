"""Field accuracy of the name reader against guessit alone, on tables of names with their answers.

    python tests/benchmarks/names_accuracy.py DIR [--wrong FIELD]

DIR holds guessit_names.tsv (file names) and guessit_paths.tsv (paths). An empty cell asserts nothing. Right, wrong
and nothing (no answer) are counted per field; then how often the strict reader answers, its errors, and its speed.
"""

from __future__ import annotations

import argparse
import csv
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cineorg.names import NameInfo, NameReader, read_strict
from cineorg.names.titles import fold

FIELDS = ("type", "title", "year", "season", "episodes", "episode_title")
Answer = dict[str, str]


def rows_of(path: Path) -> list[Answer]:
    """The rows of one table."""
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))


def split(name: str) -> tuple[str, list[str]]:
    """The file's name and the names of its folders."""
    *folders, last = name.replace("\\", "/").split("/")
    return last, [folder for folder in folders if folder]


def answer_of(info: NameInfo) -> Answer:
    """Our reading as a row of the table."""
    return {
        "type": {"film": "movie", "episode": "episode"}.get(info.kind, ""),
        "title": info.title,
        "year": str(info.year or ""),
        "season": "" if info.season is None else str(info.season),
        "episodes": ",".join(map(str, info.episodes)),
        "episode_title": info.episode_title,
    }


def guessit_alone(name: str) -> Answer:
    """guessit's own reading of the whole path as a row of the table."""
    from guessit import guessit

    found: dict[str, Any] = guessit(name, {"no_user_config": True})

    def numbers(key: str) -> str:
        value = found.get(key, [])
        return ",".join(map(str, sorted(value) if isinstance(value, list) else [value]))

    return {
        "type": found["type"],
        "title": str(found.get("title", "")),
        "year": str(found.get("year", "")),
        "season": numbers("season"),
        "episodes": numbers("episode"),
        "episode_title": str(found.get("episode_title", "")),
    }


def judge(expected: str, got: str, field: str) -> str:
    """`right`, `wrong` or `nothing`."""
    if not got:
        return "nothing"
    same = fold(expected) == fold(got) if "title" in field else expected == got
    return "right" if same else "wrong"


def table(rows: list[Answer], read: Callable[[str], Answer], wrong: str) -> None:
    """Print the counts of one reader over the rows, and the names it reads wrong in one field if asked."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        got = read(row["name"])
        for field in FIELDS:
            if row[field]:
                verdict = judge(row[field], got[field], field)
                counts[field, verdict] += 1
                if wrong == field and verdict != "right":
                    print(f"    {row['name']}\n        {row[field]!r} is read {got[field]!r}")
    for field in FIELDS:
        right, bad, nothing = (counts[field, verdict] for verdict in ("right", "wrong", "nothing"))
        total = right + bad + nothing
        if total:
            print(f"  {field:14} right {right:4} ({right / total:6.1%})  wrong {bad:4}  nothing {nothing:4}")


def decisions(rows: list[Answer], reader: NameReader) -> None:
    """Print how often a strong reading, which may decide, has its numbers (or title and year) wrong."""
    counts: Counter[str] = Counter()
    for row in rows:
        info = reader.read(*split(row["name"]))
        if not info.strong or info.extra:
            counts["weak"] += 1
            continue
        got = answer_of(info)
        fields = [field for field in FIELDS[:5] if row[field]]
        bad = [field for field in fields if judge(row[field], got[field], field) == "wrong"]
        counts["wrong" if bad else "right"] += 1
        if bad:
            print(f"    strong and unlike the table in {', '.join(bad)}: {row['name']}")
    print("  strong readings: " + ", ".join(f"{counts[key]} {key}" for key in ("right", "wrong", "weak")))


def strict_share(rows: list[Answer]) -> None:
    """Print how many names the strict reader answers and how fast."""
    names = [split(row["name"]) for row in rows]
    answered = sum(read_strict(*name) is not None for name in names)
    print(f"  the strict reader answers {answered} of {len(names)} names ({answered / len(names):.0%})")
    start = time.perf_counter()
    rounds = 20
    for _ in range(rounds):
        for name in names:
            read_strict(*name)
    print(f"  {rounds * len(names) / (time.perf_counter() - start):,.0f} names a second")


def canonical_speed() -> None:
    """Print how fast canonical names are read."""
    names = [f"Some Title {n} ({1950 + n % 70}) MULTi 1080p x265.mkv" for n in range(2000)]
    names += [f"Title {n} (2008) - S{n % 20:02}E{n % 99:02} - The episode - FRENCH 720p.mkv" for n in range(2000)]
    start = time.perf_counter()
    for name in names:
        read_strict(name)
    print(f"canonical names: {len(names) / (time.perf_counter() - start):,.0f} a second")


def main() -> None:
    """Print everything."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--wrong", default="", help="print the names that our reader has not right in this field")
    options = parser.parse_args()
    for file in ("guessit_names.tsv", "guessit_paths.tsv"):
        rows = rows_of(options.directory / file)
        reader = NameReader()
        print(f"{file}: {len(rows)} names\n our reader")
        table(rows, lambda name, reader=reader: answer_of(reader.read(*split(name))), options.wrong)
        decisions(rows, reader)
        strict_share(rows)
        print(" guessit alone")
        table(rows, guessit_alone, "")
    canonical_speed()


if __name__ == "__main__":
    main()
