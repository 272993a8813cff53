"""The catalogue: an SQLite file that holds what scans saw, what is known of films, and the journal of changes."""

from .connection import empty_catalogue, is_writable, open_catalogue, transaction

__all__ = ["empty_catalogue", "is_writable", "open_catalogue", "transaction"]
