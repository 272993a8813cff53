"""One file per subcommand: options in, report out. They know click; nothing below them does."""
