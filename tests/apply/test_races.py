"""Somebody else is quicker: whatever they put there stays there, and no link of theirs or ours is lost.

A stranger acts just before the call number N of ours, for every N, on the old name or on the new one.
"""

import errno
import os
from pathlib import Path

import pytest
from apply.calls import Calls
from apply.library import snapshot

from cineorg.apply import steps
from cineorg.changes import MakeDir, MakeLink, Move, Relink, RemoveDir, RemoveLink
from cineorg.testing import snapshot as exact_state


def put_link(path):
    os.symlink("/a/stranger's/link", path)


def put_file(path):
    Path(path).write_text("a stranger's file", "utf-8")


def put_folder(path):
    os.mkdir(path)
    put_file(path + "/inside")


STRANGERS = {"link": put_link, "file": put_file, "folder": put_folder, "nothing": None}


def clear(path):
    if os.path.isdir(path) and not os.path.islink(path):
        os.rmdir(path)
    elif os.path.lexists(path):
        os.unlink(path)


def changes_of(library):
    """Return one change of each kind, by name, with the names that a stranger may take."""
    storage, action, films = library.storage, library.action, library.video + "/Films"
    c, b = f"{action}/c.mkv", f"{action}/b.mkv"
    return {
        "relink": (Relink(c, f"{storage}/c", f"{storage}/a2"), [c]),
        "remove": (RemoveLink(c, f"{storage}/c"), [c]),
        "move": (Move(c, f"{films}/c2.mkv"), [c, f"{films}/c2.mkv"]),
        "rewriting move": (Move(b, f"{films}/b2.mkv"), [b, f"{films}/b2.mkv"]),
        "make_link": (MakeLink(f"{films}/new", "/x"), [f"{films}/new"]),
        "make_dir": (MakeDir(f"{films}/new"), [f"{films}/new"]),
        "remove_dir": (RemoveDir(f"{films}/Empty"), [f"{films}/Empty"]),
    }


@pytest.mark.parametrize("who", STRANGERS)
@pytest.mark.parametrize("kind", ["relink", "remove", "move", "rewriting move", "make_link", "make_dir", "remove_dir"])
def test_a_stranger_takes_the_name_before_each_call(new_library, kind, who):
    for which in range(len(changes_of(new_library())[kind][1])):
        at, was_reached = 0, True
        while was_reached:
            library = new_library()
            change, names = changes_of(library)[kind]
            name, storage = names[which], exact_state(library.storage)
            links = library.links()

            def interfere(_, call, name=name):
                clear(name)
                if STRANGERS[who]:
                    STRANGERS[who](name)
                return call()

            calls = Calls(at, interfere)
            with library.open() as connection, calls.watching(connection) as watched:
                outcome = library.apply(watched, [change]).outcomes[0]
            was_reached = len(calls.names) > at
            if was_reached:
                check_stranger(library, names if kind.endswith("move") else [name], who)
            check_ours(library, change, name if was_reached else "", outcome)
            assert exact_state(library.storage) == storage
            for path, target in links.items():
                assert path in names or os.readlink(path) == target
            at += 1


def check_stranger(library, names, who):
    """Fail unless the stranger's entry is there. A move may move a link that it found, so it may have the new name."""
    found = snapshot(library.video)
    if who == "link":
        assert any(found.get(name) == "-> /a/stranger's/link" for name in names)
    elif who == "file":
        assert any(found.get(name) == "a stranger's file" for name in names)
    elif who == "folder":
        assert any(found.get(name + "/inside") == "a stranger's file" for name in names)
    assert not [path for path in found if ".cineorg-" in path]


def check_ours(library, change, taken, outcome):
    """Fail if a link of ours is lost that the stranger did not replace, or is there twice."""
    found = snapshot(library.video)
    assert outcome.status in ("done", "skipped"), outcome
    assert outcome.status == "done" or outcome.reason
    if isinstance(change, Move):
        here = [path for path in (change.path, change.new_path) if path in found and path != taken]
        assert len(here) == 1 or (taken and not here)
        if taken == change.path and outcome.status == "skipped":
            assert not here


@pytest.mark.parametrize("who", STRANGERS)
def test_a_stranger_takes_the_name_while_a_folder_is_made_again(new_library, who):
    at, was_reached = 0, True
    while was_reached:
        library = new_library()
        path = f"{library.video}/Films/Empty"
        with library.open() as connection:
            library.apply(connection, [RemoveDir(path)])

            def interfere(_, call, path=path):
                clear(path)
                if STRANGERS[who]:
                    STRANGERS[who](path)
                return call()

            calls = Calls(at, interfere)
            with calls.watching(connection) as watched:
                (outcome,) = library.undo(watched).outcomes
        was_reached = len(calls.names) > at
        if was_reached:
            check_stranger(library, [path], who)
        assert outcome.status in ("done", "skipped"), outcome
        at += 1


def test_what_was_swapped_in_between_look_and_exchange_comes_back(library, monkeypatch):
    path = f"{library.action}/c.mkv"
    change = Relink(path, f"{library.storage}/c", f"{library.storage}/a2")
    for put in (put_link, put_file, put_folder):
        exchange = steps.exchange

        def swapped(one, other, put=put, exchange=exchange):
            clear(path)
            put(path)
            monkeypatch.setattr(steps, "exchange", exchange)
            exchange(one, other)

        monkeypatch.setattr(steps, "exchange", swapped)
        with library.open() as connection:
            outcome = library.apply(connection, [change]).outcomes[0]
        assert outcome.status == "skipped"
        assert "in the very moment" in outcome.reason
        if put is put_folder:
            os.unlink(path + "/inside")
        clear(path)
        os.symlink(f"{library.storage}/c", path)
    assert not [path for path in snapshot(library.video) if ".cineorg-" in path]


def test_a_stranger_who_comes_twice_loses_nothing(library, monkeypatch):
    """Replaced before the exchange and again before the swap back: the journal says where the first thing is."""
    path = f"{library.action}/c.mkv"
    exchange, times = steps.exchange, iter((put_file, put_link))

    def swapped(one, other):
        clear(path)
        next(times)(path)
        exchange(one, other)

    monkeypatch.setattr(steps, "exchange", swapped)
    with library.open() as connection:
        outcome = library.apply(connection, [Relink(path, f"{library.storage}/c", "/x")]).outcomes[0]
    assert outcome.status == "failed"
    found = snapshot(library.video)
    assert {"a stranger's file", "-> /a/stranger's/link"} <= set(found.values())
    assert ".cineorg-" in outcome.reason


@pytest.mark.parametrize("who", ["file", "folder", "link"])
def test_what_replaced_a_link_just_before_its_move_goes_back(library, monkeypatch, who):
    path, rename = f"{library.action}/c.mkv", steps.rename_flagged

    def late(source, destination, flags):
        clear(path)
        STRANGERS[who](path)
        monkeypatch.setattr(steps, "rename_flagged", rename)
        rename(source, destination, flags)

    monkeypatch.setattr(steps, "rename_flagged", late)
    with library.open() as connection:
        outcome = library.apply(connection, [Move(path, f"{library.leaving}/c.mkv")]).outcomes[0]
    assert outcome.status == "skipped"
    assert not os.path.lexists(f"{library.leaving}/c.mkv")
    check_stranger(library, [path], who)


@pytest.mark.parametrize("who", ["file", "folder", "link"])
def test_without_exchange_the_last_look_is_the_last_moment(library, monkeypatch, who):
    path = f"{library.action}/c.mkv"

    def refuse(*_):
        clear(path)
        STRANGERS[who](path)
        raise OSError(errno.EINVAL, "not here")

    monkeypatch.setattr(steps, "exchange", refuse)
    with library.open() as connection:
        outcome = library.apply(connection, [Relink(path, f"{library.storage}/c", "/x")]).outcomes[0]
    assert outcome.status == "skipped"
    check_stranger(library, [path], who)


def test_a_folder_that_becomes_a_link_into_storage_is_not_entered(library):
    """Between plan and apply the parent is replaced by a link to storage that holds the same names."""
    os.rename(library.action, library.action + ".away")
    os.symlink(library.storage, library.action)
    os.symlink("/x", library.storage + "/c.mkv")
    before = exact_state(library.storage)
    with library.open() as connection:
        applied = library.apply(connection, [Relink(f"{library.action}/c.mkv", "/x", "/y")])
    assert applied.batch is None
    assert applied.outcomes[0].status == "skipped"
    assert "no folder of the video tree" in applied.outcomes[0].reason
    assert exact_state(library.storage) == before


def test_a_step_in_an_open_folder_follows_the_folder_not_the_path(library, monkeypatch):
    """The parent is swapped for a link after we opened it: what we do happens in the folder that we checked."""
    symlink = steps.symlink
    os.symlink("/x", library.storage + "/c.mkv")

    def swapped(target, place):
        os.rename(library.action, library.action + ".away")
        os.symlink(library.storage, library.action)
        symlink(target, place)

    monkeypatch.setattr(steps, "symlink", swapped)
    with library.open() as connection:
        library.apply(connection, [Relink(f"{library.action}/c.mkv", f"{library.storage}/c", "/y")])
    assert os.readlink(library.storage + "/c.mkv") == "/x"
    assert os.readlink(library.action + ".away/c.mkv") == "/y"
