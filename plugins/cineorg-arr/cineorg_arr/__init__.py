"""A plugin of cineorg: asks Sonarr and Radarr to search for the films and episodes whose links cannot be repaired.

The way of a link: `source` (the report of repair-links) → `claims` (what it is, by its names and by `rows`) →
`entries` and `matching` (which film or episode of Radarr or Sonarr that is) → `asking` (what is asked, and what
`memory` knows was asked before). `client` alone speaks to the network, `command` ties it together.
"""

__version__ = "0.1.0"
