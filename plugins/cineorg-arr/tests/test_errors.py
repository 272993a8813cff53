"""Whatever a service does wrong: one line each, the other service is asked all the same, and the exit code says so."""

from __future__ import annotations

import os
import shutil
import ssl
import subprocess
from collections.abc import Callable
from pathlib import Path

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
    "too many, with a date": (Answer(429, HTML, headers=[("Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")]),
                              "it answers 429: too many requests; it asks to be left alone until 9999-"),
    "too many, for ever": (Answer(429, headers=[("Retry-After", "9" * 30)]), "it asks to be left alone until "),
    "too many": (Answer(429, b'{"message": "x"}'), "it answers 429: too many requests; it is left alone for this run"),
    "too many, oddly": (Answer(429, headers=[("Retry-After", "soon")]), "429: too many requests; it is left alone"),
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
    assert len(sonarr.asked) == 2


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
    assert (result.code, len(sonarr.asked)) == (3, 2)
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


@pytest.fixture
def own_certificate(tmp_path: Path) -> tuple[str, ssl.SSLContext]:
    """Return the file of a certificate that nobody has signed, for 127.0.0.1, and a server's context with it."""
    if not shutil.which("openssl"):
        assert not os.environ.get("CINEORG_TESTS_NEED_TOOLS"), "openssl is missing"
        pytest.skip("openssl is missing")
    certificate, key = str(tmp_path / "certificate.pem"), str(tmp_path / "key.pem")
    words = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=nas -addext subjectAltName=IP:127.0.0.1"
    subprocess.run([*words.split(), "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return certificate, context


def test_a_certificate_of_your_own(
    run: Run,
    radarr: Arr,
    links: list[str],
    own_certificate: tuple[str, ssl.SSLContext],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    certificate, context = own_certificate
    radarr.speak_tls(context)
    monkeypatch.setenv("CINEORG_RADARR_URL", radarr.url)
    refused = run(*links)
    assert refused.reasons[0].startswith("Radarr: no safe connection: its certificate is not trusted (self")
    assert refused.reasons[0].endswith("name that in SSL_CERT_FILE")
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    assert run(*links).requests[0] == ("film", 100, "done")
    monkeypatch.setenv("CINEORG_RADARR_URL", radarr.url.replace("127.0.0.1", "localhost"))
    assert "Radarr: no safe connection: its certificate is for another name (" in run(*links).err


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


@pytest.mark.parametrize("what", ["GET movie", "GET episode", "POST command"])
def test_too_many_requests_end_all_questions_to_that_service(
    run: Run, radarr: Arr, sonarr: Arr, links: list[str], what: str
) -> None:
    told = Answer(429, b"{}", headers=[("Retry-After", "120")])
    radarr.answers[what] = sonarr.answers[what] = told
    result = run(*links)
    assert result.code == 3
    for server in (radarr, sonarr):
        refused = [(method, path.rpartition("/")[2]) for method, path, *_ in server.seen]
        assert refused.count(tuple(what.split())) <= 1  # type: ignore[arg-type]
    assert "asks to be left alone until 20" in result.err
    assert result.err.count("429") == result.err.count("\n") <= 2


@pytest.mark.parametrize("header", ["0", "1", "Fri, 27 Nov 1998 20:15:00 GMT"])
def test_a_short_wait_is_waited_for(run: Run, radarr: Arr, links: list[str], header: str) -> None:
    original = radarr.answer
    told = [Answer(429, headers=[("Retry-After", header)])]
    radarr.answer = lambda *what: told.pop() if told else original(*what)  # type: ignore[method-assign]
    result = run(*links)
    assert (result.code, [path.rpartition("/")[2] for _, path, *_ in radarr.seen]) == (0, ["movie", "movie", "command"])


def test_a_service_that_always_says_wait_is_left_alone(run: Run, radarr: Arr, links: list[str]) -> None:
    radarr.answers["GET movie"] = Answer(429, headers=[("Retry-After", "0")])
    result = run(*links)
    assert (result.code, len(radarr.seen)) == (3, 4)


def test_an_id_that_fails_does_not_lose_those_behind_it(library: Library, run: Run, radarr: Arr) -> None:
    for number in range(3):
        radarr.add_film(f"Film {'ABC'[number]}", 2001, 10 + number)
        library.broken(f"Films/Film {'ABC'[number]} (2001).mkv")
    original = radarr.answer
    radarr.answer = lambda method, path, query, key, body: (  # type: ignore[method-assign]
        Answer(404, b'{"message": "gone"}') if b"100" in body else original(method, path, query, key, body)
    )
    result = run(library.report(), "-y", "--json")
    assert result.code == 3
    assert result.requests == [("film", 100, "failed"), ("film", 101, "done"), ("film", 102, "done")]


@pytest.mark.parametrize("answer", [Answer(404, HTML, "text/html"), Answer(200, HTML), Answer(200, b'[{"id": true}]')])
def test_a_series_that_fails_does_not_lose_those_behind_it(
    run: Run, sonarr: Arr, links: list[str], answer: Answer
) -> None:
    original = sonarr.answer
    sonarr.answer = lambda method, path, query, key, body: (  # type: ignore[method-assign]
        answer if query.get("seriesId") == ["7"] else original(method, path, query, key, body)
    )
    result = run(*links)
    assert (result.code, result.requests) == (3, [("film", 100, "done"), ("episode", 8001, "done")])


def test_an_entry_that_cannot_be_read_does_not_lose_the_others(run: Run, radarr: Arr, links: list[str]) -> None:
    radarr.movies.insert(0, {"title": "No id", "year": 2000})
    assert run(*links).requests[0] == ("film", 100, "done")


def test_both_may_fail(run: Run, radarr: Arr, sonarr: Arr, links: list[str]) -> None:
    radarr.close()
    sonarr.answers["GET series"] = Answer(401)
    result = run(*links)
    assert (result.code, result.requests, result.err.count("\n")) == (3, [], 2)
