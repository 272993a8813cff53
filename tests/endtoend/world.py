"""A library whose truth is known: which stored file holds which work, and which work each link means.

The world does what owners and their services do (rename, replace, delete, unmount) and runs the real commands. Around
every command it compares trees, catalogue, report and exit code with the truth, so that a scenario is a list of calls.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
from base64 import b64decode
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from helpers import Result, run_command, snapshot

_MTIME_NS = 1_700_000_000_000_000_001
_CHECKED_AT = re.compile(rb'"checked_at": ?"[^"]*"')
_ROWS = {
    "movies": "id, title, year, CAST(file_path AS BLOB)",
    "series": "id, title, year",
    "episodes": "id, series_id, season_number, episode_number, CAST(file_path AS BLOB)",
    "video_files": "id, CAST(symlink_path AS BLOB)",
    "cineorg_links": "path, target, first_seen, last_seen, missing_since",
}
_MEMORY = {
    "cineorg_files": "*",
    "cineorg_moves": "*",
    "cineorg_places": "*",
    "cineorg_scans": "*",
    "cineorg_pins": "*",
    "cineorg_batches": "*",
    "cineorg_steps": "*",
}

Work = tuple[str, int, int, int]  # title, year, season, episode; a film has zeros in the last two


@dataclass
class Away:
    """What is hidden of a root: paths moved aside, as (where it was, where it is)."""

    hidden: list[tuple[str, str]] = field(default_factory=list)
    decoys: list[str] = field(default_factory=list)


def exact(value: Any) -> Any:
    """Return a report with the exact bytes of its paths in place of what JSON can show of them."""
    if isinstance(value, list):
        return [exact(each) for each in value]
    if isinstance(value, dict):
        found = {key: exact(each) for key, each in value.items() if not key.endswith("_b64")}
        return found | {key[:-4]: os.fsdecode(b64decode(each)) for key, each in value.items() if key.endswith("_b64")}
    return value


class World:
    """Two storage roots, a video tree, a catalogue, and the truth about them."""

    def __init__(self, base: Path) -> None:
        self.base = str(base)
        self.roots = [f"{base}/one", f"{base}/two"]
        self.video, self.db = f"{base}/video", f"{base}/cineorg.db"
        for folder in [*self.roots, self.video, f"{base}/aside"]:
            os.makedirs(folder)
        self.files: dict[str, int] = {}  # where a file is when everything is mounted → its number
        self.works: dict[int, frozenset[Work]] = {}
        self.means: dict[str, Work] = {}
        self.reached: dict[str, set[int]] = {}
        self.said: dict[str, set[str]] = {}
        self.away: dict[str, Away] = {}
        self._number = 0

    # What owners do

    def add_file(self, path: str, *works: Work) -> str:
        """Make a stored file of a size and mtime of its own; `path` is relative to the base."""
        path = f"{self.base}/{path}"
        self._write(path, frozenset(works))
        return path

    def _write(self, path: str, works: frozenset[Work]) -> None:
        self._number += 1
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(b"%d" % self._number)
            file.truncate(1000 + 7 * self._number)
        os.utime(path, ns=(0, _MTIME_NS + self._number * 1_000_000_000))
        self.files[path] = self._number
        self.works[self._number] = works

    def add_link(self, path: str, file: str, work: Work, *, relative: bool = False) -> str:
        """Make a link in the video tree that means a work, to a stored file or to another link."""
        path = f"{self.video}/{path}"
        os.makedirs(os.path.dirname(path), exist_ok=True)
        text = os.path.relpath(file, os.path.dirname(path)) if relative else file
        os.symlink(text, path)
        self.means[path], self.reached[path], self.said[path] = work, set(), {text}
        self.notice()
        return path

    def move_link(self, old: str, new: str) -> str:
        """Rename an absolute link, as its owner does by hand."""
        os.makedirs(os.path.dirname(new), exist_ok=True)
        os.rename(old, new)
        for known in (self.means, self.reached, self.said):
            known[new] = known.pop(old)  # type: ignore[attr-defined]
        return new

    def move(self, old: str, new: str) -> str:
        """Rename a stored file or folder, or move it to another root, mtime kept; `new` is relative to the base."""
        new = f"{self.base}/{new}"
        os.makedirs(os.path.dirname(new), exist_ok=True)
        os.rename(old, new)
        for path in [path for path in self.files if path == old or path.startswith(f"{old}/")]:
            self.files[new + path[len(old) :]] = self.files.pop(path)
        self.notice()
        return new

    def copy(self, old: str, new: str) -> str:
        """Copy a stored file with its mtime."""
        new = f"{self.base}/{new}"
        os.makedirs(os.path.dirname(new), exist_ok=True)
        shutil.copy2(old, new)
        self.files[new] = self.files[old]
        return new

    def delete(self, path: str) -> None:
        """Delete a stored file."""
        os.unlink(path)
        del self.files[path]

    def replace(self, path: str, *works: Work) -> None:
        """Put another file in the place of a stored one; without `works`, another copy of the same."""
        old = self.works[self.files[path]]
        os.unlink(path)
        self._write(path, frozenset(works) or old)
        self.notice()

    # Mounts

    def hide(self, root: str, how: str) -> None:
        """Let a root be away: "empty" mount point, "gone", its largest first-level "folder", or "half" of that."""
        away = self.away[root] = Away()
        if how in ("empty", "gone"):
            self._put_aside(root, away)
            if how == "empty":
                os.mkdir(root)
            return
        tops = [f"{root}/{name}" for name in sorted(os.listdir(root))]
        top = max(tops, key=lambda path: len(self.files_in(path)))
        if how == "folder":
            self._put_aside(top, away)
            os.mkdir(top)
            return
        files = self.files_in(top)
        for path in files[: len(files) * 2 // 3]:
            self._put_aside(path, away)

    def _put_aside(self, path: str, away: Away) -> None:
        self._number += 1
        aside = f"{self.base}/aside/{self._number}"
        os.rename(path, aside)
        away.hidden.append((path, aside))

    def add_decoy(self, root: str, name: str) -> None:
        """Put a file below a mount point while the mount is away."""
        if not os.path.isdir(root):
            return
        path = f"{root}/{name}"
        if path in self.files or os.path.lexists(path):
            return
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.truncate(17)
        self.away[root].decoys.append(path)

    def show(self, root: str) -> None:
        """Let a root be back, as it was."""
        away = self.away.pop(root)
        for path in away.decoys:
            os.unlink(path)
        for path, aside in away.hidden:
            if os.path.isdir(path):
                shutil.rmtree(path)
            os.rename(aside, path)

    def files_in(self, folder: str) -> list[str]:
        """Return the stored files below a folder, hidden ones included."""
        return sorted(path for path in self.files if path.startswith(f"{folder}/"))

    def root_of(self, path: str) -> str:
        """Return the storage root that holds a path, or ""."""
        return next((root for root in self.roots if path.startswith(f"{root}/")), "")

    # The truth

    def links(self) -> dict[str, str]:
        """Return every link of the video tree: path → text."""
        found = {}
        for folder, folders, files in os.walk(self.video):
            for name in folders + files:
                path = os.path.join(folder, name)
                if os.path.islink(path):
                    found[path] = os.readlink(path)
        return found

    def end_of(self, path: str, text: str | None = None) -> str:
        """Return the path at which a link would end if everything were mounted, through other links."""
        for _ in range(9):
            text = os.readlink(path) if text is None else text
            path, text = os.path.normpath(os.path.join(os.path.dirname(path), text)), None
            if not os.path.islink(path):
                break
        return path

    def notice(self) -> None:
        """Remember which files each link has reached: it may follow any of them."""
        for path, text in self.links().items():
            number = self.files.get(self.end_of(path))
            if number:
                self.reached[path].add(number)
            self.said[path].add(text)

    def is_right(self, path: str, end: str) -> bool:
        """Return whether the file at `end` is one that the link at `path` means, or has reached before."""
        number = self.files.get(end)
        return number is not None and (self.means[path] in self.works[number] or number in self.reached[path])

    def rows(self, tables: dict[str, str]) -> dict[str, list[tuple[Any, ...]]]:
        """Return the contents of tables of the catalogue, in an order that is always the same."""
        import sqlite3
        from contextlib import closing

        with closing(sqlite3.connect(f"file:{self.db}?mode=ro", uri=True)) as connection:
            connection.text_factory = bytes
            return {
                name: sorted(connection.execute(f"SELECT {columns} FROM {name}"), key=repr)
                for name, columns in tables.items()
            }

    def file_rows(self) -> dict[tuple[str, int], tuple[Work, str]]:
        """Return the rows that name a file: (table, id) → what the row is, and the path."""
        found = self.rows({name: _ROWS[name] for name in ("movies", "series", "episodes")})
        series = {row[0]: (row[1].decode(), row[2] or 0) for row in found["series"]}
        named: dict[tuple[str, int], tuple[Work, str]] = {}
        for number, title, year, path in found["movies"]:
            if path:
                named["movies", number] = (title.decode(), year or 0, 0, 0), os.fsdecode(path)
        for number, of, season, episode, path in found["episodes"]:
            if path:
                named["episodes", number] = (*series[of], season, episode), os.fsdecode(path)
        return named

    # Commands

    def run(self, command: str, *arguments: str, stdin: bytes = b"") -> Result:
        """Run a command and hold it to everything that is true of every command."""
        known = os.path.exists(self.db)
        links, rows = self.links(), self.file_rows() if known else {}
        stored = self._storage()
        flags = ["--storage", self.roots[0], "--storage", self.roots[1], "--video", self.video, "--db", self.db]
        result = run_command([command, *flags, *arguments], stdin)
        assert result.code in (0, 1, 3, 4), (result.code, result.err)
        assert self._storage() == stored, "storage was touched"
        self._check_links(links, command)
        if os.path.exists(self.db):
            self._check_rows(rows, command)
        self.notice()
        return result

    def read(self, command: str, *arguments: str) -> Result:
        """Run a command that may change nothing: neither trees nor catalogue; twice, with the same answer."""
        before = snapshot(self.video), self.rows(_ROWS | _MEMORY)
        result, again = (self.run(command, *arguments) for _ in range(2))
        assert (snapshot(self.video), self.rows(_ROWS | _MEMORY)) == before, f"{command} changed something"
        assert _CHECKED_AT.sub(b"", result.out) == _CHECKED_AT.sub(b"", again.out), "two answers for the same tree"
        return result

    def report(self, command: str, *arguments: str, stdin: bytes = b"") -> dict[str, Any]:
        """Run a command with --json and return the report, its exit code as "code"; {} where a guard refused."""
        result = self.run(command, "--json", *arguments, stdin=stdin)
        return self._report(result)

    def _report(self, result: Result) -> dict[str, Any]:
        if result.code == 4 and not result.out:
            return {"code": 4, "changes": [], "unresolved": [], "summary": {}, "err": result.err}
        report = exact(result.json)
        assert (result.code == 3) == (not report["complete"]) or result.code == 4, result
        return {**report, "code": result.code}

    def _storage(self) -> dict[str, tuple[Any, ...]]:
        return {path: entry for root in self.roots if os.path.isdir(root) for path, entry in snapshot(root).items()}

    def _check_links(self, before: dict[str, str], command: str) -> None:
        after = self.links()
        assert after.keys() == before.keys(), f"links lost or made: {before.keys() ^ after.keys()}"
        for folder, folders, files in os.walk(self.video):
            assert not [name for name in folders + files if name.startswith(".cineorg-")], folder
        for path, text in after.items():
            if text == before[path]:
                continue
            if command == "undo":
                assert text in self.said[path], (path, text)
                continue
            end = self.end_of(path, text)
            assert self.is_right(path, end), f"{path} means {self.means[path]}, was given {end}"
            assert os.path.lexists(end), f"{path} was given {end}, which is away"
            old = self.root_of(self.end_of(path, before[path]))
            assert old not in self.away, f"{path} was changed while {old} is away"

    def _check_rows(self, before: dict[tuple[str, int], tuple[Work, str]], command: str) -> None:
        after = self.file_rows()
        assert command == "undo" or before.keys() <= after.keys()
        for key, (work, path) in after.items():
            if command == "undo" or (key in before and before[key][1] == path):
                continue
            number = self.files.get(path, 0)
            links = [link for link, meant in self.means.items() if meant == work]
            right = work in self.works.get(number, ()) or any(number in self.reached[link] for link in links)
            assert right or not work[1], f"the row {key} of {work} was given {path}"

    # Commands with what is true of them alone

    def scan(self, *arguments: str) -> dict[str, Any]:
        """Scan; nothing is recorded as gone in a root that is away."""
        known = self._file_memory()
        report = self.report("scan", *arguments)
        assert report["code"] == (0 if report["complete"] else 3)
        for row in report["entries"]:
            assert not (row["type"] == "gone" and self.root_of(row["path"]) in self.away), row
        for path, row in self._file_memory().items():
            if self.root_of(path) in self.away:
                assert known.get(path) == row, f"{path} was noted while its root is away"
        if not self.away:
            assert not [path for path in self.links() if path not in self._link_memory()]
        return report

    def _file_memory(self) -> dict[str, tuple[Any, ...]]:
        if not os.path.exists(self.db):
            return {}
        columns = "path, size_bytes, mtime_ns, missing_since"
        found = self.rows({"cineorg_files": columns})["cineorg_files"]
        return {os.fsdecode(row[0]): row[1:] for row in found}

    def _link_memory(self) -> set[str]:
        return {os.fsdecode(row[0]) for row in self.rows({"cineorg_links": "path"})["cineorg_links"]}

    def accept(self) -> None:
        """Scan, and follow the printed remedies until nothing stands in the way any more."""
        report = self.scan()
        for _ in range(6):
            if report["complete"]:
                return
            remedy = next(row["details"] for row in report["issues"] if "--accept" in row["details"])
            words = shlex.split(remedy.partition("if the loss is real: ")[2])
            accepted = [words[place + 1] for place, word in enumerate(words) if word == "--accept"]
            report = self.scan(*(word for path in accepted for word in ("--accept", path)))
        raise AssertionError(f"the guard never lets go: {report['issues']}")

    def integrity(self) -> dict[str, Any]:
        """Judge, and compare with the truth."""
        result = self.read("integrity", "--json")
        report = self._report(result)
        found: dict[str, set[str]] = {"broken_symlink": set(), "ghost_entry": set(), "orphan_file": set()}
        for row in report["issues"]:
            found.setdefault(row["type"], set()).add(row["path"])
        if report["complete"]:
            assert result.code == (1 if report["issues"] else 0)
        offline = [os.path.join(self.base, row["path"]) for row in report["issues"] if row["type"] == "offline_target"]
        doubted = {root for root in self.roots if any(f"{path}/".startswith(f"{root}/") for path in offline)}
        assert self.away.keys() <= doubted | set(found.get("unreadable", ())), (self.away, report["issues"])
        dead = {path for path in self.links() if not os.path.exists(path)}
        dead = {path for path in dead if self.root_of(self.end_of(path)) not in doubted}
        if self.video not in offline:
            assert found["broken_symlink"] == dead
        rows = {path for _, path in self.file_rows().values()}
        gone = {path for path in rows if not os.path.exists(path) and self.root_of(path) not in doubted}
        assert found["ghost_entry"] == gone
        orphans = {path for path in self.files if path not in rows and self.root_of(path) not in doubted}
        assert (
            found["orphan_file"] - {path for path in found["orphan_file"] if self.root_of(path) in doubted} == orphans
        )
        return report

    def plan(self, command: str = "repair-links", *arguments: str) -> list[dict[str, Any]]:
        """Return the changes that a command would make."""
        result = self.read(command, "-n", "--jsonl", *arguments)
        return [row for row in map(json.loads, result.out.splitlines()) if "op" in row]

    def change(self, command: str, *arguments: str, undo: bool = False) -> dict[str, Any]:
        """Run a command that changes something: its dry run says the same, a second run finds nothing to do."""
        consent = "--auto" if command == "repair-links" else "-y"
        before = self.links(), self.rows(_ROWS)
        planned = self.plan(command, *arguments)
        report = self.report(command, consent, *arguments)
        if report["code"] == 4:
            assert (self.links(), self.rows(_ROWS)) == before, "refused, but something was changed"
            return report
        done = [{key: row[key] for key in row if key != "status"} for row in report["changes"]]
        assert done == [exact({key: row[key] for key in row if key != "status"}) for row in planned]
        assert {row["status"] for row in report["changes"]} <= {"done"}, report["changes"]
        after = self.links(), self.rows(_ROWS)
        assert self.plan(command, *arguments) == [], "a second run would change more"
        if undo and report["changes"]:
            self.undo(before)
            redone = self.report("undo", "-y", str(report["batch"] + 1))
            assert redone["code"] == 0
            assert (self.links(), self.rows(_ROWS)) == after, "undoing the undo does not give the same"
            self.undo(before, str(redone["batch"]))
        return report

    def undo(self, before: tuple[Any, ...] | None = None, *batch: str) -> None:
        """Undo a batch; with `before`, everything must be as it was then."""
        report = self.report("undo", "-y", *batch)
        if before is not None:
            assert report["code"] == 0, report
            assert (self.links(), self.rows(_ROWS)) == before, "undo did not give back what was"

    def apply(self, lines: Sequence[dict[str, Any]]) -> dict[str, Any]:
        """Apply changes, twice: the second time does nothing."""
        text = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        report = self.report("apply", "-y", "-", stdin=text)
        if report["code"] != 4:
            state = snapshot(self.video), self.rows(_ROWS)
            again = self.report("apply", "-y", "-", stdin=text)
            assert {row["status"] for row in again["changes"]} <= {"skipped"}, again
            assert (snapshot(self.video), self.rows(_ROWS)) == state, "applied twice is more than once"
        return report
