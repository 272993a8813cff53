"""What `cleanup` costs on a generated library that has been scanned, against `find` over both trees in the same run.

    python tests/benchmarks/cleanup_cost.py [100000 …] [--keep DIR]

For each number of links: `cleanup --json` against `find storage video -printf '%y %p %l\\n'` (in turn, medians) on a
library that is tidy, and again with faults of every kind (one film in fifty in the wrong folder, one in a hundred
linked twice, 50 broken links, 20 oversized folders, 50 empty ones); then the plan of `--fix --dry-run`, and the peak
memory. Goal: the report at most 3 times find at 100 000 links.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

from library_cost import FILMS_SHARE, add, peak_mib, run

ROUNDS = 5
GENRES = ("Animation", "Comédie", "Crime", "Documentaire", "Drame", "Fantastique", "Horreur", "Thriller", "Western")
FOLDERS = ("Animation", "Comédie", "Policier", "Documentaire", "Drame", "Fantastique", "Horreur", "Thriller", "Western")
HALVES = (("a", "m"), ("n", "z"))
CROWDED = 20


class Maker:
    """Makes the library; `genres` has the genre of each stored film."""

    def __init__(self, root: Path, links: int) -> None:
        self.root, self.links = root, links
        self.random = random.Random(links)
        self.genres: dict[str, str] = {}
        self.films = links // FILMS_SHARE
        self._made = 0

    def title(self, first: str, second: str) -> str:
        """Return a title that begins with these letters."""
        word = "".join(self.random.choice(pair) for pair in ("aeiou", "lmnrst", "aeiou", "bcdfg"))
        self._made += 1
        return f"{first.upper()}{second}{word} {self._made}"

    def film(self, place: int, folder: Path, title: str) -> None:
        """Add a film of the genre `place` in a folder of the video tree."""
        year = 1950 + self._made % 70
        stored = self.root / "storage/Films" / f"Shelf {self._made % 40}"
        name = f"{title.replace(' ', '.')}.{year}.MULTi.1080p.BluRay.x264-GRP.mkv"
        add(stored, name, folder, f"{title} ({year}) MULTi 1080p.mkv")
        self.genres[f"{stored}/{name}"] = GENRES[place]

    def tidy(self) -> None:
        """Make films down to ranges of half a letter, and series of five seasons of twenty episodes."""
        films = self.root / "video/Films"
        letters = "abcdefghijklmnopqrstuvwxyz"
        for number in range(self.films):
            place, first = number % len(GENRES), letters[number // len(GENRES) % 26]
            depth = number // (len(GENRES) * 26)
            low, high = HALVES[depth % 2]
            parts = max(1, self.films // (len(GENRES) * 26 * 2 * 45) + 1)
            span = [chr(code) for code in range(ord(low), ord(high) + 1)]
            cut = span[depth // 2 % parts :: parts]
            second = cut[0] if parts > 1 else self.random.choice(span)
            upper = first.upper()
            shelf = f"{upper}{second}-{upper}{second}" if parts > 1 else f"{upper}{low}-{upper}{high}"
            self.film(place, films / FOLDERS[place] / upper / shelf, self.title(first, second))
        for index in range(self.links - self.films):
            show, season, episode = index // 100, index // 20 % 5 + 1, index % 20 + 1
            stored = self.root / "storage/Séries" / f"Show.{show}.S{season:02}.1080p.WEB"
            title = f"Show {show} ({1980 + show % 40})"
            shown = self.root / "video/Séries/Séries TV" / f"Show {show // 40}" / title / f"Saison {season:02}"
            name = f"show.{show}.s{season:02}e{episode:02}.multi.1080p.web.x264-GRP.mkv"
            add(stored, name, shown, f"{title} - S{season:02}E{episode:02} - Part {episode} - MULTi 1080p.mkv")

    def untidy(self) -> None:
        """Add faults of every kind."""
        links = sorted((self.root / "video/Films").rglob("*.mkv"))
        for link in links[::50]:
            place = FOLDERS[(FOLDERS.index(link.parts[-4]) + 1) % len(FOLDERS)]
            os.rename(link, self.root / "video/Films" / place / link.parent.parent.name / link.name)
        stayed = sorted(set(links) - set(links[::50]))
        for link in stayed[::100]:
            os.symlink(os.readlink(link), link.with_name(link.name.replace(" 1080p", "")))
        for link in stayed[1:51]:
            target = os.readlink(link)
            link.unlink()
            link.symlink_to(target.replace("storage/Films", "storage/Films/gone"))
        for number in range(CROWDED):
            genre = self.root / "video/Films" / FOLDERS[number % len(FOLDERS)] / f"Collection {number}"
            for _ in range(120):
                letters = (self.random.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(2))
                self.film(number % len(FOLDERS), genre, self.title(*letters))
        for number in range(50):
            os.makedirs(self.root / "video/Séries/Séries TV" / f"Vide {number} (2000)" / "Saison 01")

    def know(self, database: str) -> None:
        """Give the rows that the scan made their genres."""
        with closing(sqlite3.connect(database)) as connection, connection:
            connection.executemany(
                "UPDATE movies SET genres_json = ? WHERE file_path = ?",
                ((json.dumps([genre]), path) for path, genre in self.genres.items()),
            )
            connection.execute("UPDATE series SET genres_json = '[\"Drame\"]'")


def measure(root: Path, links: int) -> None:
    """Print every figure for one size."""
    maker = Maker(root, links)
    maker.tidy()
    base = [sys.executable, "-m", "cineorg"]
    database = f"{root}/catalogue.db"
    places = ["--storage", f"{root}/storage", "--video", f"{root}/video", "--db", database]
    print(f"{links} links")
    for state in ("tidy", "untidy"):
        if state == "untidy":
            maker.untidy()
        run([*base, "scan", *places, "--tsv"])
        maker.know(database)
        compare(state, [*base, "cleanup", *places, "--json"], root)
    plan = [*base, "cleanup", *places, "--fix", "--dry-run", "--json"]
    print(f"  --fix --dry-run           {run(plan, (0, 1)):.2f} s")
    print(f"  peak memory, report       {peak_mib([*base, 'cleanup', *places, '--json']):.0f} MiB")
    print(f"  peak memory, plan         {peak_mib(plan):.0f} MiB")


def compare(state: str, report: list[str], root: Path) -> None:
    """Print what was found, and the time of the report against that of find."""
    done = subprocess.run(report, capture_output=True, check=False)
    print(f"  {state}: {json.loads(done.stdout)['summary']}")
    find = ["find", f"{root}/storage", f"{root}/video", "-printf", "%y %p %l\\n"]
    pairs = [(run(report, (0, 1)), run(find)) for _ in range(ROUNDS + 1)][1:]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"  cleanup / find, {state:<8}  {ratio:.2f}  ({ours:.2f} s / {theirs:.2f} s, medians of {ROUNDS})")


def main() -> None:
    """Read the sizes and measure each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("links", type=int, nargs="*", default=[100_000])
    parser.add_argument("--keep", metavar="DIR", help="make the library here and leave it")
    options = parser.parse_args()
    for links in options.links:
        root = Path(options.keep or tempfile.mkdtemp(prefix="cineorg-cost-")) / str(links)
        try:
            measure(root, links)
        finally:
            if not options.keep:
                shutil.rmtree(root.parent, ignore_errors=True)


if __name__ == "__main__":
    main()
