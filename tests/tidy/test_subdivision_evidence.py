"""What a folder without a year is: a subdivision, or one of which nobody can tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import pytest

from cineorg.catalogue.owner_rows import Owner
from cineorg.names.subdivision_names import LETTER, PREFIX, RANGE, Shelf
from cineorg.tidy.subdivisions import Shelves


class Folder(NamedTuple):
    """A folder's entries."""

    files: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    subfolders: tuple[str, ...] = ()


def make(tree: Mapping[str, str]) -> dict[str, Folder]:
    """Return the folders of a tree: path → entries with a bar between, a "/" behind those that are folders."""
    found: dict[str, Folder] = {}
    for path, text in tree.items():
        names = text.split(" | ") if text else []
        folders = tuple(name[:-1] for name in names if name.endswith("/"))
        found[path] = Folder(links=tuple(name for name in names if not name.endswith("/")), subfolders=folders)
    for path in list(found):
        for name in found[path].subfolders:
            found.setdefault(f"{path}/{name}", Folder())
    return found


def shelves(tree: Mapping[str, str], rows: Mapping[str, Owner] | None = None) -> list[Shelf]:
    """Return the subdivisions of the folder D of a tree; `rows`: link's name → the owner of its file."""
    owner_of = (rows or {}).get
    return Shelves(make(tree), ("",), lambda name: name.endswith(".mkv"), lambda folder, name: owner_of(name))("D")


KINDS: list[tuple[str, str, str | None]] = [
    # Ranges: as subdivisions are written, they are ones unless they hold what is called like them.
    ("A-F", "", RANGE),
    ("A-F", "Zodiac (2007).mkv", RANGE),
    ("G - L", "", RANGE),
    ("Sa-Te", "", RANGE),
    ("Sa-Te", "Sully (2016).mkv", RANGE),
    ("Sa-Te", "Sully.2016.1080p.mkv", RANGE),
    ("Sa-Te", "poster.jpg", RANGE),
    ("L-Ma", "", RANGE),
    ("Sa-Te", "Amadeus (1984).mkv", None),
    ("E-T", "E.T. l'extra-terrestre (1982).mkv", None),
    ("E-T", "E.T. l'extra-terrestre (1982).mkv | Making of (2002).mkv", None),
    ("É-T", "É.T. (1982).mkv", None),
    ("K-On", "K-On! (2009)/", None),
    ("Yo-Yo", "Yoyo.mkv", None),
    # Written otherwise, they must hold several titles of their own.
    ("Ant-Man", "", None),
    ("Ant-Man", "Ant-Man.mkv", None),
    ("Ant-Man", "Ant-Man.2015.1080p.mkv | Ant-Man.2015.2160p.mkv", None),
    ("Ant-Man", "AntMan.mkv", None),
    ("Ant-Man", "ant-man.fr.srt | poster.jpg | am1.mkv", None),
    ("Ant-Man", "Ant-Man (2015)/ | Ant-Man et la Guêpe (2018)/", None),
    ("Ant-Man", "Ant-Man (2015).mkv | Avatar (2009).mkv | Braveheart (1995).mkv", None),
    ("Ben-Hur", "Cléopâtre (1963).mkv", None),
    ("Ben-Hur", "Cléopâtre (1963).mkv | Gladiator (2000).mkv | Spartacus (1960).mkv", None),
    ("EN-FR", "Fargo (1996).mkv | Brazil (1985).mkv | Zodiac (2007).mkv | Fanny (1932).mkv", None),
    ("He-Man", "", None),
    ("Mar-Mat", "Marnie (1964).mkv", None),
    ("Mar-Mat", "Marnie (1964).mkv | Mary (1931).mkv", RANGE),
    ("SA-TE", "Sabrina (1954).mkv | Sully (2016).mkv", RANGE),
    # Letters: a plain one is a subdivision unless all that it holds is called that, or none of it begins so.
    ("M", "", LETTER),
    ("M", "Mother (2009).mkv", LETTER),
    ("M", "Mother.mkv", LETTER),
    ("M", "Mad Men/", LETTER),
    ("M", "M (1931).mkv | Mother (2009).mkv", LETTER),
    ("M", "M.mkv", None),
    ("M", "M (1931).mkv | M (1951).mkv", None),
    ("M", "M (1931).mkv | Making of.mkv", None),
    ("M", "M le maudit (1931).mkv", None),
    ("M", "M.mkv | Making Of/", None),
    ("V", "V for Vendetta (2006).mkv", None),
    ("V", "V (1983)/", None),
    ("V", "Saison 01/", None),
    ("V", "V - S01E01.mkv | V - S01E02.mkv", None),
    ("S", "S01E01.mkv | S01E02.mkv", None),
    ("X", "Alien (1979).mkv", None),
    ("R", "[REC] (2007).mkv", LETTER),
    ("É", "Élisa (1995).mkv", LETTER),
    ("#", "", LETTER),
    ("#", "Alien (1979).mkv", LETTER),
    # First words: of several titles, none of which is the word.
    ("American", "American Beauty (1999).mkv | American Graffiti (1973).mkv", PREFIX),
    ("American", "American Gods/ | American Horror Story/", PREFIX),
    ("American", "American Beauty (1999).mkv | American Pie (1999).mkv | American.Sniper.2014.mkv", PREFIX),
    ("American", "American Beauty (1999).mkv | American Pie (1999).mkv | Brazil (1985).mkv", None),
    ("American", "American Pie (1999)/ | American Beauty (1999)/ | American Psycho (2000)/ | Brazil (1985)/", PREFIX),
    ("American", "American Pie (1999)/ | American Beauty (1999)/ | Brazil (1985)/ | Alien (1979)/", None),
    ("American", "", None),
    # Plural and feminine of the word count, with an article the word itself; a saga is none.
    ("Amant", "Les Amants (1958).mkv | Amant double (2017).mkv", PREFIX),
    ("Amant", "Les Amants (1958).mkv | Amant double (2017).mkv | L'Amant (1992).mkv", PREFIX),
    ("Alien", "Alien (1979).mkv | Aliens (1986).mkv | Alien Romulus (2024).mkv", None),
    ("Matrix", "The Matrix (1999).mkv | Matrix Reloaded (2003).mkv | Matrix Revolutions (2003).mkv", None),
    ("Blade", "", None),
    ("Blade", "Blade (1998).mkv | Blade Trinity (2004).mkv", None),
    ("Blade", "Blade.1998.mkv | Blade Trinity (2004).mkv | Blade Runner (1982).mkv", None),
    ("Blade", "Blade II (2002).mkv | Blade 3 (2004).mkv", None),
    ("Solo", "Solo A Star Wars Story (2018).mkv", None),
    ("Solo", "Solo A Star Wars Story (2018).mkv | Solo A Star Wars Story (2018) 4K.mkv", None),
    ("Solo", "Solo.A.Star.Wars.Story.2018.mkv | Solo.A.Star.Wars.Story.2018.4K.mkv", None),
    ("Spider-Man", "Spider-Man Homecoming (2017).mkv | Spider-Man Far from Home (2019).mkv", PREFIX),
    ("X-Men", "X-Men (2000).mkv | X-Men 2 (2003).mkv", None),
    ("Inception", "Inception (2010) 1080p.mkv", None),
    ("It", "It (2017).mkv | It Chapter Two (2019).mkv", None),
    ("Up", "", None),
    ("300", "300 (2006).mkv | 300 Naissance d'un empire (2014).mkv", None),
    ("Dexter", "Saison 01/ | Spéciaux/", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "entries", "kind"), KINDS)
def test_what_a_folder_is(name: str, entries: str, kind: str | None) -> None:
    found = shelves({"D": f"{name}/", f"D/{name}": entries})
    assert [shelf.kind for shelf in found] == [kind] * (kind is not None)


@pytest.mark.parametrize(
    ("tree", "expected"),
    [
        # A letter in doubt is one among letters, not among ranges, and not beside one that is only empty.
        ({"D": "M/ | N/", "D/M": "M (1931).mkv", "D/N": "Nosferatu (1922).mkv"}, "M N"),
        ({"D": "M/ | N/", "D/M": "M (1931).mkv"}, "N"),
        ({"D": "M/ | L-Z/", "D/M": "M (1931).mkv", "D/L-Z": "Nosferatu (1922).mkv"}, "L-Z"),
        ({"D": "V/ | N/", "D/V": "V - S01E01.mkv", "D/N": "Nosferatu (1922).mkv"}, "N"),
        ({"D": "A-F/ | Sa-Te/", "D/A-F": "Alien (1979).mkv", "D/Sa-Te": "Zodiac (2007).mkv"}, "A-F Sa-Te"),
        ({"D": "A-F/ | Ant-Man/", "D/A-F": "Alien (1979).mkv", "D/Ant-Man": "bonus.mkv"}, "A-F"),
    ],
)
def test_what_stands_beside_it_counts(tree: dict[str, str], expected: str) -> None:
    assert " ".join(shelf.name for shelf in shelves(tree)) == expected


def row(title: str, original: str = "", *, is_film: bool = True) -> Owner:
    return Owner(is_film, hash(title), title, original, 2001, ())


@pytest.mark.parametrize(
    ("name", "rows", "kind"),
    [
        ("Ant-Man", [row("Ant-Man")], None),
        ("Ant-Man", [row("Avatar"), row("Les Amants", "Ant-Man")], None),
        ("E-T", [row("E.T., l'extra-terrestre")], None),
        ("M", [row("M le maudit", "M")], None),
        ("M", [row("M"), row("Mother")], LETTER),
        ("V", [row("V", is_film=False), row("Les Visiteurs", "V", is_film=False)], None),
        ("Blade", [row("Blade"), row("Blade Trinity"), row("Blade Runner")], None),
        ("American", [row("American Beauty"), row("American Pie")], PREFIX),
        ("American", [row("American Pie"), row("American Pie")], None),
    ],
)
def test_the_catalogue_says_what_names_do_not(name: str, rows: list[Owner], kind: str | None) -> None:
    links = {f"x{number}.mkv": owner for number, owner in enumerate(rows)}
    found = shelves({"D": f"{name}/", f"D/{name}": " | ".join(links)}, links)
    assert [shelf.kind for shelf in found] == [kind] * (kind is not None)


def test_first_words_stand_below_a_genre_only() -> None:
    tree = make({"": "American/ | A/", "/American": "American Pie (1999).mkv | American Beauty (1999).mkv"})
    assert [shelf.name for shelf in Shelves(tree, ("",), lambda name: name.endswith(".mkv"))("")] == ["A"]


def test_a_folder_that_could_not_be_read_is_none() -> None:
    tree = {"D": Folder(subfolders=("A-F", "#", "M"))}
    assert Shelves(tree, (), lambda name: True)("D") == []
