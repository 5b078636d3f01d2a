"""One flaw put into a healthy experiment, and nothing else changed; each says whether it could be planted there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import numpy as np

from mlee_jupyter.domain import Evidence
from mlee_jupyter.record.scored_run import Run
from mlee_jupyter.session.session import Session

from .drawing import Act, Healthy, Try

FLAWS: dict[str, Callable[[Healthy], bool]] = {}
NOT_PLANTED = {
    "MLE606": "of a planned A/B test, which is not an experiment: `benchmarks.ab`",
    "MLE607": "of an A/B test's table: `benchmarks.ab`",
    "MLE712": "needs a package and a proof: tests/guardrails",
}
Flaw = Callable[[Healthy], bool]


def flaw(code: str) -> Callable[[Flaw], Flaw]:
    """Registers how the fault of a rule is planted."""

    def register(made: Flaw) -> Flaw:
        FLAWS[code] = made
        return made

    return register


def _of_rows(one: Healthy) -> bool:
    return one.kind == "rows"


def _labels(one: Healthy) -> bool:
    return _of_rows(one) and one.metric == "accuracy"


def _boxed(one: Healthy, used: float) -> bool:
    one.budget, one.used, one.sittings, one.decide = one.budget or 4.0, used, 1, False
    return True


def _simple(one: Healthy) -> list[str]:
    return list(dict.fromkeys(each.candidate for each in one.tries))


def _cut(one: Healthy, rows: int) -> bool:
    """So many test rows, drawn from those that there are; what hangs on their order goes along."""
    if not _of_rows(one) or {"time", "groups"} & set(one.charter) or one.n <= rows:
        return False
    one.setup.append(f"X_test, y_test = X_test.iloc[:{rows}], y_test.iloc[:{rows}]")
    return True


def record(
    candidate: str,
    make: Callable[[Session], Any],
    *,
    minutes: float = 0.02,
    **options: Any,
) -> Act:
    """A run that the session is handed directly, as the doors do: its time is said and not taken."""

    def call(here: Session) -> None:
        run = Run(started_at=here.now(), duration=timedelta(minutes=minutes), **options)
        here.record(candidate, here.read(make(here), None), run)
        here.news()

    return Act(call=call)


def _noisy(wrong: float, chance: np.random.Generator) -> Callable[[Session], Any]:
    """Labels that are wrong on a share of the rows."""

    def make(here: Session) -> Any:
        truth = np.asarray(here.names["y_test"])
        off = chance.random(len(truth)) < wrong
        return np.where(off, (truth + 1) % (truth.max() + 1), truth)

    return make


def _wrong_on(rows: int, chance: np.random.Generator) -> Callable[[Session], Any]:
    """Labels that are wrong on so many rows."""

    def make(here: Session) -> Any:
        answers = np.array(here.names["y_test"])
        places = chance.permutation(len(answers))[:rows]
        answers[places] = (answers[places] + 1) % (answers.max() + 1)
        return answers

    return make


# ---------------------------------------------------------------- time


def _left_out(one: Healthy, used: float) -> bool:
    if one.kind != "rows":
        return False
    agreed = one.charter.get("candidates") or _simple(one)
    names = [*(list(agreed)), "network"]
    one.charter["candidates"] = names
    return _boxed(one, used)


FLAWS["MLE101"] = partial(_left_out, used=0.65)
FLAWS["MLE102"] = partial(_left_out, used=0.9)


@flaw("MLE103")
def _over(one: Healthy) -> bool:
    return _boxed(one, 1.1)


@flaw("MLE104")
def _ate(one: Healthy) -> bool:
    one.style = "handle" if one.style == "loop" else one.style
    for each in one.tries:
        each.minutes = 1.0
    one.tries[-1].minutes = 0.6 * 60 * (one.budget or 4.0)
    return _left_out(one, 0.95)


@flaw("MLE105")
def _extended(one: Healthy) -> bool:
    _boxed(one, one.used)
    for hours in ("1h", "2h"):
        why = f"{hours} more"
        one.late.append(
            Act(f'work.extend("{hours}", because="{why}")', f'%mlee_experiment extend {hours} --because "{why}"')
        )
    return True


@flaw("MLE106")
def _undecided(one: Healthy) -> bool:
    one.decide = False
    one.last.append(Act(call=lambda here: here.news(), days=12))
    return True


@flaw("MLE107")
def _no_gain(one: Healthy) -> bool:
    if not _labels(one):
        return False
    chance = one.random(107)
    wrong = _wrong_on(one.n // 3, chance)  # as many rows each time: by luck alone one in six would seem to gain
    one.late += [record("net", wrong, variant=f"try {k}", simplicity=5) for k in range(8)]
    return True


@flaw("MLE108")
def _full_data(one: Healthy) -> bool:
    if not _labels(one):
        return False
    one.decide, one.budget = False, one.budget or 4.0
    one.late.append(record("net", _noisy(0.4, one.random(108)), minutes=60 * one.budget * 0.4, simplicity=5))
    return True


@flaw("MLE109")
def _dear(one: Healthy) -> bool:
    if not one.has_charter or one.kind != "rows":
        return False
    names = _simple(one)
    one.charter["candidates"] = {name: {"build": "2d"} for name in names}
    one.charter["candidates"]["network"] = {"build": "40d", "gain": one.gain / 4}
    return True


# ---------------------------------------------------------------- rows


@flaw("MLE201")
def _too_few(one: Healthy) -> bool:
    """Too few for the gain by far: a twelfth of what there was, which was twice what is needed."""
    return _labels(one) and one.has_charter and one.gain <= 0.2 and _cut(one, max(25, one.n // 24))


@flaw("MLE202")
def _at_the_edge(one: Healthy) -> bool:
    if not _of_rows(one) or not one.has_charter:
        return False
    one.charter.pop("must_reach", None)
    one.decide = False

    def call(here: Session) -> None:
        judged = here.evidence().judgement
        assert judged is not None
        standing = judged.of(judged.recommended or judged.leader)
        assert standing is not None
        here.change({"must_reach": standing.score}, "what the customer asks")
        here.news()

    one.late.append(Act(call=call))
    return True


@flaw("MLE203")
def _kinds_missed(one: Healthy) -> bool:
    if not _of_rows(one) or not one.has_charter:
        return False
    one.charter["population"] = {"column": "store", "kinds": 2 * int(one.data["store"].nunique()) + 1}
    return True


@flaw("MLE204")
def _thin(one: Healthy) -> bool:
    """All but twenty of one class are gone from the test rows."""
    if not _of_rows(one) or one.task != "two" or {"time", "groups"} & set(one.charter):
        return False
    one.setup.append(
        "kept = np.r_[np.flatnonzero(y_test == 0), np.flatnonzero(y_test == 1)[:20]]\n"
        "X_test, y_test = X_test.iloc[kept], y_test.iloc[kept]"
    )
    return True


@flaw("MLE205")
def _several_times(one: Healthy) -> bool:
    if not _of_rows(one) or {"time", "groups"} & set(one.charter):
        return False
    one.setup.append(
        "often = np.tile(np.arange(len(X_test)), 3)\nX_test, y_test = X_test.iloc[often], y_test.iloc[often]"
    )
    return True


@flaw("MLE206")
def _learning(one: Healthy) -> bool:
    if not _labels(one) or not one.has_charter or one.gain > 0.12:
        return False
    chance = one.random(206)
    small, large = 0.25 + 3 * one.gain, 0.25
    one.late.append(record("net", _noisy(small, chance), trained_on=500, variant="500", simplicity=5))
    one.late.append(record("net", _noisy(large, chance), trained_on=1000, variant="1000", simplicity=5))
    return True


@flaw("MLE207")
def _one_slice(one: Healthy) -> bool:
    if not _of_rows(one) or not one.has_charter or {"time", "groups"} & set(one.charter):
        return False
    one.charter["population"] = {"frame": "data"}
    one.setup.append('mine = (X_test["store"] == 0).to_numpy()\nX_test, y_test = X_test[mine], y_test[mine]')
    return True


# ---------------------------------------------------------------- the choice


@flaw("MLE301")
def _luck(one: Healthy) -> bool:
    """Two that nobody can tell apart on so few rows, and the better score is chosen."""
    if not _labels(one) or not one.has_charter or one.gain > 0.15 or not _cut(one, 60):
        return False
    one.charter.pop("must_reach", None)
    one.charter["useful_gain"] = 0.01
    chance = one.random(301)
    one.late += [
        record("this", _wrong_on(6, chance), simplicity=4),
        record("that", _wrong_on(7, chance), simplicity=4),
    ]
    one.decide = True
    one.direct["choose"] = _leader
    return True


def _leader(evidence: Evidence) -> str | None:
    return None if evidence.judgement is None else evidence.judgement.leader


def _variants(one: Healthy, count: int, named: str = "C={}") -> None:
    chance = one.random(count)
    one.late += [record("net", _noisy(0.3, chance), variant=named.format(k + 1), simplicity=5) for k in range(count)]


@flaw("MLE302")
def _tuned(one: Healthy) -> bool:
    if not _labels(one):
        return False
    _variants(one, 22)
    one.decide = False
    return True


@flaw("MLE303")
def _uneven(one: Healthy) -> bool:
    if not _labels(one) or all(each.simplicity == 1 for each in one.tries):
        return False
    least = min(sum(each.candidate == name for each in one.tries) for name in _simple(one))
    if least > 2:
        return False
    _variants(one, 16)
    return True


@flaw("MLE304")
def _alone(one: Healthy) -> bool:
    if not _of_rows(one):
        return False
    first = one.tries[0].candidate
    one.tries = [each for each in one.tries if each.candidate == first]
    one.charter.pop("candidates", None)
    one.decide = True
    one.direct["choose"] = first
    one.style = "handle" if one.style == "compare" else one.style
    return True


@flaw("MLE305")
def _flattered(one: Healthy) -> bool:
    if not _labels(one) or not one.has_charter or not _cut(one, 80):
        return False
    one.charter["useful_gain"] = 0.02
    _variants(one, 18)
    return True


@flaw("MLE306")
def _worn(one: Healthy) -> bool:
    if not _labels(one) or not one.has_charter or not _cut(one, 80):
        return False
    one.charter["useful_gain"] = 0.02
    _variants(one, 60)
    return True


@flaw("MLE307")
def _shopped(one: Healthy) -> bool:
    if not _labels(one):
        return False
    one.charter["metric"] = "accuracy"
    one.has_charter = True
    one.late.append(Act(call=lambda here: here.change({"metric": "balanced_accuracy"}, None)))
    one.decide = True
    one.direct["choose"] = _leader
    return True


@flaw("MLE308")
def _seeds(one: Healthy) -> bool:
    if not _labels(one):
        return False
    _variants(one, 5, "seed={}")
    return True


@flaw("MLE309")
def _folds_only(one: Healthy) -> bool:
    return one.kind == "folds"


# ---------------------------------------------------------------- the comparison


def _handed(one: Healthy, value: str, name: str = "another", before: str = "", options: str = "") -> bool:
    """One more candidate, whose cell ends with something that is wrong."""
    one.style = "handle" if one.style in ("loop", "compare") else one.style
    one.tries.append(Try(name, 3, ends=value, before=before, options=options))
    if "candidates" in one.charter:
        one.charter["candidates"] = [*one.charter["candidates"], name]
    return True


def _fitted(one: Healthy, on: str = "X_test") -> str:
    asks = "predict_proba" if one.metric in ("roc_auc", "log_loss") else "predict"
    return f"{one.tries[-1].model}.fit(X_train, y_train).{asks}({on})"


@flaw("MLE401")
def _other_rows(one: Healthy) -> bool:
    if not _of_rows(one) or {"time", "groups"} & set(one.charter):
        return False
    short = "X_short, y_short = X_test.iloc[:-7], y_test.iloc[:-7]"
    value = _fitted(one, "X_short")
    one.style = "magics"
    return _handed(one, value, before=short, options=" --truth y_short")


@flaw("MLE402")
def _coded_otherwise(one: Healthy) -> bool:
    if not _labels(one):
        return False
    return _handed(one, f"{_fitted(one)} + 10")


@flaw("MLE403")
def _twin(one: Healthy) -> bool:
    return _of_rows(one) and _handed(one, _fitted(one))


@flaw("MLE404")
def _no_dummy(one: Healthy) -> bool:
    if one.kind != "folds":
        return False
    one.tries = [each for each in one.tries if each.candidate != "dummy"]
    if "candidates" in one.charter:
        one.charter.pop("candidates")
    return True


@flaw("MLE405")
def _worse_than_nothing(one: Healthy) -> bool:
    if not _of_rows(one) or one.metric == "profit":
        return False
    value = {"numbers": f"60 - 2 * {_fitted(one)}"}.get(one.task, f"1 - {_fitted(one)}")
    if one.task == "many":
        value = f"np.roll({_fitted(one)}, 1, axis=-1)" if one.metric == "log_loss" else f"({_fitted(one)} + 1) % 3"
    return _handed(one, value)


@flaw("MLE406")
def _rare_hidden(one: Healthy) -> bool:
    """Three rows of the rare class in a hundred, and accuracy."""
    if not _labels(one) or one.task != "two" or not one.has_charter:
        return False
    common, rare = one.data[one.data["answer"] == 0], one.data[one.data["answer"] == 1]
    kept = one.data.index.isin([*common.index, *rare.index[:: max(1, 33 * len(rare) // max(1, len(common)))]])
    if {"time", "groups"} & set(one.charter):
        return False
    one.data = one.data[kept].reset_index(drop=True)
    one.setup[2] = one.setup[2].replace(f"test_size={one.n}", "test_size=0.5")
    return int((one.data["answer"] == 1).sum()) >= 40


@flaw("MLE407")
def _shared(one: Healthy) -> bool:
    if not _of_rows(one) or not one.has_charter or {"time", "groups"} & set(one.charter):
        return False
    one.charter["train"] = "X_train"
    one.setup.append(
        "X_test = pd.concat([X_test, X_train.iloc[: len(X_test) // 10]])\n"
        "y_test = pd.concat([y_test, y_train.iloc[: len(y_test) // 10]])"
    )
    return True


@flaw("MLE408")
def _from_the_future(one: Healthy) -> bool:
    if "time" not in one.charter:
        return False
    one.setup[2] = (
        "X_train, X_test, y_train, y_test = train_test_split("
        f'data.drop(columns="answer").set_index("day"), data["answer"], test_size={one.n}, random_state=0)\n'
        "day = X_test.index.to_numpy()"
    )
    one.charter["train"] = "X_train"
    return True


@flaw("MLE409")
def _given_away(one: Healthy) -> bool:
    if not _of_rows(one):
        return False
    one.data["booked"] = one.data["answer"] * 7 + 1
    return True


def _text(one: Healthy, source: str, where: str = "end") -> bool:
    """A cell of the notebook's text that is not run here."""
    one.late.append(Act(source, runs=False, where=where))
    return True


@flaw("MLE410")
def _fit_on_test(one: Healthy) -> bool:
    if not _of_rows(one):
        return False
    asks = "predict_proba" if one.metric in ("roc_auc", "log_loss") else "predict"
    return _handed(one, f"{one.tries[-1].model}.fit(X_test, y_test).{asks}(X_test)")


@flaw("MLE411")
def _seeded_from_test(one: Healthy) -> bool:
    return _of_rows(one) and _text(one, "def ahead(values):\n    return values\n\n\nforecast(y_test[-12:])")


# ---------------------------------------------------------------- the decision


@flaw("MLE501")
def _dearer_choice(one: Healthy) -> bool:
    """What is chosen answers as a simpler one does on all rows but two."""
    if not _labels(one):
        return False
    one.charter.pop("must_reach", None)
    chance = one.random(501)

    def nearly(here: Session) -> Any:
        answers = np.array(_noisy(0.1, np.random.default_rng(one.seed))(here))
        places = chance.integers(0, len(answers), 2)
        answers[places] = (answers[places] + 1) % (answers.max() + 1)
        return answers

    one.late += [
        record("table", _noisy(0.1, np.random.default_rng(one.seed)), simplicity=1),
        record("giant", nearly, simplicity=6),
    ]
    one.decide, one.direct["choose"] = True, "giant"
    return True


def _served(one: Healthy, **changes: Any) -> bool:
    if not _of_rows(one) or not one.has_charter:
        return False
    usual = {"mode": "weekly batch", "used_every": "weekly", "answers_per_month": 4000.0, "value_per_month": 1000.0}
    one.charter["serving"] = {**usual, **one.charter.get("serving", {}), **changes}
    one.charter.setdefault("measure", "One region in five goes on as today, for 8 weeks")
    return True


@flaw("MLE502")
def _too_dear(one: Healthy) -> bool:
    return _served(one, value_per_month=50.0, cost_per_month=40.0)


@flaw("MLE503")
def _too_fast(one: Healthy) -> bool:
    return _served(one, mode="real-time", used_every="weekly", value_per_month=5000.0)


class Client:
    """Stands for one of Dask's, whose library need not be here: a cluster of other machines behind an address."""

    __module__ = "distributed.client"
    cluster = None


@flaw("MLE504")
def _on_a_cluster(one: Healthy) -> bool:
    if not _labels(one):
        return False

    def make(here: Session) -> Any:
        here.names.maps[-1]["client"] = Client()  # type: ignore[attr-defined]
        return _noisy(0.3, one.random(504))(here)

    one.late.append(record("net", make, source="client.submit(fit, X_train, y_train)", simplicity=4))
    return True


@flaw("MLE505")
def _on_a_gpu(one: Healthy) -> bool:
    source = 'XGBClassifier(device="cuda").fit(X_train, y_train).predict(X_test)'
    if _labels(one):
        one.late.append(record("net", _noisy(0.3, one.random(505)), source=source, simplicity=4, minutes=2))
    return _labels(one)


@flaw("MLE506")
def _nothing_simple(one: Healthy) -> bool:
    if not _of_rows(one) or len(_simple(one)) < 2:
        return False
    one.tries = [replace(each, simplicity=4) for each in one.tries]
    one.style = "handle" if one.style == "loop" else one.style
    one.decide = True
    one.direct["choose"] = _leader
    return True


@flaw("MLE507")
def _slow(one: Healthy) -> bool:
    return _served(one, max_answer_ms=1e-6)


@flaw("MLE508")
def _reached(one: Healthy) -> bool:
    if not _of_rows(one) or not one.has_charter or one.metric in ("profit",):
        return False
    best = max(one.scores.values())
    lost = one.metric in ("log_loss", "rmse", "mae")
    one.charter["must_reach"] = float(f"{abs(best) * (1.6 if lost else 0.6):.3g}")
    return one.metric != "log_loss" or one.n >= 400


# ---------------------------------------------------------------- what was agreed


@flaw("MLE601")
def _gaps(one: Healthy) -> bool:
    for key in ("question", "decision", "owner"):
        one.charter.pop(key, None)
    return one.has_charter


@flaw("MLE602")
def _how(one: Healthy) -> bool:
    one.charter["question"] = "Can a random forest tell which customers need help?"
    return one.has_charter


@flaw("MLE603")
def _nobody_saw(one: Healthy) -> bool:
    one.charter["owner"], one.shows = "customer care", False
    return one.has_charter and _of_rows(one) and _boxed(one, 0.7)


@flaw("MLE604")
def _moved(one: Healthy) -> bool:
    if not one.has_charter:
        return False
    one.late.append(Act(call=lambda here: here.change({"useful_gain": 2 * one.gain}, None)))
    return True


@flaw("MLE605")
def _unmeasured(one: Healthy) -> bool:
    if not _served(one, value_per_month=5000.0):
        return False
    one.charter.pop("measure")
    one.decide, one.direct["choose"] = True, _leader
    return True


# ---------------------------------------------------------------- the notebook's text

LINES = "\n".join(f"total_{k} = rows_seen + {k}" for k in range(7))
TEXTS = {
    "MLE702": "print(cleaned_rows.shape)",
    "MLE703": "def scaled(x):\n    return x / 2\n\n\ndef scaled(x):\n    return x / 3",
    "MLE704": 'more = pd.read_csv("/home/anna/work/more.csv")',
    "MLE705": 'api_key = "sk-proj-9fK2mQ7xVb4tR8wLz1nC5yHd3sJ6gPaE0uTiYo"',
    "MLE706": "noise = np.random.normal(size=10)",
    "MLE707": 'first = ["age", "income", "visits"]\nsecond = ["age", "income", "visits"]',
    "MLE708": "ours = dict(n_estimators=250)\none = len(ours)\nmore = dict(n_estimators=250)",
    "MLE709": "limit = 3\n\n\ndef under(x):\n    return x < limit",
    "MLE710": f"rows_seen = 3\n{LINES}\nrows_seen = 4\n{LINES}",
    "MLE711": "\n".join(f"step_{k} = {k}" for k in range(2, 60)),
    "MLE713": "value = max([1, 2)",
    "MLE791": "import random  # mlee: ignore[unseeded]\n\nshuffled = random.sample([1, 2, 3], 2)",
}
FLAWS |= {code: partial(_text, source=source) for code, source in TEXTS.items()}


@flaw("MLE701")
def _out_of_order(one: Healthy) -> bool:
    one.direct["counts"] = "swapped"
    return True


@flaw("MLE790")
def _dead_ignore(one: Healthy) -> bool:
    if not _of_rows(one):
        return False
    why = "they may be"
    one.late.append(Act(f'work.ignore("twins", because="{why}")', f'%mlee_experiment ignore twins --because "{why}"'))
    return True
