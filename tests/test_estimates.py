"""Planned candidates with estimates: written as a table, kept, changed, and read back as they were."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

import mlee_jupyter as mlee
from mlee_jupyter.domain import Charter, Estimate, Estimated, charter_toml, estimates_in_hours
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.current import session
from mlee_jupyter.store.tables.column_values import charter_from_json, charter_to_json, is_charter
from tests.conftest import Shell

pytestmark = pytest.mark.usefixtures("alone")

HOUR = timedelta(hours=1)
TOML = """
today = "one send time for all"
by_hand = "a query over time zones"

[candidates.query]
try = "1h"
build = "1d"
simplicity = 1

[candidates.recommender]
try = "3h"
build = "15d"
source = "blog"
simplicity = 5
gain = 0.03

[candidates.average]
"""
QUERY = Estimate(candidate="query", first_try="1h", build="1d", simplicity=1)
BLOG = Estimate(candidate="recommender", first_try="3h", build="15d", source="blog", simplicity=5, gain=0.03)


def test_a_table_of_candidates_is_names_and_estimates() -> None:
    charter = charter_toml.parse(TOML)
    assert charter.candidates == ("query", "recommender", "average")
    assert charter.estimates == (QUERY, BLOG)
    assert (charter.today, charter.by_hand) == ("one send time for all", "a query over time zones")


def test_what_was_written_is_read_back() -> None:
    charter = charter_toml.parse(TOML)
    assert charter_toml.from_table(charter_toml.to_table(charter)) == charter
    assert charter_from_json(charter_to_json(charter)) == charter


def test_a_list_of_names_keeps_what_was_estimated() -> None:
    charter = charter_toml.from_table({"candidates": ["query", "knn"]}, charter_toml.parse(TOML))
    assert (charter.candidates, charter.estimates) == (("query", "knn"), (QUERY,))
    assert charter_toml.from_table({"candidates": None}, charter).estimates == ()


def test_a_change_is_said_by_candidate() -> None:
    before = charter_toml.parse(TOML)
    after = charter_toml.from_table({"candidates": {"query": {"try": "2h"}, "average": {}}}, before)
    assert charter_toml.changes(before, after) == [
        "candidates ['query', 'recommender', 'average'] -> ['query', 'average']",
        "query try 1h -> 2h",
        "query build 1d -> none",
        "query simplicity 1 -> none",
        "recommender try 3h -> none",
        "recommender build 15d -> none",
        "recommender source blog -> none",
        "recommender simplicity 5 -> none",
        "recommender gain 0.03 -> none",
    ]
    assert charter_toml.changes(after, after) == []


WRONG = {
    "no table": ('candidates = {knn = "3h"}', "candidates.knn = '3h' should be a table"),
    "an unknown key": ("[candidates.knn]\ntri = 3", "candidates.knn has no 'tri'"),
    "no duration": ('[candidates.knn]\ntry = "soon"', "'soon' is not a duration"),
    "a number alone": ("[candidates.knn]\ntry = 3", "should be text in quotes"),
    "a rank of nothing": ("[candidates.knn]\nsimplicity = 0", "0 says nothing"),
    "a loss hoped for": ("[candidates.knn]\ngain = -0.1", "is too small"),
}


@pytest.mark.parametrize(("text", "words"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_one_line(text: str, words: str) -> None:
    with pytest.raises(MleeError) as said:
        charter_toml.parse(text)
    assert words in str(said.value)
    assert "\n" not in str(said.value)


def test_a_day_is_as_long_as_the_project_says() -> None:
    assert estimates_in_hours((BLOG,), 6.0)["recommender"] == Estimated(
        first_try=3 * HOUR, build=90 * HOUR, source="blog", simplicity=5, gain=0.03
    )
    assert estimates_in_hours((Estimate(candidate="knn", build="soon"),))["knn"].build is None


@pytest.mark.parametrize("told", [["knn"], [{"try": "1h"}], [{"candidate": 1}], [{"candidate": "a", "gain": "b"}]])
def test_a_file_with_other_estimates_is_no_charter(told: object) -> None:
    assert not is_charter({"estimates": told})


def test_what_was_planned_ranks_a_candidate_until_it_is_said_anew(project: Path) -> None:
    shelf = mlee.start("shelf", truth=[0, 1] * 30, candidates={"knn": {"simplicity": 2}, "svm": {"simplicity": 3}})
    shelf.record("knn", [0, 1] * 30, quiet=True)
    shelf.record("svm", [0, 1] * 30, quiet=True, simplicity=4)
    seen = session().evidence()
    assert {c.name: c.simplicity for c in seen.records.candidates} == {"knn": 2, "svm": 4}
    assert seen.judgement is not None
    assert {s.candidate: s.simplicity for s in seen.judgement.standings} == {"knn": 2, "svm": 4}


def test_free_rules_are_planned_no_more_than_before(shell: Shell, project: Path) -> None:
    mlee.start("shelf", truth=[0, 1] * 30, candidates={"most frequent": {"try": "1h"}, "knn": {"try": "1h"}})
    charter = session().experiment().charter
    assert charter == Charter(candidates=("knn",), estimates=(Estimate(candidate="knn", first_try="1h"),))
