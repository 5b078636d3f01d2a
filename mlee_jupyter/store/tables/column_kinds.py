"""What some columns hold: JSON, or one of a few words."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column

from mlee_jupyter.domain import CandidateState, ResultKind, RunOutcome

from . import schema

JSON_COLUMNS = frozenset((schema.charter.c.charter, schema.run.c.tags, schema.truth.c.classes, schema.fresh.c.found))
WORDS: dict[Column[Any], tuple[str, ...]] = {
    schema.candidate.c.state: tuple(CandidateState),
    schema.run.c.outcome: tuple(RunOutcome),
    schema.result.c.kind: tuple(ResultKind),
    schema.layout.c.what: ("groups", "time", "weights"),
    schema.look.c.kind: tuple(ResultKind),
}
