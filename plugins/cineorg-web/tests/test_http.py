"""What the server answers, and to whom: hosts, methods, other sites, headers, odd names, what is not there."""

from __future__ import annotations

import re

import pytest
from cineorg_web.base_path import checked_base
from web_library import Server, WebLibrary

PAGES = (
    "/", "/overview", "/done", "/library", "/library?tree=links", "/integrity/result",
    "/integrity/rows?category=orphan_file", "/search?q=new", "/integrity/ticked?ids=1,2", "/integrity/path?id=1",
)  # fmt: skip
FILES = ("/static/app.css", "/static/app.js", "/static/icon.svg", "/integrity/report.json", "/integrity/report.tsv")
NOWHERE = (
    "/static", "/static/", "/static/../page.html", "/static/%2e%2e/app.py", "/static/..%2f..%2fapp.py",
    "/templates/page.html", "/etc/passwd", "//etc/passwd", "/integrity", "/integrity/", "/other/result",
    "/other/report.json", "/integrity/report.db",
    "/integrity/rows", "/integrity/rows?category=none", "/integrity/rows?category=orphan_file&run=integrity-other",
    "/integrity/report.json?run=integrity-other", "/cleanup/report.json", "/favicon.ico", "/%00", "/library/x",
    "/library/", "/integrity/result/",
)  # fmt: skip
ODD_NAMES = (
    b"<script>alert(1)</script>.mkv", b"\"><img src=x onerror=alert(1)>.mkv", b"caf\xe9 & co.mkv", b"a\tb\nc.mkv",
    b"\x1b[31mred\x1b[0m.mkv", "\u202egnp.mkv".encode(), b"{{ 7 * 7 }}.mkv", b"%3Cscript%3E.mkv", b"' onclick='x.mkv",
    b"n" * 251 + b".mkv",
)  # fmt: skip


@pytest.mark.parametrize("address", PAGES + FILES)
def test_every_answer_has_the_headers_that_keep_it_to_itself(served: Server, address: str) -> None:
    answer = served.get(address)
    assert answer.status_code == 200
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert {value for name, value in policy.items() if name.endswith("-src") and name != "default-src"} == {"'self'"}
    assert (policy["base-uri"], policy["frame-ancestors"], policy["form-action"]) == ("'none'", "'none'", "'self'")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cross-origin-resource-policy"] == "same-origin"
    assert "access-control-allow-origin" not in answer.headers
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("address", PAGES)
def test_no_page_needs_what_the_policy_forbids(served: Server, address: str) -> None:
    text = served.get(address).text
    assert re.findall(r"<style|\sstyle=|\son[a-z]+=|javascript:", text) == []
    assert re.findall(r"<script(?! src=\"/static/app\.js\" defer></script>)", text) == []
    assert re.findall(r"(?:href|src|action)=\"(?![/#])[^\"]*", text) == []
    assert "//" not in re.sub(r"\s//.*", "", served.get("/static/app.css").text)


@pytest.mark.parametrize("address", NOWHERE)
def test_nothing_else_is_served(served: Server, address: str) -> None:
    answer = served.get(address, follow_redirects=False)
    assert answer.status_code == 404
    assert len(answer.content) < 120


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200), ("localhost", 200), ("LOCALHOST:80", 200), ("localhost.:9000", 200), ("[::1]:8765", 200),
        ("evil.example", 421), ("evil.example:8765", 421), ("127.0.0.1.evil.example", 421),
        ("localhost.evil.example", 421),
        ("192.168.1.5", 421), ("", 421), ("localhost:8765@evil.example", 421), ("evil.example#localhost", 421),
        ("::1", 421), ("127.0.0.1:", 421), ("2130706433", 421), ("127.1", 421), ("127.0.0.2", 421),
        ("[::ffff:127.0.0.1]", 421), ("127.0.0.1 evil.example", 421),
    ],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/", "/events", "/static/app.js", "/integrity/report.json"])
def test_only_our_own_name_is_answered(served: Server, host: str, status: int, address: str) -> None:
    with served.client.stream("GET", address, headers={"host": host}) as answer:
        assert answer.status_code == status
        if status != 200:
            assert "kept" not in answer.read().decode()


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("address", ["/", "/integrity/start", "/integrity/rows"])
def test_no_other_method_is_known(served: Server, method: str, address: str) -> None:
    assert served.client.request(method, address).status_code == 405


@pytest.mark.parametrize("address", [*PAGES, *FILES, "/events"])
def test_a_page_is_not_posted_to_and_its_head_can_be_asked_for(served: Server, address: str) -> None:
    assert served.client.post(address).status_code == 405
    head = served.client.head(address)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 202),
        ({"origin": "OWN"}, 202),
        ({"origin": "OWN", "sec-fetch-site": "same-origin"}, 202),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://localhost:1"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"origin": "OWN", "sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_no_other_site_can_start_an_analysis(library: WebLibrary, headers: dict[str, str], status: int) -> None:
    server = library.serve()
    sent = {name: value.replace("OWN", server.url) for name, value in headers.items()} | {"accept": "application/json"}
    assert server.client.post("/integrity/start", headers=sent).status_code == status
    state = server.events(lambda event: event["kind"] == "integrity")[-1]["state"]
    assert (state == "never") == (status == 403)
    for other in ("cancel", "explain"):
        assert (server.client.post(f"/integrity/{other}", headers=sent).status_code == 403) == (status == 403)


def test_an_analysis_is_not_started_by_looking(served: Server) -> None:
    for each in ("start", "cancel", "explain?id=1"):
        assert served.get(f"/integrity/{each}").status_code == 405
    assert served.client.post("/other/start").status_code == 404


def test_a_form_without_javascript_comes_back_to_its_section(library: WebLibrary) -> None:
    answer = library.serve().client.post("/integrity/start", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/#integrity")


@pytest.mark.parametrize(
    "query", ["skip=-1", "skip=x", "skip=99999999999999999999", "skip=1e3", "skip=٣", "order=path"]
)
def test_numbers_in_addresses_are_numbers(served: Server, query: str) -> None:
    assert served.get(f"/integrity/rows?category=orphan_file&{query}").status_code == 400


@pytest.mark.parametrize(
    "words", [b"%", b"_", b"\\", b"' OR 1=1 --", b"x " * 5000, b"x" * 15_000, b"\xe9", b"kept\0", b"\xf0\x9f\x8e\xac"]
)
def test_any_words_can_be_searched_for(served: Server, words: bytes) -> None:
    quoted = "".join(f"%{byte:02x}" for byte in words)
    answer = served.get(f"/integrity/rows?category=orphan_file&q={quoted}")
    assert answer.status_code == 200
    assert 'data-found="0"' in answer.text


@pytest.mark.parametrize(
    "query", ["tree=x", "folder=/", "folder=../..", "width=x", "width=-5", "width=" + "9" * 5000, "width=1e9"]
)
def test_the_picture_takes_any_question(served: Server, query: str) -> None:
    answer = served.get(f"/library?{query}")
    assert answer.status_code == 200
    assert "<svg" in answer.text


def test_odd_names_are_shown_and_never_obeyed(library: WebLibrary) -> None:
    for number, name in enumerate(ODD_NAMES):
        library.film(name, link=f"Film {number} (2001).mkv")
        library.film(b"d" + name.removesuffix(b".mkv") + b"/inside.mkv")
    library.link("<b>gone & away</b>.mkv", "/nowhere/<i>x</i>.mkv", folder="<script>")
    library.run("scan", "--no-register")
    server = library.serve()
    server.analyse("integrity")
    for address in ("/", *PAGES, "/integrity/rows?category=broken_symlink", "/library?tree=links"):
        text = server.get(address).text
        assert re.findall(r"<script>|<img|<b>gone|<i>x|onerror=\w*>|' onclick='(?!x)", text) == []
        assert not {"\x1b", "\u202e", "\t"} & set(text)
    rows = server.get("/integrity/rows?category=orphan_file").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in rows.replace("<wbr>", "").replace("</span><b>", "")
    assert "{{ 7 * 7 }}" in rows
    assert "\\x1b[31mred" in rows
    assert "caf\ufffd &amp; co" in rows
    assert "&lt;i&gt;x" in server.get("/integrity/rows?category=broken_symlink").text


def test_a_fault_of_the_page_itself_is_one_line(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    server.analyse("integrity")
    for path in library.results():
        path.write_bytes(b"not a database any more")
    answer = server.get("/integrity/rows?category=orphan_file")
    assert answer.status_code == 500
    assert "sqlite" not in answer.text
    _, errors = server.end()
    assert "Traceback" not in errors
    assert "DatabaseError" in errors


@pytest.mark.parametrize("takes_off", [False, True])
def test_below_a_path_of_a_proxy_every_address_has_it(library: WebLibrary, takes_off: bool) -> None:
    server = library.with_faults().serve("--base-path", "/media/cineorg/")
    base = "/media/cineorg"
    assert server.url.endswith(base)
    server.client.base_url = server.url.removesuffix(base)
    ask = "" if takes_off else base
    page = server.get(f"{ask}/")
    assert page.status_code == 200
    addresses = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.text)
    assert addresses
    assert [address for address in addresses if not address.startswith(f"{base}/")] == []
    for address in addresses:
        if "/start" not in address and "/cancel" not in address:
            assert server.get(address.removeprefix(base) if takes_off else address).status_code == 200
    answer = server.client.post(f"{ask}/integrity/start", follow_redirects=False)
    assert answer.headers["location"] == f"{base}/#integrity"
    assert server.get(base, follow_redirects=False).headers["location"] == f"{base}/"


@pytest.mark.parametrize(
    ("given", "base"), [("", ""), ("/", ""), ("/a", "/a"), ("/a/b-c.d/", "/a/b-c.d"), ("a", None), ("/a b", None),
                        ("//a", None), ("/a/../b", None), ("/<x>", None)]
)  # fmt: skip
def test_a_base_path_is_a_path(given: str, base: str | None) -> None:
    if base is None:
        with pytest.raises(ValueError, match="a base path is such as"):
            checked_base(given)
    else:
        assert checked_base(given) == base
