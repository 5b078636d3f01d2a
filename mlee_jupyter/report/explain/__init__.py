"""Why a number is what it is, and what would settle it."""
