"""A plugin of cineorg: stored videos that rotted or were cut off. The hooks are in `plugin`."""

__version__ = "0.1.0"
