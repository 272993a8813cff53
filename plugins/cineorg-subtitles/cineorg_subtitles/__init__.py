"""A plugin of cineorg: subtitles that have no video beside them. The check is in `orphan_subtitle`."""

__version__ = "0.1.0"
