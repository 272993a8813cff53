"""`cineorg probe` as a user meets it, on real files and with the real ffprobe."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from probe_helpers import Library, exact, unprivileged

# Name in the library → which of the made files, how much of it, and what is said of it ("": nothing).
CASES: dict[str, tuple[str, float, str]] = {
    "whole.mkv": ("whole.mkv", 1, ""),
    "whole.webm": ("whole.webm", 1, ""),
    "live.mkv": ("live.mkv", 1, ""),
    "whole.mp4": ("whole.mp4", 1, ""),
    "front.mp4": ("index in front.mp4", 1, ""),
    "fragments.mp4": ("fragments.mp4", 1, ""),
    "whole.avi": ("whole.avi", 1, ""),
    "whole.wmv": ("whole.wmv", 1, ""),
    "whole.ts": ("whole.ts", 1, ""),
    "whole.mpg": ("whole.mpg", 1, ""),
    "whole.flv": ("whole.flv", 1, ""),
    "whole.ogm": ("whole.ogm", 1, ""),
    "another ending.avi": ("whole.mkv", 1, ""),
    "SHOUTED.MKV": ("whole.mkv", 1, ""),
    "cut.mkv": ("whole.mkv", 0.7, "truncated"),
    "cut early.mkv": ("whole.mkv", 0.01, "truncated"),
    "cut late.mkv": ("whole.mkv", 0.9999, "truncated"),
    "cut.webm": ("whole.webm", 0.7, "truncated"),
    "cut early.webm": ("whole.webm", 0.01, "truncated"),  # ffprobe calls this one an "input/output error"
    "cut.mp4": ("whole.mp4", 0.7, "truncated"),
    "cut in the index.mp4": ("whole.mp4", 0.999, "truncated"),
    "cut front.mp4": ("index in front.mp4", 0.7, "truncated"),
    "cut.avi": ("whole.avi", 0.7, "truncated"),
    "cut.wmv": ("whole.wmv", 0.7, "truncated"),
    # Of these nobody but the catalogue knows how long they should be.
    "cut.ts": ("whole.ts", 0.7, ""),
    "cut.mpg": ("whole.mpg", 0.7, ""),
    "cut.flv": ("whole.flv", 0.7, ""),
    "cut.ogm": ("whole.ogm", 0.7, ""),
    "cut live.mkv": ("live.mkv", 0.7, ""),
    "empty.mkv": ("noise", 0, "empty"),
    "noise.mkv": ("noise", 1, "not_a_video"),
    "zeros.mp4": ("zeros", 1, "not_a_video"),
    "page.mkv": ("page.html", 1, "not_a_video"),
    "picture.mkv": ("picture.png", 1, "not_a_video"),
    "photo.mp4": ("picture.jpg", 1, "not_a_video"),
    "list.mkv": ("list.ffconcat", 1, "not_a_video"),
    "playlist.mkv": ("list.m3u8", 1, "not_a_video"),
    "sound.mp4": ("sound.m4a", 1, "no_video_stream"),
    "album.mkv": ("album.mp3", 1, "no_video_stream"),
    "subtitle.mkv": ("subtitle.srt", 1, "no_video_stream"),
    "notes.txt": ("noise", 1, ""),  # no video by its name: nobody asks
}
ODD_NAMES = [
    *("-x.mkv", "-show_error.mkv", "a:b.mkv", "http:x.mkv", "file:.mkv", "a\nb\t.mkv", "caf\udce9.mkv", "%d.mkv"),
    *("'\"$(x)`.mkv", "a|b*.mkv", "\\.mkv", " .mkv", "[1-2]{a,b}?.mkv", "n" * 251 + ".mkv", "\x1b[31m.mkv"),
]


def fill(library: Library, videos: Path) -> None:
    for name, (source, share, _) in CASES.items():
        library.add(name, videos / source, share)


def test_each_fault_is_found_and_nothing_else(library: Library, videos: Path) -> None:
    fill(library, videos)
    faults = {name: fault for name, (_, _, fault) in CASES.items() if fault}
    probed = library.probe()
    assert probed.faults == faults
    summary = {"total": len(faults), "unreadable_videos": len(faults), "probed": len(CASES) - 1, "known": 0}
    assert probed.json["summary"] == summary | {"not_probed": 0}
    assert (probed.code, probed.json["complete"], probed.err) == (1, True, "")
    again = library.probe()
    assert again.json["issues"] == probed.json["issues"]
    assert again.json["summary"] == summary | {"probed": 0, "known": len(CASES) - 1, "not_probed": 0}
    checked = library.check()
    assert checked.json["issues"] == probed.json["issues"]
    assert (checked.code, checked.err) == (1, "")


def test_a_finding_says_what_is_wrong(library: Library, videos: Path) -> None:
    path = library.add("cut.mkv", videos / "whole.mkv", 0.5)
    size = os.path.getsize(videos / "whole.mkv")
    (row,) = library.probe().json["issues"]
    assert row.pop("details") == f"cut off: its Matroska segment ends at byte {size}, the file at byte {size // 2}"
    seconds = row.pop("duration_seconds")
    assert 5.9 < seconds < 6.1  # what the header promises
    assert row == {
        "type": "unreadable_video",
        "path": path,
        "fault": "truncated",
        "expected_seconds": None,
        "streams": "video h264 160x120, audio aac",
    }


def test_names_with_any_bytes(library: Library, videos: Path) -> None:
    for name in ODD_NAMES:
        library.add(name, videos / "whole.mkv", 0.5)
        library.add(f"whole/{name}", videos / "whole.mkv")
    probed = library.probe()
    assert sorted(map(exact, probed.json["issues"])) == sorted(f"{library.storage}/Films/{name}" for name in ODD_NAMES)
    assert {row["fault"] for row in probed.json["issues"]} == {"truncated"}
    assert library.check().json["issues"] == probed.json["issues"]
    raw = library.run("probe", "-0").out.split(b"\0")
    assert sorted(raw) == sorted([b"", *(os.fsencode(f"{library.storage}/Films/{name}") for name in ODD_NAMES)])


def test_a_pipe_is_not_a_video_and_not_opened(library: Library, videos: Path) -> None:
    library.add("whole.mkv", videos / "whole.mkv")
    os.mkfifo(library.storage / "Films" / "pipe.mkv")
    assert library.probe().json["summary"]["probed"] == 1


def test_what_may_not_be_read_is_unreadable_and_no_bad_video(library: Library, videos: Path) -> None:
    path = library.add("closed.mkv", videos / "whole.mkv")
    library.add("cut.mkv", videos / "whole.mkv", 0.5)
    os.chmod(path, 0)
    result = library.run("probe", "--json", prefix=unprivileged())
    assert result.faults == {"closed.mkv": "unreadable", "cut.mkv": "truncated"}
    row = next(row for row in result.json["issues"] if row["type"] == "unreadable")
    assert row["reason"] == "permission denied"
    assert (result.code, result.json["complete"]) == (3, False)
    checked = library.check()
    assert checked.faults == {"cut.mkv": "truncated"}
    assert checked.err.startswith("cineorg: 1 of 2 stored videos not probed as yet; run `cineorg probe --storage ")
    assert checked.err.count("\n") == 1
    os.chmod(path, 0o644)  # neither size nor mtime changes, and yet it is asked about again
    assert library.probe().faults == {"cut.mkv": "truncated"}


def test_storage_is_only_read(library: Library, videos: Path) -> None:
    fill(library, videos)
    before = {path: os.lstat(path) for path in (library.storage / "Films").iterdir()}
    library.probe()
    library.check()
    after = {path: os.lstat(path) for path in (library.storage / "Films").iterdir()}
    facts = {path: (info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_mode) for path, info in before.items()}
    assert facts == {
        path: (info.st_size, info.st_mtime_ns, info.st_ctime_ns, info.st_mode) for path, info in after.items()
    }


def test_a_place_that_is_offline_is_not_probed(library: Library, videos: Path) -> None:
    for number in range(24):
        library.add(f"{number}.mkv", videos / "whole.mkv", 0.5)
    assert library.run("scan").code == 0
    for number in range(12):
        os.unlink(library.storage / "Films" / f"{number}.mkv")
    result = library.probe()
    assert {row["type"] for row in result.json["issues"]} == {"offline_target"}
    assert (result.code, result.json["summary"]["probed"]) == (3, 0)


def test_results_of_what_is_offline_are_kept_and_not_reported(library: Library, videos: Path) -> None:
    for number in range(24):
        library.add(f"{number}.mkv", videos / "whole.mkv", 0.5)
    assert library.run("scan").code == 0
    assert library.probe().json["summary"]["probed"] == 24
    os.rename(library.storage, library.base / "away")
    os.mkdir(library.storage)
    for command in (library.probe, library.check):
        assert {row["type"] for row in command().json["issues"]} == {"offline_target"}
    os.rmdir(library.storage)
    os.rename(library.base / "away", library.storage)
    assert library.probe().json["summary"] | {"total": 0} == {
        "total": 0, "unreadable_videos": 24, "probed": 0, "known": 24, "not_probed": 0
    }  # fmt: skip


def test_paths_choose_files_of_storage_and_links_of_video(library: Library, videos: Path) -> None:
    one, two, three = (library.add(f"{name}/cut.mkv", videos / "whole.mkv", 0.5) for name in ("one", "two", "three"))
    library.link("Drame/two.mkv", two)
    library.link("Drame/lost.mkv", "/nonexistent/a.mkv")
    link = library.link("three.mkv", os.path.relpath(three, library.video / "Films"))

    def probe(path: str) -> list[str]:
        return [row["path"] for row in library.probe(path).json["issues"]]

    assert probe(one) == [one]
    assert probe(f"{library.video}/Films/Drame") == [two]
    assert probe(link) == [three]
    assert probe(f"{library.storage}/Films") == [one, three, two]
    assert library.probe(f"{library.storage}/Films/mistyped").code == 2
    assert library.probe("/etc").code == 2


def test_only_what_is_new_or_changed_is_probed(library: Library, videos: Path) -> None:
    def summary(*arguments: str) -> tuple[int, int]:
        counts = library.probe(*arguments).json["summary"]
        return counts["probed"], counts["known"]

    path = library.add("a.mkv", videos / "whole.mkv")
    library.add("b.mkv", videos / "whole.webm")
    assert summary() == (2, 0)
    assert summary() == (0, 2)
    library.add("a.mkv", videos / "whole.mkv")  # the same bytes with another time
    assert summary() == (1, 1)
    library.add("c.mkv", videos / "whole.avi")
    assert summary() == (1, 2)
    os.makedirs(library.storage / "Films" / "moved")
    os.rename(path, library.storage / "Films" / "moved" / "a.mkv")  # its result goes with it
    assert summary() == (0, 3)
    os.unlink(library.storage / "Films" / "c.mkv")
    assert summary() == (0, 2)
    assert summary("--again") == (2, 0)


def test_a_file_that_is_replaced_is_no_finding_any_more(library: Library, videos: Path) -> None:
    library.add("a.mkv", videos / "whole.mkv", 0.5)
    library.add("b.mkv", videos / "whole.mkv")
    assert library.probe().code == 1
    library.add("a.mkv", videos / "whole.mkv")
    checked = library.check()
    assert checked.json["issues"] == []
    assert checked.err.startswith("cineorg: 1 of 2 stored videos not probed as yet; run `cineorg probe --storage ")
    assert checked.err.count("\n") == 1
    assert (library.probe().code, library.check().err) == (0, "")


def test_the_check_says_how_many_were_not_probed(library: Library, videos: Path) -> None:
    library.add("a.mkv", videos / "whole.mkv")
    library.add("notes.txt", b"x")
    checked = library.check()
    assert checked.err.startswith("cineorg: 1 of 1 stored videos not probed as yet; run `cineorg probe --storage ")
    assert checked.err.count("\n") == 1
    assert (checked.code, checked.json["summary"]) == (0, {"total": 0, "unreadable_videos": 0})
    assert library.check("-q").err == ""
    assert not (library.base / "c.probe.db").exists()


def test_integrity_runs_it_beside_the_built_in_checks(library: Library, videos: Path) -> None:
    library.link("a.mkv", library.add("a.mkv", videos / "whole.mkv", 0.5))
    library.run("scan")
    library.probe()
    document = library.run("integrity", "--json").json
    assert document["summary"]["unreadable_videos"] == 1
    assert [row["type"] for row in document["issues"] if row["type"] == "unreadable_video"] == ["unreadable_video"]


@pytest.mark.parametrize("name", ["table", "tsv", "json", "jsonl"])
def test_every_format_writes_the_report(name: str, library: Library, videos: Path) -> None:
    library.add("cut.mkv", videos / "whole.mkv", 0.5)
    result = library.run("probe", "--format", name)
    assert result.code == 1
    assert b"cut.mkv" in result.out
    assert b"Matroska segment" in result.out
    assert library.run("probe", "--format", name, "--exit-zero").code == 0


def test_exit_zero_hides_no_gap(library: Library, videos: Path) -> None:
    library.add("cut.mkv", videos / "whole.mkv", 0.5)
    assert library.probe("--exit-zero").code == 0
    shutil.rmtree(library.storage)
    assert library.probe("--exit-zero").code == 3
