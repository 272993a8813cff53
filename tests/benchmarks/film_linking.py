"""How many film links find their row of the catalogue: by exact title, folded, and by all steps of `link-movies`.

Links are spelled as people and file systems spell them; near-misses (sequels, remakes, the year beside) must find
nothing. Run by hand: `python tests/benchmarks/film_linking.py [SEED]`; the tests hold wrong = 0.
"""

from __future__ import annotations

import random
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent.parent.parent))

from cineorg.catalogue.film_and_episode_rows import FilmRow
from cineorg.names import NameReader
from cineorg.repair.film_rows import FilmLink, plan_movies

# title, original title, year; many of them twice: a remake, a sequel, a film of the same name
FILMS = [
    tuple(line.split("|"))
    for line in """
Le Fabuleux Destin d'Amélie Poulain||2001
L'Été meurtrier||1983
Les Œufs de l'autruche||1957
Sœur Sourire||2009
Astérix & Obélix : Mission Cléopâtre||2002
Astérix et Obélix contre César||1999
Bienvenue chez les Ch'tis||2008
La Cité de la peur||1994
Le Dîner de cons||1998
8 femmes||2002
2 Jours à tuer||2008
36 quai des Orfèvres||2004
Intouchables||2011
Mission : Impossible - Protocole fantôme|Mission: Impossible - Ghost Protocol|2011
Mission : Impossible||1996
Star Wars, épisode V : L'Empire contre-attaque|The Empire Strikes Back|1980
Star Wars, épisode VI : Le Retour du Jedi|Return of the Jedi|1983
Le Seigneur des anneaux : Les Deux Tours|The Lord of the Rings: The Two Towers|2002
Volte-face|Face/Off|1997
MASH|M*A*S*H|1970
Qui veut la peau de Roger Rabbit ?|Who Framed Roger Rabbit|1988
Arrête-moi si tu peux|Catch Me If You Can|2002
La Mort aux trousses|North by Northwest|1959
Les Dents de la mer|Jaws|1975
Les Dents de la mer 2|Jaws 2|1978
Rocky||1976
Rocky II||1979
Rocky III : L'Œil du tigre|Rocky III|1982
Alien : Le Huitième Passager|Alien|1979
Alien³||1992
Se7en||1995
2012||2009
1917||2019
300||2006
2001 : L'Odyssée de l'espace|2001: A Space Odyssey|1968
Blade Runner 2049||2017
(500) jours ensemble|(500) Days of Summer|2009
[REC]||2007
[REC]²||2009
Spider-Man||2002
Spider-Man : Homecoming||2017
X-Men||2000
X-Men 2|X2|2003
WALL·E||2008
Léon||1994
Amours chiennes|Amores perros|2000
Le Fugitif|The Fugitive|1993
The Artist||2011
La Belle et la Bête|Beauty and the Beast|1991
La Belle et la Bête||1946
La Belle et la Bête|Beauty and the Beast|2017
True Grit||2010
Cent dollars pour un shérif|True Grit|1969
King Kong||1933
King Kong||2005
Fanfan la Tulipe||1952
Fanfan la Tulipe||2003
Tom & Jerry||2021
Lock, Stock and Two Smoking Barrels||1998
Good Bye, Lenin !|Good Bye Lenin!|2003
Das Boot||1981
El laberinto del fauno|El laberinto del fauno|2006
¡Three Amigos!|¡Three Amigos!|1986
8½|8½|1963
Thor : Ragnarok|Thor: Ragnarok|2017
Birdman|Birdman or (The Unexpected Virtue of Ignorance)|2014
Cam||2018
Extended||2015
F/X, effet de choc|F/X|1986
Les 4 Fantastiques|Fantastic Four|2005
Kill Bill : Volume 1|Kill Bill: Vol. 1|2003
Kill Bill : Volume 2|Kill Bill: Vol. 2|2004
Harry Potter et la Coupe de feu|Harry Potter and the Goblet of Fire|2005
Le Bon, la Brute et le Truand|Il buono, il brutto, il cattivo|1966
Docteur Folamour|Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb|1964
""".strip().split("\n")
]
FORBIDDEN = ':/?*"<>|'
TAGS = ("", " 1080p", " MULTi 1080p BluRay x264", " 2160p UHD HDR x265-GRP", " FR VOSTFR DVDRip")


class Case(NamedTuple):
    """A link's name, the row that it means (None: none), and how it was spelled."""

    name: str
    row_id: int | None
    spelling: str


def _without(text: str, replacement: str) -> str:
    for char in FORBIDDEN:
        text = text.replace(" " + char, char) if replacement != char else text
        text = text.replace(char, replacement)
    return " ".join(text.split())


def _article_behind(text: str) -> str:
    first, _, rest = text.partition(" ")
    return f"{rest}, {first}" if first in ("Le", "La", "Les", "The", "Das", "El") and rest else text


def _plain(text: str) -> str:
    text = text.replace("œ", "oe").replace("Œ", "OE")
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


SPELLINGS: dict[str, Callable[[str], str]] = {
    "as it is": lambda text: text,
    "forbidden characters left out": lambda text: _without(text, ""),
    "forbidden characters as a dash": lambda text: _without(text, " -"),
    "colon as a dash between blanks": lambda text: _without(text.replace(" :", ":").replace(":", " -"), ""),
    "no accents, no ligatures": _plain,
    "decomposed": lambda text: unicodedata.normalize("NFD", text),
    "ampersand for and": lambda text: text.replace(" et ", " & ").replace(" and ", " & "),
    "et for ampersand": lambda text: text.replace(" & ", " et "),
    "article behind": _article_behind,
    "article left out": lambda text: (
        _article_behind(text).partition(", ")[0] if _article_behind(text) != text else text
    ),
    "typographic apostrophe": lambda text: text.replace("'", "’"),
    "no apostrophe": lambda text: text.replace("'", ""),
    "upper case": str.upper,
    "lower case": str.lower,
    "no punctuation": lambda text: " ".join("".join(c if c.isalnum() or c in " '" else " " for c in text).split()),
}


def make_cases(seed: int) -> tuple[list[FilmRow], list[Case]]:
    """Return the catalogue and the links: every film in every spelling, and near-misses that mean no row."""
    chance = random.Random(seed)
    rows = [
        FilmRow(number, title, original or None, int(year), None)
        for number, (title, original, year) in enumerate(FILMS, 1)
    ]
    cases = []
    for row in rows:
        for spelling, spell in SPELLINGS.items():
            for title in dict.fromkeys((row.title, row.original_title or row.title)):
                name = spell(title).replace("/", "" if "left" in spelling else "-").strip(" -")
                cases.append(Case(f"{name} ({row.year}){chance.choice(TAGS)}.mkv", row.id, spelling))
        cases.append(Case(f"{_without(row.title, '')} ({row.year + 1}).mkv", None, "the year after"))
        cases.append(Case(f"{_without(row.title, '')} 4 ({row.year}).mkv", None, "another number"))
        cases.append(Case(f"{_without(row.title, '')} - Le Retour ({row.year}).mkv", None, "another subtitle"))
    years = {(row.title, row.year) for row in rows}
    return rows, [case for case in cases if case.row_id or not _is_row(case, years)]


def _is_row(case: Case, years: set[tuple[str, int]]) -> bool:
    return any(case.name == f"{title} ({year}).mkv" for title, year in years)


def find(rows: list[FilmRow], case: Case, reader: NameReader) -> int | None:
    """Return the row that `link-movies` gives the file of one link, None if it gives it to none."""
    link = FilmLink(f"/v/Films/Drame/{case.name}", "/s/f.mkv", ("Films", "Drame"), case.name, "/s/f.mkv")
    changes = plan_movies([link], rows, (), reader.read).plan.changes
    return changes[0].id if changes else None


def main(seed: int) -> int:
    """Print the shares; return 1 if any link found a wrong row."""
    rows, cases = make_cases(seed)
    reader = NameReader()
    by_name = {(title, row.year): row.id for row in rows for title in (row.title, row.original_title) if title}
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    exact = wrong = 0
    for case in cases:
        found = find(rows, case, reader)
        if found is not None and found != case.row_id:
            wrong += 1
            print(f"WRONG {case.name}: row {found}, not {case.row_id}")
        if case.row_id is None:
            continue
        total[case.spelling] += 1
        right[case.spelling] += found == case.row_id
        head = case.name.partition(f" ({rows[case.row_id - 1].year})")[0]
        exact += by_name.get((head, rows[case.row_id - 1].year)) == case.row_id
        if found is None and "-v" in sys.argv:
            print(f"missed {case.name}")
    links = sum(total.values())
    print(f"{links} links of {len(rows)} films, {len(cases) - links} near-misses, seed {seed}")
    print(f"exact title alone: {exact} ({exact / links:.1%})")
    print(f"link-movies: {sum(right.values())} ({sum(right.values()) / links:.1%}), wrong: {wrong}")
    for spelling, number in total.items():
        print(f"  {right[spelling]:4} of {number:4}  {spelling}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(next((word for word in sys.argv[1:] if word.isdigit()), "1"))))
