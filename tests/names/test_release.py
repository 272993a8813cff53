"""Which of several files of one work is meant, and the two points that a release leaves open."""

from __future__ import annotations

import pytest

from cineorg.names import NameReader
from cineorg.names.release import Release, choose, differences, release_of

READER = NameReader()


def release(name: str) -> Release:
    return release_of(READER.read(name), name)


def test_release_of() -> None:
    said = release("Heat.1995.MULTi.2160p.UHD.BluRay.REMUX.HDR.x265-AMB.mkv")
    assert (said.resolution, said.codec, said.group, said.extension) == ("2160p", "x265", "amb", "mkv")
    assert (said.sources, said.ranges, said.languages) == ({"bluray"}, {"hdr"}, {"multi"})
    assert said.is_remux and not said.is_3d
    assert release("[EMBER] Frieren - S01E02 [1080p].mkv").group == "ember"
    assert release("Heat (1995).avi") == Release(extension="avi")
    assert release("Heat.1995.1080p.WEB-DL.mkv").group == ""


A = "Heat.1995.720p.HDTV.x264-AMB.mkv"
B = "Heat.1995.1080p.BluRay.x264-LOST.mkv"
C = "Heat.1995.1080p.WEB.x265-NTb.mkv"
D = "Heat (1995).mkv"
E = "Heat.1995.FRENCH.1080p.BluRay.x264-LOST.avi"


@pytest.mark.parametrize(
    ("files", "wanted", "left"),
    [
        ([A], [D], [A]),
        ([A, B], ["Heat (1995) 1080p.mkv"], [B]),
        ([A, B], ["Heat (1995) [720p].mkv"], [A]),
        ([B, C], ["Heat (1995) 1080p BluRay.mkv"], [B]),
        ([B, C], [D, B], [B]),
        ([B, C], [D, C], [C]),
        # The link's own tags go first.
        ([A, B], ["Heat (1995) 720p.mkv", B], [A]),
        # What says nothing may be it, what says something else is not.
        ([A, D], ["Heat (1995) 1080p.mkv"], [D]),
        ([B, D], ["Heat (1995) 1080p.mkv"], [B]),
        ([A, A], ["Heat (1995) 1080p.mkv"], [A, A]),
        ([A, B], [D], [A, B]),
        ([B, E], ["Heat (1995).avi"], [E]),
        ([B, E], ["Heat (1995) FRENCH.mkv"], [E]),
    ],
)
def test_choose(files: list[str], wanted: list[str], left: list[str]) -> None:
    assert choose(files, release, [release(name) for name in wanted]) == left


@pytest.mark.parametrize(
    ("wanted", "found", "fields"),
    [
        ("Heat.1995.FRENCH.1080p.mkv", "Heat.1995.GERMAN.1080p.mkv", ["language"]),
        ("Heat.1995.FRENCH.1080p.mkv", "Heat.1995.TRUEFRENCH.720p.mkv", []),
        ("Heat.1995.FRENCH.1080p.mkv", "Heat.1995.MULTi.720p.mkv", []),
        ("Heat.1995.FRENCH.1080p.mkv", "Heat.1995.720p.mkv", []),
        ("Heat (1995) {edition-Director's Cut}.mkv", "Heat.1995.Theatrical.Cut.1080p.mkv", ["edition"]),
        ("Heat (1995) {edition-Director's Cut}.mkv", "Heat.1995.Directors.Cut.1080p.mkv", []),
        ("Heat (1995) {edition-Director's Cut}.mkv", "Heat.1995.1080p.mkv", []),
        ("Heat (1995).mkv", "Heat.1995.Directors.Cut.1080p.mkv", []),
        ("Heat.1995.2160p.BluRay.x265-A.mkv", "Heat.1995.480p.DVDRip.XviD-B.avi", []),
    ],
)
def test_the_release_decides_only_these(wanted: str, found: str, fields: list[str]) -> None:
    said = differences(release(wanted), release(found))
    assert [difference.field for difference in said] == fields
    assert not any(difference.is_other for difference in said)
