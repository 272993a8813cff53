"""What a step that was cut short has left, judged by looking at the disk; its temporary link (or folder) goes.

A step may have ended at any of its calls, by an error, by a kill, by somebody who was quicker. `mend` tells whether
it was done and leaves exactly one link. It knows no more than the disk shows and what was planned, so it serves in
the moment of the error as well as a week later.
"""

from __future__ import annotations

import errno
from contextlib import ExitStack

from ..catalogue.journal import Step
from ..changes import MakeDir, MakeLink, Move, Relink, RemoveDir, RemoveLink, SetFilePath
from . import steps
from .video_tree import ABSENT, FOLDER, FolderGone, Place, VideoTree, look

GONE = "\0gone"  # the folder that should hold the name does not exist


class Sight:
    """The tree as it was when a step had just been done: the disk, less what later steps have done since.

    Steps are judged from the last to the first; what a later one did is taken back here, in memory.
    """

    def __init__(self, tree: VideoTree) -> None:
        self.tree = tree
        self.later: dict[str, str] = {}

    def look(self, path: str) -> str:
        """Return what was at the path: a link's text, ABSENT, FILE, FOLDER or GONE. Raises Skipped or OSError."""
        if path in self.later:
            return self.later[path]
        try:
            return self.tree.look(path)
        except FolderGone:
            parent = path.rpartition("/")[0]
            return ABSENT if parent in self.later else GONE

    def is_free(self, path: str) -> bool:
        """Return whether the path may be written to: no later step has had it."""
        return path not in self.later

    def take_back(self, step: Step) -> None:
        """Show the tree as before this step, which was done."""
        change = step.change
        if isinstance(change, (Relink, RemoveLink)):
            self.later[change.path] = change.old_target
        elif isinstance(change, Move):
            self.later[change.path], self.later[change.new_path] = step.found["old"], ABSENT
        elif isinstance(change, (MakeLink, MakeDir)):
            self.later[change.path] = ABSENT
        elif isinstance(change, RemoveDir):
            self.later[change.path] = FOLDER


def mend(sight: Sight, step: Step, temp: str) -> bool:
    """Return whether the step was done, after removing what it left in the way.

    Raises Skipped, Overtaken or OSError when that cannot be known, and Stuck when somebody else's entry bears the
    temporary name and its own name is taken: both then stay as they are.
    """
    change = step.change
    if isinstance(change, SetFilePath):
        return False
    if isinstance(change, MakeLink):
        return sight.look(change.path) == change.target
    if isinstance(change, RemoveDir):
        return sight.look(change.path) == ABSENT
    with ExitStack() as stack:
        try:
            link = stack.enter_context(sight.tree.place(change.path))
        except FolderGone:
            link = None
        spare = Place(link.folder, temp) if link else None
        left = look(spare) if spare else ABSENT
        if link is None or spare is None or left == ABSENT:
            return _is_done(sight, step)
        if isinstance(change, MakeDir):
            return _mend_folder(spare, left)
        if isinstance(change, Relink):
            return _mend_relink(sight, change, link, spare, left)
        if isinstance(change, RemoveLink):
            return _mend_removal(sight, change, link, spare, left)
        return _mend_move(sight, step, change, link, spare, left)


def _is_done(sight: Sight, step: Step) -> bool:
    """Return whether a step that left nothing was done."""
    change = step.change
    if isinstance(change, MakeDir):
        return sight.look(change.path) == FOLDER
    if isinstance(change, Relink):
        return sight.look(change.path) == change.new_target
    if isinstance(change, RemoveLink):
        return sight.look(change.path) == ABSENT
    assert isinstance(change, Move)
    old, new = _texts(step)
    return sight.look(change.path) != old and sight.look(change.new_path) == new


def _texts(step: Step) -> tuple[str, str]:
    return step.found["old"], step.found["new"]


def _mend_relink(sight: Sight, change: Relink, link: Place, spare: Place, left: str) -> bool:
    seen = sight.look(change.path)
    if left == change.new_target:  # made, not yet exchanged or already swapped back
        steps.unlink(spare)
        return seen == change.new_target
    if left == change.old_target:  # only the exchange can have brought it here
        steps.unlink(spare)
        return seen != change.old_target
    if seen == change.new_target and sight.is_free(change.path):
        steps.exchange(spare, link)
        if look(spare) == change.new_target:
            steps.unlink(spare)
            return False
    elif seen == ABSENT and sight.is_free(change.path):
        steps.rename_free(spare, link)
        return False
    raise _stuck(spare)


def _mend_folder(spare: Place, left: str) -> bool:
    """Remove a new folder that had not been given its name yet."""
    if left != FOLDER:
        raise _stuck(spare)
    try:
        steps.rmdir(spare)
    except OSError as error:
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        raise steps.Stuck(f"something was put into the new folder {spare.name} before it had its name") from None
    return False


def _mend_removal(sight: Sight, change: RemoveLink, link: Place, spare: Place, left: str) -> bool:
    seen = sight.look(change.path)
    if left == change.old_target:
        steps.unlink(spare)
        return seen == ABSENT
    if seen == ABSENT and sight.is_free(change.path):
        steps.rename_free(spare, link)
        return False
    raise _stuck(spare)


def _mend_move(sight: Sight, step: Step, change: Move, link: Place, spare: Place, left: str) -> bool:
    old, new = _texts(step)
    seen, arrived = sight.look(change.path), sight.look(change.new_path)
    if left != old:  # somebody's entry was taken for the link in its last moment: put it back, forget the move
        if seen != ABSENT or not sight.is_free(change.path):
            raise _stuck(spare)
        steps.rename_free(spare, link)
        if arrived == new and sight.is_free(change.new_path):
            with sight.tree.place(change.new_path) as destination:
                steps.unlink(destination)
        return False
    if not (sight.is_free(change.path) and sight.is_free(change.new_path)):
        steps.unlink(spare)
        return seen != old and arrived == new
    if seen == old and arrived == new:
        steps.retire(link, spare, old)
        return True
    if seen == ABSENT and arrived != new:
        steps.rename_free(spare, link)
        return False
    steps.unlink(spare)
    return seen != old and arrived == new


def _stuck(spare: Place) -> steps.Stuck:
    return steps.Stuck(f"somebody else's entry is left under the name {spare.name}: its own name is taken")
