"""When ffprobe lacks, hangs, crashes or talks nonsense: nothing is said about a video that nobody could look at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from cineorg_probe import probing
from cineorg_probe.ffprobe import Answer, Ffprobe
from cineorg_probe.model import NOT_A_VIDEO, TRUNCATED, UNKNOWN
from probe_helpers import GOOD, NOISE, FakeFfprobe, Library

from cineorg.trees.census import FileStat

# A script in ffprobe's place, and what is then said of the file.
SCRIPTS: dict[str, tuple[str, str]] = {
    "hangs": ("exec sleep 60", "ffprobe gave no answer within 0.5 s"),
    "hangs and cannot be asked to end": ("trap '' TERM INT HUP; exec sleep 60", "ffprobe gave no answer within 0.5 s"),
    "crashes": ("kill -SEGV $$", "ffprobe crashed (SIGSEGV)"),
    "crashes after its answer has begun": ("echo '{\"format\": {'; kill -ABRT $$", "ffprobe crashed (SIGABRT)"),
    "crashes after its answer": (f"{GOOD}; kill -ABRT $$", "ffprobe crashed (SIGABRT)"),
    "fails": ("exit 3", "ffprobe ended with 3 and no answer"),
    "says nothing": ("exit 0", "ffprobe ended with 0 and no answer"),
    "talks nonsense": ("echo '[1, 2'", "ffprobe ended with 0 and no answer"),
    "talks other JSON": ("echo '[1, 2]'", "ffprobe ended with 0 and no answer"),
    "has no memory": (
        """echo '{"error": {"code": -12, "string": "x"}}'; exit 1""",
        "ffprobe could not read it: cannot allocate memory",
    ),
    "meets an input/output error": (
        """echo '{"error": {"code": -5, "string": "x"}}'; exit 1""",
        "ffprobe could not read it: input/output error",
    ),
    "meets a stale handle": (
        """echo '{"error": {"code": -116, "string": "x"}}'; exit 1""",
        "ffprobe could not read it: stale file handle",
    ),
    "lacks a part of itself": (
        """echo '{"error": {"code": -1279870712, "string": "Decoder not found"}}'; exit 1""",
        "ffprobe could not read it: decoder not found",
    ),
    "the file is written to meanwhile": (f'echo more >>"$file"; {GOOD}', "it was written to while it was being probed"),
}


def probe_with(library: Library, fake: FakeFfprobe, *arguments: str) -> list[dict[str, str]]:
    result = library.probe(*arguments, PATH=fake.path)
    rows: list[dict[str, str]] = result.json["issues"]
    assert result.code == (3 if rows else 0)
    return rows


@pytest.mark.parametrize("name", SCRIPTS)
def test_silence_is_unknown_and_asked_again(name: str, library: Library) -> None:
    script, reason = SCRIPTS[name]
    path = library.add("a.mkv", NOISE)
    fake = FakeFfprobe(library.base / "bin", script)
    timeout = ("--file-timeout", "0.5" if "sleep" in script else "60")
    (row,) = probe_with(library, fake, *timeout)
    assert (row["type"], row["path"], row["reason"]) == ("unreadable", path, reason)
    assert library.check().json["issues"] == []
    assert "1 of 1 stored videos not probed" in library.check().err
    assert len(fake.asked) == 1
    probe_with(library, fake, *timeout)
    assert fake.asked == [path, path]


@pytest.mark.parametrize(
    "content", [b"#EXTM3U\n#EXTINF:10,\nfile:///dev/zero\n", b"ffconcat version 1.0\nfile b.mkv\n"]
)
def test_what_only_names_other_files_is_told_without_opening_them(content: bytes, library: Library) -> None:
    library.add("a.mkv", content)
    fake = FakeFfprobe(library.base / "bin", GOOD)
    (row,) = library.probe(PATH=fake.path).json["issues"]
    assert (row["fault"], row["details"]) == ("not_a_video", "it is a list of other files, not a video")
    assert fake.asked == []


def test_a_slow_one_is_ended(library: Library) -> None:
    library.add("a.mkv", NOISE)
    fake = FakeFfprobe(library.base / "bin", f'echo $$ >"{library.base}/pid"; exec sleep 60')
    probe_with(library, fake, "--file-timeout", "0.5")
    with pytest.raises(ProcessLookupError):
        os.kill(int((library.base / "pid").read_text()), 0)


def test_a_file_that_goes_away_meanwhile(library: Library) -> None:
    library.add("a.mkv", NOISE)
    library.add("b.mkv", NOISE)
    fake = FakeFfprobe(library.base / "bin", f'rm "{library.storage}"/Films/a.mkv; {GOOD}')
    rows = probe_with(library, fake, "--jobs", "1")
    assert [(os.path.basename(row["path"]), row["reason"]) for row in rows] == [
        ("a.mkv", "it went away before it was probed")
    ]
    assert [os.path.basename(path) for path in fake.asked] == ["b.mkv"]  # the newer one came first


def test_without_ffprobe_one_line_says_what_to_do(library: Library) -> None:
    library.add("a.mkv", NOISE)
    result = library.run("probe", PATH="/nonexistent")
    assert result.err == (
        "cineorg: there is no program ffprobe: install ffmpeg, which brings ffprobe (Debian: apt install ffmpeg),"
        " or say where it is with `ffprobe` in [plugin.probe] of the config file\n"
    )
    assert (result.code, result.out) == (2, b"")
    assert library.check().code == 0  # the check asks no program


def test_without_ffprobe_what_is_known_is_reported(library: Library) -> None:
    library.add("a.mkv", NOISE)
    fake = FakeFfprobe(library.base / "bin", """echo '{"error": {"code": -1094995529, "string": "Bad"}}'; exit 1""")
    assert library.probe(PATH=fake.path).faults == {"a.mkv": "not_a_video"}
    assert library.probe(PATH="/nonexistent").faults == {"a.mkv": "not_a_video"}


@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 127", "does not work: asked for its version, it ended with 127 and no answer"),
        ("echo something else", "does not work: asked for its version, it ended with 0 and no answer"),
        ("kill -ILL $$", "does not work: asked for its version, it crashed (SIGILL)"),
    ],
)
def test_a_program_that_does_not_run(script: str, words: str, library: Library) -> None:
    library.add("a.mkv", NOISE)
    program = library.base / "my ffprobe"
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(0o755)
    library.config.write_text('[plugin.probe]\nffprobe = "./my ffprobe"\n')  # relative to the file
    result = library.run("probe")
    assert (result.code, result.out) == (2, b"")
    assert f"my ffprobe {words}" in result.err
    assert result.err.count("\n") == 1


def test_what_a_file_says_of_itself_may_be_anything(library: Library) -> None:
    library.add("a.mkv", NOISE)
    sound = r'{"codec_type": "audio", "tags": {"language": "\ud800\u0000\u001b[31m<b>' + "x" * 5000 + '"}}'
    streams = ", ".join([sound] * 1000)
    about = '{"format_name": "x", "duration": "N/A"}'
    (library.base / "answer").write_text(f'{{"streams": [{streams}], "format": {about}}}')
    fake = FakeFfprobe(library.base / "bin", f'cat "{library.base}/answer"')
    (row,) = library.probe(PATH=fake.path).json["issues"]
    assert (row["fault"], row["duration_seconds"]) == ("no_video_stream", None)
    assert row["details"].startswith("no video stream: it holds audio ?\0\x1b[31m<b>xx")
    assert row["details"].endswith("xx, 960 more")
    assert len(row["details"]) < 1500
    assert b"\x1b" not in library.run("probe", "--format", "table").out


class Fixed(Ffprobe):
    """Answers the same about every file, without a process."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("", 1)
        self.answer = answer

    def ask(self, path: str) -> Answer:
        return self.answer


MP4_CUT = b"\0\0\0\x10ftyp" + bytes(8) + b"\0\0\xff\xffmdat" + bytes(500)


@pytest.mark.parametrize("content", [NOISE, MP4_CUT], ids=["no video", "cut off"])
def test_a_disk_that_fails_makes_no_fault(content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.mkv"
    path.write_bytes(content)
    info = path.stat()
    seen = FileStat(info.st_size, info.st_mtime_ns, None, None)
    refusal = Fixed(Answer(refusal="invalid data"))
    sound = probing.probe_file(str(path), seen, refusal)
    assert sound is not None
    assert sound.state == (NOT_A_VIDEO if content is NOISE else TRUNCATED)
    pread = os.pread

    def failing(descriptor: int, length: int, offset: int) -> bytes:
        if length > 1024:  # the look at both ends, when the container's few bytes could still be read
            raise OSError(5, "Input/output error")
        return pread(descriptor, length, offset)

    monkeypatch.setattr(os, "pread", failing)
    failed = probing.probe_file(str(path), seen, refusal)
    assert failed is not None
    assert (failed.state, failed.reason) == (UNKNOWN, "input/output error")


def test_a_cut_is_a_fact_even_where_ffprobe_is_silent_but_not_where_it_is_slow(tmp_path: Path) -> None:
    path = tmp_path / "a.mp4"
    path.write_bytes(MP4_CUT)
    seen = FileStat(len(MP4_CUT), path.stat().st_mtime_ns, None, None)
    for answer, state in ((Answer(silence="crashed"), TRUNCATED), (Answer(silence="slow", is_slow=True), UNKNOWN)):
        result = probing.probe_file(str(path), seen, Fixed(answer))
        assert result is not None
        assert result.state == state
