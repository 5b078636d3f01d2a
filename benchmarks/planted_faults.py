"""Faults planted into public notebooks, and how many are found: python -m benchmarks.planted_faults FOLDER [--each 40]

Every kind of fault is put, as cells of its own, into random notebooks of the folder at a random place; found is an
error of the right rule in a planted cell. Every kind has an honest twin that looks like it: it must add no error.
Nothing is run, nothing is written into the folder.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.short import Short
from mlee_jupyter.convert.health.notebook_facts import notebook_facts
from mlee_jupyter.domain import Level, Outcome
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.settings import Settings
from mlee_jupyter.session.notebook_check import judge_notebook, notebooks_under

SHORT = Short(
    arguments=("{notebooks}", "--each", "1"),
    columns=("planted", "rule", "found", "honest twins accused"),
    rows=10,
)

SPLIT = "{X}, {y} = load_q()\n{X}_train, {X}_test, {y}_train, {y}_test = train_test_split({X}, {y}, random_state=0)"
THREE = SPLIT + "\n{X}_fit, {X}_val, {y}_fit, {y}_val = train_test_split({X}_train, {y}_train)"
OBJECTIVE = "def objective(trial):\n    {m} = SVC(C=trial.suggest_float('C', 0.1, 9)).fit({X}_%s, {y}_%s)\n"
SCORE = "print({m}.score({X}_test, {y}_test))"
METRIC = "{y}_hat = {m}.predict({X}_test)\nprint(accuracy_score({y}_test, {y}_hat))"


FUTILE = 20  # tries a notebook and a planting, before a kind is given up


class Kind(NamedTuple):
    """One kind of fault, with its honest twin."""

    rule: str
    faulty: tuple[str, ...]
    honest: tuple[str, ...]


KINDS: dict[str, Kind] = {
    "no name": Kind("MLE713", (("def f(:\n    return 1"),), (("def f():\n    return 1"),)),
    "an open bracket": Kind("MLE713", ("value = max([1, 2)",), ("value = max([1, 2])",)),
    "a block without a body": Kind(
        "MLE713", (("for k in range(3):\nprint(k)"),), (("for k in range(3):\n    %time k"),)
    ),
    "a merge conflict": Kind("MLE713", (("a = 1\n<<<<<<< HEAD\nb = 1\n=======\nb = 2\n>>>>>>> x"),), ("a = 1 << 2",)),
    "an open text": Kind("MLE713", (("!ls {a,b}\nname = 'it's'"),), (("!ls {a,b}\n!echo it's (fine"),)),
    "under %%time": Kind("MLE713", (("%%time\nif True\n    x = 1"),), (("%%bash\nif true; then ls; fi"),)),
    "prose": Kind("MLE713", ("Here we load the data and look at it.",), ("# Here we load the data",)),
    "return at the top": Kind(
        "MLE713", (("flag = True\nreturn flag"),), (("def g():\n    flag = 1\n    return flag"),)
    ),
    "a name after shell braces": Kind(
        "MLE702", (("!mkdir -p {raw_q,clean_q}\nprint(planted_ghost_name)"),), ("!mkdir -p {raw_q,clean_q}",)
    ),
    "a name of no capture": Kind(
        "MLE702",
        (
            ("%%capture held_q\nprint(1)"),
            "print(held_w.stdout)",
        ),
        (
            ("%%capture held_q\nprint(1)"),
            "held_q.show()",
        ),
    ),
    "a name of no magic": Kind(
        "MLE702",
        (
            "%time made_q = 1",
            "print(made_q, unmade_q)",
        ),
        (
            "r_q = %timeit -o sum([1])",
            ("%%bash --out o_q --err e_q\nls"),
            "print(r_q, o_q, e_q)",
        ),
    ),
    "xgboost stops on test": Kind(
        "MLE410",
        (
            SPLIT,
            (
                "{m} = XGBClassifier(early_stopping_rounds=9)\n"
                "{m}.fit({X}_train, {y}_train, eval_set=[({X}_test, {y}_test)])"
            ),
            SCORE,
        ),
        (
            THREE,
            ("{m} = XGBClassifier(early_stopping_rounds=9)\n{m}.fit({X}_fit, {y}_fit, eval_set=[({X}_val, {y}_val)])"),
            SCORE,
        ),
    ),
    "lightgbm stops on test": Kind(
        "MLE410",
        (
            SPLIT,
            (
                "{m} = LGBMClassifier()\n"
                "{m}.fit({X}_train, {y}_train, eval_set=[({X}_test, {y}_test)],\n"
                "      callbacks=[lgb.early_stopping(9)])"
            ),
            METRIC,
        ),
        (
            SPLIT,
            ("{m} = LGBMClassifier()\n{m}.fit({X}_train, {y}_train, eval_set=[({X}_test, {y}_test)])"),
            METRIC,
        ),
    ),
    "xgb.train stops on test": Kind(
        "MLE410",
        (
            SPLIT,
            ("d_q = xgb.DMatrix({X}_train, label={y}_train)\ne_q = xgb.DMatrix({X}_test, label={y}_test)"),
            (
                "{m} = xgb.train({{}}, d_q, 99, evals=[(d_q, 'train'), (e_q, 'test')], "
                "early_stopping_rounds=9)\n"
                "print(roc_auc_score({y}_test, {m}.predict(e_q)))"
            ),
        ),
        (
            SPLIT,
            ("d_q = xgb.DMatrix({X}_train, label={y}_train)\ne_q = xgb.DMatrix({X}_test, label={y}_test)"),
            (
                "{m} = xgb.train({{}}, d_q, 99, evals=[(d_q, 'train')], early_stopping_rounds=9)\n"
                "print(roc_auc_score({y}_test, {m}.predict(e_q)))"
            ),
        ),
    ),
    "catboost keeps its best on test": Kind(
        "MLE410",
        (
            SPLIT,
            ("{m} = CatBoostClassifier(verbose=0)\n{m}.fit({X}_train, {y}_train, eval_set=({X}_test, {y}_test))"),
            METRIC,
        ),
        (
            SPLIT,
            ("{m} = CatBoostClassifier(verbose=0)\n{m}.fit({X}_train, {y}_train)"),
            METRIC,
        ),
    ),
    "keras stops on test": Kind(
        "MLE410",
        (
            SPLIT,
            (
                "{m} = Sequential([Dense(1)])\n"
                "{m}.compile(loss='mse')\n"
                "{m}.fit({X}_train, {y}_train, validation_data=({X}_test, {y}_test), "
                "callbacks=[EarlyStopping(patience=3)])"
            ),
            "{m}.evaluate({X}_test, {y}_test)",
        ),
        (
            SPLIT,
            (
                "{m} = Sequential([Dense(1)])\n"
                "{m}.compile(loss='mse')\n"
                "{m}.fit({X}_train, {y}_train, validation_data=({X}_test, {y}_test))"
            ),
            "{m}.evaluate({X}_test, {y}_test)",
        ),
    ),
    "optuna chooses by test": Kind(
        "MLE410",
        (
            SPLIT,
            (
                "def objective(trial):\n"
                "    {m} = SVC(C=trial.suggest_float('C', 0.1, 9)).fit({X}_train, {y}_train)\n"
                "    return {m}.score({X}_test, {y}_test)"
            ),
            ("s_q = optuna.create_study()\ns_q.optimize(objective, n_trials=9)"),
            "{m} = SVC(**s_q.best_params).fit({X}_train, {y}_train)",
            METRIC,
        ),
        (
            THREE,
            (
                "def objective(trial):\n"
                "    {m} = SVC(C=trial.suggest_float('C', 0.1, 9)).fit({X}_fit, {y}_fit)\n"
                "    return {m}.score({X}_val, {y}_val)"
            ),
            ("s_q = optuna.create_study()\ns_q.optimize(objective, n_trials=9)"),
            "{m} = SVC(**s_q.best_params).fit({X}_train, {y}_train)",
            METRIC,
        ),
    ),
    "optuna's best value": Kind(
        "MLE410",
        (
            SPLIT,
            (
                "def objective(trial):\n"
                "    {m} = SVC(C=trial.suggest_float('C', 0.1, 9)).fit({X}_train, {y}_train)\n"
                "    return {m}.score({X}_test, {y}_test)"
            ),
            ("s_q = optuna.create_study()\ns_q.optimize(objective, n_trials=9)\nprint(s_q.best_value)"),
        ),
        (
            SPLIT,
            ("def objective(trial):\n    return cross_val_score(SVC(), {X}_train, {y}_train).mean()"),
            ("s_q = optuna.create_study()\ns_q.optimize(objective, n_trials=9)\nprint(s_q.best_value)"),
        ),
    ),
    "hyperopt chooses by test": Kind(
        "MLE410",
        (
            SPLIT,
            (
                "def loss_q(space):\n"
                "    k = SVC(**space).fit({X}_train, {y}_train)\n"
                "    return -accuracy_score({y}_test, k.predict({X}_test))"
            ),
            "b_q = fmin(fn=loss_q, space=space_q, algo=tpe.suggest, max_evals=9)",
            ("{m} = SVC(C=b_q['C'])\n{m}.fit({X}_train, {y}_train)"),
            SCORE,
        ),
        (
            THREE,
            (
                "def loss_q(space):\n"
                "    k = SVC(**space).fit({X}_fit, {y}_fit)\n"
                "    return -accuracy_score({y}_val, k.predict({X}_val))"
            ),
            "b_q = fmin(fn=loss_q, space=space_q, algo=tpe.suggest, max_evals=9)",
            ("{m} = SVC(C=b_q['C'])\n{m}.fit({X}_train, {y}_train)"),
            SCORE,
        ),
    ),
    "fitted on all rows": Kind(
        "MLE410",
        (
            SPLIT,
            ("{m} = RandomForestClassifier()\n{m}.fit({X}, {y})"),
            SCORE,
        ),
        (
            SPLIT,
            ("{m} = RandomForestClassifier()\n{m}.fit({X}_train, {y}_train)"),
            SCORE,
            ("{m}.fit({X}, {y})\n{m}.predict(new_q)"),
        ),
    ),
    "reported after another fit": Kind(
        "MLE410",
        (
            SPLIT,
            "{m} = SVC().fit({X}, {y})\n{y}_hat = {m}.predict({X}_test)",
            "{m}.fit({X}_train, {y}_train)\nprint(accuracy_score({y}_test, {y}_hat))",
        ),
        (
            SPLIT,
            "{m} = SVC().fit({X}_train, {y}_train)\n{y}_hat = {m}.predict({X}_test)",
            "{m}.fit({X}, {y})\nprint(accuracy_score({y}_test, {y}_hat))",
        ),
    ),
    "a search fitted on test": Kind(
        "MLE410",
        (SPLIT, "{m} = GridSearchCV(SVC(), {{'C': [1, 9]}})\n{m}.fit({X}_test, {y}_test)", METRIC),
        (SPLIT, "{m} = GridSearchCV(SVC(), {{'C': [1, 9]}})\n{m}.fit({X}_train, {y}_train)", METRIC),
    ),
    "test rows laid under the training rows": Kind(
        "MLE410",
        (
            SPLIT,
            "{m} = SVC()\n{m}.fit(np.vstack([{X}_train, {X}_test]), np.hstack([{y}_train, {y}_test]))",
            SCORE,
        ),
        (
            SPLIT,
            "{m} = SVC()\n{m}.fit({X}_train, {y}_train)",
            SCORE,
            "{m}.fit(np.vstack([{X}_train, {X}_test]), np.hstack([{y}_train, {y}_test]))\n{m}.predict(new_q)",
        ),
    ),
    "a scaler fitted on test": Kind(
        "MLE410",
        (
            SPLIT,
            "s_q = StandardScaler().fit({X}_test)\n{m} = SVC().fit(s_q.transform({X}_train), {y}_train)",
            "print({m}.score(s_q.transform({X}_test), {y}_test))",
        ),
        (
            SPLIT,
            "s_q = StandardScaler().fit({X}_train)\n{m} = SVC().fit(s_q.transform({X}_train), {y}_train)",
            "print({m}.score(s_q.transform({X}_test), {y}_test))",
        ),
    ),
    "a pipeline fitted on test": Kind(
        "MLE410",
        (SPLIT, "{m} = make_pipeline(StandardScaler(), SVC()).fit({X}_test, {y}_test)", SCORE),
        (SPLIT, "{m} = make_pipeline(StandardScaler(), SVC()).fit({X}_train, {y}_train)", SCORE),
    ),
    "a candidate fitted on test": Kind(
        "MLE410",
        (SPLIT, "%%mlee_candidate q\n{m} = SVC().fit({X}_test, {y}_test)\n{m}.predict({X}_test)"),
        (SPLIT, "%%mlee_candidate q\n{m} = SVC().fit({X}_train, {y}_train)\n{m}.predict({X}_test)"),
    ),
    "fitted on all, tested on a slice": Kind(
        "MLE410",
        (
            ("{X}, {y} = load_q()\n{X}_test, {y}_test = {X}[800:], {y}[800:]"),
            "{m} = Ridge().fit({X}, {y})",
            SCORE,
        ),
        (
            ("{X}, {y} = load_q()\n{X}_test, {y}_test = {X}[800:], {y}[800:]"),
            "{m} = Ridge().fit({X}[:800], {y}[:800])",
            SCORE,
        ),
    ),
}

NAMES = ({"X": "X", "y": "y", "m": "model"},
         {"X": "features", "y": "target", "m": "clf"}, {"X": "Xq", "y": "yq", "m": "m_q"},
         {"X": "x", "y": "labels", "m": "best_model"})  # fmt: skip


def planted(path: Path, cells: tuple[str, ...], dice: random.Random, folder: Path) -> tuple[Path, range]:
    """The notebook with cells put in at a random place, and their numbers."""
    written: dict[str, Any] = json.loads(path.read_text("utf-8"))
    home = written if "cells" in written else written["worksheets"][0]
    place = dice.randint(0, len(home["cells"]))
    key = "source" if "cells" in written else "input"
    made = [{"cell_type": "code", key: text, "outputs": [], "metadata": {}} for text in cells]
    home["cells"][place:place] = made
    target = folder / "planted.ipynb"
    target.write_text(json.dumps(written), "utf-8")
    return target, range(place + 1, place + 1 + len(cells))


def errors(path: Path) -> set[tuple[str, int]]:
    """(rule, cell) of every error."""
    answers = judge_notebook(notebook_facts(path), Settings(root=path.parent), trust=False)
    return {
        (a.rule, cell)
        for a in answers
        if a.outcome is Outcome.FINDING and a.level is Level.ERROR
        for cell in a.facts["cells"]
    }


def trials(paths: list[Path], each: int, dice: random.Random, folder: Path) -> Iterator[tuple[str, bool, bool, str]]:
    """For every planting: the kind, whether it was found, whether its honest twin was accused, and where."""
    for name, kind in KINDS.items():
        done, tries = 0, itertools.count()
        while done < each and next(tries) < FUTILE * (each + len(paths)):  # it may fit in none of them
            path, names = dice.choice(paths), dice.choice(NAMES)
            try:
                facts = notebook_facts(path)
                if kind.rule == "MLE702" and facts.open_names:
                    continue  # any name may be bound there, so nothing is said
                if kind.rule == "MLE713" and _is_python_2(path):
                    continue  # a kernel of Python 2 is not ours to speak for: a warning
                faulty = tuple(text.format(**names) if kind.rule == "MLE410" else text for text in kind.faulty)
                honest = tuple(text.format(**names) if kind.rule == "MLE410" else text for text in kind.honest)
                target, cells = planted(path, faulty, dice, folder)
                found = any((kind.rule, cell) in errors(target) for cell in cells)
                target, cells = planted(path, honest, dice, folder)
                accused = any(rule in (kind.rule, "MLE713") and cell in cells for rule, cell in errors(target))
            except (MleeError, KeyError, IndexError):
                continue
            done += 1
            yield name, found, accused, str(path)


def _is_python_2(path: Path) -> bool:
    from mlee_jupyter.convert.read.grammar import stated_version

    version = stated_version(json.loads(path.read_text("utf-8")))
    return version is None or version < (3,)


def main() -> None:
    parser = argparse.ArgumentParser(description="Faults planted into notebooks, and how many are found.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--each", type=int, default=40, help="plantings of every kind")
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    paths = list(notebooks_under(asked.folder))
    counted: dict[str, list[int]] = {name: [0, 0, 0] for name in KINDS}
    with tempfile.TemporaryDirectory() as folder:
        for name, found, accused, path in trials(paths, asked.each, random.Random(asked.seed), Path(folder)):
            row = counted[name]
            row[0], row[1], row[2] = row[0] + 1, row[1] + found, row[2] + accused
            if not found or accused:
                print(f"{name}: {'accused' if accused else 'missed'} in {path}", file=sys.stderr)
    print("| planted | rule | found | honest twins accused |\n|---|---|---|---|")
    for name, (done, found, accused) in counted.items():
        print(f"| {name} | {KINDS[name].rule} | {found} of {done} | {accused} |")


if __name__ == "__main__":
    main()
