"""The formats for people who read a report elsewhere, by name; what writes them is loaded when they are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, BinaryIO

from .report_shape import ReportShape

if TYPE_CHECKING:
    from .document_writer import DocumentWriter


class MarkdownFormat:
    """Headings and tables as GitHub draws them."""

    name = "markdown"
    help = "GitHub's Markdown: a table a kind, for issues and wikis"

    def open(self, out: BinaryIO, shape: ReportShape) -> DocumentWriter:
        """Return a writer that has written nothing yet."""
        from .document_writer import DocumentWriter
        from .markdown import Markdown

        return DocumentWriter(out, shape, Markdown())


class HtmlFormat:
    """One page with headings and tables, everything in it escaped."""

    name = "html"
    help = "one page of HTML, whole by itself, for mails"

    def open(self, out: BinaryIO, shape: ReportShape) -> DocumentWriter:
        """Return a writer that has written nothing yet."""
        from .document_writer import DocumentWriter
        from .html_page import HtmlPage

        return DocumentWriter(out, shape, HtmlPage())
