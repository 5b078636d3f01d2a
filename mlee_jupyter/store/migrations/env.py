"""Run by Alembic, with the connection that was handed to it."""

from __future__ import annotations

from alembic import context

from mlee_jupyter.store.tables.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    version_table_pk=True,
)
with context.begin_transaction():
    context.run_migrations()
