"""Orphan subtitles: subtitles that have no video beside them.

Everything is answered from the census that `integrity` takes anyway: nothing is read here but `words.txt`, once. A
subtitle has its video when its name is that of the video and, after it, nothing but languages, regions, flags and
track numbers; in a `Subs` folder less is enough. In doubt a subtitle is no orphan: who deletes what is listed must not
lose one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from cineorg.plugin import Finding, check, is_extra, nfc, read_numbers

if TYPE_CHECKING:
    from cineorg.plugin import CheckContext, Folder, Library, Track

SUBTITLES = frozenset(".srt .ass .ssa .sub .vtt .sup .smi .sami .ttml .dfxp .lrc .mks".split())
INDEX = ".idx"  # half of a VobSub pair: it counts only beside the .sub of its name
# What is no video to cineorg, or is not always one, and can have subtitles all the same.
MEDIA = frozenset(
    ".iso .img .strm .disc .bdmv .ifo .evo .mts .tp .trp .3gp .3g2 .mk3d .ogv .rm .f4v .dv .m2v .wtv .dvr-ms .rec .vro"
    " .mka .mp3 .flac .m4a .m4b .ogg .oga .opus .wav .aac .ac3 .eac3 .dts .wma".split()
)
UNFINISHED = frozenset(".part .partial .crdownload .aria2 .!qb .!ut .bc! .tmp".split())
_ARCHIVE = re.compile(r"\.(?:rar|r[0-9]{2}|[0-9]{3}|7z|zip)$")  # what is packed in it nobody knows
_DISCS = frozenset(("bdmv", "video_ts", "hvdvd_ts"))
_PIECE = re.compile(r"[ ._\-\[(]+(?:cd|dvd|disc|disk|part|pt)[ ._-]?[0-9]{1,2}[\])]?$")
_PIECE_FOLDER = re.compile(r"(?:cd|dvd|disc|disk|part)[ ._-]?[0-9]{1,2}")
_WORD = re.compile(r"((?:[^\w']|_)*)([^\W_]+(?:'s)?|'+)")
_REGION = re.compile(r"[a-z]{2}|[a-z]{4}|[0-9]{3}")  # BR, Hant, 419
_NUMBER = re.compile(r"[0-9]{1,2}|(?:track|trackid|trk|tr|t|id|sub|stream|cd|dvd|disc|disk)[0-9]{1,2}|-?[0-9]{1,6}ms")
_YEAR = re.compile(r"(?<=[ ._\-(\[])(?:19|20)[0-9]{2}(?![0-9])")
_DIGITS = re.compile(r"[0-9]+")
_OTHER_SCRIPT = re.compile(r"[\u0370-\u1dff\u2c00-\uffef]")
# Before what is no letter, digit or closing bracket; behind a closing bracket; where ASCII begins or ends.
_CLOSING = ")\\]}'’」』】）》〉"
_CUT = re.compile(rf"(?=[^\w{_CLOSING}]|_)|(?<=[{_CLOSING}])|(?<=[!-~])(?=[^ -~])|(?<=[^ -~])(?=[!-~])")
_DEPTH = 2  # folders between Subs and a subtitle: one an episode, one a language


@check(
    "orphan_subtitle",
    label="Orphan subtitles",
    columns=("wanted",),
)
def orphan_subtitle(context: CheckContext, track: Track) -> Iterable[Finding]:
    """Yield a finding for every orphan; `wanted` is the name, without extension, that its video would have.

    A subtitle of either tree is an orphan when none of the places where its video could lie holds that.
    """
    places = _Places(context.library)
    folders = context.library.census.folders
    for path, folder in track(folders.items(), len(folders)):
        names = list(_subtitles((*folder.files, *folder.links)))
        shelf = places.shelf_of(path) if names else None
        for name in names if shelf else ():
            stem = name.rpartition(".")[0]
            if shelf and not shelf.has_video(_key(stem)):
                fields = {"wanted": _wanted(stem)}
                yield Finding("orphan_subtitle", f"{path}/{name}", "no video of its name beside it", fields)


def _subtitles(names: Iterable[str]) -> Iterator[str]:
    """Yield those of a folder's names that are subtitles; `.idx` is one beside a `.sub`."""
    indexes, pairs = [], set()
    for name in names:
        stem, ending = name.rpartition(".")[0], f".{name.rpartition('.')[2].lower()}"
        if ending in SUBTITLES:
            if ending == ".sub":
                pairs.add(_key(stem))
            yield name
        elif ending == INDEX:
            indexes.append(name)
    yield from (name for name in indexes if _key(name[: -len(INDEX)]) in pairs)


@dataclass(slots=True)
class Videos:
    """What a folder holds that can have subtitles: keys of `names`, and of them the `films`, extras aside.

    Pieces and versions of one film count once. `is_closed`: there may be more, in an archive or unread.
    """

    names: set[str] = field(default_factory=set)
    films: set[str] = field(default_factory=set)
    is_closed: bool = False

    def add(self, name: str, folder: str) -> None:
        """Add a name without extension, of what lies in a folder of that name."""
        key = _key(name)
        whole = _PIECE.sub("", key)
        self.names |= {key, whole}
        if not is_extra(name, [folder]):
            year = None if _numbers(whole) else _YEAR.search(whole)
            self.films.add(whole[: year.end()] if year else whole)


@dataclass(slots=True)
class Shelf:
    """One folder with subtitles: its own videos, those of the folder that a `Subs` folder belongs to, and near ones.

    `folder` is its key; `between` are the keys of the folders from below `Subs` down to it.
    """

    folder: str
    own: Videos
    above: Videos | None
    near: set[str]
    between: tuple[str, ...]

    def has_video(self, stem: str) -> bool:
        """Return whether a subtitle of this folder, a key without extension, has its video or may have it."""
        above = self.above.names if self.above else set()
        if is_named_after(stem, self.own.names | above | self.near):
            return True
        if self.above is None or not above | self.near:
            # "English.srt", or one with the folder's name, is of the only video there.
            return len(self.own.films) == 1 and (is_suffix(stem) or is_named_after(stem, {self.folder}))
        return self._is_of_one_above(stem, self.above)

    def _is_of_one_above(self, stem: str, above: Videos) -> bool:
        """Whether a subtitle in `Subs` may be of a video above."""
        if len(above.films) == 1:
            return True  # nobody else is there
        owners = [name for name in self.between if not is_suffix(name)]  # a folder for a language says nothing
        said = [numbers for text in (stem, *owners) if (numbers := _numbers(text))]
        films = above.films | self.near
        if said:
            known = [numbers for name in films if (numbers := _numbers(name))]
            return not known or all(any(one & other for other in known) for one in said)
        if owners:
            return is_named_after(owners[0], above.names | self.near) or _has_code(owners[0], films)
        return bool(self.between) or is_suffix(stem) or _has_code(stem, films)


class _Places:
    """Finds the videos of a library's folders; each `Subs` folder asks for those of the folder above."""

    def __init__(self, library: Library) -> None:
        self._library, self._folders = library, library.census.folders
        # What was not read to its end, or not at all, may hold the video.
        self._unread = {item.path for item in library.census.unreadable}
        self._unread |= {path.rpartition("/")[0] for path in self._unread}

    def shelf_of(self, path: str) -> Shelf | None:
        """Return the shelf of a folder; None where nothing can be said: unread, offline, packed, an open disc."""
        home, between = _above_subs(path)
        homes = [path, home] if home else [path]
        if not _DISCS.isdisjoint(map(str.lower, path.split("/"))) or not all(map(self._is_seen, homes)):
            return None
        shelf = Shelf(_key(path.rpartition("/")[2]), self._videos(path), None, set(), tuple(map(_key, between)))
        piled = [shelf.own, self._near(path, only_pieces=True)]
        if home:
            shelf.above = self._videos(home)
            piled += [shelf.above, self._near(home, only_pieces=False)]
        shelf.near = {name for videos in piled[1::2] for name in videos.names}
        return None if any(videos.is_closed for videos in piled) else shelf

    def _is_seen(self, path: str) -> bool:
        is_read = path in self._folders and path not in self._unread
        return is_read and not self._library.offline_reason(path)

    def _near(self, path: str, *, only_pieces: bool) -> Videos:
        """Return the films in the folders of one: of seasons, and of the pieces of a film; closed if one is unread."""
        near = Videos()
        for name in self._folders[path].subfolders:
            below, key = f"{path}/{name}", _key(name)
            if key in _DISCS or _is_subs(key) or (only_pieces and not _PIECE_FOLDER.fullmatch(key)):
                continue
            near.is_closed = near.is_closed or below in self._unread
            videos = self._videos(below) if below in self._folders else Videos()
            near.names |= videos.names if videos.films else set()
        return near

    def _videos(self, path: str) -> Videos:
        """Return a folder's videos: files, links (a link to a folder is a disc, or a film's), discs in folders."""
        folder, videos, own = self._folders[path], Videos(), path.rpartition("/")[2]
        for name in (*folder.files, *folder.links):
            stem, ending = _split(name)
            if ending in UNFINISHED:
                stem, ending = _split(stem)
            if _ARCHIVE.search(name.lower()):
                videos.is_closed = True
            elif ending in MEDIA or self._library.is_video(f"{stem}{ending}"):
                videos.add(stem, own)
                videos.names.add(_key(f"{stem}{ending}"))  # "Film.mkv.fr.srt"
            elif name in folder.links and ending not in SUBTITLES and ending != INDEX:
                videos.add(name, own)
        for name in folder.subfolders:
            below = self._folders.get(f"{path}/{name}")
            if below and _is_disc(below):
                videos.add(name, own)
        if _is_disc(folder):
            videos.add(own, "")
        return videos


def _split(name: str) -> tuple[str, str]:
    stem, dot, ending = name.rpartition(".")
    return (stem, f".{ending.lower()}") if dot and stem else (name, "")


def _is_disc(folder: Folder) -> bool:
    return not _DISCS.isdisjoint(name.lower() for name in (*folder.subfolders, *folder.links))


def _above_subs(path: str) -> tuple[str, tuple[str, ...]]:
    """Return the folder whose videos the subtitles of `path` may belong to although it is another; ("", ()) if none.

    Known are `Film/Subs/`, `Season/Subs/Episode/English/`, and `Film/English/`; with it the folders below Subs.
    """
    above, name, between = path, "", tuple[str, ...]()
    for _ in range(_DEPTH + 1):
        above, _, name = above.rpartition("/")
        if _is_subs(_key(name)):
            return above, between
        between = (name, *between)
    return (path.rpartition("/")[0], ()) if is_suffix(_key(path.rpartition("/")[2])) else ("", ())


@functools.cache
def words(section: str) -> frozenset[str]:
    """Return the words of one section of `words.txt`."""
    text = Path(__file__).with_name("words.txt").read_text("utf-8")
    lines = text.partition(f"[{section}]\n")[2].partition("\n[")[0].splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in nfc(line).split())


@functools.cache
def _is_subs(name: str) -> bool:
    """Whether a folder's key says that subtitles are in it: `Subs`, `English subtitles`."""
    found = {word for _, word in _WORD.findall(name)}
    return not found.isdisjoint(words("folders")) and all(
        word in words("folders") or word in words("languages") or word in words("flags") for word in found
    )


def is_named_after(stem: str, stems: set[str]) -> bool:
    """Return whether a subtitle's name is one of `stems`, followed at most by what `is_suffix` knows.

    A stem with a year or with episode numbers is a whole title: after that anything but other numbers may follow,
    such as the title of a track. All are lower-case names without extension.
    """
    if stem in stems:
        return True
    for end in _cuts(stem):
        if stem[:end] in stems:
            rest = stem[end:]
            is_whole = _YEAR.search(stem[:end]) or _numbers(stem[:end])
            if is_suffix(rest, stem[:end]) or (is_whole and not _numbers(rest)):
                return True
    return False


def is_suffix(text: str, title: str = "") -> bool:
    """Return whether lower-case text holds a language or a flag and, but for regions and track numbers, nothing else.

    Behind a `title` in Latin letters a word in any other script is no more of the title: it names a language.
    """
    is_meaningful, is_language = False, False
    is_latin = bool(title) and not _OTHER_SCRIPT.search(title)
    for separator, word in _WORD.findall(text):
        is_foreign = is_latin and bool(_OTHER_SCRIPT.search(word))
        if is_foreign or word in words("languages") or word in words("flags"):
            is_meaningful = True
            is_language = is_language or is_foreign or word in words("languages")
        elif word in words("regions") or (is_language and " " not in separator and _REGION.fullmatch(word)):
            continue
        elif " " in separator or not _NUMBER.fullmatch(word):
            return False  # after a blank a number belongs to a title: "Rocky 2.srt" is not Rocky's
        else:
            is_meaningful = is_meaningful or not word.isdigit()  # "cd1", "track2"
    return is_meaningful


def _numbers(text: str) -> set[tuple[int | None, int]]:
    """Return (season, episode) of each episode that a name says explicitly."""
    season, episodes, _ = read_numbers(text)
    return {(season, episode) for episode in episodes}


def _has_code(text: str, films: Iterable[str]) -> bool:
    """Whether a name may be that of one of the episodes: it holds 102, or 2, for S01E02."""
    codes = {int(digits[-4:]) for digits in _DIGITS.findall(text)}
    known = {number for name in films for number in _numbers(name)}
    return any(episode in codes or (season or 0) * 100 + episode in codes for season, episode in known)


def _wanted(stem: str) -> str:
    """Return the name without the languages and flags at its end."""
    return next((stem[:end] for end in _cuts(stem) if end and is_suffix(stem[end:].lower(), stem[:end])), stem)


def _cuts(stem: str) -> Iterator[int]:
    """Yield the places where a video's name may end."""
    return (found.start() for found in _CUT.finditer(stem))


def _key(name: str) -> str:
    return nfc(name).lower()
