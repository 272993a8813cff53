"""Telling plugins what a command has done, once it has ended: nobody waits for them with the catalogue locked."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import click

from ...plugin_host.registry import Registry, load_plugins
from .options import Request


def announce_batch(request: Request, document: Mapping[str, Any]) -> None:
    """Tell of a batch when the command has ended; `document` has its rows, in memory form."""
    _at_the_end(
        partial(_tell, request, None, {"batch_applied": {"batch": document}, "report_made": {"report": document}})
    )


def announce_report(request: Request, registry: Registry, document: Mapping[str, Any]) -> None:
    """Tell of a report when the command has ended; `document` has its rows, in memory form."""
    _at_the_end(partial(_tell, request, registry, {"report_made": {"report": document}}))


def _at_the_end(task: partial[None]) -> None:
    context = click.get_current_context(silent=True)
    if context is not None:
        context.call_on_close(task)


def _tell(request: Request, registry: Registry | None, events: Mapping[str, Mapping[str, Any]]) -> None:
    registry = registry or load_plugins(request.settings.plugins, built_in=False)
    for event, values in events.items():
        for line in registry.tell(event, settings=request.settings, **values):
            request.warn(line)
