"""A plugin of cineorg: links and rows that contradict the file that they name. The hook is in `plugin`."""

__version__ = "0.1.0"
