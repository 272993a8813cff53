"""Ctrl-C ends a command within a second, whatever hangs.

A call on a disk that does not answer cannot be broken off, and Python tells of a signal only between two calls of the
main thread. So another thread looks whether the signal was heard, and ends the process where that does not end itself.
What a command was doing then is settled by the next one, as after a crash.
"""

from __future__ import annotations

import _thread
import os
import select
import signal
import time
from types import FrameType
from typing import NoReturn

from ..errors import EXIT_INTERRUPTED

NOTICE_S = 0.4  # within this the main thread must have heard of it
END_S = 0.8  # within this it must have ended, unless somebody goes on talking with it
_POLL_S = 0.1

_heard_at = 0.0  # when the main thread last heard of a Ctrl-C; 0: never
_is_to_end = False  # whether that was to end the command


def watch_for_interrupts() -> None:
    """Let another thread look after Ctrl-C; only where Ctrl-C is for this process at all, and to be called once."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.signal(signal.SIGINT, _hear)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    _thread.start_new_thread(_watch, (reading,))


def interrupt_handled() -> None:
    """Tell that a Ctrl-C was for a conversation that goes on."""
    global _is_to_end
    _is_to_end = False


def _hear(number: int, frame: FrameType | None) -> NoReturn:
    global _heard_at, _is_to_end
    _heard_at, _is_to_end = time.monotonic(), True
    raise KeyboardInterrupt


def _watch(reading: int) -> None:
    # Blocked in this thread, it stays pending for the process until the main thread takes it.
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    waits_since = 0.0
    while True:
        has_come = bool(select.select([reading], [], [], _POLL_S)[0]) and signal.SIGINT in os.read(reading, 64)
        is_pending = signal.SIGINT in signal.sigpending()
        now = time.monotonic()
        if (has_come or is_pending) and not waits_since:
            waits_since = now
        is_heard = _heard_at > waits_since - 2 * _POLL_S or signal.getsignal(signal.SIGINT) is not _hear
        if not is_pending and is_heard:
            waits_since = 0.0  # taken by us, or by a server with a way of its own
        is_deaf = waits_since and now - waits_since > NOTICE_S
        if is_deaf or (_is_to_end and now - _heard_at > END_S):
            os._exit(EXIT_INTERRUPTED)
