"""A library with a broken link that can be repaired, and the command line on it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import cineorg

DISTRIBUTION = Path(__file__).parent.parent


class RefreshLibrary:
    """Two roots with a film whose file was renamed since the scan, and the command line on them."""

    def __init__(self, base: Path) -> None:
        self.base, self.storage, self.video = base, base / "storage", base / "video"
        self.config = base / "cineorg.toml"
        self.drame = self.video / "Films" / "Drame"
        self.drame.mkdir(parents=True)
        (self.storage / "Films").mkdir(parents=True)
        for number in range(3):
            stored = self.storage / "Films" / f"Titre {number}.mkv"
            with stored.open("wb") as file:
                file.truncate(1000 + number)
            os.utime(stored, (1_500_000_000 + number, 1_500_000_000 + number))
            (self.drame / f"Titre {number} (2001).mkv").symlink_to(stored)
        names = {name: value for name, value in os.environ.items() if not name.startswith(("CINEORG_", "XDG_"))}
        path = [str(Path(cineorg.__file__).parent.parent), str(DISTRIBUTION), names.get("PYTHONPATH", "")]
        (base / "plugins").mkdir()
        (base / "plugins" / "refresh.py").write_text("from cineorg_refresh.plugin import *\n")
        self.environment = names | {
            "PYTHONPATH": ":".join(filter(None, path)),
            "HOME": str(base),
            "XDG_STATE_HOME": str(base / "state"),
            # As a file, as a user would try a plugin that is not installed; nothing else is part of what is tested.
            "CINEORG_LOAD_PLUGINS": "",
            "CINEORG_PLUGINS_DIR": str(base / "plugins"),
        }
        self.configure()
        assert self.run("scan").returncode == 0
        (self.storage / "Films" / "Titre 1.mkv").rename(self.storage / "Films" / "renamed.mkv")

    def configure(self, *lines: str) -> None:
        """Write the config file; `lines` is what the plugin's table has."""
        self.config.write_text(
            f'storage = "{self.storage}"\nvideo = "{self.video}"\ndb = "{self.base}/c.db"\n[plugin.refresh]\n'
            + "\n".join(lines)
        )

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """Run a command on the library."""
        command = [sys.executable, "-m", "cineorg", *arguments, "--config", str(self.config)]
        done = subprocess.run(
            command, env=self.environment | environment, capture_output=True, check=False, cwd=self.base, text=True
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done
