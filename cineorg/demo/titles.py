"""What the demo library holds: silent films whose rights have run out, and series that were invented for it. Data.

A film: genre | title | original title (empty: the same) | year. A series: folder | title | year | episodes a season.
"""

from __future__ import annotations

import unicodedata
from typing import NamedTuple


class Film(NamedTuple):
    """One film: `genre` as the catalogue has it, `title` as its link has it."""

    genre: str
    title: str
    original_title: str
    year: int


class Series(NamedTuple):
    """One series: the folder below `Séries`, and how many episodes each season has, by season number."""

    folder: str
    title: str
    year: int
    seasons: dict[int, int]


# As a Mac or a NAS spells it; the video tree has it composed.
STORED_SERIES = unicodedata.normalize("NFD", "Séries")

_FILMS = """
Comédie|Charlot machiniste|Behind the Screen|1916
Comédie|Charlot patine|The Rink|1916
Comédie|Charlot pompier|The Fireman|1916
Comédie|Charlot musicien|The Vagabond|1916
Comédie|Charlot rentre tard|One A.M.|1916
Comédie|Charlot et le comte|The Count|1916
Comédie|Charlot usurier|The Pawnshop|1916
Comédie|Charlot chef de rayon|The Floorwalker|1916
Comédie|Charlot policeman|Easy Street|1917
Comédie|Charlot fait une cure|The Cure|1917
Comédie|Charlot s'évade|The Adventurer|1917
Comédie|L'Émigrant|The Immigrant|1917
Comédie|Une vie de chien|A Dog's Life|1918
Comédie|Charlot soldat|Shoulder Arms|1918
Comédie|Une idylle aux champs|Sunnyside|1919
Comédie|Une journée de plaisir|A Day's Pleasure|1919
Comédie|Le Kid|The Kid|1921
Comédie|Charlot et le Masque de fer|The Idle Class|1921
Comédie|Jour de paye|Pay Day|1922
Comédie|Le Pèlerin|The Pilgrim|1923
Comédie|La Ruée vers l'or|The Gold Rush|1925
Comédie|Le Cirque|The Circus|1928
Comédie|La Maison démontable|One Week|1920
Comédie|Malec champion de golf|Convict 13|1920
Comédie|L'Épouvantail|The Scarecrow|1920
Comédie|Voisin, voisine|Neighbors|1920
Comédie|Malec chez les fantômes|The Haunted House|1921
Comédie|L'Insaisissable|The Goat|1921
Comédie|Frigo fregoli|The Play House|1921
Comédie|Frigo capitaine au long cours|The Boat|1921
Comédie|Malec chez les Indiens|The Paleface|1922
Comédie|Frigo déménageur|Cops|1922
Comédie|Malec forgeron|The Blacksmith|1922
Comédie|Frigo à l'Electric Hotel|The Electric House|1922
Comédie|Grandeur et décadence|Day Dreams|1922
Comédie|Les Trois Âges|Three Ages|1923
Comédie|Les Lois de l'hospitalité|Our Hospitality|1923
Comédie|Sherlock Junior|Sherlock Jr.|1924
Comédie|La Croisière du Navigator|The Navigator|1924
Comédie|Fiancées en folie|Seven Chances|1925
Comédie|Ma vache et moi|Go West|1925
Comédie|Le Dernier Round|Battling Butler|1926
Comédie|Sportif par amour|College|1927
Comédie|Cadet d'eau douce|Steamboat Bill, Jr.|1928
Comédie|Le Caméraman|The Cameraman|1928
Comédie|Marin malgré lui|A Sailor-Made Man|1921
Comédie|Le Talisman de grand-mère|Grandma's Boy|1922
Comédie|Docteur Jack|Dr. Jack|1922
Comédie|Monte là-dessus|Safety Last!|1923
Comédie|Faut pas s'en faire|Why Worry?|1923
Comédie|Ça t'la coupe|Girl Shy|1924
Comédie|Vive le sport|The Freshman|1925
Comédie|Le Petit Frère|The Kid Brother|1927
Comédie|En vitesse|Speedy|1928
Drame|Le Dernier des hommes|Der letzte Mann|1924
Drame|La Passion de Jeanne d'Arc||1928
Drame|Les Deux Orphelines|Orphans of the Storm|1921
Drame|Le Lys brisé|Broken Blossoms|1919
Drame|La Foule|The Crowd|1928
Drame|Le Vent|The Wind|1928
Drame|L'Heure suprême|7th Heaven|1927
Drame|La Grève|Statchka|1925
Drame|La Roue||1923
Drame|Les Nouveaux Messieurs||1929
Drame|La Lanterne d'argent||1921
Drame|La Lanterne d'argent II||1923
Drame|La Lanterne d'argent III||1926
Horreur|Nosferatu le vampire|Nosferatu, eine Symphonie des Grauens|1922
Horreur|Le Cabinet du docteur Caligari|Das Cabinet des Dr. Caligari|1920
Horreur|Le Fantôme de l'Opéra|The Phantom of the Opera|1925
Horreur|Le Golem|Der Golem|1915
Horreur|Le Golem|Der Golem, wie er in die Welt kam|1920
Horreur|Faust|Faust, eine deutsche Volkssage|1926
Horreur|Les Mains d'Orlac|Orlacs Hände|1924
Horreur|Le Chat et le Canari|The Cat and the Canary|1927
Horreur|Londres après minuit|London After Midnight|1927
Horreur|L'Homme qui rit|The Man Who Laughs|1928
Horreur|La Sorcellerie à travers les âges|Häxan|1922
Horreur|Le Cabinet des figures de cire|Das Wachsfigurenkabinett|1924
Horreur|L'Étudiant de Prague|Der Student von Prag|1913
Horreur|L'Étudiant de Prague|Der Student von Prag|1926
Science-Fiction|Le Voyage dans la Lune||1902
Science-Fiction|20 000 lieues sous les mers||1907
Science-Fiction|20 000 lieues sous les mers|20,000 Leagues Under the Sea|1916
Science-Fiction|Aelita||1924
Science-Fiction|Paris qui dort||1924
Aventure|Le Mécano de la General|The General|1926
Aventure|Le Voleur de Bagdad|The Thief of Bagdad|1924
Aventure|Le Signe de Zorro|The Mark of Zorro|1920
Aventure|Robin des Bois|Robin Hood|1922
Aventure|Ben-Hur||1907
Aventure|Ben-Hur|Ben-Hur: A Tale of the Christ|1925
Aventure|Le Pirate noir|The Black Pirate|1926
Aventure|Tarzan chez les singes|Tarzan of the Apes|1918
Fantastique|Les Trois Lumières|Der müde Tod|1921
Fantastique|Les Quatre Cents Farces du diable||1906
Documentaire|Nanouk l'Esquimau|Nanook of the North|1922
Documentaire|L'Homme à la caméra|Tchelovek s kinoapparatom|1929
Documentaire|Berlin, symphonie d'une grande ville|Berlin: Die Sinfonie der Großstadt|1927
Documentaire|Chang||1927
Documentaire|La Pluie|Regen|1929
"""

_SERIES = """
Séries TV|Le Comptoir des brumes|2005|4:30
Séries TV|Les Veilleurs du phare|2011|1:12 2:12
Séries TV|Les Veilleurs du phare|1974|1:4
Séries TV|Hôtel Terminus Nord|2009|1:10 2:10
Séries TV|Docteur Vasseur|1987|1:6
Animation|La Bande à Lulu|1998|0:2 1:20 2:20 3:20
Mangas|Kitsune Express|2016|1:24
"""

# What `link-movies` has to find: title and original title in the catalogue, year, and the name of the film's link.
WITHOUT_FILE = (
    ("L'Aurore", "Sunrise: A Song of Two Humans", 1927, "L'Aurore (1927) VO 1080p.mkv"),
    ("Loulou ou la Boîte de Pandore", "Die Büchse der Pandora", 1929, "Die Büchse der Pandora (1929).mkv"),
    ("Le Cuirassé « Potemkine »", "Bronenosets Potyomkin", 1925, "Le Cuirasse Potemkine (1925) VOSTFR.mkv"),
    ("Cœur fidèle", "", 1923, "Coeur fidele (1923) DVDRip.avi"),
    ("Les Rapaces", "Greed", 1924, "Les rapaces (1924) VO.mkv"),
    ("Le Tambour d'ivoire", "", 1913, ""),
)
SAME_TITLE_AND_YEAR = ("La Chute de la maison Usher", "The Fall of the House of Usher", 1928)
TWINS = ("Metropolis", 1927)
TWINS_NOT_TOLD_APART = ("La Femme sur la Lune", 1929)

FILMS = tuple(
    Film(genre, title, original, int(year))
    for genre, title, original, year in (line.split("|") for line in _FILMS.split("\n") if line)
)
SERIES = tuple(
    Series(
        folder,
        title,
        int(year),
        {int(season): int(count) for season, count in (each.split(":") for each in seasons.split())},
    )
    for folder, title, year, seasons in (line.split("|") for line in _SERIES.split("\n") if line)
)
GENRE_FOLDERS = {
    "Comédie": "Comédie",
    "Drame": "Drame",
    "Horreur": "Horreur",
    "Science-Fiction": "SF",
    "Aventure": "Action & Aventure",
    "Fantastique": "Fantastique",
    "Documentaire": "Documentaire",
}
