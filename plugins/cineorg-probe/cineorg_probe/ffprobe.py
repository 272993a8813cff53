"""ffprobe, run on one file at a time, never longer than it may; from several threads at once.

A name reaches it as it is on the disk: no shell, and behind `file:`, so that neither a dash nor a colon in it means
anything. Only files may be opened: a playlist in a video's clothes must not lead into the network.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import subprocess
import threading
from dataclasses import dataclass
from typing import Any

from cineorg.plugin import ConfigError, to_bytes

_ARGUMENTS = (
    *("-v", "quiet", "-protocol_whitelist", "file", "-show_error", "-of", "json=c=1", "-show_entries"),
    "format=format_name,duration:stream=codec_type,codec_name,width,height"
    ":stream_disposition=attached_pic:stream_tags=language",
)
_GRACE_SECONDS = 5.0  # for a killed process to end; one that hangs in a dead mount does not
_FIRST_OWN_CODE = -4096  # ffmpeg's own error codes are far below; above are the system's, negated
# What ffmpeg says of something that is no video: invalid data, end of file, no demuxer for it (libavutil/error.h).
_NO_VIDEO_CODES = frozenset(-int.from_bytes(tag, "little") for tag in (b"INDA", b"EOF ", b"\xf8DEM"))


@dataclass(frozen=True, slots=True)
class Stream:
    """One stream: its kind ("video", "audio", …), and in words all that is told of it."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What ffprobe said: format, duration, streams; or `refusal`, why it takes the file for no video.

    With `silence` it said nothing about the file: it crashed, could not read it, or took too long (`is_slow`).
    """

    format: str = ""
    duration_seconds: float | None = None
    streams: tuple[Stream, ...] = ()
    refusal: str = ""
    silence: str = ""
    is_slow: bool = False


class Ffprobe:
    """The program, found and seen to run; `stop` ends whatever is being asked and answers no more.

    `timeout_seconds`: how long it may take about one file.
    """

    def __init__(self, program: str, timeout_seconds: float) -> None:
        self._program, self.timeout_seconds = program, timeout_seconds
        self._running: set[subprocess.Popen[bytes]] = set()
        self._lock = threading.Lock()
        self._is_stopped = False

    def ask(self, path: str) -> Answer:
        """Return what ffprobe says of the file at an absolute path; raises OSError if no process can be started."""
        with self._lock:
            if self._is_stopped:
                return Answer(silence="it was not asked any more")
            process = _start([self._program, *_ARGUMENTS, b"file:" + to_bytes(path)])
            self._running.add(process)
        try:
            out, _ = process.communicate(timeout=self.timeout_seconds)
        except subprocess.TimeoutExpired:
            _end(process)
            return Answer(silence=f"ffprobe gave no answer within {self.timeout_seconds:g} s", is_slow=True)
        finally:
            with self._lock:
                self._running.discard(process)
        return _read_answer(process.returncode, out)

    def stop(self) -> None:
        """End every process that runs."""
        with self._lock:
            self._is_stopped = True
            for process in self._running:
                process.kill()


def find_ffprobe(name: str, timeout_seconds: float) -> Ffprobe:
    """Return the program of that name or path; raises ConfigError where there is none, or one that does not run."""
    program = shutil.which(name)
    if program is None:
        raise ConfigError(
            f"there is no program {name}: install ffmpeg, which brings ffprobe (Debian: apt install ffmpeg),"
            " or say where it is with `ffprobe` in [plugin.probe] of the config file"
        )
    process = _start([program, "-version"])
    try:
        out, _ = process.communicate(timeout=timeout_seconds + _GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        _end(process)
        raise ConfigError(f"{program} does not answer when asked for its version") from None
    if process.returncode or not out.startswith(b"ffprobe version"):
        raise ConfigError(f"{program} does not work: asked for its version, it {_ending(process.returncode)}")
    return Ffprobe(program, timeout_seconds)


def _start(command: list[str | bytes]) -> subprocess.Popen[bytes]:
    # In a session of its own: Ctrl-C is for us, and must not look like a crash of ffprobe.
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    try:
        process.communicate(timeout=_GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        if process.stdout:
            process.stdout.close()  # it waits for a disk that does not answer, and nobody can end it: leave it


def _ending(code: int) -> str:
    if code >= 0:
        return f"ended with {code} and no answer"
    try:
        return f"crashed ({signal.Signals(-code).name})"
    except ValueError:
        return f"crashed (signal {-code})"


def _read_answer(code: int, out: bytes) -> Answer:
    try:
        document = json.loads(out.decode("utf-8", "replace"))
        error = document.get("error")
        if error:
            return _read_error(int(error["code"]), str(error.get("string", "")))
        if code == 0 and document.get("format"):
            return _read_document(document)
    except (ValueError, KeyError, TypeError, AttributeError):  # cut short by a crash, or another program's words
        pass
    return Answer(silence=f"ffprobe {_ending(code)}")


def _read_error(code: int, words: str) -> Answer:
    if code in _NO_VIDEO_CODES:
        return Answer(refusal=words.lower())
    if code > _FIRST_OWN_CODE and -code in errno.errorcode:
        words = os.strerror(-code)
    return Answer(silence=f"ffprobe could not read it: {words.lower()}")


def _read_document(document: dict[str, Any]) -> Answer:
    about = document["format"]
    try:
        duration = float(about["duration"])
    except (KeyError, ValueError):
        duration = -1.0
    known = 0 <= duration < float("inf")
    return Answer(
        format=str(about.get("format_name", "")),
        duration_seconds=duration if known else None,
        streams=tuple(map(_read_stream, document.get("streams", ()))),
    )


def _read_stream(stream: dict[str, Any]) -> Stream:
    kind = str(stream.get("codec_type", "unknown"))
    if stream.get("disposition", {}).get("attached_pic"):
        kind = "picture"  # the cover of an album is no film
    size = f"{stream['width']}x{stream['height']}" if stream.get("width") else ""
    language = stream.get("tags", {}).get("language", "")
    language = "" if language == "und" else language
    # What a file says of itself may be of any length and hold anything, halves of characters included.
    language = str(language).encode("utf-8", "replace").decode()[:20]
    words = (kind, stream.get("codec_name", ""), size, language)
    return Stream(kind, " ".join(str(word) for word in words if word))
