"""All rules at once: ignores, settings, faults of ours, and what of the answers is news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from mlee_jupyter.domain import CandidateState, Evidence, Finding, Ignore, Level, Outcome
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.guardrails import asking, check_all, discovery, find_rule, news, rules, settled
from tests.builders import (
    HOUR,
    NOW,
    candidate,
    candidates,
    coverage,
    decided,
    evidence,
    extension,
    results,
    span,
    undecided,
)

OVER = 6 * HOUR


def of(code: str, answers: Iterable[Finding]) -> Finding:
    return next(answer for answer in answers if answer.rule == code)


def say(story: Iterable[Evidence]) -> Iterator[list[str]]:
    """What a user is told, step by step, as the session keeps book of it."""
    said: dict[str, float] = {}
    for seen in story:
        answers = check_all(seen, trust=False)
        fresh = news(answers, said)
        said |= {answer.rule: answer.severity for answer in fresh}
        for code in settled(answers, said):
            del said[code]
        yield [answer.rule for answer in fresh]


# ---------------------------------------------------------------- stories


def test_a_time_box_from_start_to_end_and_after_an_extension() -> None:
    waits = (*candidates(), candidate("forest", state=CandidateState.PLANNED))
    step, first = timedelta(minutes=1), 6 * HOUR

    def at(minute: int) -> Evidence:
        used = minute * step
        longer = [extension(2 * HOUR, at=NOW + first)] if used > first else []
        ran = [span(NOW, NOW + used)]
        return evidence(candidates=waits, used=used, spans=ran, extensions=longer, now=NOW + used)

    said = {minute: codes for minute, codes in enumerate(say(at(m) for m in range(0, 8 * 60 + 30))) if codes}
    assert said == {180: ["MLE101", "MLE603"], 288: ["MLE102"], 360: ["MLE103"], 384: ["MLE102"], 480: ["MLE103"]}


@pytest.mark.parametrize("idle", [timedelta(0), timedelta(minutes=9)], ids=["back to back", "with gaps"])
def test_an_extension_long_after_the_limits_stays_silent(idle: timedelta) -> None:
    waits = (*candidates(), candidate("forest", state=CandidateState.PLANNED))
    late = [extension(by=HOUR, at=NOW - idle)]
    spans = [span(NOW - idle - OVER, NOW - idle), span(NOW, NOW + HOUR / 60)]
    seen = evidence(candidates=waits, used=OVER, extensions=late, spans=spans, now=NOW + HOUR / 60)
    assert list(say([seen])) == [["MLE603"]], "nothing of the time"


def test_the_21st_variant_is_said_once_until_it_has_doubled() -> None:
    story = (evidence(results=results({"svm": count, "knn": 1, "centroid": 1})) for count in range(1, 45))
    assert [count for count, codes in enumerate(say(story), 1) if "MLE302" in codes] == [21, 42]


def test_parked_and_taken_up_again_is_said_again() -> None:
    many = results({"svm": 30, "knn": 1, "centroid": 1})
    active, parked = evidence(results=many), evidence(results=many, candidates=candidates(svm=CandidateState.PARKED))
    both = ["MLE302", "MLE107"]
    assert list(say([active, active, parked, active])) == [both, [], [], both]


def test_an_ignore_that_ends_lets_the_finding_be_said_again() -> None:
    until = Ignore(rule="time-over", because="the camera comes tomorrow", until=NOW.date())

    def day(number: int, *ignores: Ignore) -> Evidence:
        return evidence(used=OVER, ignores=ignores, now=NOW + timedelta(days=number))

    story = [day(0), day(0, until), day(0, until), day(1, until), day(2, until)]
    assert list(say(story)) == [["MLE103", "MLE603"], [], [], ["MLE103"], []]


def test_a_warning_that_turns_into_an_error_is_said_again() -> None:
    assert list(say([evidence(coverage=coverage(8)), evidence(coverage=coverage(2))])) == [["MLE203"], ["MLE203"]]


def test_small_ups_and_downs_stay_silent() -> None:
    story = [evidence(judgements=[undecided(rows_needed_for_gain=rows)]) for rows in (2500, 2100, 2600, 2200, 4000)]
    assert list(say(story)) == [["MLE201"], [], [], [], []]


# ---------------------------------------------------------------- news


def test_errors_come_first_then_warnings_then_advice() -> None:
    template = check_all(evidence(used=OVER), trust=False)[0]
    kinds = [("MLE3", Level.ADVICE), ("MLE2", Level.WARNING), ("MLE9", Level.ERROR), ("MLE1", Level.WARNING)]
    made = [replace(template, rule=c, level=kind, outcome=Outcome.FINDING, severity=1) for c, kind in kinds]
    assert [answer.rule for answer in news(made, {})] == ["MLE9", "MLE1", "MLE2", "MLE3"]


@pytest.mark.parametrize(
    ("severity", "told"),
    [(0.5, False), (1.0, False), (1.9, False), (2 - 1e-8, False), (2 - 1e-10, True), (2.0, True), (9.0, True)],
)
def test_worse_means_a_whole_step(severity: float, told: bool) -> None:
    answer = replace(of("MLE103", check_all(evidence(used=OVER))), severity=severity)
    assert bool(news([answer], {"MLE103": 1.0})) is told


def test_only_findings_are_news_and_only_what_was_said_is_settled() -> None:
    answers = check_all(evidence(), trust=False)
    assert news(answers, {}) == ()
    assert settled(answers, {}) == ()
    assert settled(answers, {"MLE103": 1.0, "MLE999": 1.0}) == ("MLE103", "MLE999")
    assert settled(check_all(evidence(used=OVER)), {"MLE103": 1.0}) == ()


# ---------------------------------------------------------------- ignores, settings, faults


@pytest.mark.parametrize("typed", ["MLE103", "time-over", "103"])
def test_an_ignore_mutes_a_finding_and_keeps_its_words(typed: str) -> None:
    ignore = Ignore(rule=typed, because="the camera comes tomorrow")
    answer = of("MLE103", check_all(evidence(used=OVER, ignores=[ignore]), trust=False))
    assert (answer.outcome, answer.ignored) == (Outcome.IGNORED, ignore)
    assert answer.message.startswith("The 6 h are used")


def test_an_ignore_leaves_other_answers_alone() -> None:
    ignore = Ignore(rule="MLE301", because="x")
    for seen in (evidence(), evidence(judgements=[undecided()])):
        answer = of("MLE301", check_all(replace(seen, records=replace(seen.records, ignores=(ignore,)))))
        assert answer.outcome is Outcome.NOT_APPLICABLE


@pytest.mark.parametrize(
    ("ignore", "outcome"),
    [
        (Ignore(rule="MLE103", because="x", until=NOW.date()), Outcome.IGNORED),
        (Ignore(rule="MLE103", because="x", until=NOW.date() - timedelta(days=1)), Outcome.FINDING),
        (Ignore(rule="MLE102", because="x"), Outcome.FINDING),
        (Ignore(rule="no such rule", because="x"), Outcome.FINDING),
        (Ignore(rule="MLE103", because=None, where="config"), Outcome.IGNORED),
    ],
    ids=["its last day", "the day after", "another rule", "no rule", "of the project"],
)
def test_ignores_hold_as_far_as_they_say(ignore: Ignore, outcome: Outcome) -> None:
    assert of("MLE103", check_all(evidence(used=OVER, ignores=[ignore]), trust=False)).outcome is outcome


@pytest.mark.parametrize(
    ("setting", "outcome"),
    [
        ({"off": True}, Outcome.NOT_APPLICABLE),
        ({"off": False}, Outcome.FINDING),
        ({}, Outcome.FINDING),
        (3, Outcome.FINDING),
    ],
)
def test_a_rule_can_be_switched_off(setting: object, outcome: Outcome) -> None:
    answer = of("MLE103", check_all(evidence(used=OVER, settings={"time-over": setting}), trust=False))
    assert answer.outcome is outcome
    assert outcome is Outcome.FINDING or answer.message == "switched off in [tool.mlee]"
    assert outcome is Outcome.FINDING or answer.remedy == "Take `off` out of [tool.mlee.rules.time-over]."


def test_a_fault_of_ours_is_said_in_one_line_and_spares_the_others() -> None:
    broken = replace(evidence(used=OVER, decision=decided("svm")), twins=None)  # type: ignore[arg-type]
    answers = check_all(broken)
    assert of("MLE403", answers).outcome is Outcome.NOT_APPLICABLE
    assert of("MLE403", answers).message == "MLE403 failed (TypeError); this is our fault"
    assert asking.REPORT_TO.startswith("https://")
    assert of("MLE403", answers).remedy == asking.REPORT_TO
    assert len(answers) == len(rules())
    with pytest.raises(TypeError):
        check_all(broken, trust=False)


# ---------------------------------------------------------------- finding a rule


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        ("test-set-to-small", "test-set-too-small"),
        ("MLE202x", "MLE202"),
        ("zzz", "%mlee_check lists"),
        ("", "%mlee_check lists"),
        ("x" * 10_000, "%mlee_check lists"),
        ("a\nb", "is not a rule"),
    ],
)
def test_an_unknown_rule_is_answered_with_the_nearest(typed: str, hint: str) -> None:
    with pytest.raises(MleeError) as refused:
        find_rule(typed)
    assert hint in str(refused.value)
    assert len(str(refused.value)) < 200
    assert "\n" not in str(refused.value)


def test_the_folder_is_walked_once() -> None:
    assert rules() is rules()
    assert len(rules()) == len(list(discovery.Path(discovery.__file__).parent.rglob("mle*.py")))


def test_the_notebooks_rules_are_the_same_rules_and_no_others() -> None:
    seen = evidence(used=OVER)
    alone = asking.check_notebook_rules(seen, trust=False)
    assert [a.rule for a in alone] == [rule.code for rule in rules() if rule.notebook]
    assert "MLE705" in [a.rule for a in alone]
    assert alone == tuple(a for a in check_all(seen, trust=False) if find_rule(a.rule).notebook)
    broken = replace(seen, notebook=1)  # type: ignore[arg-type]
    assert all(a.outcome is Outcome.NOT_APPLICABLE for a in asking.check_notebook_rules(broken))
    with pytest.raises(Exception, match="int"):
        asking.check_notebook_rules(broken, trust=False)


def test_a_preview_waits_to_be_switched_on() -> None:
    for rule in (rule for rule in rules() if rule.preview):
        for setting in ({}, {"preview": False}, {"preview": "yes"}, "preview"):
            answer = of(rule.code, check_all(evidence(settings={rule.name: setting}), trust=False))
            assert answer.outcome is Outcome.NOT_APPLICABLE
            assert answer.message == "a preview, off by default"
            assert answer.remedy == f"Switch it on: [tool.mlee.rules.{rule.name}] preview = true"
        answer = of(rule.code, check_all(evidence(settings={rule.name: {"preview": True}}), trust=False))
        assert "preview" not in answer.message


def test_one_rule_asked_alone_says_what_the_records_ignore() -> None:
    ignore = Ignore(rule="MLE103", because="x")
    seen = evidence(used=OVER, ignores=[ignore])
    answer = asking.ask("time-over", seen)
    assert answer.outcome is Outcome.FINDING
    assert asking.muted(answer, seen) == replace(answer, outcome=Outcome.IGNORED, ignored=ignore)
    assert asking.muted(answer, evidence(used=OVER)) == answer
    with pytest.raises(MleeError):
        asking.ask("no such rule", seen)
    broken = replace(evidence(decision=decided("svm")), twins=None)  # type: ignore[arg-type]
    assert asking.ask("MLE403", broken).outcome is Outcome.NOT_APPLICABLE


def test_the_first_of_two_ignores_of_a_rule_holds() -> None:
    first, second = Ignore(rule="MLE103", because="x"), Ignore(rule="time-over", because="y")
    assert of("MLE103", check_all(evidence(used=OVER, ignores=[first, second]), trust=False)).ignored == first
