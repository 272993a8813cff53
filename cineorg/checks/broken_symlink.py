"""Links whose target is gone; links that cannot be judged are told apart from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from ..findings import Coverage, Finding, offline_finding
from ..plugin_host.hookspecs import CLEANUP, check
from ..trees.links import BROKEN, OFFLINE, BadLink

if TYPE_CHECKING:
    from ..plugin_host.check_context import CheckContext, Track
    from ..repair.diagnosis import Diagnosis


@check(
    "broken_symlink",
    label="Broken links",
    suggestion="repair-links --auto",
    columns=("target",),
    order=30,
)
def broken_symlink(context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
    """Yield a finding for every link that is not healthy.

    Only "no such file" in a place that is believed is broken; all else is `offline_target` or `unreadable`.
    """
    links = context.library.bad_links
    yield context.library.coverage_of_links()
    for link in track(links, len(links)):
        yield _finding(link)


@check(
    "broken_symlink",
    command=CLEANUP,
    label="Broken links",
    suggestion="repair-links",
    columns=("target", "candidate", "score", "evidence"),
    order=20,
)
def broken_symlink_with_candidate(context: CheckContext, track: Track) -> Iterable[Finding | Coverage]:
    """Yield a finding for every link that is not healthy; `candidate` is None where no file comes near.

    The same for `cleanup`: each broken link with the file that it may have meant, as `repair-links` judges it.
    """
    links = context.library.bad_links
    broken = [link for link in links if link.state == BROKEN]
    yield context.library.coverage_of_links()
    # Looking for the candidates is what takes its time here, so that is what is counted.
    known = {item.link: item for item in context.diagnose(broken, track)} if broken else {}
    for link in links:
        yield _with_candidate(link, known[link]) if link in known else _finding(link)


def _with_candidate(link: BadLink, item: Diagnosis) -> Finding:
    best = item.chosen or next(iter(item.candidates), None)
    fields: dict[str, Any] = {"target": link.target}
    fields |= {"candidate": best.path, "score": best.score} if best else {"candidate": None, "score": None}
    fields["evidence"] = best.evidence if best else ""
    return Finding("broken_symlink", link.path, "can be repaired" if item.chosen else item.reason, fields)


def _finding(link: BadLink) -> Finding:
    if link.state == BROKEN:
        return Finding("broken_symlink", link.path, link.reason, {"target": link.target})
    if link.state == OFFLINE:
        return offline_finding(link.path, link.reason, "its target cannot be judged", target=link.target)
    details = f"its target could not be looked at: {link.reason}"
    return Finding("unreadable", link.path, details, {"target": link.target, "reason": link.reason})
