"""A plugin of cineorg: stored videos that cannot be played, as ffprobe sees them. The hooks are in `plugin`."""

__version__ = "0.1.0"
