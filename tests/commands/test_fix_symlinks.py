"""`cineorg fix-symlinks` on real trees: style, chains, subdivisions, and back again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from helpers import Library

GENRE = "Films/Drame"
F = "Films/f.mkv"


def tree(library: Library) -> dict[str, str]:
    """Return every entry of the video tree: a link's text, or what else it is."""
    found = {}
    for folder, folders, files in os.walk(library.video):
        for name in folders + files:
            path = os.path.join(folder, name)
            found[os.path.relpath(path, library.video)] = os.readlink(path) if os.path.islink(path) else "-"
    return found


def links_to(target: str, *names: str) -> dict[str, str]:
    return dict.fromkeys(names, target)


def fixed(library: Library, *arguments: str, code: int = 0) -> dict[str, str]:
    """Scan, plan, apply, apply again (nothing left), and return the tree; check that undo gives the first one back."""
    library.scan()
    before = tree(library)
    planned = library.report("fix-symlinks", "-n", *arguments, code=code)
    assert tree(library) == before
    done = library.report("fix-symlinks", "-y", *arguments, code=code)
    assert [row | {"status": ""} for row in planned["changes"]] == [row | {"status": ""} for row in done["changes"]]
    assert {row["status"] for row in done["changes"]} <= {"done"}
    after = tree(library)
    again = library.report("fix-symlinks", "-y", *arguments, code=code)
    assert again["changes"] == []
    assert again["batch"] is None
    assert tree(library) == after
    if done["batch"] is not None:
        undone = library.report("undo", "-y", code=0)
        assert {row["status"] for row in undone["changes"]} == {"done"}
        assert tree(library) == before
        library.report("fix-symlinks", "-y", *arguments, code=code)
        assert tree(library) == after
    return after


def reasons(library: Library, *arguments: str) -> dict[str, str]:
    report = library.report("fix-symlinks", "-n", *arguments)
    return {os.path.relpath(row["path"], library.video): row["reason"] for row in report["unresolved"]}


def test_one_style(library: Library) -> None:
    library.add({F: 10}, {f"{GENRE}/a (2001).mkv": "@/" + F, f"{GENRE}/b (2001).mkv": f"../../../storage/{F}"})
    absolute = fixed(library, "--absolute")
    assert absolute[f"{GENRE}/b (2001).mkv"] == absolute[f"{GENRE}/a (2001).mkv"] == library.stored(F)
    relative = fixed(library, "--relative")
    assert relative[f"{GENRE}/a (2001).mkv"] == f"../../../storage/{F}"
    assert fixed(library) == relative  # without a style nothing is to be done
    assert os.path.samefile(library.link(f"{GENRE}/a (2001).mkv"), library.stored(F))


def test_relative_starts_at_the_real_folder(library: Library, tmp_path: Path) -> None:
    library.add({F: 10}, {f"{GENRE}/a (2001).mkv": "@/" + F})
    deep = tmp_path / "x" / "y"
    deep.mkdir(parents=True)
    shutil.move(library.video, deep / "video")
    os.symlink(deep / "video", library.video)
    library.scan()
    library.report("fix-symlinks", "-y", "--relative", code=0)
    assert os.readlink(library.link(f"{GENRE}/a (2001).mkv")) == f"../../../../../storage/{F}"
    assert os.path.samefile(library.link(f"{GENRE}/a (2001).mkv"), library.stored(F))
    library.report("fix-symlinks", "-y", "--absolute", code=0)
    assert os.readlink(library.link(f"{GENRE}/a (2001).mkv")) == library.stored(F)


def test_absolute_spells_the_root_as_it_was_given(library: Library, tmp_path: Path) -> None:
    library.add({F: 10}, {f"{GENRE}/a (2001).mkv": f"../../../real/{F}"})
    shutil.move(library.storage, tmp_path / "real")
    os.symlink("real", library.storage)
    assert fixed(library, "--absolute")[f"{GENRE}/a (2001).mkv"] == library.stored(F)


def test_what_is_no_shelf_takes_nothing_in(library: Library) -> None:
    library.add(
        {F: 10},
        links_to(
            "@/" + F,
            f"{GENRE}/Terminator (1984)/Terminator (1984).mkv",
            "Films/Western Stories (2010).mkv",
            f"{GENRE}/X/zz-terminator.deux.1991.1080p.bluray.x264.mkv",
        )
        # An empty genre folder is no prefix folder, whatever a film beside it begins with.
        | {f"{GENRE}/Terminator (1984)/T": None, "Films/Western": None, f"{GENRE}/X/T": None},
    )
    before = set(tree(library)) if library.scan() else set()
    assert set(fixed(library, code=1)) == before
    assert list(reasons(library)) == [f"{GENRE}/X/zz-terminator.deux.1991.1080p.bluray.x264.mkv"]


def test_a_film_s_or_saga_s_own_folder_takes_nothing_in(library: Library) -> None:
    library.add(
        {F: 10},
        links_to(
            "@/" + F,
            f"{GENRE}/Ant-Man/Ant-Man.mkv",
            f"{GENRE}/Blade/Blade (1998).mkv",
            f"{GENRE}/Blade/Blade II (2002).mkv",
            f"{GENRE}/M/M (1931).mkv",
            f"{GENRE}/Avatar (2009).mkv",
            f"{GENRE}/Blade Runner (1982).mkv",
            f"{GENRE}/Mother (2009).mkv",
            f"{GENRE}/Terminator (1984)/Extras/Making of (2001).mkv",
        )
        | {f"{GENRE}/Blade Runner": None, f"{GENRE}/Avatar": None, f"{GENRE}/Terminator (1984)/Extras/M": None},
    )
    before = set(tree(library)) if library.scan() else set()
    assert set(fixed(library)) == before


def test_styles_exclude_each_other(library: Library) -> None:
    library.films(1).scan()
    result = library.run("fix-symlinks", "-n", "--absolute", "--relative")
    assert result.code == 2
    assert "exclude each other" in result.err


def test_no_consent(library: Library) -> None:
    library.films(1).scan()
    assert library.run("fix-symlinks", "--relative").code == 2


def test_broken_links_keep_their_text(library: Library) -> None:
    library.add({F: 10}, {f"{GENRE}/a (2001).mkv": "@/" + F, f"{GENRE}/b (2001).mkv": "@/Films/gone.mkv"})
    after = fixed(library, "--relative", code=1)
    assert after[f"{GENRE}/b (2001).mkv"] == library.stored("Films/gone.mkv")
    assert list(reasons(library, "--relative")) == [f"{GENRE}/b (2001).mkv"]
    assert "broken" in reasons(library, "--relative")[f"{GENRE}/b (2001).mkv"]
    assert reasons(library, "--absolute") == {}  # it has that style already


def test_flatten(library: Library) -> None:
    library.add(
        {F: 10, "Films/alias.mkv": "f.mkv"},
        {
            f"{GENRE}/a (2001).mkv": f"../../../storage/{F}",
            f"{GENRE}/b (2001).mkv": "a (2001).mkv",
            f"{GENRE}/c (2001).mkv": "b (2001).mkv",
            f"{GENRE}/d (2001).mkv": "@/Films/alias.mkv",
            f"{GENRE}/round (2001).mkv": "round (2001).mkv",
        },
    )
    os.symlink(library.link(f"{GENRE}/a (2001).mkv"), library.link(f"{GENRE}/e (2001).mkv"))
    after = fixed(library, "--flatten")
    for name in "abc":
        assert after[f"{GENRE}/{name} (2001).mkv"] == f"../../../storage/{F}"
    assert after[f"{GENRE}/d (2001).mkv"] == after[f"{GENRE}/e (2001).mkv"] == library.stored(F)
    assert after[f"{GENRE}/round (2001).mkv"] == "round (2001).mkv"


def test_flatten_leaves_what_ends_outside(library: Library, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.mkv").write_bytes(b"x")
    os.symlink(tmp_path / "elsewhere.mkv", tmp_path / "outside.mkv")
    library.films(2).add(video={f"{GENRE}/a (2001).mkv": str(tmp_path / "outside.mkv")})
    assert fixed(library, "--flatten")[f"{GENRE}/a (2001).mkv"] == str(tmp_path / "outside.mkv")


def test_flatten_and_style_in_one_change(library: Library) -> None:
    library.add({F: 10}, {f"{GENRE}/a (2001).mkv": "@/" + F, f"{GENRE}/b (2001).mkv": "a (2001).mkv"})
    after = fixed(library, "--flatten", "--absolute")
    assert after[f"{GENRE}/b (2001).mkv"] == library.stored(F)


def test_down_into_subdivisions(library: Library) -> None:
    library.add(
        {F: 10},
        {
            **links_to(
                "@/" + F,
                f"{GENRE}/Terminator (1984) 1080p.mkv",
                f"{GENRE}/American Pie (1999).mkv",
                f"{GENRE}/American/American Beauty (1999).mkv",
                f"{GENRE}/American/American Graffiti (1973).mkv",
                f"{GENRE}/Le Parrain (1972).mkv",
                f"{GENRE}/2012 (2009).mkv",
                f"{GENRE}/Dune (2021).mkv",
                f"{GENRE}/R-Z/Sa-Te/Sully (2016).mkv",
                f"{GENRE}/R-Z/Titanic (1997).mkv",
                "Films/SF/Brazil (1985).mkv",
                "Séries/Séries TV/A-F/Dexter (2006)/Saison 01/Dexter (2006) - S01E01.mkv",
            ),
            f"{GENRE}/Sa (2001).mkv": f"../../../storage/{F}",
            f"{GENRE}/poster.jpg": "@/" + F,
            f"{GENRE}/Terminator (1984) 1080p.fr.srt": "@/" + F,
            f"{GENRE}/#": None,
            f"{GENRE}/P": None,
            f"{GENRE}/R-Z/Ti-Zz": None,
        },
    )
    after = fixed(library)
    assert f"{GENRE}/R-Z/Sa-Te/Terminator (1984) 1080p.mkv" in after
    assert f"{GENRE}/R-Z/Sa-Te/Terminator (1984) 1080p.fr.srt" in after
    assert f"{GENRE}/American/American Pie (1999).mkv" in after
    assert f"{GENRE}/P/Le Parrain (1972).mkv" in after
    assert f"{GENRE}/#/2012 (2009).mkv" in after
    assert f"{GENRE}/R-Z/Ti-Zz/Titanic (1997).mkv" in after
    assert after[f"{GENRE}/R-Z/Sa-Te/Sa (2001).mkv"] == f"../../../../../storage/{F}"
    for stays in ("Dune (2021).mkv", "poster.jpg", "R-Z/Sa-Te/Sully (2016).mkv"):
        assert f"{GENRE}/{stays}" in after
    assert "Films/SF/Brazil (1985).mkv" in after


def test_move_and_style_together(library: Library) -> None:
    library.add({F: 10}, {f"{GENRE}/Terminator (1984).mkv": "@/" + F, f"{GENRE}/Sa-Te": None})
    after = fixed(library, "--relative")
    assert after == {
        "Films": "-",
        GENRE: "-",
        f"{GENRE}/Sa-Te": "-",
        f"{GENRE}/Sa-Te/Terminator (1984).mkv": f"../../../../storage/{F}",
    }


def test_video_files_rows_follow(library: Library) -> None:
    library.add({F: 10}, {f"{GENRE}/Terminator (1984).mkv": "@/" + F, f"{GENRE}/Sa-Te": None}).scan()
    link = library.link(f"{GENRE}/Terminator (1984).mkv")
    library.rows("INSERT INTO video_files (path, symlink_path, filename, size_bytes) VALUES ('x', ?, 'x', 1)", link)
    library.report("fix-symlinks", "-y", code=0)
    assert library.rows("SELECT symlink_path FROM video_files") == [
        (library.link(f"{GENRE}/Sa-Te/Terminator (1984).mkv"),)
    ]
    library.report("undo", "-y", code=0)
    assert library.rows("SELECT symlink_path FROM video_files") == [(link,)]


@pytest.mark.parametrize(
    ("there", "reason"),
    [
        ({f"{GENRE}/Sa-Te/Terminator (1984).mkv": "@/" + F}, "something of that name is there already"),
        ({f"{GENRE}/Sa-Te/Terminator (1984).mkv": 10}, "something of that name is there already"),
        ({f"{GENRE}/Sa-Te/Terminator (1984).mkv": None}, "something of that name is there already"),
        ({f"{GENRE}/Sa-Te": None, f"{GENRE}/Te-Z": None}, "fits Sa-Te and Te-Z equally"),
    ],
)
def test_never_over_anything(library: Library, there: dict[str, str | int | None], reason: str) -> None:
    library.add({F: 10}, {f"{GENRE}/Terminator (1984).mkv": "@/" + F, **there})
    assert f"{GENRE}/Terminator (1984).mkv" in fixed(library, code=1)
    assert reason in reasons(library)[f"{GENRE}/Terminator (1984).mkv"]


def test_two_links_for_one_place(library: Library) -> None:
    name = "Terminator (1984).mkv"
    library.add({F: 10}, {f"{GENRE}/{name}": "@/" + F, f"{GENRE}/S-Z/{name}": "@/" + F, f"{GENRE}/S-Z/Sa-Te": None})
    after = fixed(library, code=1)
    assert f"{GENRE}/S-Z/Sa-Te/{name}" in after
    assert sum(name in path for path in after) == 2


def test_only_the_chosen_place(library: Library) -> None:
    library.add(
        {F: 10},
        links_to("@/" + F, f"{GENRE}/a (2001).mkv", "Films/Action/b (2001).mkv")
        | {f"{GENRE}/A": None, "Films/Action/B": None},
    )
    after = fixed(library, library.link(GENRE), "--relative")
    assert f"{GENRE}/A/a (2001).mkv" in after
    assert after["Films/Action/b (2001).mkv"] == library.stored(F)
    result = library.run("fix-symlinks", "-n", library.stored("Films"))
    assert result.code == 2


def test_nothing_into_an_offline_place(library: Library) -> None:
    library.films(30)
    library.add(video={f"{GENRE}/A-Z": None})
    library.scan()
    for number in range(15):
        os.unlink(library.stored(f"Films/Films.{number}.2001.mkv"))
    before = tree(library)
    report = library.report("fix-symlinks", "-y", "--relative", code=3)
    assert tree(library) == before
    assert report["changes"] == []
    assert len(report["unresolved"]) == 30


def test_odd_names_pass_through(library: Library) -> None:
    name = "Terminator\t\n'\\ caf\udce9 (1984).mkv"
    library.add({F: 10}, {f"{GENRE}/{name}": "@/" + F, f"{GENRE}/Sa-Te": None})
    assert f"{GENRE}/Sa-Te/{name}" in fixed(library, "--relative")
