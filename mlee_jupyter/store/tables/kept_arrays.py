"""Arrays are kept once, under the hash of what they hold."""

from __future__ import annotations

from sqlalchemy import text

from .lean import Lean

KEEP_ARRAY = Lean(text("INSERT INTO mlee_array (hash, content) VALUES (:hash, :content) ON CONFLICT (hash) DO NOTHING"))
