"""How the rows of a truth hang together: kept beside it, so that a board without a kernel is judged alike."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, delete, insert, select

from mlee_jupyter.domain import Layout
from mlee_jupyter.stats.rows import array_codec

from . import experiment_table, schema
from .column_values import key_of, storable
from .kept_arrays import KEEP_ARRAY

_layout = schema.layout
_OF = (
    select(_layout.c.truth, _layout.c.what, _layout.c.name, _layout.c.array)
    .where(_layout.c.experiment_id == bindparam("of"))
    .order_by(_layout.c.truth, _layout.c.what)
)


def of(connection: Connection, experiment_id: int) -> tuple[Layout, ...]:
    """Those of one experiment, without their rows."""
    return tuple(
        Layout(truth=truth, what=what, name=name, array=array)
        for truth, what, name, array in connection.execute(_OF, {"of": experiment_id})
    )


def put(connection: Connection, experiment: str, layouts: Sequence[Layout]) -> None:
    """Keep these; what was known of the same thing before is replaced."""
    experiment_id = experiment_table.id_of(connection, experiment)
    for layout in layouts:
        kept, content = array_codec.pack(layout.rows)
        KEEP_ARRAY.run(connection, {"hash": kept, "content": content})
        same = (_layout.c.experiment_id == experiment_id, _layout.c.truth == key_of(layout.truth))
        connection.execute(delete(_layout).where(*same, _layout.c.what == layout.what))
        connection.execute(
            insert(_layout).values(
                experiment_id=experiment_id,
                truth=key_of(layout.truth),
                what=layout.what,
                name=storable(layout.name),
                array=kept,
            )
        )
