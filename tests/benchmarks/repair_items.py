"""Links and the files that they are for: out of tables of names, and generated.

Nobody who wrote the tables knew this project; the generated ones are what goes wrong elsewhere: sequels, remakes,
twins of quality and cut, three-digit and multi-episode files, specials, series of similar titles.
"""

from __future__ import annotations

import csv
import os
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from cineorg.names import is_extra
from cineorg.names.text import stem_of
from cineorg.names.title import title_of

_YEAR_LAST = re.compile(r"(?<=\w)[ .(]+(?:19|20)[0-9]{2}\)?$")
MEAN_WORDS = ("Alien", "Rocky", "Office", "Heat", "Star", "Ring", "Dune", "Lost")
_WORDS = ("Alien", "Rocky", "Office", "Heat", "Star", "Ring", "Dune", "Lost")
HOW = ("move", "rename", "folder", "prefix", "cryptic", "delete")
SCANS = ("none", "before", "both")
_WORDS = (
    "amber anchor autumn basil beacon bramble bridge canyon cedar cinder clover cobalt copper coral crimson crystal"
    " dagger desert diamond dragon ember falcon feather forest garden glacier granite harbour harvest hollow horizon"
    " island ivory jasmine jungle lantern legend linden marble meadow mirror monsoon mountain nectar northern ocean"
    " orchard orchid palace pepper phantom pioneer prairie quarry raven ribbon river saffron sapphire shadow shelter"
    " silver sparrow summer tempest thunder timber tower tundra valley velvet violet voyage walnut whisper willow"
).split()
GROUPS = ("AMB", "LOST", "NTb", "ROVERS", "SiNNERS", "FoV", "VENUE")


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
    old_year: int | None = None
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


def from_table(path: Path) -> Iterator[Item]:
    """Yield the items of a table of names that say enough: title and year, or title, season and episodes."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            name, title = row["name"].strip("/"), row["title"].replace("/", " ").strip()
            kind = row.get("type") or row["kind"]
            title = _YEAR_LAST.sub("", title)
            if stem_of(name) == name:
                name += ".mkv"  # a release's name
            if not title or len(os.fsencode(name)) > 180 or ".." in name or "\\" in name or is_extra(name):
                continue
            if kind in ("movie", "film") and row["year"].isdigit():
                link = f"Films/Drame/{title} ({row['year']}).mkv"
                yield Item("film", title, int(row["year"]), None, (), f"Films/{name}", link)
            elif kind == "episode" and row["season"].isdigit() and row["episodes"]:
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


def release_name(title: str) -> str:
    return title.replace("'", ".").replace("&", "and").replace(":", "").replace(" ", ".")


def random_tags(dice: random.Random) -> str:
    group, codec = dice.choice(GROUPS), dice.choice(("x264", "x265"))
    return f"{dice.choice(('720p', '1080p', '2160p'))}.{dice.choice(('BluRay', 'WEB-DL', 'HDTV'))}.{codec}-{group}"


def _film(title: str, year: int, dice: random.Random, tags: str = "", label: str = "") -> Item:
    tags = tags or random_tags(dice)
    styles = (
        f"Films/{release_name(title)}.{year}.{tags}.mkv",
        f"Films/{release_name(title)}.{year}.{tags}/{release_name(title)}.{year}.{tags}.mkv",
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
            yield _film(title, year, dice, f"{quality}.BluRay.x265-{dice.choice(GROUPS)}", f" {quality}")
    elif case == 4:
        for cut in ("Directors.Cut", "Theatrical.Cut"):
            label = " {edition-" + cut.replace(".", " ") + "}"
            yield _film(title, year, dice, f"{cut}.1080p.BluRay.x264-{dice.choice(GROUPS)}", label)
    elif case == 5:
        number = dice.choice(("1917", "300", "2012", "1984", "21", "8"))
        yield _film(f"{number} {title}" if dice.random() < 0.7 else f"{title} {number}", year, dice)
    elif case == 7:
        film = _film(title, year, dice)
        film.path, film.old_year = film.path.replace(str(year), str(year + 1)), year + 1
        yield film
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
    release = release_name(title)
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
        style, tags = dice.randrange(4), random_tags(dice)
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
    release = release_name(title)
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
            make_file(base / "storage" / item.path, item.size)
        item.size = paths[item.path].size
        item.old = item.path
        link_to(base, item, dice)
        items.append(item)
    return items


def make_file(path: Path, size: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.truncate(size)


def link_to(base: Path, item: Item, dice: random.Random) -> None:
    link, target = base / "video" / item.link, str(base / "storage" / item.path)
    link.parent.mkdir(parents=True, exist_ok=True)
    link.symlink_to(os.path.relpath(target, link.parent) if dice.random() < 0.3 else target)
