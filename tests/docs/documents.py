"""The man pages and README.md as data: sections, tagged entries, and the shell examples that stand in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from helpers import REPOSITORY

MAN = REPOSITORY / "man"
_ESCAPES = {"-": "-", "e": "\\", "&": "", "%": "", " ": " ", "(aq": "'", "(ga": "`", "(dq": '"', "(ti": "~", "(ha": "^",
            "(lq": "“", "(rq": "”", "(en": "–", "(em": "—", "(bu": "•"}  # fmt: skip


@dataclass
class Example:
    """A command of a document, as it is to be typed, and the output that the text shows (None: none)."""

    command: str
    output: list[str] | None
    line: int


@dataclass
class Part:
    """A section or subsection: its blocks (`.EX`), all other text, and its tags (`.TP`) with the words below each."""

    title: str
    text: str = ""
    entries: dict[str, str] = field(default_factory=dict)
    blocks: list[tuple[int, list[str]]] = field(default_factory=list)


@dataclass
class Page:
    """A man page: parts by (section, subsection), "" for what stands before the first subsection."""

    name: str
    parts: dict[tuple[str, str], Part]

    @property
    def text(self) -> str:
        """All words of the page but its blocks."""
        return "\n".join(part.text for part in self.parts.values())

    def section(self, title: str) -> list[Part]:
        """Return the parts of a section, in order."""
        return [part for (section, _), part in self.parts.items() if section == title]

    def entries(self, title: str) -> dict[str, str]:
        """Return all tagged entries of a section."""
        return {tag: words for part in self.section(title) for tag, words in part.entries.items()}

    def examples(self) -> list[Example]:
        """Return the shell examples, in order."""
        return [example for part in self.parts.values() for block in part.blocks for example in shell_examples(*block)]

    def other_blocks(self) -> list[str]:
        """Return the blocks that are no shell: files to copy."""
        blocks = [lines for part in self.parts.values() for _, lines in part.blocks]
        return ["\n".join(lines) + "\n" for lines in blocks if not is_shell(lines)]


@cache
def page(name: str) -> Page:
    """Return the page of a file in man/, e.g. `cineorg-scan.1`."""
    return read_page(name, (MAN / name).read_text("utf-8"))


def pages() -> list[Page]:
    """Return all pages."""
    return [page(path.name) for path in sorted(MAN.iterdir()) if re.fullmatch(r"\.\d", path.suffix)]


def read_page(name: str, text: str) -> Page:
    """Read roff, as much of it as the pages use."""
    section = subsection = ""
    parts = {("", ""): Part("")}
    part = parts["", ""]
    block: list[str] | None = None
    tag, awaits_tag = "", False
    for number, line in enumerate(text.splitlines(), 1):
        if block is not None:
            if line == ".EE":
                part.blocks.append((number - len(block), block))
                block = None
            else:
                block.append(plain(line))
        elif line.startswith((".SH ", ".SS ")):
            title = plain(line[4:])
            section, subsection = (title, "") if line.startswith(".SH") else (section, title)
            tag = ""
            part = parts.setdefault((section, subsection), Part(title))
        elif line == ".EX":
            block = []
        elif line == ".TP":
            awaits_tag = True
        elif line in (".PP", ".P") or line.startswith(".IP"):
            tag = tag if line.startswith(".IP") else ""
        elif not line.startswith(('.\\"', ".TH", ".RS", ".RE", ".nf", ".fi", ".br", ".PD", ".nh", ".ad")):
            words = macro(line)
            part.text += words + "\n"
            if awaits_tag:
                tag, awaits_tag = words, False
                part.entries[tag] = ""
            elif tag:
                part.entries[tag] += words + "\n"
    return Page(name, parts)


def macro(line: str) -> str:
    """Return the words of a line, which may be a font macro."""
    match = re.fullmatch(r"\.(BR|BI|IR|RB|IB|RI|B|I|R|SM) (.*)", line)
    if not match:
        return plain(line)
    words = [quoted or bare for quoted, bare in re.findall(r'"((?:[^"]|"")*)"|((?:\\ |[^ "])+)', match[2])]
    return plain(("" if len(match[1]) == 2 else " ").join(words))


def plain(text: str) -> str:
    """Return text without roff's escapes."""
    text = re.sub(r"\\f[BIPR]", "", text)
    text = re.sub(r"\\\[u([0-9A-F]{4,6})\]", lambda match: chr(int(match[1], 16)), text)
    return re.sub(r"\\(\(..|.)", lambda match: _ESCAPES[match[1]], text)


def is_shell(lines: list[str]) -> bool:
    """Whether a block shows commands, each after a `$`."""
    return any(line.startswith("$ ") for line in lines)


def shell_examples(first_line: int, lines: list[str]) -> list[Example]:
    """Return the commands of a block: a line after `$`, its further lines after `>`, then what it prints."""
    found: list[Example] = []
    for number, line in enumerate(lines, first_line):
        if line.startswith("$ "):
            found.append(Example(line[2:].partition("  #")[0], None, number))
        elif found and line.startswith("> ") and found[-1].output is None:
            found[-1].command += "\n" + line[2:]
        elif found:
            found[-1].output = [*(found[-1].output or []), line]
    for example in found:
        while example.output and not example.output[-1]:
            example.output.pop()
    return found


@cache
def readme() -> str:
    """Return README.md."""
    return (REPOSITORY / "README.md").read_text("utf-8")


def readme_blocks(language: str) -> list[str]:
    """Return the blocks of README.md in a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", readme(), re.MULTILINE | re.DOTALL)


def readme_sections() -> dict[str, list[Example]]:
    """Return the shell examples of README.md by section: `sh` blocks line by line, `console` blocks with output."""
    sections: dict[str, list[Example]] = {}
    for heading in re.finditer(r"^(##+ .*)\n((?:(?!^##+ ).*\n?)*)", _without_code_headings(readme()), re.MULTILINE):
        title, body = heading[1].lstrip("# "), heading[2]
        first = readme().count("\n", 0, heading.start(2)) + 1
        for block in re.finditer(r"^```(sh|console)\n(.*?)^```$", body, re.MULTILINE | re.DOTALL):
            line = first + body.count("\n", 0, block.start(2))
            lines = block[2].replace("\0", "#").splitlines()
            found = shell_examples(line, lines) if block[1] == "console" else script_lines(line, lines)
            sections.setdefault(title, []).extend(found)
    return sections


def _without_code_headings(text: str) -> str:
    """Return the text with the `#` that begins a line of code made something else, of the same length."""
    return re.sub(r"^```.*?^```$", lambda match: re.sub(r"^#", "\0", match[0], flags=re.MULTILINE), text, flags=_BLOCKS)


_BLOCKS = re.MULTILINE | re.DOTALL


def script_lines(first_line: int, lines: list[str]) -> list[Example]:
    """Return the commands of a block of shell: one a line, or all of it if it is a script."""
    if lines and lines[0].startswith("#!"):
        return [Example("\n".join(lines), None, first_line)]
    found: list[Example] = []
    goes_on = False
    for number, line in enumerate(lines, first_line):
        if goes_on:
            found[-1].command += "\n" + line
        elif line.strip() and not line.startswith("#"):
            found.append(Example(line, None, number))
        goes_on = bool(found) and found[-1].command.rstrip().endswith(("\\", "|", "&&"))
    return found


def examples_of(document: str) -> list[Example]:
    """Return the examples of `README.md: SECTION` or of a page."""
    name, _, section = document.partition(": ")
    return readme_sections()[section] if section else page(name).examples()


def documents() -> list[str]:
    """Return what can be handed to `examples_of`: each with one demo library of its own."""
    return [
        *(f"README.md: {section}" for section in readme_sections()),
        *(each.name for each in pages() if each.examples()),
    ]


def path_of(document: str) -> Path:
    """Return the file of a document."""
    name = document.partition(": ")[0]
    return REPOSITORY / name if name == "README.md" else MAN / name
