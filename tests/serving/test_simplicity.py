"""The rank that an expert would give, for recipes of every kind: written first, then held against what is read.

1 constant, rule, query, group average; 2 linear, naive Bayes, small tree; 3 tree, neighbours, kernel; 4 ensemble,
stack; 5 neural network; 6 remote or generative model. At least 57 in 60 as the expert says, none of them wrong by two:
what cannot be told is None, with a reason.
"""

from __future__ import annotations

import math
import types
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlee_jupyter.serving.model_ranks import BY_CLASS
from mlee_jupyter.serving.simplicity import Ranked, of_model
from mlee_jupyter.serving.simplicity_of_code import of_code

RNG = np.random.default_rng(0)
X = RNG.random((80, 3))
Y = (X[:, 0] + 0.3 * RNG.random(80) > 0.6).astype(int)
MODELS = """
1  dummy = DummyClassifier()
1  dummy_mean = DummyRegressor()
2  line = LinearRegression()
2  logistic = LogisticRegression()
2  ridge = Ridge()
2  lasso = Lasso()
2  sgd = SGDClassifier()
2  perceptron = Perceptron()
2  counts = PoissonRegressor()
2  bayes = GaussianNB()
2  discriminant = LinearDiscriminantAnalysis()
2  linear svm = LinearSVC()
2  svm with a linear kernel = SVC(kernel="linear")
2  centroid = NearestCentroid()
2  logarithms then a line = make_pipeline(FunctionTransformer(np.log1p), Ridge())
2  small tree = DecisionTreeClassifier(max_depth=2)
3  tree = DecisionTreeClassifier(min_samples_leaf=1, random_state=0)
3  neighbours = KNeighborsClassifier(3)
3  svm = SVC()
3  gaussian process = GaussianProcessRegressor()
4  forest = RandomForestClassifier(5)
4  extra trees = ExtraTreesRegressor(5)
4  boosting = GradientBoostingClassifier(n_estimators=5)
4  fast boosting = HistGradientBoostingClassifier(max_iter=5)
4  ada = AdaBoostClassifier(n_estimators=3)
4  bag of lines = BaggingClassifier(LogisticRegression(), 3)
4  vote = VotingClassifier([("a", LogisticRegression()), ("b", GaussianNB())])
4  stack = StackingClassifier([("a", LogisticRegression()), ("b", GaussianNB())], cv=2)
5  network = MLPClassifier((3,), max_iter=5)
5  stack with a network = StackingClassifier([("a", MLPClassifier((2,), max_iter=5)), ("b", GaussianNB())], cv=2)
2  scaled line = make_pipeline(StandardScaler(), LogisticRegression())
3  nested pipeline = make_pipeline(StandardScaler(), make_pipeline(PCA(2), SVC()))
4  columns apart = make_pipeline(ColumnTransformer([("a", StandardScaler(), [0])]), RandomForestClassifier(3))
2  searched line = GridSearchCV(LogisticRegression(), {"C": [1, 2]}, cv=2)
4  searched pipeline = GridSearchCV(make_pipeline(StandardScaler(), RandomForestClassifier(3)), {}, cv=2)
2  calibrated bayes = CalibratedClassifierCV(GaussianNB(), cv=2)
2  one against the rest = OneVsRestClassifier(LogisticRegression())
2  target on another scale = TransformedTargetRegressor(Ridge())
3  kernel then line = make_pipeline(Nystroem(n_components=5), SGDClassifier())
5  features by a network = make_pipeline(MinMaxScaler(), BernoulliRBM(2, n_iter=1), LogisticRegression())
2  selected by a line = make_pipeline(SelectKBest(k=2), LogisticRegression())
4  selected by a forest = make_pipeline(SelectFromModel(RandomForestClassifier(3)), LogisticRegression())
2  powers = make_pipeline(PolynomialFeatures(2), Ridge())
2  own column, then a line = make_pipeline(FunctionTransformer(own_column), LogisticRegression())
4  own class around a forest = Around(RandomForestClassifier(3))
"""


def own_column(rows: Any) -> Any:
    return rows


class Around:
    def __init__(self, inner: Any) -> None:
        self.inner = inner

    def fit(self, rows: Any, answers: Any) -> Around:
        self.inner.fit(rows, answers)
        return self

    def predict(self, rows: Any) -> Any:
        return self.inner.predict(rows)


class RuleOfMine(Around):
    """Nobody can read how simple this is."""


def made_by(module: str, name: str, *bases: type, **attributes: Any) -> Any:
    """An object of a class with this name, of a library that need not be installed."""
    return type(name, bases or (object,), {"__module__": module, "predict": lambda self, rows: rows, **attributes})()


def known() -> dict[str, Any]:
    from sklearn.utils import all_estimators

    found: dict[str, Any] = dict(all_estimators())
    from sklearn.pipeline import make_pipeline

    return {**found, "make_pipeline": make_pipeline, "np": np, "own_column": own_column, "Around": Around}


def fitted() -> dict[str, tuple[int, Ranked]]:
    names, found = known(), {}
    for line in MODELS.strip().splitlines():
        expert, _, rest = line.partition("  ")
        name, _, code = rest.partition(" = ")
        found[name] = (int(expert), of_model(eval(code, names).fit(X, Y)))
    return found


def statistics() -> dict[str, tuple[int, Ranked]]:
    import statsmodels.api as sm
    from statsmodels.tsa.arima.model import ARIMA
    from statsmodels.tsa.holtwinters import SimpleExpSmoothing

    series = np.cumsum(RNG.normal(size=40))
    return {
        "least squares": (2, of_model(sm.OLS(Y, X).fit())),
        "a linear model of counts": (2, of_model(sm.GLM(Y, X, family=sm.families.Poisson()).fit())),
        "smoothing": (2, of_model(SimpleExpSmoothing(series, initialization_method="estimated").fit())),
        "arima": (3, of_model(ARIMA(series, order=(1, 0, 0)).fit())),
    }


def not_installed() -> dict[str, tuple[int, Ranked]]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import Pipeline

    layer = type("Module", (), {"__module__": "torch.nn.modules.module"})
    words = made_by("sentence_transformers.models", "SentenceTransformer", transform=lambda self, rows: rows)
    return {
        "lightgbm": (4, of_model(made_by("lightgbm.sklearn", "LGBMClassifier", n_estimators=100))),
        "lightgbm's own": (4, of_model(made_by("lightgbm.basic", "Booster"))),
        "xgboost": (4, of_model(made_by("xgboost.sklearn", "XGBRegressor", n_estimators=300))),
        "xgboost of lines": (2, of_model(made_by("xgboost.sklearn", "XGBRegressor", booster="gblinear"))),
        "catboost": (4, of_model(made_by("catboost.core", "CatBoostClassifier"))),
        "torch, a class of one's own": (5, of_model(made_by("__main__", "Net", layer))),
        "keras": (5, of_model(made_by("keras.src.models.sequential", "Sequential"))),
        "keras in a pipeline": (5, of_model(Pipeline([("net", made_by("scikeras.wrappers", "KerasClassifier"))]))),
        "words by a network": (5, of_model(Pipeline([("words", words), ("line", LogisticRegression())]))),
        "writes texts": (6, of_model(made_by("transformers.pipelines", "TextGenerationPipeline"))),
        "remote": (6, of_model(made_by("openai.resources", "Completions"))),
    }


CODE = {
    "a query": (1, 'con.sql("select store, avg(n) as n from sales group by store").df()["n"]'),
    "a group's average": (1, 'df.groupby("store")["n"].transform("mean")'),
    "a rule": (1, "np.where(X_test[:, 0] > 0.5, 1, 0)"),
    "a constant": (1, "np.full(len(X_test), y_train.mean())"),
    "the last value": (1, 'df["n"].shift(1)'),
    "a function that is a rule": (1, "def rule(row):\n    return row[0] > 1\n[rule(row) for row in X_test]"),
    "neighbours": (3, "KNeighborsClassifier(3).fit(X_train, y_train).predict(X_test)"),
    "a model of another cell": (2, "line.predict(X_test)"),
    "a forest made here": (4, "m = RandomForestClassifier().fit(X_train, y_train)\nm.predict(X_test)"),
    "a remote model": (6, "client.chat.completions.create(model='x', messages=[])"),
    "a remote model, imported": (6, "import openai\n[openai.OpenAI().responses.create(input=t) for t in df['text']]"),
}
UNKNOWN = {
    "one's own function": "best(X_test)",
    "answers of another cell": "y_pred",
    "a threshold on them": "np.where(y_pred > 0.5, 1, 0)",
    "scores in a table": "scores_df['s'] > 0.5",
    "an array from somewhere": "np.where(somewhere > 0.5, 1, 0)",
    "a library nobody knows": "import mymodels\nmymodels.run(X_test)",
    "a file": "import joblib\njoblib.load('m.joblib').predict(X_test)",
    "one of several": "m = models['a']\nm.predict(X_test)",
    "one of several, at once": "models['a'].predict(X_test)",
    "groups that are learned": "KMeans(3).fit(X_train).predict(X_test)",
    "nothing": "",
    "no Python": "%sql select 1",
    "what is not there": "gone.predict(X_test)",
    "a function that calls one's own": "def f(row):\n    return best(row)\n[f(row) for row in X_test]",
}


def names() -> dict[str, Any]:
    from sklearn.cluster import KMeans
    from sklearn.ensemble import RandomForestClassifier
    from sklearn.linear_model import LogisticRegression
    from sklearn.neighbors import KNeighborsClassifier

    def best(rows: Any) -> Any:
        return rows

    best.__module__ = "__main__"
    frame = pd.DataFrame({"n": [1.0, 2.0], "store": ["a", "b"], "s": [0.1, 0.2], "text": ["a", "b"]})
    return {
        **{"X_train": X, "X_test": X, "y_train": Y, "df": frame, "scores_df": frame, "np": np, "pd": pd, "best": best},
        **{"KMeans": KMeans, "KNeighborsClassifier": KNeighborsClassifier, "y_pred": Y / 2, "somewhere": Y / 2},
        "RandomForestClassifier": RandomForestClassifier,
        "line": LogisticRegression().fit(X, Y),
        "models": {"a": LogisticRegression()},
        "con": made_by("duckdb.duckdb", "DuckDBPyConnection"),
        "client": made_by("openai._client", "OpenAI"),
    }


def cells() -> dict[str, tuple[int, Ranked]]:
    there = names()
    return {name: (expert, of_code(code, there)) for name, (expert, code) in CODE.items()}


@pytest.mark.filterwarnings("ignore")
def test_the_rank_an_expert_would_give() -> None:
    table = {**fitted(), **statistics(), **not_installed(), **cells()}
    assert len(table) >= 60
    wrong = {name: (expert, found) for name, (expert, found) in table.items() if found.rank != expert}
    assert len(wrong) <= 3, wrong
    by_two = {n: one for n, one in wrong.items() if one[1].rank is not None and abs(one[0] - one[1].rank) > 1}
    assert not by_two
    assert all(found.reason for _, found in table.values())


def test_what_cannot_be_told_stays_unknown_and_says_why() -> None:
    there = names()
    ranks = {name: of_code(code, there) for name, code in UNKNOWN.items()}
    assert {name: found for name, found in ranks.items() if found.rank is not None} == {}
    assert all(found.reason for found in ranks.values())
    assert of_model(RuleOfMine(math.pi)) == Ranked(None, "RuleOfMine is not known here")
    assert of_model(lambda rows: rows).rank is None
    assert of_model(None).rank is None


class Raises:
    @property
    def steps(self) -> Any:
        raise RuntimeError("not yet")

    def predict(self, rows: Any) -> Any:
        return rows


def test_a_model_that_cannot_be_looked_into_is_unknown() -> None:
    assert of_model(Raises()).rank is None
    ring = Around(None)
    ring.inner = ring
    assert of_model(ring).rank is None


@pytest.mark.filterwarnings("ignore")
def test_the_reason_names_what_was_read() -> None:
    found = fitted()
    assert found["forest"][1].reason == "a forest of 5 trees"
    assert found["small tree"][1].reason.startswith("a small tree of")
    assert found["own column, then a line"][1].reason == (
        "a linear model, after a step of your own that is not read (own_column)"
    )
    assert found["own class around a forest"][1].reason == "a forest of 3 trees, in Around of your own"


def test_nothing_is_called() -> None:
    called = []
    watched = types.SimpleNamespace(predict=called.append)
    of_code("watched.predict(X_test)", {"watched": watched, "X_test": X})
    of_model(watched)
    assert called == []


def test_every_regressor_and_classifier_of_scikit_learn_has_a_rank_or_is_unknown() -> None:
    from sklearn.utils import all_estimators

    named = {n for kind in ("classifier", "regressor") for n, _ in all_estimators(type_filter=kind)}
    left = named - set(BY_CLASS)
    wrappers = {name for name in left if of_model(made_by("sklearn.x", name)).rank is None}
    assert left == wrappers, "none is guessed at"
