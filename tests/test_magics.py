"""The notebook's door, in a real IPython with a real store."""

from __future__ import annotations

import asyncio
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain import CandidateState, RunOutcome
from mlee_jupyter.session import boards, current, faults

from .conftest import Shell

N = 400


@pytest.fixture
def started(shell: Shell) -> Shell:
    """An experiment on 400 rows of four labels; `good` errs on a twentieth of them, `fair` on a tenth."""
    rng = np.random.default_rng(7)
    truth = rng.integers(0, 4, N)
    shell.names["y_test"] = truth
    for name, wrong in (("good", 20), ("fair", 40)):
        predicted = truth.copy()
        at = rng.choice(N, wrong, replace=False)
        predicted[at] = (truth[at] + 1) % 4
        shell.names[name] = predicted
    shell.run("%mlee_experiment start shelf --budget 6h --truth y_test")
    return shell


def results(name: str = "shelf") -> list[Any]:
    return list(current.session().store.records(name).results)


def test_loading_says_what_it_did_and_costs_no_file(shell: Shell, project: Path) -> None:
    assert not (project / ".mlee").exists()
    assert "six magics" in shell.run("%mlee") or "magics" in shell.run("%mlee")


def test_a_candidates_cell_is_run_in_the_users_namespace_and_recorded(started: Shell) -> None:
    printed = started.run("%%mlee_candidate knn --simplicity 2\nleft_behind = good + 0\nleft_behind")
    assert printed.startswith("knn recorded: 95.0% on 400 cases")
    assert "left_behind" in started.names
    (result,) = results()
    assert (result.candidate, result.metric, result.n) == ("knn", "accuracy", N)
    assert result.value == pytest.approx(0.95)


def test_the_record_is_durable_when_the_magic_returns(started: Shell, project: Path) -> None:
    import sqlite3

    started.run("%%mlee_candidate knn\ngood")
    with closing(sqlite3.connect(f"file:{project}/.mlee/experiments.db?mode=ro", uri=True)) as other, other:
        assert other.execute("select count(*) from mlee_result").fetchone() == (1,)


def test_an_assignment_at_the_end_hands_over_its_value(started: Shell) -> None:
    assert "knn recorded" in started.run("%%mlee_candidate knn\ny_pred = good")


def test_the_line_form_records_what_is_there(started: Shell) -> None:
    assert "knn recorded: 95.0%" in started.run("%mlee_candidate knn --pred good")
    assert "5 folds" in started.run("folds = [.9, .91, .92, .93, .94]\n%mlee_candidate svm --folds folds")
    assert "--pred" in started.refused("%mlee_candidate knn")
    assert "no variable 'absent'" in started.refused("%mlee_candidate knn --pred absent")


REPEATS = {
    "the same cell": ("%%mlee_candidate knn\ngood", "%%mlee_candidate knn\ngood", 1, True),
    "only a comment differs": ("%%mlee_candidate knn\ngood", "%%mlee_candidate knn\ngood  # again", 1, True),
    "other code": ("%%mlee_candidate knn\ngood", "%%mlee_candidate knn\nfair", 2, False),
    "another label": ("%%mlee_candidate knn --variant a\ngood", "%%mlee_candidate knn --variant b\ngood", 2, False),
    "the same variable by line": ("%mlee_candidate knn --pred good", "%mlee_candidate knn --pred good", 1, True),
    "another variable by line": ("%mlee_candidate knn --pred good", "%mlee_candidate knn --pred fair", 2, False),
}


@pytest.mark.parametrize(("first", "second", "variants", "repeat"), REPEATS.values(), ids=REPEATS)
def test_what_counts_as_the_same_variant(started: Shell, first: str, second: str, variants: int, repeat: bool) -> None:
    started.run(first)
    printed = started.run(second)
    assert len({r.variant_id for r in results()}) == variants
    assert ("the same result as before" in printed) is repeat


def test_the_same_code_with_other_predictions_is_a_new_run_of_the_same_variant(started: Shell) -> None:
    started.names["y_pred"] = started.names["good"]
    started.run("%%mlee_candidate knn\ny_pred")
    started.names["y_pred"] = started.names["fair"]
    printed = started.run("%%mlee_candidate knn\ny_pred")
    assert "the same result" not in printed
    assert len({r.variant_id for r in results()}) == 1
    assert len({r.rows for r in results()}) == 2, "another look at the truth"


def test_run_all_twice_doubles_nothing(started: Shell) -> None:
    notebook = [
        '%%mlee_experiment start shelf --budget 6h --truth y_test\nmetric = "accuracy"\ncandidates = ["knn", "svm"]',
        "%%mlee_candidate knn --simplicity 1\ngood",
        "%%mlee_candidate svm --simplicity 2\nfair",
        '%mlee_experiment extend 1h --because "labels came late"',
        '%mlee_experiment ignore MLE201 --because "no more labels"',
        '%mlee_experiment decide knn --because "good enough"',
    ]
    for cell in notebook:
        started.run(cell)
    before = current.session().store.records("shelf")
    for cell in notebook:
        started.run(cell)
    after = current.session().store.records("shelf")
    assert [c.name for c in after.candidates] == [c.name for c in before.candidates] == ["knn", "svm"]
    assert len({r.variant_id for r in after.results}) == len({r.variant_id for r in before.results}) == 2
    assert after.experiment.extensions == before.experiment.extensions
    assert after.experiment.decision == before.experiment.decision
    assert len(after.charters) == len(before.charters)
    assert len(after.ignores) == len(before.ignores)


def test_start_on_an_open_experiment_resumes_it_and_says_so(started: Shell) -> None:
    started.run("%%mlee_candidate knn\ngood")
    assert "resumed" in started.run("%mlee_experiment start shelf --budget 6h --truth y_test")
    assert len(current.session().store.experiments()) == 1


def test_a_candidate_alone_opens_an_experiment(shell: Shell) -> None:
    shell.names["y_test"] = np.arange(40) % 2
    printed = shell.run("%%mlee_candidate knn --truth y_test\ny_test")
    assert "untitled" in printed
    assert "knn recorded: 100.0%" in printed


# ---------------------------------------------------------------------- what goes wrong


def test_the_users_exception_passes_and_the_run_is_recorded_as_failed(started: Shell) -> None:
    result, printed = started.attempt("%%mlee_candidate knn\nhalf_done = 1\nraise ValueError('theirs')")
    assert isinstance(result.error_in_exec, ValueError)
    assert str(result.error_in_exec) == "theirs"
    assert not result.success, "so that Run All stops"
    assert started.names["half_done"] == 1
    (run,) = results()
    assert (run.outcome, run.metric) == (RunOutcome.ERROR, None)
    assert "ValueError: theirs" in printed


def test_an_interrupt_is_recorded_as_one(started: Shell) -> None:
    result, _ = started.attempt("%%mlee_candidate knn\nraise KeyboardInterrupt")
    assert isinstance(result.error_in_exec, KeyboardInterrupt)
    assert results()[0].outcome == RunOutcome.INTERRUPTED


def test_a_syntax_error_is_pythons_own(started: Shell) -> None:
    result, _ = started.attempt("%%mlee_candidate knn\nif True print(1)")
    assert isinstance(result.error_in_exec, SyntaxError)
    assert results() == []


REFUSED = {
    "too few predictions": ("%%mlee_candidate knn\ngood[:-1]", "399 predictions for 400 rows of y_test"),
    "nothing": ("%%mlee_candidate knn\nNone", "nothing to judge"),
    "missing values": ("%%mlee_candidate knn\n[None] + list(good[1:])", "missing"),
    "text for numbers": ("%%mlee_candidate knn\n'accurate'", "text"),
    "a wrong limit": ("%%mlee_candidate knn --minutes 0\ngood", "no limit"),
    "hard without a limit": ("%%mlee_candidate knn --hard\ngood", "--minutes"),
    "quotes that do not match": ('%mlee_experiment close --because "no', "quotes"),
    "an unknown option": ("%mlee_experiment start x --bugdet 6h", "unrecognized"),
    "an unknown verb": ("%mlee_experiment strat", "Did you mean start"),
    "no reason": ("%mlee_experiment extend 2h", "--because"),
    "no duration": ('%mlee_experiment extend soon --because "x"', "not a duration"),
    "an unknown candidate": ("%mlee_experiment park absent", "no candidate 'absent'"),
    "an unknown rule": ('%mlee_experiment ignore MLE999 --because "x"', "MLE999"),
    "no date": ('%mlee_experiment ignore MLE201 --because "x" --until soon', "not a date"),
    "a charter that is not TOML": ("%%mlee_experiment start other\nmetric = accuracy", "not valid TOML"),
    "an unknown metric": ('%%mlee_experiment start other\nmetric = "acuracy"', "accuracy"),
    "a change of nothing": ("%mlee_experiment change nonsense", "changes nothing"),
    "a change without its sign": ("%mlee_experiment change metric f1", "change metric=f1"),
    "a package without a name": ("%mlee_package", "%mlee_package NAME"),
    "an unknown key": ("%mlee_experiment change nonsense=1", "nonsense"),
    "a run that is none": ('%mlee_experiment withdraw x --because "y"', "not a run's number"),
    "no name": ("%mlee_experiment start", "needs a name"),
    "no file": ("%mlee_experiment import absent.json", "cannot be read"),
}


@pytest.mark.parametrize(("cell", "said"), REFUSED.values(), ids=REFUSED)
def test_bad_input_gets_one_line_and_leaves_nothing(started: Shell, cell: str, said: str) -> None:
    assert said in started.refused(cell)
    assert results() == []
    assert len(current.session().store.experiments()) == 1


def test_an_index_that_does_not_match_is_refused_and_one_that_does_is_not(started: Shell) -> None:
    started.run(
        "import pandas as pd\ny_test = pd.Series(y_test, index=range(100, 500))\n"
        "shifted = pd.Series(good, index=range(101, 501))\naligned = pd.Series(good, index=range(100, 500))"
    )
    assert "index" in started.refused("%mlee_candidate knn --pred shifted")
    assert results() == []
    assert "shifted" in started.names
    assert "95.0%" in started.run("%mlee_candidate knn --pred aligned")


def test_a_fault_of_ours_under_a_cell_prints_one_line_and_loses_nothing(
    started: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faults, "shield_faults", True)
    monkeypatch.setattr("mlee_jupyter.session.session.guardrails.news", lambda *_: 1 / 0)
    result, printed = started.attempt("%%mlee_candidate knn\nkept = good")
    assert result.success, result.error_in_exec
    assert "a fault of its own (ZeroDivisionError" in printed
    assert "kept" in started.names
    assert len(results()) == 1, "the record came first"


# ---------------------------------------------------------------------- steering


def test_the_verbs_steer_and_say_so(started: Shell) -> None:
    started.run("%%mlee_candidate knn --simplicity 1\ngood")
    started.run("%%mlee_candidate svm --simplicity 2\nfair")
    assert "parked" in started.run("%mlee_experiment park svm")
    assert "in play" in started.run("%mlee_experiment take svm")
    assert "dropped" in started.run('%mlee_experiment drop svm --because "too slow"')
    assert "8 h" in started.run('%mlee_experiment extend 2h --because "two more labels"')
    assert "stands" in started.run("%mlee_experiment pause")
    assert "runs again" in started.run("%mlee_experiment resume")
    assert "useful_gain none -> 0.03" in started.run('%mlee_experiment change useful_gain=0.03 --because "asked them"')
    assert "ignored until 2030-01-01" in started.run(
        '%mlee_experiment ignore test-set-too-small --because "no more" --until 2030-01-01'
    )
    assert "Decided: knn" in started.run('%mlee_experiment decide knn --because "good enough"')
    assert "Open again" in started.run("%mlee_experiment reopen")
    assert "closed" in started.run('%mlee_experiment close --because "done"')
    assert "shelf" in started.run("%mlee_experiment list")
    states = {c.name: c.state for c in current.session().records().candidates}
    assert states["svm"] == CandidateState.DROPPED


def test_a_mistake_is_withdrawn_with_a_trace(started: Shell) -> None:
    started.run("%%mlee_candidate knn\nfair")
    number = results()[0].run_id
    assert str(number) in started.run("%mlee_experiment history")
    started.run(f'%mlee_experiment withdraw {number} --because "wrong column"')
    assert results() == []
    assert any("wrong column" in (entry.because or "") for entry in current.session().records().trace)


def test_rename_export_delete_import_come_round(started: Shell, project: Path) -> None:
    started.run("%%mlee_candidate knn\ngood")
    started.run("%mlee_experiment rename knn neighbours")
    started.run("%mlee_experiment rename kiosk")
    before = current.session().store.records("kiosk")
    started.run(f"%mlee_experiment export {project}/all.json")
    started.run('%mlee_experiment delete kiosk --because "trying it out"')
    assert current.session().store.experiments() == ()
    assert "No experiment is open" in started.refused("%mlee_experiment status")
    started.run(f"%mlee_experiment import {project}/all.json")
    after = current.session().store.records("kiosk")
    assert [r.value for r in after.results] == [r.value for r in before.results]
    assert [c.name for c in after.candidates] == ["neighbours"]


def test_where_none_is_open_the_refusal_names_what_can_be_taken_up(started: Shell) -> None:
    before = current.session().experiment().name
    started.run("%mlee_experiment start second")
    started.run('%mlee_experiment delete second --because "trying it out"')
    refusal = started.refused("%mlee_scoreboard")
    assert f'%mlee_experiment start "{before}"' in refusal
    assert "%mlee_scoreboard NAME" in refusal
    assert before in started.run(f'%mlee_experiment start "{before}"')
    assert current.session().experiment().name == before


def test_the_board_is_a_bundle_and_a_text(started: Shell) -> None:
    started.run("%%mlee_candidate knn --simplicity 1\ngood")
    started.run("%%mlee_candidate svm --simplicity 2\nfair")
    text = started.run("%mlee_scoreboard --text")
    assert text.index("knn") < text.index("svm")
    published: list[dict[str, Any]] = []
    started.ipython.display_pub.publish = lambda data, **_: published.append(data)
    started.run("%mlee_scoreboard")
    (bundle,) = published
    assert set(bundle) == {"application/vnd.mlee.board.v1+json", "text/html", "text/plain"}


def test_other_truth_makes_two_boards_and_an_error(started: Shell) -> None:
    started.names["y_other"] = np.roll(started.names["y_test"], 1)
    started.run("%%mlee_candidate knn\ngood")
    assert "MLE401" not in started.run("%mlee_check")
    printed = started.run("%%mlee_candidate svm --truth y_other\ny_other")
    assert "error   MLE401" in printed
    board = boards.board_of(current.session())
    assert len(board["boards"]) == 2


def test_a_page_per_rule(started: Shell) -> None:
    assert "MLE201" in started.run("%mlee_check test-set-too-small")


def test_help_and_completion(started: Shell) -> None:
    started.run("%%mlee_candidate knn\ngood")
    complete = started.ipython.complete
    assert "extend" in complete("ex", "%mlee_experiment ex", 19)[1]
    assert "knn" in complete("k", "%mlee_experiment park k", 23)[1]
    assert "test-set-too-small" in complete("test-s", "%mlee_check test-s", 18)[1]
    assert "--simplicity" in complete("--si", "%%mlee_candidate knn --si", 25)[1]
    assert "--because" in started.ipython.find_line_magic("mlee_experiment").__doc__


# ---------------------------------------------------------------------- async and limits


def test_a_candidate_may_await(started: Shell) -> None:
    printed = started.run("%%mlee_candidate knn\nimport asyncio\nawait asyncio.sleep(0)\ngood")
    assert "knn recorded: 95.0%" in printed


def test_an_awaiting_candidate_that_raises_is_recorded_as_failed(started: Shell) -> None:
    result, _ = started.attempt("%%mlee_candidate knn\nimport asyncio\nawait asyncio.sleep(0)\n1/0")
    assert isinstance(result.error_in_exec, ZeroDivisionError)
    assert results()[0].outcome == RunOutcome.ERROR


LIMITED = {
    "a loop": "while True: pass",
    "a sleep": "import time; time.sleep(30)",
    "an await": "import asyncio; await asyncio.sleep(30)",
    "a loop in an async cell": "import asyncio; await asyncio.sleep(0)\nwhile True: pass",
}


@pytest.mark.parametrize("work", LIMITED.values(), ids=LIMITED)
def test_a_hard_limit_stops_the_cell_and_keeps_what_was_there(started: Shell, work: str) -> None:
    started.run("%%mlee_candidate knn\ngood")
    result, printed = started.attempt(f"%%mlee_candidate slow --minutes 0.004 --hard\nkept = 1\n{work}")
    assert not result.success
    assert "stopped at its limit" in printed
    assert started.names["kept"] == 1
    assert [r.outcome for r in results()] == [RunOutcome.OK, RunOutcome.OUT_OF_TIME]
    assert started.run("1 + 1") is not None, "the next cell runs"


def test_without_hard_a_limit_only_speaks(started: Shell) -> None:
    printed = started.run("%%mlee_candidate knn --minutes 0.0001\nimport time; time.sleep(0.1)\ngood")
    assert "took" in printed
    assert results()[0].outcome == RunOutcome.OK


def test_no_loop_is_left_behind(shell: Shell) -> None:
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()


@pytest.mark.parametrize("option", ["--idea", "--source"])
def test_where_an_idea_came_from_is_kept_under_its_old_name_too(started: Shell, option: str) -> None:
    started.run(f"%%mlee_candidate knn {option} blog\ngood")
    with mlee.start("shelf").candidate("svm", **{option.removeprefix("--"): "paper"}) as run:  # type: ignore[arg-type]
        run.record(started.names["fair"])
    told = current.session().store.export(["shelf"])["experiments"][0]
    assert sorted(run["idea"] for run in told["runs"]) == ["blog", "paper"]
