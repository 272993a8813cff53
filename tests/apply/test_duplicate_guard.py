"""A link that goes because another stays: only while that one is there and reaches the very same file."""

from __future__ import annotations

import json
import os

import pytest
from apply.library import Library, snapshot

from cineorg.apply import preview_changes, read_changes
from cineorg.catalogue import journal
from cineorg.changes import Change, MakeDir, MakeLink, Move, Relink, RemoveLink, change_row
from cineorg.errors import InputError
from cineorg.paths import json_fields

ODD = "kept\udce9.mkv"

# what stands at keep.mkv beside a link to storage/a (names of storage after "@/") → why that one stays, or ""
KEPT: dict[str, tuple[str | None, str]] = {
    "the same file": ("@/a", ""),
    "the same file, said relatively": ("../../../storage/a", ""),
    "by another link": ("other.mkv", ""),
    "a hard link of it": ("@/hard", ""),
    "nothing": (None, "the link that was to stay is not at KEEP: nothing is there any more"),
    "another file": ("@/b", "KEEP, which was to stay, reaches another file"),
    "no file any more": ("@/gone", "KEEP reaches no file"),
    "a folder": ("@/", "KEEP leads to a folder: only of two links to one file can one go"),
    "the link that goes": ("a.mkv", "KEEP, which was to stay, reaches its file through this link"),
    "another link to it": ("./../Action/through.mkv", "KEEP, which was to stay, reaches its file through this link"),
    "itself": ("keep.mkv", "KEEP reaches no file"),
    "a file": ("", "the link that was to stay is not at KEEP: a file is there now"),
}


def prepared(library: Library, keep: str, target: str | None) -> RemoveLink:
    os.link(f"{library.storage}/a", f"{library.storage}/hard")
    os.symlink(f"{library.storage}/a", f"{library.action}/other.mkv")
    os.symlink("a.mkv", f"{library.action}/through.mkv")
    path = f"{library.action}/{keep}"
    if target:
        os.symlink(target.replace("@", library.storage), path)
    elif target is not None:
        os.link(f"{library.storage}/a", path)
    return RemoveLink(f"{library.action}/a.mkv", f"{library.storage}/a", keep=path)


def both(library: Library, changes: list[Change]) -> list[tuple[str, str]]:
    """Return what became of changes that were read from JSON lines; the dry run must have said so."""
    lines = [json.dumps(json_fields(change_row(change))).encode() for change in changes]
    changes = read_changes(lines, library.video, (library.storage,))
    before = snapshot(library.video)
    with library.open() as connection:
        roots = {"video_root": library.video, "storage_roots": (library.storage,), "guards": None}
        preview = preview_changes(connection, changes, **roots)
        assert snapshot(library.video) == before
        outcomes = library.apply(connection, changes).outcomes
    said = [(each.status.replace("planned", "done"), each.reason) for each in preview]
    assert said == [(each.status, each.reason) for each in outcomes]
    return said


@pytest.mark.parametrize("case", KEPT)
@pytest.mark.parametrize("name", ["keep.mkv", ODD])
def test_what_may_stay_for_a_link(library: Library, case: str, name: str) -> None:
    target, reason = KEPT[case]
    target = ODD if target == "keep.mkv" and name == ODD else target
    removal = prepared(library, name, target)
    expected = reason.replace("KEEP", removal.keep)
    assert both(library, [removal]) == [("skipped" if reason else "done", expected)]
    assert os.path.islink(removal.path) == bool(reason)


@pytest.mark.parametrize("target", [None, "@/b", "@/gone"])
def test_it_is_asked_again_just_before_the_step(library: Library, target: str | None) -> None:
    removal = prepared(library, "keep.mkv", "@/a")

    class Meanwhile:
        def check(self, _: object) -> None:
            """Let the plan through."""

        def objection(self, _: Change) -> str:
            os.unlink(removal.keep)
            if target:
                os.symlink(target.replace("@", library.storage), removal.keep)
            return ""

    with library.open() as connection:
        (outcome,) = library.apply(connection, [removal], guards=Meanwhile()).outcomes
        assert [step.state for step in journal.list_steps(connection, 1)] == ["skipped"]
    assert outcome.status == "skipped"
    assert os.path.islink(removal.path)


def test_what_the_batch_has_altered_before(library: Library) -> None:
    removal = prepared(library, "keep.mkv", "@/gone")
    storage, action = library.storage, library.action
    new, moved = f"{library.video}/Films/New2", f"{library.video}/Films/New2/keep.mkv"
    changes = [
        Relink(removal.keep, f"{storage}/gone", "../../../storage/a"),
        MakeDir(new),
        Move(removal.keep, moved),
        Move(f"{action}/other.mkv", removal.keep),
        RemoveLink(removal.path, removal.old_target, keep=moved),
        RemoveLink(f"{action}/b.mkv", "../../../storage/b", keep=removal.keep),  # another link is there by now
        MakeLink(f"{action}/made.mkv", f"{storage}/a"),
        RemoveLink(removal.keep, f"{storage}/a", keep=f"{action}/made.mkv"),
        RemoveLink(f"{action}/made.mkv", f"{storage}/a", keep=removal.keep),  # which has just gone
    ]
    before = snapshot(library.video)
    said = both(library, changes)
    assert [status for status, _ in said] == "done done done done done skipped done done skipped".split()
    with library.open() as connection:
        library.undo(connection)
    assert snapshot(library.video) == before


def test_a_link_that_is_repaired_before_it_goes(library: Library) -> None:
    removal = prepared(library, "keep.mkv", "@/a")
    os.unlink(removal.path)
    os.symlink("/gone", removal.path)
    changes = [Relink(removal.path, "/gone", removal.old_target), removal]
    assert both(library, [removal]) == [("skipped", "it points at /gone now")]
    assert both(library, changes) == [("done", "")] * 2


@pytest.mark.parametrize(
    ("keep", "words"),
    [
        ("VIDEO/Films/Action/a.mkv", "both the link that goes and the one that stays"),
        ("/elsewhere/a.mkv", "does not lie in the video root"),
        ("VIDEO/Films/../a", "'..' components"),
        ("VIDEO/inside/a.mkv", "inside is a link"),
        ("", "'keep' cannot be"),
        (7, "'keep' cannot be"),
    ],
)
def test_a_keep_that_is_none_refuses_the_whole(library: Library, keep: str | int, words: str) -> None:
    os.symlink("Films/Action", f"{library.video}/inside")
    keep = keep.replace("VIDEO", library.video) if isinstance(keep, str) else keep
    row = {"op": "remove_link", "path": f"{library.action}/a.mkv", "old_target": f"{library.storage}/a", "keep": keep}
    with pytest.raises(InputError, match="line 1") as refused:
        read_changes([json.dumps(row).encode()], library.video, (library.storage,))
    assert words in str(refused.value)
