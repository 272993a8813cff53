"""cineorg keeps a film and series library made of symbolic links consistent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pluggy

    hookimpl = pluggy.HookimplMarker("cineorg")

__version__ = "0.1.0"
__all__ = ["__version__", "hookimpl"]


def __getattr__(name: str) -> Any:
    # pluggy costs more than `--version` does: only a plugin that asks for the marker pays for it.
    if name == "hookimpl":
        import pluggy

        return pluggy.HookimplMarker("cineorg")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
