from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files

import jsonschema
import pytest

from mlee_jupyter import report
from mlee_jupyter.domain import Baseline, CandidateState, Decision, Finding, Level, Outcome, Verdict

from . import example

SCHEMA = json.loads(files("mlee_jupyter.report.board").joinpath("board.schema.json").read_text("utf-8"))


def board(**changes) -> dict:
    made = report.board(example.evidence(**changes), example.findings())
    json.dumps(made, allow_nan=False)
    jsonschema.validate(made, SCHEMA)
    return made


def rows(made: dict) -> dict[str, dict]:
    return {row["candidate"]: row for row in made["boards"][0]["rows"]}


def judged(*names: str, **changes):
    """The example's judgement on some of its candidates; the first of them leads."""
    whole = example.judgement()
    lines = tuple(s for s in whole.standings if s.candidate in names)
    return replace(whole, standings=lines, leader=lines[0].candidate, **changes)


def with_records(evidence, **changes):
    return replace(evidence, records=replace(evidence.records, **changes))


def empty():
    whole = example.evidence(judgements=(), declared_truth=None, efforts={})
    return with_records(whole, candidates=(), results=(), truths={})


STATES = {
    "svm": ("*", "best score", "best score"),
    "knn": ("=", "as good", "as good (within 2 points)"),
    "boosting": ("?", "can't tell", "can't tell"),
    "forest": ("-", "worse", "worse by 0.9 to 4.0"),
    "most frequent": (".", "free baseline", "free baseline"),
    "stacking": ("~", "not comparable", "not comparable"),
    "cnn": ("x", "failed", "failed"),
    "by hand": ("o", "not tried yet", "not tried yet"),
    "transformer": ("o", "dropped", "dropped"),
}


@pytest.mark.parametrize("name", STATES)
def test_a_state_is_a_shape_and_a_word(name):
    row = rows(board())[name]
    assert (row["symbol"], row["state"], row["against_text"]) == STATES[name]


def test_rows_stand_best_first_and_what_has_no_score_last():
    assert [r["candidate"] for r in board()["boards"][0]["rows"]] == [
        "svm", "knn", "boosting", "forest", "mlp", "logreg", "centroid", "most frequent", "a colleague's", "stacking",
        "cnn", "by hand", "transformer",
    ]  # fmt: skip


class TestTheWordBest:
    def test_belongs_to_a_winner(self):
        made = board(judgements=(judged("svm", "forest", winner="svm", best_set=("svm",), recommended="svm"),))
        assert rows(made)["svm"]["state"] == "best"
        assert "svm is best: beyond chance ahead of forest." in made["boards"][0]["words"]

    def test_is_not_given_to_a_leader(self):
        made = board()
        assert rows(made)["svm"]["state"] == "best score"
        assert not any(" is best" in words for words in made["boards"][0]["words"])

    def test_is_not_given_to_an_only_one(self):
        lone = judged("svm", winner="svm", best_set=("svm",), recommended="svm")
        lone = replace(lone, standings=(replace(lone.standings[0], verdict=Verdict.BEST),))
        made = board(judgements=(lone,))
        assert rows(made)["svm"]["state"] == "only one scored"
        assert not any(word["recommended"] for word in rows(made).values())
        assert made["boards"][0]["words"][0].startswith("Only svm has been scored")

    def test_stays_out_of_the_page_unless_won(self):
        shown = report.text(board()) + report.html(board())
        assert "is best" not in shown
        assert ">best<" not in shown


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({}, "svm scored best; knn is as good for your purpose (at most 1.8 points behind)."),
        ({}, "About 870 cases would settle boosting."),
        ({}, "Choosing the best of 29 flatters svm by about 0.2 points; surely above 97.5% (95 in 100)."),
        ({"leader_bound": None}, "Choosing the best of 29 flatters svm by about 0.2 points."),
        (
            {"wear": replace(example.judgement().wear, budget=0.015)},
            "41 looks at y_test in 3 notebooks; 38 steered by earlier scores: the luck budget is spent, so a gain",
        ),
        (  # a perfect score is 1.8 points above the first look
            {},
            "38 steered by earlier scores: no gain on these rows proves anything now",
        ),
        ({"flattery": 0.0002}, "Choosing the best of 29 flatters svm by less than 0.1 points; surely above"),
        ({"useful_gain_assumed": True}, "You named no useful gain, so 2 points was assumed"),
        ({"no_winner_reason": "only 4 rows differ"}, "No winner is named: only 4 rows differ."),
        (
            {"recommended": None, "useful_gain": 0.01},
            "Undecided: knn is the simplest not ruled out, and it may cost up to 1.8 points.",
        ),
        (
            {
                "baselines": (
                    Baseline(name="most frequent", score=0.99, low=0.97, high=1, beaten_by=(), beats=("svm",)),
                )
            },
            "Nothing beats guessing yet: most frequent alone scores 99.0%",
        ),
    ],
)
def test_plain_words(changes, says):
    made = board(judgements=(replace(example.judgement(), **changes),))
    assert any(says in sentence for sentence in made["boards"][0]["words"])


@pytest.mark.parametrize(("least", "says"), [(100, "Between 100 and 2,000"), (99, "With about 2,000 cases all 4")])
def test_a_range_that_says_nothing_is_its_end(least, says):
    known = zip(example.judgement().standings, (None, least, 500, 900, 2000), strict=False)
    standings = [
        replace(one, candidate=f"c{at}", verdict=Verdict.CANT_TELL, rows_needed=needed)
        for at, (one, needed) in enumerate(known)
    ]
    made = board(judgements=(replace(example.judgement(), n=50, leader="c0", standings=tuple(standings)),))
    assert any(sentence.startswith(says) for sentence in made["boards"][0]["words"]), made["boards"][0]["words"]


@pytest.mark.parametrize(
    "changes", [{"flattery": 0.0}, {"looks": 1}, {"useful_gain_assumed": False}, {"no_winner_reason": None}]
)
def test_nothing_is_said_where_there_is_nothing_to_say(changes):
    said = " ".join(board(judgements=(replace(example.judgement(), **changes),))["boards"][0]["words"])
    word = {
        "flattery": "flatters",
        "looks": "flatters",
        "useful_gain_assumed": "assumed",
        "no_winner_reason": "No winner",
    }
    assert word[next(iter(changes))] not in said


def test_no_p_value_reaches_a_reader():
    made = board()
    assert rows(made)["svm"]["p_value"] == 0.4
    for shown in (report.text(made), report.html(made), report.markdown(made)):
        assert "p_value" not in shown
        assert "p=" not in shown.replace(" ", "")


def test_different_truths_never_share_a_board():
    first = judged("svm", "knn", "boosting")
    other = judged("forest", "logreg", truth="d4e5f6", n=361, baselines=(), recommended=None)
    made = board(judgements=(first, other))
    boards = [{r["candidate"] for r in part["rows"]} for part in made["boards"]]
    assert len(boards) == 2
    assert not boards[0] & boards[1]
    assert {"stacking", "cnn", "by hand"} <= boards[0]
    assert "360 cases and 361 cases" in made["words"][0]
    assert report.text(made).count("against the best") == 2
    assert report.html(made).count("<table") == 2
    assert set(report.frame(made)["truth"]) == {"y_test", "d4e5f6"}


def test_one_truth_says_nothing_of_boards():
    assert board()["words"] == []
    assert "truth" not in report.frame(board())


@pytest.mark.parametrize("show", [report.text, report.html, report.markdown, report.frame, report.bundle])
def test_an_experiment_without_anything_is_shown(show):
    made = report.board(empty(), [])
    jsonschema.validate(made, SCHEMA)
    assert show(made) is not None
    assert made["boards"][0]["words"] == ["No result yet."]


def test_losses_and_negative_scores_keep_their_own_units():
    whole = example.judgement()
    lines = tuple(
        replace(s, score=3.2 + i, low=2.9 + i, high=3.5 + i, behind_low=0.4 * i, behind_high=1.6 * i)
        for i, s in enumerate(whole.standings)
    )
    losing = replace(
        whole, metric="mean_absolute_error", higher_is_better=False, bounded=False, useful_gain=0.064, standings=lines
    )
    made = board(judgements=(losing,))
    row = rows(made)
    assert row["svm"]["score_text"] == "3.200"
    assert row["svm"]["range_text"] == "2.900–3.500"
    assert row["knn"]["against_text"] == "as good (within 0.064)"
    assert row["forest"]["against_text"] == "worse by 1.2 to 4.8"
    assert made["experiment"]["metric"]["direction"] == "lower is better"
    assert "%" not in made["experiment"]["metric"]["unit"]
    band = made["boards"][0]["axis"]["band"]
    assert band["left"] + band["width"] == pytest.approx(row["svm"]["bar"]["point"])  # right is better, of a loss too
    scores = {name: one["score"] for name, one in row.items() if one["bar"] and not one["bar"]["clipped"]}
    places = {name: row[name]["bar"]["point"] for name in scores}
    assert sorted(scores, key=lambda name: scores[name], reverse=True) == sorted(places, key=lambda name: places[name])


class TestTime:
    def test_over_the_box(self):
        made = board(used=timedelta(hours=6, minutes=20))
        assert made["time"]["left_text"] == "20 min over"
        assert made["time"]["share"] > 1
        assert "mlee-over" in report.html(made)

    def test_without_a_box(self):
        whole = example.evidence()
        boxless = with_records(whole, experiment=replace(whole.records.experiment, budget=None, extensions=()))
        made = report.board(boxless, [])
        assert made["time"]["text"] == "3 h 40"
        assert made["time"]["left_text"] == ""
        assert report.html(made).count("mlee-time") == report.html(report.board(empty(), [])).count("mlee-time") - 1

    def test_decided(self):
        whole = example.evidence()
        decision = Decision(candidate="knn", because="as good, nothing to train", at=example.NOW)
        people = tuple(
            replace(c, state=CandidateState.CHOSEN) if c.name == "knn" else c for c in whole.records.candidates
        )
        decided = with_records(
            whole, experiment=replace(whole.records.experiment, decision=decision), candidates=people
        )
        made = report.board(decided, [])
        assert made["time"]["state"] == "decided"
        assert made["decided"]["text"] == "Decided: knn, because as good, nothing to train"
        assert rows(made)["knn"]["mark"] == "chosen"
        assert "Decided: knn" in report.text(made)


class TestBars:
    def test_the_common_axis_fits_the_close_rows(self):
        made = rows(board())
        assert made["svm"]["bar"]["clipped"] is None
        assert made["most frequent"]["bar"]["clipped"] == "left"
        assert made["stacking"]["bar"] is None

    @pytest.mark.parametrize("score", [0.0, 1.0, 0.5])
    def test_an_interval_without_width_is_drawn(self, score):
        whole = judged("svm")
        flat = replace(whole, standings=(replace(whole.standings[0], score=score, low=score, high=score),))
        bar = rows(board(judgements=(flat,)))["svm"]["bar"]
        assert 0 <= bar["left"] <= bar["point"] <= 100


def test_numbers_that_are_none_become_nothing():
    whole = example.judgement()
    nan = float("nan")
    broken = replace(whole.standings[1], score=nan, low=nan, high=float("inf"), cost_bound=float("inf"))
    made = board(judgements=(replace(whole, standings=(whole.standings[0], broken)),))
    assert rows(made)["knn"]["score"] is None
    assert rows(made)["knn"]["score_text"] == "–"


def test_a_table_of_raw_numbers():
    table = report.frame(board()).set_index("candidate")
    assert table.loc["svm", "score"] == 0.9944
    assert table.loc["svm", "spent_minutes"] == 55
    assert table.loc["knn", "answer_ms"] == pytest.approx(0.33)
    assert table.loc["cnn", "runs"] == 2
    assert list(report.frame(board()).columns) == [
        "candidate", "variant", "score", "low", "high", "verdict", "cost_bound", "simplicity", "answer_ms",
        "spent_minutes", "variants", "runs", "state", "kind",
    ]  # fmt: skip


def test_a_bundle_is_what_a_front_end_takes():
    made = report.bundle(board())
    assert set(made) == {report.BOARD_MIME, "text/html", "text/plain"}
    json.dumps(made, allow_nan=False)


def test_at_most_200_rows_on_a_page_and_a_line_for_the_rest():
    whole = example.judgement()
    many = tuple(replace(whole.standings[-1], candidate=f"c{i}") for i in range(300))
    made = report.board(example.evidence(judgements=(replace(whole, standings=(whole.standings[0], *many)),)), [])
    assert len(report.frame(made)) > 300
    shown = report.bundle(made)
    page = shown[report.BOARD_MIME]["boards"][0]
    assert len(page["rows"]) == 200
    assert page["rows_hidden"] == len(made["boards"][0]["rows"]) - 200
    assert shown["text/html"].count("<tr") == 201
    assert f"{page['rows_hidden']} rows more, not shown here" in shown["text/html"]
    assert f"{page['rows_hidden']} rows more, not shown here" in shown["text/plain"]


def test_facts_of_a_finding_are_plain_json():
    import numpy as np

    facts = {"n": np.int64(3), "share": np.float64("nan"), "by": timedelta(minutes=2), "deep": {"a": [np.float32(0.5)]}}
    finding = Finding(rule="MLE1", name="x", level=Level.ADVICE, outcome=Outcome.FINDING, facts=facts)
    assert report.finding_value(finding)["facts"] == {"n": 3, "share": None, "by": 120.0, "deep": {"a": [0.5]}}


def test_a_time_that_nobody_measured_is_shown_all_the_same() -> None:
    from mlee_jupyter.domain.text.numbers import answer_text

    assert answer_text(1e17) == "1e+17 s"
    assert answer_text(1.2) == "1.2 s"
