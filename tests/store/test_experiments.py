"""What becomes of an experiment, on both back ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from mlee_jupyter.domain import CandidateState, Charter, Population, Serving
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.store import Store

from .makers import ANSWERS, NOON, TRUTH, measured, minutes, recording, span, start

FULL_CHARTER = Charter(
    question='Is "this" <b>right</b>?\nsecond line 🎉',
    decision="d",
    owner="o",
    metric="f1",
    positive=True,
    average="macro",
    higher_is_better=False,
    useful_gain=0.02,
    must_reach=0.95,
    population=Population(column="product", kinds=10),
    serving=Serving(
        mode="weekly batch", answers_per_month=4e5, value_per_month=3000, cost_per_month=1, max_answer_ms=9
    ),
    candidates=("a", "b"),
    time="day",
    groups="customer",
)


def states(store: Store, name: str = "shelf") -> dict[str, str]:
    return {candidate.name: candidate.state.value for candidate in store.records(name).candidates}


def test_what_is_created_is_found(store: Store) -> None:
    made = start(store)
    assert store.find_experiment("shelf") == made
    assert store.experiments() == (made,)
    assert (made.opened_at, made.box, made.is_open) == (NOON, timedelta(hours=6), True)
    assert states(store) == {"knn": "planned", "svm": "planned"}
    assert store.find_experiment("another") is None


@pytest.mark.parametrize("charter", [Charter(), FULL_CHARTER], ids=["empty", "full"])
def test_a_charter_comes_back_as_it_was(store: Store, charter: Charter) -> None:
    start(store, charter=charter)
    records = store.records("shelf")
    assert records.experiment.charter == charter
    assert [type(v) for v in (records.experiment.charter.positive,)] == [type(charter.positive)]


def test_a_taken_name_is_refused_and_nothing_is_changed(store: Store) -> None:
    made = start(store)
    with pytest.raises(MleeError, match="already"):
        start(store, budget=None)
    assert store.experiments() == (made,)


HOSTILE_NAMES = [
    '<script>alert("x")</script>',
    "Robert'); DROP TABLE mlee_run;--",
    "two\nlines",
    "🎉 fête",
    "%s ? :x",
    "x" * 500,
]


@pytest.mark.parametrize("name", HOSTILE_NAMES, ids=range(len(HOSTILE_NAMES)))
def test_names_are_stored_as_given(store: Store, name: str) -> None:
    start(store, name, charter=Charter(candidates=(name,)))
    store.record(name, recording(name, note=name, source=name), TRUTH)
    records = store.records(name)
    assert records.experiment.name == records.candidates[0].name == records.results[0].candidate == name


REFUSED_NAMES = {"nul": "a\0b", "half a surrogate pair": "a\ud800", "empty": "", "blank": " \n", "long": "x" * 10_000}


@pytest.mark.parametrize("name", REFUSED_NAMES.values(), ids=REFUSED_NAMES.keys())
def test_names_that_cannot_be_stored_are_refused_in_one_line(store: Store, name: str) -> None:
    start(store)
    for attempt in (
        lambda: start(store, name),
        lambda: store.record("shelf", recording(name)),
        lambda: store.set_candidate("shelf", name, at=NOON),
        lambda: store.rename_experiment("shelf", name, None, NOON),
        lambda: store.rename_candidate("shelf", "knn", name, None, NOON),
    ):
        with pytest.raises(MleeError) as refusal:
            attempt()
        assert "\n" not in str(refusal.value)
        assert len(str(refusal.value)) < 300
        str(refusal.value).encode("utf-8")
    assert [e.name for e in store.experiments()] == ["shelf"]
    assert states(store) == {"knn": "planned", "svm": "planned"}


def test_an_unknown_experiment_is_said_in_one_line(store: Store) -> None:
    for attempt in (
        lambda: store.records("nope\0"),
        lambda: store.record("nope", recording()),
        lambda: store.put_spans("nope", [span(0, 1)]),
        lambda: store.decide("nope", None, None, NOON),
        lambda: store.trace("nope\ud800"),
        lambda: store.export(["nope"]),
    ):
        with pytest.raises(MleeError, match="There is no experiment"):
            attempt()


def test_the_charter_has_versions(store: Store) -> None:
    start(store)
    changed = Charter(question="Which product?", metric="f1", candidates=("knn", "forest"))
    store.record("shelf", recording("forest"), TRUTH)
    after = store.change_charter("shelf", changed, None, NOON + minutes(1))
    records = store.records("shelf")
    assert after.charter == changed
    assert [(v.version, v.charter.metric, v.because) for v in records.charters] == [
        (1, "accuracy", None),
        (2, "f1", None),
    ]
    assert {c.name: c.planned for c in records.candidates} == {"knn": True, "svm": False, "forest": True}
    assert states(store)["forest"] == "active"  # it ran before it was named
    assert records.trace[-1].detail == "metric, candidates"


def test_the_same_charter_is_no_new_version(store: Store) -> None:
    made = start(store)
    store.change_charter("shelf", made.charter, None, NOON + minutes(1))
    assert len(store.records("shelf").charters) == 1
    assert store.trace("shelf") == ()


def test_the_box_grows(store: Store) -> None:
    start(store)
    store.extend("shelf", timedelta(hours=2), "the data came late", NOON)
    after = store.extend("shelf", minutes(30), "lunch", NOON + minutes(1))
    assert after.box == timedelta(hours=8, minutes=30)
    assert [(e.by, e.because) for e in after.extensions] == [
        (timedelta(hours=2), "the data came late"),
        (minutes(30), "lunch"),
    ]


def test_pauses(store: Store) -> None:
    start(store)
    assert store.pause("shelf", NOON).paused_at == NOON
    assert store.pause("shelf", NOON + minutes(5)).paused_at == NOON  # paused already
    assert store.resume("shelf", NOON + minutes(10)).paused_at is None
    store.resume("shelf", NOON + minutes(20))  # running already
    store.pause("shelf", NOON + minutes(30))
    store.resume("shelf", NOON + minutes(29))  # a clock set back
    assert store.records("shelf").pauses == (
        (NOON, NOON + minutes(10)),
        (NOON + minutes(30), NOON + minutes(30)),
    )


def test_a_decision_moves_the_choice(store: Store) -> None:
    start(store)
    assert store.decide("shelf", "knn", "simple", NOON).decision is not None
    assert states(store) == {"knn": "chosen", "svm": "planned"}
    decided = store.decide("shelf", "svm", "fast", NOON)
    assert decided.decision is not None
    assert (decided.decision.candidate, decided.decision.because) == ("svm", "fast")
    assert states(store) == {"knn": "active", "svm": "chosen"}
    assert not decided.is_open
    assert store.reopen("shelf", NOON).decision is None
    assert states(store) == {"knn": "active", "svm": "active"}
    against_all = store.decide("shelf", None, None, NOON).decision
    assert against_all is not None
    assert against_all.candidate is None
    with pytest.raises(MleeError, match="no candidate 'forest'"):
        store.decide("shelf", "forest", None, NOON)
    assert [entry.what for entry in store.trace("shelf")] == ["decide", "decide", "reopen", "decide"]


def test_close_and_reopen(store: Store) -> None:
    start(store)
    assert store.close_experiment("shelf", NOON, "no time").closed_at == NOON
    assert store.reopen("shelf", NOON).is_open


def test_variables_can_be_named_later(store: Store) -> None:
    start(store, truth_name=None)
    assert store.set_names("shelf", truth_name="y").truth_name == "y"
    after = store.set_names("shelf", features_name="X")
    assert (after.truth_name, after.features_name) == ("y", "X")


def test_renaming_keeps_everything(store: Store) -> None:
    start(store)
    store.record("shelf", recording(), TRUTH)
    store.put_spans("shelf", [span(0, 1, "knn")])
    store.decide("shelf", "knn", None, NOON)
    store.rename_candidate("shelf", "knn", "neighbours", "clearer", NOON)
    after = store.rename_experiment("shelf", "shelf 2", "second try", NOON)
    records = store.records("shelf 2")
    assert after.decision is not None
    assert after.decision.candidate == records.results[0].candidate == records.spans[0].candidate == "neighbours"
    assert store.find_experiment("shelf") is None
    assert [(t.what, t.subject, t.detail) for t in records.trace[-2:]] == [
        ("rename candidate", "neighbours", "was knn"),
        ("rename experiment", "shelf 2", "was shelf"),
    ]
    start(store)
    with pytest.raises(MleeError, match="already"):
        store.rename_experiment("shelf", "shelf 2", None, NOON)
    with pytest.raises(MleeError, match="already"):
        store.rename_candidate("shelf", "knn", "svm", None, NOON)


def test_the_state_of_a_candidate(store: Store) -> None:
    start(store)
    made = store.set_candidate("shelf", "forest", simplicity=3, at=NOON)
    assert (made.state, made.simplicity, made.planned) == (CandidateState.ACTIVE, 3, False)
    parked = store.set_candidate("shelf", "forest", state=CandidateState.PARKED, because="good enough", at=NOON)
    assert (parked.id, parked.simplicity, parked.because) == (made.id, 3, "good enough")
    same = store.set_candidate("shelf", "forest", simplicity=1, at=NOON)
    assert (same.state, same.simplicity, same.because) == (CandidateState.PARKED, 1, "good enough")
    with pytest.raises(MleeError, match="digits"):
        store.set_candidate("shelf", "forest", simplicity=10**30, at=NOON)


def test_a_mistaken_run_is_hidden_but_counted(store: Store) -> None:
    start(store)
    store.record("shelf", recording(), TRUTH)
    mistake = store.record("shelf", recording("svm", measured(ANSWERS[::-1])), TRUTH)
    store.withdraw_run("shelf", mistake, "wrong file", NOON)
    store.withdraw_run("shelf", mistake, "again", NOON)
    records = store.records("shelf")
    assert [result.candidate for result in records.results] == ["knn"]
    assert [(t.what, t.subject, t.because) for t in records.trace] == [("withdraw run", "svm", "wrong file")]
    assert store.looks(TRUTH.fingerprint) == 2
    start(store, "another")
    for experiment, run in (("another", mistake), ("shelf", 10**6)):
        with pytest.raises(MleeError, match="has no run"):
            store.withdraw_run(experiment, run, None, NOON)


def test_a_reason_given_later_is_a_version_of_its_own(store: Store) -> None:
    made = start(store)
    store.change_charter("shelf", made.charter, "the shop asked", NOON + minutes(1))
    assert [version.because for version in store.records("shelf").charters][-1] == "the shop asked"
