"""What a check may look at: the library, the catalogue, and what `cleanup` works out when it is first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

from ..catalogue.check_queries import Catalogue
from ..trees.library import Library

if TYPE_CHECKING:
    from ..repair.diagnosis import Diagnosis
    from ..tidy.faults import Oversized
    from ..tidy.tidiness import Tidiness
    from ..trees.links import BadLink


T = TypeVar("T")


class Track(Protocol):
    """Passes items through and shows how far a check has come."""

    def __call__(self, items: Iterable[T], total: int | None = None) -> Iterable[T]: ...


class CheckContext:
    """The context of one report. `catalogue` is open for a check with `needs_catalogue`, else it may be None.

    What is expensive is made on first use, and by `cleanup` only: `integrity` raises LookupError for it.
    """

    def __init__(self, library: Library, catalogue: Catalogue | None = None) -> None:
        self.library, self.catalogue = library, catalogue

    @property
    def tidiness(self) -> Tidiness:
        """What is untidy in the video tree."""
        raise LookupError("only the checks of cleanup are told what is untidy")

    def diagnose(self, links: Sequence[BadLink], track: Track) -> Sequence[Diagnosis]:
        """Return of each broken link which file it may have meant; `track` shows how far that has come."""
        raise LookupError("only the checks of cleanup are told which files broken links may have meant")

    def oversized(self) -> Sequence[Oversized]:
        """Return the folders with too many entries, and what would become of them."""
        raise LookupError("only the checks of cleanup are told which folders are too large")
