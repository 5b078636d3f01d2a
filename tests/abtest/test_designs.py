"""What a reading is called, design by design; tables are made so that the answer is known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from mlee_jupyter import MleeError, ab_plan, ab_read
from mlee_jupyter.abtest.trial_plan import TrialPlan
from mlee_jupyter.abtest.trial_reading import calendar

HALF = 1_000  # units of an arm in a full table


def table(difference: float, units: int = 2 * HALF, guard: float = 0.0) -> pd.DataFrame:
    """Arms alike but for a difference that is exact, with a spread of 1."""
    changed = np.arange(units) % 2
    scatter = np.repeat(np.resize([-1.0, 1.0], units // 2 + 1), 2)[:units]
    return pd.DataFrame({"arm": changed, "gain": scatter + difference * changed, "calls": scatter + guard * changed})


def plan(design: str, **options: Any) -> TrialPlan:
    """Of 2,000 units or so."""
    gain = {"fixed": 0.1255, "looks": 0.127, "always": 0.1653}[design]
    made = ab_plan(**{"baseline": 0.0, "sd": 1.0, "useful_gain": gain, "design": design, **options})
    assert abs(made.units - 2_000) < 20
    return made


def read(difference: float, units: int, agreed: TrialPlan | None, **options: Any) -> Any:
    return ab_read(table(difference, units), arm="arm", metric="gain", plan=agreed, **options)


CALLED = {
    ("fixed", 2_000, 0.2): "keep",
    ("fixed", 2_000, -0.2): "stop",
    ("fixed", 2_000, 0.0): "no difference that matters",
    ("fixed", 2_000, 0.08): "can't tell",
    ("fixed", 1_000, 2.0): "too early",
    ("looks", 1_000, 0.3): "keep",
    ("looks", 1_000, -0.3): "stop",
    ("looks", 1_000, 0.15): "too early",
    ("looks", 400, 0.3): "too early",
    ("looks", 2_020, 0.08): "can't tell",
    ("looks", 2_020, 0.0): "no difference that matters",
    ("always", 1_000, 0.3): "keep",
    ("always", 1_000, 0.1): "too early",
    ("always", 4_000, 0.09): "too early",
    ("always", 8_000, 0.0): "no difference that matters",
}


@pytest.mark.parametrize(("design", "units", "difference"), CALLED)
def test_what_it_is_called(design: str, units: int, difference: float) -> None:
    found = read(difference, units, plan(design))
    assert found.word == CALLED[design, units, difference], found
    mirrored = ab_read(table(-difference, units), arm="arm", metric="gain", plan=plan(design, higher_is_better=False))
    assert mirrored.word == found.word


def test_a_fixed_design_says_what_a_look_before_its_end_is_worth() -> None:
    agreed = plan("fixed")
    for units in (500, 1_000, 1_500):
        found = read(0.1, units, agreed)
        agreed = found.plan
    # three looks and the end, evenly: 12.6% (Armitage, McPherson and Rowe 1969)
    assert 0.12 < found.peeking < 0.13
    assert "one 13 times in 100, not 5" in str(found)
    assert read(0.1, 2_000, agreed).peeking is None


def test_an_early_end_is_corrected_and_kept() -> None:
    agreed = plan("looks")
    early = read(0.1, 400, agreed)
    ended = read(0.25, 1_000, early.plan)
    assert ended.word == "keep"
    assert 0 < ended.estimate.low < ended.estimate.value < ended.effect.value
    assert "Plainly counted it is 0.25" in str(ended)
    later = read(0.0, 1_600, ended.plan)
    assert (later.word, later.ended_at) == ("keep", 1_000)
    assert later.estimate.value == pytest.approx(ended.estimate.value, rel=1e-6)
    assert "The look at 1,000 units ended the test" in str(later)


def test_the_first_look_at_or_after_the_end_is_the_last_one() -> None:
    over = read(0.08, 2_100, plan("looks"))
    assert over.word == "can't tell"
    later = read(0.4, 3_000, over.plan)
    assert (later.word, later.ended_at) == ("can't tell", 2_100)
    assert 1_900 < over.units_to_go < 2_100
    assert "A new test of about" in str(over)


def test_the_same_units_are_one_look_and_close_looks_are_one() -> None:
    agreed = plan("looks")
    one = read(0.1, 1_000, agreed)
    again = read(0.1, 1_000, one.plan)
    assert [look.units for look in again.plan.taken] == [1_000]
    assert (again.effect.low, again.effect.high) == (one.effect.low, one.effect.high)
    near = read(0.1, 1_001, one.plan)
    assert calendar(near.plan, 1_002).times == (1_000 / agreed.units, 1_002 / agreed.units)


def test_looks_may_come_when_they_come_and_more_of_them_cost_little() -> None:
    agreed = plan("looks")
    for units in range(300, 1_950, 50):
        agreed = read(0.0, units, agreed).plan
    many = read(0.1, 2_000, agreed).effect
    one = read(0.1, 2_000, plan("looks")).effect
    assert one.high - one.low < many.high - many.low < 1.15 * (one.high - one.low)


def test_a_guard_that_fell_stops_it() -> None:
    rows = table(0.4, 2_000, guard=-0.4)
    found = ab_read(rows, arm="arm", metric="gain", guards=["calls"], plan=plan("fixed"))
    assert found.word == "stop"
    assert "calls must not fall, and fell." in str(found)
    assert ab_read(table(0.4), arm="arm", metric="gain", guards=["calls"], plan=plan("fixed")).word == "keep"


def test_further_metrics_step_down() -> None:
    """Holm: z of 2.4 and 2.1 are both clear (2.24, then 1.96); 2.1 and 2.1 are not."""
    rows = table(0.2)
    error = np.sqrt(2 / 999) * np.sqrt(999 / 1_000 * 1_000 / 999)
    for name, z in (("a", 2.4), ("b", 2.1), ("c", 2.1)):
        rows[name] = table(z * error)["gain"]
    clear = ab_read(rows, arm="arm", metric="gain", also=["b", "a"], plan=plan("fixed")).others
    assert [one.low > 0 for one in clear] == [True, True]
    unclear = ab_read(rows, arm="arm", metric="gain", also=["b", "c"], plan=plan("fixed")).others
    assert [one.low > 0 for one in unclear] == [False, False]


def test_too_few_say_nothing() -> None:
    found = read(3.0, 40, None)
    assert found.word == "too early"
    assert "20 units in an arm are too few" in str(found)
    rare = pd.DataFrame({"arm": np.arange(2_000) % 2, "bought": np.arange(2_000) % 400 == 1})
    found = ab_read(rare, arm="arm", metric="bought")
    assert found.word == "too early"
    assert "5 of the rarer outcome are too few" in str(found)


def test_no_effect_is_shown_of_broken_arms() -> None:
    rows = table(5.0)
    rows = rows[(rows["arm"] == 1) | (np.arange(len(rows)) % 10 != 0)]
    found = ab_read(rows, arm="arm", metric="gain", plan=plan("looks"))
    assert (found.word, found.effect, [one.rule for one in found.findings]) == ("can't tell", None, ["MLE607"])
    assert "5" not in str(found).splitlines()[0]
    assert found.plan.taken == ()
    tenth = ab_read(rows, arm="arm", metric="gain", plan=plan("looks", share=0.9, useful_gain=0.2116))
    assert tenth.effect is None


def test_a_plan_in_a_file_remembers(tmp_path: Path) -> None:
    file = tmp_path / "button.json"
    made = plan("looks", save=file)
    with_file = ab_read(table(0.1, 800), arm="arm", metric="gain", plan=file)
    ab_read(table(0.1, 900), arm="arm", metric="gain", plan=file, record=False)
    assert [look["units"] for look in json.loads(file.read_text())["taken"]] == [800]
    by_hand = read(0.1, 800, made)
    assert with_file.effect == by_hand.effect
    assert with_file.plan.taken == by_hand.plan.taken
    with pytest.raises(MleeError, match="looked at already"):
        plan("looks", save=file)
    with pytest.raises(MleeError, match="700 units now, and 800 at the last look"):
        ab_read(table(0.1, 700), arm="arm", metric="gain", plan=file)


SPOILT = {
    "no text": b"\xff\xfe\x00",
    "no JSON": b"units = 5",
    "another JSON": b"[1, 2]",
    "another version": b'{"mlee_ab_plan": 99}',
    "half": b'{"mlee_ab_plan": 1, "baseline": 0.1}',
}


@pytest.mark.parametrize("text", SPOILT.values(), ids=SPOILT)
def test_a_file_that_is_no_plan_is_one_line(text: bytes, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_bytes(text)
    with pytest.raises(MleeError, match="plan"):
        read(0.1, 800, file)  # type: ignore[arg-type]
    with pytest.raises(MleeError, match="plan"):
        plan("looks", save=file)
    assert file.read_bytes() == text


@pytest.mark.parametrize("key", ["baseline", "units", "looks", "alpha", "share", "taken", "design", "useful_gain"])
@pytest.mark.parametrize("value", [None, "x", -1, [], {}, True, 1e400, [{"units": 5}], [3]])
def test_a_plan_that_was_changed_is_used_or_refused(key: str, value: Any, tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    plan("looks", save=file)
    file.write_text(json.dumps({**json.loads(file.read_text()), key: value}))
    if (key, value) in [("taken", []), ("baseline", -1)]:  # as good as any other
        assert read(0.1, 800, file).word == "too early"  # type: ignore[arg-type]
        return
    with pytest.raises(MleeError) as caught:
        read(0.1, 800, file)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)


def test_a_plan_takes_the_spread_to_grow_with_the_mean() -> None:
    """As revenue does; where it is to fall, or around 0, it stays."""
    alike = ab_plan(baseline=0.0, sd=1.0, useful_gain=0.1).units
    grown = ab_plan(baseline=1.0, sd=1.0, useful_gain=0.1).units
    assert grown == pytest.approx(alike * (1 + 1.1**2) / 2, abs=3)
    assert ab_plan(baseline=1.0, sd=1.0, useful_gain=0.1, higher_is_better=False).units == alike
    assert ab_plan(baseline=1e-9, sd=1.0, useful_gain=0.1).units == pytest.approx(alike * (1 + 1.5**2) / 2, abs=3)
