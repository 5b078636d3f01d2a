"""The shelf experiment as a board should show it: a row of every state, findings of every kind."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from mlee_jupyter.domain import (
    Baseline,
    Candidate,
    CandidateState,
    Charter,
    CharterVersion,
    Effort,
    Evidence,
    Experiment,
    Extension,
    Finding,
    Ignore,
    Judgement,
    Level,
    Outcome,
    Records,
    Result,
    ResultKind,
    RunOutcome,
    Standing,
    Truth,
    Verdict,
    Wear,
)

OPENED = datetime(2026, 5, 4, 9, 12, tzinfo=UTC)
NOW = datetime(2026, 5, 4, 17, 40, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TRUTH = Truth(fingerprint="a1b2c3", name="y_test", n=360, kind="labels", n_classes=10)

# name, simplicity, state, minutes, variants, failed runs
_CANDIDATES = (
    ("svm", 3, CandidateState.ACTIVE, 55, 21, 0),
    ("knn", 2, CandidateState.ACTIVE, 10, 1, 0),
    ("boosting", 4, CandidateState.ACTIVE, 25, 2, 1),
    ("forest", 3, CandidateState.ACTIVE, 15, 1, 0),
    ("mlp", 4, CandidateState.PARKED, 30, 2, 0),
    ("logreg", 2, CandidateState.ACTIVE, 20, 1, 0),
    ("centroid", 1, CandidateState.ACTIVE, 5, 1, 0),
    ("stacking", 5, CandidateState.ACTIVE, 40, 1, 0),
    ("a colleague's", None, CandidateState.ACTIVE, 1, 1, 0),
    ("cnn", 5, CandidateState.ACTIVE, 12, 0, 2),
    ("by hand", 1, CandidateState.PLANNED, 0, 0, 0),
    ("transformer", 5, CandidateState.DROPPED, 0, 0, 0),
)

# name, variant, score, low, high, verdict, cost bound, behind, low, high, rows needed, disagreements, answer in ms
_STANDINGS = (
    ("svm", "C=10", 0.9944, 0.9800, 0.9985, Verdict.AS_GOOD, 0.003, 0.0, 0.0, 0.0, None, None, 0.05),
    ("knn", "3 neighbours", 0.9889, 0.9718, 0.9957, Verdict.AS_GOOD, 0.0178, 0.0056, -0.002, 0.0132, 2790, 4, 0.33),
    ("boosting", "default", 0.9833, 0.9641, 0.9923, Verdict.CANT_TELL, 0.0272, 0.0111, 0.001, 0.022, 870, 6, 0.13),
    ("forest", "300 trees", 0.9750, 0.9532, 0.9868, Verdict.WORSE, 0.0401, 0.0194, 0.009, 0.0401, None, 9, 0.30),
    ("mlp", "default", 0.9722, 0.9496, 0.9848, Verdict.WORSE, 0.044, 0.0222, 0.0072, 0.0372, None, 10, 0.02),
    ("logreg", "default", 0.9694, 0.9461, 0.9828, Verdict.WORSE, 0.048, 0.025, 0.0092, 0.0408, None, 11, 0.01),
    ("centroid", "default", 0.8972, 0.8616, 0.9245, Verdict.WORSE, 0.13, 0.0972, 0.0662, 0.1282, None, 36, 0.002),
)


def _standing(line: tuple) -> Standing:
    name, variant, score, low, high, verdict, bound, behind, behind_low, behind_high, needed, differ, _ = line
    return Standing(
        candidate=name,
        variant=variant,
        score=score,
        low=low,
        high=high,
        verdict=verdict,
        in_set=verdict is not Verdict.WORSE,
        p_value=0.4,
        cost_bound=bound,
        behind=behind,
        behind_low=behind_low,
        behind_high=behind_high,
        rows_needed=needed,
        disagreements=differ,
        simplicity=next(c[1] for c in _CANDIDATES if c[0] == name),
    )


def judgement() -> Judgement:
    return Judgement(
        metric="accuracy",
        higher_is_better=True,
        bounded=True,
        n=360,
        truth=TRUTH.fingerprint,
        alpha=0.05,
        useful_gain=0.02,
        useful_gain_assumed=False,
        standings=tuple(_standing(line) for line in _STANDINGS),
        best_set=("svm", "knn", "boosting"),
        leader="svm",
        winner=None,
        recommended="knn",
        rows_needed=2790,
        rows_needed_for_gain=340,
        smallest_gain=0.019,
        flattery=0.0021,
        looks=29,
        leader_corrected=0.9923,
        leader_bound=0.9751,
        wear=Wear(
            looks=41,
            steered=38,
            experiments=2,
            notebooks=3,
            expected_luck=0.021,
            budget=0.0301,
            one_look=0.0072,
            gain=0.0125,
        ),
        smallest_class=27,
        baselines=(
            Baseline(
                name="most frequent",
                score=0.1028,
                low=0.0754,
                high=0.1385,
                beaten_by=tuple(line[0] for line in _STANDINGS),
                beats=(),
            ),
        ),
    )


def result(name: str, run: int, **changes: object) -> Result:
    line = Result(
        run_id=run,
        candidate=name,
        variant_id=run,
        variant="default",
        outcome=RunOutcome.OK.value,
        started_us=int(OPENED.timestamp() * 1e6) + run,
        duration_us=2_000_000,
        stage=None,
        answer_seconds=None,
        metric="accuracy",
        kind=ResultKind.PREDICTIONS.value,
        value=0.9,
        n=360,
        truth=TRUTH.fingerprint,
        rows=f"rows-{run}",
        df=None,
        claimed=None,
        note=None,
    )
    return line._replace(**changes)


def results() -> tuple[Result, ...]:
    lines = [
        result(name, i, variant=variant, value=score, answer_seconds=ms / 1000)
        for i, (name, variant, score, *_, ms) in enumerate(_STANDINGS, 1)
    ]
    lines.append(result("stacking", 20, kind="folds", value=0.978, n=5, truth=None, rows="folds"))
    lines.append(result("a colleague's", 21, kind="number", value=0.991, n=None, truth=None, rows=None))
    failed = {"outcome": "error", "metric": None, "kind": None, "value": None, "truth": None, "rows": None}
    lines.append(result("boosting", 22, **failed, note="KeyboardInterrupt"))
    lines.append(result("cnn", 23, **failed, note="RuntimeError: mat1 and mat2 shapes cannot be multiplied"))
    return tuple(lines)


def findings() -> list[Finding]:
    def found(rule: str, name: str, level: Level, message: str, remedy: str, **facts: object) -> Finding:
        return Finding(
            rule=rule, name=name, level=level, outcome=Outcome.FINDING, message=message, remedy=remedy, facts=facts
        )

    return [
        found(
            "MLE302",
            "tuning-too-early",
            Level.WARNING,
            "21 variants of svm, 1 or 2 of the others. 20 random tries already reach the best tenth of settings "
            "88 times in 100",
            "Tuning belongs after the choice: %mlee_experiment park svm",
            variants=21,
            limit=20,
        ),
        found(
            "MLE203",
            "population-missed",
            Level.ERROR,
            "Your data has 2 of the 10 kinds of product. A perfect score here could be 20% in the shop",
            "Add the other 8, or narrow the question to these 2",
            present=2,
            expected=10,
        ),
        found(
            "MLE101",
            "half-gone",
            Level.ADVICE,
            "Half the time is used; by hand is untouched",
            "Try it next, or drop it: %mlee_experiment drop 'by hand' --because ...",
            share=0.61,
        ),
        Finding(
            rule="MLE201",
            name="test-set-too-small",
            level=Level.WARNING,
            outcome=Outcome.IGNORED,
            message="360 test cases can tell candidates apart only if they differ by about 2.4 points; you need 2",
            ignored=Ignore(rule="MLE201", because="no more labels this year", until=date(2026, 12, 1)),
        ),
        Finding(
            rule="MLE405",
            name="below-baseline",
            level=Level.WARNING,
            outcome=Outcome.OK,
            message="every candidate beats most frequent",
        ),
        Finding(
            rule="MLE202",
            name="target-uncertain",
            level=Level.WARNING,
            outcome=Outcome.NOT_APPLICABLE,
            message="no candidate is chosen yet",
            remedy="Decide first: %mlee_experiment decide NAME",
        ),
    ]


def charter() -> Charter:
    return Charter(
        question="Can a camera tell which product is on the shelf?",
        decision="Build the shelf camera, or keep the weekly manual count",
        owner="store operations",
        metric="accuracy",
        useful_gain=0.02,
        must_reach=0.95,
        candidates=("knn", "svm", "forest", "by hand"),
    )


def evidence(**changes: object) -> Evidence:
    """The whole experiment; named parts of the evidence can be replaced."""
    agreed = charter()
    records = Records(
        experiment=Experiment(
            id=1,
            name="shelf",
            charter=agreed,
            budget=timedelta(hours=5),
            deadline=date(2026, 5, 8),
            opened_at=OPENED,
            truth_name="y_test",
            extensions=(Extension(by=timedelta(hours=1), because="labels came late", at=NOW),),
        ),
        charters=(CharterVersion(version=1, charter=agreed, at=OPENED, because=None),),
        candidates=tuple(
            Candidate(id=i, name=name, simplicity=simplicity, state=state, planned=name == "by hand")
            for i, (name, simplicity, state, *_) in enumerate(_CANDIDATES, 1)
        ),
        results=results(),
        truths={TRUTH.fingerprint: TRUTH},
        spans=(),
        pauses=(),
        ignores=(),
        trace=(),
    )
    efforts = {
        name: Effort(
            variants=variants,
            runs=variants + failed,
            failed_runs=failed,
            active=minutes * MINUTE,
            last_at=NOW,
        )
        for name, _, _, minutes, variants, failed in _CANDIDATES
    }
    whole = {
        "now": NOW,
        "records": records,
        "used": 220 * MINUTE,
        "efforts": efforts,
        "judgements": (judgement(),),
        "declared_truth": TRUTH,
    }
    return Evidence(**{**whole, **changes})
