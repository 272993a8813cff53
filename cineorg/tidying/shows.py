"""The folder of a series, and of one of its seasons: one that exists, or a new one's name. Pure."""

from __future__ import annotations

from ..ignoring import IgnoreRules
from ..names import season_of_folder
from ..titles import fold_without_article
from .items import Item
from .owners import Owner
from .shelves import TITLE_FOLDER
from .snapshot import Snapshot

_LONGEST_BYTES = 255


class ShowFolders:
    """Where the episodes of a series go that lie outside the folders of series."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._ignored = IgnoreRules(snapshot.library.settings.ignore)

    def season_folder(self, item: Item, owner: Owner, place: str) -> tuple[str, str]:
        """Return the season's folder for an episode below `place`, and why it cannot be told, or ""."""
        show, problem = self._show_folder(owner, place)
        file = self._snapshot.model.file_of(item.path) or ""
        seasons = self._snapshot.owners.seasons_of(file)
        if problem or len(seasons) != 1 or None in seasons:
            return show, problem or "its rows say different seasons"
        season = next(iter(seasons))
        node = self._snapshot.model.folders.get(show)
        for name in sorted(node.subfolders) if node else ():
            if season_of_folder(name) == season:
                return f"{show}/{name}", ""
        return f"{show}/{self._snapshot.rules.season_word} {season:02}", ""

    def _show_folder(self, owner: Owner, place: str) -> tuple[str, str]:
        node = self._snapshot.model.folders.get(place)
        wanted = {fold_without_article(title) for title in owner.titles}
        found = [name for name in sorted(node.subfolders) if self._is_of(name, wanted, owner.year)] if node else []
        if len(found) > 1:
            return f"{place}/{found[0]}", f"it has two folders there: {found[0]} and {found[1]}"
        if found:
            return f"{place}/{found[0]}", ""
        title = owner.title.replace("/", "-").replace("\0", "").strip()
        name = f"{title} ({owner.year})" if owner.year else title
        if self._is_unfit(name):
            return place, f"no folder can be called {name!r}"
        return f"{place}/{name}", ""

    def _is_of(self, name: str, wanted: set[str], year: int | None) -> bool:
        found = TITLE_FOLDER.search(name)
        title = name[: found.start()] if found else name
        own = int(found[0][1:5]) if found else None
        return fold_without_article(title) in wanted and (own is None or year is None or own == year)

    def _is_unfit(self, name: str) -> bool:
        if not name or name in (".", "..") or len(name.encode("utf-8", "surrogateescape")) > _LONGEST_BYTES:
            return True
        return self._ignored.skips_folder(name) or season_of_folder(name) is not None
