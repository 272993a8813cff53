"""Options that stand before the command's name: `cineorg --storage /mnt integrity`."""

from __future__ import annotations

from collections.abc import Sequence

import click

from .misspelling import did_you_mean
from .shared.options import options_before_command


def behind_command(words: Sequence[str]) -> list[str]:
    """Return the words with the options at their beginning behind the first that is none, the command.

    Raises UsageError for an option that not every command has, and where no command follows.
    """
    known = options_before_command()
    place = 0
    while place < len(words) and words[place].startswith("-") and words[place] != "--":
        place += _words_of(words[place], known)
    if place >= len(words) or words[place] == "--":
        raise click.UsageError(f"{words[0].partition('=')[0]}: no command follows; see `cineorg --help`")
    return [words[place], *words[:place], *words[place + 1 :]]


def _words_of(word: str, known: dict[str, click.Parameter]) -> int:
    """Return how many words an option takes, itself among them."""
    name, equals, _ = word.partition("=")
    if not name.startswith("--") and len(name) > 2:
        for letter in name[1:]:  # -qv
            _words_of(f"-{letter}", known)
        return 1
    option = known.get(name)
    if not isinstance(option, click.Option):
        meant = did_you_mean(name, known)
        raise click.UsageError(f"there is no option {name} that stands before a command{meant}")
    return 1 if equals or option.is_flag or option.count else 2
