from __future__ import annotations

import pytest

from mlee_jupyter.domain import Evidence, Level
from tests.builders import evidence
from tests.guardrails.table import FINDING, IGNORED, NOT_APPLICABLE, OK, Case, ask, cases, hold
from tests.notebooks import seen

SCALER = "s = StandardScaler()"
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y)"
CASES = {
    "the scaler again on the test rows": (
        FINDING,
        seen(SCALER, "A = s.fit_transform(X_train)", "B = s.fit_transform(X_test)"),
        "Cell 3: StandardScaler is fitted on X_test after X_train",
    ),
    "made on the spot": (
        FINDING,
        seen("A = StandardScaler().fit_transform(X_train)", "B = StandardScaler().fit_transform(X_test)"),
        "Cell 2",
    ),
    "some columns of them": (
        FINDING,
        seen(SCALER, "A = s.fit_transform(X_train[cols])", "X_test[cols] = s.fit_transform(X_test[cols])"),
        "Cell 3",
    ),
    "a model fitted on the test rows and judged on them": (
        FINDING,
        seen("m = Ridge()", "m.fit(X_test, y_test)", "m.score(X_test, y_test)"),
        "Cell 2: Ridge is fitted on X_test and then judged on it",
    ),
    "a scaler before the split": (
        FINDING,
        seen(SCALER, "X = s.fit_transform(X)", "a, b = train_test_split(X)"),
        "Cell 2: StandardScaler learns from all rows, cell 3 splits them",
    ),
    "a selector before the split": (
        FINDING,
        seen("k = SelectKBest(k=5).fit(X, y)", "X2 = k.transform(X)", "a, b, c, d = train_test_split(X2, y)"),
        "SelectKBest learns from all rows",
    ),
    "oversampled before the split": (
        FINDING,
        seen("X2, y2 = SMOTE().fit_resample(X, y)", "a, b, c, d = train_test_split(X2, y2)"),
        "SMOTE learns from all rows",
    ),
    "fitted on train, transformed on test": (
        OK,
        seen(SPLIT, SCALER, "A = s.fit_transform(X_train)", "B = s.transform(X_test)"),
        "",
    ),
    "a picture of the test rows": (OK, seen("TSNE().fit_transform(X_train)", "TSNE().fit_transform(X_test)"), ""),
    "learns nothing": (
        OK,
        seen("p = PolynomialFeatures(2)", "A = p.fit_transform(X_train)", "B = p.fit_transform(X_test)"),
        "",
    ),
    "an unknown object": (OK, seen("A = s.fit_transform(X_train)", "B = s.fit_transform(X_test)"), ""),
    "the last fit on all rows, not judged": (OK, seen("m = Ridge()", "m.fit(X_test, y_test)"), ""),
    "fitted on train again before it is judged": (
        OK,
        seen("m = Ridge()", "m.fit(X_test, y_test)", "m.fit(X_train, y_train)", "m.score(X_test, y_test)"),
        "",
    ),
    "other rows are split": (
        OK,
        seen(SCALER, "Z = s.fit_transform(X)", "a, b = train_test_split(X)", "plot(Z)"),
        "",
    ),
    "the name was bound anew": (
        OK,
        seen(SCALER, "X = s.fit_transform(X)", "X = load()", "a, b = train_test_split(X)"),
        "",
    ),
    "in a pipeline": (OK, seen("m = make_pipeline(StandardScaler(), Ridge())", SPLIT, "m.fit(X_train, y_train)"), ""),
    "in a function's body": (OK, seen("def f():\n    s.fit_transform(X_test)", "m.fit(X)"), ""),
    "muted": (
        IGNORED,
        seen(SCALER, "X = s.fit_transform(X)  # mlee: ignore[fit-on-test] no test yet", "a, b = train_test_split(X)"),
        "",
    ),
    "no fit": (NOT_APPLICABLE, seen("a = 1"), "fits nothing"),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
    "an empty notebook": (NOT_APPLICABLE, seen(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE410", case)


LEVELS = {
    "on test": (seen(SCALER, "s.fit(X_train)", "s.fit(X_test)"), Level.ERROR),
    "a selector": (seen("X = RFE(m).fit_transform(X, y)", "a, b = train_test_split(X)"), Level.WARNING),
    "a scaler": (seen(SCALER, "X = s.fit_transform(X)", "a, b = train_test_split(X)"), Level.ADVICE),
    "a scaler and a selector": (
        seen(SCALER, "X = s.fit_transform(X)", "X = RFE(m).fit_transform(X, y)", "a, b = train_test_split(X)"),
        Level.WARNING,
    ),
}


@pytest.mark.parametrize(("shown", "level"), LEVELS.values(), ids=LEVELS)
def test_the_level_is_that_of_the_harm(shown: Evidence, level: Level) -> None:
    assert ask("MLE410", shown).level is level
