"""What is registered, and from where: built-in and outside checks, commands and formats come in by one door.

Each plugin is loaded and called by itself: one that fails is reported with its name and stops nothing else.
"""

from __future__ import annotations

import importlib
import os
import pkgutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

import pluggy

from ..errors import PluginError
from . import hookspecs
from .contract import (
    GuestFormat,
    describe,
    describe_value,
    fault_of_check,
    fault_of_command,
    fault_of_format,
)
from .entry_points import find_entry_points
from .origins import BUILT_IN, Origin, PluginProblem, built_in_origin, problem_of

if TYPE_CHECKING:
    import click

    from ..output.report_shape import Format
    from .hookspecs import Check

ENTRY_POINT_GROUP = "cineorg"
EVENTS = ("batch_applied", "report_made")
HOOKS = {"register_checks": "check", "register_commands": "command", "register_formats": "format"}
_FAULT_OF: dict[str, Callable[[Any], str]] = {
    "check": fault_of_check,
    "command": fault_of_command,
    "format": fault_of_format,
}
# What no two items of a kind may share.
_UNIQUE = {"check": ("type", "summary_key"), "command": ("name",), "format": ("name",)}


class Listener(NamedTuple):
    """A plugin's function that wants to hear of an event."""

    event: str
    hook: pluggy.HookImpl
    origin: Origin


@dataclass(slots=True)
class Registry:
    """Everything that is registered, in the order of registration, each with its origin."""

    checks: list[tuple[Check, Origin]] = field(default_factory=list)
    commands: list[tuple[click.Command, Origin]] = field(default_factory=list)
    formats: list[tuple[Format, Origin]] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)
    plugins: list[Origin] = field(default_factory=list)
    problems: list[PluginProblem] = field(default_factory=list)

    def hears(self, event: str) -> bool:
        """Return whether a plugin wants to hear of an event."""
        return any(listener.event == event for listener in self.listeners)

    def tell(self, event: str, **values: Any) -> list[str]:
        """Tell every plugin that wants to hear of an event, and return what they say, a line each."""
        lines: list[str] = []
        for listener in self.listeners:
            if listener.event != event:
                continue
            try:
                # What a plugin prints must not get into the report on stdout.
                with redirect_stdout(sys.stderr):
                    said: Any = listener.hook.function(*(values[name] for name in listener.hook.argnames))
                    lines += [said] if isinstance(said, str) else [str(line) for line in said or ()]
            except KeyboardInterrupt:
                raise
            except BaseException as error:  # a plugin may raise anything, SystemExit included
                lines.append(str(problem_of(listener.origin, f"its {event} failed", error)))
        return lines

    def command(self, name: str) -> click.Command | None:
        """Return the plugin command of that name, if there is one."""
        return next((command for command, _ in self.commands if command.name == name), None)

    def failure_of(self, name: str, error: Exception) -> PluginError:
        """Return what the plugin command of that name raised as an error for people."""
        plugin = next((origin.name for command, origin in self.commands if command.name == name), "?")
        return PluginError(f"the plugin {plugin}: its command {name} failed: {describe(error)}")

    def checks_of(self, command: str) -> list[Check]:
        """Return the checks that are phases of that command's report, in the order of registration."""
        return [check for check, _ in self.checks if hookspecs.command_of(check) == command]

    def origin_of(self, check: Check) -> Origin:
        """Return where a registered check comes from."""
        return next(origin for known, origin in self.checks if known is check)

    def items(self, kind: str) -> list[tuple[Any, Origin]]:
        """Return the list of one kind: "check", "command" or "format"."""
        lists: dict[str, list[tuple[Any, Origin]]]
        lists = {"check": self.checks, "command": self.commands, "format": self.formats}
        return lists[kind]

    def add(self, other: Registry) -> None:
        """Take over everything of another registry."""
        self.checks += other.checks
        self.commands += other.commands
        self.formats += other.formats
        self.listeners += other.listeners
        self.plugins += other.plugins
        self.problems += other.problems


def load_plugins(
    directories: Sequence[str] = (), reserved_commands: Sequence[str] = (), *, built_in: bool = True
) -> Registry:
    """Load the built-in plugins, those of installed packages and the `.py` files of `directories`.

    A name that is taken (a check's type within its report, a format's name, a command's name or one of
    `reserved_commands`) is a problem of the plugin that came later: it is left without that one. Without `built_in`
    only what guests add is looked for: whoever asks for commands alone (`--help`) need not pay for the built-in
    checks and formats.
    """
    manager = pluggy.PluginManager("cineorg")
    manager.add_hookspecs(hookspecs)
    registry = Registry()
    # What a plugin prints must not get into the report on stdout.
    with redirect_stdout(sys.stderr):
        for origin, load in _sources(directories, registry, built_in_modules() if built_in else ()):
            _load(manager, registry, origin, load, reserved_commands)
    registry.checks.sort(key=_rank)
    return registry


def built_in_modules() -> list[str]:
    """Return the modules that are loaded as plugins: every check of ours, and the formats."""
    folder = os.path.join(os.path.dirname(os.path.dirname(__file__)), "checks")
    names = sorted(module.name for module in pkgutil.iter_modules([folder]))
    return [*(f"cineorg.checks.{name}" for name in names), "cineorg.output.builtin_formats"]


def _rank(registered: tuple[Check, Origin]) -> tuple[int, int]:
    check, origin = registered
    if origin.origin != BUILT_IN:
        return 2, 0
    return int(check.command == hookspecs.CLEANUP), check.order


def _load(
    manager: pluggy.PluginManager,
    registry: Registry,
    origin: Origin,
    load: Callable[[], Any],
    reserved_commands: Sequence[str],
) -> None:
    """Load one plugin and add what it gives: all of it, or, when the plugin raises, nothing."""
    name = f"{origin.name} ({origin.origin})"
    try:
        plugin = load()
        if origin.origin.startswith("file "):
            origin = origin._replace(version=str(getattr(plugin, "__version__", "")))
        manager.register(plugin, name=name)
        manager.check_pending()
        offered = _collect(manager, plugin, origin, registry, reserved_commands)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a plugin may raise anything, SystemExit included
        registry.problems.append(problem_of(origin, "left out", error))
        plugin = manager.get_plugin(name)
        if plugin is not None:
            manager.unregister(plugin)
    else:
        registry.plugins.append(origin)
        registry.add(offered)


def _sources(
    directories: Sequence[str], registry: Registry, built_in: Sequence[str]
) -> Iterator[tuple[Origin, Callable[[], Any]]]:
    for name in built_in:
        yield built_in_origin(name.rpartition(".")[2]), partial(importlib.import_module, name)
    chosen = os.environ.get("CINEORG_LOAD_PLUGINS")
    for entry in find_entry_points(ENTRY_POINT_GROUP, sys.path) if chosen != "" else ():
        if chosen is not None and entry.name not in chosen.split(","):
            continue
        yield Origin(entry.name, entry.version, f"package {entry.package}"), entry.load
    for directory in dict.fromkeys(directories):
        try:
            names = sorted(name for name in os.listdir(directory) if name.endswith(".py") and name[0] not in "._")
        except OSError as error:
            problem = f"cannot read the plugin folder: {(error.strerror or str(error)).lower()}"
            registry.problems.append(PluginProblem(Origin(directory, "", f"folder {directory}"), problem))
            continue
        for name in names:
            path = os.path.join(directory, name)
            yield Origin(name[:-3], "", f"file {path}"), partial(_load_file, path)


def _load_file(path: str) -> Any:
    import importlib.util

    module_name = "cineorg_plugin_" + os.path.basename(path)[:-3].replace(".", "_")
    while module_name in sys.modules and sys.modules[module_name].__file__ != path:
        module_name += "_"  # two folders may hold files of one name
    spec = importlib.util.spec_from_file_location(module_name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded as a module")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module  # dataclasses look their module up there
    try:
        spec.loader.exec_module(module)
    except BaseException:
        sys.modules.pop(module_name, None)
        raise
    return module


def _collect(
    manager: pluggy.PluginManager, plugin: Any, origin: Origin, registry: Registry, reserved: Sequence[str]
) -> Registry:
    """Return the checks of the plugin and what its hooks register; an item that breaks the contract is a problem."""
    checks = [item for item in getattr(plugin, "__dict__", {}).values() if isinstance(item, hookspecs.Check)]
    if not manager.get_hookcallers(plugin) and not checks:
        raise TypeError(f"it has none of the hooks {', '.join((*HOOKS, *EVENTS))}; is @hookimpl missing?")
    offered = Registry()
    for check in checks:
        _take("check", origin, registry, offered, reserved, check)
    others = [other for other in manager.get_plugins() if other is not plugin]
    for hook in HOOKS:
        adder = partial(_take, HOOKS[hook], origin, registry, offered, reserved)
        if manager.subset_hook_caller(hook, others)(register=adder):
            raise TypeError(f"its {hook} returns or yields something; it must call register(…) instead")
    for event in EVENTS:
        hooks = manager.subset_hook_caller(event, others).get_hookimpls()
        offered.listeners += [Listener(event, hook, origin) for hook in hooks]
    return offered


def _take(kind: str, origin: Origin, registry: Registry, offered: Registry, reserved: Sequence[str], item: Any) -> None:
    """Add one item that a plugin registers to `offered`, or the reason why not to its problems."""
    if any(item is known for known, _ in offered.items(kind)):
        return  # it stands in the module, and a hook names it as well
    try:
        fault = _FAULT_OF[kind](item) or _clash(kind, item, reserved, registry, offered)
    except Exception as error:  # the item's own attributes may raise
        fault = describe(error)
    if not fault:
        guest = kind == "format" and origin.origin != BUILT_IN
        offered.items(kind).append((GuestFormat(item, origin.name) if guest else item, origin))
        return
    try:
        name = item.type if kind == "check" else item.name
    except Exception:
        name = item
    offered.problems.append(PluginProblem(origin, f"its {kind} {describe_value(name)} is left out: {fault}"))


def _clash(kind: str, item: Any, reserved: Sequence[str], registry: Registry, offered: Registry) -> str:
    """Return in words who has a name already that `item` wants, or ""."""
    if kind == "command" and item.name in reserved:
        return "cineorg itself has a command of that name"
    for known, origin in [*registry.items(kind), *offered.items(kind)]:
        if kind == "check" and hookspecs.command_of(known) != hookspecs.command_of(item):
            continue  # the two reports are apart
        for attribute in _UNIQUE[kind]:
            if getattr(known, attribute) == getattr(item, attribute):
                return f"its {attribute!r} is taken already by the plugin {origin.name} ({origin.origin})"
    return ""
