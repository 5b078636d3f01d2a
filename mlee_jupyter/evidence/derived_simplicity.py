"""How simple candidates are where nobody said so of any of them: as it was read from what ran."""

from __future__ import annotations

from dataclasses import replace

from mlee_jupyter.domain import Candidate, ModelSeen, Records, Result, RunOutcome

_NEWEST = 10  # runs of a candidate that are looked at


def with_derived(records: Records) -> Records:
    """The same records, with the rank of each candidate's runs where no candidate has one of the user's.

    Ranks of one's own are on a scale of one's own, so they are never mixed with those that were read. Of several
    variants the least simple counts; where one of them cannot be told, none is.
    """
    if any(one.simplicity is not None for one in records.candidates):
        return records
    seen: dict[str, list[ModelSeen]] = {}
    for result in reversed(records.results):
        mine = seen.setdefault(result.candidate, [])
        if _counts(result) and len(mine) < _NEWEST and (model := result.model) is not None and model.rank_reason:
            mine.append(model)
    found = tuple(_derived(one, seen.get(one.name, [])) for one in records.candidates)
    return replace(records, candidates=found)


def _counts(result: Result) -> bool:
    return result.outcome == RunOutcome.OK and result.metric is not None and result.stage != "development"


def _derived(candidate: Candidate, seen: list[ModelSeen]) -> Candidate:
    unknown = next((one for one in seen if one.rank is None), None)
    if not seen or unknown is not None:
        return candidate if unknown is None else replace(candidate, read_from=unknown.rank_reason)
    worst = max(seen, key=lambda one: one.rank or 0)
    return replace(candidate, simplicity=worst.rank, read_from=worst.rank_reason)
