"""How many broken links get the right file back, how many a wrong one, how many none.

    python tests/benchmarks/repair_accuracy.py [--names FILE.tsv]... [--size N]... [--seed N]... [--verbose]
    python tests/benchmarks/repair_accuracy.py --time [--files 100000] [--broken 1000]

A library is built in a temporary folder from tables of names (columns name, type, title, year, season, episodes)
and from generated films and series: sequels, remakes, twins of quality and cut, three-digit and multi-episode files,
specials, series of similar titles. Files are sparse, each of a size of its own. Then files are moved, renamed,
replaced by another release, given a cryptic name or deleted, others that tempt to a wrong repair are stored, and
`repair-links --auto` is run: without a scan, with a scan before the damage, and
with one before and one after it.

wrong: the link leads to another file than the one it was made for, or to any at all when that is gone. missed: it
stays broken although its file is there under a name that says what it is. The goals are wrong = 0, and missed at
most 1 % with a scan, 5 % without.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.repair_damage import OLD_WAYS, WAYS, damage, tempt
from benchmarks.repair_items import Item, build

from cineorg.names.title import title_of

REPOSITORY = Path(__file__).parent.parent.parent
SCANS = ("none", "before", "both")


@dataclass(slots=True)
class Tally:
    """What became of the links of one run."""

    right: int = 0
    wrong: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    other_release: int = 0
    unreadable: int = 0
    left: int = 0
    by_how: Counter[str] = field(default_factory=Counter)

    @property
    def missed_share(self) -> float:
        """Return the share of links missed among those that could have been repaired by name."""
        return len(self.missed) / max(1, self.right + len(self.missed))


# Running


def cineorg(base: Path, command: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    """Run a command on the library below `base`."""
    flags = ["--storage", f"{base}/storage", "--video", f"{base}/video", "--db", f"{base}/cineorg.db"]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "XDG_CONFIG_HOME": f"{base}/config"}
    return subprocess.run(
        [sys.executable, "-m", "cineorg", command, *flags, *arguments],
        env=environment,
        capture_output=True,
        check=False,
    )


def judge(base: Path, items: Sequence[Item], reasons: dict[str, str]) -> Tally:
    """Compare every link with the file that it was made for."""
    tally = Tally()
    files: dict[str, list[Item]] = {}
    for item in items:
        files.setdefault(item.path, []).append(item)
    for item in items:
        link = base / "video" / item.link
        end = os.path.relpath(os.path.normpath(link.parent / os.readlink(link)), base / "storage")
        if not item.how:
            if end != item.path:
                tally.wrong.append(f"{item.link}: was healthy, now {end}")
        elif end == item.old:
            if not item.path:
                tally.left += 1
            elif item.is_readable:
                tally.missed.append(f"{item.how}: {item.link} <- {item.path}: {reasons.get(str(link))}")
            else:
                tally.unreadable += 1
        elif end == item.path:
            tally.right += 1
            tally.by_how[item.how] += 1
        elif _is_same_work(item, files.get(end, ())):
            tally.other_release += 1
        else:
            tally.wrong.append(f"{item.how}: {item.link} got {end}, its file was {item.old}, is {item.path or 'gone'}")
    return tally


def _is_same_work(item: Item, others: Sequence[Item]) -> bool:
    """Return whether a file is another release of an item: given where its own is gone, it is right."""
    said = (item.kind, title_of(item.title).key, item.year, item.season)
    return any(
        (other.kind, title_of(other.title).key, other.year, other.season) == said
        and set(item.episodes) <= set(other.episodes)
        for other in others
    )


def run(
    tables: Sequence[Path],
    size: int,
    seed: int,
    scan: str,
    share: float = 0.2,
    *,
    mean: bool = False,
    ways: Sequence[str] = OLD_WAYS,
    tempts: bool = False,
) -> Tally:
    """Build, break, repair and judge one library; `scan` is one of SCANS."""
    dice = random.Random(seed)
    base = Path(tempfile.mkdtemp(prefix="cineorg-repair-"))
    try:
        items = build(base, tables, size, dice, mean=mean)
        if scan != "none":
            _must(cineorg(base, "scan", "--jsonl"), {0})
        damage(base, items, share, dice, ways=ways)
        if tempts:
            tempt(base, items, dice)
        if scan == "both":
            _must(cineorg(base, "scan", "--jsonl", "--accept", f"{base}/storage"), {0})
        done = _must(cineorg(base, "repair-links", "--auto", "--json", "--max-changes", "100%"), {0, 1})
        reasons = {row["path"]: row["reason"] for row in json.loads(done.stdout)["unresolved"]}
        return judge(base, items, reasons)
    finally:
        shutil.rmtree(base)


def _must(done: subprocess.CompletedProcess[bytes], codes: set[int]) -> subprocess.CompletedProcess[bytes]:
    if done.returncode not in codes:
        raise SystemExit(f"exit {done.returncode}: {done.stderr.decode()[-2000:]}{done.stdout.decode()[-2000:]}")
    return done


def measure_time(files: int, broken: int, seed: int) -> None:
    """Print how long `repair-links --auto` takes for that many broken links against that many files."""
    dice = random.Random(seed)
    base = Path(tempfile.mkdtemp(prefix="cineorg-repair-"))
    try:
        items = build(base, [], files, dice)
        _must(cineorg(base, "scan", "--jsonl"), {0})
        damage(base, items, broken / len(items), dice)
        number = sum(bool(item.how) for item in items)
        for label, scans in (("moves known by no scan yet", 0), ("after a scan", 1), ("names only", 2)):
            if scans == 1:
                _must(cineorg(base, "scan", "--jsonl"), {0})
            if scans == 2:
                os.unlink(base / "cineorg.db")
            began = time.monotonic()
            done = _must(cineorg(base, "repair-links", "--auto", "-n", "--json", "--max-changes", "100%"), {0, 1})
            summary = json.loads(done.stdout)["summary"]
            print(f"{label}: {number} broken of {len(items)}: {time.monotonic() - began:.1f} s, {summary}")
    finally:
        shutil.rmtree(base)


def main() -> None:
    """Print the figures for every size, seed and kind of scan."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=Path, action="append", default=[])
    parser.add_argument("--size", type=int, action="append")
    parser.add_argument("--seed", type=int, action="append")
    parser.add_argument("--scan", choices=SCANS, action="append")
    parser.add_argument("--share", type=float, default=0.2)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--mean", action="store_true", help="titles and names that are easily confused")
    parser.add_argument("--all-ways", action="store_true", help="other releases and obfuscated names, and temptations")
    parser.add_argument("--time", action="store_true")
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--broken", type=int, default=1000)
    options = parser.parse_args()
    if options.time:
        measure_time(options.files, options.broken, (options.seed or [1])[0])
        return
    for size in options.size or [300, 2000]:
        for seed in options.seed or [1, 2, 3]:
            for scan in options.scan or SCANS:
                ways = WAYS if options.all_ways else OLD_WAYS
                more = {"mean": options.mean, "ways": ways, "tempts": options.all_ways}
                tally = run(options.names, size, seed, scan, options.share, **more)
                print(
                    f"size {size} seed {seed} scan {scan}: right {tally.right}, other release {tally.other_release},"
                    f" wrong {len(tally.wrong)}, missed {len(tally.missed)} ({100 * tally.missed_share:.1f} %),"
                    f" left {tally.left + tally.unreadable}"
                )
                for line in tally.wrong:
                    print("  WRONG", line)
                for line in tally.missed if options.verbose else ():
                    print("  missed", line)


if __name__ == "__main__":
    main()
