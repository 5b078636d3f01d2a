"""How an older store becomes one of this version; a migration that shipped is never edited."""
