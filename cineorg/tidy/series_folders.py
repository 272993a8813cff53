"""The folder of a series, and of one of its seasons: one that exists, or a new one's name. Pure."""

from __future__ import annotations

from ..catalogue.owners import Owner
from ..names import season_of_folder
from ..names.titles import fold_without_article
from ..trees.ignored_names import IgnoreRules
from .movable_items import Item, owners_in
from .subdivision_evidence import TITLE_FOLDER
from .tree_snapshot import Snapshot

_LONGEST_BYTES = 255


class ShowFolders:
    """Where the episodes of a series go that lie outside the folders of series, and a folder of it elsewhere."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._ignored = IgnoreRules(snapshot.library.settings.ignore)

    def season_folder(self, item: Item, owner: Owner, place: str) -> tuple[str, str]:
        """Return the season's folder for an episode below `place`, and why it cannot be told, or ""."""
        show, problem = self.show_folder(owner, place)
        file = self._snapshot.model.file_of(item.path) or ""
        seasons = self._snapshot.owners.seasons_of(file)
        if problem or len(seasons) != 1 or None in seasons:
            return show, problem or "its rows say different seasons"
        return self.season_of_show(show, next(iter(seasons)) or 0), ""

    def season_of_show(self, show: str, season: int) -> str:
        """Return the folder of a season in the folder of a series: the one that is there, or a new one's."""
        name = self._seasons_in(show).get(season) or f"{self._snapshot.rules.season_word} {season:02}"
        return f"{show}/{name}"

    def joined(self, item: Item, place: str) -> tuple[str, dict[str, str], str]:
        """Return where the folder of a title goes in `place`: to that of the same series, if there is one.

        With it, season folder of the item → the one there of the same season; and why it cannot be told, or "".
        """
        folders = self._snapshot.model.folders
        target = f"{place}/{item.name}"
        owners = owners_in(self._snapshot, item)
        if len(owners) == 1 and not owners[0].is_film:
            if target in folders and not self._may_hold(target, owners[0]):
                return target, {}, f"another series lies in {target}"
            found = self._existing(owners[0], place) if target not in folders else []
            if len(found) > 1:
                return target, {}, f"it has two folders there: {found[0]} and {found[1]}"
            target = f"{place}/{found[0]}" if found else target
        there = self._seasons_in(target)
        taken = folders[target].subfolders if target in folders else ()
        seasons = {name: season_of_folder(name) for name in folders[item.path].subfolders if name not in taken}
        return target, {name: there[season] for name, season in seasons.items() if season in there}, ""

    def _seasons_in(self, show: str) -> dict[int | None, str]:
        """Return season → its folder in the folder of a series, the first of them."""
        node = self._snapshot.model.folders.get(show)
        names = sorted(node.subfolders, reverse=True) if node else ()
        return {season: name for name in names if (season := season_of_folder(name)) is not None}

    def _existing(self, owner: Owner, place: str) -> list[str]:
        node = self._snapshot.model.folders.get(place)
        wanted = {fold_without_article(title) for title in owner.titles}
        named = [name for name in sorted(node.subfolders) if self._is_of(name, wanted, owner.year)] if node else []
        return [name for name in named if self._may_hold(f"{place}/{name}", owner)]

    def _may_hold(self, folder: str, owner: Owner) -> bool:
        """Return whether a folder is that of a series, unless all that is known in it is something else's."""
        if folder not in self._snapshot.model.folders:
            return True
        others = owners_in(self._snapshot, Item(folder, folder.rpartition("/")[0], True))
        return not others or any(_is_same(owner, other) for other in others)

    def show_folder(self, owner: Owner, place: str) -> tuple[str, str]:
        """Return the folder of a series below `place`, there already or new, and why it is in doubt, or ""."""
        found = self._existing(owner, place)
        if len(found) > 1:
            return f"{place}/{found[0]}", f"it has two folders there: {found[0]} and {found[1]}"
        if found:
            return f"{place}/{found[0]}", ""
        title = owner.title.replace("/", "-").replace("\0", "").strip()
        name = f"{title} ({owner.year})" if owner.year else title
        if self._is_unfit(name):
            return place, f"no folder can be called {name!r}"
        if not self._may_hold(f"{place}/{name}", owner):
            return f"{place}/{name}", f"another series lies in {place}/{name}"
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


def _is_same(one: Owner, other: Owner) -> bool:
    """Return whether two rows may be of the same series."""
    if one.is_film != other.is_film or (one.year and other.year and one.year != other.year):
        return False
    return one.id == other.id or bool(one.folded_titles & other.folded_titles)
