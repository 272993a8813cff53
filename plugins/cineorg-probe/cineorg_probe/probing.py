"""What one stored file is: the facts of the disk, ffprobe's answer, and where its container ends, judged together.

The order of doubt: a file that cannot be read, or about which ffprobe is silent, is unknown, never broken.
"""

from __future__ import annotations

import os
import stat
from dataclasses import replace

from cineorg.plugin import FileStat, explain, now_text

from .clocks import is_duration_sure
from .containers import find_cut
from .ffprobe import Answer, Ffprobe
from .model import EMPTY, NO_VIDEO_STREAM, NOT_A_FILE, NOT_A_VIDEO, OK, TRUNCATED, UNKNOWN, Result

_LISTS = frozenset(("hls", "concat", "dash", "applehttp", "imf"))  # files that only name others
_LIST_HEADS = (b"#EXTM3U", b"ffconcat")
_KINDS = {
    stat.S_IFIFO: "a named pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a link",
}
_EDGE = 64 * 1024
_MOST_STREAMS = 40  # that are named; a broken transport stream may seem to have thousands


def probe_file(path: str, seen: FileStat, ffprobe: Ffprobe) -> Result | None:
    """Return what the file at `path` is; None when it has gone.

    `seen`: how the census saw it; where that knows no inode, the result has none either.
    """
    try:
        before = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return Result(path, seen, UNKNOWN, explain(error), probed_at=now_text())
    identity = seen._replace(size_bytes=before.st_size, mtime_ns=before.st_mtime_ns)
    result = Result(path, identity, probed_at=now_text())
    if not stat.S_ISREG(before.st_mode):
        kind = _KINDS.get(stat.S_IFMT(before.st_mode), "no regular file")
        return replace(result, state=NOT_A_FILE, reason=f"it is {kind}, not a file")
    if before.st_size == 0:
        return replace(result, state=EMPTY, reason="the file is empty (0 bytes)")
    try:
        result = _judge(result, ffprobe)
        after = os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        return replace(result, state=UNKNOWN, reason=explain(error))
    if (after.st_size, after.st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        return replace(result, state=UNKNOWN, reason="it was written to while it was being probed")
    return result


def _judge(result: Result, ffprobe: Ffprobe) -> Result:
    """Return the result for a regular file that is not empty; raises OSError where it cannot be read."""
    # O_NONBLOCK: what was a file a moment ago may be a pipe by now, and to open that would wait for ever.
    descriptor = os.open(result.path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        if os.pread(descriptor, 8, 0).startswith(_LIST_HEADS):  # ffprobe would open what it names, be that a pipe
            return replace(result, state=NOT_A_VIDEO, reason="it is a list of other files, not a video")
        answer = ffprobe.ask(result.path)
        if answer.is_slow:  # no more is read of a disk that may not answer at all
            return replace(result, state=UNKNOWN, reason=answer.silence)
        # First, for to ffprobe a file that ends too early may look like a disk that fails ("input/output error").
        state, reason = TRUNCATED, find_cut(descriptor, result.stat.size_bytes)
        if not reason:
            state, reason = (UNKNOWN, answer.silence) if answer.silence else _fault_of(answer)
        if state != OK:
            # A disk that fails half-way looks like a file that is broken: what cannot be read is not judged.
            for offset in (0, max(0, result.stat.size_bytes - _EDGE)):
                os.pread(descriptor, _EDGE, offset)
        duration = answer.duration_seconds
        if state == OK and duration is not None:
            is_sure = is_duration_sure(descriptor, result.stat.size_bytes, answer.format, duration)
            duration = duration if is_sure else None
    finally:
        os.close(descriptor)
    streams = _in_words(answer)
    return replace(
        result,
        state=state,
        reason=reason,
        duration_seconds=duration,
        format=answer.format,
        streams=streams,
    )


def _fault_of(answer: Answer) -> tuple[str, str]:
    if answer.refusal:
        return NOT_A_VIDEO, f"ffprobe takes it for no video: {answer.refusal}"
    names = answer.format.split(",")
    if any(name.endswith("_pipe") or name == "image2" for name in names):
        return NOT_A_VIDEO, f"it is a picture ({names[0].removesuffix('_pipe')}), not a video"
    if _LISTS.intersection(names):
        return NOT_A_VIDEO, f"it is a list of other files ({names[0]}), not a video"
    if not any(stream.kind == "video" for stream in answer.streams):
        return NO_VIDEO_STREAM, f"no video stream: it holds {_in_words(answer) or 'nothing'}"
    return OK, ""


def _in_words(answer: Answer) -> str:
    more = len(answer.streams) - _MOST_STREAMS
    shown = [stream.text for stream in answer.streams[:_MOST_STREAMS]]
    return ", ".join([*shown, f"{more} more"] if more > 0 else shown)
