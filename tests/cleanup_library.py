"""Small libraries for `cleanup`: links in, files and rows with genres behind them; and the tree as it came out."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from typing import Any

from cineorg.testing import Library

_TITLE = re.compile(r"(?P<title>[^/]*?) \((?P<year>[0-9]{4})\)(?: - (?P<code>S[0-9]+E[0-9]+))?[^/]*\.(?P<suffix>\w+)\Z")


def stored_name(link: str) -> str:
    """Return where the file of a link lies: every link of one film or episode has the same one."""
    found = _TITLE.search(link)
    assert found, link
    parts = filter(None, (found["title"], found["year"], found["code"]))
    return f"{link.partition('/')[0]}/{'.'.join(parts).replace(' ', '.')}.mkv"


def shelve(library: Library, links: Mapping[str, str], scan: bool = True) -> Library:
    """Make links with a stored file each, scan, and give the rows the genres (link → genres, joined by commas)."""
    files = {name: 1000 + number for number, name in enumerate(sorted({stored_name(link) for link in links}))}
    library.add(files, {link: f"@/{stored_name(link)}" for link in links})
    if scan:
        library.scan()
        give_genres(library, links)
    return library


def give_genres(library: Library, links: Mapping[str, str]) -> None:
    """Give the rows of these links' files their genres; "?" for a film that the catalogue shall not know."""
    for link, genres in links.items():
        path = library.stored(stored_name(link))
        words = json.dumps([genre for genre in genres.split(",") if genre])
        if genres == "?":
            library.rows("DELETE FROM movies WHERE file_path = ?", path)
        elif " - S" in link:
            statement = "UPDATE series SET genres_json = ? WHERE id IN (SELECT series_id FROM episodes"
            library.rows(f"{statement} WHERE file_path = ?)", words, path)
        else:
            library.rows("UPDATE movies SET genres_json = ? WHERE file_path = ?", words, path)


def many(folder: str, number: int, start: int = 0) -> list[str]:
    """Return links of a folder to films whose titles are spread over the alphabet."""
    return [
        f"{folder}/{chr(65 + n * 7 % 26)}{chr(97 + n * 11 % 26)}x {n} ({1950 + n}).mkv"
        for n in range(start, start + number)
    ]


def found(report: Mapping[str, Any], library: Library) -> dict[str, list[str]]:
    """Return the paths, below the video root, of a report's issues by kind."""
    by_kind: dict[str, list[str]] = {}
    for row in report["issues"]:
        by_kind.setdefault(row["type"], []).append(os.path.relpath(row["path"], library.video))
    return by_kind


def ops(report: Mapping[str, Any], library: Library) -> list[tuple[str, ...]]:
    """Return a plan's changes as (op, path[, new path]), below the video root, without those of rows."""
    rows: Sequence[Mapping[str, Any]] = report["changes"]
    return [
        (row["op"], *(os.path.relpath(row[key], library.video) for key in ("path", "new_path") if key in row))
        for row in rows
        if row["op"] != "set_file_path"
    ]
