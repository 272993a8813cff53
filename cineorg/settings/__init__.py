"""Settings: what the user may decide, from flags, the environment, the configuration file and the defaults."""
