"""Every setting, each declared once: parser, options, environment, manual and README follow from it.

To add one, declare it here; a command that has an option of its own for it names it in `request_options`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from . import genres
from .setting import Flag, Setting, declared
from .values import (
    MAX_JOBS,
    read_count,
    read_extensions,
    read_folders,
    read_fraction,
    read_layout,
    read_limit,
    read_name,
    read_names,
    read_patterns,
    read_percent,
    read_seconds,
    read_size,
    read_tables,
    read_text,
    read_texts,
)

_LIBRARY, _COUNTS, _GUARDS, _READING, _BELONG, _PLUGINS = TOPICS = (
    "The library",
    "What counts",
    "Guards",
    "Reading",
    "Where films and series belong",
    "Plugins",
)
VIDEO_EXTENSIONS = tuple(
    "mkv mp4 avi mov wmv flv webm m4v mpg mpeg ts m2ts vob ogm divx asf rmvb".split()
)  # domain.md, "Video files"
# What Synology, QNAP, Asustor, Netgear, TrueNAS, Windows, macOS and the desktops leave about.
_LEFT_ABOUT = [
    "@eaDir", "@tmp", "#recycle", "#snapshot", "@Recycle", "@Recently-Snapshot", ".@__thumb", "@sharesnap",
    "@sharebin", "$RECYCLE.BIN", "RECYCLER", "System Volume Information", ".Trash*", "lost+found",
    "Network Trash Folder", "Temporary Items", "Plex Versions", "~snapshot", "._*", ".~*", ".*/",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a command needs to know; paths are absolute, percentages are fractions of one.

    `config` is the file that was read, `origins` where each value comes from: "flag", "environment", "file" or
    "default".
    """

    storage: tuple[str, ...] = declared(
        read_texts,
        unset=(),
        topic=_LIBRARY,
        kind="List of folders",
        summary="roots of the stored files",
        details="They are only read.",
        default_words="none; commands that need it end with 2 without it",
        example='["/mnt/nas1", "/mnt/nas2"]',
        environment="CINEORG_STORAGE_DIR",
        flag=Flag("DIR", "every", "Root of the stored files (repeatable).", "folders"),
        is_path=True,
    )
    video: str = declared(
        read_text,
        topic=_LIBRARY,
        kind="Folder",
        summary="root of the links",
        default_words="none",
        example='"/srv/video"',
        environment="CINEORG_VIDEO_DIR",
        flag=Flag("DIR", "every", completes="folders"),
        is_path=True,
    )
    db: str = declared(
        read_text,
        topic=_LIBRARY,
        kind="File, or sqlite:///PATH as SQLAlchemy has it (three slashes: relative; four: absolute)",
        summary="the catalogue",
        details="It belongs on a local disk: over a network the locks of SQLite cannot be relied on.",
        default_words="$XDG_DATA_HOME/cineorg/cineorg.db",
        example='"/srv/cineorg.db"',
        environment="CINEORG_DATABASE_URL",
        flag=Flag("FILE", "every", "The catalogue: a path or sqlite:///PATH.", "files"),
        is_path=True,
    )
    film_folders: tuple[str, ...] = declared(
        read_folders,
        topic=_COUNTS,
        kind="List of names",
        summary="names of the folders with films",
        details="They lie below each root. Upper and lower case and the ways to write an accent make no difference,"
        " here and in the next two.",
        default=["Films", "Movies"],
        example='["Films", "Movies"]',
    )
    series_folders: tuple[str, ...] = declared(
        read_folders,
        topic=_COUNTS,
        kind="List of names",
        summary="names of the folders with series",
        default=["Séries", "Series", "TV", "TV Shows"],
        example='["Séries", "Series", "TV", "TV Shows"]',
    )
    scope: tuple[str, ...] = declared(
        read_folders,
        unset=(),
        topic=_COUNTS,
        kind="List of folders",
        summary='what counts below each root instead of the two lists above; ["."]: everything',
        details="All other folders are passed over in each tree.",
        default_words="none, which means the two lists",
        example='["Films", "Séries"]',
    )
    extensions: frozenset[str] = declared(
        read_extensions,
        topic=_COUNTS,
        kind="List of texts",
        summary="what the names of videos end in, with or without the dot",
        default=list(VIDEO_EXTENSIONS),
        example='["mkv", "mp4", "avi"]',
    )
    ignore: tuple[str, ...] = declared(
        read_patterns,
        topic=_COUNTS,
        kind="List of shell patterns",
        summary='files and folders to pass over; one that ends in "/" is for folders only',
        details="The list replaces the default. An empty list passes over nothing.",
        default=_LEFT_ABOUT,
        example='["@eaDir", "#recycle", ".*/"]',
    )
    max_drop: float = declared(
        read_fraction,
        topic=_GUARDS,
        kind='Share (0.25 or "25%")',
        summary="what a root may lose between two scans before it counts as offline",
        details="The same for a folder of 20 files or more directly below a root.",
        default="25%",
        example='"25%"',
    )
    max_changes: str = declared(
        read_limit,
        topic=_GUARDS,
        kind='Number, or share of all links ("20%")',
        summary="the largest batch of changes",
        default_words="20% of the links, or 100 if that is more",
        example='"20%"',
        flag=Flag("N|N%", "changing", "Refuse a batch larger than this."),
    )
    min_score: float = declared(
        read_percent,
        topic=_GUARDS,
        kind="Number from 0 to 100",
        summary="from which score on a repair counts as certain",
        default=90,
        example="90",
        flag=Flag("N", help="What counts as a certain repair, 0 to 100."),
    )
    jobs: int = declared(
        read_count,
        topic=_READING,
        kind=f"Number from 0 to {MAX_JOBS}",
        summary="threads that read the trees; 0: 1, and 16 on a network",
        details="A FUSE mount counts as a network.",
        default=0,
        default_words="1; 16 on a network",
        example="0",
        flag=Flag("N", help="Threads that read."),
    )
    timeout: float = declared(
        read_seconds,
        topic=_READING,
        kind="Number of seconds",
        summary="how long one call of a disk may take; 0: as long as it likes",
        details="After that the place counts as unreadable, and the command goes on.",
        default=30,
        example="30",
        environment="CINEORG_TIMEOUT",
        flag=Flag("SECONDS", "every"),
    )
    layout: str = declared(
        read_layout,
        topic=_BELONG,
        kind='"genres" or "none"',
        summary='where films and series belong; "none": cleanup checks no link\'s folder',
        details="With `genres` films lie in folders by genre and series in folders by type. With `none` no link is"
        " misplaced, whatever folder it is in; all other phases of `cleanup` work as ever.",
        default="genres",
        example='"genres"',
    )
    genre_folders: Mapping[str, str] = declared(
        read_names,
        topic=_BELONG,
        kind="Table from genres to names of folders below the films' folder",
        summary="a film's folder by its first genre in this table; replaces the built-in one",
        details="The order is that of the table. Accents and case make no difference.",
        default=genres.GENRE_FOLDERS,
        default_words="see EXAMPLES",
        example='{ Comedy = "Comédie" }',
    )
    default_genre_folder: str = declared(
        read_name,
        topic=_BELONG,
        kind="Name of a folder",
        summary="where films without a genre belong",
        default=genres.DEFAULT_GENRE_FOLDER,
        example='"Drame"',
    )
    type_folders: Mapping[str, str] = declared(
        read_names,
        topic=_BELONG,
        kind="Table from genres to names of folders below the series' folder",
        summary="a series' folder by its first genre in this table; replaces the built-in one",
        default=genres.TYPE_FOLDERS,
        default_words="Anime in Mangas, Animation in Animation",
        example='{ Anime = "Mangas" }',
    )
    default_type_folder: str = declared(
        read_name,
        topic=_BELONG,
        kind="Name of a folder",
        summary="where all other series belong",
        default=genres.DEFAULT_TYPE_FOLDER,
        example='"Séries TV"',
    )
    season_word: str = declared(
        read_name,
        topic=_BELONG,
        kind="Text",
        summary="what the names of season folders begin with that cleanup makes",
        default=genres.SEASON_WORD,
        example='"Saison"',
    )
    max_per_dir: int = declared(
        read_size,
        topic=_BELONG,
        kind="Number",
        summary="how many entries a folder may have before cleanup divides it; 0: any number",
        default=50,
        example="50",
        flag=Flag("N", help="Most entries of a folder of films or series; 0 = any number."),
    )
    plugins: tuple[str, ...] = declared(
        read_texts,
        unset=(),
        topic=_PLUGINS,
        kind="List of folders",
        summary="where files of plugins are",
        details="See `cineorg-plugins`(7).",
        default_words="none",
        example='["plugins"]',
        environment="CINEORG_PLUGINS_DIR",
        is_path=True,
    )
    plugin: Mapping[str, Mapping[str, Any]] = declared(
        read_tables,
        topic=_PLUGINS,
        kind="Tables, one a plugin",
        summary="settings of plugins, each in a table of its own: [plugin.NAME]",
        details="What is in one is for that plugin to check; its own manual says what it takes.",
        default={},
        default_words="none",
        example="{}",
    )
    config: str = ""
    origins: Mapping[str, str] = field(default_factory=dict, compare=False)

    def roots(self) -> tuple[str, ...]:
        """Return the roots that are set: storage first, then video."""
        return (*self.storage, self.video) if self.video else self.storage

    def scoped_folders(self) -> tuple[str, ...]:
        """Return the names of the folders that count below each root; `(".",)` means the whole root."""
        return self.scope or self.film_folders + self.series_folders

    def is_video(self, name: str) -> bool:
        """Return whether a file's name ends as a video's does."""
        return name.rpartition(".")[2].lower() in self.extensions


SETTINGS: dict[str, Setting] = {
    item.name: item.metadata["setting"] for item in fields(Settings) if "setting" in item.metadata
}
