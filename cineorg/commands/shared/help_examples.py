"""The end of every `--help`: examples, declared once with their command; the man pages show the same."""

from __future__ import annotations

from typing import Any

import click

Examples = tuple[tuple[str, str], ...]


class Command(click.Command):
    """A command with `examples`: pairs of a command line, ready to be typed, and a sentence on what it does."""

    def __init__(self, *arguments: Any, examples: Examples = (), **attributes: Any) -> None:
        super().__init__(*arguments, **attributes)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples below the options."""
        super().format_epilog(ctx, formatter)
        write_examples(self.examples, formatter)


def write_examples(examples: Examples, formatter: click.HelpFormatter) -> None:
    """Write each command line as it is, never wrapped, so that it can be copied, and its sentence below it."""
    if not examples:
        return
    with formatter.section("Examples"):
        for line, sentence in examples:
            formatter.write(f"{' ' * formatter.current_indent}{line}\n")
            with formatter.indentation(), formatter.indentation():
                formatter.write_text(sentence)
