"""What subcommands share: options, consent, reports, shell completion."""
