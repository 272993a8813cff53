"""Repair: which stored file a link or a row gets. Pure but for the dialogue's questions."""
