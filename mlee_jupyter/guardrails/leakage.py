"""How values of the test rows reach a fit, read from a notebook's steps; shared by the rules on leakage."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from mlee_jupyter.domain import FitSeen, SearchSeen, Step

# Transformers that learn from the rows they are shown.
LEARNS = re.compile(
    r"^(\w*Scaler|\w*Imputer|PCA|KernelPCA|IncrementalPCA|SparsePCA|TruncatedSVD|FastICA|NMF|FactorAnalysis|PowerTransformer"
    r"|QuantileTransformer|KBinsDiscretizer|TfidfVectorizer|TfidfTransformer|CountVectorizer|ColumnTransformer|LatentDirichletAllocation)$"
)
# Transformers that look at the target: most of what they learn is lost to an honest test.
LOOKS_AT_TARGET = re.compile(
    r"^(SelectKBest|SelectPercentile|SelectFpr|SelectFdr|SelectFwe|GenericUnivariateSelect|RFE|RFECV|SelectFromModel"
    r"|SequentialFeatureSelector|BorutaPy|TargetEncoder|MeanEncoder|LeaveOneOutEncoder|CatBoostEncoder|JamesSteinEncoder"
    r"|MEstimateEncoder|WOEEncoder|GLMMEncoder|SMOTE\w*|ADASYN|BorderlineSMOTE|SVMSMOTE|RandomOverSampler|LinearDiscriminantAnalysis)$"
)
SUPERVISED = re.compile(
    r"^(\w*Classifier|\w*Regressor|\w*Regression|\w*RegressionCV|SVC|SVR|LinearSVC|LinearSVR|NuSVC|\w*NB|Lasso|LassoCV|Ridge|RidgeCV"
    r"|ElasticNet|ElasticNetCV|Perceptron)$"
)
_PIPELINE = "Pipeline of "
_MEAN = "the mean of "
_COPIES = frozenset({"resample", "sample", "concat", "repeat"})
_TEST = re.compile(r"(?<![a-z])test(?![a-z])", re.IGNORECASE)
_ANSWERS = re.compile(r"y(?![a-z])|labels?|targets?|answers?", re.IGNORECASE)
_TEST_WORD = re.compile(r"(?<![A-Za-z])test(?![a-z])")
_TRAIN = re.compile(r"train|trn|fit", re.IGNORECASE)


def is_test(name: str) -> bool:
    """Whether a name says that it holds test rows: X_test, y_test, test_set, xtest does not."""
    return bool(_TEST.search(name.replace("_", " "))) and not _TRAIN.search(name)


class Leak(NamedTuple):
    """A step that learned from rows it should not have seen."""

    step: Step
    words: str


def fits_on_test(steps: Sequence[Step]) -> Iterator[Leak]:
    """Fits on the test rows that surely spoil the comparison.

    Two shapes count. A transformer is fitted on the training rows and again on the test rows, which are then scaled by
    rules of their own: the names differ in nothing but train and test. A model that is supervised is fitted on the
    test rows with their answers and then judged on the same rows.
    """
    fitted: dict[str, set[tuple[str, ...]]] = {}
    for place, step in enumerate(steps):
        if step.what != "fit" or not step.reads:
            continue
        if LEARNS.match(step.maker) and step.method in ("fit", "fit_transform"):
            twin = tuple(_TEST_WORD.sub("train", name) for name in step.reads)
            of_test = is_test(step.reads[0]) and not any(_TRAIN.search(name) for name in step.reads)
            if of_test and twin in fitted.get(step.receiver, ()):
                yield Leak(step, f"{step.maker} is fitted on {step.reads[0]} after {twin[0]}")
            fitted.setdefault(step.receiver, set()).add(step.reads)
        elif SUPERVISED.match(step.maker) and len(step.reads) >= 2 and all(is_test(name) for name in step.reads):
            if not _judged_after(steps[place + 1 :], step):
                continue
            yield Leak(step, f"{step.maker} is fitted on {step.reads[0]} and then judged on it")


def rules_of_test(steps: Sequence[Step], on_test: Collection[tuple[int, int]]) -> Iterator[Leak]:
    """Transformers that learn from test rows, and from whose output a model learns or predicts; a picture does no harm.

    Args:
        steps: in the notebook's order.
        on_test: cell, line of what learns from rows that are kept for judging.
    """
    learned: dict[str, Step] = {}  # the transformer, and what it made
    grouped: dict[str, Step] = {}  # models fitted without answers on what it made: clusters of test rows
    for step in steps:
        maker = LEARNS.match(step.maker) or LOOKS_AT_TARGET.match(step.maker)
        if step.what == "fit" and maker and (step.cell, step.line) in on_test and not _ANSWERS.match(step.reads[0]):
            learned |= dict.fromkeys((step.receiver, *step.makes), step)
            continue
        carried = next((learned[name] for name in step.reads if name in learned), None)
        if step.what == "fit" and step.receiver in learned:
            learned.pop(step.receiver)  # it learns anew
        if step.what == "fit":
            for holder in (step.receiver, *step.makes):
                grouped.pop(holder, None)
                if carried is not None and not step.answers:
                    grouped[holder] = carried
        deed = _deed_with_rows(step)
        if carried is not None and deed and grouped.get(step.receiver) is not carried:
            yield Leak(carried, f"{carried.maker} is fitted on {carried.reads[0]}, and a model {deed} what it gives")
            learned = {name: other for name, other in learned.items() if other is not carried}
        elif step.what == "assign":
            for name in step.makes:
                if carried is not None:
                    learned[name] = carried
                elif name in learned and learned[name].makes != step.makes:
                    learned.pop(name)


def _deed_with_rows(step: Step) -> str:
    """What a step does with the rows it is given, where that is harmed by rules of their own; empty: nothing."""
    if step.what == "fit" and step.answers:
        return "learns from"
    if step.what == "use" and step.method in ("score", "evaluate"):
        return "is judged on"
    return "predicts from" if step.what == "use" and step.method in ("predict", "predict_proba") else ""


def _judged_after(later: Sequence[Step], fit: Step) -> bool:
    holders = {fit.receiver, *fit.makes}
    for step in later:
        if step.what == "fit" and step.receiver in holders:
            return False
        if step.what in ("assign", "update") and fit.reads[0] in step.makes:
            return False
        if step.what == "use" and step.receiver in holders and step.reads[:1] == fit.reads[:1]:
            return step.method in ("predict", "predict_proba", "score", "evaluate", "decision_function")
    return False


class LeakPlace(NamedTuple):
    """Where a model learned from the rows it is judged on."""

    cell: int
    line: int
    words: str


def learns_from_its_test(fits: Sequence[FitSeen], searches: Sequence[SearchSeen]) -> Iterator[LeakPlace]:
    """Models that stop on, are chosen by, or are fitted on the very rows that judge them.

    Whoever is judged on other held-out rows as well is left in peace: the first ones were for choosing.
    """
    for fit in fits:
        judged = {rows.id: rows for rows in fit.judged if rows.test}
        for name, rows in (("has its rounds chosen by", fit.stops_on), ("has settings chosen by", fit.tuned_on)):
            if rows is not None and set(judged) == {rows.id}:
                yield LeakPlace(fit.cell, fit.line, f"{fit.model} {name} {rows.name} and is then judged on it")
                break
        else:
            if fit.on is not None and fit.has_answers and fit.on.test and set(judged) == {fit.on.id}:
                yield LeakPlace(fit.cell, fit.line, f"{fit.model} is fitted on {fit.on.name} and then judged on it")
            elif fit.on is not None and fit.has_answers:
                parts = [*judged.values(), *(rows for rows in fit.judged if rows.held == "part")]
                inside = next((rows for rows in parts if fit.on.id in rows.within), None)
                if inside is not None:
                    yield LeakPlace(
                        fit.cell,
                        fit.line,
                        f"{fit.model} is fitted on all of {fit.on.name}, then judged on {inside.name}",
                    )
    said = {
        fit.tuned_on.id for fit in fits if fit.tuned_on is not None and fit.tuned_on.id in {r.id for r in fit.judged}
    }
    for search in searches:
        kin = set(search.on.within)
        others = any(
            rows.test and rows.id != search.on.id and (kin & set(rows.within) or not rows.within)
            for fit in fits
            if (fit.cell, fit.line) > (search.cell, search.line)
            for rows in fit.judged
        )  # the tries were scored on one part, and what came of them is judged on another
        if search.on.test and search.reported and not others and search.on.id not in said:
            yield LeakPlace(
                search.cell,
                search.line,
                f"{search.objective} is the best of many tries on {search.on.name}",
            )


def fits_before_split(steps: Sequence[Step]) -> Iterator[tuple[Leak, bool]]:
    """Fits whose output is split afterwards, and whether they looked at the target or copied rows."""
    tainted: dict[str, tuple[Step, bool]] = {}
    fresh: set[str] = set()  # given a value by the fit of the very statement whose assignment follows
    said: set[tuple[int, int]] = set()
    for step in steps:
        if step.what == "fit":
            if (strong := _looks(step)) is not None and not any(_TRAIN.search(n) or is_test(n) for n in step.reads):
                for name in (step.receiver, *step.makes):
                    tainted[name] = (step, strong)
                fresh.update(step.makes)
        elif step.what in ("assign", "update"):
            carried = [tainted[name] for name in step.reads if name in tainted and _carries(step, tainted[name][0])]
            for name in step.makes:
                if carried:
                    tainted[name] = carried[0]
                elif step.what == "assign" and name not in fresh:
                    tainted.pop(name, None)
            fresh.clear()
        elif step.what == "split":
            for name in step.reads:
                if name in tainted:
                    source, strong = tainted[name]
                    if (source.cell, source.line) not in said:
                        said.add((source.cell, source.line))
                        yield Leak(source, f"{_deed(source)}, cell {step.cell} splits them"), strong
            for name in step.makes:
                tainted.pop(name, None)


def _looks(step: Step) -> bool | None:
    """Whether a fit looks at the target or copies rows; False: it only learns from rows; None: neither is sure."""
    if step.method == "look":
        return True
    parts = step.maker.removeprefix(_PIPELINE).split(", ") if step.maker.startswith(_PIPELINE) else [step.maker]
    if not all(LOOKS_AT_TARGET.match(part) or LEARNS.match(part) for part in parts):
        return None
    return any(LOOKS_AT_TARGET.match(part) for part in parts)


def _carries(step: Step, source: Step) -> bool:
    """Whether an assignment carries on what was learned: means by group only where they are put into the rows."""
    if not source.maker.startswith(_MEAN) or set(source.makes) & set(step.makes):
        return True
    return bool(step.method) or (step.what == "assign" and len(step.reads) == 1)


def _deed(step: Step) -> str:
    """What was done to all rows, in words."""
    if step.maker in _COPIES:
        return f"{step.maker} takes rows of {step.reads[0]} more than once"
    if step.maker.startswith(_MEAN):
        return f"{step.maker} is taken over all rows"
    if step.maker.startswith(_PIPELINE):
        parts = step.maker.removeprefix(_PIPELINE).split(", ")
        return f"{next((p for p in parts if LOOKS_AT_TARGET.match(p)), parts[0])} learns from all rows"
    return f"{step.maker} learns from all rows"


def starts_from_test(steps: Sequence[Step]) -> Iterator[Leak]:
    """Forecasts, and differences put back, that are given values of the test rows."""
    for step in steps:
        if step.what == "forecast":
            held = [name for name in step.reads if is_test(name)]
            if held:
                yield Leak(step, f"{step.method} is given {held[0]}")
