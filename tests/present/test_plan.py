"""The plan: what is held against the box, what it took, how long it will really take, and what nobody wrote."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

import mlee_jupyter as mlee
from mlee_jupyter import report
from mlee_jupyter.cli.main import main
from mlee_jupyter.domain import CandidateState, Estimate, Evidence, PastBox
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.current import session
from tests.builders import HOUR, candidate, charter, decided, evidence, result, span
from tests.conftest import Shell

pytestmark = pytest.mark.usefixtures("alone")

QUERY = Estimate(candidate="query", first_try="1h", build="1d", simplicity=1)
FOREST = Estimate(candidate="forest", first_try="2h", build="4d", source="own")
BLOG = Estimate(candidate="blog", first_try="4h", build="15d", source="blog")
WAITING = [
    candidate("blog", 5, id=1, state=CandidateState.PLANNED),
    candidate("forest", 4, id=2, state=CandidateState.PLANNED),
    candidate("query", 1, id=3, state=CandidateState.PLANNED),
]
PAST = [PastBox(budget=4 * HOUR, took=4 * HOUR * times) for times in (1.5, 1.7, 1.9)]


def planned(*estimates: Estimate, **more: Any) -> Evidence:
    agreed = charter(estimates=estimates, candidates=tuple(one.candidate for one in estimates))
    return evidence(agreed=agreed, **{"candidates": WAITING, "results": (), "used": timedelta(), **more})


def begun() -> Evidence:
    """The query took two hours instead of one."""
    tried = [WAITING[0], WAITING[1], replace(WAITING[2], state=CandidateState.ACTIVE)]
    return planned(
        QUERY, FOREST, BLOG, candidates=tried, results=[result("query")], active={"query": 2 * HOUR}, used=2 * HOUR
    )


def said(seen: Evidence, past: Sequence[PastBox] = ()) -> str:
    return report.plan_text(report.plan(seen, past))


def test_simplest_first_and_what_does_not_fit() -> None:
    told = report.plan(planned(QUERY, FOREST, BLOG))
    assert [(row["candidate"], row["fits"]) for row in told["rows"]] == [
        ("query", True), ("forest", True), ("blog", False),
    ]  # fmt: skip
    assert told["words"] == ["7 h are planned for 3 candidates, in a box of 6 h: blog does not fit."]
    assert report.plan(planned(QUERY, FOREST, BLOG, budget=8 * HOUR))["words"][0].endswith("it fits.")


def test_the_text() -> None:
    assert said(begun()) == (
        "shelf: the plan   2 h of 6 h\n"
        "   candidate  simple  planned  took  to build  source\n"
        "   query           1      1 h   2 h       8 h          tried\n"
        "   forest          4      2 h            32 h  own     planned\n"
        "   blog            5      4 h           120 h  blog    does not fit\n"
        "7 h are planned for 3 candidates, in a box of 6 h, of which 2 h are used: blog does not fit.\n"
        "1 candidate tried: 2 h instead of 1 h.\n"
        "What cannot be said:\n"
        "  - How long it will really take: no box has ended here, and 3 would tell."
    )


def test_earlier_boxes_tell_how_long_it_will_take() -> None:
    told = report.plan(planned(QUERY, FOREST), PAST)
    found = told["forecast"]
    assert found["times"] == pytest.approx(1.7)
    assert 5 < found["low_hours"] < found["middle_hours"] < found["high_hours"] < 18
    assert "Your last 3 boxes took 1.7 times their plan; this one 5 h to 16 h, in 80 of 100 cases." in " ".join(
        told["words"]
    )
    assert "never people" in " ".join(told["words"])
    assert not [line for line in told["not_said"] if "really" in line]


def test_two_boxes_tell_nothing() -> None:
    told = report.plan(planned(QUERY), PAST[:2])
    assert told["forecast"] is None
    assert "2 boxes have ended here, and 3 would tell." in told["not_said"][-1]


def test_its_own_pace_moves_the_forecast() -> None:
    slow = report.plan(begun(), PAST)["forecast"]
    assert slow["own_pace"] == pytest.approx(2.0)
    before = report.plan(planned(QUERY, FOREST, BLOG), PAST)["forecast"]
    assert slow["middle_hours"] > before["middle_hours"]


def test_a_box_that_has_ended_is_forecast_no_more() -> None:
    assert report.plan(planned(QUERY, decision=decided("query")), PAST)["forecast"] is None
    assert report.plan(planned(QUERY, budget=None), PAST)["forecast"] is None


def test_what_was_used_is_the_least_that_it_takes() -> None:
    late = report.plan(planned(QUERY, used=30 * HOUR), PAST)
    assert late["forecast"]["low_hours"] == late["forecast"]["high_hours"] == 30
    assert "this one 30 h, in" in " ".join(late["words"])


def test_how_many_are_planned() -> None:
    many = tuple(f"c{k}" for k in range(7))
    seen = evidence(agreed=charter(candidates=many), candidates=[candidate(name) for name in many], results=())
    assert any(line.startswith("7 candidates are planned; 3 to 5 are usual") for line in report.plan(seen)["words"])
    assert not [line for line in report.plan(seen, band=(2, 8))["words"] if "usual" in line]


def test_what_nobody_wrote_is_named_once() -> None:
    bare = report.plan(evidence(candidates=WAITING, results=(), budget=None))
    assert bare["words"] == []
    assert bare["not_said"] == [
        "Whether blog, forest and query fit: no time for a first try (--try 3h).",
        "What the choice costs afterwards: no time to build blog, forest and query (--build 5d).",
        "Whether it fits: no time box (start with --budget 6h).",
    ]
    assert report.plan(evidence(candidates=[], results=()))["not_said"][0].startswith("No candidate is planned")


def test_a_name_stays_a_name_on_a_page() -> None:
    odd = "<script>alert(1)</script>"
    page = report.plan_html(report.plan(evidence(candidates=[candidate(odd)], results=())))
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert "<table" in page


# ---------------------------------------------------------------------- through the doors


def test_the_verb_plans_a_candidate_and_shows_the_plan(shell: Shell, project: Path) -> None:
    shell.run("%mlee_experiment start mail --budget 6h")
    printed = shell.run("%mlee_experiment plan query --try 1h --build 1d --simplicity 1")
    assert "query" in printed
    shell.run('%mlee_experiment plan "blog post" --try 8h --source blog --gain 0.03')
    agreed = session().experiment().charter
    assert agreed.candidates == ("query", "blog post")
    assert agreed.estimates[1] == Estimate(candidate="blog post", first_try="8h", source="blog", gain=0.03)
    shell.run("%mlee_experiment plan query --build 2d")
    assert session().experiment().charter.estimates[0] == replace(QUERY, build="2d")
    assert "blog post does not fit" in shell.run("%mlee_experiment plan")


def test_in_python(project: Path) -> None:
    mail = mlee.start("mail", budget="6h")
    assert "query" in mail.plan("query", first_try="1h", simplicity=1)
    assert json.loads(mail.plan(format="json"))["rows"][0]["try_hours"] == 1
    with pytest.raises(MleeError, match="'soon' is not a duration"):
        mail.plan("query", first_try="soon")
    with pytest.raises(MleeError, match="Which candidate"):
        mail.plan(first_try="1h")
    with pytest.raises(MleeError, match="no 'fist_try'"):
        mail.plan("query", fist_try="1h")


def test_on_the_command_line(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    mlee.start("mail", budget="6h", candidates={"query": {"try": "1h"}})
    capsys.readouterr()
    assert main(["plan", "mail"]) == 0
    assert "1 h is planned for 1 candidate" in capsys.readouterr().out
    assert main(["plan", "mail", "--output", "plan.html"]) == 0
    assert main(["plan", "mail", "--output", "plan.html"]) == 0
    page = Path("plan.html").read_text("utf-8")
    Path("plan.html").write_text("mine", "utf-8")
    assert "<table" in page
    assert main(["plan", "mail", "--output", "plan.html"]) == 2
    assert main(["plan", "mail", "--output", "plan.doc"]) == 2


def test_past_boxes_of_the_store_are_read(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        mlee.start(f"box {number}", budget="1m")
        here = session()
        now = here.now()
        here.store.put_spans(f"box {number}", [span(now, now + timedelta(seconds=90))])
        here.close("done")
    rehearsed = mlee.start("rehearsal", budget="100h")
    rehearsed.close()
    new = mlee.start("new", budget="10h")
    told = json.loads(new.plan(format="json"))
    assert told["forecast"]["boxes"] == 3
    assert told["forecast"]["times"] == pytest.approx(1.5, abs=0.05)
