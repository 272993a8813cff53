"""The picture of the library: areas as they should be, nothing outside or over another, findings where they are."""

from __future__ import annotations

import re
import shutil
from html import unescape
from itertools import combinations
from xml.etree import ElementTree

import pytest
from cineorg_web.folders import Folder
from cineorg_web.picture import Cell, draw
from cineorg_web.treemap import Rectangle, squarify
from hypothesis import given
from hypothesis import strategies as st
from web_library import WebLibrary

WEIGHTS = st.lists(st.floats(0.01, 1e12), min_size=1, max_size=40).map(lambda found: sorted(found, reverse=True))


@given(WEIGHTS, st.floats(10, 2000), st.floats(10, 2000))
def test_rectangles_fill_the_area_in_proportion_and_do_not_overlap(
    weights: list[float], width: float, height: float
) -> None:
    placed = squarify(weights, Rectangle(0, 0, width, height))
    scale = width * height / sum(weights)
    slack = 1e-6 * (width + height)
    for weight, each in zip(weights, placed, strict=True):
        assert each.width * each.height == pytest.approx(weight * scale, rel=1e-3, abs=1e-3 * width * height)
        assert -slack <= each.x
        assert each.x + each.width <= width + slack
        assert -slack <= each.y
        assert each.y + each.height <= height + slack
    for one, other in combinations(placed, 2):
        across = min(one.x + one.width, other.x + other.width) - max(one.x, other.x)
        down = min(one.y + one.height, other.y + other.height) - max(one.y, other.y)
        assert across <= slack or down <= slack


def test_the_worked_example_of_the_treemap() -> None:
    placed = squarify([6, 6, 4, 3, 2, 2, 1], Rectangle(0, 0, 6, 4))
    assert placed[:2] == [Rectangle(0, 0, 3, 2), Rectangle(0, 2, 3, 2)]


@pytest.mark.parametrize("weights", [[], [0.0], [0.0, 0.0]])
def test_nothing_is_drawn_of_nothing(weights: list[float]) -> None:
    assert [each.width for each in squarify(weights, Rectangle(0, 0, 10, 10))] == [0 for _ in weights]


def folders(depth: int) -> st.SearchStrategy[Folder]:
    def make(name: str, entries: int, size: int, faults: int, children: list[Folder]) -> Folder:
        named = {child.name: child for child in children}
        size = size if entries else 0
        totals = [
            sum(getattr(child, field) for child in named.values()) for field in ("entries", "size_bytes", "faults")
        ]
        return Folder(name, f"/{name}", entries + totals[0], size + totals[1], faults + totals[2], named)

    inner = st.lists(folders(depth - 1), max_size=25) if depth else st.just([])
    names = st.text("abc \u00e9\u4e2d", min_size=1, max_size=60)
    return st.builds(make, names, st.integers(0, 50), st.integers(0, 10**13), st.integers(0, 9), inner)


@given(folders(2), st.sampled_from(["files", "links"]), st.integers(-10, 5000))
def test_every_file_and_every_finding_is_in_some_cell(folder: Folder, tree: str, width: int) -> None:
    picture = draw(folder, tree, width)
    for field in ("entries", "size_bytes", "faults"):
        drawn = sum(getattr(cell, field) for cell in picture.cells)
        assert drawn == getattr(folder, field)
    for cell in picture.cells:
        assert inside(cell.place, Rectangle(0, 0, picture.width, picture.height))
        for inner in cell.inner:
            assert inside(inner.place, cell.place)
            assert len(inner.label) * 5 <= max(0, inner.place.width)
    assert len(picture.cells) + sum(len(cell.inner) for cell in picture.cells) <= 72


def inside(inner: Rectangle, outer: Rectangle) -> bool:
    return (
        inner.x >= outer.x - 0.2
        and inner.y >= outer.y - 0.2
        and inner.x + inner.width <= outer.x + outer.width + 0.2
        and inner.y + inner.height <= outer.y + outer.height + 0.2
    )


@pytest.mark.parametrize(
    ("entries", "faults", "level"), [(100, 0, 0), (100, 1, 1), (100, 5, 2), (100, 20, 3), (0, 1, 3)]
)
def test_the_shade_says_how_many_findings_for_what_lies_there(entries: int, faults: int, level: int) -> None:
    assert Cell("x", "/x", entries, 0, faults).fault_level == level


def title_of(svg: str, name: str) -> str:
    return next(title for title in re.findall(r"<title>(.*?)</title>", svg) if unescape(title).startswith(f"{name}:"))


def test_a_broken_link_in_both_reports_is_one_finding_and_what_is_away_is_none(library: WebLibrary) -> None:
    server = library.with_faults().serve()
    for kind in ("integrity", "cleanup"):
        server.analyse(kind)
    assert re.search(r"Drame: 11 links, 3 findings", server.get("/library?tree=links").text)
    shutil.move(library.storage, library.base / "away")
    for kind in ("integrity", "cleanup"):
        server.analyse(kind)
    assert "finding" not in title_of(server.get("/library?tree=links").text, "Films")


def test_findings_are_shown_where_they_are(library: WebLibrary) -> None:
    for number in range(4):
        library.film(f"a <&> b/{number}.mkv", link=f"Film {number} (2001).mkv", folder="Drame", size_bytes=5_000_000)
    library.film("other/x.mkv", link="Other (2002).mkv", folder="SF", size_bytes=1_000_000)
    library.run("scan")
    server = library.serve()
    assert "finding" not in title_of(server.get("/library").text, "a <&> b")
    library.film("a <&> b/new.mkv")
    (library.storage / "Films" / "other" / "x.mkv").unlink()
    server.analyse("integrity")
    files, links = server.get("/library").text, server.get("/library?tree=links").text
    assert title_of(files, "a <&> b") == "a &lt;&amp;&gt; b: 4 files, 20.0\u202fMB, 1 finding"
    assert title_of(files, "other").endswith("1 finding")  # the row whose file is gone
    assert title_of(links, "SF") == "SF: 1 link, 1 finding"
    assert title_of(links, "Drame") == "Drame: 4 links"
    library.run("scan")
    assert "5 files" in title_of(server.get("/library").text, "a <&> b")


def test_one_can_go_down_into_a_folder_and_up_again(library: WebLibrary) -> None:
    for letter in "ABC":
        library.film(f"Drame/{letter}/{letter} & co/{letter}.mkv", size_bytes=1000)
    library.run("scan", "--no-register")
    server = library.serve()
    text = server.get("/library").text
    for name in ("Films", "Drame", "B"):
        found = re.findall(r'<a href="([^"#]+)#library" data-picture aria-label="([^"]+)"', text)
        links = {unescape(label).partition(":")[0]: unescape(address) for address, label in found}
        text = server.get(f"/library{links[name][1:]}").text
    assert title_of(text, "B & co").startswith("B &amp; co: 1 file")
    trail = re.findall(r'<a href="([^"]+)#library" data-picture>([^<]+)</a> <span', text)
    assert [name for _, name in trail] == [str(library.storage), "Films", "Drame"]
    assert "3 files" in server.get(f"/library{unescape(trail[1][0])[1:]}").text


def test_the_picture_is_well_formed_and_has_no_style_of_its_own(library: WebLibrary) -> None:
    library.with_faults().film(b"sm\xf8r & \x1b <br>/x.mkv")
    library.run("scan")
    svg = re.search(r"<svg class=\"treemap\".*?</svg>", library.serve().get("/library?width=390").text, re.DOTALL)
    assert svg is not None
    drawn = ElementTree.fromstring(svg.group().replace(" data-picture ", " "))
    assert drawn.get("viewBox", "").startswith("0 0 390 ")
    assert not any({"style", "fill", "onclick"} & set(element.keys()) for element in drawn.iter())


def test_several_roots_can_be_chosen_and_an_empty_catalogue_says_so(library: WebLibrary) -> None:
    server = library.serve()
    assert "before the first scan" in server.get("/library").text
    server.end()
    second = library.base / "second"
    library.film("x.mkv")
    shutil.copytree(library.storage, second)
    (second / "Films" / "y.mkv").touch()
    library.flags += ["--storage", str(second)]
    library.run("scan", "--no-register", code=0)
    server = library.serve()
    text = server.get("/library").text
    address = re.search(rf'<a href="([^"#]+)#library" data-picture>{second}</a>', text)
    assert address is not None
    assert "2 files" in server.get(f"/library{unescape(address.group(1))[1:]}").text
