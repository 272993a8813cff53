"""Breaking a library of links: files moved, renamed, replaced, obfuscated or deleted, and what tempts beside them."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from benchmarks.repair_items import Item, make_file, random_tags, release_name

from cineorg.names.title import title_of
from cineorg.names.title_words import telling_words, words_of

OLD_WAYS = ("move", "rename", "folder", "prefix", "cryptic", "delete")
WAYS = (*OLD_WAYS, "release", "release", "obfuscated", "generic")
_TRASH = ("@Recycle", "#recycle", "$RECYCLE.BIN", ".Trash-1000/files", ".snapshot/daily", "@Recently-Snapshot", ".zfs")
_EXTRAS = (".Making.Of", ".making-of", "-trailer", "-sample", ".Featurette", "-behindthescenes", ".Bonus", ".Gag.Reel")


def damage(
    base: Path, items: Sequence[Item], share: float, dice: random.Random, *, ways: Sequence[str] = OLD_WAYS
) -> None:
    """Break about that share of the files, each in one of the ways."""
    by_path: dict[str, list[Item]] = {}
    for item in items:
        by_path.setdefault(item.path, []).append(item)
    folders: dict[str, str] = {}
    for path in sorted(by_path):
        folder = os.path.dirname(path)
        if folder.count("/") and folder not in folders:
            folders[folder] = "folder" if dice.random() < share / 3 else ""
        how = folders.get(folder) or (dice.choice(ways) if dice.random() < share else "")
        if how:
            _break(base, path, by_path[path], how, dice)


def _break(base: Path, path: str, items: Sequence[Item], how: str, dice: random.Random) -> None:
    top, _, rest = path.partition("/")
    folder, name = os.path.split(rest)
    stem, ending = os.path.splitext(name)
    below = f"{folder}/" if folder else ""
    new = {
        "move": lambda: f"{top}/moved {dice.randrange(9)}/{name}",
        "rename": lambda: f"{top}/{below}{_renamed(items[0], stem, dice)}{ending}",
        "folder": lambda: f"{top}/{folder} renamed/{name}",
        "prefix": lambda: f"{top}/archive/{rest}",
        "cryptic": lambda: f"{top}/{dice.randrange(16**12):012x}{ending}",
        "release": lambda: f"{top}/{below}{_release(items[0], dice)}{dice.choice(('.mkv', '.mp4', '.avi'))}",
        "obfuscated": lambda: f"{top}/{_release(items[0], dice)}/{dice.randrange(16**24):024x}{ending}",
        "generic": lambda: (
            f"{top}/{_folder(items[0], dice)}/{dice.choice(('movie', 'main', 'video', '00001'))}{ending}"
        ),
        "delete": lambda: "",
    }[how]()
    source, target = base / "storage" / path, base / "storage" / new
    if new and (target.exists() or any(len(os.fsencode(part)) > 250 for part in target.parts)):
        return
    if how == "release":
        source.unlink()
        make_file(target, 5_000_000 + dice.randrange(10**6))
    elif new:
        target.parent.mkdir(parents=True, exist_ok=True)
        source.rename(target)
    else:
        source.unlink()
    # What is called "01.mkv" is known by its folder only.
    says_itself = set(telling_words(items[0].title)) <= set(words_of(name))
    for item in items:
        item.path, item.how = new, how
        item.is_readable = how != "cryptic" and (says_itself or how not in ("move", "folder"))


def _renamed(item: Item, stem: str, dice: random.Random) -> str:
    """Return another readable stem for an item: as a release or as a media centre would call it."""
    dotted, bracketed = (f".{item.tags}", f" [{item.tags}]") if item.tags else ("", "")
    if item.kind == "film":
        part = next((f" - {part}" for part in ("cd1", "cd2") if part in item.link), "")
        year = item.old_year or item.year
        names = [f"{release_name(item.title)}.{year}{dotted}{part}", f"{item.title} ({year}){bracketed}{part}"]
    else:
        shown = f"{item.title} ({item.year})" if item.year else item.title
        names = [f"{release_name(item.title)}.{item.code}{dotted}", f"{shown} - {item.code}{bracketed}"]
    return dice.choice([name for name in names if name != stem])


def _release(item: Item, dice: random.Random) -> str:
    """Return the name of another release of an item."""
    language = dice.choice(("", "", "", "MULTi.", "FRENCH.", "VOSTFR."))
    edition = next((f"{cut}." for cut in ("Directors.Cut", "Theatrical.Cut") if cut in item.tags), "")
    said = f"{item.old_year or item.year}" if item.kind == "film" else item.code
    part = next((f" - {part}" for part in ("cd1", "cd2") if part in item.link), "")
    return f"{release_name(item.title)}.{said}.{language}{edition}{random_tags(dice)}{part}"


def _folder(item: Item, dice: random.Random) -> str:
    """Return a folder that says all of an item."""
    if item.kind == "film" and not item.tags:
        return f"{item.title} ({item.old_year or item.year})"
    return _release(item, dice)


# Temptations


def tempt(base: Path, items: Sequence[Item], dice: random.Random) -> int:
    """Store files that are none of the broken links', each near to one of them; return how many."""
    known = {_key(item.title, item.year, item.season, item.episodes) for item in items}
    known |= {(title_of(item.title).key, None, item.season, item.episodes) for item in items}
    made = 0
    for item in items:
        found = [path for path in _decoys(item, known, dice) if not (base / "storage" / path).exists()]
        if item.how and found and dice.random() < 0.6:
            path = base / "storage" / dice.choice(found)
            if all(len(os.fsencode(part)) < 250 for part in path.parts):
                is_empty = path.parent.name == "empty"
                make_file(path, 0 if is_empty else 3_000_000 + dice.randrange(10**6))
                made += 1
    return made


def _key(title: str, year: int | None, season: int | None, episodes: tuple[int, ...]) -> tuple[object, ...]:
    return title_of(title).key, year, season, episodes


def _decoys(item: Item, known: set[tuple[object, ...]], dice: random.Random) -> Iterator[str]:
    """Yield the paths of files that are not an item's, though they look like it."""
    tags, title = random_tags(dice), release_name(item.title)
    top = "Films" if item.kind == "film" else "Séries"
    said = str(item.year) if item.kind == "film" else item.code
    right = f"{title}.{said}.{tags}.mkv"
    yield f"{top}/extras/{title}.{said}{dice.choice(_EXTRAS)}.mkv"
    yield f"{top}/{title}.{said}/Sample/{right}"
    yield f"{top}/empty/{right}"
    yield f"{top}/{dice.choice(_TRASH)}/{right}"
    yield f"{top}/.{right}"
    if item.kind == "film" and item.year:
        numbers = title_of(item.title).numbers
        others = [(f"{item.title} {3 if 2 in numbers else 2}", item.year + 2), (item.title, item.year + 9)]
        others += [(item.title, item.year - 17)]
        for other, year in others:
            if _key(other, year, None, ()) not in known:
                yield f"Films/{release_name(other)}.{year}.{tags}.mkv"
        yield f"Séries/{title}.S01E01.{tags}.mkv"
        return
    first, last = item.episodes[0], item.episodes[-1]
    for season, episode in ((item.season, last + 1), ((item.season or 0) + 1, first)):
        if not any(key[0] == title_of(item.title).key and key[2] == season for key in known):
            yield f"Séries/{title}.S{season:02}E{episode:02}.{tags}.mkv"
    if len(item.episodes) > 1:
        yield f"Séries/{title}.S{item.season:02}E{first:02}.{tags}.mkv"
    yield f"Séries/{title}.AU.{item.code}.{tags}.mkv"
    if item.year:
        yield f"Séries/{title}.{item.year + 11}.{item.code}.{tags}.mkv"
    yield f"Films/{title}.1987.{tags}.mkv"
