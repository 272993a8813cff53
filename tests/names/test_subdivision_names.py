"""Where titles belong among subdivision folders."""

from __future__ import annotations

import pytest

from cineorg.names.subdivision_names import LETTER, PREFIX, RANGE, Shelf, bounds_of, descend, title_key

# folder → the names of those in it, which are what their names say first
Tree = dict[str, list[str]]


def shelves(tree: Tree, folder: str) -> list[Shelf]:
    return [Shelf.named(name)[0] for name in tree.get(folder, [])]


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
    ],
)
def test_one_level(title: str, folders: str, expected: str) -> None:
    assert place(title, {"D": folders.split()}) == (expected or "D")


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("A-F", [RANGE, PREFIX]),
        ("Sa - Te", [RANGE]),
        ("Ant-Man", [RANGE, PREFIX]),
        ("X-Men", [PREFIX]),  # a falling range is none
        ("V", [LETTER]),
        ("É", [LETTER]),
        ("#", [LETTER]),
        ("0-9", [LETTER]),
        ("American", [PREFIX]),
        ("Rocky (1976)", []),
        ("Science Fiction", []),
        ("Saison 01", []),
        ("S01", []),
    ],
)
def test_what_a_name_may_mean(name: str, kinds: list[str]) -> None:
    assert [shelf.kind for shelf in Shelf.named(name)] == kinds


def test_as_deep_as_they_go() -> None:
    tree = {
        "D": ["S-Z", "A-R"],
        "D/S-Z": ["Sa-Te", "Ti-Zz", "T"],
        "D/S-Z/Sa-Te": ["Star", "S"],
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
