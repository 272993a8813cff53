"""The catalogue: an SQLite file that holds what scans saw, what is known of films, and the journal of changes."""

from .connection import open_catalogue, transaction

__all__ = ["open_catalogue", "transaction"]
