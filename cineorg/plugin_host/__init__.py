"""The plugin host: finds, checks and holds what plugins and the built-in rooms register."""
