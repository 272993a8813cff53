"""A plugin of cineorg: the maintenance page, and the output format that keeps its results."""

__version__ = "0.1.0"
