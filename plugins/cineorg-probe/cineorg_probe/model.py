"""What is known of a stored file once it was probed: plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cineorg.plugin import FileStat

OK = "ok"
UNKNOWN = "unknown"  # ffprobe gave no answer, or the file could not be read: nothing is said about the video

# What is wrong with a file, the values of a finding's `fault`.
EMPTY = "empty"
NOT_A_FILE = "not_a_file"
NOT_A_VIDEO = "not_a_video"
NO_VIDEO_STREAM = "no_video_stream"
TRUNCATED = "truncated"
DURATION = "duration"  # never kept: it depends on the catalogue of the day


@dataclass(frozen=True, slots=True)
class Result:
    """What probing one file gave: `state` is OK, UNKNOWN or a fault, `reason` says it in words ("" if ok).

    `stat` identifies the file that was probed. `duration_seconds` is None where the file does not say it. `streams`:
    for people, e.g. "video h264 1920x1080, audio aac fre". `probed_at`: UTC text.
    """

    path: str
    stat: FileStat
    state: str = OK
    reason: str = ""
    duration_seconds: float | None = None
    format: str = ""
    streams: str = ""
    probed_at: str = ""


def is_same_file(now: FileStat, then: FileStat) -> bool:
    """Return whether a file is the one that was probed under its path.

    The inode speaks only where both are known: the census leaves it out on filesystems that hand inodes out anew.
    """
    if (now.size_bytes, now.mtime_ns) != (then.size_bytes, then.mtime_ns):
        return False
    return now.inode is None or then.inode is None or now.inode == then.inode
