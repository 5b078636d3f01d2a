"""The tables. Names carry a prefix, so that a team's PostgreSQL database may hold other things as well.

Times are integer microseconds since 1970 in UTC, durations integer microseconds, JSON is plain ASCII text. Arrays
and sources are stored once, under the hash of their content, and are referred to by that hash.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

SCHEMA = 3  # the newest migration, m001, m002, ...; a file with a greater number was written by a newer version
VERSION_TABLE = "mlee_schema"  # kept by Alembic: one row, "m001"

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _of(table: str, *, primary_key: bool = False) -> Column[int]:
    """A reference to the row that owns this one; both go together."""
    return Column(
        f"{table}_id",
        Integer,
        ForeignKey(f"mlee_{table}.id", ondelete="CASCADE"),
        primary_key=primary_key,
        nullable=False,
    )


# not in `metadata`: it is Alembic's own, and has the form that Alembic gives it
version = Table(
    VERSION_TABLE,
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name=f"{VERSION_TABLE}_pkc"),
)

experiment = Table(
    "mlee_experiment",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("budget_us", BigInteger),
    Column("deadline", Text),  # ISO date
    Column("opened_us", BigInteger, nullable=False),
    Column("closed_us", BigInteger),
    Column("truth_name", Text),
    Column("features_name", Text),
    Column("decided_us", BigInteger),
    Column("decided_candidate", Text),  # NULL with a decided_us: decided against all of them
    Column("decided_because", Text),
)

charter = Table(
    "mlee_charter",
    metadata,
    _of("experiment", primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("charter", Text, nullable=False),  # JSON
    Column("at_us", BigInteger, nullable=False),
    Column("because", Text),
)

extension = Table(
    "mlee_extension",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("experiment"),
    Column("by_us", BigInteger, nullable=False),
    Column("because", Text, nullable=False),
    Column("at_us", BigInteger, nullable=False),
    Index(None, "experiment_id"),
)

pause = Table(
    "mlee_pause",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("experiment"),
    Column("start_us", BigInteger, nullable=False),
    Column("end_us", BigInteger),  # NULL: still paused
    Index(None, "experiment_id"),
)

candidate = Table(
    "mlee_candidate",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("experiment"),
    Column("name", Text, nullable=False),
    Column("simplicity", BigInteger),
    Column("state", Text, nullable=False),
    Column("planned", Boolean, nullable=False),
    Column("because", Text),
    UniqueConstraint("experiment_id", "name"),
)

variant = Table(
    "mlee_variant",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("candidate"),
    Column("variant_key", Text, nullable=False),
    Column("label", Text, nullable=False),
    UniqueConstraint("candidate_id", "variant_key"),
)

run = Table(
    "mlee_run",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("experiment"),
    _of("variant"),
    Column("outcome", Text, nullable=False),
    Column("started_us", BigInteger, nullable=False),
    Column("duration_us", BigInteger, nullable=False),
    Column("stage", Text),
    Column("answer_seconds", Double),
    Column("withdrawn_us", BigInteger),  # a mistaken record, hidden from the board
    Column("source", Text),  # hash in mlee_source
    Column("source_hash", Text),
    Column("idea", Text),
    Column("tags", Text),  # JSON; NULL for none
    Column("note", Text),
    Column("error", Text),
    Column("kernel", Text),
    Column("notebook", Text),
    Index(None, "experiment_id"),
    Index(None, "variant_id"),
)

result = Table(
    "mlee_result",
    metadata,
    Column("id", Integer, primary_key=True),
    _of("run"),
    Column("metric", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Double),
    Column("n", BigInteger),
    Column("truth", Text),  # fingerprint in mlee_truth
    Column("array", Text),  # hash in mlee_array
    Column("df", Double),
    Column("claimed", Double),
    Column("note", Text),
    Index(None, "run_id"),
    Index(None, "truth"),
    Index(None, "array"),
)

truth = Table(
    "mlee_truth",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("n", BigInteger, nullable=False),
    Column("kind", Text, nullable=False),
    Column("classes", Text, nullable=False),  # JSON
    Column("n_classes", BigInteger),
    Column("index_hash", Text),
    Column("array", Text),  # hash in mlee_array; NULL: the rows are not kept
)

layout = Table(
    "mlee_layout",
    metadata,
    _of("experiment", primary_key=True),
    Column("truth", Text, primary_key=True),  # fingerprint
    Column("what", Text, primary_key=True),  # groups, time or weights
    Column("name", Text, nullable=False),
    Column("array", Text, nullable=False),  # hash in mlee_array
    Index(None, "array"),
)

array = Table(
    "mlee_array",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

source = Table(
    "mlee_source",
    metadata,
    Column("hash", Text, primary_key=True),
    Column("code", Text, nullable=False),
)

span = Table(
    "mlee_span",
    metadata,
    _of("experiment", primary_key=True),
    Column("kernel", Text, primary_key=True),
    Column("start_us", BigInteger, primary_key=True, autoincrement=False),
    Column("end_us", BigInteger, nullable=False),
    Column("candidate", Text),
)

said = Table(
    "mlee_said",
    metadata,
    _of("experiment", primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("severity", Double, nullable=False),
    Column("at_us", BigInteger, nullable=False),
)

ignore = Table(
    "mlee_ignore",
    metadata,
    _of("experiment", primary_key=True),
    Column("rule", Text, primary_key=True),
    Column("because", Text),
    Column("until", Text),  # ISO date
    Column("at_us", BigInteger),
)

trace = Table(
    "mlee_trace",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("experiment_id", Integer),  # NULL: of the store as a whole; no reference, it outlives its experiment
    Column("at_us", BigInteger, nullable=False),
    Column("what", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("because", Text),
    Index(None, "experiment_id"),
)

# The odometer: one row for each set of answers that was ever scored on a truth. It has no reference to a run, and
# loses its experiment when that is deleted: a look cannot be unseen.
look = Table(
    "mlee_look",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("truth", Text, nullable=False),  # fingerprint
    Column("answers", Text, nullable=False),  # hash of the predictions' content
    Column("at_us", BigInteger, nullable=False),  # when the run began
    Column("hand_over", Text, nullable=False),
    Column("steered", Boolean, nullable=False),
    Column("metric", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("value", Double),
    Column("df", Double),
    Column("notebook", Text),  # hash of its path
    Column("experiment_id", Integer, ForeignKey("mlee_experiment.id", ondelete="SET NULL")),
    UniqueConstraint("truth", "answers"),
    Index(None, "experiment_id"),
)

fresh = Table(
    "mlee_fresh",
    metadata,
    _of("experiment", primary_key=True),
    Column("name", Text, nullable=False),
    Column("fingerprint", Text),
    Column("n", BigInteger),
    Column("sealed_us", BigInteger),
    Column("opened_us", BigInteger),
    Column("found", Text),  # JSON: metric and scores, once it was opened
)
