"""Tidy: where a link belongs in the video tree, and how it gets there. Pure."""
