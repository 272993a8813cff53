"""A plugin of cineorg: tells media servers which folders of links a batch of changes, or its undoing, has touched.

The way of a batch: `folders` (which folders, and what a server calls them) → `servers` (what each is asked), with
`settings` for where they are. `plugin` ties it together: the hook after every batch, and `cineorg refresh` by hand.
"""

__version__ = "0.1.0"
