"""Notices: what is new once, what was repaired, what needs a person, and nothing if nothing is new."""

from __future__ import annotations

import json
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from cineorg_notify.memory import digest
from cineorg_notify.news import news_of
from cineorg_notify.plugin import command
from cineorg_notify.sending import addresses
from notify_library import NotifyLibrary, Service

from cineorg.errors import ConfigError


def test_a_report_is_told_once_and_then_only_what_is_new(library: NotifyLibrary, service: Service) -> None:
    assert library.run("integrity").returncode == 1
    (notice,) = service.take()
    assert notice.startswith("cineorg integrity: ")
    assert "2 broken links\n    Films/Drame/Titre 1 (2001).mkv\n    Films/Drame/Titre 2 (2001).mkv" in notice
    assert library.run("integrity").returncode == 1
    assert service.take() == []
    (library.storage / "Films" / "Titre 3.mkv").unlink()
    library.run("integrity")
    (notice,) = service.take()
    assert "1 broken link\n    Films/Drame/Titre 3 (2001).mkv" in notice
    assert "Titre 1 (2001)" not in notice


def test_what_was_repaired_and_what_needs_a_person_is_told(library: NotifyLibrary, service: Service) -> None:
    assert library.run("repair-links", "--auto").returncode == 1
    (notice,) = service.take()
    assert notice.startswith("cineorg repair-links: ")
    assert "Done (batch " in notice
    assert "  1 link repaired" in notice
    assert "Needs you:\n  1 link has no certain file\n    Films/Drame/Titre 2 (2001).mkv" in notice
    library.run("repair-links", "--auto")
    assert service.take() == []
    library.run("undo", "--yes")
    (notice,) = service.take()
    assert notice.startswith("cineorg undo: ")


def test_by_a_pipe_the_same_and_both_ways_together_are_one_notice(library: NotifyLibrary, service: Service) -> None:
    report = library.run("integrity", "--json").stdout
    assert len(service.take()) == 1
    assert library.run("notify", given=report).returncode == 0
    assert service.take() == []
    library.configure("commands = []")
    (library.storage / "Films" / "Titre 3.mkv").unlink()
    report = library.run("integrity", "--json").stdout
    assert service.take() == []
    looked = library.run("notify", "--dry-run", given=report)
    assert "Titre 3 (2001).mkv" in looked.stdout
    assert service.take() == []
    assert library.run("notify", given=report).returncode == 0
    assert len(service.take()) == 1


def test_a_place_that_is_away_is_one_line_and_nothing_is_forgotten(library: NotifyLibrary, service: Service) -> None:
    library.run("integrity")
    service.take()
    shutil.move(library.storage, library.base / "away")
    library.run("integrity")
    (notice,) = service.take()
    assert f"Needs you:\n  1 place is away\n    {library.storage}" in notice
    assert "Titre" not in notice
    shutil.move(library.base / "away", library.storage)
    library.run("integrity")
    assert service.take() == []  # the broken links are those that were told before


def test_what_was_not_delivered_comes_again(library: NotifyLibrary, service: Service) -> None:
    service.status = 500
    done = library.run("integrity")
    assert done.returncode == 1  # the report is what it is
    assert "did not take the notice" in done.stderr
    assert service.url not in done.stderr
    service.status = 200
    library.run("integrity")
    assert len(service.take()) == 1


def test_a_text_goes_out_as_it_is(library: NotifyLibrary, service: Service) -> None:
    assert library.run("notify", "--subject", "The scan failed", given="why\nso").returncode == 0
    assert service.take() == ["The scan failed\nwhy\nso"]


@pytest.mark.parametrize(
    "given", ["", "[]", "{}", "null", '{"command": "x"}', '{"command": "x", "summary": {}}', "[" * 9000]
)
def test_what_is_no_report_is_refused_in_one_line(library: NotifyLibrary, service: Service, given: str) -> None:
    done = library.run("notify", given=given)
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert service.take() == []


def test_without_an_address_nothing_is_sent_and_by_hand_it_is_said(library: NotifyLibrary, service: Service) -> None:
    done = library.run("integrity", "--json", CINEORG_NOTIFY_URLS="")
    assert done.stderr == ""
    assert "CINEORG_NOTIFY_URLS" in library.run("notify", given=done.stdout, CINEORG_NOTIFY_URLS="").stderr
    assert service.take() == []


def test_a_damaged_memory_means_that_all_is_new(library: NotifyLibrary, service: Service) -> None:
    library.run("integrity")
    service.take()
    (memory,) = (library.base / "state" / "cineorg" / "notify").iterdir()
    assert memory.stat().st_mode & 0o077 == 0
    for content in ("", "[]", '{"integrity": 3}', '{"integrity": {"broken_symlink": 1}}'):
        memory.write_text(content)
        library.run("integrity")
        assert len(service.take()) == 1


def report(checked: int, *paths: str) -> dict[str, Any]:
    issues = [{"type": "orphan_file", "path": path, "details": ""} for path in paths]
    coverage = {"orphan_file": {"checked": checked, "of": 4}}
    return {"command": "integrity", "summary": {"total": len(issues)}, "coverage": coverage, "issues": issues}


@pytest.mark.parametrize(
    ("checked", "paths", "new", "gone", "remembered"),
    [
        (4, ["/a", "/b"], {}, {}, ["/a", "/b"]),
        (4, ["/b", "/c"], {"orphan_file": ["/c"]}, {"orphan_file": 1}, ["/b", "/c"]),
        (4, [], {}, {"orphan_file": 2}, []),
        (2, ["/c"], {"orphan_file": ["/c"]}, {}, ["/a", "/b", "/c"]),
        (0, [], {}, {}, ["/a", "/b"]),
    ],
)
def test_half_a_look_says_nothing_of_what_is_gone(
    checked: int, paths: list[str], new: dict[str, list[str]], gone: dict[str, int], remembered: list[str]
) -> None:
    told = news_of(report(4, "/a", "/b"), {}).told
    news = news_of(report(checked, *paths), told)
    assert (news.new, news.gone) == (new, gone)
    assert news.told["integrity"]["orphan_file"] == sorted(map(digest, remembered))
    assert bool(news) == bool(new)


@pytest.mark.parametrize("table", [{"url": "x"}, {"urls": "ntfy://a"}, {"urls": [1]}, {"urls": ["no address"]}])
def test_settings_that_cannot_be_meant_are_named(table: dict[str, Any]) -> None:
    with pytest.raises(ConfigError, match=r"plugin\.notify"):
        addresses(table, {})


def test_bytes_that_are_no_utf_8_can_be_told(library: NotifyLibrary, service: Service) -> None:
    (library.video / "Films" / "Drame" / "caf\udce9.mkv").symlink_to("/nowhere")
    library.run("integrity")
    assert "caf\ufffd.mkv" in service.take()[0]
    assert json.loads(library.run("integrity", "--json").stdout)["summary"]["total"] > 0


NIGHTLY = Path(__file__).parents[3] / "tests" / "recipes" / "nightly.sh"


@pytest.mark.skipif(not (NIGHTLY.exists() and shutil.which("jq")), reason="needs the recipes of cineorg, and jq")
def test_the_nightly_recipe_sends_notices_where_no_mail_is_wanted(library: NotifyLibrary, service: Service) -> None:
    program = library.base / "cineorg"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m cineorg "$@"\n')
    program.chmod(0o755)
    environment = library.environment | {
        "PATH": f"{library.base}:{library.environment['PATH']}",
        "CINEORG_CONFIG": str(library.base / "cineorg.toml"),
    }
    for titles in (["cineorg integrity", "cineorg repair-links"], []):
        done = subprocess.run(["bash", NIGHTLY], env=environment, capture_output=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
        assert [notice.partition(":")[0] for notice in service.take()] == titles
    shutil.move(library.storage, library.base / "away")
    done = subprocess.run(["bash", NIGHTLY], env=environment, capture_output=True, check=False)
    assert done.returncode == 3
    assert "not all of the library could be seen; nothing was repaired" in service.take()[-1]


def test_the_manual_has_the_commands_own_options_and_is_well_formed() -> None:
    page = Path(__file__).parent.parent / "man" / "cineorg-notify.1"
    text = page.read_text("utf-8").replace("\\-", "-")
    own = {word for option in command.params if option.name in ("dry_run", "subject") for word in option.opts}
    assert own
    assert [word for word in sorted(own) if word not in text] == []
    assert "[plugin.notify]" in text
    if shutil.which("mandoc"):
        done = subprocess.run(["mandoc", "-Tlint", "-Werror", page], capture_output=True, check=False, text=True)
        assert done.stdout == ""
