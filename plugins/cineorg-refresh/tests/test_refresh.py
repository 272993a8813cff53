"""After a batch, after its undoing and by hand: what each kind of server is told, and what happens if it is not."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from cineorg_refresh.folders import as_seen, changed_folders
from cineorg_refresh.plugin import command
from cineorg_refresh.settings import load_servers
from media_server import KEY, KODI_KEY, MediaServer
from refresh_library import RefreshLibrary

from cineorg.errors import ConfigError

KINDS = ("jellyfin", "emby", "plex", "kodi")


def key_of(kind: str) -> str:
    return KODI_KEY if kind == "kodi" else KEY


def environment(server: MediaServer) -> dict[str, str]:
    name = server.kind.upper()
    return {f"CINEORG_{name}_URL": server.url, f"CINEORG_{name}_API_KEY": key_of(server.kind)}


def told(server: MediaServer) -> list[str]:
    return [folder.rstrip("/") for folder in server.folders]


@pytest.mark.parametrize("kind", KINDS)
def test_a_batch_and_its_undoing_are_told_folder_by_folder(
    library: RefreshLibrary, start: Callable[..., MediaServer], kind: str
) -> None:
    server = start(kind, sections={"3": "/media/Films", "4": "/media/Series"})
    library.configure(f'map = {{ "{library.video}" = "/media" }}')
    repaired = library.run("repair-links", "--auto", **environment(server))
    assert (repaired.returncode, repaired.stderr) == (0, "")
    assert told(server) == ["/media/Films/Drame"]
    undone = library.run("undo", "--yes", **environment(server))
    assert (undone.returncode, undone.stderr.count("\n")) == (0, 1)  # which batch it undoes
    assert told(server) == ["/media/Films/Drame"] * 2
    assert library.run("repair-links", "--auto", "--dry-run", **environment(server)).returncode == 0
    assert len(server.folders) == 2


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("troubles", "requests", "words"),
    [
        ([503], 2, ""),
        ([502, 503, 504], 3, "it answers 504"),
        ([401], 1, "it refuses the key (401)"),
        ([404], 1, "it answers 404"),
        ([302], 1, "it answers 302"),
    ],
)
def test_a_server_in_trouble_is_asked_again_and_given_up_in_one_line(
    library: RefreshLibrary, start: Callable[..., MediaServer], kind: str,
    troubles: list[int], requests: int, words: str,
) -> None:  # fmt: skip
    server = start(kind, sections={"1": str(library.video)})
    server.troubles = list(troubles)
    done = library.run("repair-links", "--auto", **environment(server))
    assert done.returncode == 0  # the batch is done, whatever a server says
    assert server.requests == requests + (kind == "plex" and not words)
    lines = done.stderr.splitlines()
    assert len(lines) == bool(words)
    assert all(words in line and "was not told of 1 folder" in line for line in lines)
    assert key_of(kind) not in done.stderr


def test_a_server_that_is_not_there_is_one_line_and_the_others_are_told(
    library: RefreshLibrary, start: Callable[..., MediaServer]
) -> None:
    gone = start("emby")
    address = environment(gone)
    gone.end()
    server = start("jellyfin")
    done = library.run("repair-links", "--auto", **address, **environment(server))
    assert done.returncode == 0
    assert len(done.stderr.splitlines()) == 1
    assert "Emby was not told of 1 folder" in done.stderr
    assert told(server) == [str(library.drame)]
    gone._server.server_close()


def test_a_wrong_setting_is_told_and_the_batch_stays(library: RefreshLibrary) -> None:
    done = library.run("repair-links", "--auto", CINEORG_PLEX_URL="http://127.0.0.1:1")
    assert done.returncode == 0
    assert "CINEORG_PLEX_API_KEY" in done.stderr
    assert os.readlink(library.drame / "Titre 1 (2001).mkv").endswith("renamed.mkv")


def test_by_hand_all_or_some_folders_and_first_to_look(
    library: RefreshLibrary, start: Callable[..., MediaServer]
) -> None:
    server = start("kodi")
    library.configure(f'kodi_url = "{server.url}"', f'kodi_key = "{KODI_KEY}"',
                      f'kodi_map = {{ "{library.video}/Films" = "/films" }}')  # fmt: skip
    looked = library.run("refresh", "-n", "--json", "video/Films/Drame")
    rows = json.loads(looked.stdout)["folders"]
    assert [(row["seen_as"], row["status"]) for row in rows] == [("/films/Drame", "planned")]
    assert server.folders == []
    assert library.run("refresh", "video/Films/Drame").returncode == 0
    assert library.run("refresh").returncode == 0
    assert server.folders == ["/films/Drame/", f"{library.video}/"]
    elsewhere = library.run("refresh", str(library.storage))
    assert elsewhere.returncode == 2
    assert "does not lie in the video root" in elsewhere.stderr
    server.troubles = [401]
    assert library.run("refresh").returncode == 3


def test_by_hand_without_a_server_says_how_to_name_one(library: RefreshLibrary) -> None:
    done = library.run("refresh")
    assert done.returncode == 2
    assert "CINEORG_JELLYFIN_URL" in done.stderr


def test_plex_is_told_by_section_and_a_folder_above_all_means_each(
    library: RefreshLibrary, start: Callable[..., MediaServer]
) -> None:
    server = start("plex", sections={"1": f"{library.video}/Films", "2": f"{library.video}/Series"})
    assert library.run("refresh", **environment(server)).returncode == 0
    assert sorted(told(server)) == [f"{library.video}/Films", f"{library.video}/Series"]
    other = start("plex", sections={"1": "/elsewhere"})
    done = library.run("refresh", "--json", **environment(other))
    assert done.returncode == 3
    assert "none of its sections has" in json.loads(done.stdout)["folders"][0]["reason"]


def change(op: str, path: Path, status: str = "done", **more: str) -> dict[str, Any]:
    return {"op": op, "path": str(path), "status": status, **more}


def test_changed_folders_are_those_of_done_changes_each_once(tmp_path: Path) -> None:
    drame, gone = tmp_path / "Films" / "Drame", tmp_path / "Films" / "gone" / "below"
    drame.mkdir(parents=True)
    changes = [
        change("relink", drame / "a.mkv"), change("make_link", drame / "b.mkv"),
        change("relink", tmp_path / "other" / "c.mkv", "skipped"),
        change("move", drame / "d.mkv", new_path=str(tmp_path / "new.mkv")),
        change("remove_dir", gone), change("remove_link", gone / "e.mkv"),
        {"op": "set_file_path", "table": "movies", "id": 1, "old": "", "new": "/x", "status": "done"},
    ]  # fmt: skip
    assert changed_folders(changes, str(tmp_path)) == [str(tmp_path), str(tmp_path / "Films"), str(drame)]


@pytest.mark.parametrize(
    ("folder", "seen"),
    [("/v/Films/A", "/media/Films/A"), ("/v", "/media"), ("/v/Séries/B", "/tv/B"), ("/video", "/video"), ("/x", "/x")],
)
def test_the_longest_place_says_what_a_server_sees(folder: str, seen: str) -> None:
    assert as_seen(folder, {"/v": "/media", "/v/Séries/": "/tv/"}) == seen


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"plex_url": "http://a"}, "CINEORG_PLEX_API_KEY"),
        ({"emby_key": "abcdef"}, "CINEORG_EMBY_URL"),
        ({"kodi_url": "ftp://a"}, "must be an address"),
        ({"kodi_url": "http://u:p@a"}, "must not hold a user"),
        ({"jellyfin_url": "http://a", "jellyfin_key": "a b\nc: d"}, "is no key"),
        ({"map": {"video": "/x"}}, "must be a table of folders"),
        ({"map": "x"}, "must be a table of folders"),
        ({"timeout": 0}, "must be a number"),
        ({"plexurl": "x"}, "unknown key 'plexurl'"),
        ({"plex_url": 5}, "must be a text"),
    ],
)
def test_settings_that_cannot_be_meant_are_named(table: dict[str, Any], words: str) -> None:
    with pytest.raises(ConfigError, match=r"plugin\.refresh|CINEORG_") as raised:
        load_servers(table, {})
    assert words in str(raised.value)
    assert "abcdef" not in str(raised.value)


def test_keys_are_in_no_repr() -> None:
    servers = load_servers({"kodi_url": "http://a", "plex_url": "http://b", "plex_key": KEY}, {})
    assert [server.id for server in servers] == ["plex", "kodi"]
    assert KEY not in repr(servers)


def test_the_manual_has_the_commands_own_options_and_is_well_formed() -> None:
    page = Path(__file__).parent.parent / "man" / "cineorg-refresh.1"
    text = page.read_text("utf-8").replace("\\-", "-")
    own = {word for option in command.params if option.name in ("dry_run", "subject") for word in option.opts}
    assert own
    assert [word for word in sorted(own) if word not in text] == []
    assert "[plugin.refresh]" in text
    if shutil.which("mandoc"):
        done = subprocess.run(["mandoc", "-Tlint", "-Werror", page], capture_output=True, check=False, text=True)
        assert done.stdout == ""
