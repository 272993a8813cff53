"""A plugin of cineorg: sends a notice, by any service that apprise knows, when a report has something new.

The way of a report: `news` (what of it is new, held against `memory`) → `message` (in words) → `sending`. `plugin`
ties it together: the hook after every report, and `cineorg notify` for one that comes by a pipe.
"""

__version__ = "0.1.0"
