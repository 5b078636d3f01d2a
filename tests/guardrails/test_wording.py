"""Names and numbers as rules say them."""

from __future__ import annotations

import shlex

import pytest

from mlee_jupyter.guardrails.rule_words import about, listed, number, points, several, short, typed


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (2, "2"),
        (2.04, "2"),
        (0.3, "0.3"),
        (0.0999, "0.1"),
        (1.149, "1.1"),
        (13.08, "13"),
        (99.96, "100"),
        (2355, "2,400"),
        (-0.5, "-0.5"),
        (1e-12, "1.0e-12"),
        (1e300, "1.0e+300"),
        (float("nan"), "nan"),
        (float("inf"), "inf"),
    ],
)
def test_numbers_have_two_digits_and_no_needless_zeros(value: float, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(
    ("rows", "said"),
    [(0, "–"), (1, "1"), (9.2, "10"), (12, "12"), (100, "100"), (588.75, "590"), (2355, "2,400"), (9999, "10,000")],
)
def test_planned_rows_are_rounded_up(rows: float, said: str) -> None:
    assert about(rows) == said


@pytest.mark.parametrize("rows", [1e12, 10**400, float("inf")])
def test_rows_beyond_reach_are_words(rows: float) -> None:
    assert about(rows) == "over a billion"


def test_differences_are_points_or_the_metric_s_own_unit() -> None:
    assert points(0.02, True, "accuracy") == "2 points"
    assert points(0.01, True, "accuracy") == "1 point"
    assert points(0.003, True, "accuracy") == "0.3 points"
    assert points(1.5, False, "mean_absolute_error") == "1.5 in mean absolute error"
    assert points(1.5, False, "my_cost") == "1.5 in my cost"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("svm", "svm"),
        ("two words", "two words"),
        ("a\nb\tc", "a b c"),
        ("\u202eabc", "abc"),
        ("", "(no name)"),
        ("x" * 10_000, "x" * 29 + "…"),
        ("<b>", "<b>"),
    ],
)
def test_names_are_one_short_line(name: str, said: str) -> None:
    assert short(name) == said


@pytest.mark.parametrize("name", ["svm", "two words", "it's", "a;b", "naïve-2.0", "$HOME", "#1"])
def test_a_name_to_type_comes_through_as_it_is(name: str) -> None:
    assert shlex.split(typed(name)) == [name]


@pytest.mark.parametrize("name", ["x" * 10_000, 'say "hi"', "a\nb", "back\\slash", "", "  two  spaces"])
def test_a_name_that_cannot_be_typed_from_a_line_is_a_placeholder(name: str) -> None:
    assert typed(name) == "NAME"


def test_lists_are_cut() -> None:
    assert listed(["a", "b"]) == "a and b"
    assert listed(list("abcdef")) == "a, b and 4 more"
    assert several(1, "case") == "1 case"
    assert several(2000, "case") == "2,000 cases"
    assert several(2, "approach", "approaches") == "2 approaches"
