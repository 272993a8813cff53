"""The guard against a batch that would alter too much of a library at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from ..changes import Change, Move, Relink, RemoveLink
from ..errors import ConfigError, RefusedError

DEFAULT_SHARE_PERCENT = 20.0
DEFAULT_FLOOR = 100  # a small library may be put in order in one go (cli.md)


def check_mass_change(changes: Iterable[Change], links_total: int, limit: str = "") -> None:
    """Raise RefusedError if the changes alter or remove more links than `limit` allows.

    `limit` is a number ("500"), a share of all links ("20%"), or empty for the default: 20 % or 100, whichever is
    more. A link that several changes name counts once; new links, folders and rows do not count.
    """
    altered = len({change.path for change in changes if isinstance(change, (Relink, Move, RemoveLink))})
    allowed = allowed_changes(links_total, limit)
    if altered > allowed:
        share = f" of {links_total}" if links_total else ""
        raise RefusedError(
            f"this would alter or remove {altered}{share} links, more than the {allowed} allowed at once; nothing was"
            f" changed. Look at the plan with --dry-run; if it is right, allow it with --max-changes {altered}"
        )


def allowed_changes(links_total: int, limit: str = "") -> int:
    """Return how many links one batch may alter or remove; raises ConfigError if `limit` cannot be read."""
    try:
        if not limit:
            return max(DEFAULT_FLOOR, int(links_total * DEFAULT_SHARE_PERCENT / 100))
        number = float(limit[:-1]) * links_total / 100 if limit.endswith("%") else int(limit)
        if number < 0:
            raise ValueError
        return int(number)
    except (ValueError, OverflowError):
        raise ConfigError(f"--max-changes {limit}: expected a number such as 500, or a share such as 20%") from None
