"""The parts that decide, by themselves: the order of reading, the verdict, and a file that will not keep still."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cineorg_checksum import running
from cineorg_checksum.choosing import choose_files
from cineorg_checksum.judging import CHANGED, DAMAGED, RECORDED, VERIFIED, accept, judge
from cineorg_checksum.model import ROT, TRUNCATED, Known, Reading, Record, intact_bytes
from cineorg_checksum.reading import Busy, Stopped, read_file
from cineorg_checksum.running import NO_TWO_ALIKE, Runner, Task
from cineorg_checksum.store import open_store
from hypothesis import given
from hypothesis import strategies as st

from cineorg.trees.census import FileStat


def stat(size: int = 10, mtime: int = 1, inode: int | None = 1) -> FileStat:
    return FileStat(size, mtime, None if inode is None else 1, inode)


def choose(stored: dict[str, FileStat], records: dict[str, Known], **options: object) -> tuple[list[str], object]:
    choice = choose_files(stored, records, stored, read_before="2026-02", is_gone=lambda path: path != "away")
    return choice.todo, choice.moved


def test_what_was_never_read_comes_first_then_the_oldest() -> None:
    stored = {name: stat(inode=place) for place, name in enumerate("abcdef")}
    records = {
        "a": Known(stored["a"], "2026-01-02"),
        "b": Known(stored["b"], "2026-03-01"),
        "c": Known(stored["c"], "2026-01-01"),
        "d": Known(stat(inode=3, mtime=9), "2026-03-01"),
        "e": Known(stat(inode=99), "2026-03-01"),
    }
    assert choose(stored, records) == (["d", "e", "f", "c", "a"], [])


@pytest.mark.parametrize(
    ("stored", "records", "moved"),
    [
        ({"new": stat()}, {"old": stat()}, [("old", "new", True)]),
        ({"new": stat(inode=None)}, {"old": stat(inode=None)}, [("old", "new", True)]),
        ({"new": stat(inode=2)}, {"old": stat()}, [("old", "new", False)]),
        ({"new": stat()}, {"away": stat()}, []),
        ({"new": stat(), "old": stat()}, {"old": stat()}, []),
        ({"new": stat(inode=None), "two": stat(inode=None)}, {"old": stat(inode=None)}, []),
        ({"new": stat(inode=None)}, {"old": stat(inode=None), "two": stat(inode=None)}, []),
        ({"new": stat(inode=2), "two": stat(inode=1)}, {"old": stat()}, [("old", "two", True)]),
        ({"new": stat(), "link": stat()}, {"old": stat()}, []),
        ({"new": stat(size=0)}, {"old": stat(size=0)}, []),
        ({"new": stat(mtime=2)}, {"old": stat()}, []),
        ({"a": stat(mtime=2, inode=2), "b": stat()}, {"a": stat()}, [("a", "b", True)]),
        (
            {"a": stat(mtime=2, inode=2), "b": stat(mtime=1, inode=1)},
            {"a": stat(mtime=1, inode=1), "b": stat(mtime=2, inode=2)},
            [("a", "b", True), ("b", "a", True)],
        ),
    ],
)
def test_records_go_with_renamed_files(
    stored: dict[str, FileStat], records: dict[str, FileStat], moved: list[tuple[str, str, bool]]
) -> None:
    known = {path: Known(item, "2026-03-01") for path, item in records.items()}
    assert choose(stored, known)[1] == moved


def test_moves_that_cross_keep_their_records_apart(tmp_path: Path) -> None:
    def reading(digest: bytes) -> Reading:
        return Reading(stat(), digest, b"", "2026")

    with open_store(str(tmp_path / "c.db"), write=True) as store:
        store.keep([Record("a", reading(b"a"), "2026"), Record("b", reading(b"b"), "2026")])
        store.move([("a", "b", True), ("b", "a", False)])
        kept = {path: store.record(path) for path in "ab"}
    assert {path: record and (record.first.digest, record.read_at) for path, record in kept.items()} == {
        "a": (b"b", ""),
        "b": (b"a", "2026"),
    }


FIRST = Reading(stat(50_000), b"first", b"".join(bytes([n]) * 16 for n in range(4)), "2026-01-01")
RECORD = Record("p", FIRST, "2026-01-01")
MARKS = FIRST.marks


def reading(size: int, mtime: int, digest: bytes, marks: bytes = b"") -> Reading:
    return Reading(stat(size, mtime), digest, marks, "2026-05-05")


@pytest.mark.parametrize(
    ("found", "verdict", "fault"),
    [
        (reading(50_000, 1, b"first", MARKS), VERIFIED, ""),
        (reading(50_000, 2, b"first", MARKS), VERIFIED, ""),
        (reading(50_000, 1, b"other", MARKS), DAMAGED, ROT),
        (reading(50_000, 2, b"other", MARKS), CHANGED, ""),
        (reading(60_000, 2, b"other", MARKS), CHANGED, ""),
        (reading(60_000, 1, b"other", MARKS), CHANGED, ""),
        (reading(20_000, 2, b"other", MARKS[:48]), DAMAGED, TRUNCATED),
        (reading(20_000, 1, b"other", MARKS[:48]), DAMAGED, TRUNCATED),
        (reading(20_000, 2, b"other", MARKS[:32] + b"x" * 16), CHANGED, ""),
        (reading(3_000, 2, b"other"), CHANGED, ""),
        (reading(0, 2, b"other"), DAMAGED, TRUNCATED),
    ],
)
def test_the_verdict(found: Reading, verdict: str, fault: str) -> None:
    record, word = judge("p", RECORD, found)
    assert (word, record.fault, record.read_at) == (verdict, fault, "2026-05-05")
    assert (record.found == found) == bool(fault)
    assert record.first.digest == (b"other" if verdict == CHANGED else b"first")
    # The next reading of the same says the same, and what is accepted is what is expected.
    after, again = judge("p", record, found._replace(read_at="2026-06-06"))
    assert again == (DAMAGED if fault else VERIFIED)
    assert (after.found.read_at if after.found else None) == ("2026-05-05" if fault else None)
    assert judge("p", accept(after, "2026-07-07"), found)[1] == VERIFIED


def test_a_first_reading_is_recorded() -> None:
    assert judge("p", None, FIRST) == (RECORD, RECORDED)


def test_how_much_is_intact() -> None:
    record, _ = judge("p", RECORD, reading(50_000, 1, b"other", MARKS[:32] + b"x" * 32))
    assert intact_bytes(record) == 8192


@given(st.integers(4096, 40_000), st.integers(0, 40_000), st.integers(0, 4095))
def test_every_beginning_of_a_file_is_known_as_such(size: int, cut: int, wrong: int) -> None:
    cut = 4096 + cut % (size - 4095)
    content = bytes(place * place % 251 for place in range(size))
    with tempfile.NamedTemporaryFile() as file:

        def read(data: bytes, mtime: int) -> Reading:
            Path(file.name).write_bytes(data)
            os.utime(file.name, ns=(0, mtime))
            return read_file(file.name, stat(), lambda _: None, lambda: False)

        record, _ = judge("p", None, read(content, 1))
        assert judge("p", record, read(content[:cut], 2))[1] == (DAMAGED if cut < size else VERIFIED)
        other = bytearray(content[:cut])
        other[wrong] ^= 1
        assert judge("p", record, read(bytes(other), 2))[1] == CHANGED


def test_a_file_that_is_written_to_is_left(tmp_path: Path) -> None:
    path = tmp_path / "film.mkv"
    path.write_bytes(b"1" * 10_000)

    def write(count: int) -> None:
        with open(path, "ab") as file:
            file.write(b"2")

    with pytest.raises(Busy):
        read_file(str(path), stat(), write, lambda: False)
    with pytest.raises(Stopped):
        read_file(str(path), stat(), lambda _: None, lambda: True)
    (tmp_path / "link.mkv").symlink_to(path)
    with pytest.raises(OSError, match="symbolic links"):
        read_file(str(tmp_path / "link.mkv"), stat(), lambda _: None, lambda: False)


def run_with(readings: Iterator[Reading | Exception], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
             why_lost: str = "") -> tuple[running.Outcome, Record | None]:  # fmt: skip
    """Run a task of one recorded file, of which the disk gives these readings."""

    def read(*_: object) -> Reading:
        item = next(readings)
        if isinstance(item, Exception):
            raise item
        return item

    monkeypatch.setattr(running, "read_file", read)
    task = Task(["p"], {"p": FIRST.stat}, root_of=lambda _: "/mnt", why_lost=lambda _: why_lost)
    with open_store(str(tmp_path / "c.db"), write=True) as store:
        store.keep([RECORD])
        return Runner(task, store, lambda _: None).run(1, None), store.record("p")


ROTTEN = reading(50_000, 1, b"other", MARKS)


def test_damage_is_read_twice_before_it_is_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    outcome, record = run_with(iter([ROTTEN, FIRST]), tmp_path, monkeypatch)
    assert (outcome.unreadable, record) == ({"p": NO_TWO_ALIKE}, RECORD)
    outcome, record = run_with(iter([ROTTEN, ROTTEN]), tmp_path, monkeypatch)
    assert record is not None
    assert (record.fault, outcome.verdicts) == (ROT, {DAMAGED: 1})


@pytest.mark.parametrize("found", [OSError(5, "Input/output error"), ROTTEN])
def test_a_place_that_went_away_damages_nothing(
    found: Reading | OSError, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome, record = run_with(iter([found, found]), tmp_path, monkeypatch, why_lost="went away")
    assert (outcome.lost, outcome.left, outcome.unreadable, record) == ({"/mnt": "went away"}, 1, {}, RECORD)
