"""The command as a user meets it: a real library, a real server on this machine, the plugin as if installed."""

from __future__ import annotations

from arr_helpers import Arr, Library, Run


def test_films_and_episodes_are_asked_for(library: Library, run: Run, radarr: Arr, sonarr: Arr) -> None:
    film = radarr.add_film("Alien", 1979, 348)
    radarr.add_film("Aliens", 1986, 679)
    sonarr.add_series("Kaamelott", 2005, 79175, {1: 3, 2: 4})
    link = library.broken("Films/SF/Alien (1979) FR 1080p.mkv", "Films/Alien.1979.mkv")
    episode = library.episode("Kaamelott (2005)", "S02E03")
    result = run(library.report(), "--json", "-y")
    assert result.err == ""
    assert (result.code, result.requests) == (0, [("film", film, "done"), ("episode", 7006, "done")])
    assert radarr.asked == [{"name": "MoviesSearch", "movieIds": [film]}]
    assert sonarr.asked == [{"name": "EpisodeSearch", "episodeIds": [7006]}]
    assert [row["path"] for row in result.json["requests"]] == [link, episode]
