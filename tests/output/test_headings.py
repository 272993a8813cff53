"""Headings: a count and a noun, in one style whatever a label looks like."""

from __future__ import annotations

import pytest

from cineorg.output.headings import counted, title_of

LABELS = [
    ("Broken links", "1 broken link", "3 901 broken links"),
    ("Ghost entries", "1 ghost entry", "3 901 ghost entries"),
    ("Folders with too many entries", "1 folder with too many entries", "3 901 folders with too many entries"),
    ("links relinked", "1 link relinked", "3 901 links relinked"),
    ("entries to move", "1 entry to move", "3 901 entries to move"),
    ("batches", "1 batch", "3 901 batches"),
    ("Series without links", "1 series without links", "3 901 series without links"),
    ("rows that are gone", "1 row that is gone", "3 901 rows that are gone"),
    ("NFO files", "1 NFO file", "3 901 NFO files"),
    ("OpenSubtitles hashes", "1 OpenSubtitles hash", "3 901 OpenSubtitles hashes"),
    ("Accepted", "1 accepted", "3 901 accepted"),
    ("too_large", "1 too large", "3 901 too large"),
    ("\x1bs", "1 \\x1b", "3 901 \\x1bs"),
]


@pytest.mark.parametrize(("label", "one", "many"), LABELS)
def test_a_label_is_counted(label: str, one: str, many: str) -> None:
    assert (counted(1, label), counted(3901, label)) == (one, many)


TITLES = [
    ("relink", ["planned"], "links to relink"),
    ("relink", ["pending", "planned"], "links to relink"),
    ("relink", ["done"], "links relinked"),
    ("relink", ["failed", "done"], "links relinked"),
    ("known", ["done"], "things known"),
    ("broken_symlink", [], "broken symlinks"),
    ("empty_entry", [], "empty entries"),
    ("torn_box", [], "torn boxes"),
    ("was_moved", [], "was moved"),
]


@pytest.mark.parametrize(("kind", "statuses", "title"), TITLES)
def test_the_title_says_what_it_is_or_whether_it_was_done(kind: str, statuses: list[str], title: str) -> None:
    assert title_of(kind, {"known": "things known"}, [{"status": status} for status in statuses]) == title
