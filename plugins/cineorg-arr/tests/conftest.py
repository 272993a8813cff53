"""Every test is away from the user's own settings, and has a Sonarr and a Radarr of its own on this machine."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from hypothesis import settings

# pytest imports test files by path and leaves sys.path alone, so that `arr_helpers` (and the plugin, where it
# is not installed) must be made findable by hand.
sys.path.insert(0, str(Path(__file__).parent.parent))
sys.path.insert(0, str(Path(__file__).parent))

from arr_helpers import ALIEN, Arr, Library, Result

# An example that waits for a busy disk is no failure.
settings.register_profile("without clock", deadline=None)
settings.load_profile("without clock")


@pytest.fixture(autouse=True)
def away_from_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path_factory.mktemp("home")
    for name in [name for name in os.environ if name.startswith(("CINEORG_", "XDG_")) or "proxy" in name.lower()]:
        monkeypatch.delenv(name)
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / name.lower()))
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("CINEORG_LOAD_PLUGINS", "arr")  # what else is installed is no part of what is tested


@pytest.fixture
def make_arr() -> Iterator[Callable[..., Arr]]:
    made: list[Arr] = []
    with ExitStack() as servers:

        def make(service: str = "") -> Arr:
            made.append(servers.enter_context(Arr(service)))
            return made[-1]

        yield make
    assert [wrong for server in made for wrong in server.wrong] == []


@pytest.fixture
def radarr(make_arr: Callable[..., Arr], monkeypatch: pytest.MonkeyPatch) -> Arr:
    """Return a Radarr that the environment names."""
    server = make_arr("radarr")
    monkeypatch.setenv("CINEORG_RADARR_URL", server.url)
    monkeypatch.setenv("CINEORG_RADARR_API_KEY", server.key)
    return server


@pytest.fixture
def sonarr(make_arr: Callable[..., Arr], monkeypatch: pytest.MonkeyPatch) -> Arr:
    """Return a Sonarr that the environment names."""
    server = make_arr("sonarr")
    monkeypatch.setenv("CINEORG_SONARR_URL", server.url)
    monkeypatch.setenv("CINEORG_SONARR_API_KEY", server.key)
    return server


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return Library(tmp_path)


@pytest.fixture
def run(
    library: Library, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], tmp_path: Path
) -> Callable[..., Result]:
    """Return a function that runs the command in this process, as an installed plugin, on the library."""
    from cineorg.commands import group

    library.install(monkeypatch, tmp_path / "installed")

    def run_command(*arguments: str, roots: bool = True) -> Result:
        monkeypatch.setattr(group, "_registry", None)
        code = group.main(["request-missing", *(library.roots if roots else []), *arguments])
        sys.stdout.flush()
        out, err = capfdbinary.readouterr()
        return Result(code, out, err.decode())

    return run_command


@pytest.fixture
def both(library: Library, radarr: Arr, sonarr: Arr) -> tuple[str, str]:
    """Return the broken links of a film (100) and of an episode (7006), both known."""
    radarr.add_film("Alien", 1979, 348)
    radarr.add_film("Aliens", 1986, 679)
    sonarr.add_series("Kaamelott", 2005, 79175, {1: 3, 2: 4})
    return library.broken(ALIEN, "Films/Alien.1979.mkv"), library.episode("Kaamelott (2005)", "S02E03")
