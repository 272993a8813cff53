"""The library as it should be, with all that may look wrong and is not, and the faults that need no accident."""

from __future__ import annotations

import os
import unicodedata

from ..names.titles import sort_key
from ..paths import is_valid_text
from .building import Builder, FilmRow, dotted
from .titles import (
    FILMS,
    GENRE_FOLDERS,
    SAME_TITLE_AND_YEAR,
    SERIES,
    STORED_SERIES,
    TWINS,
    TWINS_NOT_TOLD_APART,
    WITHOUT_FILE,
    Series,
)

_CHAPTERS = "L'Arrivée|La Lettre|Le Brouillard|Une visite|La Clef|Le Retour|Le Pont|Deux verres".split("|")


def build_healthy(builder: Builder) -> None:
    """Make both trees."""
    _build_films(builder)
    _build_films_without_file(builder)
    for series in SERIES:
        _build_series(builder, series)
    _build_surroundings(builder)
    _build_odd_names(builder)


def _stored_film(index: int, title: str, year: int) -> tuple[str, ...]:
    """Return where a film lies: some under canonical names, most under release names, some in their own folder."""
    styles = (
        (f"{dotted(title)}.{year}.FRENCH.1080p.BluRay.x264-OMBRE.mkv",),
        (f"{title} ({year}) VO 720p.mkv",),
        (f"{dotted(title)}.{year}.DVDRip.XviD-LANTERNE.avi",),
        (f"{title} ({year})", f"{title} ({year}).mkv"),
    )
    return ("Films", *styles[index % len(styles)])


def _subdivision(folder: str, title: str) -> tuple[str, ...]:
    first = sort_key(title)[0]
    if folder == "Horreur":
        return (first.upper(),)
    if folder in ("Drame", "SF"):
        return ("#",) if not first.isalpha() else ("A-L",) if first <= "l" else ("M-Z",)
    return ()


def _build_films(builder: Builder) -> None:
    unregistered = {"La Roue", "La Grève", "Chang"}  # `scan` is to add these
    misplaced = {
        "Les Mains d'Orlac": ("Comédie",),
        "L'Homme qui rit": ("Horreur", "L"),
        "La Foule": ("Drame",),
        "L'Heure suprême": ("Drame",),
    }
    for index, film in enumerate(FILMS):
        key = f"{film.title} ({film.year})"
        stored = builder.store(*_stored_film(index, film.title, film.year), title=key)
        folder = GENRE_FOLDERS[film.genre]
        home = ("Films", folder, *_subdivision(folder, film.title))
        place = ("Films", *misplaced[film.title]) if film.title in misplaced else home
        name = f"{key}{stored[-4:]}" if index % 5 else f"{key} VO 1080p{stored[-4:]}"
        link = builder.link(stored, *place, name, title=key, relative=folder == "Horreur")
        if film.title not in unregistered:
            builder.rows.append(FilmRow(film.title, film.original_title or None, film.year, film.genre, stored))
        if place != home:
            kind = "beside_subdivision" if len(place) < len(home) and place[1] == home[1] else "misplaced_symlink"
            builder.fault(kind, link, f"belongs in {'/'.join(home)}")
    comedy = os.path.join(builder.video, "Films", "Comédie")
    builder.fault("oversized_dir", comedy, f"{len(os.listdir(comedy))} entries in one folder")


def _build_films_without_file(builder: Builder) -> None:
    """Make the films whose rows name no file, and the quality twins."""
    for title, original, year, name in WITHOUT_FILE:
        builder.rows.append(FilmRow(title, original or None, year, "Drame", None))
        if name:
            stored = builder.store("Films", f"{dotted(name[:-4])}.x264-OMBRE{name[-4:]}", title=title)
            link = builder.link(stored, "Films", "Drame", *_subdivision("Drame", name), name, title=title)
            builder.fault("film_without_file", link, f"the row of {title} ({year}) names no file")
    title, original, year = SAME_TITLE_AND_YEAR
    stored = builder.store("Films", f"{dotted(title)}.{year}.1080p.BluRay.x264-OMBRE.mkv")
    link = builder.link(stored, "Films", "Horreur", "C", f"{title} ({year}).mkv")
    builder.rows += [FilmRow(title, other, year, "Horreur", None) for other in (original, None)]
    builder.fault("film_without_file", link, "two rows have this title and year: nobody can tell which")
    for (title, year), tags in ((TWINS, ("1080p", "2160p")), (TWINS_NOT_TOLD_APART, ("",))):
        for tag in tags:
            key = f"{title} ({year}) {tag}".strip()
            stored = builder.store("Films", f"{dotted(key)}.BluRay.x264-OMBRE.mkv", title=key)
            place = ("Films", "SF", *_subdivision("SF", title))
            builder.link(stored, *place, f"{key}.mkv", title=key)
        builder.rows.append(FilmRow(title, None, year, "Science-Fiction", stored))


def _stored_episode(series: Series, season: int, episode: int) -> tuple[str, ...]:
    """Return where an episode lies; each series has the habits of another release group."""
    name, code = dotted(series.title), f"S{season:02}E{episode:02}"
    if series.title == "Le Comptoir des brumes":
        number = f"{episode:02}" if episode < 10 else f"{episode:03}"
        return (series.title, f"Saison {season}", f"{name.lower()}.s{season:02}e{number}.avi")
    if series.title == "Hôtel Terminus Nord":
        return (f"{name}.S{season:02}.COMPLETE.1080p-LANTERNE", f"ht-{'ab'[season - 1]}{episode:02}.mkv")
    if series.title == "Docteur Vasseur":
        first = episode - 1 + episode % 2
        return ("Docteur Vasseur (1987)", f"Docteur Vasseur (1987) - S01E{first:02}E{first + 1:02}.mkv")
    if series.title == "Kitsune Express":
        last = "23-24" if episode >= 23 else f"{episode:02}"
        return ("[Ombre] Kitsune Express", f"[Ombre] Kitsune Express - S01E{last} (1080p).mkv")
    if series.title == "La Bande à Lulu":
        return (series.title, f"Saison {season:02}", f"La.Bande.a.Lulu.{season}x{episode:02}.FRENCH.DVDRip.mkv")
    if series.year == 1974:
        name += ".1974"
    return (f"{name}.S{season:02}.FRENCH.1080p.WEB-OMBRE", f"{name}.{code}.FRENCH.1080p.WEB.x264-OMBRE.mkv")


def _build_series(builder: Builder, series: Series) -> None:
    title = f"{series.title} ({series.year})"
    for season, count in series.seasons.items():
        for episode in range(1, count + 1):
            place = _stored_episode(series, season, episode)
            path = os.path.join(builder.storage, STORED_SERIES, *place)
            shared = os.path.lexists(path)
            stored = path if shared else builder.store(STORED_SERIES, *place)
            number = f"{episode:03}" if series.title == "Le Comptoir des brumes" and episode > 9 else f"{episode:02}"
            key = f"{title} S{season:02}E{episode:02}"
            name = f"{title} - S{season:02}E{number} - {_CHAPTERS[episode % len(_CHAPTERS)]}{stored[-4:]}"
            folder = f"Saison {season:02}" if season else "Spéciaux"
            relative = series.folder == "Mangas"
            parts = ("Séries", series.folder, title, folder, name)
            link = builder.link(stored, *parts, title=key, relative=relative)
            builder.stored[key] = stored
            if shared:
                builder.normal(link, "shares the file of two episodes with the episode before it")


def _build_surroundings(builder: Builder) -> None:
    """Make what lies about in every real library, faults of folders and names among it."""
    nosferatu, faust = "Nosferatu le vampire (1922)", "Faust (1926)"
    second = builder.link(builder.stored[nosferatu], "Films", "Fantastique", f"{nosferatu}.mkv")
    builder.normal(second, "a film may be linked from two genre folders")
    double = builder.link(builder.stored[nosferatu], "Films", "Horreur", "N", f"{nosferatu} VO 1080p BluRay.mkv")
    builder.fault("duplicate_symlink", double, "a second link in this folder to the same file")
    chained = builder.link(builder.links[faust], "Films", "Fantastique", os.path.basename(builder.links[faust]))
    builder.fault("link_to_link", chained, "points at another link instead of the file")
    for name, other in (("Le Serpent (1914).mkv", "La Couleuvre (1914).mkv"), ("La Couleuvre (1914).mkv", "")):
        target = os.path.join(builder.video, "Films", "Drame", "A-L", other or "Le Serpent (1914).mkv")
        builder.fault("broken_symlink", builder.link(target, "Films", "Drame", "A-L", name), "leads round in a loop")
    for name in ("Repas de bébé.mp4", "Sortie d'usine.mp4"):
        builder.store("Films", "Vues Lumière", "Extras", name)
    folder = os.path.join(builder.storage, "Films", "Vues Lumière")
    builder.normal(builder.link(folder, "Films", "Documentaire", "Vues Lumière"), "a link may point at a folder")
    for place in (("Films", "Western"), ("Séries", "Séries TV", "Sans suite (1955)", "Saison 01")):
        path = os.path.join(builder.video, *place)
        os.makedirs(path)
        builder.fault("empty_dir", path, "nothing is in it")
    for place in (
        ("Films", "Bonus", "Sample", "metropolis-sample.mkv"),
        ("Films", "Nosferatu-trailer.mkv"),
        ("Films", "@eaDir", "Faust.mkv", "SYNOVIDEO_THUMB.mkv"),
        ("Films", "._Faust.mkv"),
        ("Photos", "plage.mp4"),
    ):
        builder.normal(builder.store(*place), "samples, leavings of a NAS and folders out of scope do not count")
    stem = builder.stored["Le Fantôme de l'Opéra (1925)"].rpartition(".")[0]
    builder.normal(builder.store("Films", f"{os.path.basename(stem)}.fr.forced.srt"), "a subtitle beside its video")
    subtitle = builder.store("Films", "Une.Ombre.Disparue.1919.en.srt")
    builder.fault("orphan_subtitle", subtitle, "no video beside it has this name")
    lost = os.path.join(builder.storage, "Concerts", "Disparu.mkv")
    builder.normal(builder.link(lost, "Concerts", "Disparu.mkv"), "broken, but out of scope")


def _build_odd_names(builder: Builder) -> None:
    names = ["L'Étrange\nbobine (1924).mkv", 'Le "Cabaret"\tdu \\ néant (1912).mkv', "Caf\udce9 chantant (1926).mkv"]
    names.append(unicodedata.normalize("NFD", "La Forêt enchantée (1908).mkv"))
    for name in names:
        try:
            stored = builder.store("Films", "Noms difficiles", name)
        except OSError:  # some filesystems refuse what is not UTF-8: the demo does without that name there
            continue
        key = unicodedata.normalize("NFC", name)
        builder.stored[key] = stored
        if not is_valid_text(name):  # `scan` leaves out what is no text: this row was written by hand
            builder.rows.append(FilmRow("Café chantant", None, 1926, "Fantastique", stored))
        builder.normal(builder.link(stored, "Films", "Fantastique", key, title=key), "any name that a disk can hold")
