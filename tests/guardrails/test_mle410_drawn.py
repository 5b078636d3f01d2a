"""MLE410 on drawn notebooks: every kind of fault in many spellings is found, and its honest twin is left in peace."""

from __future__ import annotations

import pytest

from benchmarks.planted_rows import KINDS, drawn
from mlee_jupyter.domain import Level
from tests.guardrails.table import FINDING, ask
from tests.notebooks import seen

SEEDS = range(100, 112)
SPLIT = "X_train, X_test, y_train, y_test = train_test_split(X, y)"
LOOP = "best = 0\nfor k in range(1, 9):\n    m = KNeighborsClassifier(k).fit(X_train, y_train)\n"
DATA = "df = pd.read_csv('d.csv')"
FRAME = "X, y = df.drop(columns='t'), df['t']\n" + SPLIT

HONEST = {
    "kept by validation rows, test only watched": [
        SPLIT,
        "X_train, X_val, y_train, y_val = train_test_split(X_train, y_train)",
        LOOP
        + "    v, t = m.score(X_val, y_val), m.score(X_test, y_test)\n    if v > best:\n        best, best_test = v, t",
        "print(best_test, best)",
    ],
    "chosen on test rows, judged on others": [
        (
            "X_rest, X_final, y_rest, y_final = train_test_split(X, y)\n"
            "X_train, X_test, y_train, y_test = train_test_split(X_rest, y_rest)"
        ),
        LOOP + "    s = m.score(X_test, y_test)\n    if s > best:\n        best, best_m = s, m",
        "print(best_m.score(X_final, y_final))",
    ],
    "models compared": [
        SPLIT,
        (
            "scores = {}\nfor name, model in models.items():\n    model.fit(X_train, y_train)\n"
            "    scores[name] = model.score(X_test, y_test)"
        ),
        "print(max(scores.values()))",
    ],
    "votes of many": [
        SPLIT,
        (
            "votes = []\nfor s in range(5):\n    m = SVC(random_state=s).fit(X_train, y_train)\n"
            "    votes.append(m.predict_proba(X_test))"
        ),
        "p = np.argmax(np.mean(votes, axis=0), axis=1)\nprint(accuracy_score(y_test, p))",
    ],
    "folds": [
        (
            "best = 0\nfor a, b in kf.split(X):\n    X_train, X_test, y_train, y_test = X[a], X[b], y[a], y[b]\n"
            "    m = SVC().fit(X_train, y_train)\n    s = m.score(X_test, y_test)\n    if s > best:\n        best = s"
        ),
        "print(best)",
    ],
    "the worst mistake": [
        SPLIT,
        (
            "m = Ridge().fit(X_train, y_train)\nworst = 0\nfor a, b in zip(X_test, y_test):\n"
            "    e = mean_squared_error([b], m.predict([a]))\n    if e > worst:\n        worst, kept = e, a"
        ),
        "print(worst)",
    ],
    "importance by shuffling": [
        SPLIT,
        (
            "m = SVC().fit(X_train, y_train)\nbest = 0\nfor column in X_test.columns:\n    Z = X_test.copy()\n"
            "    drop = m.score(X_test, y_test) - m.score(Z, y_test)\n    if drop > best:\n        best = drop"
        ),
        "print(best)",
    ],
    "every epoch is told": [
        "train_loader, test_loader = DataLoader(train_ds), DataLoader(test_ds)",
        (
            "for epoch in range(9):\n    train(net, train_loader)\n    test_acc = evaluate(net, test_loader)\n"
            "    print(epoch, test_acc)\n    log.append(test_acc)"
        ),
        "plt.plot(log)\nprint(evaluate(net, test_loader))",
    ],
    "a threshold from training rows": [
        SPLIT,
        (
            "m = SVC(probability=True).fit(X_train, y_train)\np = cross_val_predict(m, X_train, y_train)\n"
            "fpr, tpr, t = roc_curve(y_train, p)\nbest = t[np.argmax(tpr - fpr)]"
        ),
        "print(f1_score(y_test, m.predict_proba(X_test)[:, 1] > best))",
    ],
    "a function that may leave early": [
        "def fit_all(m, a, b):\n    if len(a) < 9:\n        return m\n    m.fit(a, b)\n    return m",
        SPLIT,
        "m = fit_all(SVC(), X_train, y_train)\nprint(m.score(X_test, y_test))",
    ],
    "a function that calls itself": [
        "def again(m, a, b, n):\n    m.fit(a, b)\n    again(m, a, b, n - 1)\n    return m",
        SPLIT,
        "m = again(SVC(), X_train, y_train, 3)\nprint(m.score(X_test, y_test))",
    ],
    "a function of another name by now": [
        "def learn(m):\n    return m.fit(X, y)",
        "learn = partial(other, 1)",
        SPLIT,
        "m = learn(SVC())\nprint(m.score(X_test, y_test))",
    ],
    "columns that repeat each other": [
        DATA,
        "corr = df.drop(columns='t').corr().abs()\nextra = [c for c in corr.columns if any(corr[c] > 0.95)]",
        "df = df.drop(columns=extra)\n" + FRAME,
    ],
    "the target of the day before": [
        DATA,
        "df['before'] = df.groupby('shop')['t'].shift(1)",
        "df['month'] = df.groupby('shop')['t'].shift(1).rolling(30).mean()",
        FRAME,
    ],
    "means that are looked at": [DATA, "means = df.groupby('city')['t'].mean()\nmeans.plot(kind='bar')", FRAME],
    "months instead of days": [DATA, "df = df.resample('M').mean()", FRAME],
    "training accuracy of every epoch": [
        SPLIT,
        "h = model.fit(X_train, y_train, validation_data=(X_test, y_test))\nprint(max(h.history['accuracy']))",
    ],
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_drawn_fault_is_found_and_its_twin_is_not_accused(kind: str) -> None:
    level = KINDS[kind][0]
    for seed in SEEDS:
        faulty, honest = drawn(kind, seed)
        answer = ask("MLE410", seen(*faulty))
        assert (answer.outcome, answer.level) == (FINDING, level), "\n".join(faulty)
        answer = ask("MLE410", seen(*honest))
        assert answer.outcome is not FINDING, "\n".join((answer.message, *honest))


@pytest.mark.parametrize("cells", HONEST.values(), ids=HONEST)
def test_what_looks_alike_is_left_in_peace(cells: list[str]) -> None:
    answer = ask("MLE410", seen(*cells))
    assert answer.outcome is not FINDING, answer.message


def test_a_function_s_own_names_are_said_as_they_are_written() -> None:
    answer = ask("MLE410", seen("def run(a, b):\n    a1, a2, b1, b2 = train_test_split(a, b)\n    m = SVC().fit(a, b)\n"
                                "    return m.score(a2, b2)", "print(run(X, y))"))  # fmt: skip
    assert answer.level is Level.ERROR
    assert answer.message == "Cell 2: SVC() is fitted on all of X, then judged on a2"
