"""Progress: events to the letter, throttled but never without start and end; a bar leaves nothing behind."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
from typing import Any

import pytest

from cineorg.output.progress import JsonProgress, open_progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def events(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().removesuffix("\n").split("\n")]


def test_an_event_is_the_contracts_line() -> None:
    stream = io.StringIO()
    with open_progress("json", stream).phase(2, 3, "Orphan files", 5656):
        pass
    first = stream.getvalue().split("\n")[0]
    assert first == (
        '{"event": "progress", "phase": 2, "phases": 3, "label": "Orphan files", "done": 0, "total": 5656}'
    )


def test_a_phase_has_an_event_at_start_and_end() -> None:
    stream = io.StringIO()
    progress = JsonProgress(stream, Clock())
    for number in (1, 2):
        with progress.phase(number, 2, "x", 20) as advance:
            advance(15)
            advance(5)
    assert [(event["phase"], event["done"]) for event in events(stream)] == [(1, 0), (1, 20), (2, 0), (2, 20)]


def test_a_phase_of_nothing_has_both_too() -> None:
    stream = io.StringIO()
    with JsonProgress(stream).phase(1, 1, "x", None):
        pass
    assert [(event["done"], event["total"]) for event in events(stream)] == [(0, None), (0, None)]


def test_events_come_ten_a_second_at_most() -> None:
    stream, clock = io.StringIO(), Clock()
    with JsonProgress(stream, clock).phase(1, 1, "x", 1000) as advance:
        for _ in range(1000):
            clock.now += 0.001
            advance(1)
    done = [event["done"] for event in events(stream)]
    assert 2 + 8 <= len(done) <= 2 + 10
    assert (done[0], done[-1]) == (0, 1000)
    assert done == sorted(done)


def test_each_event_is_flushed_as_one_line() -> None:
    seen: list[str] = []

    class Stream(io.StringIO):
        def flush(self) -> None:
            seen.append(self.getvalue())

    with JsonProgress(Stream()).phase(1, 1, "x", 1):
        assert len(seen) == 1
        assert seen[0].endswith("}\n")
    assert len(seen) == 2


def test_a_phase_that_fails_has_no_end() -> None:
    stream = io.StringIO()
    with (
        pytest.raises(RuntimeError, match="on purpose"),
        JsonProgress(stream).phase(1, 1, "x", 1) as advance,
    ):
        advance(1)
        raise RuntimeError("on purpose")
    assert [event["done"] for event in events(stream)] == [0]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
def test_any_label_is_json_in_any_encoding(encoding: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="backslashreplace", newline="\n")
    with open_progress("json", stream).phase(1, 1, 'Séries "日本"\n\x1b\udcff', None):
        pass
    labels = [json.loads(line)["label"] for line in raw.getvalue().decode(encoding).splitlines()]
    assert labels == ['Séries "日本"\n\x1b\ufffd'] * 2


def test_bytes_are_shown_to_people_in_thousands_and_to_programs_as_they_are() -> None:
    bar, lines = io.StringIO(), io.StringIO()
    for mode, stream in (("always", bar), ("json", lines)):
        with open_progress(mode, stream).phase(1, 1, "x", 5_000_000_000, "B") as advance:
            advance(2_000_000_000)
    assert "/5.00G" in bar.getvalue()
    assert events(lines)[-1]["done"] == 2_000_000_000


@pytest.mark.parametrize("mode", ["json", "always"])
def test_a_closed_pipe_passes_through(mode: str) -> None:
    class ClosedPipe(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError(text)

    with pytest.raises(BrokenPipeError), open_progress(mode, ClosedPipe()).phase(1, 1, "x", 1):
        pass


@pytest.mark.parametrize(
    ("mode", "stream", "is_shown"),
    [
        ("auto", Terminal(), True),
        ("auto", io.StringIO(), False),
        ("always", Terminal(), True),
        ("always", io.StringIO(), True),
        ("never", Terminal(), False),
        ("never", io.StringIO(), False),
    ],
)
def test_who_sees_a_bar(mode: str, stream: io.StringIO, is_shown: bool) -> None:
    with open_progress(mode, stream).phase(2, 6, "Orphan files", 10) as advance:
        advance(10)
    assert ("2/6 Orphan files" in stream.getvalue()) is is_shown
    assert bool(stream.getvalue()) is is_shown


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("total", [None, 0, 5, 5000])
def test_a_bar_leaves_nothing_on_the_screen(total: int | None, fails: bool) -> None:
    stream = Terminal()
    try:
        with open_progress("auto", stream).phase(1, 3, "Orphan files", total) as advance:
            advance(3)
            advance(2)
            assert "Orphan files" in stream.getvalue()
            if fails:
                raise RuntimeError
    except RuntimeError:
        assert fails
    text = stream.getvalue()
    assert "\n" not in text
    # Each \r starts the line again; what is written last over the bar must blank all of it.
    *_, bar, blank, rest = text.split("\r")
    assert bar.strip()
    assert not blank.strip()
    assert len(blank) >= len(bar)
    assert rest == ""


def test_a_bar_keeps_moving_when_a_fast_start_turns_slow() -> None:
    stream = Terminal()
    with open_progress("always", stream).phase(1, 1, "x", 200_000) as advance:
        for count, shown in ((100_000, "100000/200000"), (1, "100001/200000")):
            time.sleep(0.15)
            advance(count)
            assert shown in stream.getvalue()


def test_a_bar_does_not_obey_its_label() -> None:
    stream = Terminal()
    with open_progress("always", stream).phase(1, 1, "a\x1b[31m\nb\udcff", 1):
        pass
    assert "\x1b[31m" not in stream.getvalue()
    assert "\n" not in stream.getvalue()


def test_a_bar_starts_neither_thread_nor_process() -> None:
    code = (
        "import sys, threading; from cineorg.output.progress import open_progress\n"
        "with open_progress('always', sys.stderr).phase(1, 1, 'x', 1):\n"
        "    print(threading.active_count(), 'tqdm' in sys.modules, 'multiprocessing' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "1 True False\n"


def test_an_unknown_mode_is_an_error() -> None:
    with pytest.raises(ValueError, match=r"'sometimes'.*auto, always, never, json"):
        open_progress("sometimes", Terminal())


@pytest.mark.parametrize("mode", ["auto", "never", "json"])
def test_tqdm_is_loaded_only_for_a_bar(mode: str) -> None:
    code = (
        "import sys; from cineorg.output.progress import open_progress\n"
        f"with open_progress({mode!r}, sys.stderr).phase(1, 1, 'x', 1) as advance: advance(1)\n"
        "print(*({'tqdm', 'multiprocessing'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "\n"


def test_a_long_step_is_told_of_twice_a_second() -> None:
    stream = io.StringIO()
    with JsonProgress(stream).phase(1, 1, "x", 3) as advance:
        advance(1)
        time.sleep(1.3)
    seen = [event["done"] for event in events(stream)]
    assert len(seen) >= 4
    assert set(seen[1:]) <= {0, 1}


def test_what_comes_before_the_counting_is_told_with_the_name_of_its_phase() -> None:
    stream = io.StringIO()
    progress = JsonProgress(stream)
    with progress.stage(2, 3, "slow"):
        time.sleep(0.4)
        with progress.phase(2, 3, "slow", 7):
            pass
    seen = [(event["phase"], event["label"], event["total"]) for event in events(stream)]
    assert seen[0] == (2, "slow", None)
    assert seen[-1] == (2, "slow", 7)


def test_nothing_is_told_any_more_after_the_end() -> None:
    stream = io.StringIO()
    with JsonProgress(stream).phase(1, 1, "x", 1):
        pass
    time.sleep(0.7)
    assert len(events(stream)) == 2


def test_a_reader_that_has_gone_does_not_disturb_who_works() -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            if self.tell():
                raise BrokenPipeError
            return super().write(text)

    with pytest.raises(BrokenPipeError), JsonProgress(Gone()).phase(1, 1, "x", 1):
        time.sleep(0.7)
