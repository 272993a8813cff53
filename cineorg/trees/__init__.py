"""Trees: what is on disk now, and what of it may be believed."""
