"""How many broken links get the right file back, how many a wrong one, how many none.

    python tests/benchmarks/repair_accuracy.py [--names FILE.tsv]... [--size N]... [--seed N]... [--verbose]
    python tests/benchmarks/repair_accuracy.py --time [--files 100000] [--broken 1000]

A library is built in a temporary folder from tables of names (columns name, type, title, year, season, episodes)
and from generated films and series: sequels, remakes, twins of quality and cut, three-digit and multi-episode files,
specials, series of similar titles. Files are sparse, each of a size of its own. Then files are moved, renamed,
given a cryptic name or deleted, and `repair-links --auto` is run: without a scan, with a scan before the damage, and
with one before and one after it.

wrong: the link leads to another file than the one it was made for, or to any at all when that is gone. missed: it
stays broken although its file is there under a name that says what it is. The goals are wrong = 0, and missed at
most 1 % with a scan, 5 % without.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cineorg.names.title import title_of

REPOSITORY = Path(__file__).parent.parent.parent
MEAN_WORDS = ("Alien", "Rocky", "Office", "Heat", "Star", "Ring", "Dune", "Lost")
HOW = ("move", "rename", "folder", "prefix", "cryptic", "delete")
SCANS = ("none", "before", "both")
_WORDS = (
    "amber anchor autumn basil beacon bramble bridge canyon cedar cinder clover cobalt copper coral crimson crystal"
    " dagger desert diamond dragon ember falcon feather forest garden glacier granite harbour harvest hollow horizon"
    " island ivory jasmine jungle lantern legend linden marble meadow mirror monsoon mountain nectar northern ocean"
    " orchard orchid palace pepper phantom pioneer prairie quarry raven ribbon river saffron sapphire shadow shelter"
    " silver sparrow summer tempest thunder timber tower tundra valley velvet violet voyage walnut whisper willow"
).split()
_GROUPS = ("AMB", "LOST", "NTb", "ROVERS", "SiNNERS", "FoV", "VENUE")


@dataclass(slots=True)
class Item:
    """One link and the file that it is for: `path` and `link` are relative to their roots, `old` is where it was."""

    kind: str
    title: str
    year: int | None
    season: int | None
    episodes: tuple[int, ...]
    path: str
    link: str
    tags: str = ""
    old: str = ""
    how: str = ""
    size: int = 0
    is_readable: bool = True

    @property
    def code(self) -> str:
        """Return the episodes' numbers as release names write them."""
        if self.season is None:
            return ""
        first, last = self.episodes[0], self.episodes[-1]
        if last - first + 1 == len(self.episodes) > 1:
            return f"S{self.season:02}E{first:02}-E{last:02}"
        return f"S{self.season:02}" + "".join(f"E{number:02}" for number in self.episodes)


@dataclass(slots=True)
class Tally:
    """What became of the links of one run."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    unreadable: int = 0
    left: int = 0
    by_how: Counter[str] = field(default_factory=Counter)

    @property
    def missed_share(self) -> float:
        """Return the share of links missed among those that could have been repaired by name."""
        return len(self.missed) / max(1, self.right + len(self.missed))


# Building


def from_table(path: Path) -> Iterator[Item]:
    """Yield the items of a table of names that say enough: title and year, or title, season and episodes."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            name, title = row["name"].strip("/"), row["title"].replace("/", " ")
            if not title or len(os.fsencode(name)) > 200 or ".." in name or not name.endswith((".mkv", ".avi", ".mp4")):
                continue
            if row["type"] == "movie" and row["year"]:
                link = f"Films/Drame/{title} ({row['year']}).mkv"
                yield Item("film", title, int(row["year"]), None, (), f"Films/{name}", link)
            elif row["type"] == "episode" and row["season"].isdigit() and row["episodes"]:
                numbers = tuple(int(number) for number in row["episodes"].split(","))
                item = Item("episode", title, None, int(row["season"]), numbers, f"Séries/{name}", "")
                item.link = f"Séries/Séries TV/{title}/Saison {item.season:02}/{title} - {item.code}.mkv"
                yield item


def generated(size: int, dice: random.Random, *, mean: bool = False) -> Iterator[Item]:
    """Yield about `size` items, two thirds of them episodes; `mean`: of titles and names that are easily confused."""
    made = 0
    while made < size:
        items = list(_mean(dice)) if mean else list(_films(dice) if dice.random() < 0.4 else _series(dice))
        made += len(items)
        yield from items


def _title(dice: random.Random) -> str:
    words = " ".join(word.title() for word in dice.sample(_WORDS, dice.choice((1, 2, 2, 2, 3))))
    shapes = ("{}", "The {}", "{}", "L'{}" if words[0] in "AEIO" else "Le {}", "{} & Co")
    return dice.choice(shapes).format(words)


def _release(title: str) -> str:
    return title.replace("'", ".").replace("&", "and").replace(":", "").replace(" ", ".")


def _tags(dice: random.Random) -> str:
    group, codec = dice.choice(_GROUPS), dice.choice(("x264", "x265"))
    return f"{dice.choice(('720p', '1080p', '2160p'))}.{dice.choice(('BluRay', 'WEB-DL', 'HDTV'))}.{codec}-{group}"


def _film(title: str, year: int, dice: random.Random, tags: str = "", label: str = "") -> Item:
    tags = tags or _tags(dice)
    styles = (
        f"Films/{_release(title)}.{year}.{tags}.mkv",
        f"Films/{_release(title)}.{year}.{tags}/{_release(title)}.{year}.{tags}.mkv",
        f"Films/{title} ({year})/{title} ({year}).mkv",
        f"Films/{title} ({year}) {tags.replace('.', ' ')}.mkv",
    )
    path = dice.choice(styles if not label else styles[:2])
    genre = dice.choice(("Drame", "SF", "Action & Aventure", "Comédie"))
    return Item("film", title, year, None, (), path, f"Films/{genre}/{title} ({year}){label}.mkv", tags)


def _films(dice: random.Random) -> Iterator[Item]:
    title, year = _title(dice), dice.randrange(1930, 1980)
    case = dice.randrange(10)
    if case == 0:
        for number, mark in enumerate(("", " II", " III", " IV")):
            yield _film(title + mark, year + 3 * number, dice)
    elif case == 1:
        for number in range(1, 4):
            yield _film(f"{title} {number}" if number > 1 else title, year + number, dice)
    elif case == 2:
        for later in (0, 20, 44):
            yield _film(title, year + later, dice)
    elif case == 3:
        for quality in ("1080p", "2160p"):
            yield _film(title, year, dice, f"{quality}.BluRay.x265-{dice.choice(_GROUPS)}", f" {quality}")
    elif case == 4:
        for cut in ("Directors.Cut", "Theatrical.Cut"):
            label = " {edition-" + cut.replace(".", " ") + "}"
            yield _film(title, year, dice, f"{cut}.1080p.BluRay.x264-{dice.choice(_GROUPS)}", label)
    elif case == 5:
        number = dice.choice(("1917", "300", "2012", "1984", "21", "8"))
        yield _film(f"{number} {title}" if dice.random() < 0.7 else f"{title} {number}", year, dice)
    elif case == 6:
        film = _film(title, year, dice)
        yield film
        yield Item("film", title, year, None, (), film.path, f"Films/Policier/{title} ({year}).mkv", film.tags)
    else:
        yield _film(title, year, dice)


def _mean(dice: random.Random) -> Iterator[Item]:
    """Yield films and episodes that differ in one word, number, year or folder, under names that say little."""
    words = dice.sample(MEAN_WORDS, dice.choice((1, 1, 2)))
    title = dice.choice(("{}", "{}", "The {}", "Le {}", "{} II", "{} 2", "{} III", "{} US", "{} UK", "{}s", "2 {}"))
    title = title.format(" ".join(words))
    tags = dice.choice(("", "", ".720p", ".1080p.x264-AMB", ".VOSTFR.1080p"))
    release = _release(title)
    if dice.random() < 0.4:
        year = dice.choice((1954, 1998, 1999))
        part, label = dice.choice((("", ""), ("", ""), (".cd1", " - cd1"), (".cd2", " - cd2")))
        path = dice.choice(
            (
                f"Films/{title} ({year})/movie.mkv",
                f"Films/{title} ({year})/VIDEO_TS/VTS_01_1.vob",
                f"Films/{title}/{title}.mkv",
                f"Films/{year}/{title}.mkv",
                f"Films/{release}.{year}{tags}{part}.mkv",
                f"Films/{title} ({year}){label}.mkv",
                f"Films/{title} ({year})/{title}{label}.mkv",
            )
        )
        label = label if "cd" in path else ""
        genre = dice.choice(("Drame", "SF"))
        yield Item("film", title, year, None, (), path, f"Films/{genre}/{title} ({year}){label}.mkv", tags[1:])
        return
    year, season = dice.choice((None, None, 1954, 1998)), dice.choice((0, 1, 1, 2))
    shown = f"{title} ({year})" if year else title
    for number in dice.sample((1, 2, 3, 10, 11, 20, 21, 101, 102, 121, 210), dice.randrange(1, 5)):
        item = Item("episode", title, year, season, (number,), "", "", tags[1:])
        item.path = "Séries/" + dice.choice(
            (
                f"{shown}/Season {season}/{number:02}.mkv",
                f"{shown}/Season {season}/{number:02} - Pilot.mkv",
                f"{shown}/S{season:02}E{number:02}.mkv",
                f"{shown}/Season {season}/{item.code}{tags}.mkv",
                f"{shown}/Season {season}/Episode {number:02}{tags}.mkv",
                f"{release}/{release}.{season}{number:02}{tags}.mkv",
                f"{release}.{item.code}{tags}.mkv",
                f"{shown}/{release}.{item.code}{tags}.mkv",
                f"{shown}/Saison {season:02}/{shown} - {item.code}.mkv",
                f"{release}.S{season:02}{tags}/abc-s{season:02}e{number:02}.mkv",
                f"{release}.S{season:02}{tags}/ht-bb{season}{number:02}.mkv",
                f"{title} - {number:02}.mkv",
            )
        )
        item.link = f"Séries/Séries TV/{shown}/Saison {season:02}/{shown} - {item.code}.mkv"
        yield item


def _series(dice: random.Random) -> Iterator[Item]:
    title, year = _title(dice), dice.choice((None, None, dice.randrange(1960, 2024)))
    names = [title]
    case = dice.randrange(8)
    if case == 0:
        names = [f"{title} US", f"{title} UK"]
    elif case == 1:
        names = [title, f"{title} {dice.choice(_WORDS).title()}"]
    for name in names:
        style, tags = dice.randrange(4), _tags(dice)
        for season in range(dice.choice((0, 1, 1)), dice.randrange(2, 4)):
            first, step = (95 if case == 2 else 1), (2 if case == 3 else 1)
            for number in range(first, first + dice.randrange(4, 14), step):
                yield _episode(name, year, season, tuple(range(number, number + step)), style, tags)
        if case == 2:  # the very names that a search for text takes for one another
            for number in (2, 21, 210):
                yield _episode(name, year, 4, (number,), style, tags)


def _episode(title: str, year: int | None, season: int, numbers: tuple[int, ...], style: int, tags: str) -> Item:
    item = Item("episode", title, year, season, numbers, "", "", tags)
    shown = f"{title} ({year})" if year else title
    release = _release(title)
    item.path = (
        f"Séries/{shown}/Season {season}/{release}.{item.code}.{tags}.mkv",
        f"Séries/{release}.S{season:02}.{tags}/{release.lower()}.{item.code.lower()}.{tags.lower()}.mkv",
        f"Séries/{shown}/Saison {season:02}/{shown} - {item.code} - Title {numbers[0]}.mkv",
        f"Séries/{shown}/{release}.{season}x{'-'.join(f'{number:02}' for number in numbers)}.{tags}.mkv",
    )[style]
    item.link = f"Séries/Séries TV/{shown}/Saison {season:02}/{shown} - {item.code}.mkv"
    return item


def build(base: Path, tables: Sequence[Path], size: int, dice: random.Random, *, mean: bool = False) -> list[Item]:
    """Make storage and links below `base` and return the items, each path and each link once."""
    items: list[Item] = []
    paths: dict[str, Item] = {}
    links: set[str] = set()
    known: dict[tuple[object, ...], str] = {}
    found = [item for table in tables for item in from_table(table)]
    for item in [*found, *generated(size, dice, mean=mean)]:
        key = (item.kind, title_of(item.title).key, item.year, item.season, item.episodes)
        twin = known.setdefault(key, item.path)
        # Two files of one name and number, that nothing tells apart, have no right answer.
        if item.link in links or (twin != item.path and item.link.endswith(f"({item.year}).mkv")):
            continue
        if item.kind == "episode" and twin != item.path:
            continue
        links.add(item.link)
        if mean and item.path in paths:
            continue  # two links of different names to one file: one of them was wrong from the start
        if item.path not in paths:
            paths[item.path] = item
            item.size = 1_000_000 + len(paths)
            _make_file(base / "storage" / item.path, item.size)
        item.size = paths[item.path].size
        item.old = item.path
        _make_link(base, item, dice)
        items.append(item)
    return items


def _make_file(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


def _make_link(base: Path, item: Item, dice: random.Random) -> None:
    link, target = base / "video" / item.link, str(base / "storage" / item.path)
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(os.path.relpath(target, link.parent) if dice.random() < 0.3 else target)


# Breaking


def damage(base: Path, items: Sequence[Item], share: float, dice: random.Random) -> None:
    """Break about that share of the files, each in one of the ways; of every five broken ones one is deleted."""
    by_path: dict[str, list[Item]] = {}
    for item in items:
        by_path.setdefault(item.path, []).append(item)
    folders: dict[str, str] = {}
    for path in sorted(by_path):
        folder = os.path.dirname(path)
        if folder.count("/") and folder not in folders:
            folders[folder] = "folder" if dice.random() < share / 3 else ""
        how = folders.get(folder) or (dice.choice(HOW) if dice.random() < share else "")
        if how:
            _break(base, path, by_path[path], how, dice)


def _break(base: Path, path: str, items: Sequence[Item], how: str, dice: random.Random) -> None:
    top, _, rest = path.partition("/")
    folder, name = os.path.split(rest)
    stem, ending = os.path.splitext(name)
    new = {
        "move": f"{top}/moved {dice.randrange(9)}/{name}",
        "rename": f"{top}/{folder + '/' if folder else ''}{_renamed(items[0], stem, dice)}{ending}",
        "folder": f"{top}/{folder} renamed/{name}",
        "prefix": f"{top}/archive/{rest}",
        "cryptic": f"{top}/{dice.randrange(16**12):012x}{ending}",
        "delete": "",
    }[how]
    source, target = base / "storage" / path, base / "storage" / new
    if new and (target.exists() or len(os.fsencode(target.name)) > 250):
        return
    if new:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
    else:
        source.unlink()
    for item in items:
        item.path, item.how, item.is_readable = new, how, how != "cryptic"


def _renamed(item: Item, stem: str, dice: random.Random) -> str:
    """Return another readable stem for an item: as a release or as a media centre would call it."""
    dotted, bracketed = (f".{item.tags}", f" [{item.tags}]") if item.tags else ("", "")
    if item.kind == "film":
        part = next((f" - {part}" for part in ("cd1", "cd2") if part in item.link), "")
        names = [f"{_release(item.title)}.{item.year}{dotted}{part}", f"{item.title} ({item.year}){bracketed}{part}"]
    else:
        shown = f"{item.title} ({item.year})" if item.year else item.title
        names = [f"{_release(item.title)}.{item.code}{dotted}", f"{shown} - {item.code}{bracketed}"]
    return dice.choice([name for name in names if name != stem])


# Running


def cineorg(base: Path, command: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command on the library below `base`."""
    flags = ["--storage", f"{base}/storage", "--video", f"{base}/video", "--db", f"{base}/cineorg.db"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "XDG_CONFIG_HOME": f"{base}/config"}
    return subprocess.run(
        [sys.executable, "-m", "cineorg", command, *flags, *arguments],
        env=environment,
        capture_output=True,
        check=False,
    )


def judge(base: Path, items: Sequence[Item], reasons: dict[str, str]) -> Tally:
    """Compare every link with the file that it was made for."""
    tally = Tally()
    for item in items:
        link = base / "video" / item.link
        end = os.path.relpath(os.path.normpath(link.parent / os.readlink(link)), base / "storage")
        if not item.how:
            if end != item.path:
                tally.wrong.append(f"{item.link}: was healthy, now {end}")
        elif end == item.old:
            if not item.path:
                tally.left += 1
            elif item.is_readable:
                tally.missed.append(f"{item.how}: {item.link} <- {item.path}: {reasons.get(str(link))}")
            else:
                tally.unreadable += 1
        elif end == item.path:
            tally.right += 1
            tally.by_how[item.how] += 1
        else:
            tally.wrong.append(f"{item.how}: {item.link} got {end}, its file was {item.old}, is {item.path or 'gone'}")
    return tally


def run(tables: Sequence[Path], size: int, seed: int, scan: str, share: float = 0.2, *, mean: bool = False) -> Tally:
    """Build, break, repair and judge one library; `scan` is one of SCANS."""
    dice = random.Random(seed)
    base = Path(tempfile.mkdtemp(prefix="cineorg-repair-"))
    try:
        items = build(base, tables, size, dice, mean=mean)
        if scan != "none":
            _must(cineorg(base, "scan", "--jsonl"), {0})
        damage(base, items, share, dice)
        if scan == "both":
            _must(cineorg(base, "scan", "--jsonl", "--accept", f"{base}/storage"), {0})
        done = _must(cineorg(base, "repair-links", "--auto", "--json", "--max-changes", "100%"), {0, 1})
        reasons = {row["path"]: row["reason"] for row in json.loads(done.stdout)["unresolved"]}
        return judge(base, items, reasons)
    finally:
        shutil.rmtree(base)


def _must(done: subprocess.CompletedProcess[bytes], codes: set[int]) -> subprocess.CompletedProcess[bytes]:
    if done.returncode not in codes:
        raise SystemExit(f"exit {done.returncode}: {done.stderr.decode()[-2000:]}{done.stdout.decode()[-2000:]}")
    return done


def measure_time(files: int, broken: int, seed: int) -> None:
    """Print how long `repair-links --auto` takes for that many broken links against that many files."""
    dice = random.Random(seed)
    base = Path(tempfile.mkdtemp(prefix="cineorg-repair-"))
    try:
        items = build(base, [], files, dice)
        _must(cineorg(base, "scan", "--jsonl"), {0})
        damage(base, items, broken / len(items), dice)
        number = sum(bool(item.how) for item in items)
        for label, scans in (("moves known by no scan yet", 0), ("after a scan", 1), ("names only", 2)):
            if scans == 1:
                _must(cineorg(base, "scan", "--jsonl"), {0})
            if scans == 2:
                os.unlink(base / "cineorg.db")
            began = time.monotonic()
            done = _must(cineorg(base, "repair-links", "--auto", "-n", "--json", "--max-changes", "100%"), {0, 1})
            summary = json.loads(done.stdout)["summary"]
            print(f"{label}: {number} broken of {len(items)}: {time.monotonic() - began:.1f} s, {summary}")
    finally:
        shutil.rmtree(base)


def main() -> None:
    """Print the figures for every size, seed and kind of scan."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=Path, action="append", default=[])
    parser.add_argument("--size", type=int, action="append")
    parser.add_argument("--seed", type=int, action="append")
    parser.add_argument("--scan", choices=SCANS, action="append")
    parser.add_argument("--share", type=float, default=0.2)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--mean", action="store_true", help="titles and names that are easily confused")
    parser.add_argument("--time", action="store_true")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--broken", type=int, default=1000)
    options = parser.parse_args()
    if options.time:
        measure_time(options.files, options.broken, (options.seed or [1])[0])
        return
    for size in options.size or [300, 2000]:
        for seed in options.seed or [1, 2, 3]:
            for scan in options.scan or SCANS:
                tally = run(options.names, size, seed, scan, options.share, mean=options.mean)
                print(
                    f"size {size} seed {seed} scan {scan}: right {tally.right}, wrong {len(tally.wrong)}, missed"
                    f" {len(tally.missed)} ({100 * tally.missed_share:.1f} %), left {tally.left + tally.unreadable}"
                )
                for line in tally.wrong:
                    print("  WRONG", line)
                for line in tally.missed if options.verbose else ():
                    print("  missed", line)


if __name__ == "__main__":
    main()
