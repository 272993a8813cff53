"""Where titles belong among subdivision folders."""

from __future__ import annotations

import pytest

from cineorg.layout import LETTER, PREFIX, RANGE, Shelf, bounds_of, descend, title_key

# folder → its entries; a name that ends in "/" is a subfolder
Tree = dict[str, list[str]]


def shelves(tree: Tree, folder: str) -> list[Shelf]:
    found = []
    for name in tree.get(folder, []):
        if name.endswith("/"):
            entries = [entry.rstrip("/") for entry in tree.get(f"{folder}/{name[:-1]}", [])]
            shelf = Shelf.of(name[:-1], entries)
            found += [shelf] if shelf else []
    return found


def place(title: str, tree: Tree) -> str:
    found = descend("D", title_key(title), lambda folder: shelves(tree, folder))
    return " | ".join(path.removeprefix("D/") for path in found)


@pytest.mark.parametrize(
    ("title", "folders", "expected"),
    [
        ("Terminator", "Ri-Ro Sa-Te Ti-Zz", "Sa-Te"),  # a range holds all that begins with its bounds
        ("Tennessee", "Sa-Te Ti-Zz", "Sa-Te"),
        ("Thelma et Louise", "Sa-Te Th-Zz", "Th-Zz"),
        ("Sabrina", "Sa-Te Ti-Zz", "Sa-Te"),
        ("Fargo", "A-F G-Z", "A-F"),
        ("Matrix", "A-K L-Ma Mb-Z", "L-Ma"),
        ("The Matrix", "L-Ma Mb-Z", "L-Ma"),
        ("L'Été meurtrier", "A-D E-Z", "E-Z"),
        ("Œdipe roi", "A-N O-Z", "O-Z"),
        ("Zodiac", "Sa-Te Ti-Zz", "Ti-Zz"),
        ("S", "Sa-Te Ti-Zz", "Sa-Te"),  # shorter than the bound: with the first that begin like it
        ("Se7en", "Sa-Sd Se-Te", "Se-Te"),
        ("S2", "Sa-Te", "Sa-Te"),  # letters only are compared
        ("2012", "A-Z # 2", "#"),
        ("(500) jours ensemble", "A-Z #", "#"),
        ("Les 4 Fantastiques", "A-F #", "#"),
        ("[REC]", "# A-Z", "#"),
        ("[REC]", "A-Q R-Z", "R-Z"),  # where there is no `#`
        ("(500) jours ensemble", "A-K", ""),
        ("2012", "0-9 A-Z", "0-9"),
        ("Star Trek", "S A-F", "S"),
        ("Élisa", "E", "E"),
        ("\ufeffLe Parrain", "A-O P-Z", "P-Z"),
        ("A", "A B", "A"),  # a title that is nothing but an article keeps it
        ("Les", "K L", "L"),
        ("Брат", "A-Z", ""),  # letters of another script are in no range of ours
        ("Dune", "A-C E-F", ""),
        ("American Beauty", "American A", "American"),
        ("American Beauty", "American A-F A", "A-F"),  # a range before a prefix folder before a letter
        ("Americana", "American B", ""),  # the word, not its letters
        ("Spider-Man: Homecoming", "Spider-Man Q", "Spider-Man"),
        ("Jaws", "A-Z H-K", "H-K"),  # the narrower of two ranges
        ("Matrix", "L-Ma Ma-Z", "L-Ma | Ma-Z"),  # nobody can tell
        ("Thelma et Louise", "Sa-Te Ti-Zz", "Sa-Te"),  # between two ranges of a split: the earlier one
        ("Rumba", "Ri-Ro Sa-Te Ti-Zz", "Ri-Ro"),
        ("Rabbi", "Ri-Ro Sa-Te", ""),  # before the first
        ("Zodiac", "Ri-Ro Sa-Te", ""),  # behind the last
        ("Dune", "A-C E-F", ""),  # single letters mean what they say
        ("Dune", "Aa-Ce E-F", ""),
        ("Sa", "Ri-Ro S Ta-Zz", "S"),  # a letter of its own before a gap
        ("American Pie", "Aa-Ad American Ba-Zz", "American"),
        ("Брат", "Aa-Me Na-Zz", ""),
        ("300", "Aa-Me Na-Zz", ""),
        ("Alien", "Alien", ""),  # an empty folder of the film's very name may be its own
    ],
)
def test_one_level(title: str, folders: str, expected: str) -> None:
    tree = {"D": [name + "/" for name in folders.split()]}
    assert place(title, tree) == (expected or "D")


@pytest.mark.parametrize(
    ("name", "entries", "kind"),
    [
        ("Ant-Man", [], RANGE),
        ("Ant-Man", ["Ant-Man (2015).mkv", "Ant-Man et la Guêpe (2018).mkv"], PREFIX),
        ("X-Men", [], PREFIX),  # a falling range is none
        ("V", ["Saison 01"], None),  # a series called V
        ("V", ["V for Vendetta (2006).mkv"], LETTER),
        ("Dexter", ["Saison 01", "Specials"], None),
        ("Inception", ["Inception (2010) 1080p.mkv"], None),  # the film's own folder
        ("Inception", ["Inception.1080p.mkv", "Inception.1080p.srt"], None),
        ("American", ["American Beauty (1999).mkv"], PREFIX),
        ("American", ["American Gods", "American Horror Story"], PREFIX),
        ("American", ["American Beauty (1999).mkv", "Brazil (1985).mkv"], None),
        ("Rocky (1976)", [], None),
        ("Science Fiction", [], None),
        ("Saison 01", [], None),
        ("S01", [], None),
    ],
)
def test_what_a_folder_is(name: str, entries: list[str], kind: str | None) -> None:
    shelf = Shelf.of(name, entries)
    assert (shelf.kind if shelf else None) == kind


def test_prefix_folders_stand_below_a_genre_only() -> None:
    assert Shelf.of("Drame", [], may_be_prefix=False) is None
    assert Shelf.of("D", [], may_be_prefix=False) is not None


def test_as_deep_as_they_go() -> None:
    tree = {
        "D": ["S-Z/", "A-R/"],
        "D/S-Z": ["Sa-Te/", "Ti-Zz/", "T/"],
        "D/S-Z/Sa-Te": ["Star/", "S/"],
        "D/S-Z/Sa-Te/Star": ["Star Trek (2009).mkv", "Star Wars (1977).mkv"],
    }
    assert place("Star Wars", tree) == "S-Z/Sa-Te/Star"
    assert place("Spartacus", tree) == "S-Z/Sa-Te/S"
    assert place("Terminator", tree) == "S-Z/Sa-Te"
    assert place("Titanic", tree) == "S-Z/Ti-Zz"
    assert place("Alien", tree) == "A-R"


@pytest.mark.parametrize(
    ("name", "bounds"),
    [
        ("A-F", ("a", "f")),
        ("Sa-Te", ("sa", "te")),
        ("L-Ma", ("l", "ma")),
        ("Ma-M", ("ma", "m")),
        ("é-ï", ("e", "i")),
        ("X-Men", None),
        ("T-S", None),
        ("Abcd-F", None),
        ("A", None),
        ("1-9", None),
        ("A-", None),
    ],
)
def test_bounds(name: str, bounds: tuple[str, str] | None) -> None:
    assert bounds_of(name) == bounds
