"""Trials of real studies of Optuna, recorded while they run: one line, nothing twice, nothing lost."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mlee_jupyter as mlee
from mlee_jupyter.domain import RunOutcome
from mlee_jupyter.session import current
from tests.conftest import Shell

optuna = pytest.importorskip("optuna", reason='pip install "mlee_jupyter[optuna]"')
optuna.logging.set_verbosity(optuna.logging.ERROR)
ROWS = 500
SETUP = f"""
import optuna, mlee_jupyter as mlee
optuna.logging.set_verbosity(optuna.logging.ERROR)
def objective(trial):
    x = trial.suggest_float("x", 0, 1)
    if trial.number % 10 == 7:
        raise optuna.TrialPruned
    if trial.number % 25 == 9:
        raise ValueError("no")
    return round({ROWS} * (0.9 - 0.1 * x)) / {ROWS}
study = optuna.create_study(direction="maximize", sampler=optuna.samplers.RandomSampler(seed=1))
e = mlee.start("shelf", budget="6h", metric="accuracy", useful_gain=0.02)
"""
RUN = 'study.optimize(objective, n_trials=50, catch=(ValueError,), callbacks=[mlee.OptunaCallback("xgb", n=500)])'


def ended(experiment: str = "shelf") -> Counter[str]:
    """How the trials on record ended."""
    return Counter(one.outcome for one in current.session().store.records(experiment).results)


def variants(experiment: str = "shelf") -> int:
    return len({one.variant_id for one in current.session().store.records(experiment).results})


def test_a_study_is_one_line_and_its_trials_are_variants_of_one_candidate(shell: Shell) -> None:
    shell.run(SETUP)
    said = shell.run(RUN)
    assert said.count("xgb recorded") == 1
    assert "50 trials as variants (43 scored, 5 pruned, 2 failed). The best: 90.0%" in said
    assert "on 500 cases" in said
    assert ended() == {RunOutcome.OK: 43, RunOutcome.INTERRUPTED: 5, RunOutcome.ERROR: 2}
    assert variants() == 50
    best = max(current.session().store.records("shelf").results, key=lambda one: one.value or 0.0)
    assert best.variant.startswith(f"trial {shell.names['study'].best_trial.number}: x=")
    assert best.settings == {"x": f"{shell.names['study'].best_params['x']:.12g}"}
    assert "recorded" not in shell.run("1 + 1")


def test_the_next_cell_goes_on_and_says_its_own(shell: Shell) -> None:
    shell.run(SETUP + 'callback = mlee.OptunaCallback("xgb", n=500)')
    again = "study.optimize(objective, n_trials=5, callbacks=[callback])"
    assert "5 trials as variants" in shell.run(again)
    assert "trials as variants" in shell.run("study.optimize(objective, n_trials=3, catch=(), callbacks=[callback])")
    assert variants() == 8


def test_whoever_looks_in_the_same_cell_sees_all_trials(shell: Shell) -> None:
    shell.run(SETUP)
    shell.run(f"{RUN}\nlooked = e.scoreboard(), e.history()")
    board, history = shell.names["looked"]
    assert list(board["variants"]) == [43]
    assert len(history) == 50


def test_the_same_study_handed_over_again_records_nothing(shell: Shell) -> None:
    shell.run(SETUP)
    shell.run(RUN)
    assert "xgb: nothing new, 50 trials on record already." in shell.run('e.record("xgb", study)')
    assert "nothing new" in shell.run("%%mlee_candidate xgb\nstudy")
    assert variants() == 50
    shell.run(RUN.replace("n_trials=50", "n_trials=0"))
    assert variants() == 50


def test_a_study_may_be_handed_over_without_a_callback(shell: Shell) -> None:
    shell.run(SETUP)
    shell.run("study.optimize(objective, n_trials=7)")
    assert "7 trials as variants. The best" in shell.run('e.record("xgb", study, n=500)')
    assert "no trial that ended" in shell.refused("%%mlee_candidate none\noptuna.create_study()")


def test_a_resumed_study_is_the_same_in_another_kernel(shell: Shell, project: Path) -> None:
    shell.run(SETUP)
    shell.run('store = dict(study_name="s", storage="sqlite:///study.db", load_if_exists=True, direction="maximize")')
    shell.run("study = optuna.create_study(**store)")
    shell.run(RUN.replace("n_trials=50", "n_trials=6"))
    current.forget_session()  # as if the kernel were restarted
    shell.run('e = mlee.start("shelf")\nstudy = optuna.create_study(**store)')
    said = shell.run(RUN.replace("n_trials=50", "n_trials=4"))
    assert "10 trials as variants" in said
    assert "6 of them on record before" in said
    assert variants() == 10


def test_threads_write_each_trial_once(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("mlee_jupyter.session.beside.optuna_callback.TRIALS", 3)
    shell.run(SETUP)
    shell.run(RUN.replace("n_trials=50", "n_trials=50, n_jobs=4"))
    assert sum(ended().values()) == variants() == 50


def test_an_interrupted_study_keeps_what_ended(shell: Shell) -> None:
    shell.run(SETUP)
    shell.run("def stopped(trial):\n    if trial.number == 6:\n        raise KeyboardInterrupt\n    return 0.9")
    result, said = shell.attempt('study.optimize(stopped, n_trials=50, callbacks=[mlee.OptunaCallback("xgb")])')
    assert isinstance(result.error_in_exec, KeyboardInterrupt)
    assert "7 trials as variants (6 scored, 1 failed)" in said
    assert variants() == 7


def test_a_script_writes_at_its_end(project: Path) -> None:
    code = SETUP + RUN + "\nraise SystemExit(3)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert done.stdout.count("50 trials as variants") == 1
    current.forget_session()
    assert variants() == 50


REFUSED = {
    "two objectives": ('directions=["minimize", "maximize"]', "(0.5, 0.5)", "accuracy", "2 objectives"),
    "an error for a share": ('direction="minimize"', "0.1", "accuracy", "is better the higher"),
    "a share for an error": ('direction="maximize"', "0.9", "log_loss", "is better the lower"),
    "no share of the rows": ('direction="maximize"', "0.9013", "accuracy", "no share of 500 rows"),
}


@pytest.mark.parametrize(("made", "score", "metric", "words"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_is_said_once_and_the_study_goes_on(
    made: str, score: str, metric: str, words: str, shell: Shell
) -> None:
    shell.run(SETUP + f'e.change(metric="{metric}")\nstudy = optuna.create_study({made})')
    said = shell.run(f'study.optimize(lambda trial: {score}, n_trials=4, callbacks=[mlee.OptunaCallback("m", n=500)])')
    assert said.count("the trials are not recorded") == 1
    assert words in said
    assert len(shell.names["study"].trials) == 4
    assert variants() == 0
    with pytest.raises(mlee.MleeError, match="objectives" if "objectives" in words else "better|share"):
        shell.names["e"].record("m", shell.names["study"], n=500)


def test_a_loss_with_a_minus_sign_is_the_loss(shell: Shell) -> None:
    shell.run(SETUP + 'e.change(metric="log_loss")')
    shell.run('study.optimize(lambda trial: -0.5 - trial.number, n_trials=3, callbacks=[mlee.OptunaCallback("m")])')
    assert [one.value for one in current.session().records().results] == [0.5, 1.5, 2.5]
    minimized = shell.run(
        'least = optuna.create_study(direction="minimize")\n'
        'least.optimize(lambda trial: 0.4 + trial.number, n_trials=3, callbacks=[mlee.OptunaCallback("n")])'
    )
    assert "log loss 0.4" in minimized


def test_fold_scores_of_a_trial_are_taken_for_what_they_are(shell: Shell) -> None:
    shell.run(SETUP)
    shell.run(
        "def folded(trial):\n"
        "    folds = [0.8, 0.82, 0.81, 0.83, 0.8 + trial.number / 100]\n"
        '    trial.set_user_attr("folds", folds if trial.number else [1.0, 2.0])\n'
        "    return sum(folds) / 5"
    )
    said = shell.run('study.optimize(folded, n_trials=4, callbacks=[mlee.OptunaCallback("m")])')
    assert "over 5 folds" in said
    assert [one.kind for one in current.session().records().results] == ["number", "folds", "folds", "folds"]


FAR = "lambda t: round(500 * (0.8 + 0.01 * t.suggest_float('x', -1, 1))) / 500"


@pytest.mark.parametrize(
    ("sampler", "n", "times"), [("TPESampler", 500, 1), ("RandomSampler", 500, 0), ("TPESampler", None, 0)]
)
def test_tuning_past_what_the_rows_carry_is_said_once(sampler: str, n: int | None, times: int, shell: Shell) -> None:
    shell.run(SETUP + f'study = optuna.create_study(direction="maximize", sampler=optuna.samplers.{sampler}(seed=1))')
    tune = f'study.optimize({FAR}, n_trials=30, callbacks=[mlee.OptunaCallback("m", n={n})])'
    said = shell.run(tune) + shell.run(tune)
    assert said.count("each chosen by the scores before it: from the ") == times
    assert ("luck alone may give" in said) == bool(times)


def test_no_experiment_is_one_line(alone: None) -> None:
    with pytest.raises(mlee.MleeError, match="No experiment is open"):
        mlee.OptunaCallback("xgb")


ENDS = st.sampled_from(["COMPLETE", "PRUNED", "FAIL"])


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(ENDS, st.booleans(), st.booleans()), min_size=1, max_size=12))
def test_in_whatever_batches_each_trial_is_on_record_once(alone: None, steps: list[tuple[str, bool, bool]]) -> None:
    name = f"batches {np.random.default_rng().integers(2**60)}"
    here = mlee.start(name, metric="accuracy")
    study = optuna.create_study(direction="maximize")
    callback = mlee.OptunaCallback("m")
    for place, (state, writes, by_hand) in enumerate(steps):
        value = 0.5 + place / 100 if state == "COMPLETE" else None
        study.add_trial(optuna.trial.create_trial(state=getattr(optuna.trial.TrialState, state), value=value))
        callback(study, study.trials[-1])
        if writes:
            callback.write()
        if by_hand:
            here.record("m", study, quiet=True)
    lines: list[Any] = callback.told()
    named = {"COMPLETE": RunOutcome.OK, "PRUNED": RunOutcome.INTERRUPTED, "FAIL": RunOutcome.ERROR}
    assert ended(name) == Counter(named[state] for state, _, _ in steps)
    assert variants(name) == len(steps)
    assert len(lines) <= 1
