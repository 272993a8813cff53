"""The built-in checks, one file each; they are registered through the same hook as anybody's."""
