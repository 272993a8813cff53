"""What an owner calls tidy, and what of it is to be done now. Plain data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from ..names.titles import fold
from ..paths import nfc
from ..settings.configuration import Settings


@dataclass(frozen=True, slots=True)
class TidyRules:
    """The rules of one library. The keys of both tables are folded; the first that applies decides.

    `film_roots`, `series_roots`: paths below the video root, composed and in lower case. `max_per_dir` 0: no limit.
    """

    layout: str
    genre_folders: Mapping[str, str]
    default_genre_folder: str
    type_folders: Mapping[str, str]
    default_type_folder: str
    season_word: str
    film_roots: tuple[str, ...]
    series_roots: tuple[str, ...]
    max_per_dir: int

    @property
    def judges_places(self) -> bool:
        """Whether there is a layout at all."""
        return self.layout != "none"

    def film_folder(self, genres: Iterable[str] | None) -> str | None:
        """Return the name of the folder of a film with these folded genres; None if it cannot be told."""
        return _first(genres, self.genre_folders, self.default_genre_folder)

    def film_folders(self, genres: Iterable[str] | None) -> set[str]:
        """Return the folded names of all folders in which a film with these folded genres may be linked."""
        return {fold(self.genre_folders[genre]) for genre in genres or () if genre in self.genre_folders}

    def series_folders(self, genres: Iterable[str] | None) -> set[str]:
        """Return the folded names of the type folders of all types that a series with these folded genres has."""
        return {fold(self.type_folders[genre]) for genre in genres or () if genre in self.type_folders}

    def series_folder(self, genres: Iterable[str] | None) -> str | None:
        """Return the name of the folder of a series with these folded genres; None if they are not known."""
        if genres is None:
            return None
        known = set(genres)
        return next((folder for genre, folder in self.type_folders.items() if genre in known), self.default_type_folder)

    def place_names(self, is_film: bool) -> set[str]:
        """Return the folded names of all genre folders, or of all type folders."""
        if is_film:
            return {fold(name) for name in (*self.genre_folders.values(), self.default_genre_folder)}
        return {fold(name) for name in (*self.type_folders.values(), self.default_type_folder)}


@dataclass(frozen=True, slots=True)
class CleanupWishes:
    """What may be fixed: finding kinds, paths (none: everywhere), and broken links that may go, with evidence.

    `within` limits what is taken, not where it goes.
    """

    kinds: frozenset[str]
    within: Sequence[str] = ()
    delete_broken: Mapping[str, str] = field(default_factory=dict)


def _first(genres: Iterable[str] | None, table: Mapping[str, str], default: str) -> str | None:
    if genres is None:
        return None
    known = set(genres)
    if not known:
        return default
    return next((folder for genre, folder in table.items() if genre in known), None)


def rules_of(settings: Settings) -> TidyRules:
    """Return the rules that the settings give."""
    return TidyRules(
        layout=settings.layout,
        genre_folders={fold(genre): folder for genre, folder in settings.genre_folders.items()},
        default_genre_folder=settings.default_genre_folder,
        type_folders={fold(genre): folder for genre, folder in settings.type_folders.items()},
        default_type_folder=settings.default_type_folder,
        season_word=settings.season_word,
        film_roots=tuple(nfc(name).casefold() for name in settings.film_folders),
        series_roots=tuple(nfc(name).casefold() for name in settings.series_folders),
        max_per_dir=settings.max_per_dir,
    )
