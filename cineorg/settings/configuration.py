"""Settings, each declared once: flag > environment > TOML file > default.

A file that cannot be read as it stands (unknown key, wrong type) is an error that names file, key and what was
expected: a typo in a guard's name must not silently leave the guard at its default.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from ..errors import ConfigError
from . import genres
from .values import MAX_JOBS as MAX_JOBS
from .values import (
    read_count,
    read_folders,
    read_fraction,
    read_layout,
    read_limit,
    read_name,
    read_names,
    read_patterns,
    read_percent,
    read_size,
    read_tables,
    read_text,
    read_texts,
)

VIDEO_EXTENSIONS = tuple(
    "mkv mp4 avi mov wmv flv webm m4v mpg mpeg ts m2ts vob ogm divx asf rmvb".split()
)  # domain.md, "Video files"


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a command needs to know; paths are absolute, percentages are fractions of one."""

    storage: tuple[str, ...] = ()
    video: str = ""
    db: str = ""
    config: str = ""
    scope: tuple[str, ...] = ()
    film_folders: tuple[str, ...] = ("Films", "Movies")
    series_folders: tuple[str, ...] = ("Séries", "Series", "TV", "TV Shows")
    extensions: frozenset[str] = frozenset(VIDEO_EXTENSIONS)
    # What Synology, QNAP, Asustor, Netgear, TrueNAS, Windows, macOS and the desktops leave about.
    ignore: tuple[str, ...] = (
        "@eaDir", "@tmp", "#recycle", "#snapshot", "@Recycle", "@Recently-Snapshot", ".@__thumb", "@sharesnap",
        "@sharebin", "$RECYCLE.BIN", "RECYCLER", "System Volume Information", ".Trash*", "lost+found",
        "Network Trash Folder", "Temporary Items", "Plex Versions", "~snapshot", "._*", ".~*", ".*/",
    )  # fmt: skip
    jobs: int = 0
    max_drop: float = 0.25
    max_changes: str = ""
    min_score: float = 90.0
    layout: str = "genres"
    genre_folders: Mapping[str, str] = field(default_factory=lambda: genres.GENRE_FOLDERS)
    default_genre_folder: str = genres.DEFAULT_GENRE_FOLDER
    type_folders: Mapping[str, str] = field(default_factory=lambda: genres.TYPE_FOLDERS)
    default_type_folder: str = genres.DEFAULT_TYPE_FOLDER
    season_word: str = genres.SEASON_WORD
    max_per_dir: int = 50
    plugins: tuple[str, ...] = ()
    plugin: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    def roots(self) -> tuple[str, ...]:
        """Return the roots that are set: storage first, then video."""
        return (*self.storage, self.video) if self.video else self.storage

    def scoped_folders(self) -> tuple[str, ...]:
        """Return the names of the folders that count below each root; `(".",)` means the whole root."""
        return self.scope or self.film_folders + self.series_folders

    def is_video(self, name: str) -> bool:
        """Return whether a file's name ends as a video's does."""
        return name.rpartition(".")[2].lower() in self.extensions


@dataclass(frozen=True, slots=True)
class _Key:
    read: Callable[[Any], Any]
    is_path: bool = False
    environment: str = ""


_KEYS: dict[str, _Key] = {
    "storage": _Key(read_texts, is_path=True, environment="CINEORG_STORAGE_DIR"),
    "video": _Key(read_text, is_path=True, environment="CINEORG_VIDEO_DIR"),
    "db": _Key(read_text, environment="CINEORG_DATABASE_URL"),
    "scope": _Key(read_folders),
    "film_folders": _Key(read_folders),
    "series_folders": _Key(read_folders),
    "extensions": _Key(read_texts),
    "ignore": _Key(read_patterns),
    "jobs": _Key(read_count),
    "max_drop": _Key(read_fraction),
    "max_changes": _Key(read_limit),
    "min_score": _Key(read_percent),
    "layout": _Key(read_layout),
    "genre_folders": _Key(read_names),
    "default_genre_folder": _Key(read_name),
    "type_folders": _Key(read_names),
    "default_type_folder": _Key(read_name),
    "season_word": _Key(read_name),
    "max_per_dir": _Key(read_size),
    "plugins": _Key(read_texts, is_path=True, environment="CINEORG_PLUGINS_DIR"),
    "plugin": _Key(read_tables),
}


def load_settings(flags: Mapping[str, Any], environment: Mapping[str, str]) -> Settings:
    """Return the settings that hold for one command.

    `flags` has the options that were given, by setting name (None or empty: not given); relative paths in the
    file are relative to the file, all others to the working directory. Raises ConfigError.
    """
    file = flags.get("config") or environment.get("CINEORG_CONFIG") or ""
    values = _read_file(file or default_config_path(), must_exist=bool(file))
    for name, key in _KEYS.items():
        raw = environment.get(key.environment, "") if key.environment else ""
        given = tuple(filter(None, raw.split(":"))) if key.read is read_texts else raw
        if given:
            values[name] = given
    for name, value in flags.items():
        if value == "" or (isinstance(value, tuple) and "" in value):
            # `--storage "$NAS"` with NAS unset: another folder than the user meant would be taken for his.
            raise ConfigError(f"--{name.replace('_', '-')} was given an empty value")
        if value not in (None, ()):
            values[name] = value
    values["config"] = os.path.abspath(file or default_config_path())
    return Settings(**_made_absolute(values))


def plugin_directories(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the plugin folders that the environment and the config file name.

    Asked before any command is known, so a config file that is wrong counts as none: the command itself will say so.
    """
    try:
        return load_settings({}, environment).plugins
    except ConfigError:
        return ()


def default_config_path() -> str:
    """Return `$XDG_CONFIG_HOME/cineorg/config.toml`."""
    return os.path.join(_xdg_folder("XDG_CONFIG_HOME", "~/.config"), "config.toml")


def default_database_path() -> str:
    """Return the catalogue's place when nobody names one: `$XDG_DATA_HOME/cineorg/cineorg.db`."""
    return os.path.join(_xdg_folder("XDG_DATA_HOME", "~/.local/share"), "cineorg.db")


def _xdg_folder(variable: str, default: str) -> str:
    # As the XDG base directory specification has it: a value that is not absolute counts as none.
    base = os.environ.get(variable, "")
    return os.path.join(base if os.path.isabs(base) else os.path.expanduser(default), "cineorg")


def database_path(setting: str) -> str:
    """Return the file that a `--db` value names: a path, or an SQLAlchemy URL such as `sqlite:////srv/c.db`.

    As there, three slashes begin a relative path and four an absolute one. Raises ConfigError.
    """
    if "://" not in setting:
        return setting
    scheme, _, rest = setting.partition("://")
    if scheme.partition("+")[0] != "sqlite" or not rest.startswith("/") or len(rest) < 2:
        raise ConfigError(f"--db {setting}: expected a path or sqlite:///PATH")
    return rest[1:].partition("?")[0]


def _read_file(path: str, must_exist: bool) -> dict[str, Any]:
    try:
        with open(path, "rb") as file:
            content = file.read()
    except FileNotFoundError:
        if must_exist:
            raise ConfigError(f"the config file {path} does not exist") from None
        return {}
    except OSError as error:
        raise ConfigError(f"cannot read the config file {path}: {error.strerror}") from None
    import tomllib  # only those who have a file pay for it

    try:
        data = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} is not TOML: {error}") from None
    return {name: _read_key(path, name, value) for name, value in data.items()}


def _read_key(path: str, name: str, value: Any) -> Any:
    key = _KEYS.get(name)
    if key is None:
        from difflib import get_close_matches

        near = get_close_matches(name, _KEYS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(_KEYS)}"
        raise ConfigError(f"{path}: unknown key {name!r}; {hint}")
    try:
        read = key.read(value)
    except TypeError as error:
        # What stands in a plugin's table may be a password: it is not repeated.
        shown = "" if key.read is read_tables else f", not {value!r}"
        raise ConfigError(f"{path}: the key {name!r} must be {error}{shown}") from None
    base = os.path.dirname(os.path.abspath(path))
    if key.is_path or (name == "db" and "://" not in read):
        if isinstance(read, tuple):
            return tuple(os.path.join(base, os.path.expanduser(item)) for item in read)
        return os.path.join(base, os.path.expanduser(read))
    return read


def _made_absolute(values: dict[str, Any]) -> dict[str, Any]:
    values["storage"] = tuple(dict.fromkeys(map(os.path.abspath, values.get("storage", ()))))
    values["plugins"] = tuple(map(os.path.abspath, values.get("plugins", ())))
    if values.get("video"):
        values["video"] = os.path.abspath(values["video"])
    values["db"] = os.path.abspath(database_path(values.get("db") or default_database_path()))
    values["extensions"] = frozenset(item.lower().lstrip(".") for item in values.get("extensions", VIDEO_EXTENSIONS))
    known = {item.name for item in fields(Settings)}
    return {name: value for name, value in values.items() if name in known}
