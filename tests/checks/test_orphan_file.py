"""Orphan files: stored videos that no row of `movies` or `episodes` names."""

from __future__ import annotations

from helpers import Library, kinds


def test_orphans_are_stored_videos_in_scope_that_no_row_names(library: Library) -> None:
    library.films(30).scan()
    library.rows(
        "INSERT INTO video_files (path, filename, size_bytes) VALUES (?, 'x', 1)", library.stored("Films/o.mkv")
    )
    library.rows("UPDATE movies SET file_path = NULL WHERE id = 1")
    names = ["Films/o.mkv", "Séries/o.AVI", "Films/sub/o.ts"]
    no_names = [
        "Music/o.mkv",
        "Films/o.srt",
        "Films/o.jpg",
        "Films/Sample/o.mkv",
        "Films/o-trailer.mkv",
        "Films/.o/o.mkv",
    ]
    library.add(dict.fromkeys([*names, *no_names], 1) | {"Films/link.mkv": "o.mkv"})
    (gone,) = library.rows("SELECT title FROM movies WHERE file_path IS NULL")
    number = gone[0].removeprefix("Films no")
    found = kinds(library.integrity("--only", "orphan_file", code=1))["orphan_file"]
    assert found == sorted(map(library.stored, [*names, f"Films/Films.{number}.2001.mkv"]))


def test_a_row_may_spell_the_path_in_another_way(library: Library) -> None:
    """Through a linked root, through the link in the video tree, or in another Unicode form."""
    library.films(30).add({"Films/é.mkv": 1, "Films/via.mkv": 2, "Films/real.mkv": 3})
    library.add(video={"Films/Via.mkv": "@/Films/via.mkv"})
    library.scan("--no-register")
    alias = library.base / "alias"
    alias.symlink_to(library.storage)
    for path in (library.stored("Films/e\u0301.mkv"), library.link("Films/Via.mkv"), f"{alias}/Films/real.mkv"):
        library.rows("INSERT INTO movies (title, file_path) VALUES ('x', ?)", path)
    library.rows("INSERT INTO movies (title, file_path) SELECT 'f', CAST(path AS TEXT) FROM cineorg_files")
    library.rows("DELETE FROM movies WHERE title = 'f' AND (file_path LIKE '%/é.mkv' OR file_path LIKE '%/via.mkv')")
    found = kinds(library.integrity("--only", "orphan_file", code=0))
    assert found == {}
