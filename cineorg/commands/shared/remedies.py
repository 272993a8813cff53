"""What to do about the places of a library that cannot be judged: the one command, or the words, that fit each."""

from __future__ import annotations

from functools import cached_property

from ...paths import is_inside
from ...repair.moved_prefix import Prefix, find_moved_prefixes
from ...trees.library import Library
from ...trees.offline import Offline
from .options import Request


class Remedies:
    """The remedies of one library. A loss is to be accepted only where nothing else explains it."""

    def __init__(self, request: Request, library: Library) -> None:
        self._request, self._library = request, library

    @cached_property
    def moved(self) -> list[Prefix]:
        """The prefixes under which what is away stands elsewhere."""
        return find_moved_prefixes(self._library)

    def words(self, item: Offline) -> str:
        """Return what to do about a place that is offline."""
        prefix = self._moved_from(item)
        if prefix is not None:
            return f"its files are under {prefix.new} now; if it has moved: {self.rewrite(prefix)}"
        if self._unreadable_in(item):
            return "make it readable"
        return f"mount it and try again; if the loss is real: {self.accept(item.cause)}"

    def words_for(self, cause: str) -> str:
        """Return the same for the folder that gave a place away."""
        item = next((item for item in self._library.offline if item.cause == cause), Offline(cause, cause, ""))
        return self.words(item)

    def words_for_reason(self, reason: str) -> str:
        """Return the same for the reason, which begins with that folder, why a link is not judged."""
        causes = [item.cause for item in self._library.offline if reason.startswith(f"{item.cause}: ")]
        return self.words_for(max(causes, key=len)) if causes else "make it readable"

    def commands(self) -> list[str]:
        """Return the commands that the words name, each once, those first that lose nothing."""
        found = [self.rewrite(prefix) for prefix in self.moved]
        found += [
            self.accept(item.cause)
            for item in self._library.offline
            if self._moved_from(item) is None and not self._unreadable_in(item)
        ]
        return list(dict.fromkeys(found))

    def accept(self, cause: str) -> str:
        """Return the command that accepts the loss of a place."""
        return self._request.command_line("scan", "--accept", cause)

    def rewrite(self, prefix: Prefix) -> str:
        """Return the command that lets links lead to where their files are now."""
        words = "repair-links", "--rewrite", f"{prefix.old}={prefix.new}", "--max-changes", "100%"
        return self._request.command_line(*words)

    def may_repair(self) -> bool:
        """Return whether any storage is there to take files from."""
        away = {item.path for item in self._library.offline}
        return any(tree.root not in away for tree in self._library.census.storage)

    def _moved_from(self, item: Offline) -> Prefix | None:
        # A root is away as a whole; of a volume, what stands elsewhere may be a folder in it.
        for prefix in self.moved:
            if is_inside(item.path, prefix.old) or is_inside(prefix.old, item.path):
                return prefix
        return None

    def _unreadable_in(self, item: Offline) -> bool:
        places = [place.path for place in self._library.census.unreadable]
        return not item.may_be_accepted or any(is_inside(path, item.path) for path in places)
