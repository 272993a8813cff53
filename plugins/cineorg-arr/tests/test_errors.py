"""Whatever a service does wrong: one line each, the other service is asked all the same, and the exit code says so."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from arr_helpers import Answer, Arr, Library, Run

HTML = b"<html><body>Bad gateway X-Api-Key</body></html>"
# What Radarr does, and what is said of it.
ANSWERS: dict[str, tuple[Answer, str]] = {
    "wrong key": (Answer(401, b'{"error": "Unauthorized"}'), "it refuses the API key (401); is radarr_key right?"),
    "forbidden": (Answer(403, HTML, "text/html"), "it refuses the API key (403); is radarr_key right?"),
    "not found": (Answer(404, HTML, "text/html"), "(404); is radarr_url right, with the service's URL base?"),
    "not found, in JSON": (Answer(404, b'{"message": "NotFound"}'), "it answers 404: NotFound"),
    "its own fault": (Answer(500, b'{"message": "database is\\n locked", "description": "x"}'),
                      "it answers 500: database is locked"),
    "its own fault, in HTML": (Answer(500, HTML, "text/html"), "it answers 500"),
    "not there yet": (Answer(503, HTML, "text/html"), "it answers 503"),
    "wrong request": (Answer(400, b'[{"propertyName": "Name", "errorMessage": "must not be empty"}]'),
                      "it answers 400: must not be empty"),
    "an error that is too deep": (Answer(500, b"[" * 100_000), "it answers 500"),
    "odd error": (Answer(500, b'[[1]]'), "it answers 500"),
    "no content": (Answer(204), "it answers 204"),
    "HTML": (Answer(200, HTML, "text/html"), "what it answers is not JSON; is radarr_url right"),
    "nothing": (Answer(200), "what it answers is not JSON"),
    "too deep": (Answer(200, b"[" * 100_000), "what it answers is not JSON"),
    "half": (Answer(200, b'[{"id": 1, "tit'), "what it answers is not JSON"),
    "broken off": (Answer(200, b"[]", length=99), "it broke off the connection"),
    "late": (Answer(200, b"[]", wait=60), "no answer within 2 s"),
    "in drops": (Answer(200, b"[" + b" " * 900 + b"]", drip=0.1), "its answer was not complete within 2 s"),
    "no gzip": (Answer(200, b"[]", headers=[("Content-Encoding", "gzip")]), "DecodeError"),
}  # fmt: skip
LISTS: dict[str, tuple[Answer, str]] = {
    "no list": (Answer(200, b'{"movies": []}'), "what it answers is no list"),
    "list of numbers": (Answer(200, b"[1, 2]"), "what it answers is no list"),
    "no id": (Answer(200, b'[{"title": "Alien", "year": 1979}]'), "an entry of its list has no id"),
    "an id that cannot be": (Answer(200, b'[{"title": "Alien", "id": %d}]' % 10**99), "an entry of its list has no id"),
    "true for an id": (Answer(200, b'[{"title": "Alien", "id": true}]'), "an entry of its list has no id"),
}


@pytest.fixture
def links(
    library: Library, radarr: Arr, sonarr: Arr, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> list[str]:
    """Return the arguments for a run on a film and two episodes of two series, all known.

    Only where a test is about waiting, the wait is short.
    """
    radarr.add_film("Alien", 1979, 348)
    sonarr.add_series("Kaamelott", 2005, 79175, {1: 3})
    sonarr.add_series("Show", 2010, 5, {1: 3})
    library.broken("Films/Alien (1979).mkv")
    library.episode("Kaamelott (2005)", "S01E02")
    library.episode("Show (2010)", "S01E01")
    config = library.base / "c.toml"
    is_about_waiting = any(word in request.node.name for word in ("late", "in drops", "stops_answering"))
    config.write_text(f"[plugin.arr]\ntimeout = {2 if is_about_waiting else 60}\n")
    monkeypatch.setattr("cineorg_arr.client._PATIENCE", 1)
    return [library.report(), "-y", "--json", "--config", str(config)]


@pytest.mark.parametrize("case", [*ANSWERS, *LISTS])
def test_a_service_that_gives_no_list(run: Run, radarr: Arr, sonarr: Arr, links: list[str], case: str) -> None:
    radarr.answers["GET movie"], said = {**ANSWERS, **LISTS}[case]
    result = run(*links)
    assert result.code == 3
    assert result.requests == [("episode", 7002, "done"), ("episode", 8001, "done")]
    assert [reason[:8] for reason in result.reasons] == ["Radarr: "]
    assert said in result.reasons[0]
    assert result.json["complete"] is False
    assert result.err == f"cineorg: {result.reasons[0]}\n"
    assert "<html>" not in result.err
    assert len(sonarr.asked) == 1


@pytest.mark.parametrize("case", [case for case in ANSWERS if case != "no content"])
def test_a_service_that_does_not_take_the_command(
    run: Run, radarr: Arr, sonarr: Arr, links: list[str], case: str
) -> None:
    radarr.answers["POST command"], said = ANSWERS[case]
    result = run(*links)
    assert result.code == 3
    assert [status for *_, status in result.requests] == ["failed", "done", "done"]
    assert said in result.json["requests"][0]["reason"]
    assert result.json["summary"]["failed"] == 1
    assert result.err == f"cineorg: {result.json['requests'][0]['reason']}\n"
    # What failed is not remembered as asked for.
    del radarr.answers["POST command"]
    again = run(*links)
    assert (again.code, [status for *_, status in again.requests]) == (0, ["done", "skipped", "skipped"])


def test_a_service_that_does_not_run(run: Run, radarr: Arr, sonarr: Arr, links: list[str]) -> None:
    radarr.close()
    result = run(*links)
    assert (result.code, len(sonarr.asked)) == (3, 1)
    assert result.reasons == ["Radarr: connection refused; does it run there?"]


def test_a_host_that_nobody_knows(run: Run, radarr: Arr, links: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINEORG_RADARR_URL", "http://radarr.invalid:7878")
    result = run(*links)
    assert (result.code, result.reasons) == (3, ["Radarr: its host is not known; is radarr_url right?"])


def test_a_service_that_speaks_no_tls(run: Run, radarr: Arr, links: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CINEORG_RADARR_URL", radarr.url.replace("http:", "https:"))
    result = run(*links)
    assert result.code == 3
    assert result.reasons[0].startswith("Radarr: no safe connection")
    assert result.err.count("\n") == 1
    assert radarr.seen == []


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("what", ["GET movie", "POST command"])
def test_the_key_does_not_follow_a_redirect(
    run: Run, radarr: Arr, links: list[str], make_arr: Callable[[], Arr], status: int, what: str
) -> None:
    other = make_arr()
    radarr.answers[what] = Answer(status, headers=[("Location", f"{other.url}/api/v3/movie?key={radarr.key}")])
    result = run(*links)
    assert (result.code, other.seen) == (3, [])
    assert f"Radarr: it sends us elsewhere ({status}), where the key does not go" in result.err
    assert radarr.key not in result.err + result.out.decode()


def test_a_proxy_of_the_environment_does_not_see_the_key(
    run: Run, radarr: Arr, links: list[str], make_arr: Callable[[], Arr], monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = make_arr()
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    assert (run(*links).code, proxy.seen) == (0, [])


def test_each_service_gets_its_own_key_in_its_header(run: Run, radarr: Arr, sonarr: Arr, links: list[str]) -> None:
    run(*links)
    for server in (radarr, sonarr):
        assert {headers["X-Api-Key"] for *_, headers in server.seen} == {server.key}
        assert not any(server.key in path + str(query) for _, path, query, _ in server.seen)


@pytest.mark.parametrize(
    ("answer", "said"),
    [(Answer(404, b'{"message": "NotFound"}'), "404: NotFound"), (Answer(500, b"x"), "500"), ],
)  # fmt: skip
def test_episodes_that_are_refused_are_that_series_matter(
    run: Run, sonarr: Arr, links: list[str], answer: Answer, said: str
) -> None:
    # Only the first series is asked for: then the answer is as it should be.
    original = sonarr.answer
    sonarr.answer = lambda method, path, query, key, body: (  # type: ignore[method-assign]
        answer if query.get("seriesId") == ["7"] else original(method, path, query, key, body)
    )
    result = run(*links)
    assert result.code == 3
    assert result.requests == [("film", 100, "done"), ("episode", 8001, "done")]
    assert result.reasons == [f"Sonarr, asked for the episodes of “Kaamelott” (2005): it answers {said}"]
    assert result.err.count("\n") == 1


def test_a_service_that_stops_answering_is_not_waited_for_again(run: Run, sonarr: Arr, links: list[str]) -> None:
    sonarr.answers["GET episode"] = Answer(200, b"[]", wait=60)
    result = run(*links)
    assert result.code == 3
    assert result.reasons == ["Sonarr: no answer within 2 s"] * 2
    assert len([path for _, path, *_ in sonarr.seen if path.endswith("episode")]) == 1
    assert result.err == "cineorg: Sonarr: no answer within 2 s\n"


def test_both_may_fail(run: Run, radarr: Arr, sonarr: Arr, links: list[str]) -> None:
    radarr.close()
    sonarr.answers["GET series"] = Answer(401)
    result = run(*links)
    assert (result.code, result.requests, result.err.count("\n")) == (3, [], 2)
