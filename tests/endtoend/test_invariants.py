"""A library lives through months of owners, services and mounts; after each event the invariants of the README hold.

`world.World` knows which file each link means and checks around every command. CINEORG_EXAMPLES=N plays N random
lives instead of the few that are the same each time.
"""

from __future__ import annotations

import os
import random
import shutil
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

pytest.register_assert_rewrite("endtoend.world")

from endtoend.world import Work, World  # noqa: E402

EXAMPLES = int(os.environ.get("CINEORG_EXAMPLES", "0"))
FILMS = [
    ("Rocky", 1976), ("Rocky II", 1979), ("Rocky III", 1982), ("Batman", 1966), ("Batman", 1989), ("1917", 2019),
    ("2012", 2009), ("Solaris", 1972), ("Solaris", 2002), ("Heat", 1995), ("Amélie", 2001),
]  # fmt: skip
EPISODES = [
    ("Kaamelott", 2005, 4, 2), ("Kaamelott", 2005, 4, 21), ("Kaamelott", 2005, 4, 20), ("Kaamelott", 2005, 1, 2),
    ("Kaamelott", 2005, 1, 1), ("Cosmos", 1980, 1, 1), ("Cosmos", 2014, 1, 1), ("Cosmos", 2014, 1, 2),
    ("The 100", 2014, 1, 1), ("24", 2001, 1, 1), ("24", 2001, 1, 2),
]  # fmt: skip
WORKS: list[Work] = [*((title, year, 0, 0) for title, year in FILMS), *EPISODES]
CRYPTIC = ["ht-bb1.mkv", "movie.mkv", "01.mkv", "VTS_01_1.mkv", "a\tb\n\udcff.mkv", "-x.mkv", "é" * 125 + "a.mkv"]
GENRES = ["Drame", "SF", "Odd\n\t\udcff '\\", "-dash"]
numbers = st.integers(0, 2**20)
names = st.integers(0, 11)
works = st.sampled_from(WORKS)


def stored_name(work: Work, form: int, root: int) -> str:
    """Return where a file of the work may be stored; every readable name is true."""
    title, year, season, episode = work
    top, dots = ("one", "two")[root % 2], title.replace(" ", ".")
    code = CRYPTIC[form % len(CRYPTIC)]
    if not season:
        forms = [
            f"{dots}.{year}.1080p.BluRay.x264-GRP.mkv", f"{title} ({year}).mkv", f"{dots.lower()}.{year}.mkv",
            f"{title} ({year})/{title} ({year}) 2160p.mkv", f"{title} ({year})/movie.mkv", f"dump/{code}", code,
        ]  # fmt: skip
        return f"{top}/Films/{forms[form % len(forms)]}"
    folder, numbered = f"{title} ({year})", f"S{season:02}E{episode:02}"
    forms = [
        f"{folder}/Saison {season:02}/{dots}.{numbered}.720p.HDTV.x264-GRP.mkv", f"{dots}.{year}.{numbered}.mkv",
        f"{folder}/Season {season}/{episode:02}.mkv", f"{folder}/{season}x{episode:02}.mkv",
        f"{folder}/Saison {season:02}/{title} ({year}) - {numbered} - Titre.mkv", f"{folder}/{code}", f"dump/{code}",
        f"{dots}.{year}.S{season:02}/{dots.lower()}.{year}.{numbered.lower()}.mkv",
    ]  # fmt: skip
    return f"{top}/Séries/{forms[form % len(forms)]}"


def link_name(work: Work, genre: str, tag: str = "") -> str:
    """Return the canonical place of a link that means the work."""
    title, year, season, episode = work
    if not season:
        return f"Films/{genre}/{title} ({year}){tag}.mkv"
    return f"Séries/{genre}/{title} ({year})/Saison {season:02}/{title} ({year}) - S{season:02}E{episode:02}{tag}.mkv"


def make_world() -> World:
    """Return a scanned library with enough in it that a loss of one file is no loss of a root."""
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    world = World(Path(tempfile.mkdtemp(prefix="cineorg-", dir=memory)))
    for number in range(22):
        film: Work = (f"Film {'abcdefghijklmnopqrstuvwxyz'[number]}{'x' * number}", 1950 + number, 0, 0)
        root = "one" if number < 14 else "two"
        file = world.add_file(f"{root}/Films/{film[0].replace(' ', '.')}.{film[1]}.mkv", film)
        world.add_link(link_name(film, "Drame"), file, film, relative=bool(number % 2))
    for number in range(1, 15):
        episode: Work = ("Zorro", 1957, 1, number)
        file = world.add_file(f"{'one' if number < 9 else 'two'}/Séries/Zorro/Zorro.S01E{number:02}.mkv", episode)
        world.add_link(link_name(episode, "Séries TV"), file, episode)
    world.scan()
    return world


class Life(RuleBasedStateMachine):
    """One library's life."""

    def __init__(self) -> None:
        super().__init__()
        self.world = make_world()
        self.kept: list[dict[str, Any]] = []

    def teardown(self) -> None:
        try:
            if sys.exc_info()[0] is None:
                self.night()
        finally:
            shutil.rmtree(self.world.base)

    def night(self) -> None:
        """Do what a nightly script does, everything being mounted."""
        for root in list(self.world.away):
            self.world.show(root)
        self.world.accept()
        self.world.change("repair-links", undo=True)
        self.world.change("repair-links")
        self.world.change("fix-bad-links", undo=True)
        self.world.change("link-movies", undo=True)
        self.world.integrity()

    @initialize(chosen=st.lists(st.tuples(works, names, numbers), min_size=8, max_size=16))
    def begin(self, chosen: list[tuple[Work, int, int]]) -> None:
        for work, form, number in chosen:
            self.add(work, form, number)
        self.world.scan()

    def files(self) -> list[str]:
        """Return the files that can be got at: those of roots that are not away."""
        return sorted(path for path in self.world.files if self.world.root_of(path) not in self.world.away)

    def pick(self, items: list[str], number: int) -> str | None:
        """Choose one, rather among those that are no filler."""
        telling = [item for item in items if "Film " not in item and "Film." not in item and "Zorro" not in item]
        items = telling if telling and number % 8 else items
        return items[number % len(items)] if items else None

    def is_free(self, path: str) -> bool:
        return f"{self.world.base}/{path.split('/')[0]}" not in self.world.away and not os.path.lexists(
            f"{self.world.base}/{path}"
        )

    # Owners

    @rule(work=works, form=names, number=numbers)
    def add(self, work: Work, form: int, number: int) -> None:
        path = stored_name(work, form, number)
        held = [work]
        if work[2] and number % 5 == 0 and "E" in path.rpartition("/")[2]:
            path = path.replace(f"E{work[3]:02}", f"E{work[3]:02}-E{work[3] + 1:02}")
            held.append((*work[:3], work[3] + 1))
        if not self.is_free(path):
            return
        file = self.world.add_file(path, *held)
        link = link_name(
            work, GENRES[number % len(GENRES)] if not work[2] else "TV", " [v2]" if number % 7 == 0 else ""
        )
        if not os.path.lexists(f"{self.world.video}/{link}") and number % 11:
            self.world.add_link(link, file, work, relative=number % 3 == 0)

    @rule(number=numbers)
    def link_to_link(self, number: int) -> None:
        link = self.pick(sorted(self.world.links()), number)
        if link is not None and link.startswith(f"{self.world.video}/Films"):
            name = f"Films/Chains/{os.path.basename(link)}"
            if not os.path.lexists(f"{self.world.video}/{name}"):
                self.world.add_link(name, link, self.world.means[link], relative=number % 2 == 0)

    @rule(number=numbers, form=names, root=numbers)
    def rename(self, number: int, form: int, root: int) -> None:
        file = self.pick(self.files(), number)
        if file is None:
            return
        held = sorted(self.world.works[self.world.files[file]])
        path = stored_name(held[0], form, root)
        if len(held) > 1:
            path = path.replace(f"E{held[0][3]:02}", f"E{held[0][3]:02}E{held[1][3]:02}")
        if self.is_free(path):
            self.world.move(file, path)

    @rule(number=numbers, form=names, root=numbers, again=st.booleans())
    def issue_anew(self, number: int, form: int, root: int, again: bool) -> None:
        """Let another issue take a file's place under another name: only names can tell."""
        file = self.pick(self.files(), number)
        if file is not None and len(self.world.works[self.world.files[file]]) == 1:
            work = min(self.world.works[self.world.files[file]])
            path = stored_name(work, form, root)
            if self.is_free(path):
                self.world.delete(file)
                self.world.add_file(path, work)
                if again and self.is_free(stored_name(work, form + 1, root + 1)):
                    self.world.add_file(stored_name(work, form + 1, root + 1), work)

    @rule(work=st.sampled_from(EPISODES), number=numbers)
    def link_wrongly(self, work: Work, number: int) -> None:
        """Make a link to a file of another episode, as other tools do."""
        files = [path for path in self.files() if "/Séries/" in path and os.path.exists(path)]
        file, name = self.pick(files, number), link_name(work, "TV")
        if file is not None and not os.path.lexists(f"{self.world.video}/{name}"):
            self.world.add_link(name, file, work)

    @rule(number=numbers, form=names, root=numbers)
    def copy(self, number: int, form: int, root: int) -> None:
        file = self.pick(self.files(), number)
        if file is not None and len(self.world.works[self.world.files[file]]) == 1:
            path = stored_name(min(self.world.works[self.world.files[file]]), form, root)
            if self.is_free(path):
                self.world.copy(file, path)

    @rule(number=numbers)
    def rename_folder(self, number: int) -> None:
        folders = sorted({os.path.dirname(path) for path in self.files()})
        folders = [path for path in folders if path.count("/") - self.world.base.count("/") > 2]
        folder = self.pick(folders, number)
        if folder is not None:
            new = f"{folder} [x{number % 3}]"[len(self.world.base) + 1 :]
            if self.is_free(new) and number % 2:
                self.world.move(folder, new)
            elif number % 2 == 0 and self.is_free(os.path.join(os.path.dirname(new), "pack", os.path.basename(folder))):
                self.world.move(folder, os.path.join(os.path.dirname(new), "pack", os.path.basename(folder)))

    @rule(number=numbers)
    def delete(self, number: int) -> None:
        file = self.pick(self.files(), number)
        if file is not None:
            self.world.delete(file)

    @rule(number=numbers, work=works)
    def replace(self, number: int, work: Work) -> None:
        file = self.pick(self.files(), number)
        if file is not None:
            is_code = os.path.basename(file) in CRYPTIC and "/dump/" in file
            self.world.replace(file, *([work] if is_code and bool(work[2]) == ("/Séries/" in file) else []))

    @rule(number=numbers, genre=st.sampled_from(GENRES))
    def move_link(self, number: int, genre: str) -> None:
        texts = self.world.links()
        first_ends = {os.path.normpath(os.path.join(os.path.dirname(path), text)) for path, text in texts.items()}
        free = [path for path, text in texts.items() if text.startswith("/") and path not in first_ends]
        link = self.pick(sorted(path for path in free if "/Films/" in path), number)
        if link is not None:
            new = f"{self.world.video}/Films/{genre}/{os.path.basename(link)}"
            if not os.path.lexists(new):
                self.world.move_link(link, new)

    # Mounts

    @precondition(lambda self: not self.world.away)
    @rule(root=st.sampled_from([0, 1]), how=st.sampled_from(["empty", "gone", "folder", "half"]), decoy=st.booleans())
    def unmount(self, root: int, how: str, decoy: bool) -> None:
        if not any(self.world.root_of(path) == self.world.roots[root] for path in self.world.files):
            return
        self.world.accept()
        self.world.hide(self.world.roots[root], how)
        if decoy and how in ("empty", "folder"):
            self.world.add_decoy(self.world.roots[root], "Films/Rocky.II.1979.DECOY.mkv")
            self.world.add_decoy(self.world.roots[root], "Séries/Kaamelott (2005)/Saison 04/Kaamelott.S04E21.mkv")

    @precondition(lambda self: self.world.away)
    @rule()
    def mount(self) -> None:
        self.world.show(next(iter(self.world.away)))

    # Commands

    @rule(register=st.booleans())
    def scan(self, register: bool) -> None:
        self.world.scan(*([] if register else ["--no-register"]))

    @precondition(lambda self: not self.world.away)
    @rule()
    def accept(self) -> None:
        self.world.accept()

    @rule(undo=st.booleans())
    def repair(self, undo: bool) -> None:
        self.world.change("repair-links", undo=undo)

    @rule(command=st.sampled_from(["fix-bad-links", "link-movies"]), undo=st.booleans())
    def other(self, command: str, undo: bool) -> None:
        self.world.change(command, undo=undo)

    @rule(style=st.sampled_from([["--relative"], ["--absolute"], ["--flatten"]]), undo=st.booleans())
    def fix_symlinks(self, style: list[str], undo: bool) -> None:
        self.world.change("fix-symlinks", *style, undo=undo)

    @rule(seed=numbers)
    def apply_some(self, seed: int) -> None:
        lines = self.world.plan()
        chance = random.Random(seed)
        chance.shuffle(lines)
        self.world.apply(lines[: chance.randint(0, len(lines))])

    @rule(seed=numbers)
    def keep_a_plan(self, seed: int) -> None:
        self.kept = self.world.plan() if seed % 2 else self.world.plan("fix-bad-links")

    @rule()
    def apply_the_kept_plan(self) -> None:
        self.world.apply(self.kept)

    @precondition(lambda self: not self.world.away)
    @rule()
    def lose_the_catalogue(self) -> None:
        for end in ("", "-wal", "-shm"):
            if os.path.exists(self.world.db + end):
                os.unlink(self.world.db + end)
        self.kept = []
        self.world.scan()

    @rule()
    def undo(self) -> None:
        self.world.undo()

    @rule(number=numbers)
    def pin(self, number: int) -> None:
        link = self.pick(sorted(self.world.links()), number)
        fitting = [
            path for path in self.files() if link and self.world.means[link] in self.world.works[self.world.files[path]]
        ]
        file = self.pick([path for path in fitting if os.path.exists(path)], number)
        if link and file and self.world.root_of(self.world.end_of(link)) not in self.world.away:
            report = self.world.report("repair-links", link, "--to", file, "-y")
            assert report["code"] in (0, 3), report
            assert self.world.end_of(link) == file or os.readlink(link) == file, report

    @invariant()
    def holds(self) -> None:
        self.world.integrity()


TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=EXAMPLES or 12,
    stateful_step_count=30,
    deadline=None,
    derandomize=not EXAMPLES,
    suppress_health_check=list(HealthCheck),
    print_blob=bool(EXAMPLES),
    phases=[Phase.generate] if EXAMPLES else list(Phase),
    report_multiple_bugs=False,
)
