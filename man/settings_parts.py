"""What README.md and the manual say of the settings, from their declarations."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from roff import in_example, tagged

from cineorg.settings.configuration import SETTINGS, TOPICS
from cineorg.settings.setting import Setting
from cineorg.settings.sources import option_of

WIDEST_LINE = 72  # of a list in the manual's file of defaults
COMMENT_AT = 39


def readme_file() -> str:
    """Return a file with every setting and what it means, as a block of README.md."""
    lines = []
    for name, setting in SETTINGS.items():
        words = "; ".join(filter(None, [setting.summary, _variable(setting)]))
        line = f"{name} = {setting.example}"
        lines += [f"{line.ljust(COMMENT_AT - 1)} # {words}"]
    return "```toml\n" + "\n".join(lines) + "\n```\n"


def entries(options: Mapping[str, set[str]]) -> str:
    """Return the sections of cineorg.toml.5; `options`: the parameters of each command."""
    text = ""
    for topic in TOPICS:
        text += f".SH {topic.upper()}\n"
        for name, setting in SETTINGS.items():
            if setting.topic == topic:
                text += tagged(f".B {name}", _entry(name, setting, options))
    return text


def _entry(name: str, setting: Setting, options: Mapping[str, set[str]]) -> str:
    sentences = [f"{setting.kind}: {setting.summary}.", setting.details]
    variable = _variable(setting)
    if variable:
        sentences.append(f"In the environment: {variable}.")
    if setting.flag:
        users = [command for command, own in options.items() if name in own]
        among = {"every": "every command", "changing": "every command that changes something"}
        where = among.get(setting.flag.reach) or ", ".join(f"`{user}`" for user in users)
        sentences.append(f"As an option: `{option_of(name)}` of {where}.")
    sentences.append(f"Default: {setting.default_words or _words(setting.default)}.")
    return " ".join(filter(None, sentences))


def _variable(setting: Setting) -> str:
    joined = ', joined by ":"' if setting.is_list else ""
    return f"{setting.environment}{joined}" if setting.environment else ""


def _words(default: Any) -> str:
    return ", ".join(default) if isinstance(default, list) else str(default)


def variables() -> str:
    """Return the variables of the environment that stand for an option or a key, for cineorg.1."""
    return "".join(
        tagged(f".B {setting.environment}", f"As the key `{name}` of the configuration file: {setting.summary}.")
        for name, setting in SETTINGS.items()
        if setting.environment
    )


def default_file() -> str:
    """Return a file with every default that a value can say, as an example of the manual."""
    stated = {name: setting.default for name, setting in SETTINGS.items() if setting.default is not None}
    lines: list[str] = []
    for name, value in stated.items():
        if not isinstance(value, dict):
            lines += _assignment(name, value)
    for name, value in stated.items():
        if isinstance(value, dict):
            lines += ["", f"[{name}]", *(f"{_key(key)} = {_toml(text)}" for key, text in value.items())]
    return ".EX\n" + "".join(f"{in_example(line)}\n" for line in lines) + ".EE\n"


def _assignment(name: str, value: Any) -> list[str]:
    line = f"{name} = {_toml(value)}"
    if len(line) <= WIDEST_LINE:
        return [line]
    lines = [""]
    for item in value:
        word = f"{_toml(item)},"
        if lines[-1] and len(lines[-1]) + 1 + len(word) > WIDEST_LINE - 4:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return [f"{name} = [", *(f"    {each}" for each in lines), "]"]


def _key(text: str) -> str:
    return text if re.fullmatch(r"[A-Za-z0-9_-]+", text) else _toml(text)


def _toml(value: Any) -> str:
    """Return a value as TOML has it, which is JSON for texts, numbers and lists of them."""
    return json.dumps(value, ensure_ascii=False)
