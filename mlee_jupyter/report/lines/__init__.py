"""Lines that are said under a cell or on a screen."""
