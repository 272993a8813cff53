"""How many links of healthy libraries `fix-bad-links` reports or would change: none is the goal.

    python tests/benchmarks/healthy_links.py [--names FILE.tsv]... [--size N] [--seed N]...

A library is built from each table of names by itself, and from generated items; double files are spelled in every way.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks.repair_accuracy import cineorg
from benchmarks.repair_items import Item, build, link_to, make_file

DOUBLES = (
    "S{0:02}E{1:02}E{2:02}", "S{0:02}E{1:02}-E{2:02}", "S{0:02}E{1:02}-{2:02}", "S{0:02}E{1:02}_{2:02}",
    "S{0:02}E{1:02}.et.E{2:02}", "S{0:02}E{1:02} et {2:02}", "S{0:02}E{1:02} à {2:02}", "S{0:02}E{1:02}and{2:02}",
    "S{0:02}E{1:02}.and.E{2:02}", "{0}x{1:02}-{2:02}", "{0}x{1:02}_{2:02}", "S{0:02}E{1:02}+E{2:02}",
    "S{0:02}E{1:02} & E{2:02}", "S{0:02}.E{1:02}-E{2:02}", "Saison {0} Episode {1:02} et {2:02}",
)  # fmt: skip


def doubles(dice: random.Random) -> Iterator[Item]:
    """Yield the links of files that hold two or three episodes, their numbers joined in every way."""
    for place, form in enumerate(DOUBLES):
        title = f"Double {('Amber', 'Basil', 'Cedar', 'Dagger')[place % 4]} {place}x".rstrip("x")
        for first in (1, 4, 10):
            last = first + (1 if first < 10 else dice.choice((1, 2)))
            name = f"{title} {form.format(1, first, last)} VF.avi".replace(" ", dice.choice((" ", ".")))
            for number in (first, last):
                item = Item("episode", title, None, 1, (number,), f"Séries/{title}/{name}", "")
                item.link = f"Séries/Séries TV/{title}/Saison 01/{title} - {item.code}.avi"
                yield item


def judged(tables: Sequence[Path], size: int, seed: int) -> list[str]:
    """Return what `fix-bad-links` says of a healthy library, a line each."""
    dice = random.Random(seed)
    base = Path(tempfile.mkdtemp(prefix="cineorg-healthy-"))
    try:
        build(base, tables, size, dice)
        for number, item in enumerate(doubles(dice)):
            if not (base / "storage" / item.path).exists():
                make_file(base / "storage" / item.path, 7_000_000 + number)
            link_to(base, item, dice)
        cineorg(base, "scan", "--jsonl")
        done = json.loads(cineorg(base, "fix-bad-links", "-n", "--json", "--max-changes", "100%").stdout)
        lines = [f"{row['path']} -> {row['new_target']}: {row['evidence']}" for row in done["changes"] if "path" in row]
        return lines + [f"{row['path']}: {row['reason']}" for row in done["unresolved"]]
    finally:
        shutil.rmtree(base)


def main() -> None:
    """Print the figures of each table and of generated libraries."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--names", type=Path, action="append", default=[])
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--seed", type=int, action="append")
    options = parser.parse_args()
    runs = [([table], 0, 1, table.name) for table in options.names]
    runs += [([], options.size, seed, f"generated, seed {seed}") for seed in options.seed or (1, 2, 3)]
    for tables, size, seed, label in runs:
        lines = judged(tables, size, seed)
        print(f"{label}: {len(lines)} reported")
        for line in lines:
            print("  ", line)


if __name__ == "__main__":
    main()
