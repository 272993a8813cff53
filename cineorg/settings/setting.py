"""What is declared of one setting: all that the file, the command line, the environment and the manual make of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)

# Whose options a flag is among: every command's, those that change something, or only of commands that name it.
Reach = Literal["every", "changing", "own"]


@dataclass(frozen=True, slots=True)
class Flag:
    """The option of a setting; its name is the setting's. `help` stands for the summary where that is too long."""

    metavar: str
    reach: Reach = "own"
    help: str = ""
    completes: Literal["", "files", "folders"] = ""


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that the user may decide.

    `read` makes the value of what stands in the file, or raises TypeError with what was expected. `default` is written
    as in the file; None: no value says it, and `default_words` do. `kind` ("List of folders"), `summary` (one clause)
    and `details` (sentences) are its entry in the manual, `example` its value in the README.
    """

    read: Callable[[Any], Any]
    topic: str
    kind: str
    summary: str
    example: str
    details: str = ""
    default: Any = None
    default_words: str = ""
    environment: str = ""
    flag: Flag | None = None
    is_path: bool = False

    @property
    def is_list(self) -> bool:
        """Whether it is given as several texts: joined by colons in the environment, repeated as an option."""
        return self.kind.startswith("List")

    def from_text(self, text: str) -> Any:
        """Return the value that a word means in the environment or behind a flag; raises TypeError as `read` does."""
        if self.is_list:
            return tuple(filter(None, text.split(":")))
        try:
            return self.read(text)
        except TypeError:
            if not _NUMBER.fullmatch(text):
                raise
            return self.read(float(text) if "." in text else int(text))


def declared(read: Callable[[Any], Any], *, unset: Any = "", **words: Any) -> Any:
    """Return a dataclass field that is a setting; `unset` is its value where `default` says none."""
    setting = Setting(read=read, **words)
    value = unset if setting.default is None else read(setting.default)
    if isinstance(value, dict):
        return field(default_factory=lambda: value, metadata={"setting": setting})
    return field(default=value, metadata={"setting": setting})
