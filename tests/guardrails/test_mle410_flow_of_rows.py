"""MLE410 by the flow of rows: what a model stops on, is chosen by and is fitted on, held against what judges it."""

from __future__ import annotations

import pytest

from mlee_jupyter.domain import Level
from tests.guardrails.table import FINDING, ask
from tests.notebooks import seen

LEAKS = {
    "xgb ctor": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "m = XGBClassifier(early_stopping_rounds=10)\nm.fit(X_train, y_train, eval_set=[(X_test, y_test)])",
        "print(accuracy_score(y_test, m.predict(X_test)))",
    ],
    "xgb call": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "m = XGBClassifier()\n"
            "m.fit(X_train, y_train, eval_set=[(X_train,y_train),(X_test, y_test)], early_stopping_rounds=5)"
        ),
        "p = m.predict(X_test)\nprint(roc_auc_score(y_test, p))",
    ],
    "xgb other names": [
        "a, b, c, d = train_test_split(X, y)",
        "m = XGBRegressor(early_stopping_rounds=10).fit(a, c, eval_set=[(b, d)])\nprint(m.score(b, d))",
    ],
    "params": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "params = {'early_stopping_rounds': 10}\n"
            "m = XGBClassifier(**params)\n"
            "m.fit(X_train, y_train, eval_set=[(X_test, y_test)])\n"
            "m.score(X_test, y_test)"
        ),
    ],
    "lgb callbacks": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "m = lgb.LGBMClassifier()\n"
            "m.fit(X_train, y_train, eval_set=[(X_test, y_test)], callbacks=[lgb.early_stopping(50)])\n"
            "m.score(X_test, y_test)"
        ),
    ],
    "lgb train": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "d = lgb.Dataset(X_train, y_train)\n"
            "v = lgb.Dataset(X_test, label=y_test)\n"
            "bst = lgb.train(params, d, valid_sets=[d, v], callbacks=[lgb.early_stopping(5)])\n"
            "pred = bst.predict(X_test)\n"
            "print(mean_squared_error(y_test, pred))"
        ),
    ],
    "xgb train": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "dtrain = xgb.DMatrix(X_train, label=y_train)\n"
            "dtest = xgb.DMatrix(X_test, label=y_test)\n"
            "watch = [(dtrain,'t'),(dtest,'e')]\n"
            "bst = xgb.train(params, dtrain, 100, evals=watch, early_stopping_rounds=10)\n"
            "preds = bst.predict(dtest)\n"
            "best = [round(v) for v in preds]\n"
            "print(accuracy_score(y_test, best))"
        ),
    ],
    "catboost": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "m = CatBoostClassifier(verbose=0)\n"
            "m.fit(X_train, y_train, eval_set=(X_test, y_test))\n"
            "print(m.score(X_test, y_test))"
        ),
    ],
    "catboost pool": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "test_pool = Pool(X_test, y_test)\n"
            "m = CatBoostRegressor()\n"
            "m.fit(Pool(X_train, y_train), eval_set=test_pool)\n"
            "print(r2_score(y_test, m.predict(test_pool)))"
        ),
    ],
    "keras": [
        (
            "(x_train, y_train), (x_test, y_test) = mnist.load_data()\n"
            "x_train = x_train / 255.\n"
            "x_test = x_test.astype('float32') / 255."
        ),
        (
            "model = build()\n"
            "es = EarlyStopping(patience=3)\n"
            "model.fit(x_train, y_train, validation_data=(x_test, y_test), callbacks=[es])"
        ),
        "model.evaluate(x_test, y_test)",
    ],
    "keras list": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "cbs = [keras.callbacks.EarlyStopping('val_loss', patience=3)]\n"
            "h = model.fit(X_train, y_train, validation_data=(X_test, y_test), callbacks=cbs)\n"
            "y_pred = np.argmax(model.predict(X_test), axis=1)\n"
            "print((y_pred == y_test).mean())"
        ),
    ],
    "scaled": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "sc = StandardScaler().fit(X_train)\n"
            "Xa = sc.transform(X_train)\n"
            "Xb = sc.transform(X_test)\n"
            "m = XGBClassifier(early_stopping_rounds=3)\n"
            "m.fit(Xa, y_train, eval_set=[(Xb, y_test)])\n"
            "m.score(Xb, y_test)"
        ),
    ],
    "frames": [
        (
            "train, test = train_test_split(df, test_size=0.2)\n"
            "X_train, y_train = train.drop('t', axis=1), train['t']\n"
            "X_test, y_test = test.drop('t', axis=1), test['t']"
        ),
        (
            "m = LGBMClassifier(early_stopping_rounds=5)\n"
            "m.fit(X_train, y_train, eval_set=[(X_test, y_test)])\n"
            "f1_score(y_test, m.predict(X_test))"
        ),
    ],
    "all rows": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "m = LogisticRegression()\nm.fit(X, y)",
        "print(m.score(X_test, y_test))",
    ],
    "predicted again after the refit": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "m = SVC().fit(X_train, y_train)\np = m.predict(X_test)\nm.fit(X, y)\np = m.predict(X_test)",
        "print(classification_report(y_test, p))",
    ],
    "all rows, reported after a better fit": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "m = SVC().fit(X, y)\np = m.predict(X_test)\nm.fit(X_train, y_train)\nprint(accuracy_score(y_test, p))",
    ],
    "all rows frame": [
        "X = df[['a','b']]\ny = df['t']\nX_train, X_test, y_train, y_test = train_test_split(X, y)",
        "m = RandomForestClassifier().fit(df[['a','b']], df['t'])\nprint(accuracy_score(y_test, m.predict(X_test)))",
    ],
    "all rows slice 2": [
        "X, y = load()\nX_test = X[800:]\ny_test = y[800:]",
        "m = SVC()\nm.fit(X, y)\nm.score(X_test, y_test)",
    ],
    "pipeline": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "m = make_pipeline(StandardScaler(), Ridge())\nm.fit(X, y)\nr2_score(y_test, m.predict(X_test))",
    ],
    "optuna": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "def objective(trial):\n"
            "    m = SVC(C=trial.suggest_float('C', 0.1, 10))\n"
            "    m.fit(X_train, y_train)\n"
            "    return m.score(X_test, y_test)"
        ),
        "study = optuna.create_study()\nstudy.optimize(objective, n_trials=50)",
        "print(study.best_value)",
    ],
    "optuna model": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "def objective(trial):\n"
            "    m = SVC(C=trial.suggest_float('C', 0.1, 10))\n"
            "    m.fit(X_train, y_train)\n"
            "    preds = m.predict(X_test)\n"
            "    return accuracy_score(y_test, preds)"
        ),
        "study = optuna.create_study()\nstudy.optimize(objective, n_trials=50)",
        "best = study.best_params\nm = SVC(**best)\nm.fit(X_train, y_train)\nprint(m.score(X_test, y_test))",
    ],
    "optuna lambda": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "def objective(trial, a, b, c, d):\n    m = SVC()\n    m.fit(a, b)\n    return m.score(c, d)",
        (
            "study = optuna.create_study()\n"
            "study.optimize(lambda t: objective(t, X_train, y_train, X_test, y_test), n_trials=5)\n"
            "study.best_trial.value"
        ),
    ],
    "hyperopt": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "def f(space):\n"
            "    m = XGBClassifier(**space)\n"
            "    m.fit(X_train, y_train)\n"
            "    return {'loss': -accuracy_score(y_test, m.predict(X_test)), 'status': STATUS_OK}"
        ),
        "best = fmin(fn=f, space=space, algo=tpe.suggest, max_evals=20)",
        (
            "final = XGBClassifier(max_depth=int(best['max_depth']))\n"
            "final.fit(X_train, y_train)\n"
            "print(accuracy_score(y_test, final.predict(X_test)))"
        ),
    ],
    "gp_minimize": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "def f(x):\n    m = SVC(C=x[0]).fit(X_train, y_train)\n    return -m.score(X_test, y_test)",
        "res = gp_minimize(f, [(0.1, 10.)])\nprint(res.fun)",
    ],
}
HONEST = {
    "three parts": [
        (
            "X_tmp, X_test, y_tmp, y_test = train_test_split(X, y)\n"
            "X_train, X_val, y_train, y_val = train_test_split(X_tmp, y_tmp)"
        ),
        (
            "m = XGBClassifier(early_stopping_rounds=10)\n"
            "m.fit(X_train, y_train, eval_set=[(X_val, y_val)])\n"
            "m.score(X_test, y_test)"
        ),
    ],
    "val scored too": [
        (
            "X_tmp, X_test, y_tmp, y_test = train_test_split(X, y)\n"
            "X_train, X_val, y_train, y_val = train_test_split(X_tmp, y_tmp)"
        ),
        (
            "m = XGBClassifier(early_stopping_rounds=10)\n"
            "m.fit(X_train, y_train, eval_set=[(X_val, y_val)])\n"
            "m.score(X_val, y_val)\n"
            "m.score(X_test, y_test)"
        ),
    ],
    "inner test name": [
        (
            "X_train, X_hold, y_train, y_hold = train_test_split(X, y)\n"
            "X_a, X_test, y_a, y_test = train_test_split(X_train, y_train)"
        ),
        (
            "m = XGBClassifier(early_stopping_rounds=10)\n"
            "m.fit(X_a, y_a, eval_set=[(X_test, y_test)])\n"
            "print(m.score(X_test, y_test))\n"
            "print(m.score(X_hold, y_hold))"
        ),
    ],
    "no early stopping": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "m = XGBClassifier()\nm.fit(X_train, y_train, eval_set=[(X_test, y_test)])\nm.score(X_test, y_test)",
    ],
    "keras watching only": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "model.fit(X_train, y_train, validation_data=(X_test, y_test))\nmodel.evaluate(X_test, y_test)",
    ],
    "keras stops on loss": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "model.fit(X_train, y_train, validation_data=(X_test, y_test), callbacks=[EarlyStopping(monitor='loss')])\n"
            "model.evaluate(X_test, y_test)"
        ),
    ],
    "catboost keeps all": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "m = CatBoostClassifier(use_best_model=False)\n"
            "m.fit(X_train, y_train, eval_set=(X_test, y_test))\n"
            "m.score(X_test, y_test)"
        ),
    ],
    "xgb last is train": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "m = XGBClassifier(early_stopping_rounds=10)\n"
            "m.fit(X_train, y_train, eval_set=[(X_test, y_test), (X_train, y_train)])\n"
            "m.score(X_test, y_test)"
        ),
    ],
    "halves of test": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "X_v, X_f = X_test[:50], X_test[50:]\n"
            "y_v, y_f = y_test[:50], y_test[50:]\n"
            "m = XGBClassifier(early_stopping_rounds=10)\n"
            "m.fit(X_train, y_train, eval_set=[(X_v, y_v)])\n"
            "m.score(X_f, y_f)"
        ),
    ],
    "refit": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "m = XGBClassifier(early_stopping_rounds=10)\nm.fit(X_train, y_train, eval_set=[(X_test, y_test)])",
        "m = SVC().fit(X_train, y_train)\nm.score(X_test, y_test)",
    ],
    "not judged": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "m = XGBClassifier(early_stopping_rounds=10)\n"
            "m.fit(X_train, y_train, eval_set=[(X_test, y_test)])\n"
            "sub = m.predict(kaggle)"
        ),
    ],
    "cv loop": [
        (
            "for a, b in kf.split(X):\n"
            "    X_train, X_test = X[a], X[b]\n"
            "    y_train, y_test = y[a], y[b]\n"
            "    m = XGBClassifier(early_stopping_rounds=10)\n"
            "    m.fit(X_train, y_train, eval_set=[(X_test, y_test)])\n"
            "    s.append(m.score(X_test, y_test))"
        ),
    ],
    "final refit": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "m = SVC().fit(X_train, y_train)\nprint(m.score(X_test, y_test))\nm.fit(X, y)\nm.predict(new)",
    ],
    "final refit before the report": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "m = SVC().fit(X_train, y_train)\np = m.predict(X_test)\nm.fit(X, y)\nprint(m.coef_)",
        "print(classification_report(y_test, p), (p == y_test).mean())",
    ],
    "stops on test after the predictions": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "m = CatBoostClassifier()\nm.fit(X_train, y_train)\np = np.round(m.predict(X_test))",
        "m.fit(X_train, y_train, eval_set=(X_test, y_test))\nprint(accuracy_score(y_test, p))",
    ],
    "training score": [
        "m = SVC().fit(X, y)\nm.score(X, y)",
    ],
    "clusters": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "km = KMeans(3).fit(X)\naccuracy_score(y_test, km.predict(X_test))",
    ],
    "X made again": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "X, y = X_train, y_train\nm = SVC().fit(X, y)\nm.score(X_test, y_test)",
    ],
    "own valid in objective": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "def objective(trial):\n"
            "    a, b, c, d = train_test_split(X_train, y_train)\n"
            "    m = SVC().fit(a, c)\n"
            "    return m.score(b, d)"
        ),
        (
            "study.optimize(objective)\n"
            "print(study.best_value)\n"
            "m = SVC(**study.best_params).fit(X_train, y_train)\n"
            "m.score(X_test, y_test)"
        ),
    ],
    "objective on val": [
        (
            "X_tmp, X_test, y_tmp, y_test = train_test_split(X, y)\n"
            "X_train, X_val, y_train, y_val = train_test_split(X_tmp, y_tmp)"
        ),
        "def objective(trial):\n    m = SVC().fit(X_train, y_train)\n    return m.score(X_val, y_val)",
        (
            "study.optimize(objective)\n"
            "print(study.best_value)\n"
            "m = SVC(**study.best_params).fit(X_train, y_train)\n"
            "m.score(X_test, y_test)"
        ),
    ],
    "cv objective": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "def objective(trial):\n    return cross_val_score(SVC(), X, y).mean()",
        "study.optimize(objective)\nprint(study.best_value)",
    ],
    "in a branch": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "m = SVC()\nif full:\n    m.fit(X, y)\nelse:\n    m.fit(X_train, y_train)\nm.score(X_test, y_test)",
    ],
    "loops over models": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        "for m in models:\n    m.fit(X, y)\nfor m in others:\n    print(m.score(X_test, y_test))",
    ],
    "scaler on all": [
        "X_train, X_test, y_train, y_test = train_test_split(X, y)",
        (
            "sc = StandardScaler().fit(X)\n"
            "m = SVC().fit(sc.transform(X_train), y_train)\n"
            "m.score(sc.transform(X_test), y_test)"
        ),
    ],
    "another frame": [
        (
            "train = pd.read_csv('a.csv')\n"
            "test = pd.read_csv('b.csv')\n"
            "X, y = train.drop(columns='t'), train.t\n"
            "X_test, y_test = test.drop(columns='t'), test.t"
        ),
        "m = SVC().fit(X, y)\nm.score(X_test, y_test)",
    ],
}


@pytest.mark.parametrize("cells", LEAKS.values(), ids=LEAKS)
def test_rows_that_judge_what_learned_from_them(cells: list[str]) -> None:
    answer = ask("MLE410", seen(*cells))
    assert answer.outcome is FINDING
    assert answer.level is Level.ERROR


@pytest.mark.parametrize("cells", HONEST.values(), ids=HONEST)
def test_rows_for_choosing_beside_rows_for_judging_are_fine(cells: list[str]) -> None:
    answer = ask("MLE410", seen(*cells))
    assert answer.outcome is not FINDING or answer.level is not Level.ERROR


@pytest.mark.parametrize("name", ["catboost", "keras list", "xgb ctor", "lgb train"])
def test_what_is_said_holds_of_early_stopping_and_of_the_best_round(name: str) -> None:
    assert "has its rounds chosen by " in ask("MLE410", seen(*LEAKS[name])).message
