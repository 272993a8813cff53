"""`cineorg repair-links` at a real terminal: what is asked and answered there, and what is on the disk afterwards."""

from __future__ import annotations

import os

import pytest
from helpers import Library, snapshot
from repair_terminal import (
    BULK,
    EPISODE,
    PROMPT,
    ROCKY,
    SURE,
    TWINS,
    batches,
    links,
    make_films,
    make_series,
    pins,
    target,
    terminal,
)

EVIL = "Evil\x1b]0;owned\x07\x1b[31m (1999).mkv"


def test_pick_skip_and_the_batch_that_undo_takes_back(library: Library) -> None:
    make_films(library)
    before, stored = links(library), snapshot(library.storage)
    with terminal(library) as at:
        at.sees(BULK)
        at.types("")
        shown = at.answers("s")
        assert "2 of 3: Rocky III (1982).mkv in Films/Drame was Films/old/Rocky.III.1982.mkv why" in shown
        shown = at.answers("2")
        assert "3 of 3: Twins (1988).mkv" in shown
        assert "1. Twins.1988.1080p.mkv in Films/new 97 %: same title, 1988 2. Twins.1988.2160p.mkv" in shown
        at.sees("Confirmed: 1 certain, 1 by hand; 1 left as it is.")
        assert links(library) == before
        assert at.ends() == 1
    assert target(library, SURE) == "Films/new/Sure.2001.1080p.mkv"
    assert target(library, TWINS) == "Films/new/Twins.1988.2160p.mkv"
    assert pins(library) == {TWINS: "Films/new/Twins.1988.2160p.mkv"}
    assert len(batches(library)) == 1
    library.report("undo", "-y", code=0)
    assert links(library) == before
    assert pins(library) == {}  # else the next --auto would do again what was taken back
    assert library.report("repair-links", "-n", code=1)["summary"]["planned"] == 1
    assert snapshot(library.storage) == stored


def test_what_is_certain_one_by_one(library: Library) -> None:
    make_films(library)
    with terminal(library) as at:
        at.sees(r"1 of 3 broken links are certain\. Repair all these\? \[Y/n/look\] ")
        at.types("what")
        at.sees(BULK)
        at.types("look")
        assert "Sure (2001).mkv -> Sure.2001.1080p.mkv in Films/new 98 %: the only stored file" in at.sees(BULK)
        at.types("n")
        at.answers("s")
        shown = at.answers("")
        assert "why certain * 1. Sure.2001.1080p.mkv" in shown
        at.answers("s")
        assert at.ends() == 1
    assert target(library, SURE) == "Films/new/Sure.2001.1080p.mkv"
    assert pins(library) == {}


def test_a_confirmed_series_does_its_other_episodes(library: Library) -> None:
    make_series(library)
    before = links(library)
    with terminal(library) as at:
        at.sees(BULK)
        at.types("n")
        shown = at.answers("2")
        assert "S skip series" in shown
        assert "2. Kaamelott.S01E01.1080p.mkv in Séries/Kaamelott B" in shown
        # E03 is certain, but in the other copy; E05 is there twice.
        shown = at.answers("")
        assert "4 other episodes of this series likewise: S01E02, S01E04, S01E06, S01E07" in shown
        assert "6 of 7: Kaamelott (2005) - S01E03.mkv" in shown
        assert "7 of 7: Kaamelott (2005) - S01E05.mkv" in at.answers("s")
        at.sees("Confirmed: 2 certain, 1 by hand, 3 with their series; 1 left as it is.")
        assert at.ends() == 1
    for number in (1, 2, 4, 6, 7):
        assert target(library, EPISODE.format(number)) == f"Séries/Kaamelott B/Kaamelott.S01E{number:02}.1080p.mkv"
    assert target(library, EPISODE.format(3)) == "Séries/Kaamelott A/Kaamelott.S01E03.720p.mkv"
    assert target(library, EPISODE.format(5)) == "Séries/gone/Kaamelott.S01E05.mkv"
    assert sorted(pins(library)) == [EPISODE.format(number) for number in (1, 2, 4, 6)]
    assert len(batches(library)) == 1
    library.report("undo", "-y", code=0)
    assert links(library) == before


def test_skip_the_series(library: Library) -> None:
    make_films(make_series(library))
    before = links(library)
    with terminal(library) as at:
        at.sees(BULK)
        at.types("n")
        assert "Rocky III" in at.answers("S")
        shown = at.answers("s")
        assert "this is no episode of a series; s skips it" in shown
        assert "S skip series" not in shown
        at.answers("s", "s", "S")
        at.sees(r"Skipped: 7 links\.")
        at.sees("Confirmed: nothing; 10 left as they are.")
        assert at.ends() == 1
    assert links(library) == before
    assert batches(library) == []


def test_search_warns_of_other_numbers(library: Library) -> None:
    make_series(library).add({"Films/Kaamelott le film (2021).mkv": 7})
    with terminal(library) as at:
        at.sees(BULK)
        at.types("n")
        at.answers("/", "/no such title at all", "/kaamelott")
        assert "say what to search" in at.screen
        assert "No stored video file has these words" in at.screen
        shown = at.answers("m")
        assert "1. Kaamelott.S01E01.720p.mkv in Séries/Kaamelott A 89 %: Kaamelott, S01E01" in shown
        assert "60 %: Kaamelott, numbers differ: S01E01 / S01E02" in shown
        shown = at.answers("5")
        assert "6. Kaamelott.S01E0" in shown
        at.sees("Careful: episode S01E01 / S01E0[2-6]")
        at.sees(r"all the same\? \[y/N\] ")
        at.types("")
        at.answers("5")
        at.sees(r"\[y/N\] ")
        at.types("y")
        shown = at.answers("q")
        assert "2 of 7" in shown  # a file of other numbers says nothing about the other episodes
        assert at.ends() == 1
    name = target(library, EPISODE.format(1)) or ""
    assert os.path.exists(library.stored(name))
    assert "S01E01" not in name
    assert pins(library) == {EPISODE.format(1): name}


def test_a_file_of_another_link_needs_a_second_answer(library: Library) -> None:
    make_films(library).add(video={"Films/Drame/Other (1990).mkv": "@/Films/new/Other.1990.mkv"})
    with terminal(library) as at:
        at.sees(BULK)
        at.types("n")
        at.answers("/other 1990", "1")
        at.sees(r"Careful: (?s:.*)all the same\? \[y/N\] ")
        at.presses("d")
        at.answers("q")
        assert at.ends() == 1
    assert target(library, ROCKY) == "Films/old/Rocky.III.1982.mkv"


def test_more_candidates(library: Library) -> None:
    make_films(library)
    with terminal(library) as at:
        at.sees(BULK)
        at.types("n")
        shown = at.answers("6")
        # Those are sequels, shown on request only.
        assert "no candidates" in shown and "m more" in shown
        assert "there is no candidate 6" in at.answers("m")
        shown = at.answers("m")
        assert "5. " in shown and "title Rocky III / Rocky II" in shown
        assert "6. " not in shown
        shown = at.answers("m")
        assert "6. " in shown
        assert "m more" not in shown
        assert "there are no more candidates" in at.answers("q")
        assert at.ends() == 1


def test_where_nothing_is_broken_nothing_is_counted(library: Library) -> None:
    library.films(3).scan()
    with terminal(library) as at:
        at.sees("Nothing to change.")
        assert at.ends() == 0
        assert not any(word in at.screen for word in ("Confirmed", " left", " done"))


@pytest.mark.parametrize("is_old", [False, True])
def test_delete(library: Library, is_old: bool) -> None:
    make_films(library).add({"Films/old/Rocky.III.1982.mkv": 99})
    library.scan()
    os.unlink(library.stored("Films/old/Rocky.III.1982.mkv"))
    os.rmdir(library.stored("Films/old"))
    library.scan("--accept", library.storage)
    before = links(library)
    if is_old:
        since = "2024-01-02 03:04:05.000000"
        library.rows("UPDATE cineorg_files SET first_seen = '2000-01-01', missing_since = ?", since)
        library.rows("DELETE FROM cineorg_scans")
        for day in range(2, 12):
            time = since.replace("01-02", f"01-{day:02}")
            library.rows("INSERT INTO cineorg_scans (started_at, finished_at, complete) VALUES (?, ?, 1)", time, time)
    with terminal(library) as at:
        at.sees(BULK)
        at.types("n")
        at.answers("d")
        if is_old:
            at.sees(r"missing since the scan of 2024-01-02 03:04 \(10 scans have missed it, 9 days\)")
            at.sees(r"Delete the link\? \[y/N\] ")
            at.types("n")
            at.answers("d")
            at.sees(r"\[y/N\] ")
            at.types("y")
        else:
            at.sees(r"\d\d:\d\d \(1 scan has missed it, less than a day\)")
            at.sees("Type delete to delete the link all the same: ")
            at.types("y")
            assert "Not deleted." in at.answers("d")
            at.sees("all the same: ")
            at.types("delete")
        at.answers("q")
        at.sees("Confirmed: 1 to delete; 2 left as they are.")
        assert at.ends() == 1
    assert target(library, ROCKY) is None
    assert [path for path in before if path not in links(library)] == [library.link(ROCKY)]
    library.report("undo", "-y", code=0)
    assert links(library) == before


def test_a_link_that_no_scan_knows_is_deleted_by_the_word_only(library: Library) -> None:
    make_films(library)
    with terminal(library) as at:
        at.sees(BULK)
        at.types("n")
        at.answers("d")
        at.sees("no scan has ever seen its file(?s:.*)all the same: ")
        at.presses("d")
        at.answers("q")
        assert at.ends() == 1
    assert target(library, ROCKY) is not None


def test_take_back(library: Library) -> None:
    make_films(library)
    before = links(library)
    with terminal(library) as at:
        at.sees(BULK)
        at.types("y")
        at.answers("u")
        at.sees(r"Undone: 1 link\.")
        at.answers("u")
        assert "there is nothing to undo" in at.answers("q")
        assert at.ends() == 1
    assert links(library) == before


def test_the_end_of_input_keeps_what_was_confirmed(library: Library) -> None:
    make_films(library)
    with terminal(library) as at:
        at.sees(BULK)
        at.types("y")
        at.sees(PROMPT)
        at.presses("d")
        at.sees("Confirmed: 1 certain; 2 left as they are.")
        assert at.ends() == 1
    assert target(library, SURE) == "Films/new/Sure.2001.1080p.mkv"


def test_the_end_of_input_at_the_first_question(library: Library) -> None:
    make_films(library)
    before = links(library)
    with terminal(library) as at:
        at.sees(BULK)
        at.presses("d")
        assert at.ends() == 1
    assert links(library) == before


@pytest.mark.parametrize("answer", ["n", "", "y", "^C", "^D"])
def test_ctrl_c(library: Library, answer: str) -> None:
    make_films(library)
    before = links(library)
    with terminal(library) as at:
        at.sees(BULK)
        at.types("y")
        at.sees(PROMPT)
        at.presses("c")
        at.sees(r"Confirmed: 1 certain(?s:.*)Do what was confirmed all the same\? \[y/N\] ")
        if answer.startswith("^"):
            at.presses(answer[1].lower())
        else:
            at.types(answer)
        assert at.ends() == 130
    if answer == "y":
        assert target(library, SURE) == "Films/new/Sure.2001.1080p.mkv"
    else:
        assert links(library) == before
        assert batches(library) == []


def test_ctrl_c_before_anything_was_confirmed(library: Library) -> None:
    make_films(library)
    before = links(library)
    with terminal(library) as at:
        at.sees(BULK)
        at.presses("c")
        assert at.ends() == 130
        assert "all the same" not in at.screen
    assert links(library) == before


@pytest.mark.parametrize("answer", ["nonsense", "0", "77", "99999999999999999999", "-1", "²", "S1", "x\x1b[A", "1 2"])
def test_wrong_input_changes_nothing(library: Library, answer: str) -> None:
    make_films(library)
    before = links(library)
    with terminal(library) as at:
        at.sees(BULK)
        at.types("n")
        at.answers(answer, "?", "", "h")
        assert "Nothing is done before the end." in at.screen
        shown = at.answers("q")
        assert "A number gives the link that file." in shown
        at.sees("Confirmed: nothing; 3 left as they are.")
        assert at.ends() == 1
        assert "2 of 3" not in at.screen
    assert links(library) == before


def test_a_name_with_codes_for_the_terminal(library: Library) -> None:
    library.add(
        {f"Films/new/{EVIL}": 1, f"Films/new/1080p {EVIL}": 2, f"Films/new2/{EVIL}": 3},
        {f"Films/Drame/{EVIL}": f"@/Films/old/{EVIL}"},
    )
    with terminal(library) as at:
        shown = at.answers("/evil", "2")
        assert "2. Evil\\x1b]0;owned\\x07\\x1b[31m (1999).mkv" in shown
        code = at.ends()
        assert "\x1b" not in at.screen
        assert "\x07" not in at.screen
    assert code == 0
    assert os.path.exists(library.link(f"Films/Drame/{EVIL}"))


def test_a_name_that_is_not_utf_8(library: Library) -> None:
    name = os.fsdecode(b"Caf\xe9 (1999).mkv")
    library.add(
        {f"Films/a/{name}": 1, f"Films/b/{name}": 2},
        {f"Films/Drame/{name}": f"@/Films/old/{name}"},
    )
    with terminal(library) as at:
        assert "1 of 1: Caf\ufffd (1999).mkv" in at.answers("2")
        assert at.ends() == 0
    assert os.readlink(library.link(f"Films/Drame/{name}")) == library.stored(f"Films/b/{name}")


def test_a_narrow_terminal_shows_whole_names(library: Library) -> None:
    make_series(library)
    with terminal(library, columns=40) as at:
        at.sees(BULK)
        at.types("n")
        at.answers("q")
        assert at.ends() == 1
        lines = at.screen.split("Confirmed")[0].splitlines()
    assert "  in   Séries/…/Saison 01" in lines
    assert "1 of 7: Kaamelott (2005) - S01E01.mkv" in lines
    assert not [
        line for line in lines if len(line) > 40 and "help" not in line and ".mkv" not in line and "[Y/n" not in line
    ]
