"""A page of HTML that is whole by itself, for mails: no script, nothing that is loaded from elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from .columns import Column

_STYLE = (
    "body{font-family:sans-serif}table{border-collapse:collapse}"
    "td,th{border:1px solid #999;padding:2px 6px;vertical-align:top;white-space:pre-wrap;overflow-wrap:anywhere}"
    "pre{white-space:pre-wrap}"
)
# Around a cell, from tabulate; no cell of ours begins or ends with a blank.
_PADDING = re.compile(r"(?<=>) +| +(?=<)")


class HtmlPage:
    """Spells a document as one page, everything in it escaped."""

    def begin(self, title: str) -> str:
        return (
            '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
            '<meta name="color-scheme" content="light dark">\n'
            f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1>{escape(title)}</h1>"
        )

    def end(self) -> str:
        return "</body>\n</html>"

    def heading(self, text: str) -> str:
        return f"<h2>{escape(text)}</h2>"

    def paragraph(self, text: str, *, is_warning: bool = False) -> str:
        return f"<p><strong>{escape(text)}</strong></p>" if is_warning else f"<p>{escape(text)}</p>"

    def table(self, columns: Sequence[Column]) -> str:
        from tabulate import tabulate  # 20 ms; nobody who asks for JSON pays them

        drawn: str = tabulate(
            [[column.cells[number] for column in columns] for number in range(len(columns[0].cells))],
            headers=[column.head for column in columns],
            tablefmt="html",  # which escapes
            colalign=["right" if column.is_numeric else "left" for column in columns],
            disable_numparse=True,
            preserve_whitespace=True,
        )
        return _PADDING.sub("", drawn)

    def commands(self, commands: Sequence[str]) -> str:
        return "<pre>" + "\n".join(map(escape, commands)) + "</pre>"
