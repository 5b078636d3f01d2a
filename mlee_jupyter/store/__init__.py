"""What was tried, kept: SQLite by default, PostgreSQL by URL, one contract for both.

Importing this package imports SQLAlchemy; nothing else in mlee_jupyter does.
"""

from .door import Store
from .io.open_database import place_of
from .open_at import open_store, store_in_memory

__all__ = ["Store", "open_store", "place_of", "store_in_memory"]
