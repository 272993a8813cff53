"""Accuracy of the name reader on tables of names with asserted answers, and its speed.

    python tests/benchmarks/names_accuracy.py DIR [--show VERDICT] [--file NAME] [--fields] [--guessit] [--cache FILE]

DIR is any folder of corpora: every `*.tsv` in and below it. A table has a header line, a column `name` (a file name,
or a path with `/`) and some of `kind` (or `type`), `title`, `year`, `season`, `episodes`, `episode_title`, `date`. An
empty cell asserts nothing.

Each reading is one of: *strong right*, *strong wrong* (it may decide, and an asserted field says something else),
*weak* (it may only describe), *silent* (neither title nor numbers). The kinds are films, episodes whose name has a
marker written out (`S01E02`, `1x02`; found here by a pattern of this file, not by the reader's), other episodes, packs
(which are no video file: no goal), and names whose kind nobody asserts.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from cineorg.names import NameInfo, NameReader, read_strict
from cineorg.names.titles import fold

VERDICTS = ("strong right", "strong wrong", "weak", "silent")
KINDS = ("film", "explicit", "other", "pack", "unknown")
FIELDS = ("kind", "title", "year", "season", "episodes", "date", "episode_title")
_MARKER = re.compile(r"(?<![a-z0-9])s[0-9]{1,4}[ ._-]{0,3}e[0-9]|(?<![a-z0-9])[0-9]{1,2}x[0-9]{2}(?![0-9])", re.I)
_YEAR_OR_COUNTRY = re.compile(r" (?:[0-9]{4}|us|uk|usa|gb|au|aus|ca|nz)$")
Answer = dict[str, str]


class Row(NamedTuple):
    """A name, its folders (the nearest last), its kind as in `KINDS`, and what is asserted."""

    name: str
    folders: list[str]
    kind: str
    asserted: Answer

    @property
    def path(self) -> str:
        return "/".join((*self.folders, self.name))


def rows_of(path: Path) -> Iterator[Row]:
    """Yield the rows of one table."""
    with path.open(encoding="utf-8", newline="") as lines:
        for cells in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            *folders, name = cells["name"].replace("\\", "/").split("/")
            kind = (cells.get("kind") or cells.get("type") or "unknown").replace("movie", "film")
            asserted = {field: cells.get(field) or "" for field in FIELDS}
            asserted["kind"] = kind if kind in ("film", "episode") else ""
            if kind == "episode":
                kind = "explicit" if _MARKER.search(name) and asserted["episodes"] else "other"
            yield Row(name, [folder for folder in folders if folder], kind, asserted)


def tables_of(directory: Path, part_of_name: str) -> dict[str, list[Row]]:
    """Return the rows of each corpus below a folder by its path there, those whose path has `part_of_name`."""
    files = sorted(path for path in directory.rglob("*.tsv") if part_of_name in path.name)
    return {str(path.relative_to(directory)): list(rows_of(path)) for path in files}


def is_same_title(one: str, other: str) -> bool:
    """Return whether two titles are one: case, accents, punctuation, a year or a country at the end aside."""
    keys = {_YEAR_OR_COUNTRY.sub("", fold(title)).replace(" ", "") for title in (one, other)}
    return len(keys) == 1 or fold(one) == fold(other)


def answer_of(info: NameInfo) -> Answer:
    """Return our reading as the cells of a table."""
    return {
        "kind": info.kind,
        "title": info.title,
        "year": str(info.year or ""),
        "season": "" if info.season is None else str(info.season),
        "episodes": ",".join(map(str, info.episodes)),
        "date": info.date,
        "episode_title": info.episode_title,
    }


def guessit_alone(row: Row) -> Answer:
    """Return guessit's own reading of the whole path."""
    from guessit import guessit

    found: dict[str, Any] = guessit(row.path, {"no_user_config": True})

    def numbers(key: str) -> str:
        value = found.get(key, [])
        return ",".join(map(str, sorted(value) if isinstance(value, list) else [value]))

    answer = {field: str(found.get(field, "")) for field in ("title", "year", "date", "episode_title")}
    kind = str(found["type"]).replace("movie", "film")
    return {**answer, "kind": kind, "season": numbers("season"), "episodes": numbers("episode")}


def unlike(asserted: Answer, got: Answer, aliases: tuple[str, ...] = ()) -> list[str]:
    """Return the asserted fields of which the reading says something else; what decides, so no episode's title."""
    wrong = []
    for field in FIELDS[:-1]:
        expected, said = asserted[field], got[field]
        if not expected or not said or expected == said:
            continue
        if field == "title" and any(is_same_title(expected, title) for title in (said, *aliases)):
            continue
        wrong.append(field)
    return wrong


def verdict_of(info: NameInfo, wrong: list[str]) -> str:
    """Return the verdict over one reading. An extra is never a candidate, hence weak."""
    if not (info.title or info.episodes or info.date):
        return "silent"
    if not info.strong or info.extra:
        return "weak"
    return "strong wrong" if wrong else "strong right"


def measure(rows: list[Row], reader: NameReader, shown: str) -> Counter[tuple[str, str]]:
    """Return how often each kind got each verdict; print the names of one verdict if asked.

    Folders of a corpus hold the one file that it names, so a file is read as alone there.
    """
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        info = reader.read(row.name, row.folders, is_alone=True)
        wrong = unlike(row.asserted, answer_of(info), info.alt_titles)
        verdict = verdict_of(info, wrong)
        counts[row.kind, verdict] += 1
        if shown == verdict:
            said = ", ".join(f"{field} {answer_of(info)[field]!r}" for field in FIELDS if answer_of(info)[field])
            told = ", ".join(f"{field} {row.asserted[field]!r}" for field in wrong)
            print(f"    [{row.kind}] {row.path}\n        read by {info.source}: {said}{info.conflict and ' !'}")
            print(f"        asserted: {told}" if told else f"        {info.conflict}")
    return counts


def line_of(label: str, counts: Counter[tuple[str, str]], kinds: tuple[str, ...]) -> str:
    """Return one line of the table: figures and the shares that have goals."""
    figures = [sum(counts[kind, verdict] for kind in kinds) for verdict in VERDICTS]
    total = sum(figures)
    if not total:
        return ""
    cells = "".join(f"{figure:14}" for figure in figures)
    return f"{label:44}{total:6}{cells}   {figures[0] / total:6.1%} right {figures[1] / total:6.2%} wrong"


def print_fields(rows: list[Row], read: Callable[[Row], Answer]) -> None:
    """Print right, wrong and nothing for each field, whatever the strength of the reading."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        got = read(row)
        for field in FIELDS:
            expected, said = row.asserted[field], got[field]
            if expected:
                same = is_same_title(expected, said) if "title" in field else expected == said
                counts[field, "right" if said and same else "wrong" if said else "nothing"] += 1
    for field in FIELDS:
        right, wrong, nothing = (counts[field, verdict] for verdict in ("right", "wrong", "nothing"))
        total = right + wrong + nothing
        if total:
            print(f"  {field:14} right {right:5} ({right / total:6.1%})  wrong {wrong:4}  nothing {nothing:4}")


def print_speed(rows: list[Row]) -> None:
    """Print how many names the strict reader answers, and how many it reads a second."""
    answered = sum(read_strict(row.name, row.folders) is not None for row in rows)
    print(f"the strict reader answers {answered} of {len(rows)} names ({answered / len(rows):.0%})")
    canonical = [f"Some Title {n} ({1950 + n % 70}) MULTi 1080p x265.mkv" for n in range(2000)]
    canonical += [f"Title {n} (2008) - S{n % 20:02}E{n % 99:02} - The episode - FRENCH 720p.mkv" for n in range(2000)]
    given: list[tuple[str, list[str]]] = [(row.name, row.folders) for row in rows]
    bare: list[tuple[str, list[str]]] = [(name, []) for name in canonical]
    for label, names in (("of the corpora", given), ("canonical", bare)):
        best = min(_seconds(names) for _ in range(3))
        print(f"strict reading of names {label}: {len(names) / best:,.0f} a second")


def _seconds(names: list[tuple[str, list[str]]]) -> float:
    start = time.process_time()
    for name, folders in names:
        read_strict(name, folders)
    return time.process_time() - start


def load_cache(file: Path | None) -> dict[str, str]:
    """Return the stored answers of guessit, none without a file."""
    return json.loads(file.read_text(encoding="ascii")) if file and file.exists() else {}


def main() -> None:
    """Print the table of each corpus, of all together by kind, and the speed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--show", default="", choices=("", *VERDICTS), help="print the names with this verdict")
    parser.add_argument("--file", default="", help="only corpora with this text in their name")
    parser.add_argument("--fields", action="store_true", help="right, wrong, nothing for each field")
    parser.add_argument("--guessit", action="store_true", help="the same for guessit alone (slow)")
    parser.add_argument("--cache", type=Path, help="keep guessit's answers here; delete it when RULES is raised")
    options = parser.parse_args()
    tables = tables_of(options.directory, options.file)
    cache = load_cache(options.cache)
    reader = NameReader(cache)
    total: Counter[tuple[str, str]] = Counter()
    print(f"{'corpus':44}{'names':>6}" + "".join(f"{verdict:>14}" for verdict in VERDICTS))
    for label, table in tables.items():
        counts = measure(table, reader, options.show)
        total += counts
        for kind in KINDS:
            line = line_of(f"{label.removesuffix('.tsv')} {kind}", counts, (kind,))
            print(line, end="\n" if line else "")
    print()
    for label, kinds in (*((kind, (kind,)) for kind in KINDS), ("all but packs", (*KINDS[:3], "unknown"))):
        print(line_of(label, total, kinds))
    if options.cache:
        options.cache.write_text(json.dumps(cache), encoding="ascii")
    rows = [row for table in tables.values() for row in table]
    if options.fields:
        print("our reader")
        print_fields(rows, lambda row: answer_of(reader.read(row.name, row.folders, is_alone=True)))
    if options.guessit:
        print("guessit alone")
        print_fields(rows, guessit_alone)
    print_speed(rows)


if __name__ == "__main__":
    main()
