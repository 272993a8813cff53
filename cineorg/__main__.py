"""`python -m cineorg`."""

from .cli import run

run()
