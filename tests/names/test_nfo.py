"""What an `.nfo` says of its film, and not of its persons."""

from __future__ import annotations

import pytest

from cineorg.names.nfo import Nfo, read_nfo


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            '<movie><title>Tom &amp; Co</title><originaltitle>Tom</originaltitle><uniqueid type="tmdb">77</uniqueid>'
            '<uniqueid default="true" type="imdb">tt0209144</uniqueid></movie>',
            Nfo((("imdb", "tt0209144"), ("tmdb", "77")), ("Tom & Co", "Tom")),
        ),
        ("<movie><imdbid>tt0209144</imdbid><tmdbid>77</tmdbid></movie>", Nfo((("imdb", "tt0209144"), ("tmdb", "77")))),
        ("<movie><id>tt0209144</id></movie>", Nfo((("imdb", "tt0209144"),))),
        ("release notes\nhttps://www.imdb.com/title/tt0209144/\n", Nfo((("imdb", "tt0209144"),))),
        ("https://www.themoviedb.org/movie/77-memento", Nfo((("tmdb", "77"),))),
        ("<movie><actor><name>X</name><tmdbid>529</tmdbid></actor><set><title>All</title></set></movie>", Nfo()),
        ("imdb.com/title/tt0000001 or imdb.com/title/tt0000002", Nfo()),
        ("<tmdbid>0</tmdbid>", Nfo()),
        ("<episodedetails><title>Pilot</title><uniqueid type='imdb'>tt0209144</uniqueid></episodedetails>", Nfo()),
        ("", Nfo()),
    ],
)
def test_read(text: str, said: Nfo) -> None:
    assert read_nfo(text) == said
