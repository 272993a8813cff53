"""From what the census and the catalogue say to changes: pure, one file for each command that plans."""
