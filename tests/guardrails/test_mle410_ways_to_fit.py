"""MLE410 by every way to fit on test rows, to lay them under the training rows, and to hand over what came of it."""

# ruff: noqa: E501
from __future__ import annotations

import itertools

import pytest

from mlee_jupyter.domain import Level
from tests.guardrails.table import FINDING, ask
from tests.notebooks import seen

SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y)"
START = "%%mlee_experiment start it --truth y_test --features X_test\nmetric = 'accuracy'"

MODELS = {
    "a model": "SVC()",
    "a search": "GridSearchCV(SVC(), {'C': [1, 9]})",
    "a random search": "RandomizedSearchCV(SVC(), space)",
    "a pipeline": "make_pipeline(StandardScaler(), SVC())",
    "a named pipeline": "Pipeline([('scale', StandardScaler()), ('svm', SVC())])",
    "an unknown model": "build_model()",
}
ROWS = {
    "test rows": ("X_test", "y_test"),
    "copies of test rows": ("X_test.copy()", "y_test.values"),
    "stacked": ("np.vstack([X_train, X_test])", "np.hstack([y_train, y_test])"),
    "concatenated": ("np.concatenate((X_train, X_test), axis=0)", "np.concatenate((y_train, y_test))"),
    "pandas": ("pd.concat([X_train, X_test])", "pd.concat([y_train, y_test])"),
    "pandas, in order": ("pd.concat([X_test, X_train], axis=0, ignore_index=True)", "pd.concat([y_test, y_train])"),
    "polars": ("pl.concat([X_train, X_test])", "pl.concat([y_train, y_test])"),
    "appended": ("np.append(X_train, X_test, axis=0)", "np.append(y_train, y_test)"),
    "numpy's rows": ("np.r_[X_train, X_test]", "np.r_[y_train, y_test]"),
    "lists": ("list(X_train) + list(X_test)", "list(y_train) + list(y_test)"),
    "all": ("X", "y"),
}
DOORS = {
    "score": ["m = {fit}\nprint(m.score(X_test, y_test))"],
    "a metric": ["m = {fit}", "p = m.predict(X_test)", "print(accuracy_score(y_test, p))"],
    "in one line": ["print(accuracy_score(y_test, {fit}.predict(X_test)))"],
    "by hand": ["p = {fit}.predict(X_test)", "print((p == y_test).mean())"],
    "a candidate's model": [START, "%%mlee_candidate svm\n{fit}"],
    "a candidate's named model": [START, "%%mlee_candidate svm\nm = {fit}"],
    "a candidate's predictions": [START, "%%mlee_candidate svm\n{fit}.predict(X_test)"],
    "a candidate's named predictions": [START, "%%mlee_candidate svm --simplicity 2\nm = {fit}\np = m.predict(X_test)"],
    "a model made before": [START, "m = {fit}", "%%mlee_candidate svm\nm"],
    "the line form": [START, "p = {fit}.predict(X_test)", "%mlee_candidate svm --pred p"],
    "plain Python": [
        "shelf = mlee.start('it', truth=y_test, features=X_test)",
        "with shelf.candidate('svm') as run:\n    m = {fit}\n    run.record(m.predict(X_test))",
    ],
    "record": ["shelf = mlee.start('it', truth=y_test, features=X_test)", "shelf.record('svm', {fit})"],
    "compare": ["m = {fit}", "mlee.compare(y_test, {{'svm': m.predict(X_test)}})"],
}
CASES = [
    (model, rows, door)
    for place, (model, rows, door) in enumerate(itertools.product(MODELS, ROWS, DOORS))
    if place % 4 == 0 or model == "a search"
]


def notebook(model: str, rows: tuple[str, str], door: str) -> list[str]:
    fit = f"{MODELS[model]}.fit({rows[0]}, {rows[1]})"
    return [SPLIT, *(cell.format(fit=fit) for cell in DOORS[door])]


def is_error(*cells: str) -> bool:
    answer = ask("MLE410", seen(*cells))
    return answer.outcome is FINDING and answer.level is Level.ERROR


@pytest.mark.parametrize(("model", "rows", "door"), CASES, ids=[", ".join(case) for case in CASES])
def test_a_fit_on_test_rows_is_found(model: str, rows: str, door: str) -> None:
    assert is_error(*notebook(model, ROWS[rows], door))


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("door", DOORS)
def test_the_same_on_training_rows_is_fine(model: str, door: str) -> None:
    assert not is_error(*notebook(model, ("X_train", "y_train"), door))


TRANSFORMERS = ("StandardScaler()", "PCA(3)", "SimpleImputer()", "SelectKBest(k=5)", "TfidfVectorizer()")
USES = {
    "fitted, then both transformed": (
        "t = {maker}.fit({on})",
        "m = SVC().fit(t.transform(X_train), y_train)\nm.score(t.transform(X_test), y_test)",
    ),
    "in names of their own": (
        "t = {maker}\nt.fit({on})",
        "A, B = t.transform(X_train), t.transform(X_test)",
        "m = SVC().fit(A, y_train)\nprint(accuracy_score(y_test, m.predict(B)))",
    ),
}


@pytest.mark.parametrize("maker", TRANSFORMERS)
@pytest.mark.parametrize("use", USES)
def test_a_transformer_of_test_rows_is_found_where_a_model_is_judged_by_it(maker: str, use: str) -> None:
    assert is_error(SPLIT, *(cell.format(maker=maker, on="X_test") for cell in USES[use]))
    assert not is_error(SPLIT, *(cell.format(maker=maker, on="X_train") for cell in USES[use]))


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize(("rows", "answers"), [("features", "target"), ("cols", "labels"), ("x", "y"), ("data", "out")])
def test_whatever_the_rows_are_called(use: str, rows: str, answers: str) -> None:
    cells = [SPLIT, *(cell.format(maker="PCA(3)", on="X_test") for cell in USES[use])]
    assert is_error(*(cell.replace("X", rows).replace("y_t", f"{answers}_t") for cell in cells))


@pytest.mark.parametrize("maker", TRANSFORMERS)
def test_test_rows_scaled_by_rules_of_their_own(maker: str) -> None:
    model = "m = SVC().fit(X_train, y_train)"
    assert is_error(SPLIT, f"B = {maker}.fit_transform(X_test)", f"{model}\nm.score(B, y_test)")
    assert not is_error(
        SPLIT, f"B = {maker}.fit_transform(X_test)\nplt.scatter(B[:, 0], B[:, 1])", f"{model}\nm.score(X_test, y_test)"
    )


OWN_RULES = {
    "is judged on": "m = SVC().fit(X_train, y_train)\nm.score(B, y_test)",
    "predicts from": "m = SVC().fit(X_train, y_train)\np = m.predict(B)\nsubmit(p)",
    "learns from": "m = SVC().fit(B, y_test)",
}


@pytest.mark.parametrize("deed", OWN_RULES)
def test_it_says_what_the_model_did_with_them(deed: str) -> None:
    answer = ask("MLE410", seen(SPLIT, "B = PCA(3).fit_transform(X_test)", OWN_RULES[deed]))
    assert f"PCA is fitted on X_test, and a model {deed} what it gives" in answer.message


HARMLESS = {
    "cross-validation": "print(cross_val_score(SVC(), X_test, y_test))\ncross_validate(SVC(), X_test, y_test)",
    "a learning curve": "learning_curve(SVC(), X_test, y_test)",
    "clusters of test rows": "k = KMeans(3).fit(X_test)\nplt.scatter(X_test[:, 0], k.labels_)",
    "clusters of scaled test rows": "B = StandardScaler().fit_transform(X_test)\nk = KMeans(3)\nk.fit(B)\nprint(k.predict(B))",
    "clusters at once": "t = PCA(2).fit(X_test)\nk = KMeans(3).fit(t.transform(X_test))\nk.predict(t.transform(X_test))",
    "clusters of some columns": "cols = ['a', 'b']\nB = StandardScaler().fit_transform(X_test)\nk = KMeans(3).fit(B[cols])\nk.predict(B[cols])",
    "columns side by side": "W = np.hstack([X_test, more])\nV = pd.concat([X_test, more], axis=1)\nR = np.c_[X_test, X_train]",
    "a look at all rows": "both = pd.concat([X_train, X_test])\nboth.describe()",
    "a scaler of all rows": "s = StandardScaler().fit(pd.concat([X_train, X_test]))\ns.transform(X_test)",
    "answers encoded": "codes = LabelBinarizer().fit_transform(y_test)",
    "results gathered": "scores = []\nscores.append(1)\nscores = scores + [2]",
    "a last fit on everything": "m.score(X_test, y_test)\nm.fit(np.vstack([X_train, X_test]), np.hstack([y_train, y_test]))\nm.predict(new)",
    "parts of the training rows": "a, b, c, d = train_test_split(X_train, y_train)\nn = SVC().fit(np.vstack([a, b]), np.hstack([c, d]))\nn.score(X_test, y_test)",
}  # fmt: skip


@pytest.mark.parametrize("case", HARMLESS)
def test_what_looks_like_it_and_is_fine(case: str) -> None:
    model = "m = SVC().fit(X_train, y_train)"
    assert not is_error(SPLIT, model, HARMLESS[case], "m = SVC().fit(X_train, y_train)\nm.score(X_test, y_test)")


def test_settings_chosen_on_test_rows_are_found_where_they_are_used() -> None:
    search = "gs = GridSearchCV(SVC(), grid).fit({rows})"
    use = "m = SVC(**gs.best_params_).fit(X_train, y_train)\nprint(m.score(X_test, y_test))"
    assert is_error(SPLIT, search.format(rows="X_test, y_test"), use)
    assert is_error(SPLIT, search.format(rows="X_test, y_test"), "print(gs.best_estimator_.score(X_test, y_test))")
    assert not is_error(SPLIT, search.format(rows="X_train, y_train"), use)


def test_rows_declared_by_another_name_are_test_rows() -> None:
    cells = ["Xa, ya = load()\nXb, yb = other()", START.replace("y_test", "yb").replace("X_test", "Xb")]
    assert is_error(*cells, "%%mlee_candidate svm\nSVC().fit(Xb, yb)")
    assert not is_error(*cells, "%%mlee_candidate svm\nSVC().fit(Xa, ya)")


NUMBERS = {
    "of a length": "tr, te = train_test_split(np.arange(len(X)), random_state=0)",
    "of a shape": "tr, te = train_test_split(range(X.shape[0]))",
    "under a name": "numbers = np.arange(len(X))\ntr, te = train_test_split(numbers, test_size=0.2)",
    "of an index": "tr, te = train_test_split(X.index)",
}
TAKEN = {"arrays": "{x}[{i}]", "frames": "{x}.iloc[{i}]", "by label": "{x}.loc[{i}]"}


@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("taken", TAKEN)
def test_rows_taken_by_their_numbers(numbers: str, taken: str) -> None:
    def cells(rows: str) -> list[str]:
        part = {i: f"{TAKEN[taken].format(x='X', i=i)}, {TAKEN[taken].format(x='y', i=i)}" for i in ("tr", "te")}
        return [NUMBERS[numbers], f"m = SVC().fit({part.get(rows, rows)})\nprint(m.score({part['te']}))"]

    assert is_error(*cells("te"))
    assert is_error(*cells("X, y"))
    assert not is_error(*cells("tr"))


def test_a_selector_before_cross_validation_is_a_warning_and_inside_it_is_fine() -> None:
    score = "print(cross_val_score(SVC(), B, y).mean())"
    answer = ask("MLE410", seen("s = SelectKBest(k=5)\nB = s.fit_transform(X, y)", score))
    assert (answer.outcome, answer.level) == (FINDING, Level.WARNING)
    scaled = ask("MLE410", seen("B = StandardScaler().fit_transform(X)", score))
    assert (scaled.outcome, scaled.level) == (FINDING, Level.ADVICE)
    inside = ask("MLE410", seen("m = make_pipeline(SelectKBest(k=5), SVC())", "print(cross_val_score(m, X, y).mean())"))
    assert inside.outcome is not FINDING
    training = ask(
        "MLE410", seen(SPLIT, "B = SelectKBest().fit_transform(X_train, y_train)", "m = SVC().fit(B, y_train)")
    )
    assert training.outcome is not FINDING
