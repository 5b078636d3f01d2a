"""The public door and the judgement behind it: worked examples, verdicts and variants."""

from __future__ import annotations

import json
import math
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.datasets import load_digits
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.neighbors import KNeighborsClassifier

from mlee_jupyter import compare
from mlee_jupyter.domain import Verdict
from mlee_jupyter.judge.entries import Entry
from mlee_jupyter.judge.judging import judge
from mlee_jupyter.stats.compare.intervals import wilson

from .entries import entries, labels, noisy

# ---------------------------------------------------------------- real models on real data


@pytest.fixture(scope="module")
def digits() -> tuple[np.ndarray, dict[str, np.ndarray]]:
    features, truth = load_digits(return_X_y=True)
    train, test, y_train, y_test = train_test_split(features, truth, test_size=360, random_state=0, stratify=truth)
    models = {
        "knn": KNeighborsClassifier(3),
        "forest": RandomForestClassifier(60, random_state=0),
        "one tree": RandomForestClassifier(1, random_state=0),
        "logistic": LogisticRegression(C=1e-5, max_iter=50),
    }
    return y_test, {name: model.fit(train, y_train).predict(test) for name, model in models.items()}


def test_digits(digits: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    truth, predictions = digits
    found = compare(truth, predictions, simplicity={"knn": 1, "logistic": 2, "forest": 3})
    assert found.best_set == ("knn", "forest")
    assert found.winner is None
    assert found.recommended == "knn"
    assert found.useful_gain == 0.02
    assert found.useful_gain_assumed
    assert found.judgement.of("one tree").verdict is Verdict.WORSE  # type: ignore[union-attr]
    table = found.table.set_index("candidate")
    assert table.index.tolist() == [s.candidate for s in found.judgement.standings]
    assert list(found.table.columns[:7]) == ["candidate", "score", "low", "high", "verdict", "p_value", "cost_bound"]
    for name, rows in predictions.items():
        right = int(np.sum(rows == truth))
        assert table.loc[name, "score"] == pytest.approx(right / 360, abs=1e-15)
        assert (table.loc[name, "low"], table.loc[name, "high"]) == pytest.approx(wilson(right, 360))
    assert 0 < found.flattery < 0.02
    assert found.judgement.baselines[0].beaten_by


def test_the_order_of_the_call_changes_nothing(digits: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    truth, predictions = digits
    again = compare(truth, dict(reversed(predictions.items())))
    assert again.to_dict() == compare(truth, predictions).to_dict()


def test_it_goes_into_json_and_reads_well(digits: tuple[np.ndarray, dict[str, np.ndarray]]) -> None:
    found = compare(*digits)
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert told["leader"] == found.leader
    assert told["standings"][0]["verdict"] in [v.value for v in Verdict]
    assert "can't be" not in repr(found)
    assert repr(found).startswith("accuracy on 360 rows, higher is better")
    assert "95% range" in repr(found)
    assert found._repr_html_().count("<tr>") == 5


def test_compare_of_the_package_is_the_function_whatever_was_imported_before() -> None:
    code = (
        "import mlee_jupyter.judge.judging, mlee_jupyter as mlee\n"
        "found = mlee.compare([0, 1] * 40, {'a': [0, 1] * 40, 'b': [0, 0] * 40})\n"
        "assert found.winner == 'a', found\n"
        "assert 'useful_gain' in __import__('inspect').signature(mlee.compare).parameters\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_it_is_imported_without_heavy_company() -> None:
    code = (
        "import sys\nfrom mlee_jupyter.judge import entries, judging\n"
        "entries.measure([0, 1] * 40, [0, 1] * 40, metric='accuracy')\n"
        "judging.judge([0, 1] * 40, [entries.Entry(candidate='a', rows=[0, 1] * 40)], metric='accuracy')\n"
        "heavy = {'pandas', 'scipy', 'sklearn', 'polars', 'IPython'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


# ---------------------------------------------------------------- verdicts


def test_a_clear_winner() -> None:
    truth, columns = noisy(2000, 0.85, 3, 1)
    truth2 = np.where(np.random.default_rng(3).random(2000) < 0.95, truth, 1 - truth)
    judgement = judge(truth, entries([*columns, truth2]), metric="accuracy")
    assert judgement.winner == judgement.leader == "d"
    assert judgement.best_set == ("d",)
    assert judgement.no_winner_reason is None
    assert (judgement.rows_needed, judgement.rows_needed_for_gain) == (None, None)
    assert judgement.smallest_gain is not None
    verdicts = {s.candidate: s.verdict for s in judgement.standings}
    assert verdicts == {"d": Verdict.BEST, "a": Verdict.WORSE, "b": Verdict.WORSE, "c": Verdict.WORSE}
    assert all(s.behind_low > 0 for s in judgement.standings[1:])


def test_as_good_is_said_of_who_is_out_of_the_set_but_costs_little() -> None:
    truth, (best, near) = labels(5000, [4990, 4965])
    judgement = judge(truth, entries([best, near]), metric="accuracy")
    standing = judgement.of("b")
    assert standing is not None
    assert not standing.in_set
    assert standing.verdict is Verdict.AS_GOOD
    assert standing.cost_bound < 0.02
    assert judgement.winner == "a"
    assert judge(truth, entries([best, near]), metric="accuracy", useful_gain=0.002).of("b").verdict is Verdict.WORSE  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("simplicity", "recommended"),
    [
        ({"a": 2, "b": 1}, "b"),
        ({"a": 1, "b": 2}, "a"),
        ({"b": 9}, "b"),  # undeclared counts as less simple than any declared one
        ({"a": 1, "b": 1}, "a"),  # ties go to the better score
        ({}, "a"),
    ],
)
def test_the_simplest_as_good_is_recommended(simplicity: dict[str, int], recommended: str) -> None:
    truth, (best, near) = labels(5000, [4990, 4965])
    assert compare(truth, {"a": best, "b": near}, simplicity=simplicity).recommended == recommended


def test_nothing_is_recommended_where_nobody_is_surely_cheap() -> None:
    truth, columns = noisy(100, 0.8, 3, 5)
    found = compare(truth, dict(zip("abc", columns, strict=True)))
    assert found.recommended is None
    assert found.rows_needed is None or found.rows_needed > 100


@pytest.mark.parametrize(
    ("metric", "gain"), [("mae", 0.02), ("mse", 0.02), ("rmse", 0.02), ("neg_mean_absolute_error", 0.02)]
)
def test_the_assumed_gain_of_a_loss_is_a_share_of_the_leaders(metric: str, gain: float) -> None:
    random = np.random.default_rng(2024)
    truth = random.normal(size=300)
    found = compare(truth, {"a": truth + random.normal(size=300), "b": truth + 2 * random.normal(size=300)}, metric)
    assert found.useful_gain == pytest.approx(gain * found.judgement.standings[0].score)
    assert found.judgement.standings[0].score < found.judgement.standings[1].score
    assert found.judgement.standings[1].behind > 0
    assert found.winner == "a"


def test_r2_is_a_score() -> None:
    random = np.random.default_rng(2025)
    truth = random.normal(size=100)
    found = compare(truth, {"a": truth + 0.1 * random.normal(size=100), "b": truth * 0}, "r2")
    assert found.useful_gain == 0.02
    assert found.winner == "a"


def test_rows_needed_would_separate_them() -> None:
    """The formula by hand: n = ((1.96 + 0.84) s / gap)^2 with s^2 = d - gap^2 (times n / (n - 1))."""
    truth = np.arange(400) % 2
    first, second = truth.copy(), truth.copy()
    first[:20] = 1 - first[:20]
    second[15:45] = 1 - second[15:45]
    found = compare(truth, {"a": first, "b": second})
    gap, disagreeing = 10 / 400, 40 / 400
    variance = (disagreeing - gap**2) * 400 / 399
    expected = math.ceil((stats.norm.isf(0.025) + stats.norm.isf(0.2)) ** 2 * variance / gap**2)
    assert found.rows_needed == expected
    assert found.judgement.rows_needed_for_gain == math.ceil(7.8489 * disagreeing / 0.02**2)
    assert found.judgement.standings[1].disagreements == 40


# ---------------------------------------------------------------- variants


def test_a_candidate_stands_for_its_best_variant_and_every_variant_is_a_look() -> None:
    truth, columns = noisy(400, 0.8, 12, 9)
    many = [Entry(candidate="svm", variant=f"C={k}", rows=rows) for k, rows in enumerate(columns[:11])]
    judgement = judge(truth, [*many, Entry(candidate="knn", variant="k=3", rows=columns[11])], metric="accuracy")
    assert judgement.looks == 12
    assert len(judgement.standings) == 2
    best = max(range(11), key=lambda k: np.mean(columns[k] == truth))
    assert judgement.of("svm").variant == f"C={best}"  # type: ignore[union-attr]
    alone = judge(truth, [many[best], Entry(candidate="knn", variant="k=3", rows=columns[11])], metric="accuracy")
    assert judgement.flattery > alone.flattery
    assert judgement.of("knn").p_value >= alone.of("knn").p_value  # type: ignore[union-attr,operator]


def test_the_winner_may_have_several_variants_in_the_set() -> None:
    truth, _ = noisy(1000, 0.8, 1, 10)
    random = np.random.default_rng(11)
    good = [np.where(random.random(1000) < 0.95, truth, 1 - truth) for _ in range(3)]
    bad = np.where(random.random(1000) < 0.8, truth, 1 - truth)
    tries = [Entry(candidate="good", variant=str(k), rows=rows) for k, rows in enumerate(good)]
    judgement = judge(truth, [*tries, Entry(candidate="bad", rows=bad)], metric="accuracy")
    assert judgement.winner == "good"
    assert judgement.of("good").verdict is Verdict.BEST  # type: ignore[union-attr]


def test_one_failed_variant_does_not_fail_its_candidate() -> None:
    truth, columns = noisy(100, 0.8, 2, 12)
    tries = [
        Entry(candidate="a", variant="v1", rows=columns[0]),
        Entry(candidate="a", variant="v2", rows=columns[1][:9]),
        Entry(candidate="b", variant="v1", rows=columns[1]),
    ]
    judgement = judge(truth, tries, metric="accuracy")
    assert set(judgement.failed) == {"a (v2)"}
    assert judgement.looks == 2


def test_more_than_two_hundred_variants() -> None:
    truth, columns = noisy(150, 0.8, 230, 13)
    tries = [Entry(candidate=f"c{k % 7}", variant=str(k), rows=rows) for k, rows in enumerate(columns)]
    worst = Entry(candidate="last", rows=1 - truth)
    judgement = judge(truth, [*tries, worst], metric="accuracy")
    assert judgement.looks == 231
    assert len(judgement.standings) == 8
    assert judgement.standings[-1].candidate == "last"
    assert judgement.standings[-1].verdict is Verdict.WORSE


def test_the_table_keeps_its_types() -> None:
    truth, columns = noisy(100, 0.8, 3, 15)
    table = compare(truth, dict(zip("abc", columns, strict=True)), simplicity={"a": 1}).table
    assert isinstance(table, pd.DataFrame)
    assert table["score"].dtype == np.float64
    assert table["simplicity"].dtype == "Int64"
    assert table["verdict"].isin([v.value for v in Verdict]).all()
    assert pd.api.types.is_string_dtype(table["candidate"])


def test_the_only_candidate_is_not_suggested() -> None:
    """It was compared with nothing, as `explain` says; with a second one beside it somebody may be."""
    truth, (good, bad) = labels(200, [190, 100])
    alone = compare(truth, {"good": good}, metric="accuracy")
    assert (alone.winner, alone.recommended) == (None, None)
    assert "nothing is suggested" in str(alone.explain("good"))
    assert compare(truth, {"good": good, "bad": bad}, metric="accuracy").recommended == "good"
