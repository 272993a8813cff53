"""The command as a user meets it: a real library, a real server on this machine, the plugin as if installed."""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from arr_helpers import ALIEN, Answer, Arr, Library, Run


def test_films_and_episodes_are_asked_for(
    library: Library, run: Run, radarr: Arr, sonarr: Arr, both: tuple[str, str]
) -> None:
    result = run(library.report(), "--json", "-y")
    assert (result.code, result.err) == (0, "")
    assert result.requests == [("film", 100, "done"), ("episode", 7006, "done")]
    assert radarr.asked == [{"name": "MoviesSearch", "movieIds": [100]}]
    assert sonarr.asked == [{"name": "EpisodeSearch", "episodeIds": [7006]}]
    assert [row["path"] for row in result.json["requests"]] == list(both)
    assert result.json["summary"] == {
        "total": 2, "done": 2, "planned": 0, "skipped": 0, "failed": 0, "unresolved": 0, "no_longer_broken": 0,
    }  # fmt: skip


def test_a_row_says_what_is_asked_of_whom_and_why(library: Library, run: Run, both: tuple[str, str]) -> None:
    film, episode = run(library.report(), "--json", "-n").json["requests"]
    assert film == {
        "type": "film", "path": both[0], "target": f"{library.storage}/Films/Alien.1979.mkv", "service": "radarr",
        "id": 100, "title": "Alien", "year": 1979, "evidence": "same title and year", "status": "planned",
        "asked_at": None, "other_links": [],
    }  # fmt: skip
    assert [episode[name] for name in ("service", "title", "season", "episode")] == ["sonarr", "Kaamelott", 2, 3]


def test_a_dry_run_asks_nothing_and_leaves_nothing(
    library: Library, run: Run, radarr: Arr, sonarr: Arr, both: tuple[str, str]
) -> None:
    before = [*os.listdir(library.base), "report.json"]
    result = run(library.report(), "--json", "--dry-run")
    assert result.code == 0
    assert result.json["dry_run"] is True
    assert {status for *_, status in result.requests} == {"planned"}
    assert (radarr.asked, sonarr.asked) == ([], [])
    assert {method for method, *_ in radarr.seen + sonarr.seen} == {"GET"}
    assert sorted(os.listdir(library.base)) == sorted(before)


def test_what_was_asked_for_is_not_asked_for_again_for_a_while(
    library: Library, run: Run, radarr: Arr, both: tuple[str, str]
) -> None:
    report = library.report()
    assert run(report, "-y").code == 0
    again = run(report, "-y", "--json")
    assert (again.code, again.requests) == (0, [("film", 100, "skipped"), ("episode", 7006, "skipped")])
    assert again.json["requests"][0]["reason"].startswith("asked for on 20")
    assert again.json["requests"][0]["asked_at"].endswith("+00:00")
    assert len(radarr.asked) == 1
    assert run(report, "-y", "--again", "0", "--json").requests[0] == ("film", 100, "done")
    assert len(radarr.asked) == 2


@pytest.mark.parametrize(("age", "status"), [("7d", "done"), ("9d", "skipped"), ("191h", "done"), ("2w", "skipped")])
def test_again_is_counted_from_the_last_time(
    library: Library, run: Run, both: tuple[str, str], age: str, status: str
) -> None:
    report = library.report()
    run(report, "-y")
    with closing(sqlite3.connect(library.base / "cineorg.arr.db")) as memory, memory:
        memory.execute("UPDATE asked SET asked_at = datetime('now', '-8 days')")
    assert run(report, "-n", "--again", age, "--json").requests[0][2] == {"done": "planned"}.get(status, status)


def test_a_clock_that_was_ahead_hides_nothing(library: Library, run: Run, both: tuple[str, str]) -> None:
    report = library.report()
    run(report, "-y")
    with closing(sqlite3.connect(library.base / "cineorg.arr.db")) as memory, memory:
        memory.execute("UPDATE asked SET asked_at = datetime('now', '+9 days')")
    assert run(report, "-y", "--json").requests[0][2] == "done"
    assert run(report, "-y", "--json").requests[0][2] == "skipped"


def test_a_run_asks_for_no_more_than_its_limit_and_the_next_for_the_others(
    library: Library, run: Run, radarr: Arr
) -> None:
    for number in range(5):
        radarr.add_film(f"Film {'ABCDE'[number]}", 2001, 10 + number)
        library.broken(f"Films/Film {'ABCDE'[number]} (2001).mkv")
    report = library.report()
    first = run(report, "-y", "--max-requests", "2", "--json")
    assert [status for *_, status in first.requests] == ["done", "done", "skipped", "skipped", "skipped"]
    assert first.code == 0
    assert first.err == "cineorg: 3 more wait for the next run; --max-requests N asks for more at once\n"
    run(report, "-y", "--max-requests", "2", "--again", "0")
    run(report, "-y", "--max-requests", "2", "--again", "0")
    assert [asked["movieIds"] for asked in radarr.asked] == [[100], [101], [102], [103], [100], [104]]


def test_two_links_to_one_film_are_one_request(library: Library, run: Run, radarr: Arr) -> None:
    radarr.add_film("Alien", 1979, 348)
    links = [library.broken(f"Films/{genre}/Alien (1979).mkv", "Films/a.mkv") for genre in ("Horreur", "SF")]
    result = run(library.report(), "-y", "--json")
    assert radarr.asked == [{"name": "MoviesSearch", "movieIds": [100]}]
    assert [(row["path"], row["other_links"]) for row in result.json["requests"]] == [(links[0], links[1:])]


def test_a_link_of_two_episodes_is_two_requests(library: Library, run: Run, sonarr: Arr) -> None:
    sonarr.add_series("Show", 2010, 5, {1: 3})
    library.broken("Séries/Show (2010)/Saison 01/Show (2010) - S01E02-E03.mkv")
    assert run(library.report(), "-y", "--json").requests == [("episode", 7002, "done"), ("episode", 7003, "done")]
    assert [asked["episodeIds"] for asked in sonarr.asked] == [[7002], [7003]]


def test_what_stays_unknown_is_listed_and_the_rest_is_asked_for(
    library: Library, run: Run, radarr: Arr, both: tuple[str, str]
) -> None:
    link = library.broken("Films/Nobody Has It (2003).mkv")
    result = run(library.report(), "-y", "--json")
    assert result.code == 1
    assert [(row["path"], row["reason"]) for row in result.json["unresolved"]] == [
        (link, "Radarr does not have “Nobody Has It” (2003); add it there")
    ]
    assert len(result.requests) == 2
    assert run(library.report(), "-y", "--exit-zero").code == 0


def test_a_link_that_was_mended_since_is_left_out(
    library: Library, run: Run, radarr: Arr, both: tuple[str, str]
) -> None:
    report = library.report()
    (library.storage / "Films" / "Alien.1979.mkv").write_bytes(b"a")
    os.unlink(both[1])
    result = run(report, "-y", "--json")
    assert (result.code, result.requests, result.json["summary"]["no_longer_broken"]) == (0, [], 2)
    assert radarr.seen == []


def test_a_report_of_another_machine_is_believed(library: Library, run: Run, radarr: Arr) -> None:
    radarr.add_film("Alien", 1979, 348)
    row = {"path": "/volume1/video/Films/Alien (1979).mkv", "target": "/volume1/a.mkv", "reason": "", "candidates": []}
    assert run(library.report(unresolved=[row]), "-y", "--json").requests == [("film", 100, "done")]


def test_without_any_service_nothing_is_looked_at(library: Library, run: Run) -> None:
    result = run("-n")
    assert (result.code, result.out) == (2, b"")
    assert "CINEORG_SONARR_URL with CINEORG_SONARR_API_KEY" in result.err
    assert result.err.count("\n") == 1


def test_one_service_is_enough_for_its_own(library: Library, run: Run, radarr: Arr) -> None:
    radarr.add_film("Alien", 1979, 348)
    library.broken(ALIEN)
    library.episode("Kaamelott (2005)", "S02E03")
    result = run(library.report(), "-y", "--json")
    assert (result.code, result.requests) == (1, [("film", 100, "done")])
    assert result.reasons == ["Sonarr is not configured"]


def test_the_config_file_may_say_it(
    library: Library, run: Run, make_arr: object, monkeypatch: pytest.MonkeyPatch, radarr: Arr, both: tuple[str, str]
) -> None:
    for name in ("URL", "API_KEY"):
        monkeypatch.delenv(f"CINEORG_RADARR_{name}")
    radarr.base = "/radarr"
    config = library.base / "c.toml"
    config.write_text(f"[plugin.arr]\nradarr_url = '{radarr.url}/'\nradarr_key = '{radarr.key}'\ntimeout = 5\n")
    assert run(library.report(), "-y", "--config", str(config), "--json").requests[0] == ("film", 100, "done")
    assert {path for _, path, *_ in radarr.seen} == {"/radarr/api/v3/movie", "/radarr/api/v3/command"}
    # The environment is stronger: this key is refused.
    monkeypatch.setenv("CINEORG_RADARR_API_KEY", "0123456789abcdef")
    assert "it refuses the API key (401)" in run(library.report(), "-n", "--config", str(config), "--json").err


def test_a_service_whose_help_is_not_needed_is_left_alone(library: Library, run: Run, radarr: Arr, sonarr: Arr) -> None:
    radarr.add_film("Alien", 1979, 348)
    library.broken(ALIEN)
    sonarr.close()
    assert run(library.report(), "-y").code == 0


def test_each_list_is_fetched_once(library: Library, run: Run, sonarr: Arr) -> None:
    sonarr.add_series("Show", 2010, 5, {1: 9})
    for number in range(1, 8):
        library.episode("Show (2010)", f"S01E{number:02}")
    run(library.report(), "-n")
    assert [(path, query) for _, path, query, _ in sonarr.seen] == [
        ("/api/v3/series", {}), ("/api/v3/episode", {"seriesId": ["7"]}),
    ]  # fmt: skip


def test_tsv_has_a_line_for_each(library: Library, run: Run, both: tuple[str, str]) -> None:
    library.broken("Films/Nobody Has It (2003).mkv")
    lines = [line.split("\t") for line in run(library.report(), "-n", "--tsv").out.decode().splitlines()]
    assert [line[0] for line in lines] == ["type", "film", "episode", "unresolved"]
    assert {len(line) for line in lines} == {len(lines[0])}
    assert dict(zip(lines[0], lines[2], strict=True))["episode"] == "3"


def test_json_lines_end_with_a_summary(library: Library, run: Run, both: tuple[str, str]) -> None:
    lines = [json.loads(line) for line in run(library.report(), "-n", "--jsonl").out.splitlines()]
    assert [line["type"] for line in lines] == ["film", "episode", "summary"]
    assert lines[-1]["command"] == "request-missing"


def test_the_key_is_nowhere_to_be_seen(
    library: Library,
    run: Run,
    radarr: Arr,
    sonarr: Arr,
    both: tuple[str, str],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("CINEORG_DEBUG", "1")
    # A server that repeats what it was told, in a title and in an error.
    radarr.movies[0] |= {"title": f"Alien {radarr.key}", "alternateTitles": [{"title": "Alien"}]}
    sonarr.answers["POST command"] = Answer(500, json.dumps({"message": f"key {sonarr.key} is odd"}).encode())
    result = run(library.report(), "-y", "-vv", "--json", "--progress", "json")
    assert result.code == 3
    assert "Sonarr: it answers 500: key [key] is odd" in result.err
    assert result.json["requests"][0]["title"] == "Alien [key]"
    assert "urllib3" in {record.name.partition(".")[0] for record in caplog.records}
    kept = b"".join(path.read_bytes() for path in library.base.glob("cineorg*"))
    for key in (radarr.key, sonarr.key):
        assert key not in result.out.decode() + result.err + caplog.text + repr(kept)


def test_the_manual_page_has_every_option() -> None:
    from cineorg_arr.command import command

    page = (Path(__file__).parent.parent / "man" / "cineorg-request-missing.1").read_text().replace("\\-", "-")
    for option in ("--dry-run", "--yes", "--max-requests", "--again", "--incomplete", "--exit-zero"):
        assert option in page
        assert any(option in parameter.opts for parameter in command.params)
    for word in ("sonarr_url", "sonarr_key", "radarr_url", "radarr_key", "timeout", "EXIT STATUS"):
        assert word in page
