"""What is registered, and from where: built-in and outside checks, commands and formats come in by one door.

Each plugin is loaded and called by itself: one that fails is reported with its name and stops nothing else.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pluggy

from . import __version__, hookspecs
from .entry_points import find_entry_points

if TYPE_CHECKING:
    import click

    from .hookspecs import Check
    from .output.layout import Format

ENTRY_POINT_GROUP = "cineorg"
BUILT_IN = (
    "cineorg.checks.ghost_entry",
    "cineorg.checks.orphan_file",
    "cineorg.checks.broken_symlink",
    "cineorg.output.registration",
)


class Origin(NamedTuple):
    """Where a plugin comes from: its name, the version of its distribution, and "built-in", a file or a package."""

    name: str
    version: str
    origin: str


class PluginProblem(NamedTuple):
    """A plugin that could not be loaded, or that raised; `error` is one line."""

    plugin: str
    error: str


@dataclass(slots=True)
class Registry:
    """Everything that is registered, in the order of registration, each with its origin."""

    checks: list[tuple[Check, Origin]] = field(default_factory=list)
    commands: list[tuple[click.Command, Origin]] = field(default_factory=list)
    formats: list[tuple[Format, Origin]] = field(default_factory=list)
    plugins: list[Origin] = field(default_factory=list)
    problems: list[PluginProblem] = field(default_factory=list)

    def command(self, name: str) -> click.Command | None:
        """Return the plugin command of that name, if there is one."""
        return next((command for command, _ in self.commands if command.name == name), None)


def load_plugins(
    directories: Sequence[str] = (), reserved_commands: Sequence[str] = (), *, built_in: bool = True
) -> Registry:
    """Load the built-in plugins, those of installed packages and the `.py` files of `directories`.

    A name that is taken (a check's type, a format's name, a command's name or one of `reserved_commands`) is a
    problem of the plugin that came later. Without `built_in` only what guests add is looked for: whoever asks for
    commands alone (`--help`) need not pay for the built-in checks and formats.
    """
    manager = pluggy.PluginManager("cineorg")
    manager.add_hookspecs(hookspecs)
    registry = Registry()
    for origin, load in _sources(directories, registry, BUILT_IN if built_in else ()):
        try:
            plugin = load()
            manager.register(plugin, name=f"{origin.name} ({origin.origin})")
            manager.check_pending()
            _collect(manager, plugin, origin, registry, reserved_commands)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a plugin may raise anything, SystemExit included
            registry.problems.append(PluginProblem(origin.name, describe(error)))
            _forget(manager, origin)
        else:
            registry.plugins.append(origin)
    return registry


def describe(error: BaseException) -> str:
    """Return an exception as one line, with its type."""
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _sources(
    directories: Sequence[str], registry: Registry, built_in: Sequence[str]
) -> Iterator[tuple[Origin, Callable[[], Any]]]:
    for name in built_in:
        yield Origin(name.rpartition(".")[2], __version__, "built-in"), partial(importlib.import_module, name)
    for entry in find_entry_points(ENTRY_POINT_GROUP, sys.path):
        yield Origin(entry.name, entry.version, f"package {entry.package}"), entry.load
    for directory in directories:
        try:
            names = sorted(name for name in os.listdir(directory) if name.endswith(".py") and not name.startswith("_"))
        except OSError as error:
            registry.problems.append(PluginProblem(directory, f"cannot read the plugin folder: {error.strerror}"))
            continue
        for name in names:
            path = os.path.join(directory, name)
            yield Origin(name[:-3], "", path), partial(_load_file, path, name[:-3])


def _load_file(path: str, name: str) -> Any:
    import importlib.util

    module_name = f"cineorg_plugin_{name}"
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded as a module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # dataclasses look their module up there
    spec.loader.exec_module(module)
    return module


def _collect(
    manager: pluggy.PluginManager, plugin: Any, origin: Origin, registry: Registry, reserved: Sequence[str]
) -> None:
    others = [other for other in manager.get_plugins() if other is not plugin]
    taken = {f"command {name}" for name in reserved}
    taken |= {f"check {check.type}" for check, _ in registry.checks}
    taken |= {f"format {known.name}" for known, _ in registry.formats}
    taken |= {f"command {command.name}" for command, _ in registry.commands}

    def register(kind: str, name: str, into: list[tuple[Any, Origin]], item: Any) -> None:
        if f"{kind} {name}" in taken:
            raise ValueError(f"the {kind} {name} is registered already")
        taken.add(f"{kind} {name}")
        into.append((item, origin))

    adders: dict[str, Callable[[Any], None]] = {
        "register_checks": lambda check: register("check", check.type, registry.checks, check),
        "register_formats": lambda item: register("format", item.name, registry.formats, item),
        "register_commands": lambda item: register("command", item.name, registry.commands, item),
    }
    for hook, adder in adders.items():
        manager.subset_hook_caller(hook, others)(register=adder)


def _forget(manager: pluggy.PluginManager, origin: Origin) -> None:
    plugin = manager.get_plugin(f"{origin.name} ({origin.origin})")
    if plugin is not None:
        manager.unregister(plugin)
