"""The form's cell: what it lets through runs as typed, and what is wrong is said in one line under its field."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlee_jupyter.domain import charter_toml
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.magics import magic_lines
from mlee_jupyter.session.plans.cell_text import FIELDS, TEMPLATE, cell, complaints

CHARTER = """question    = "Which product?"
owner       = "store operations"
metric      = "accuracy"
useful_gain = 0.02
must_reach  = 0.95
candidates  = ["knn", "svm", "forest"]"""
WRITTEN = {
    "a name alone": ({"name": "shelf"}, "%%mlee_experiment start shelf"),
    "all of it": (
        {
            "name": "shelf",
            "question": "Which product?",
            "owner": "store operations",
            "budget": "1h 30m",
            "truth": "y_test",
            "features": "X_test",
            "metric": "accuracy",
            "useful_gain": "0,02",
            "must_reach": ".95",
            "candidates": "knn, svm,, forest ",
        },
        "%%mlee_experiment start shelf --budget 1h30m --truth y_test --features X_test\n" + CHARTER,
    ),
    "words and quotes": ({"name": 'my "own" \\ shelf'}, '%%mlee_experiment start "my \\"own\\" \\\\ shelf"'),
    "braces and dollars": ({"name": "{x} for $5"}, '%%mlee_experiment start "{{x}} for $$5"'),
    "a line break is none": ({"name": "a\n%%bash\nb", "budget": ""}, '%%mlee_experiment start "a %%bash b"'),
}


@pytest.mark.parametrize(("filled", "text"), WRITTEN.values(), ids=WRITTEN)
def test_what_is_written(filled: dict[str, str], text: str) -> None:
    assert cell(filled) == text


WRONG = {
    "no name": ({"name": "  "}, "name", "needs a name"),
    "a dash": ({"name": "--truth"}, "name", "dash"),
    "a long name": ({"name": "x" * 10_000}, "name", "at most 500"),
    "no time": ({"budget": "soon"}, "budget", "is not a duration"),
    "no variable": ({"truth": "df['y']"}, "truth", "not the name of a variable"),
    "no variable to predict on": ({"features": "X[1:]"}, "features", "not the name of a variable"),
    "no number": ({"useful_gain": "two"}, "useful_gain", "is not a number"),
    "not above zero": ({"useful_gain": "-1"}, "useful_gain", "above zero"),
    "not finite": ({"must_reach": "nan"}, "must_reach", "is not a number"),
    "points for shares": ({"metric": "accuracy", "useful_gain": "2"}, "useful_gain", "between 0 and 1"),
    "a target in points": ({"metric": "accuracy", "must_reach": "95"}, "must_reach", "between 0 and 1"),
    "no such metric": ({"metric": "acuracy"}, "metric", "accuracy"),
    "a long candidate": ({"candidates": "knn, " + "x" * 501}, "candidates", "at most 500"),
}


@pytest.mark.parametrize(("filled", "key", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_one_line_under_its_field(filled: dict[str, str], key: str, words: str) -> None:
    found = complaints({"name": "shelf", **filled})
    assert list(found) == [key]
    assert words in found[key]
    assert "\n" not in found[key]
    with pytest.raises(MleeError, match=next(field.label for field in FIELDS if field.key == key)):
        cell({"name": "shelf", **filled})


RIGHT = {
    "nothing but a name": {},
    "gains of an unbounded metric": {"metric": "neg_mean_absolute_error", "useful_gain": "2"},
    "a target of an unbounded metric": {"metric": "r2", "must_reach": "-3.5"},
    "a metric left open": {"useful_gain": "0.5"},
}


@pytest.mark.parametrize("filled", RIGHT.values(), ids=RIGHT)
def test_what_is_right_passes(filled: dict[str, str]) -> None:
    assert complaints({"name": "shelf", **filled}) == {}


TEXT = st.text(max_size=60)


@settings(max_examples=300, deadline=None)
@given(name=TEXT, question=TEXT, owner=TEXT, candidates=st.lists(TEXT, max_size=4), gain=st.floats(1e-9, 0.99))
def test_whatever_passes_the_form_is_read_as_it_was_typed(
    name: str, question: str, owner: str, candidates: list[str], gain: float
) -> None:
    filled = {"name": name, "question": question, "owner": owner, "candidates": ",".join(candidates)}
    filled["useful_gain"] = repr(gain)
    if complaints(filled):
        return
    head, _, body = cell(filled).partition("\n")
    assert shlex.split(magic_lines.expanded(head, {}))[2:] == [" ".join(name.split())]
    charter = charter_toml.parse(body)
    assert charter.question == (" ".join(question.replace("\ud800", "").split()) or None)
    assert charter.useful_gain == gain
    kept = [one.strip() for text in candidates for one in text.split(",") if one.strip()]
    assert list(charter.candidates) == list(dict.fromkeys(" ".join(one.split()) for one in kept))


def test_the_template_is_a_charter() -> None:
    head, _, body = TEMPLATE.partition("\n")
    assert head.startswith("%%mlee_experiment start")
    assert charter_toml.parse(body).useful_gain == 0.02
