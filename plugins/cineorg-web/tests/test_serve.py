"""The command: its options, where it may listen, how it ends, and its manual."""

from __future__ import annotations

import contextlib
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import click
import pytest
from cineorg_web.serve import command
from cineorg_web.serving import AddressError, Bind, open_socket, page_address
from web_library import DISTRIBUTION, WebLibrary

from cineorg.errors import RefusedError


def serve_and_fail(library: WebLibrary, *arguments: str) -> tuple[int, str]:
    """Run `serve` where it must not start; returns exit code and stderr."""
    done = subprocess.run(
        [sys.executable, "-m", "cineorg", "serve", *library.flags, *arguments],
        env=library.environment, capture_output=True, check=False, text=True, timeout=60,
    )  # fmt: skip
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.returncode, done.stderr


def test_ctrl_c_ends_it_quietly(library: WebLibrary) -> None:
    server = library.serve()
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", server.url)
    assert server.get("/").status_code == 200
    code, errors = server.end(signal.SIGINT)
    assert (code, errors.strip()) == (130, "cineorg: Ctrl-C ends the server")


def test_it_ends_at_once_although_pages_listen_and_an_analysis_runs(library: WebLibrary) -> None:
    library.add_waiting_check()
    server = library.with_faults().serve()
    server.start("integrity")
    server.events(lambda event: len(event["steps"]) == 5)
    children = server.children()
    with server.client.stream("GET", "/events") as stream:
        next(stream.iter_raw())
        assert server.end(signal.SIGINT)[0] == 130
    assert are_gone(children)


def test_more_connections_than_open_files_are_refused_and_half_requests_end(library: WebLibrary) -> None:
    server = library.serve()
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (96, 96))
    host, _, port = server.url.removeprefix("http://").rpartition(":")
    held = [socket.create_connection((host, int(port))) for _ in range(150)]
    for each in held:
        with contextlib.suppress(OSError):  # refused already
            each.sendall(b"GET / HTTP/1.1\r\nX: ")
    for each in held:
        each.settimeout(30)
        with contextlib.suppress(ConnectionResetError):
            assert each.recv(1) == b""
    assert server.get("/").status_code == 200
    assert len(server.end()[1].splitlines()) <= 3
    for each in held:
        each.close()


def test_a_signal_to_end_leaves_no_child_and_nothing_half_done(library: WebLibrary) -> None:
    library.add_waiting_check()
    server = library.with_faults().serve()
    server.start("integrity")
    server.events(lambda event: event["phases"] == 4)
    children = server.children()
    assert server.end(signal.SIGTERM)[0] == 143
    assert are_gone(children)
    assert [path for path in (library.base / "state").rglob("*") if path.is_file() and path.name != "lock"] == []


def test_a_command_that_does_not_end_when_told_to_is_killed(library: WebLibrary) -> None:
    library.add_waiting_check(first="import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)")
    server = library.with_faults().serve()
    server.start("integrity")
    server.events(lambda event: len(event["steps"]) == 5)
    children = server.children()
    assert server.end(signal.SIGINT)[0] == 130
    assert are_gone(children)


def are_gone(processes: list[int]) -> bool:
    """Return whether processes, of which there were some, have ended."""
    return bool(processes) and not any(Path(f"/proc/{number}").exists() for number in processes)


def test_a_port_in_use_is_one_line(library: WebLibrary) -> None:
    port = library.serve().url.rpartition(":")[2]
    code, errors = serve_and_fail(library, "--port", port)
    assert code == 2
    assert errors.count("\n") == 1
    assert f"127.0.0.1 port {port}" in errors
    assert "--port" in errors


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])
def test_other_machines_see_nothing_unless_asked_for(library: WebLibrary, host: str) -> None:
    code, errors = serve_and_fail(library, "--host", host, "--port", "0")
    assert code == 4
    assert errors.count("\n") == 1
    assert "--allow-remote" in errors


@pytest.mark.parametrize("host", ["", "192.0.2.1", "no-such-host.invalid", "a" * 300, "x\x1b[31m"])
def test_an_address_that_is_none_is_one_line(library: WebLibrary, host: str) -> None:
    code, errors = serve_and_fail(library, "--host", host, "--port", "0", "--allow-remote")
    assert code == 2
    assert errors.count("\n") == 1
    assert "\x1b" not in errors


@pytest.mark.parametrize(
    ("host", "status"),
    [("192.168.1.5:8765", 200), ("[fe80::1]", 200), ("localhost", 200), (socket.gethostname(), 200),
     ("nas.lan:80", 200),
     ("evil.example", 421), ("nas.evil.example", 421)],
)  # fmt: skip
def test_a_remote_page_answers_to_addresses_and_its_own_names(library: WebLibrary, host: str, status: int) -> None:
    config = library.base / "web.toml"
    config.write_text('[plugin.web]\nhosts = ["nas.lan"]\n')
    server = library.serve("--host", "0.0.0.0", "--allow-remote", "--config", str(config))
    assert server.get("/", headers={"host": host}).status_code == status
    assert "everybody who can reach this address" in server.end()[1]


@pytest.mark.parametrize("table", ['hosts = "nas.lan"', "hosts = [1]", "host = []"])
def test_a_wrong_table_in_the_config_file_is_told(library: WebLibrary, table: str) -> None:
    config = library.base / "web.toml"
    config.write_text(f"[plugin.web]\n{table}\n")
    code, errors = serve_and_fail(library, "--config", str(config))
    assert code == 2
    assert str(config) in errors


def test_open_shows_the_page_in_the_browser(library: WebLibrary) -> None:
    opened = library.base / "opened"
    browser = library.base / "browser"
    browser.write_text(f'#!/bin/sh\nprintf %s "$1" > {opened}.part && mv {opened}.part {opened}\n')
    browser.chmod(0o755)
    server = library.serve("--open", BROWSER=f"{browser} %s")
    server.process.poll()
    for _ in range(600):
        if opened.exists():
            break
        subprocess.run(["sleep", "0.1"], check=True)
    assert opened.read_text() == f"{server.url}/"


def resolve_to(monkeypatch: pytest.MonkeyPatch, *addresses: tuple[int, str]) -> None:
    found = [(family, socket.SOCK_STREAM, 0, "", (address, 0)) for family, address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: found)


def test_of_several_addresses_of_a_name_the_first_that_can_be_listened_on_is_taken(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve_to(monkeypatch, (socket.AF_DECnet, "::1"), (socket.AF_INET, "127.0.0.1"))
    with open_socket(Bind("localhost", 0, False)) as listener:
        assert page_address(listener).startswith("http://127.0.0.1:")
    resolve_to(monkeypatch, (socket.AF_DECnet, "::1"))
    with pytest.raises(AddressError, match="no address of this machine"):
        open_socket(Bind("localhost", 0, False))


def test_a_name_that_is_also_an_address_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    resolve_to(monkeypatch, (socket.AF_INET, "127.0.0.1"), (socket.AF_INET, "192.0.2.1"))
    with pytest.raises(RefusedError, match="--allow-remote"):
        open_socket(Bind("nas", 0, False))


def test_ipv6_works_where_the_machine_has_it(library: WebLibrary) -> None:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        pytest.skip("there is no IPv6 here")
    server = library.serve("--host", "::1")
    assert server.url.startswith("http://[::1]:")
    assert server.get("/").status_code == 200


def test_the_manual_has_every_option_and_is_well_formed() -> None:
    page = DISTRIBUTION / "man" / "cineorg-serve.1"
    text = page.read_text("utf-8").replace("\\-", "-")
    for option in command.params:
        assert isinstance(option, click.Option)
        assert option.help
        assert f".B {max(option.opts, key=len)}" in text
    assert ".SH EXIT STATUS" in text
    assert [line for line, _ in command.examples] == re.findall(r"^cineorg serve .*", text, re.MULTILINE)
    if shutil.which("mandoc"):
        done = subprocess.run(["mandoc", "-Tlint", "-Werror", page], capture_output=True, check=False, text=True)
        assert done.stdout == ""


def test_the_readme_has_every_option() -> None:
    text = (DISTRIBUTION / "README.md").read_text("utf-8")
    for option in command.params:
        assert option.name in ("storage", "video", "db", "config") or max(option.opts, key=len) in text
