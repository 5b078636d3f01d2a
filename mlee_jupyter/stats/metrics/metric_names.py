"""What a metric is called, and what its name alone tells of its scores."""

from __future__ import annotations

from functools import cache

from mlee_jupyter.domain.errors import MleeError

from .catalogue import REGISTERED, metric_facts, metrics
from .traits import MetricFacts

_OTHER_SHARES = ("jaccard", "top_k_accuracy")  # bounded scores we do not judge by
_OTHER_OF_CLASSES = ("jaccard",)  # of these, what hangs on classes
_LOSSES = ("loss", "error", "deviance", "brier")


def known(metric: str | None) -> MetricFacts | None:
    """What the engine knows of a metric; None for a number of the user's own.

    Args:
        metric: any name; None: nobody named one.
    """
    return (REGISTERED.get(metric) or _known_facts(metric)) if metric else None


@cache
def _known_facts(metric: str) -> MetricFacts | None:
    try:
        return metric_facts(metric)
    except MleeError:
        return None


def metric_label(metric: str | None) -> str:
    """A metric's name in words: "ROC AUC", "balanced accuracy", "log loss".

    Args:
        metric: any name; None or "": nobody named one.
    """
    if not metric:
        return "score"
    facts = known(metric)
    return facts.label if facts else metric.removeprefix("neg_").replace("_", " ")


def is_bounded(metric: str | None) -> bool:
    """Whether a metric's scores lie in 0..1, by its name; a judgement's own word goes first. R² may be negative.

    Args:
        metric: any name; None: nobody named one.
    """
    if not metric:
        return False
    facts = known(metric)
    return facts.bounded if facts else metric.startswith(_OTHER_SHARES)


def is_higher_better(metric: str | None) -> bool:
    """The direction of a metric by its name, where nothing was judged yet.

    Args:
        metric: any name; None: nobody named one.
    """
    facts = known(metric)
    return facts.higher_is_better if facts else not any(word in (metric or "").split("_") for word in _LOSSES)


def without_minus(value: float | None, metric: str | None) -> float | None:
    """A score handed over as a number, as the board shows it: scikit-learn's scorers give a loss a minus sign.

    Args:
        value: the score; None: there is none.
        metric: any name; None: nobody named one.
    """
    facts = known(metric)
    if value is None or facts is None or facts.higher_is_better or facts.own is not None:
        return value
    return abs(value) if value < 0 else value


def target_as_shown(target: float | None, metric: str | None) -> float | None:
    """A target as the board shows the score: scikit-learn's neg_ scorers give a loss a minus sign.

    Args:
        target: the score to reach; None: there is none.
        metric: any name; None: nobody named one.
    """
    return without_minus(target, metric) if (metric or "").strip().lower().startswith("neg_") else target


def meant_in_points(key: str, value: float, label: str, sets: str = "=") -> MleeError:
    """The refusal of points where a share is meant: messages speak of points, what is typed of shares.

    Args:
        key: what was typed.
        value: what it was set to.
        label: the metric, in words.
        sets: the sign between them where it was typed.
    """
    said, remedy = f"{key} = {value:g}, but {label} lies between 0 and 1.", f"{key}{sets}{value / 100:g}"
    return MleeError(said, f"For {value:g} points write {remedy}.")


def may_be_loss(metric: str) -> bool:
    """Whether less may be better of a metric; one that nobody knows is asked by the words in its name.

    Args:
        metric: any name.
    """
    facts = known(metric)
    return not facts.higher_is_better if facts else any(word in metric for word in _LOSSES)


def counts_right_rows(metric: str | None) -> bool:
    """Whether a metric is the plain share of right rows: accuracy, and what is the same under another name.

    Args:
        metric: any name; None: nobody named one.
    """
    facts = known(metric)
    return facts is not None and facts.counts_right_rows


def is_about_classes(metric: str | None) -> bool:
    """Whether a metric looks at classes rather than at rows, so that the scarcest class limits what can be said.

    Args:
        metric: any name; None: nobody named one.
    """
    facts = known(metric)
    return (
        facts.hangs_on_classes
        if facts
        else (metric or "").startswith((*_names("hangs_on_classes"), *_OTHER_OF_CLASSES))
    )


def hangs_on_a_choice(metric: str | None) -> bool:
    """Whether the same answers have several scores in a metric, by the positive class or the averaging.

    Args:
        metric: any name; None: nobody named one.
    """
    facts, called = known(metric), (metric or "").removeprefix("neg_")
    if facts is not None and facts.own is None:
        return facts.hangs_on_a_choice
    return called.startswith((*_names("hangs_on_a_choice"), *_OTHER_OF_CLASSES))


@cache
def _names(trait: str) -> tuple[str, ...]:
    """The metrics that have a trait: a name that nobody knows may begin with one of them, as f1_of_us."""
    return tuple(name for name, facts in metrics().items() if getattr(facts, trait))
