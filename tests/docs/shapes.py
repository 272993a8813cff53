"""What man/cineorg-json.5 says of each object: its fields in order, what their values are, and which may be missing."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from documents import page

PAGE = page("cineorg-json.5")
CHANGING = ("repair-links", "fix-bad-links", "fix-symlinks", "link-movies", "cleanup --fix", "apply", "undo")
REPORTS = ("integrity", "cleanup")


class Field(NamedTuple):
    """A field as the page has it: what its value may be, and whether it may be missing."""

    kinds: frozenset[str]
    is_optional: bool


class Shape(NamedTuple):
    """The fields of an object in the page's order; `where` names the part of the page."""

    where: tuple[str, ...]
    fields: dict[str, Field]


def part(section: str, subsection: str = "") -> Shape:
    """Return what one part of the page says."""
    entries = PAGE.parts[section, subsection].entries
    found = {}
    for tag in entries:
        match = re.fullmatch(r"(\w+) \(([a-z ]+?)(, not always)?\)", tag)
        assert match, tag
        found[match[1]] = Field(frozenset(match[2].split(" or ")), bool(match[3]))
    return Shape((f"{section}/{subsection}",), found)


def joined(*shapes: Shape) -> Shape:
    fields: dict[str, Field] = {}
    for shape in shapes:
        fields |= shape.fields
    return Shape(tuple(name for shape in shapes for name in shape.where), fields)


def kind_of(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, list):
        kinds = {kind_of(item) for item in value}
        assert len(kinds) <= 1, value
        return f"list of {kinds.pop()}s" if kinds else "list of"
    return "object" if isinstance(value, dict) else "text"


def has_kind(value: Any, kinds: Iterable[str]) -> bool:
    kind = kind_of(value)
    return any(each == kind or (kind == "list of" and each.startswith(kind)) for each in kinds)


class Seen:
    """Compares objects with the page and remembers which of its fields were seen."""

    def __init__(self) -> None:
        self.fields: dict[str, set[str]] = defaultdict(set)

    def object(self, value: Mapping[str, Any], shape: Shape) -> None:
        names = [name for name in value if not (name.endswith("_b64") and name[:-4] in value)]
        # What a page says first of every object comes first, but for the words that come last: compared as sets there.
        assert [name for name in shape.fields if name in names] == names, (shape.where, names)
        for name, field in shape.fields.items():
            assert name in value or field.is_optional, (shape.where, name, value)
            assert name not in value or has_kind(value[name], field.kinds), (shape.where, name, value[name])
        for where in shape.where:
            self.fields[where] |= set(names)

    def document(self, document: Mapping[str, Any], fixing: bool = False) -> None:
        command = document["command"]
        section = self.section(command, fixing)
        self.object(document, joined(part("EVERY DOCUMENT"), part(section)))
        self.object(document["library"], part("EVERY DOCUMENT", "library"))
        summary = command if section != "CHANGES" else "changes"
        self.object(document["summary"], part(section, f"summary of {summary}"))
        for row in document.get("coverage", {}).values():
            self.object(row, part("REPORTS", "coverage"))
        for name, value in document.items():
            if isinstance(value, list) and has_kind(value, ["list of objects"]) and value:
                for row in value:
                    self.row(command, section, name, row)

    def section(self, command: str, fixing: bool) -> str:
        if command in REPORTS and not fixing:
            return "REPORTS"
        return "CHANGES" if f"{command} --fix" in CHANGING or command in CHANGING else command.upper()

    def row(self, command: str, section: str, name: str, row: Mapping[str, Any]) -> None:
        if "op" in row:
            every = part("CHANGES", "every change")
            own = part("CHANGES", row["op"])
            op = Shape(every.where, {"op": every.fields["op"]})
            rest = Shape((), {key: field for key, field in every.fields.items() if key != "op"})
            score = Shape((), {"score": own.fields["score"]} if "score" in own.fields else {})
            body = Shape(own.where, {key: field for key, field in own.fields.items() if key != "score"})
            self.object(row, joined(op, body, score, rest))
        elif name == "issues":
            own = f"{row['type']} of {command}"
            own = own if ("REPORTS", own) in PAGE.parts else row["type"]
            self.object(row, joined(part("REPORTS", "every issue"), part("REPORTS", own)))
        elif name in ("unresolved", "errors"):
            self.object(row, part("CHANGES" if name == "unresolved" else "REPORTS", name))
            for candidate in row.get("candidates", ()):
                self.object(candidate, part("CHANGES", "candidates"))
        else:
            self.object(row, part(section, f"rows of {name}" if section == "EXPLAIN" else name))
