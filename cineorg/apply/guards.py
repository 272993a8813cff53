"""What stands between a plan and the disk: asked once of the whole plan, and again just before each step.

A plan is refused as a whole if it rests on the absence of a file in a place that is not believed, or if it would alter
too much at once. A step is skipped if its link is whole again, or its file is not the one that the plan meant. Only
"no such file" is absence: a file that cannot be looked at may be there.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ..changes import Change, MakeLink, Relink, RemoveLink, SetFilePath
from ..errors import RefusedError
from ..trees.census import explain, says_absent
from ..trees.library import PRESENT, Library
from ..trees.link_text import real_folder
from ..trees.time_limit import ask, real_path
from .mass_change import check_mass_change

_ROUNDING_NS = 1000  # a plan may have passed through jq, which keeps 53 bits of a number


def _plain_remedy(place: str) -> str:
    return f"mount it and try again; if the loss is real: cineorg scan --accept {place}"


class Guards:
    """The guards of one library.

    `rests_on_absence`: false when each change rests on a file that was seen, so that an old target in an offline place
    is no reason against it. `max_changes`: see `mass_change`. `remedy(place)`: what to do where it is
    offline.
    """

    def __init__(
        self,
        library: Library,
        *,
        rests_on_absence: bool = True,
        max_changes: str = "",
        remedy: Callable[[str], str] = _plain_remedy,
    ) -> None:
        self._library, self._rests_on_absence, self._max_changes = library, rests_on_absence, max_changes
        self._remedy = remedy

    def check(self, changes: Sequence[Change]) -> None:
        """Raise RefusedError, with what would allow it, if a guard stands in the way of the whole plan."""
        if self._rests_on_absence:
            self._check_offline(changes)
        census = self._library.census
        check_mass_change(
            changes, sum(len(folder.links) for _, folder in census.folders_of(census.video)), self._max_changes
        )

    def refusal(self, changes: Sequence[Change]) -> RefusedError | None:
        """Return what `check` would raise, None if nothing stands in the way."""
        try:
            self.check(changes)
        except RefusedError as error:
            return error
        return None

    def objection(self, change: Change) -> str:
        """Return why one change must not be made after all, or ""."""
        if isinstance(change, (Relink, RemoveLink)) and change.if_broken and (reason := _not_broken(change.path)):
            return reason
        if isinstance(change, SetFilePath) and change.new:
            state, reason = self._library.state_of(change.new)
            return "" if state == PRESENT else f"its new file cannot be reached: {reason}"
        if isinstance(change, Relink):
            return self._target_objection(change.path, change.new_target, change)
        if isinstance(change, MakeLink) and change.size is not None:
            return self._target_objection(change.path, change.target, change)
        return ""

    def stamped(self, changes: Iterable[Change]) -> list[Change]:
        """Return the changes, each that gives a link a file with that file's size and time as they are now."""
        return [self._stamp(change) for change in changes]

    def _stamp(self, change: Change) -> Change:
        if not isinstance(change, (Relink, MakeLink)) or change.size is not None:
            return change
        target = change.new_target if isinstance(change, Relink) else change.target
        try:
            found = ask(os.stat, self._way(change.path, target))
        except (OSError, ValueError):
            return change  # the step will say why it cannot be done
        if stat.S_ISDIR(found.st_mode):
            return change  # a folder's time says when something came into it, not which it is
        return replace(change, size=found.st_size, mtime_ns=found.st_mtime_ns)

    def _target_objection(self, path: str, target: str, change: Relink | MakeLink) -> str:
        try:
            found = ask(os.stat, self._way(path, target))
        except OSError as error:
            return f"its new target cannot be reached: {explain(error)}"
        if change.size is not None and change.size != found.st_size:
            return f"its new file is another one than was planned: {found.st_size} bytes, not {change.size}"
        if change.mtime_ns is not None and abs(change.mtime_ns - found.st_mtime_ns) > _ROUNDING_NS:
            return "its new file is another one than was planned: it was changed at another time"
        return ""

    def _way(self, path: str, target: str) -> str:
        return os.path.join(real_folder(self._library, path), target)

    def _check_offline(self, changes: Sequence[Change]) -> None:
        for change in changes:
            if not isinstance(change, (Relink, RemoveLink)):
                continue
            for end in self._ends(change.path, change.old_target):
                reason = "" if self._library.finder.has(end) else self._library.offline_reason(end)
                if reason:
                    cause = next((item.cause for item in self._library.offline if reason.startswith(item.cause)), end)
                    raise RefusedError(f"{reason}; nothing was changed; {self._remedy(cause)}")

    def _ends(self, path: str, target: str) -> list[str]:
        """Return where a link leads: by its text, and by the links and `..` on its way, as the disk resolves them."""
        library = self._library
        said = library.end_of(os.path.dirname(path), target)
        way = library.finder.canonical(real_path(self._way(path, target)))
        return list(dict.fromkeys(end for end in (said, way) if end))


def _not_broken(path: str) -> str:
    """Return why a link cannot be called broken now, or ""."""
    try:
        ask(os.stat, path)
    except OSError as error:
        if says_absent(error) or error.errno == errno.ELOOP:  # links that lead round in a loop reach no file
            return ""
        return f"it cannot be looked at: {explain(error)}"
    return "it is not broken any more"
