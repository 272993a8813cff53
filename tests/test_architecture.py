"""The rooms and their arrows, read from the imports: commands → rooms that act → rooms that think → plain data."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import cineorg

PACKAGE = Path(cineorg.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))

PURE = ("names/", "tidy/", "repair/", "checks/", "trees/identity.py", "trees/offline.py", "trees/link_text.py",
        "trees/ignored_names.py", "catalogue/registration.py", "catalogue/file_moves.py", "catalogue/owners.py",
        "findings.py", "changes.py")  # fmt: skip
OUTSIDE = {"click", "sqlite3", "tqdm", "wcwidth", "subprocess", "shutil", "pathlib", "tempfile", "io", "socket"}
# Calls that alter a disk; they stand in one file only.
ALTERING = {"symlink", "link", "rename", "renames", "replace", "unlink", "remove", "rmdir", "removedirs", "truncate",
            "chmod", "fchmod", "lchmod", "chown", "fchown", "lchown"}  # fmt: skip


def relative(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def is_pure(path: Path) -> bool:
    return relative(path).startswith(PURE)


def imports(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports, absolute, those for type checking only left out."""
    package = ["cineorg", *relative(path).split("/")[:-1]]
    for node in _runtime_nodes(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *filter(None, [node.module])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _runtime_nodes(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.If) and "TYPE_CHECKING" in ast.unparse(child.test):
            continue
        yield child
        yield from _runtime_nodes(child)


def calls(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (object, method) of each call written as `object.method(…)`, and ("", name) of each plain one."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield ast.unparse(node.func.value), node.func.attr
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield "", node.func.id


def test_the_rooms_named_here_exist() -> None:
    for room in PURE:
        assert (PACKAGE / room).exists(), room


@pytest.mark.parametrize("path", [path for path in MODULES if is_pure(path)], ids=relative)
def test_a_pure_room_reads_and_shows_nothing(path: Path) -> None:
    assert not OUTSIDE & {name.partition(".")[0] for name in imports(path)}
    touching = {(what, call) for what, call in calls(path) if call == "open" and what in ("", "os", "io")}
    touching |= {(what, call) for what, call in calls(path) if what == "os" and call not in ("fsdecode", "fsencode")}
    assert not touching


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_only_commands_and_the_group_know_click(path: Path) -> None:
    known = any(name.partition(".")[0] == "click" for name in imports(path))
    # The contract holds what plugins register to it, click commands among it.
    assert not known or relative(path) == "plugin_host/contract.py" or relative(path).startswith("commands/")


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_nothing_below_the_commands_imports_them(path: Path) -> None:
    above = any(name.startswith("cineorg.commands") for name in imports(path))
    assert not above or relative(path) in ("__main__.py", "testing.py") or relative(path).startswith("commands/")


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_the_disk_is_altered_in_one_file(path: Path) -> None:
    altering = {(what, call) for what, call in calls(path) if what == "os" and call in ALTERING}
    # The demo builds a library of its own in an empty folder, and tests do; nothing else of the package may.
    assert not altering or relative(path) in ("apply/steps.py", "testing.py") or relative(path).startswith("demo/")


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_nothing_of_the_package_knows_what_is_there_for_tests(path: Path) -> None:
    assert not {name for name in imports(path) if name.startswith("cineorg.testing")}


STATEMENT = re.compile(r"\s*(SELECT|INSERT|UPDATE|REPLACE|DELETE|CREATE|DROP|ALTER|PRAGMA)\b")


def texts(path: Path) -> Iterator[str]:
    """Yield each text of a file that is not a docstring; of one with values in it, each piece."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    plain = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in plain:
            yield node.value


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_sql_stands_in_the_catalogue(path: Path) -> None:
    speaking = {call for _, call in calls(path) if call in ("execute", "executemany", "executescript", "connect")}
    speaking |= {text for text in texts(path) if STATEMENT.match(text)}
    # What tests build their libraries with asks whatever statement a test wants to.
    assert not speaking or relative(path) == "testing.py" or relative(path).startswith("catalogue/")


@pytest.mark.parametrize("name", ["findings.py", "changes.py", "errors.py", "clock.py"])
def test_plain_data_knows_no_room(name: str) -> None:
    own = {module for module in imports(PACKAGE / name) if module.startswith("cineorg")}
    assert own <= {"cineorg", "cineorg.paths"}, own


PLUGIN_MODULES = sorted((Path(__file__).parent.parent / "plugins").glob("cineorg-*/cineorg_*/**/*.py"))


@pytest.mark.parametrize("path", PLUGIN_MODULES, ids=lambda path: path.parent.name + "/" + path.name)
def test_a_plugin_imports_one_module_of_ours(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = {alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and not node.level}
    assert {name for name in names if name.split(".")[0] == "cineorg"} <= {"cineorg.plugin"}


def test_each_name_for_plugins_is_declared_for_type_checkers_and_found_in_its_room() -> None:
    import cineorg.plugin

    tree = ast.parse((PACKAGE / "plugin.py").read_text(encoding="utf-8"))
    block = next(node for node in tree.body if isinstance(node, ast.If))
    declared = {
        alias.name: node.module or "" for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert declared == cineorg.plugin._HOME_OF
    for name in declared:
        assert getattr(cineorg.plugin, name) is not None
