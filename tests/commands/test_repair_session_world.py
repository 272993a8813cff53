"""What goes on around the session of `repair-links`: other writers, a library that changes, guards, rows, flags."""

from __future__ import annotations

import json
import os
import shlex

import pytest
from helpers import Library, make_tree
from repair_terminal import BULK, PROMPT, ROCKY, SURE, TWINS, links, make_films, make_series, pins, target, terminal

from cineorg.catalogue import open_catalogue


def test_others_may_write_while_somebody_thinks(library: Library) -> None:
    make_films(library)
    with terminal(library) as at:
        at.sees(BULK)
        library.scan()
        at.types("y")
        at.sees(PROMPT)
        with open_catalogue(library.db, write=True):
            at.types("q")
            at.sees(r"another cineorg \(pid \d+\) is changing this library(?s:.*)Try again\? \[Y/n\] ")
            at.types("")
            at.sees(r"Try again\? \[Y/n\] ")
        at.types("y")
        assert at.ends() == 1
    assert target(library, SURE) == "Films/new/Sure.2001.1080p.mkv"


def test_giving_up_on_another_writer(library: Library) -> None:
    make_films(library)
    before = links(library)
    with terminal(library) as at:
        at.sees(BULK)
        with open_catalogue(library.db, write=True):
            at.types("q")
            at.sees(r"Try again\? \[Y/n\] ")
            at.types("n")
            assert at.ends() == 4
    assert links(library) == before


def test_the_library_changes_while_somebody_thinks(library: Library) -> None:
    make_films(library)
    with terminal(library, "--json") as at:
        at.sees(BULK)
        at.types("n")
        at.answers("d")
        at.sees("all the same: ")
        at.types("delete")
        at.answers("1")
        at.sees(PROMPT)
        make_tree(library.storage, {"Films/old/Rocky.III.1982.mkv": 5})  # is back
        os.unlink(library.stored("Films/new/Sure.2001.1080p.mkv"))  # is gone
        os.unlink(library.link(TWINS))
        os.symlink("elsewhere", library.link(TWINS))  # says something else
        at.types("1")
        at.sees(r"as it is\.\s|as they are\.\s")
        at.sees("{")
        code = at.ends()
        report, _ = json.JSONDecoder().raw_decode("{" + at.screen.rpartition("are.")[2].partition("{")[2])
    assert code == 1
    reasons = {os.path.basename(item["path"]): item["reason"] for item in report["unresolved"]}
    assert reasons["Rocky III (1982).mkv"] == "left as it is: its file is back"
    assert reasons["Sure (2001).mkv"].endswith("Sure.2001.1080p.mkv has gone meanwhile")
    [change] = report["changes"]
    assert (change["path"], change["status"]) == (library.link(TWINS), "skipped")
    assert target(library, ROCKY) == "Films/old/Rocky.III.1982.mkv"
    assert target(library, SURE) == "Films/old/Sure.2001.1080p.mkv"
    assert target(library, TWINS) == "elsewhere"
    assert pins(library) == {}


def test_no_more_at_once_than_the_guard_allows(library: Library) -> None:
    make_series(library)
    with terminal(library, "--max-changes", "2") as at:
        at.sees(BULK)
        at.types("n")
        at.answers("2")
        at.sees("1 other episode of this series likewise: S01E02")
        at.sees("as much as may be changed at once; to change more: .*cineorg repair-links .* --max-changes 7")
        assert at.ends() == 1
    assert len(pins(library)) == 2


def test_more_are_certain_than_the_guard_allows(library: Library) -> None:
    make_films(library).add(
        {"Films/new/Clear.2003.1080p.mkv": 50}, {"Films/Drame/Clear (2003).mkv": "@/Films/old/Clear.2003.1080p.mkv"}
    )
    with terminal(library, "--max-changes", "1") as at:
        at.sees("2 of 4 broken links are certain, more than the 1 that may be changed at once")
        at.answers("")
        assert at.ends() == 1
    assert target(library, "Films/Drame/Clear (2003).mkv") == "Films/new/Clear.2003.1080p.mkv"
    assert target(library, SURE) == "Films/old/Sure.2001.1080p.mkv"


def test_rows_follow_and_come_back(library: Library) -> None:
    make_films(library)
    library.scan()
    old = library.stored("Films/old/Twins.1988.mkv")
    library.rows("INSERT INTO movies (title, year, file_path) VALUES ('Twins', 1988, ?)", old)
    rows = library.rows("SELECT title, file_path FROM movies ORDER BY id")
    with terminal(library) as at:
        at.sees(BULK)
        at.types("n")
        at.answers("s", "s", "1")
        assert at.ends() == 1
    new = library.stored("Films/new/Twins.1988.1080p.mkv")
    assert library.rows("SELECT file_path FROM movies WHERE title = 'Twins'") == [(new,)]
    library.report("undo", "-y", code=0)
    assert library.rows("SELECT title, file_path FROM movies ORDER BY id") == rows


def test_a_row_without_a_link_follows_its_file_when_asked(library: Library) -> None:
    library.add({"Films/Alone.1999.mkv": 77, "Films/Stays.2000.mkv": 78})
    library.scan()
    library.rows("INSERT INTO movies (title, file_path) VALUES ('Alone', ?)", library.stored("Films/Alone.1999.mkv"))
    library.move("Films/Alone.1999.mkv", "Films/new/Alone.1999.mkv")
    library.scan()
    statement = "SELECT file_path FROM movies WHERE title = 'Alone'"
    for answer, name in (("n", "Films/Alone.1999.mkv"), ("y", "Films/new/Alone.1999.mkv")):
        with terminal(library) as at:
            at.sees(r"1 catalogue row follows a file that has moved\. Repair all these\? \[Y/n/look\] ")
            at.types(answer)
            assert at.ends() == 0
        assert library.rows(statement) == [(library.stored(name),)]


def test_what_cannot_be_judged_is_not_asked_about(library: Library) -> None:
    library.films(30)
    library.scan()
    os.rename(library.stored("Films"), library.stored("away"))
    with terminal(library, library.video, "--json") as at:
        at.sees("30 links cannot be judged now")
        assert at.ends() == 3
        assert "Repair all" not in at.screen


def test_links_that_are_not_asked_about_are_heard(library: Library) -> None:
    old = "@/Films/a/Some.Release.2001.1080p.x264-GRP.mkv"
    alpha, beta = "Films/Drame/Alpha Centauri (2001).mkv", "Films/Drame/Beta Pictoris (2001).mkv"
    library.add({"Films/b/Some.Release.2001.1080p.x264-GRP.mkv": 5}, {alpha: old, beta: old})
    with terminal(library, library.link(alpha)) as at:
        at.sees("1 link broken, none of them certain")
        assert "1 of 1: Alpha Centauri (2001).mkv" in at.answers("q")
        assert at.ends() == 1
    assert target(library, beta) == old.removeprefix("@/")


def test_nothing_is_broken(library: Library) -> None:
    library.films(3)
    with terminal(library) as at:
        assert at.ends() == 0
        assert "Nothing to change." in at.screen
        assert "?" not in at.screen


@pytest.mark.parametrize("flags", [["-n"], ["-y"], ["--auto"]])
def test_nobody_is_asked_who_does_not_want_it(library: Library, flags: list[str]) -> None:
    make_films(library)
    with terminal(library, *flags) as at:
        assert at.ends() == 1
        assert "Repair all" not in at.screen
        assert " > " not in at.screen
    new = "Films/old/Sure.2001.1080p.mkv" if flags == ["-n"] else "Films/new/Sure.2001.1080p.mkv"
    assert target(library, SURE) == new


def test_questions_are_no_results(library: Library) -> None:
    """With stderr elsewhere, they are asked on the terminal all the same; nobody could answer them otherwise."""
    make_films(library)
    with terminal(library, after=f"2>{shlex.quote(str(library.base / 'err'))}") as at:
        at.sees(BULK)
        at.types("y")
        at.answers("q")
        assert at.ends() == 1
    assert "Repair all" not in (library.base / "err").read_text()
