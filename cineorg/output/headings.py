"""What stands above the rows of one kind: how many there are, and of what: "3 broken links", "1 link to repair"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from .cells import count, words

PENDING = ("planned", "pending")
# Of each op: what is to be done, what was done.
_TITLES = {
    "relink": ("links to relink", "links relinked"),
    "move": ("entries to move", "entries moved"),
    "remove_link": ("links to remove", "links removed"),
    "make_link": ("links to make", "links made"),
    "make_dir": ("folders to make", "folders made"),
    "remove_dir": ("folders to remove", "folders removed"),
    "set_file_path": ("rows to update", "rows updated"),
    "set_columns": ("rows to change", "rows changed"),
    "add_row": ("rows to add", "rows added"),
    "unresolved": ("unresolved cases", "unresolved cases"),
}
# The noun stands before these.
_END_OF_NOUN = re.compile(r"\b(?:with|without|of|in|to|that|which|whose|for|from|below|beside|not)\b")
_PLURALS = (
    ("series", "series"),
    ("ies", "y"),
    ("ches", "ch"),
    ("shes", "sh"),
    ("xes", "x"),
    ("sses", "ss"),
    ("ss", "ss"),
)


def names_op(kind: str) -> bool:
    """Return whether rows of a kind are changes, or what none was found for."""
    return kind in _TITLES


def title_of(kind: str, titles: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the plural that names rows of a kind: the report's own, what is to be (or was) done, or the kind."""
    if kind in titles:
        return titles[kind]
    if kind in _TITLES:
        to_do, was_done = _TITLES[kind]
        return to_do if all(row.get("status") in PENDING for row in rows) else was_done
    return _plural(words(kind))


def counted(number: int, plural: str) -> str:
    """Return a number and what is counted, which is given as a label has it: (1, "Broken links") → "1 broken link"."""
    noun = words(plural)
    if not any(map(str.isupper, noun.partition(" ")[0][1:])):  # "NFO files" keeps its capitals
        noun = noun[:1].lower() + noun[1:]
    return f"{count(number)} {singular(noun) if number == 1 else noun}"


def singular(plural: str) -> str:
    """Return an English plural and what follows it of one thing: "folders that are empty" → "folder that is empty"."""
    end = _END_OF_NOUN.search(plural)
    head, rest = (plural[: end.start()], plural[end.start() :]) if end else (plural, "")
    nouns = list(re.finditer(r"\w+s\b", head))
    if not nouns:
        return plural
    noun = nouns[-1]
    ending, one = next((pair for pair in _PLURALS if noun[0].endswith(pair[0])), ("s", ""))
    return head[: noun.end() - len(ending)] + one + head[noun.end() :] + _agreeing(rest)


def _plural(noun: str) -> str:
    """Return the plural of a kind's own name, as good as it can be known; a participle has none."""
    if noun.endswith("ed"):
        return noun
    if noun.endswith("y") and noun[-2:-1] not in tuple("aeiou"):
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def _agreeing(rest: str) -> str:
    """Return what follows a noun as it is of one thing."""
    for many, one in (("that are", "that is"), ("that have", "that has"), ("that were", "that was"), ("their", "its")):
        rest = re.sub(rf"\b{many}\b", one, rest)
    return rest
