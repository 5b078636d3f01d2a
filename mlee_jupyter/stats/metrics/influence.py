"""A metric as a mean over rows: its value, and what each row contributes to its error.

The influence values of a column have mean zero, and sum(psi^2) / (n (n - 1)) estimates the variance of the score;
so one covariance of influence values serves every metric. Everything here is turned so that higher is better.

Sources: row means and the delta method for ratios (Cramer 1946, 28.4); rankings, correlations and functions of the
user's own in their files.
"""

from __future__ import annotations

import numpy as np

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.stats.rows.columns import as_shares, shown

from .catalogue import MetricFacts
from .correlation import pearson_influence, spearman_influence
from .own import own_influence
from .ranking import auc_influence, average_precision_influence
from .scored import Scored
from .target import Target, refuse_other_type, refuse_places

EPSILON = float(np.finfo(np.float64).eps)  # scikit-learn's clip of probabilities
LARGEST = 1e60  # influence value: fourth powers are taken of it
SUM_TOLERANCE = 1e-3  # probabilities of single precision sum to 1 only roughly


def score(target: Target, rows: np.ndarray, are_scores: bool) -> Scored:
    """One candidate's canonical predictions (or scores) on a prepared truth.

    Args:
        target: from `prepare`.
        rows: a column, or an (n, classes) matrix whose columns follow the sorted labels; columns beyond them are of
            classes that the truth has none of.
        are_scores: probabilities or decision scores, rather than labels or numbers.

    Raises:
        MleeError: they do not fit the truth or the metric.
    """
    if len(rows) != target.n:
        raise MleeError(f"{len(rows):,} predictions for {target.n:,} rows of truth.", "Predict on the truth's rows.")
    facts = target.facts
    if facts.needs == "numbers":
        scored = _numbers(target, rows)
    elif facts.own is not None:
        value, psi, df = own_influence(facts.own, target.truth, rows, target.codes)
        scored = Scored(theta=facts.sign * value, psi=facts.sign * psi, df=df)
    elif facts.family in ("log_loss", "brier_score"):
        scored = _probabilities(target, rows, are_scores)
    elif facts.needs == "scores":
        scored = _ranking(target, rows)
    else:
        labels = _as_labels(target, rows, are_scores)
        scored = _accuracy(target, labels) if facts.is_accuracy else _classwise(target, labels)
    if scored.psi.dtype != bool and not _can_be_multiplied(scored):
        raise MleeError("The errors are too large for 64-bit numbers.", "Scale the truth and the predictions down.")
    return scored


def _can_be_multiplied(scored: Scored) -> bool:
    """Whether squares, and their sums over all rows, stay far from the greatest number there is."""
    return bool(np.isfinite(scored.theta)) and float(np.abs(scored.psi).max()) <= LARGEST >= abs(scored.theta)


# ---------------------------------------------------------------- shares of rows and of classes


def _accuracy(target: Target, labels: np.ndarray) -> Scored:
    refuse_other_type(target.truth, labels)
    refuse_places(target, labels)
    hits = np.asarray(labels == target.truth, dtype=bool)
    return Scored(theta=float(np.count_nonzero(hits)) / target.n, psi=hits, df=target.n - 1)


def _classwise(target: Target, labels: np.ndarray) -> Scored:
    """F1, precision, recall and balanced accuracy, of one class or averaged over classes.

    Each is a ratio of means per class, theta_c = mean(numerator) / mean(denominator), whose influence is
    (numerator - theta_c denominator) / mean(denominator); a row touches only its own and its predicted class, so
    the sum over classes is three look-ups.
    """
    facts, n, known = target.facts, target.n, len(target.labels)
    codes, strangers = target.encode(labels)
    refuse_places(target, labels)
    hits = codes == target.codes
    support = np.append(target.counts, 0).astype(np.float64)
    predicted = np.bincount(codes, minlength=known + 1).astype(np.float64)
    right = np.append(np.bincount(target.codes[hits], minlength=known), 0).astype(np.float64)
    share_of = {"f1": (2.0, 1.0, 1.0), "precision": (1.0, 0.0, 1.0), "recall": (1.0, 1.0, 0.0)}
    gain, by_truth, by_prediction = share_of.get(facts.family, share_of["recall"])
    whole = by_truth * support + by_prediction * predicted
    ratio = np.divide(gain * right, whole, out=np.zeros(known + 1), where=whole > 0)
    weights = _weights(target, support, predicted, strangers)
    theta = 1.0 if hits.all() else float(weights @ ratio)  # a sum of shares may miss 1 by a bit
    scale = np.divide(weights * n, whole, out=np.zeros(known + 1), where=whole > 0)
    psi = np.where(hits, (gain * scale)[target.codes], 0.0)
    if by_truth:
        psi -= (ratio * scale)[target.codes]
    if by_prediction:
        psi -= (ratio * scale)[codes]
    if facts.average == "weighted":  # the weights are shares of the sample, so they vary with it
        psi += ratio[target.codes] - theta
    scarcest = target.scarcest or 0
    if strangers and facts.average == "macro" and facts.family != "balanced_accuracy":
        fall, fewest = _fall_by_strangers(labels, codes == known, theta * strangers / known)
        psi += fall
        scarcest = min(scarcest, fewest)
    if facts.family == "precision" and target.positive is not None:
        scarcest = min(scarcest, int(predicted[target.positive]))
    return Scored(theta=theta, psi=psi, df=max(0, scarcest - 1))


def _fall_by_strangers(labels: np.ndarray, strange: np.ndarray, fall: float) -> tuple[np.ndarray, int]:
    """What labels that the truth lacks take from a macro average, as influence, and the rows of the rarest of them.

    Each is a class of its own with a score of 0, which it would not be without its few predicted rows: what it takes
    rests on them alone, so a label that was predicted once proves nothing.
    """
    kinds: dict[object, list[int]] = {}
    for row in np.flatnonzero(strange).tolist():
        kinds.setdefault(labels[row], []).append(row)
    psi = np.zeros(len(labels))
    for rows in kinds.values():
        psi[rows] -= fall / len(kinds) * len(labels) / len(rows)
    return psi - psi.mean(), min(map(len, kinds.values()))


def _weights(target: Target, support: np.ndarray, predicted: np.ndarray, strangers: int) -> np.ndarray:
    """How much each class counts (the last place is for labels the truth does not know)."""
    weights = np.zeros(len(support))
    if target.positive is not None:
        weights[target.positive] = 1.0
    elif target.facts.average == "weighted":
        weights = support / target.n
    else:  # macro: scikit-learn averages over every label of the truth and the predictions, a stranger scoring 0
        others = 0 if target.facts.family == "balanced_accuracy" else strangers
        weights[:-1] = 1.0 / (len(support) - 1 + others)
    return weights


def _as_labels(target: Target, rows: np.ndarray, are_scores: bool) -> np.ndarray:
    """Predicted labels, from labels or from probabilities."""
    if rows.ndim == 2:
        if rows.shape[1] < len(target.labels):
            raise _wrong_columns(target, rows)
        return _labels_at(target, rows.argmax(axis=1))
    fractional = rows.dtype.kind == "f" and bool(np.any(rows != np.floor(rows)))
    if not fractional:
        return rows
    if are_scores and len(target.labels) == 2 and as_shares(rows) is not None:
        other = 1 - target.positive if target.positive is not None else 0
        return _labels_at(target, np.where(rows > 0.5, 1 - other, other))
    example = rows[rows != np.floor(rows)][0]
    raise MleeError(
        f"These are scores such as {example:.6g}; {target.facts.label} needs labels.", "Pass predict's result."
    )


def _labels_at(target: Target, places: np.ndarray) -> np.ndarray:
    stranger = "".join(map(str, target.labels)) + "?" if target.truth.dtype == object else max(target.labels) + 1
    labels = np.empty(len(target.labels) + 1, dtype=object if isinstance(stranger, str) else type(stranger))
    labels[:] = [*target.labels, stranger]
    return np.asarray(labels[np.minimum(places, len(target.labels))])


def _wrong_columns(target: Target, rows: np.ndarray) -> MleeError:
    return MleeError(
        f"{rows.shape[1]} columns of scores for {len(target.labels)} classes in the truth.",
        "One column per class is needed, in the order of the sorted labels.",
    )


# ---------------------------------------------------------------- scores


def _probabilities(target: Target, rows: np.ndarray, are_scores: bool) -> Scored:
    """Log loss, and Brier's score: the squared error of the probabilities, of many classes summed over them."""
    label = target.facts.label
    if rows.dtype.kind == "O" or (rows.dtype.kind in "bi" and not are_scores):
        raise MleeError(f"These are labels; {label} needs probabilities.", "Pass predict_proba's result.")
    handed = rows.astype(np.float64, copy=False)
    shares = as_shares(handed)
    if shares is None:
        raise MleeError(
            f"The scores run from {handed.min():.4g} to {handed.max():.4g}; {label} needs probabilities in 0..1.",
            "Pass predict_proba's result.",
        )
    rows = shares
    if rows.ndim == 2:
        if rows.shape[1] < len(target.labels):
            raise _wrong_columns(target, rows)
        if np.abs(rows.sum(axis=1) - 1).max() > SUM_TOLERANCE:
            raise MleeError("The probabilities of a row do not sum to 1.", "Pass predict_proba's result.")
        of_truth = rows[np.arange(target.n), target.codes]
    elif target.positive is None:
        raise MleeError(f"One column of probabilities for {len(target.labels)} classes.", "Pass a column per class.")
    else:
        of_truth = np.where(target.codes == target.positive, rows, 1 - rows)
    if target.facts.family == "log_loss":
        return _row_mean(np.log(np.clip(of_truth, EPSILON, 1 - EPSILON)))
    missing = (1 - of_truth) ** 2
    if rows.ndim == 2 and rows.shape[1] > 2:
        missing += np.einsum("rk,rk->r", rows, rows) - of_truth**2
    return _row_mean(-missing)


def _ranking(target: Target, rows: np.ndarray) -> Scored:
    """ROC AUC and average precision, of one class or as the plain mean of each class against the rest."""
    if rows.dtype == object:
        raise MleeError(f"These are labels in text; {target.facts.label} needs scores.", "Pass predict_proba's result.")
    rows = rows.astype(np.float64, copy=False)  # truths and falsehoods have no minus sign
    of_one = auc_influence if target.facts.family == "roc_auc" else average_precision_influence
    df = max(0, (target.scarcest or 0) - 1)
    if target.positive is None:
        if rows.ndim != 2 or rows.shape[1] < len(target.labels):
            raise _wrong_columns(target, rows.reshape(len(rows), -1))
        parts = [of_one(target.codes == place, rows[:, place]) for place in range(len(target.labels))]
        theta = float(np.mean([theta for theta, _ in parts]))
        return Scored(theta=theta, psi=np.mean([psi for _, psi in parts], axis=0), df=df)
    if rows.ndim == 2:
        if rows.shape[1] < len(target.labels):
            raise _wrong_columns(target, rows)
        filled = np.flatnonzero(rows.any(axis=0))
        rows = rows[:, target.positive]
        if len(target.labels) > 2 and len(filled) == 1 and filled[0] != target.positive:
            scored = shown(repr(target.labels[min(int(filled[0]), len(target.labels) - 1)]), 20)
            raise MleeError(f"Its scores are for {scored} alone, so they are not comparable.", "Record it again.")
    theta, psi = of_one(target.positives, rows)
    two_means = target.facts.family == "roc_auc"
    return Scored(theta=theta, psi=psi, df=df, positives=target.positives if two_means else None)


# ---------------------------------------------------------------- numbers


def _numbers(target: Target, rows: np.ndarray) -> Scored:
    facts = target.facts
    if rows.dtype == object:
        raise MleeError(f"The predictions are text; {facts.label} needs one number per row.")
    if rows.shape != target.truth.shape:
        columns, wanted = (array.shape[1] if array.ndim == 2 else 1 for array in (rows, target.truth))
        if wanted == 1:
            raise MleeError(f"The predictions are {columns} columns; {facts.label} needs one number per row.")
        raise MleeError(f"{columns} column(s) of predictions for {wanted} truths.", "Predict a column for each.")
    with np.errstate(over="ignore", invalid="ignore"):  # an overflow is refused by the caller
        rows = rows.astype(np.float64, copy=False)
        if facts.is_row_mean:
            losses = _losses(target, rows)
            return _row_mean(-(losses.mean(axis=1) if losses.ndim == 2 else losses))
        if facts.is_root:
            squared = _losses(target, rows)
            mean = float(np.mean(squared))
            root = float(np.sqrt(mean))
            psi = -(squared - mean) / (2 * root) if root > 0 else np.zeros(target.n)
            return Scored(theta=-root, psi=psi, df=target.n - 1)
        if facts.family in ("spearman", "pearson"):
            if np.all(rows == rows[0]):
                raise MleeError(f"The predictions are the same on every row, which has no {facts.label}.")
            correlate = spearman_influence if facts.family == "spearman" else pearson_influence
            theta, psi = correlate(target.truth, rows)
            return Scored(theta=theta, psi=psi, df=target.n - 1)
        error = target.truth - rows
        squared = error * error
        spread = (target.truth - np.mean(target.truth)) ** 2
        total = float(np.sum(spread))
        theta = 1 - float(np.sum(squared)) / total
        psi = -(squared - (1 - theta) * spread) / (total / target.n)
        return Scored(theta=theta, psi=psi, df=target.n - 1)


def _losses(target: Target, rows: np.ndarray) -> np.ndarray:
    """The loss of each row (and truth)."""
    truth, family = target.truth, target.facts.family
    if family.endswith("log_error"):
        if rows.min() <= -1:
            raise MleeError(f"A prediction of {rows.min():.6g} has no log error.", "Predict above -1, or choose mae.")
        return np.asarray((np.log1p(truth) - np.log1p(rows)) ** 2)
    error = truth - rows
    if family == "pinball":
        level = target.facts.level or 0.5
        return np.asarray(np.where(error >= 0, level * error, (level - 1) * error))
    if family == "mean_absolute_percentage_error":
        return np.asarray(np.abs(error) / np.abs(truth))
    return np.asarray(np.abs(error) if family == "mean_absolute_error" else error * error)


def _row_mean(gains: np.ndarray) -> Scored:
    theta = float(np.mean(gains))
    return Scored(theta=theta, psi=gains - theta, df=len(gains) - 1)


def recorded(facts: MetricFacts, influence: np.ndarray, value: float, df: float) -> Scored:
    """A column of which only the influence values were kept."""
    return Scored(theta=facts.sign * value, psi=influence, df=df)
