"""Where settings come from: flag > environment > TOML file > default.

A file that cannot be read as it stands (unknown key, wrong type) is an error that names file, key and what was
expected: a typo in a guard's name must not silently leave the guard at its default.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from stat import S_ISDIR, S_ISREG
from typing import Any

from ..errors import ConfigError
from ..paths import describe_kind
from .configuration import SETTINGS, Settings
from .values import read_tables


def load_settings(flags: Mapping[str, Any], environment: Mapping[str, str]) -> Settings:
    """Return the settings that hold for one command.

    `flags` has the options that were given, by setting name (None or empty: not given); relative paths in the
    file are relative to the file, all others to the working directory. Raises ConfigError.
    """
    file = flags.get("config") or environment.get("CINEORG_CONFIG") or ""
    path = os.path.abspath(file or default_config_path())
    values = _read_file(path, must_exist=bool(file))
    origins = dict.fromkeys(SETTINGS, "default") | dict.fromkeys(values, "file")
    for name, setting in SETTINGS.items():
        text = environment.get(setting.environment, "") if setting.environment else ""
        if text.strip(":"):
            values[name], origins[name] = _from_environment(name, text), "environment"
    for name, value in flags.items():
        if value == "" or (isinstance(value, tuple) and "" in value):
            # `--storage "$NAS"` with NAS unset: another folder than the user meant would be taken for his.
            raise ConfigError(f"{option_of(name)} was given an empty value")
        if name in SETTINGS and value not in (None, ()):
            values[name], origins[name] = value, "flag"
    return Settings(**_made_absolute(values), config=path, origins=origins)


def option_of(name: str) -> str:
    """Return the option of a setting."""
    return f"--{name.replace('_', '-')}"


def _from_environment(name: str, text: str) -> Any:
    setting = SETTINGS[name]
    try:
        return setting.from_text(text)
    except TypeError as error:
        raise ConfigError(f"{setting.environment} must be {error}, not {text!r}") from None


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
        content = _read_regular(path)
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
    except RecursionError:
        raise ConfigError(f"{path} is not a config file: what is in it lies too deep in one another") from None
    return {name: _read_key(path, name, value) for name, value in data.items()}


def _read_regular(path: str) -> bytes:
    """Return what is in a file; a pipe, at which one would wait for ever, is none."""
    with open(os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK), "rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not (S_ISREG(mode) or S_ISDIR(mode) or path == os.devnull):
            raise ConfigError(f"the config file {path} is {describe_kind(mode)}; name a file with --config")
        return file.read()


def _read_key(path: str, name: str, value: Any) -> Any:
    setting = SETTINGS.get(name)
    if setting is None:
        from difflib import get_close_matches

        near = get_close_matches(name, SETTINGS, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(SETTINGS)}"
        raise ConfigError(f"{path}: unknown key {name!r}; {hint}")
    try:
        read = setting.read(value)
    except TypeError as error:
        # What stands in a plugin's table may be a password: it is not repeated.
        shown = "" if setting.read is read_tables else f", not {value!r}"
        raise ConfigError(f"{path}: the key {name!r} must be {error}{shown}") from None
    if not setting.is_path or (name == "db" and "://" in read):
        return read
    base = os.path.dirname(path)
    if isinstance(read, tuple):
        return tuple(os.path.join(base, os.path.expanduser(item)) for item in read)
    return os.path.join(base, os.path.expanduser(read))


def _made_absolute(values: Mapping[str, Any]) -> dict[str, Any]:
    absolute = dict(values)
    absolute["storage"] = tuple(dict.fromkeys(map(os.path.abspath, values.get("storage", ()))))
    absolute["plugins"] = tuple(map(os.path.abspath, values.get("plugins", ())))
    if values.get("video"):
        absolute["video"] = os.path.abspath(values["video"])
    absolute["db"] = os.path.abspath(database_path(values.get("db") or default_database_path()))
    return absolute
