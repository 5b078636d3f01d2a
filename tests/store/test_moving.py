from __future__ import annotations

import copy
import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from mlee_jupyter.domain import CandidateState, Charter, Ignore, Population, Records, ResultKind, RunOutcome
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.store import Store, open_store

from .makers import ANSWERS, NOON, TRUTH, measured, minutes, recording, span, start


def fill(store: Store, name: str = "shelf") -> None:
    """An experiment with something in every table."""
    start(
        store,
        name,
        charter=Charter(question="q", positive=True, population=Population(kinds=10), candidates=("knn", "svm")),
    )
    store.record(name, recording("knn", simplicity=2, source="a = 1\n", tags=("x", "y"), note="n"), TRUTH)
    store.record(
        name,
        recording(
            "forest",
            measured(np.array(["a", "b\0"] * 180, dtype=object), value=float("-inf")),
            measured(np.linspace(0, 1, 720).reshape(360, 2), kind=ResultKind.SCORES, metric="log_loss"),
        ),
    )
    mistake = store.record(name, recording("knn", variant_key="other", variant="k=5"), TRUTH)
    store.record(name, recording("svm", outcome=RunOutcome.ERROR, error="E", measured=()))
    store.withdraw_run(name, mistake, "wrong", NOON)
    store.put_spans(name, [span(0, 3, "knn"), span(4, 5)])
    store.pause(name, NOON)
    store.extend(name, timedelta(hours=1), "b", NOON)
    store.change_charter(name, Charter(question="q2", candidates=("knn",)), None, NOON)
    store.set_candidate(name, "forest", state=CandidateState.PARKED, because="p", at=NOON)
    store.mark_said(name, {"MLE201": 2.5}, NOON)
    store.add_ignore(name, Ignore(rule="MLE302", because="b", until=date(2026, 12, 1), at=NOON))
    store.decide(name, "knn", "simple", NOON)
    store.close_experiment(name, NOON + minutes(9))


def told(store: Store, names: list[str] | None = None) -> dict[str, Any]:
    """Through JSON proper, which knows no infinity."""
    exported: dict[str, Any] = json.loads(json.dumps(store.export(names), allow_nan=False))
    return exported


def without_numbers(records: Records) -> dict[str, Any]:
    """All of it but the row numbers of one store, and the trace of the import itself."""
    places: dict[int, int] = {}
    return {
        "experiment": {k: getattr(records.experiment, k) for k in records.experiment.__slots__ if k != "id"},
        "charters": records.charters,
        "candidates": [(c.name, c.simplicity, c.state, c.planned, c.because) for c in records.candidates],
        "results": [
            r._replace(
                run_id=places.setdefault(r.run_id, len(places)),
                variant_id=places.setdefault(-r.variant_id, len(places)),
            )
            for r in records.results
        ],
        "truths": records.truths,
        "spans": records.spans,
        "pauses": records.pauses,
        "ignores": records.ignores,
        "trace": [entry for entry in records.trace if entry.what != "import experiment"],
    }


def test_what_is_exported_comes_back_the_same(store: Store) -> None:
    fill(store, "first")  # so that row numbers differ from one store to the other
    fill(store)
    document = told(store, ["shelf"])
    with open_store(":memory:") as other:
        assert other.import_(document, rename=False) == ["shelf"]
        here, there = store.records("shelf"), other.records("shelf")
        assert without_numbers(there) == without_numbers(here)
        for result in here.results:
            if result.rows is not None:
                np.testing.assert_array_equal(other.rows(result.rows), store.rows(result.rows))
        kept = other.truth_rows(TRUTH.fingerprint)
        assert kept is not None
        np.testing.assert_array_equal(kept, ANSWERS)
        assert other.said("shelf") == {"MLE201": 2.5}
        assert other.looks(TRUTH.fingerprint) == store.looks(TRUTH.fingerprint)
        again = told(other)
        # whoever looked first: "first" did there, and the imported one does here
        assert len(again["experiments"][0].pop("looks")) == 3
        assert document["experiments"][0].pop("looks") == []
        again["experiments"][0]["trace"].pop()  # the import
        assert again == document


def test_import_into_the_same_place(store: Store) -> None:
    fill(store)
    document = told(store)
    assert store.import_(document, rename=True) == []  # it is here already
    store.record("shelf", recording("late"))
    with pytest.raises(MleeError, match="another experiment 'shelf'"):
        store.import_(document, rename=False)
    assert store.import_(document, rename=True) == ["shelf (2)"]
    assert store.import_(document, rename=True) == ["shelf (3)"]
    assert [e.name for e in store.experiments()] == ["shelf", "shelf (2)", "shelf (3)"]
    assert store.trace("shelf (2)")[-1].detail == "was shelf"


def test_an_empty_store_moves_too(store: Store) -> None:
    assert store.import_(told(store), rename=False) == []


def test_rows_come_to_a_truth_known_without(store: Store) -> None:
    fill(store)
    with open_store(":memory:") as other:
        other.put_truth(type(TRUTH)(fingerprint=TRUTH.fingerprint, name="y", n=360, kind="labels"))
        other.import_(told(store), rename=False)
        assert other.truth_rows(TRUTH.fingerprint) is not None


def put(*path: Any) -> Callable[[dict[str, Any]], None]:
    """Set a value deep inside a document."""
    *way, last, value = path

    def change(document: dict[str, Any]) -> None:
        at: Any = document
        for step in way:
            at = at[step]
        at[last] = value

    return change


DAMAGED: dict[str, Callable[[dict[str, Any]], None]] = {
    "another format": put("format", "x"),
    "a later version": put("version", 2),
    "no experiments": put("experiments", None),
    "a number for an experiment": put("experiments", 0, 7),
    "no name": put("experiments", 0, "name", None),
    "a name with NUL": put("experiments", 0, "name", "a\0"),
    "a long name": put("experiments", 0, "candidates", 0, "name", "x" * 9_999),
    "text for a time": put("experiments", 0, "opened_us", "yesterday"),
    "a time beyond the calendar": put("experiments", 0, "opened_us", 2**62),
    "true for a number": put("experiments", 0, "runs", 0, "duration_us", True),
    "a huge number": put("experiments", 0, "results", 0, "n", 2**70),
    "not a number": put("experiments", 0, "results", 0, "value", float("nan")),
    "an unknown state": put("experiments", 0, "candidates", 0, "state", "asleep"),
    "an unknown outcome": put("experiments", 0, "runs", 0, "outcome", "fine"),
    "an unknown kind": put("experiments", 0, "results", 0, "kind", "guess"),
    "no charter": put("experiments", 0, "charters", []),
    "text for a charter": put("experiments", 0, "charters", 0, "charter", "q"),
    "text for a gain": put("experiments", 0, "charters", 0, "charter", {"useful_gain": "much"}),
    "text for a population": put("experiments", 0, "charters", 0, "charter", {"population": {"kinds": "ten"}}),
    "a wrong date": put("experiments", 0, "deadline", "soon"),
    "tags that are no list": put("experiments", 0, "runs", 0, "tags", {"a": 1}),
    "a result of no run": put("experiments", 0, "results", 0, "run", 99),
    "a run of no variant": put("experiments", 0, "runs", 0, "variant", -1),
    "two candidates of one name": put("experiments", 0, "candidates", 1, "name", "knn"),
    "an array that is not there": put("arrays", {}),
    "an array that is not base64": put("arrays", "a" * 64, "%%%"),
    "an array under a wrong name": put("arrays", "a" * 64, "AAAA"),
    "a source that is not there": put("sources", {}),
    "a source that is no text": put("sources", "a" * 64, 5),
    "classes without counts": put("truths", TRUTH.fingerprint, "classes", {"a": "b"}),
    "text for a truth": put("truths", TRUTH.fingerprint, "x"),
}


@pytest.mark.parametrize("damage", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_document_is_refused_whole(
    document: dict[str, Any], damage: Callable[[dict[str, Any]], None]
) -> None:
    damage(document)
    with open_store(":memory:") as other:
        with pytest.raises(MleeError) as refusal:
            other.import_(document, rename=True)
        assert "\n" not in str(refusal.value)
        assert other.experiments() == ()
        assert other.export()["arrays"] == {}


@pytest.mark.parametrize("thing", [None, [], "x", 7, {}], ids=repr)
def test_anything_else_is_refused(thing: Any) -> None:
    with open_store(":memory:") as other, pytest.raises(MleeError, match="not a file that mlee exported"):
        other.import_(thing, rename=True)


def test_the_undamaged_document_is_taken(document: dict[str, Any]) -> None:
    with open_store(":memory:") as other:
        assert other.import_(document, rename=True) == ["shelf"]


@pytest.fixture(scope="module")
def exported() -> dict[str, Any]:
    with open_store(":memory:") as memory:
        fill(memory)
        return told(memory)


@pytest.fixture
def document(exported: dict[str, Any]) -> dict[str, Any]:
    return copy.deepcopy(exported)
