"""What holds for every rule: its form, its words, and that it answers whatever it is shown."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mlee_jupyter.guardrails as guardrails
from mlee_jupyter.domain import (
    Alike,
    Candidate,
    CandidateState,
    CellIgnore,
    CellSeen,
    Charter,
    Definition,
    Estimated,
    Evidence,
    Extension,
    Finding,
    Giveaway,
    Ignore,
    Judgement,
    Learning,
    Level,
    ListSeen,
    NameSeen,
    NotebookFacts,
    Outcome,
    Place,
    Population,
    Rule,
    RunOutcome,
    SameValue,
    SampleFacts,
    SharedRows,
    Slice,
    Step,
    TimeOrder,
    Verdict,
)
from mlee_jupyter.guardrails import check_all, find_rule, index, page, rules
from mlee_jupyter.session.verbs import every_verb
from tests import builders
from tests.builders import NOW, evidence

ROOT = Path(__file__).parents[2]
PACKAGE = Path(guardrails.__file__).parent
PARTS = ("What it sees: ", "Why it misleads: ", "What to do: ", "Reference: ")
LINE = 130  # characters of a message with names of ordinary length
COMMAND = re.compile(r"%{1,2}(mlee\w*)(?: (\w+))?")
VERBS = {"start", "status", "extend", "pause", "resume", "park", "drop", "change", "ignore", "decide", "close", "list"}
VERBS |= {"shown", "costs", "plan"}
every_rule = pytest.mark.parametrize("rule", rules(), ids=lambda rule: rule.code)


def told() -> Iterator[tuple[Rule, Finding]]:
    """Every answer of every rule's own table of cases."""
    for rule in rules():
        module = import_module(f"tests.guardrails.test_{_file_of(rule)}")
        for _, seen, _ in module.CASES.values():
            yield rule, rule.check(seen)


def _file_of(rule: Rule) -> str:
    return f"{rule.code}_{rule.name}".lower().replace("-", "_")


# ---------------------------------------------------------------- form


@every_rule
def test_file_code_and_name_agree_and_a_test_stands_beside(rule: Rule) -> None:
    assert len(list(PACKAGE.rglob(f"{_file_of(rule)}.py"))) == 1
    assert (Path(__file__).parent / f"test_{_file_of(rule)}.py").is_file()
    assert re.fullmatch(r"MLE\d{3}", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.name)


@every_rule
def test_the_page_has_its_four_parts_in_order(rule: Rule) -> None:
    assert rule.page.startswith(f"{rule.code} {rule.name}: ")
    paragraphs = rule.page.split("\n\n")
    assert paragraphs[0].endswith(".")
    assert "\n" not in paragraphs[0]
    starts = [next((part for part in PARTS if p.startswith(part)), None) for p in paragraphs[1:]]
    assert [start for start in starts if start] == list(PARTS)
    assert all(len(line) <= 120 for line in rule.page.splitlines())


@every_rule
def test_the_page_prints_and_tells_how_to_mute(rule: Rule) -> None:
    text = page(rule)
    assert text.isprintable() or text.replace("\n", "").isprintable()
    assert rule.page in text
    assert f"%mlee_experiment ignore {rule.name}" in text
    assert "!" not in text


@every_rule
def test_every_table_has_a_firing_a_silent_case_and_the_honest_experiment(rule: Rule) -> None:
    table = import_module(f"tests.guardrails.test_{_file_of(rule)}").CASES
    outcomes = {outcome for outcome, _, _ in table.values()}
    assert {Outcome.FINDING, Outcome.OK} <= outcomes
    assert table["an honest experiment"][0] is not Outcome.FINDING


def test_codes_and_names_are_taken_once() -> None:
    assert len({rule.code for rule in rules()}) == len({rule.name for rule in rules()}) == len(rules())
    assert [rule.code for rule in rules()] == sorted(rule.code for rule in rules())


def test_each_rule_has_a_line_in_the_changelog() -> None:
    pages = [ROOT / "CHANGELOG.md", *(ROOT / "changelog.d").glob("*.md")]
    changelog = "\n".join(page.read_text("utf-8") for page in pages)
    assert [rule.code for rule in rules() if f"{rule.code} {rule.name}" not in changelog] == []


def test_the_index_is_renewed() -> None:
    assert (ROOT / "docs" / "rules.md").read_text("utf-8") == index(), (
        "renew it: python -m mlee_jupyter.guardrails > docs/rules.md"
    )


def test_the_index_is_what_the_command_prints() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "mlee_jupyter.guardrails"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert run.stdout == index()


# ---------------------------------------------------------------- words


def test_every_answer_is_one_short_line_and_every_finding_has_a_way_out() -> None:
    for rule, answer in told():
        assert len(answer.message) <= LINE, answer.message
        assert len(answer.remedy) <= 160, answer.remedy
        assert "\n" not in answer.message + answer.remedy
        assert "!" not in answer.message + answer.remedy
        assert not re.search(r"\bp[ -]?value|\bp ?[<=]|significan", answer.message + answer.remedy)
        assert (answer.rule, answer.name) == (rule.code, rule.name)
        if answer.outcome is Outcome.FINDING:
            assert answer.message
            assert answer.remedy
            assert answer.severity >= 1
        if answer.outcome is Outcome.NOT_APPLICABLE:
            assert answer.message
            assert answer.remedy


def test_every_command_named_is_one_that_can_be_typed() -> None:
    named = set()
    for _, answer in told():
        for magic, word in COMMAND.findall(f"{answer.message} {answer.remedy}"):
            named.add(magic)
            assert magic in ("mlee_experiment", "mlee_candidate", "mlee_check", "mlee_scoreboard")
            assert magic != "mlee_experiment" or word in VERBS, answer.remedy
    assert named >= {"mlee_experiment", "mlee_candidate", "mlee_check"}


def test_every_verb_named_is_one_of_the_magics() -> None:
    assert set(every_verb.verbs()) >= VERBS


def test_the_honest_experiment_has_no_findings_before_or_after_its_decision() -> None:
    for decision in (None, builders.decided("svm"), builders.decided(None)):
        # before a decision the target is ahead; a decision for a candidate that missed it would be a finding
        target = builders.charter().must_reach if decision is None else 0.9
        seen = evidence(decision=decision, agreed=builders.charter(must_reach=target))
        assert [a for a in check_all(seen, trust=False) if a.outcome is Outcome.FINDING] == []


# ---------------------------------------------------------------- whatever it is shown


NAMES = [
    "svm",
    "two words",
    "<script>alert(1)</script>",
    "a\nb\r\u2028c",
    "\u202eevil",
    "🦜" * 50,
    "x" * 10_000,
    '"; rm',
    "",
]
numbers = st.one_of(
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([0.0, 1.0, 0.5, -1.0, 1e-300, 1e300, 0.02]),
)
counts = st.one_of(st.integers(0, 100), st.just(10**12))
maybe = lambda strategy: st.one_of(st.none(), strategy)  # noqa: E731
times = st.sampled_from([timedelta(), timedelta(hours=1), timedelta(days=10_000), timedelta(hours=-1)])
names = st.sampled_from(NAMES)


@st.composite
def candidates(draw: st.DrawFn) -> Candidate:
    return builders.candidate(draw(names), draw(maybe(st.integers(-5, 5))), state=draw(st.sampled_from(CandidateState)))


@st.composite
def judgements(draw: st.DrawFn) -> Judgement:
    lines = [
        replace(
            builders.standing(draw(names), draw(numbers), draw(st.sampled_from(Verdict))),
            low=draw(numbers),
            high=draw(numbers),
            cost_bound=draw(numbers),
            rows_needed=draw(maybe(counts)),
            simplicity=draw(maybe(st.integers(-5, 5))),
        )
        for _ in range(draw(st.integers(0, 3)))
    ]
    made = builders.judgement(lines)
    return replace(
        made,
        metric=draw(st.sampled_from(["accuracy", "f1_macro", "neg_log_loss", "x" * 10_000])),
        higher_is_better=draw(st.booleans()),
        bounded=draw(st.booleans()),
        n=draw(counts),
        truth=draw(maybe(st.sampled_from([builders.TRUTH, "other"]))),
        useful_gain=draw(numbers),
        useful_gain_assumed=draw(st.booleans()),
        winner=draw(maybe(names)),
        recommended=draw(maybe(names)),
        rows_needed=draw(maybe(counts)),
        rows_needed_for_gain=draw(maybe(counts)),
        smallest_gain=draw(maybe(numbers)),
        flattery=draw(numbers),
        looks=draw(counts),
        smallest_class=draw(maybe(counts)),
        baselines=draw(
            st.sampled_from([(), (builders.baseline(0.9),), (builders.baseline(float("nan"), beats=tuple(NAMES)),)])
        ),
    )


@st.composite
def charters(draw: st.DrawFn) -> Charter:
    return Charter(
        question=draw(maybe(names)),
        metric=draw(maybe(st.sampled_from(["accuracy", "roc_auc", "x" * 10_000]))),
        useful_gain=draw(maybe(numbers)),
        must_reach=draw(maybe(numbers)),
        population=draw(maybe(st.just(Population()))),
    )


ODD_WORDS = st.sampled_from([*NAMES, "X_test", "X_train", "s", "StandardScaler", "Ridge", "df", "secret", "MLE702"])
some = lambda strategy: st.lists(strategy, max_size=4).map(tuple)  # noqa: E731
places = st.builds(Place, counts, counts, ODD_WORDS, ODD_WORDS)
steps = st.builds(
    Step,
    counts,
    counts,
    st.sampled_from(["split", "fit", "use", "forecast", "assign", "update", "odd"]),
    some(ODD_WORDS),
    some(ODD_WORDS),
    ODD_WORDS,
    ODD_WORDS,
    st.sampled_from(["fit", "fit_transform", "score", ""]),
)
notebooks = st.builds(
    NotebookFacts,
    path=ODD_WORDS,
    cells=some(st.builds(CellSeen, counts, maybe(counts), some(st.tuples(counts, ODD_WORDS)), counts, st.booleans())),
    names=some(
        st.builds(NameSeen, counts, counts, ODD_WORDS, st.sampled_from(["reads", "binds", "may bind", "deletes"]))
    ),
    known_names=st.frozensets(ODD_WORDS, max_size=2),
    open_names=st.booleans(),
    definitions=some(st.builds(Definition, counts, counts, ODD_WORDS, ODD_WORDS, some(ODD_WORDS), st.booleans())),
    lists=some(st.builds(ListSeen, counts, counts, some(ODD_WORDS))),
    constants=some(places),
    paths=some(places),
    secrets=some(places),
    randoms=some(places),
    seeds=some(places),
    steps=some(steps),
    same_values=some(st.builds(SameValue, counts, counts, ODD_WORDS, counts, ODD_WORDS, ODD_WORDS)),
    ignores=some(st.builds(CellIgnore, counts, counts, ODD_WORDS, ODD_WORDS)),
)


samples = st.builds(
    SampleFacts,
    rows=counts,
    shared=maybe(
        st.builds(
            SharedRows,
            test_rows=counts,
            train_rows=counts,
            shared=counts,
            coarse=counts,
            same_label=counts,
            groups_shared=counts,
            groups=counts,
            looked_at=numbers,
        )
    ),
    order=maybe(st.builds(TimeOrder, train_last=ODD_WORDS, test_first=ODD_WORDS, late=counts, train_rows=counts)),
    alike=maybe(some(st.builds(Alike, by=ODD_WORDS, kinds=counts, n=counts, effective_n=numbers, of=ODD_WORDS))),
    slices=maybe(some(st.builds(Slice, what=ODD_WORDS, column=ODD_WORDS, words=ODD_WORDS, share=numbers))),
    giveaway=maybe(st.builds(Giveaway, column=ODD_WORDS, score=numbers, guessing=numbers, n=counts)),
    learning=some(
        st.builds(
            Learning,
            candidate=names,
            small=counts,
            large=counts,
            gain=numbers,
            low=numbers,
            high=numbers,
            score=numbers,
        )
    ),
)


@st.composite
def odd_evidence(draw: st.DrawFn) -> Evidence:
    people = draw(st.lists(candidates(), max_size=4))
    lines = [
        builders.result(
            draw(names),
            run_id=draw(counts),
            variant_id=draw(st.integers(0, 3)),
            outcome=draw(st.sampled_from([o.value for o in RunOutcome])),
            metric=draw(maybe(st.just("accuracy"))),
            kind=draw(maybe(st.sampled_from(["predictions", "folds", "number"]))),
            value=draw(maybe(numbers)),
            n=draw(maybe(counts)),
            truth=draw(maybe(st.sampled_from([builders.TRUTH, "other"]))),
            claimed=draw(maybe(numbers)),
            stage=draw(maybe(st.just("development"))),
            answer_seconds=draw(maybe(numbers)),
        )
        for _ in range(draw(st.integers(0, 4)))
    ]
    known = draw(
        st.sampled_from(
            [
                None,
                builders.truth(0, {}),
                builders.truth(60, {"": 0, "x" * 10_000: 60}),
                builders.truth(9, kind="numbers"),
            ]
        )
    )
    agreed = draw(charters())
    seen = evidence(
        agreed=agreed,
        budget=draw(maybe(times)),
        used=draw(times),
        extensions=[Extension(by=by, because="", at=NOW) for by in draw(st.lists(times, max_size=3))],
        decision=draw(maybe(st.builds(builders.decided, maybe(names)))),
        candidates=people,
        results=lines,
        judgements=draw(st.lists(judgements(), max_size=2)),
        truths=[known] if known else [],
        declared_truth=known,
        coverage=draw(maybe(st.builds(builders.coverage, counts, st.integers(-1, 20), maybe(counts), maybe(numbers)))),
        versions=[
            builders.version(k, draw(charters()), NOW, draw(maybe(names))) for k in range(draw(st.integers(0, 3)))
        ],
        active={name: draw(times) for name in draw(st.lists(names, max_size=2))},
        ignores=[
            Ignore(
                rule=draw(st.sampled_from(["MLE201", "twins", "x" * 10_000, "", "MLE790", "MLE791"])),
                because=draw(maybe(names)),
                until=draw(maybe(st.sampled_from([date.min, NOW.date(), date.max]))),
                where=draw(st.sampled_from(["config", "experiment"])),
            )
            for _ in range(draw(st.integers(0, 2)))
        ],
        twins=draw(st.lists(st.tuples(names, names), max_size=2)),
        strangers={name: draw(numbers) for name in draw(st.lists(names, max_size=2))},
        settings=draw(
            st.sampled_from(
                [
                    {},
                    {"tuning-too-early": 7},
                    {"twins": {"off": "yes"}},
                    {"tuning-too-early": {"limit": -1}},
                    {
                        "huge-cell": {"preview": True, "limit": 0},
                        "seeded-from-test": {"preview": True},
                        "still-learning": {"preview": True},
                        "uneven-effort": {"preview": True},
                    },
                ]
            )
        ),
    )
    planned = st.builds(
        Estimated, first_try=maybe(times), build=maybe(times), simplicity=maybe(counts), gain=maybe(numbers)
    )
    seen = replace(
        seen,
        notebook=draw(maybe(notebooks)),
        sample=draw(maybe(samples)),
        estimates=draw(st.dictionaries(names, planned, max_size=3)),
    )
    return replace(seen, efforts={}) if draw(st.booleans()) else seen


@given(odd_evidence())
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_rule_answers_whatever_it_is_shown(seen: Evidence) -> None:
    answers = check_all(seen, trust=False)
    assert repr(answers) == repr(check_all(seen, trust=False)), "the same evidence, another answer"
    assert [answer.rule for answer in answers] == [rule.code for rule in rules()]
    for answer in answers:
        words = answer.message + answer.remedy
        assert len(words) <= 420
        assert words.isprintable()
        assert isinstance(answer.level, Level)
        assert isinstance(answer.outcome, Outcome)
        assert not (answer.outcome is Outcome.FINDING and not answer.severity >= 1), answer


def test_a_rule_does_not_change_what_it_sees() -> None:
    seen = evidence()
    before = repr(seen)
    check_all(seen, trust=False)
    assert repr(seen) == before


@pytest.mark.parametrize(
    "typed", ["MLE201", "mle201", "201", "test-set-too-small", "Test set too small", "test_set_too_small "]
)
def test_a_rule_is_found_by_what_people_type(typed: str) -> None:
    assert find_rule(typed).code == "MLE201"
