"""JSON lines from outside: what is taken, and what refuses the whole with its line number."""

import json
import os

import pytest
from apply.library import snapshot
from hypothesis import given
from hypothesis import strategies as st

from cineorg.apply import read_changes
from cineorg.changes import MakeLink, Relink, RemoveLink, change_row
from cineorg.errors import InputError
from cineorg.paths import json_fields


def lines_of(changes):
    return [json.dumps(json_fields(change_row(change))).encode() + b"\n" for change in changes]


def test_every_change_comes_back_as_it_was_printed(library):
    plan = [*library.plan(), MakeLink(f"{library.new}/\udcff\n", "/\udce9")]
    assert read_changes(lines_of(plan), library.video, (library.storage,)) == plan


def test_other_objects_and_empty_lines_are_passed_over(library):
    change = RemoveLink(f"{library.video}/a", "x")
    others = [b"\n", b'{"type": "broken_symlink", "path": "/x"}\n', b'  {"type": "summary"}  \r\n', b"\xef\xbb\xbf{}"]
    assert read_changes([*others, *lines_of([change]), *others], library.video, (library.storage,)) == [change]


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (b"{", "not JSON"),
        (b"[1]", "not a JSON object"),
        (b"null", "not a JSON object"),
        (b"\xff", "not UTF-8"),
        (b"[" * 100_000, "not JSON"),
        (b'{"op": "relink", "score": NaN}', "not JSON"),
        (b'{"op": "format_disk", "path": "VIDEO/a"}', "unknown op"),
        (b'{"op": null}', "unknown op"),
        (b'{"op": "relink", "path": "VIDEO/a", "old_target": "x"}', "'new_target' is missing"),
        (b'{"op": "relink", "path": "VIDEO/a", "old_target": "x", "new_target": ""}', "new_target"),
        (b'{"op": "relink", "path": "VIDEO/a", "old_target": "x", "new_target": "a\\u0000b"}', "new_target"),
        (b'{"op": "make_dir", "path": "VIDEO/\\ud800"}', "half a character"),
        (b'{"op": "make_dir", "path": "a/b"}', "not absolute"),
        (b'{"op": "make_dir", "path": "/elsewhere"}', "does not lie in the video root"),
        (b'{"op": "make_dir", "path": "VIDEO"}', "does not lie in the video root"),
        (b'{"op": "make_dir", "path": "VIDEO2/a"}', "does not lie in the video root"),
        (b'{"op": "make_dir", "path": "VIDEO/../x"}', "'..' components"),
        (b'{"op": "make_dir", "path": "VIDEO/a/"}', "components"),
        (b'{"op": "move", "path": "VIDEO/a", "new_path": "STORAGE/a"}', "does not lie in the video root"),
        (b'{"op": "remove_link", "path": "VIDEO/linked/a", "old_target": "x"}', "linked is a link"),
        (b'{"op": "move", "path": "VIDEO/a", "new_path": "VIDEO/linked/deep/a"}', "linked is a link"),
        (b'{"op": "remove_link", "path": "VIDEO/inside/a", "old_target": "x"}', "inside is a link"),
        (b'{"op": "make_dir", "path": "VIDEO/store/a"}', "lies in the storage root"),
        (b'{"op": "set_file_path", "table": "movies", "id": 1, "old": null, "new": "a"}', "not absolute"),
        (b'{"op": "set_file_path", "table": "users", "id": 1, "old": null, "new": "/a"}', "users"),
        (b'{"op": "set_file_path", "table": "movies", "id": 9223372036854775808, "old": null, "new": "/a"}', "id"),
        (b'{"op": "make_dir", "path": "VIDEO/a", "path_b64": "!"}', "not base64"),
    ],
    ids=range(27),
)
def test_a_bad_line_refuses_all_with_its_number(library, line, words):
    os.symlink("/", f"{library.video}/linked")
    os.symlink("Films", f"{library.video}/inside")
    before = snapshot(library.video), library.rows()
    line = line.replace(b"VIDEO", library.video.encode()).replace(b"STORAGE", library.storage.encode())
    roots = (library.storage, f"{library.video}/store")
    good = lines_of(library.plan())
    with pytest.raises(InputError, match=r"line 15: .*; nothing was changed") as refused:
        read_changes([*good, b"\n", line], library.video, roots)
    assert words in str(refused.value)
    assert (snapshot(library.video), library.rows()) == before


def test_a_video_root_within_storage_is_the_video_root(tmp_path):
    video = str(tmp_path / "video")
    change = Relink(f"{video}/a", "x", "y")
    assert read_changes(lines_of([change]), video, (str(tmp_path),)) == [change]


@given(st.binary(max_size=60) | st.recursive(st.none() | st.text(max_size=5), st.lists).map(repr).map(str.encode))
def test_no_line_raises_anything_else(line):
    try:
        read_changes([line], "/video", ("/storage",))
    except InputError as error:
        assert "line 1: " in str(error)
