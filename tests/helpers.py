"""What the tests of this repository share beside `cineorg.testing`, whose names can be had from here as well."""

from __future__ import annotations

from pathlib import Path

from cineorg.testing import Library as Library
from cineorg.testing import Result as Result
from cineorg.testing import finish as finish
from cineorg.testing import kinds as kinds
from cineorg.testing import make_file as make_file
from cineorg.testing import make_tree as make_tree
from cineorg.testing import mounted as mounted
from cineorg.testing import run_command as run_command
from cineorg.testing import snapshot as snapshot
from cineorg.testing import start_command as start_command
from cineorg.testing import unprivileged as unprivileged

REPOSITORY = Path(__file__).parent.parent
