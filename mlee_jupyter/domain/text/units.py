"""What the candidates of a board were judged on, in words: cases, folds, or scores whose rows are gone."""

from __future__ import annotations

from mlee_jupyter.domain import Judgement

from .names import count, cut, label

WITHOUT_ROWS = ("folds", "scores")


def how_many(judgement: Judgement) -> str:
    """ "360 test cases", "5 folds", "300 test cases or more, not kept"."""
    if judgement.by == "folds":
        return count(judgement.n, "fold")
    cases = count(judgement.n, "test case")
    if judgement.by == "scores":
        return f"{cases} or more, not kept"
    worth_ = worth(judgement)
    return f"{cases}, {worth_}" if worth_ else cases


def worth(judgement: Judgement) -> str:
    """ "worth about 59 independent ones"; empty where every row stands alone."""
    effective = judgement.effective_n
    if effective is None or judgement.n < 1 or effective != effective:
        return ""
    return f"worth about {max(1, round(effective)):,} independent ones"


def source(judgement: Judgement | None, truth: str | None) -> str:
    """What sets a board apart from the others: its truth, or that it has none."""
    by = judgement.by if judgement else "rows"
    if by == "folds":
        return "by fold scores"
    if by == "scores":
        return "by scores without their rows"
    return f"truth {cut(label(truth), 60) if truth else 'without a name'}"


def cases(judgement: Judgement) -> str:
    """In a sentence: "360 cases", "5 folds"."""
    return count(judgement.n, "fold" if judgement.by == "folds" else "case")
