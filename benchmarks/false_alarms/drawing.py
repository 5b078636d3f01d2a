"""A healthy experiment, drawn from a seed: data, charter, what is tried and when. The definition is in __main__."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from sklearn.base import clone
from sklearn.dummy import DummyClassifier, DummyRegressor
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression, Ridge
from sklearn.metrics import f1_score, log_loss, roc_auc_score
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

STYLES = ("magics", "handle", "loop", "compare")
PILOT, BLOCK = 3000, 150  # rows that nobody is shown, on which the true scores are known, in blocks
POWER = 2.8  # 1.96 + 0.84: a difference of so many standard errors is seen with 80% power at the 5% level
SPARE = 2.0  # times the rows that the useful gain needs
CLEAR = 4.0  # standard errors between a target and every true score
KNOWN = {
    "DummyClassifier": DummyClassifier,
    "DummyRegressor": DummyRegressor,
    "LogisticRegression": LogisticRegression,
    "GaussianNB": GaussianNB,
    "DecisionTreeClassifier": DecisionTreeClassifier,
    "KNeighborsClassifier": KNeighborsClassifier,
    "RandomForestClassifier": RandomForestClassifier,
    "LinearRegression": LinearRegression,
    "Ridge": Ridge,
    "DecisionTreeRegressor": DecisionTreeRegressor,
    "KNeighborsRegressor": KNeighborsRegressor,
    "RandomForestRegressor": RandomForestRegressor,
    "make_pipeline": make_pipeline,
    "StandardScaler": StandardScaler,
}
LABELS = {
    "logreg": (2, ["LogisticRegression(max_iter=500)", "LogisticRegression(C=0.1, max_iter=500)"]),
    "bayes": (2, ["GaussianNB()"]),
    "tree": (3, [f"DecisionTreeClassifier(max_depth={d}, min_samples_leaf=5, random_state=0)" for d in (4, 6, 8)]),
    "knn": (3, [f"make_pipeline(StandardScaler(), KNeighborsClassifier({k}))" for k in (15, 25, 45)]),
    "forest": (4, [f"RandomForestClassifier(12, min_samples_leaf={m}, random_state=0)" for m in (3, 10)]),
}
NUMBERS = {
    "line": (2, ["LinearRegression()"]),
    "ridge": (2, ["Ridge(10.0)", "Ridge(100.0)"]),
    "tree": (3, [f"DecisionTreeRegressor(max_depth={d}, min_samples_leaf=5, random_state=0)" for d in (4, 6, 8)]),
    "knn": (3, [f"make_pipeline(StandardScaler(), KNeighborsRegressor({k}))" for k in (10, 20, 40)]),
    "forest": (4, [f"RandomForestRegressor(12, min_samples_leaf={m}, random_state=0)" for m in (3, 10)]),
}
IMPORTS = """import numpy as np
import pandas as pd
from sklearn.ensemble import {forest}
from sklearn.linear_model import {linear}
from sklearn.model_selection import cross_val_score, train_test_split
from sklearn.neighbors import {knn}
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.tree import {tree}{more}

import mlee_jupyter as mlee"""
PROFIT = """def profit(truth, predictions):
    return 5.0 * (truth * predictions) - 2.0 * ((1 - truth) * predictions)


mlee.metric("profit", profit, higher_is_better=True)"""
SPLIT = 'X_train, X_test, y_train, y_test = train_test_split({X}, {data}["answer"], test_size={n}, random_state=0)'
BY_TIME = """X_train, X_test = {X}.iloc[:-{n}], {X}.iloc[-{n}:]
y_train, y_test = {data}["answer"].iloc[:-{n}], {data}["answer"].iloc[-{n}:]"""


@dataclass(eq=False)
class Try:
    """One run of a candidate: a model to fit, or the text of what its cell ends with."""

    candidate: str
    simplicity: int | None
    model: str = ""
    ends: str = ""
    before: str = ""  # lines above
    variant: str | None = None
    options: str = ""  # further ones, as typed after the magic
    minutes: float = 3.0  # that its cell runs


@dataclass(eq=False)
class Act:
    """Something else that happens: a cell with its text, or what the session is asked for directly."""

    source: str = ""
    magic: str = ""  # the same in the magics' style, where they differ
    call: Callable[[Any], object] | None = None  # what is known only then, given the session
    days: float = 0.0  # that pass before it
    runs: bool = True  # False: it stands in the notebook's text and is not run
    where: str = "end"  # or "start": of the notebook's text


@dataclass(eq=False)
class Healthy:
    """An experiment as it will be played; a flaw is planted by changing it."""

    seed: int
    style: str
    kind: str  # "rows", "folds" or "row scores"
    metric: str
    task: str  # "two", "many" or "numbers"
    n: int
    data: pd.DataFrame
    setup: list[str]
    charter: dict[str, Any]
    tries: list[Try]
    scores: dict[str, float] = field(default_factory=dict)  # candidate -> true score of its best setting
    by_setting: dict[str, float] = field(default_factory=dict)
    spread: float = 0.0  # the largest standard deviation of a difference between two, for one row
    gain: float = 0.0
    has_charter: bool = True
    budget: float | None = None  # hours
    used: float = 0.6  # share of it, at the end
    sittings: int = 1
    decide: bool = True
    shows: bool = True
    truth: str | None = "y_test"
    features: str | None = "X_test"
    early: list[Act] = field(default_factory=list)  # after the start
    late: list[Act] = field(default_factory=list)  # after the last try, before the decision
    last: list[Act] = field(default_factory=list)  # after the decision
    settings: str = ""
    direct: dict[str, Any] = field(default_factory=dict)  # what the player is told: a target, whom to choose, counts

    def random(self, purpose: int) -> np.random.Generator:
        """Chance of its own for a planting."""
        return np.random.default_rng([self.seed, purpose])


def drawn(seed: int) -> Healthy:
    """The healthy experiment of a seed."""
    random = np.random.default_rng([seed, 1])
    kind = str(random.choice(["rows", "folds", "row scores"], p=[0.84, 0.08, 0.08]))
    task = str(random.choice(["two", "many", "numbers"], p=[0.5, 0.2, 0.3]))
    metrics = {
        "two": ["accuracy", "roc_auc", "log_loss", "f1", "profit"],
        "many": ["accuracy", "accuracy", "log_loss"],
        "numbers": ["rmse", "mae"],
    }[task]
    metric = str(random.choice(metrics))
    if kind != "rows":
        metric = {"two": "accuracy", "many": "accuracy", "numbers": "mae"}[task] if kind == "folds" else "grade"
    has_charter = bool(random.random() >= 0.12) or kind == "row scores"
    if not has_charter and kind == "rows":
        metric = {"two": "accuracy", "many": "accuracy", "numbers": "rmse"}[task]
    layout = str(random.choice(["", "time", "groups"], p=[0.75, 0.15, 0.1])) if kind == "rows" and has_charter else ""
    n = int(random.choice([400, 800, 1500, 3000]))
    process = _process(task, random)
    one = Healthy(
        seed=seed,
        style=str(random.choice(STYLES)),
        kind=kind,
        metric=metric,
        task=task,
        n=n,
        data=pd.DataFrame(),
        setup=[],
        charter={},
        tries=[],
        has_charter=has_charter,
    )
    if kind == "row scores":
        _graded(one, random)
    else:
        train = process(int(random.integers(600, 1500)), random)
        one.tries = _tries(one, random)
        _know(one, train, process(PILOT, np.random.default_rng([seed, 2])), random)
        one.data = pd.concat([train, process(one.n, random)], ignore_index=True)
        _lay_out(one, layout, random)
    _agree(one, layout, random)
    return one


def _process(task: str, random: np.random.Generator) -> Callable[[int, np.random.Generator], pd.DataFrame]:
    """Where rows come from: correlated features, a question partly linear and partly not, and noise."""
    columns = int(random.integers(4, 8))
    mixing = random.normal(size=(columns, columns)) * 0.4 + np.eye(columns)
    straight, bent = random.normal(size=columns), float(random.uniform(0.3, 1.5))
    kinds = int(random.integers(4, 11))
    classes = int(random.choice([3, 4])) if task == "many" else 2
    rest = random.normal(size=(columns, classes))
    shift = float(random.uniform(-1.0, 0.3))

    def rows(n: int, chance: np.random.Generator) -> pd.DataFrame:
        X = chance.normal(size=(n, columns)) @ mixing
        found = pd.DataFrame(X, columns=[f"measure_{k}" for k in range(columns)])
        found["store"] = chance.integers(0, kinds, n)
        pull = X @ straight / np.linalg.norm(straight @ mixing.T) + bent * np.sin(2 * X[:, 0]) * np.sign(X[:, 1])
        if task == "numbers":
            found["answer"] = 20 + 4 * pull + 2.0 * chance.normal(size=n)
        elif task == "many":
            found["answer"] = (1.2 * X @ rest + bent * np.abs(X[:, [0]]) + chance.gumbel(size=(n, classes))).argmax(1)
        else:
            found["answer"] = (1.5 * pull + shift + chance.logistic(size=n) > 0).astype(int)
        return found

    return rows


def _tries(one: Healthy, random: np.random.Generator) -> list[Try]:
    """Two to four approaches, the simplest first, with one to three settings each."""
    pool = NUMBERS if one.task == "numbers" else LABELS
    names = [str(name) for name in random.permutation(sorted(pool))][: int(random.integers(2, 5))]
    first = "line" if one.task == "numbers" else "logreg"
    if not any(pool[name][0] <= 2 for name in names):
        names[0] = first
    tries = []
    for name in sorted(names, key=lambda name: pool[name][0]):
        simplicity, models = pool[name]
        said = simplicity if random.random() < 0.7 else None
        for model in models[: int(random.integers(1, 4))]:
            tries.append(Try(name, said, model=model, minutes=float(random.uniform(1, 6))))
    return tries


def score_of(metric: str, truth: np.ndarray, answers: np.ndarray) -> float:
    """The score of answers (labels, shares or numbers), higher being better."""
    if metric == "accuracy":
        return float(np.mean(truth == answers))
    if metric == "profit":
        return float(np.mean(5.0 * truth * answers - 2.0 * (1 - truth) * answers))
    if metric == "f1":
        return float(f1_score(truth, answers))
    if metric == "roc_auc":
        return float(roc_auc_score(truth, answers[:, 1]))
    if metric == "log_loss":
        return -float(log_loss(truth, answers, labels=np.arange(answers.shape[1])))
    if metric == "mae":
        return -float(np.mean(np.abs(truth - answers)))
    return -math.sqrt(float(np.mean((truth - answers) ** 2)))


def _know(one: Healthy, train: pd.DataFrame, pilot: pd.DataFrame, random: np.random.Generator) -> None:
    """What is true of each setting, and from it the gain that the rows resolve with some to spare."""
    X, y, away = train.drop(columns="answer"), train["answer"], pilot.drop(columns="answer")
    truth, blocks = pilot["answer"].to_numpy(), {}
    made = [each.model for each in one.tries] + ([_dummy(one)] if one.kind == "folds" else [])
    for name in made:
        model = clone(eval(name, dict(KNOWN))).fit(X, y)  # texts of this file
        asked = model.predict_proba if one.metric in ("roc_auc", "log_loss") else model.predict
        answers = np.asarray(asked(away))
        one.by_setting[name] = score_of(one.metric, truth, answers)
        places = np.arange(PILOT).reshape(-1, BLOCK)
        blocks[name] = np.array([score_of(one.metric, truth[rows], answers[rows]) for rows in places])
    for each in one.tries:
        one.scores[each.candidate] = max(one.scores.get(each.candidate, -math.inf), one.by_setting[each.model])
    root = math.sqrt(BLOCK)
    names = list(blocks)
    pairs = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
    one.spread = root * max(float(np.std(blocks[a] - blocks[b], ddof=1)) for a, b in pairs)
    alone = root * max(float(np.std(column, ddof=1)) for column in blocks.values())
    if one.has_charter:
        one.gain = _nice(POWER * one.spread * math.sqrt(SPARE / one.n))
    else:  # what is taken where nobody names a gain: two points, or a fiftieth of the best
        best = max(one.scores.values())
        one.gain = 0.02 if one.metric == "accuracy" else 0.02 * abs(best)
        one.n = max(one.n, min(20_000, math.ceil(SPARE * (POWER * one.spread / one.gain) ** 2)))
    blur = CLEAR * alone * math.sqrt(1 / one.n + 1 / PILOT)
    best = max(one.by_setting.values())
    target = best + float(random.choice([-1.0, 1.0])) * float(random.uniform(1.0, 3.0)) * blur
    possible = one.metric not in ("accuracy", "f1", "roc_auc") or 0 < target < 1
    apart = all(abs(target - value) >= blur for value in one.by_setting.values())
    if possible and apart and random.random() < 0.6:
        one.direct["target"] = abs(target) if one.metric in ("log_loss", "rmse", "mae") else target


def _dummy(one: Healthy) -> str:
    return "DummyRegressor()" if one.task == "numbers" else 'DummyClassifier(strategy="prior")'


def _nice(value: float) -> float:
    """Rounded up, as somebody would say it."""
    size = 10.0 ** math.floor(math.log10(value))
    return float(f"{next(step for step in (1, 1.5, 2, 3, 4, 5, 7.5, 10) if step * size >= value) * size:.2g}")


def _lay_out(one: Healthy, layout: str, random: np.random.Generator) -> None:
    """The cells that load and split, by chance, by time or by customer."""
    many = {"forest": "RandomForest", "knn": "KNeighbors", "tree": "DecisionTree"}
    ending = "Regressor" if one.task == "numbers" else "Classifier"
    named = {key: value + ending for key, value in many.items()}
    numbers = one.task == "numbers"
    linear = "LinearRegression, Ridge" if numbers else "LogisticRegression"
    more = "" if numbers else "\nfrom sklearn.naive_bayes import GaussianNB"
    imports = IMPORTS.format(linear=linear, more=more, **named)
    rows, features = len(one.data), 'data.drop(columns="answer")'
    split = SPLIT.format(X=features, data="data", n=one.n)
    if layout == "time":
        one.data.insert(0, "day", pd.date_range("2024-01-01", periods=rows, freq="h"))
        split = BY_TIME.format(X='data.drop(columns=["answer", "day"])', data="data", n=one.n)
        split += f'\nday = data["day"].iloc[-{one.n}:].to_numpy()'
    if layout == "groups":
        customers = np.arange(rows) // int(random.integers(2, 6))
        one.data.insert(0, "customer", customers)
        cut = int(customers[rows - one.n])
        one.n = int((customers >= cut).sum())
        split = BY_TIME.format(X='data.drop(columns=["answer", "customer"])', data="data", n=one.n)
        split += f'\ncustomer = data["customer"].iloc[-{one.n}:].to_numpy()'
    one.setup = [imports, f'data = pd.read_pickle("rows_{one.seed}.pkl")', split]
    if one.metric == "profit":
        one.setup.append(PROFIT)
    if one.kind == "folds":
        scoring = {"accuracy": "accuracy", "mae": "neg_mean_absolute_error"}[one.metric]
        one.setup[2] = 'X, y = data.drop(columns="answer"), data["answer"]'
        dummy = _dummy(one)
        one.setup[0] = imports.replace(
            "from sklearn.ensemble", f"from sklearn.dummy import {dummy.split('(')[0]}\nfrom sklearn.ensemble"
        )
        one.tries.insert(0, Try("dummy", 1, model=dummy))
        for each in one.tries:
            each.ends = f'list(cross_val_score({each.model}, X, y, cv=10, scoring="{scoring}"))'
            each.model = ""
        one.truth = one.features = None


def _graded(one: Healthy, random: np.random.Generator) -> None:
    """Answers that somebody graded from 1 to 10: rows have scores by themselves."""
    one.task, hard = "grades", random.normal(size=one.n)
    frame = {}
    for k, name in enumerate(("plain", "careful", "brief")[: int(random.integers(2, 4))]):
        level = 6 + k * float(random.uniform(0.0, 0.6))
        frame[name] = np.clip(np.round(level + hard + random.normal(size=one.n)), 1, 10)
        one.tries.append(Try(name, k + 1, ends=f'{{"row_scores": grades["{name}"].to_numpy()}}'))
        one.scores[name] = level
    one.data = pd.DataFrame(frame)
    one.spread = max(float(np.std(one.data[a] - one.data[b])) for a in frame for b in frame)
    one.gain = _nice(POWER * one.spread * math.sqrt(SPARE / one.n))
    imports = "import pandas as pd\n\nimport mlee_jupyter as mlee"
    one.setup = [imports, f'grades = pd.read_pickle("rows_{one.seed}.pkl")']
    one.truth = one.features = None


def _agree(one: Healthy, layout: str, random: np.random.Generator) -> None:
    """The charter, the time box, and what becomes of it."""
    one.decide = bool(random.random() < 0.6)
    one.sittings = int(random.choice([1, 1, 2, 3]))
    one.used = float(random.uniform(0.3, 0.9))
    one.budget = float(random.choice([1, 2, 4, 6])) if random.random() < 0.85 else None
    if not one.has_charter and one.budget is None and one.kind == "folds":
        one.sittings = 1  # nothing names the experiment when the notebook is opened again
    if not one.has_charter:
        one.budget = one.budget if random.random() < 0.5 else None
        return
    names = list(dict.fromkeys(each.candidate for each in one.tries))
    charter: dict[str, Any] = {"metric": one.metric, "useful_gain": one.gain}
    if one.kind == "row scores":
        charter["higher_is_better"] = True
    full = random.random() < 0.75
    if full:
        charter |= {
            "question": "Which of these customers will need help next month?",
            "decision": "Call them first, or call everybody as today",
            "owner": "customer care",
        }
    if "target" in one.direct:
        charter["must_reach"] = float(f"{one.direct['target']:.4g}")
    if one.kind == "rows" and random.random() < 0.6:
        kinds = int(one.data["store"].nunique())
        charter["population"] = {"column": "store", "kinds": kinds}
    elif one.kind == "rows" and one.task != "numbers" and random.random() < 0.5:
        charter["population"] = {"kinds": int(one.data["answer"].nunique())}
    if random.random() < 0.8:
        charter["candidates"] = names
    if random.random() < 0.3:
        first = (one.budget or 4.0) * 0.6 / len(names)
        charter["candidates"] = {
            name: {"try": f"{max(5, round(60 * first))}m", "build": f"{k + 2}d"} for k, name in enumerate(names)
        }
    if one.kind == "rows" and random.random() < 0.5:
        charter["train"] = "X_train"
    if layout == "time":
        charter["time"] = "day"
    if layout == "groups":
        charter["groups"] = "customer"
    if one.kind == "rows" and random.random() < 0.35:
        charter["serving"] = {
            "mode": "weekly batch",
            "used_every": "weekly",
            "answers_per_month": float(random.choice([4000, 100000])),
            "retrain_every": "monthly",
            "value_per_month": float(random.choice([1000, 5000])),
            "currency": "USD",
        }
        if random.random() < 0.3:
            charter["serving"] |= {"mode": "real-time", "used_every": "5m", "max_answer_ms": 1000.0}
        charter["measure"] = "One region in five goes on as today, for 8 weeks"
    one.charter = charter
