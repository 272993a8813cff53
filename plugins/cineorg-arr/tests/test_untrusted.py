"""Whatever JSON comes in, from a file or a service: it is read, or refused in one line."""

from __future__ import annotations

import json
from typing import Any

from cineorg_arr.client import ArrError
from cineorg_arr.entries import read_episodes, read_films, read_series
from cineorg_arr.source import read_report
from hypothesis import given
from hypothesis import strategies as st

from cineorg.errors import InputError
from cineorg.paths import to_bytes

VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.sampled_from(["/a/b.mkv", "\ud800", "Lw=="]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


def rows(*names: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    return st.lists(st.fixed_dictionaries({}, optional=dict.fromkeys(names, VALUES)), max_size=3)


@given(
    rows("path", "path_b64", "target", "target_b64", "reason", "candidates") | VALUES,
    st.sampled_from(["repair-links", None, 3]),
)
def test_a_report(unresolved: object, command: object) -> None:
    document = {"command": command, "complete": True, "unresolved": unresolved}
    lines = (
        [{"type": "unresolved", **row} for row in unresolved if isinstance(row, dict)]
        if isinstance(unresolved, list)
        else []
    )
    for text in (
        json.dumps(document),
        "\n".join(json.dumps(line) for line in [*lines, {**document, "type": "summary"}]),
    ):
        try:
            source = read_report(text.encode(), "it")
        except InputError as error:
            assert "\n" not in str(error)
        else:
            assert [link.path for link in source.links] == sorted(link.path for link in source.links)
            for link in source.links:
                assert link.path.startswith("/")
                to_bytes(link.path + link.target + link.reason)


@given(st.binary())
def test_bytes(content: bytes) -> None:
    try:
        read_report(content, "it")
    except InputError as error:
        assert "\n" not in str(error)


@given(
    rows("id", "title", "originalTitle", "alternateTitles", "year", "secondaryYear", "tmdbId", "imdbId", "hasFile",
         "movieFile", "tvdbId", "seasonNumber", "episodeNumber", "sceneSeasonNumber", "sceneEpisodeNumber", "airDate")
    | VALUES
)  # fmt: skip
def test_a_list_of_a_service(answer: object) -> None:
    for read in (read_films, read_series, read_episodes):
        try:
            entries = read(answer)
        except ArrError as error:
            assert "\n" not in str(error)
        else:
            assert isinstance(answer, list)
            assert len(entries) == len(answer)
            for entry in entries:
                str(entry).encode()
