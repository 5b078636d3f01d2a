"""Keys, tokens and passwords: found wherever they stand, never written or printed."""
