"""What we take out of a place ourselves is no loss there; a real loss beside it still is one."""

import json
import os
import shutil
from pathlib import Path

import pytest
from helpers import Library, kinds, mounted

DRAMA = "Films/Drame"


@pytest.fixture
def films(tmp_path):
    """Return a library of 40 films with 60 links: the first 20 have two each, in one folder."""
    library = Library(tmp_path)
    library.films(40)
    twins = {f"{DRAMA}/Films no{i} (2001) 1080p.mkv": f"@/Films/Films.{i}.2001.mkv" for i in range(20)}
    library.add(video=twins).scan("--no-register")
    return library


def counted(library):
    rows = library.rows("SELECT path, files FROM cineorg_places WHERE kind <> 'root'")
    return {
        os.fsdecode(path).removeprefix(library.video): n
        for path, n in rows
        if path.startswith(os.fsencode(library.video))
    }


def apply(library, changes, *arguments, code=0):
    lines = b"".join(json.dumps(change).encode() + b"\n" for change in changes)
    result = library.run("apply", "--yes", "--json", "--max-changes", "100%", *arguments, stdin=lines)
    assert result.code == code, result
    return result.json


def move(library, old, new):
    return {"op": "move", "path": library.link(old), "new_path": library.link(new)}


def remove_by_hand(library, number):
    """Remove so many links, not through us."""
    here = library.link(DRAMA)
    for name in sorted(os.listdir(here))[:number]:
        os.unlink(f"{here}/{name}")


def is_believed(library):
    """Return whether the guards trust the video tree; a scan, which would count anew, is not run."""
    report = library.integrity()
    assert report["complete"] is ("offline_target" not in kinds(report))
    return report["complete"]


def clean_up(library):
    fixed = library.report("cleanup", "--fix", "--yes", "--max-changes", "100%", code=0)
    assert fixed["summary"]["done"] == 20


def delete_broken(library):
    for i in range(9):
        os.unlink(library.stored(f"Films/Films.{i}.2001.mkv"))
    for _ in range(2):  # a file that one scan has missed is not gone for good
        library.scan("--no-register")
    arguments = "--skip", "duplicate_symlink", "--delete-broken", "--missing-for", "0", "--max-changes", "100%"
    fixed = library.report("cleanup", "--fix", "--yes", *arguments, code=0)
    assert fixed["summary"]["done"] == 18


@pytest.mark.parametrize("shrink, left", [(clean_up, 40), (delete_broken, 42)])
def test_a_large_batch_is_no_loss_and_half_of_the_rest_is(films, shrink, left):
    shrink(films)
    assert counted(films) == {"": left, "/Films": left}
    assert is_believed(films)
    remove_by_hand(films, left // 2)
    report = films.integrity(code=3)
    assert kinds(report)["offline_target"][0] == films.video
    assert f"lost {left // 2} of the {left}" in report["issues"][0]["reason"]
    assert films.scan(code=3)["complete"] is False


def test_undo_counts_again_what_it_gives_back(films):
    clean_up(films)
    films.report("undo", "--yes", code=0)
    assert counted(films) == {"": 60, "/Films": 60}
    assert is_believed(films)
    remove_by_hand(films, 20)
    assert not is_believed(films)


def test_scan_goes_on_after_a_large_batch(films):
    clean_up(films)
    assert films.scan(code=0)["complete"] is True
    films.report("undo", "--yes", code=0)
    assert films.scan(code=0)["complete"] is True


def test_links_that_no_scan_has_seen_are_in_no_count(films):
    films.films(30, "Movies")
    links = os.listdir(films.link("Movies/Drame"))
    apply(films, [move(films, f"Movies/Drame/{name}", f"{DRAMA}/{name}") for name in links])
    assert counted(films) == {"": 60, "/Films": 60}
    films.report("undo", "--yes", code=0)
    assert counted(films) == {"": 60, "/Films": 60}


@pytest.mark.parametrize("scope", [["Films", "Movies"], ["."]])
@pytest.mark.parametrize("destination", ["Movies", "Films/Other", "New", "New/A-F"])
def test_everything_leaves_one_first_level_folder(tmp_path, scope, destination):
    library = Library(tmp_path)
    library.write_config(f"scope = {json.dumps([*scope, 'New'] if '.' not in scope else scope)}")
    library.films(30).films(60, "Movies").scan("--no-register")
    names = sorted(os.listdir(library.link(DRAMA)))
    changes = [move(library, f"{DRAMA}/{name}", f"{destination}/{name}") for name in names]
    parents = [destination, os.path.dirname(destination)]
    missing = [path for path in map(library.link, filter(None, parents)) if not os.path.isdir(path)]
    for path in missing:
        changes.insert(0, {"op": "make_dir", "path": path})
    changes.append({"op": "remove_dir", "path": library.link(DRAMA)})
    if not destination.startswith("Films"):
        changes.append({"op": "remove_dir", "path": library.link("Films")})
    assert apply(library, changes)["summary"]["done"] == len(changes)
    assert is_believed(library)
    assert counted(library)[""] == 90
    assert counted(library)["/Films"] == (30 if destination.startswith("Films") else 0)
    for name in names[:25]:
        os.unlink(library.link(f"{destination}/{name}"))
    assert not is_believed(library)  # 25 of 90 links have been lost, wherever they were last
    for name in names[:25]:
        os.symlink(library.stored(f"Films/{name}"), library.link(f"{destination}/{name}"))
    library.report("undo", "--yes", code=None)
    assert counted(library)[""] == 90


def test_what_leaves_the_scope_is_no_loss(films):
    names = sorted(os.listdir(films.link(DRAMA)))[:20]
    changes = [move(films, f"{DRAMA}/{name}", f"Archive/{name}") for name in names]
    apply(films, [{"op": "make_dir", "path": films.link("Archive")}, *changes])
    assert is_believed(films)
    remove_by_hand(films, 11)
    assert not is_believed(films)  # 11 of 40


def test_a_volume_outside_the_roots(tmp_path):
    """Links into it that we remove or lead elsewhere are not lost; those that really dangle are."""
    library = Library(tmp_path / "library")
    outside = tmp_path / "usb"
    outside.mkdir()
    with mounted(outside):
        for i in range(14):
            (outside / f"{i}.mkv").write_bytes(b"x")
        library.films(30)
        library.add(video={f"{DRAMA}/Outside no{i} (2001).mkv": f"{outside}/{i}.mkv" for i in range(14)})
        for i in range(10, 14):
            (outside / f"{i}.mkv").unlink()
        library.scan("--no-register")

        def held():
            ((files,),) = library.rows("SELECT files FROM cineorg_places WHERE path = ?", os.fsencode(str(outside)))
            return files

        def link(i):
            return {"path": library.link(f"{DRAMA}/Outside no{i} (2001).mkv"), "old_target": f"{outside}/{i}.mkv"}

        assert held() == 10
        away = [{"op": "remove_link", **link(i)} for i in range(3)]
        away += [{"op": "relink", **link(3), "new_target": library.stored("Films/Films.0.2001.mkv")}]
        back = [{"op": "relink", "if_broken": True, **link(13), "new_target": f"{outside}/9.mkv"}]
        back += [{"op": "remove_link", "if_broken": True, **link(12)}]
        assert apply(library, [*away, *back])["summary"]["done"] == 6
        assert held() == 10 - 4 + 1
        assert is_believed(library)
        for i in (8, 7):
            (outside / f"{i}.mkv").unlink()
        assert not is_believed(library)
        for i in (8, 7):
            (outside / f"{i}.mkv").write_bytes(b"x")
        library.report("undo", "--yes", code=0)
        assert held() == 10
        library.report("undo", "2", "--yes", code=0)
        assert held() == 7
        assert is_believed(library)


def test_a_storage_root_in_a_volume_is_not_that_volume(tmp_path):
    """Links to stored files are not among those that are counted for the disk on which the root lies."""
    base = tmp_path / "disk"
    base.mkdir()
    with mounted(base):
        library = Library(base)
        library.films(30)
        (base / "beside.mkv").write_bytes(b"x")
        library.add(video={f"{DRAMA}/Beside (2001).mkv": f"{base}/beside.mkv"}).scan("--no-register")
        query = "SELECT files FROM cineorg_places WHERE kind = 'volume'"
        assert library.rows(query) == [(1,)]
        links = [
            (library.link(f"{DRAMA}/Films no{i} (2001).mkv"), library.stored(f"Films/Films.{i}.2001.mkv"))
            for i in range(9)
        ]
        apply(library, [{"op": "remove_link", "path": path, "old_target": target} for path, target in links])
        assert library.rows(query) == [(1,)]


def test_a_count_that_fell_below_nothing_counts_as_nothing(films):
    """A scan that cannot read all knows the links that it saw, yet leaves the counts alone."""
    films.rows("UPDATE cineorg_places SET files = 5 WHERE CAST(path AS TEXT) LIKE '%/video%'")
    clean_up(films)
    assert counted(films)[""] == -15
    assert is_believed(films)
    films.report("undo", "--yes", code=0)
    assert counted(films)[""] == 5
    shutil.rmtree(films.link("Films"))
    Path(films.link("Films")).mkdir()
    assert not is_believed(films)
