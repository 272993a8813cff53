"""The options that give settings, made from their declarations."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import click

from ...settings.configuration import SETTINGS
from ...settings.setting import Reach, Setting
from ...settings.sources import option_of
from .completion import complete_files, complete_folders

_COMPLETERS = {"files": complete_files, "folders": complete_folders}


def _reader(setting: Setting) -> Callable[[click.Context, click.Parameter, str | None], Any]:
    def read(context: click.Context, parameter: click.Parameter, text: str | None) -> Any:
        try:
            return None if text is None else setting.from_text(text)
        except TypeError as error:
            raise click.BadParameter(f"{text!r} is not {error}.", context, parameter) from None

    return read


def settings_with(reach: Reach) -> list[str]:
    """Return the names of the settings that have an option of this reach, as they are declared."""
    return [name for name, setting in SETTINGS.items() if setting.flag and setting.flag.reach == reach]


def setting_option(name: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return the option of a setting, as a decorator of a command."""
    setting = SETTINGS[name]
    flag = setting.flag
    if flag is None:
        raise LookupError(f"the setting {name} declares no option")
    words = flag.help or f"{setting.summary[:1].upper()}{setting.summary[1:]}."
    default = setting.default_words or setting.default
    if flag.reach != "every":
        words = f"{words.rstrip('.')} [default: {default}]."
    return click.option(
        option_of(name),
        metavar=flag.metavar,
        multiple=setting.is_list,
        callback=None if setting.is_path else _reader(setting),  # paths are read with those of the file
        shell_complete=_COMPLETERS.get(flag.completes),
        help=words,
    )


def typed_settings(names: Sequence[str], flags: Mapping[str, Any]) -> list[str]:
    """Return the words that give these settings as they were given."""
    words: list[str] = []
    for name in names:
        value = flags[name]
        for each in value if isinstance(value, tuple) else (value,):
            if each is not None:
                words += [option_of(name), f"{each:g}" if isinstance(each, float) else str(each)]
    return words
