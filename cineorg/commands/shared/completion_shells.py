"""click's completion of bash, zsh and fish, with what it lacks: `--option=value`, and commas in fish's descriptions.

bash gives the `=` as a word of its own; zsh and fish complete the whole word, so that what they are offered must begin
with `--option=` as well.
"""

from __future__ import annotations

from click.shell_completion import BashComplete, CompletionItem, FishComplete, ZshComplete, add_completion_class


class Bash(BashComplete):
    """bash, with `=` understood."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is being typed, and that one."""
        words, incomplete = super().get_completion_args()
        return [word for word in words if word != "="], incomplete


class Zsh(ZshComplete):
    """zsh, with `=` understood."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return what may stand in place of the word that is being typed."""
        return _whole_words(super().get_completions(args, incomplete), incomplete)


class Fish(FishComplete):
    """fish, with `=` understood and descriptions kept whole."""

    source_template = FishComplete.source_template.replace('string split ","', 'string split -m 1 ","')

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        """Return what may stand in place of the word that is being typed."""
        return _whole_words(super().get_completions(args, incomplete), incomplete)


def _whole_words(items: list[CompletionItem], incomplete: str) -> list[CompletionItem]:
    option, equals, _ = incomplete.partition("=")
    if not equals or not option.startswith("--"):
        return items
    return [
        CompletionItem(f"{option}={item.value}", type=item.type, help=item.help)
        for item in items
        if item.type == "plain"  # a path is completed by the shell itself, which knows no option before it
    ]


def register() -> None:
    """Let click use these in place of its own."""
    for each in (Bash, Zsh, Fish):
        add_completion_class(each)
