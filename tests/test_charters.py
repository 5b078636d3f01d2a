"""A charter as TOML."""

from __future__ import annotations

import pytest

from mlee_jupyter.domain import Charter, Population, Serving, charter_toml
from mlee_jupyter.domain.errors import MleeError

FULL = """
question    = "Can a camera tell which product is on the shelf?"
metric      = "accuracy"          # higher is better
useful_gain = 0.02
population  = {column = "product", kinds = 10}
candidates  = ["knn", "svm", "knn"]
serving     = {mode = "weekly batch", answers_per_month = 400000}
positive    = 1
"""


def test_a_charter_is_read_and_written_back() -> None:
    charter = charter_toml.parse(FULL)
    assert charter.population == Population(column="product", kinds=10)
    assert charter.serving == Serving(mode="weekly batch", answers_per_month=400000)
    assert charter.candidates == ("knn", "svm"), "a name given twice is one candidate"
    assert charter_toml.from_table(charter_toml.to_table(charter)) == charter


def test_an_empty_charter_is_one() -> None:
    assert charter_toml.parse("") == Charter()


REFUSED = {
    "not TOML": ("metric = accuracy", "not valid TOML"),
    "an unknown key": ("usefull_gain = 0.1", "Did you mean useful_gain"),
    "text for a number": ('useful_gain = "2%"', "should be a number"),
    "true for a number": ("useful_gain = true", "should be a number"),
    "a gain of nothing": ("useful_gain = 0", "not above zero"),
    "not a number at all": ("useful_gain = nan", "should be a number"),
    "no kinds": ("population = {kinds = 0}", "too small"),
    "an unknown inner key": ("population = {sorts = 3}", "population has no 'sorts'"),
    "a candidate that is no name": ("candidates = [1]", "should be text"),
    "a list for text": ('metric = ["a"]', "should be text"),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_what_a_charter_cannot_hold_is_refused_in_one_line(text: str, said: str) -> None:
    with pytest.raises(MleeError, match=said) as caught:
        charter_toml.parse(text)
    assert "\n" not in str(caught.value)


def test_a_change_keeps_the_rest_and_names_the_difference() -> None:
    before = charter_toml.parse(FULL)
    after = charter_toml.from_table({"useful_gain": 0.03, "must_reach": 0.9}, before)
    assert charter_toml.changes(before, after) == ["useful_gain 0.02 -> 0.03", "must_reach none -> 0.9"]
    assert charter_toml.changes(before, before) == []
    assert after.question == before.question


VALUES = {"0.03": 0.03, "f1": "f1", '"two words"': "two words", "true": True, '["a", "b"]': ["a", "b"], "2": 2}


@pytest.mark.parametrize(("text", "value"), VALUES.items(), ids=VALUES)
def test_a_value_is_read_as_typed(text: str, value: object) -> None:
    assert charter_toml.parse_value(text) == value
