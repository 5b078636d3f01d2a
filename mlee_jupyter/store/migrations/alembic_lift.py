"""The one door to Alembic; imported only when a store is older than this version."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

HERE = Path(__file__).parent


def configuration() -> Config:
    """Alembic's settings; there is no alembic.ini."""
    settings = Config()
    settings.set_main_option("script_location", str(HERE).replace("%", "%%"))
    return settings


def upgrade(connection: Connection, to: str = "head") -> None:
    """Run the missing migrations inside the connection's own transaction."""
    settings = configuration()
    settings.attributes["connection"] = connection
    command.upgrade(settings, to)
