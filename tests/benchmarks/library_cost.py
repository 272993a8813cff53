"""What `scan` and `integrity` cost on a generated library, as ratios of one run and as counted system calls.

    python tests/benchmarks/library_cost.py 100000 [1000000 …] [--keep DIR]

For each number of links: `integrity --json` against `find storage video -printf '%y %p %l\\n'` (in turn, medians),
system calls by kind (with strace, where it is installed), the peak memory of `integrity`, the second `scan` against
the first. Goals: at most 1.5 times find at 100 000 links; one readlink a link and no stat an entry; under 1 GiB at
1 000 000.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 5
FILMS_SHARE = 5  # one link in five is a film's


def make_library(root: Path, links: int) -> None:
    """Make a library of `links` links: films in genre folders, series of five seasons of twenty episodes."""
    films = links // FILMS_SHARE
    for number in range(films):
        letter, year = chr(65 + number % 26), 1950 + number % 70
        stored = root / "storage/Films" / f"Shelf {number % 40}"
        shown = root / "video/Films" / f"Genre {number % 15}" / letter
        name = f"{letter}ilm.{number}.{year}.MULTi.1080p.BluRay.x264-GRP.mkv"
        add(stored, name, shown, f"{letter}ilm {number} ({year}) MULTi 1080p.mkv")
    for index in range(links - films):
        show, season, episode = index // 100, index // 20 % 5 + 1, index % 20 + 1
        stored = root / "storage/Séries" / f"Show.{show}.S{season:02}.1080p.WEB"
        title = f"Show {show} ({1980 + show % 40})"
        shown = root / "video/Séries/Séries TV" / chr(65 + show % 26) / title / f"Saison {season:02}"
        name = f"show.{show}.s{season:02}e{episode:02}.multi.1080p.web.x264-GRP.mkv"
        add(stored, name, shown, f"{title} - S{season:02}E{episode:02} - Part {episode} - MULTi 1080p.mkv")


def add(stored: Path, name: str, shown: Path, link: str) -> None:
    """Add one stored file (empty) and the link to it."""
    for folder in (stored, shown):
        if str(folder) not in _made:
            folder.mkdir(parents=True, exist_ok=True)
            _made.add(str(folder))
    os.close(os.open(f"{stored}/{name}", os.O_CREAT | os.O_WRONLY))
    os.symlink(f"{stored}/{name}", f"{shown}/{link}")


_made: set[str] = set()


def run(command: list[str], allowed: tuple[int, ...] = (0,)) -> float:
    """Run a command with its output thrown away through a pipe; return its wall time in seconds."""
    started = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if done.returncode not in allowed:
        sys.exit(f"{command} exited {done.returncode}")
    return time.perf_counter() - started


def peak_mib(command: list[str]) -> float:
    """Return the peak resident memory of one run, in MiB (Linux reports KiB)."""
    program = "import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL);"
    program += "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
    done = subprocess.run([sys.executable, "-c", program, *command], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1024


def system_calls(command: list[str]) -> dict[str, int]:
    """Return how often a command made each system call, empty without strace."""
    if not shutil.which("strace"):
        return {}
    with tempfile.NamedTemporaryFile() as file:
        subprocess.run(["strace", "-f", "-c", "-o", file.name, *command], stdout=subprocess.DEVNULL, check=False)
        lines = Path(file.name).read_text().splitlines()
    rows = [re.split(r"\s+", line.strip()) for line in lines if re.match(r"\s*\d", line)]
    return {row[-1]: int(row[3]) for row in rows if row[-1] != "total"}


def measure(root: Path, links: int) -> None:
    """Print every figure for one size."""
    make_library(root, links)
    base = [sys.executable, "-m", "cineorg"]
    places = ["--storage", f"{root}/storage", "--video", f"{root}/video", "--db", f"{root}/catalogue.db"]
    find = ["find", f"{root}/storage", f"{root}/video", "-printf", "%y %p %l\\n"]
    integrity = [*base, "integrity", *places, "--json"]
    first = run([*base, "scan", *places, "--tsv"])
    second = run([*base, "scan", *places, "--tsv"])
    pairs = [(run(integrity), run(find)) for _ in range(ROUNDS + 1)][1:]
    ours, theirs = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"{links} links")
    print(f"  integrity / find        {ratio:.2f}  ({ours:.2f} s / {theirs:.2f} s, medians of {ROUNDS})")
    print(f"  second scan / first     {second / first:.2f}  ({second:.1f} s / {first:.1f} s)")
    print(f"  peak memory, integrity  {peak_mib(integrity):.0f} MiB")
    calls, empty = system_calls(integrity), system_calls([*base, "--help"])
    if calls:
        for name in ("readlink", "newfstatat", "getdents64", "openat"):
            extra = calls.get(name, 0) - empty.get(name, 0)
            print(f"  {name:<12} {extra:>9}  {extra / links:.4f} a link")
    folders = sum(1 for _ in os.walk(root))
    print(f"  folders      {folders:>9}")


def main() -> None:
    """Read the sizes and measure each."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("links", type=int, nargs="*", default=[100_000])
    parser.add_argument("--keep", metavar="DIR", help="make the library here and leave it")
    options = parser.parse_args()
    for links in options.links:
        _made.clear()
        root = Path(options.keep or tempfile.mkdtemp(prefix="cineorg-cost-")) / str(links)
        try:
            measure(root, links)
        finally:
            if not options.keep:
                shutil.rmtree(root.parent, ignore_errors=True)


if __name__ == "__main__":
    main()
