"""The two ways to the catalogue, and the look at both trees.

`reading` changes nothing, whatever it finds: it makes no file, takes no lock, brings no schema up to date and settles
nothing. `writing` does all of that. A command that plans changes goes through `planning`: its dry run reads.
"""

from __future__ import annotations

import gc
import os
import sqlite3
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Literal

from ...apply.recovery import settle_pending
from ...catalogue import empty_catalogue, journal, open_catalogue
from ...catalogue.check_queries import Catalogue
from ...catalogue.connection import check_answers
from ...errors import CatalogueError, ConfigError, InputError
from ...output.headings import counted
from ...paths import is_inside
from ...trees.library import Library, load_library
from ...trees.time_limit import real_path
from .options import Request

# What the catalogue must be for a command to have a meaning: one that scans have filled, any that exists, or none.
Need = Literal["scanned", "file", "nothing"]


@contextmanager
def reading(request: Request, needs: Need = "scanned") -> Iterator[sqlite3.Connection]:
    """Yield the catalogue, to be read only; an empty one in memory where none is needed and none is there."""
    check_answers(request.settings.db)
    if needs == "nothing" and not os.path.exists(request.settings.db):
        with empty_catalogue() as connection:
            yield connection
        return
    _check_exists(request)
    with open_catalogue(request.settings.db) as connection:
        _check_scanned(request, connection, needs)
        yield connection


@contextmanager
def writing(request: Request, needs: Need = "scanned") -> Iterator[sqlite3.Connection]:
    """Yield the catalogue, locked for the whole command; what an interrupted one left pending is settled first.

    It is made, or brought up to date, if need be; but not before what the command needs has been found in it.
    """
    if needs != "nothing":
        with reading(request, needs):
            pass
    with open_catalogue(request.settings.db, write=True) as connection:
        settled = settle_pending(connection, request.settings.video, request.warn)
        if settled:
            verb = "was" if settled == 1 else "were"
            request.warn(f"{counted(settled, 'steps')} that an interrupted command had left {verb} settled")
        yield connection


def planning(request: Request, needs: Need = "scanned") -> AbstractContextManager[sqlite3.Connection]:
    """Return the way of a command that changes something: `writing`, or `reading` where it is only to say what."""
    check_apart(request)
    return reading(request, needs) if request.dry_run else writing(request, needs)


def _check_exists(request: Request) -> None:
    database = request.settings.db
    if not os.path.exists(database):
        raise CatalogueError(f"there is no catalogue at {database}; run `{request.command_line('scan')}` first")


def _check_scanned(request: Request, connection: sqlite3.Connection, needs: Need) -> None:
    if needs == "scanned" and Catalogue(connection).last_scan() is None:
        raise CatalogueError(
            f"{request.settings.db} has never seen this library; run `{request.command_line('scan')}` first"
        )


def check_batch(request: Request, connection: sqlite3.Connection, batch: int) -> None:
    """Raise InputError if there is no such batch."""
    if all(found.id != batch for found in journal.list_batches(connection)):
        raise InputError(f"there is no batch {batch}; `{request.command_line('history')}` lists them")


def check_apart(request: Request) -> None:
    """Raise ConfigError when a storage root and the video root lie in one another: storage is never written."""
    settings = request.settings
    check_storage(request)
    video = real_path(settings.video)
    for root in map(real_path, settings.storage):
        if settings.video and (is_inside(root, video) or is_inside(video, root)):
            raise ConfigError(f"the storage root {root} and the video root {video} lie in one another; keep them apart")


def check_storage(request: Request) -> None:
    """Raise ConfigError when nobody has named a storage root."""
    if not request.settings.storage:
        raise ConfigError("no storage root: give --storage DIR, CINEORG_STORAGE_DIR, or `storage` in the config file")


def look_at_trees(request: Request, connection: sqlite3.Connection, phases: int = 1) -> Library:
    """Walk both trees and return the library; `phases`: how many the command has after this one."""
    gc.disable()  # the census is one large tree of plain data: collecting it again and again costs a third of the time
    with request.progress().phase(0, phases, "Reading both trees", None) as tick:
        return load_library(request.settings, Catalogue(connection).places(), tick=tick)
