"""A small library with every kind of fault, made in an empty folder: to try the commands on, and to test them with.

It is built healthy, scanned by the very code of `cineorg scan`, and only then damaged: so the catalogue remembers
where each file was. The same tree comes out every time. Nothing outside the folder is touched; inside it, and only
here, the package makes and moves stored files.
"""

from __future__ import annotations

import os

from ..catalogue import open_catalogue, transaction
from ..catalogue.check_queries import Catalogue
from ..catalogue.scan_record import scan_library
from ..errors import InputError
from ..settings.sources import load_settings
from ..trees.library import load_library
from ..trees.tree_walk import take_census
from .building import Builder, Demo, Fault
from .damage import damage
from .healthy import build_healthy
from .rows import insert_rows

__all__ = ["Demo", "Fault", "build_demo"]

CONFIG = """# The settings of the demo library; every command takes them with --config.
storage = ["storage"]
video = "video"
db = "cineorg.db"
"""


def build_demo(directory: str) -> Demo:
    """Make the library in `directory`, which must be empty or not exist; raises InputError and OSError."""
    try:
        os.makedirs(directory, exist_ok=True)
        is_empty = not os.listdir(directory)
    except (FileExistsError, NotADirectoryError):
        raise InputError(f"{directory} is not a folder; name an empty or a new one") from None
    if not is_empty:
        raise InputError(f"{directory} is not empty; name an empty or a new folder")
    base = os.path.abspath(directory)
    config = os.path.join(base, "cineorg.toml")
    with open(config, "x", encoding="utf-8") as file:
        file.write(CONFIG)
    demo = Demo(load_settings({"config": config}, {}))
    builder = Builder(demo)
    build_healthy(builder)
    with open_catalogue(demo.settings.db, write=True) as connection:
        with transaction(connection):
            insert_rows(connection, builder)
        census = take_census(demo.settings, with_stats=True)
        library = load_library(demo.settings, Catalogue(connection).places(), census=census)
        scan_library(connection, library, register=True, hashes={})
    damage(builder)
    demo.faults.sort(key=lambda fault: (fault.kind, fault.path))
    broken = {fault.path for fault in demo.faults}
    demo.normal = [item for item in demo.normal if item.path not in broken]
    demo.normal.sort(key=lambda fault: fault.path)
    demo.links, demo.files = len(builder.targets), builder.files
    return demo
