from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mlee_jupyter import report
from mlee_jupyter.domain import Finding, Level, Measured, Outcome, ResultKind, RunOutcome
from mlee_jupyter.domain.text.names import ordinal
from mlee_jupyter.domain.text.numbers import answer_text, gains_text, range_text, target_text
from mlee_jupyter.session.verbs import every_verb

from . import example

USED, BOX = timedelta(minutes=10), timedelta(hours=6)


def measured(**changes) -> Measured:
    made = Measured(metric="accuracy", kind=ResultKind.PREDICTIONS, value=0.98889, n=360)
    return replace(made, **changes)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({}, "knn recorded: 98.9% on 360 cases (97.2 to 99.6). 10 min used, 5 h 50 left."),
        ({"box": None}, "knn recorded: 98.9% on 360 cases (97.2 to 99.6). 10 min used."),
        ({"used": timedelta(hours=7)}, "knn recorded: 98.9% on 360 cases (97.2 to 99.6). 7 h used, 1 h over."),
        (
            {"variant": "C=10", "variants": 21},
            "knn recorded (21st variant, C=10): 98.9% on 360 cases (97.2 to 99.6). 10 min used, 5 h 50 left.",
        ),
        (
            {"repeat": True},
            "knn repeated, the same result as before: 98.9% on 360 cases (97.2 to 99.6). 10 min used, 5 h 50 left.",
        ),
        (
            {"measured": measured(kind=ResultKind.FOLDS, n=5), "low": None, "high": None},
            (
                "knn recorded: 98.9% over 5 folds. Folds share their training rows, so they are compared among "
                "themselves, with a wider error. Predictions would be sharper. 10 min used, 5 h 50 left."
            ),
        ),
        (
            {"measured": measured(kind=ResultKind.NUMBER, n=500), "low": None, "high": None},
            (
                "knn recorded: 98.9% on 500 cases, without the rows. It is compared with others of its kind, as if on "
                "different rows. Predictions would be sharper. 10 min used, 5 h 50 left."
            ),
        ),
        (
            {"measured": measured(kind=ResultKind.NUMBER, n=None), "low": None, "high": None},
            (
                "knn recorded: 98.9%, a bare number. It has no range and cannot be compared. "
                "Record predictions for both. "
                "10 min used, 5 h 50 left."
            ),
        ),
        (
            {"measured": measured(metric="mean_absolute_error", value=3.2131), "low": 3.0, "high": 3.5},
            "knn recorded: mean absolute error 3.213 on 360 cases (3.000 to 3.500). 10 min used, 5 h 50 left.",
        ),
        (
            {"others": (measured(metric="roc_auc", kind=ResultKind.NUMBER, value=0.98, n=None),)},
            ("knn recorded: 98.9% on 360 cases (97.2 to 99.6). Also ROC AUC 98.0%. 10 min used, 5 h 50 left."),
        ),
        (
            {"measured": measured(metric="rmse", kind=ResultKind.FOLDS, value=-54.83, n=5)},
            (
                "knn recorded: root mean squared error 54.83 over 5 folds. Folds share their training rows, so they"
                " are compared among themselves, with a wider error. Predictions would be sharper."
                " 10 min used, 5 h 50 left."
            ),
        ),
        (
            {"measured": measured(metric="r2", kind=ResultKind.NUMBER, value=-0.52, n=None), "used": None},
            (
                "knn recorded: R2 -0.5200, a bare number."
                " It has no range and cannot be compared. Record predictions for both."
            ),
        ),
        ({"measured": None}, "knn recorded, without a result. 10 min used, 5 h 50 left."),
        (
            {"measured": None, "outcome": RunOutcome.ERROR, "error": "ValueError: no"},
            "knn failed, and is recorded so: ValueError: no. 10 min used, 5 h 50 left.",
        ),
    ],
)
def test_a_record_in_one_line(arguments, says):
    whole = {"measured": measured(), "low": 0.9718, "high": 0.9957, "used": USED, "box": BOX, **arguments}
    assert report.recorded_line("knn", whole.pop("measured"), **whole) == says


@pytest.mark.parametrize(
    ("value", "bounded", "says"),
    [
        (0.9943, True, "99.4"),
        (1.0, True, "100.0"),
        (0.9996, True, "99.96"),
        (0.0, True, "0.0"),
        (0.0004, True, "0.04"),
        (3.2131, False, "3.213"),
        (-0.52, False, "-0.5200"),
        (123456.7, False, "123,457"),
        (1e-7, False, "1.000e-07"),
        (0.0, False, "0"),
        (None, True, "–"),
        (float("nan"), False, "–"),
        (float("inf"), True, "–"),
    ],
)
def test_scores(value, bounded, says):
    assert report.score_text(value, bounded) == says


@pytest.mark.parametrize(
    ("value", "bounded", "says"),
    [
        (0.02, True, "2 points"),
        (0.01, True, "1 point"),
        (0.0178, True, "1.8 points"),
        (0.0, True, "0 points"),
        (0.0002, True, "less than 0.1 points"),
        (0.064, False, "0.064"),
        (None, True, "–"),
    ],
)
def test_gains(value, bounded, says):
    assert report.gain_text(value, bounded) == says


def test_ranges_never_read_as_a_minus():
    assert range_text(0.98, 0.998, True) == "98.0–99.8"
    assert range_text(-1.5, 2.0, False) == "-1.500 to 2.000"
    assert gains_text(0.009, 0.0401, True) == "0.9 to 4.0"
    assert gains_text(-0.01, 0.04, True) == "up to 4.0"


@pytest.mark.parametrize(
    ("seconds", "says"),
    [(None, ""), (1e-6, "<0.01 ms"), (0.00033, "0.33 ms"), (0.0021, "2.1 ms"), (0.25, "250 ms"), (2.5, "2.5 s")],
)
def test_answer_times(seconds, says):
    assert answer_text(seconds) == says


def test_small_words():
    assert [ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 21, 102, 111)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "21st", "102nd", "111th",
    ]  # fmt: skip
    assert target_text(0.95, True) == "95%"


def test_a_finding_and_its_remedy_are_aligned():
    warning = next(f for f in example.findings() if f.rule == "MLE302")
    first, second = report.finding_lines(warning)
    assert first.startswith("warning MLE302  21 variants of svm")
    assert second.index("Tuning") == first.index("21 variants")


class TestUnderACell:
    def test_the_heaviest_two_and_a_count(self):
        found = [f for f in example.findings() if f.outcome is Outcome.FINDING]
        lines = report.cell_lines(found)
        assert lines[0].startswith("error   MLE203")
        assert lines[2].startswith("warning MLE302")
        assert lines[-1] == "and 1 more: %mlee_check"
        assert len(lines) == 5

    def test_nothing_for_what_is_fine(self):
        assert report.cell_lines([f for f in example.findings() if f.outcome is not Outcome.FINDING]) == []

    def test_no_count_when_all_are_shown(self):
        found = [f for f in example.findings() if f.outcome is Outcome.FINDING][:2]
        assert not report.cell_lines(found)[-1].startswith("and ")


class TestTheWholeCheck:
    def test_short(self):
        said = report.findings_text(example.findings())
        assert [line[:7].strip() for line in said.split("\n") if line[:1] != " "][:3] == ["error", "warning", "advice"]
        assert said.endswith("1 rule ok, 1 not applicable, 1 ignored: %mlee_check --all")

    def test_all_of_it(self):
        said = " ".join(report.findings_text(example.findings(), all=True).split())
        assert "no more labels this year" in said
        assert "until 2026-12-01" in said
        assert "MLE202 target-uncertain: no candidate is chosen yet" in said
        assert "ok MLE405 below-baseline" in said

    def test_nothing(self):
        assert report.findings_text([]) == "No rule has been asked yet."
        fine = Finding(rule="MLE405", name="below-baseline", level=Level.WARNING, outcome=Outcome.OK)
        assert report.findings_text([fine]).startswith("Nothing found.")

    def test_html(self):
        page = report.findings_html(example.findings(), all=True)
        assert page.index("MLE203") < page.index("MLE302") < page.index("MLE101") < page.index("MLE201")
        assert "no more labels this year" in page


def test_status_on_one_line():
    assert report.status_line(example.evidence(), example.findings()) == (
        "shelf: 3 h 40 of 6 h used, 2 h 20 left. svm 99.4, knn 98.9, boosting 98.3 and 4 more. 1 error, 1 warning"
    )


def test_status_on_a_screen():
    said = report.status_text(example.evidence(), example.findings())
    assert "question   Can a camera tell" in said
    assert "due 08 May 2026 (in 4 days)" in said
    assert "boosting       25 min, 2 variants, 3 runs, 1 failed" in said


def test_a_list_of_experiments():
    row = report.ExperimentRow(
        name="shelf",
        state="open",
        used=USED,
        box=BOX,
        candidates=3,
        results=8,
        opened_at=datetime(2026, 5, 4, tzinfo=UTC),
    )
    head, line = report.experiments_text([row]).split("\n")
    assert line.split() == ["shelf", "open", "10", "min", "of", "6", "h", "3", "8", "04", "May", "2026"]
    assert head.split()[0] == "experiment"
    assert "%mlee_experiment start" in report.experiments_text([])


def test_the_help_fits_on_one_screen():
    lines = report.help_text(every_verb.verbs()).split("\n")
    assert len(lines) <= 28
    assert max(map(len, lines)) <= 79
    for magic in ("%mlee_experiment", "%%mlee_candidate", "%mlee_scoreboard", "%mlee_check", *every_verb.verbs()):
        assert magic in report.help_text(every_verb.verbs())


def test_opening_and_history_are_printable():
    lines = report.opening_lines(example.evidence(), resumed=True, changes=("useful_gain 0.02 to 0.03",))
    assert lines[0].startswith("shelf: ")
    assert "boosting" in report.history_text(example.evidence().records)
