"""Flaws of the choice at the end."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.false_alarms.drawing import Healthy
from benchmarks.false_alarms.planting import flaw, labels, leader, noisy, of_rows, record, served, simple
from mlee_jupyter.session.session import Session


@flaw("MLE501")
def _dearer_choice(one: Healthy) -> bool:
    """What is chosen answers as a simpler one does on all rows but two."""
    if not labels(one):
        return False
    one.charter.pop("must_reach", None)
    chance = one.random(501)

    def nearly(here: Session) -> Any:
        answers = np.array(noisy(0.1, np.random.default_rng(one.seed))(here))
        places = chance.integers(0, len(answers), 2)
        answers[places] = (answers[places] + 1) % (answers.max() + 1)
        return answers

    one.late += [
        record("table", noisy(0.1, np.random.default_rng(one.seed)), simplicity=1),
        record("giant", nearly, simplicity=6),
    ]
    one.decide, one.direct["choose"] = True, "giant"
    return True


@flaw("MLE502")
def _too_dear(one: Healthy) -> bool:
    return served(one, value_per_month=50.0, cost_per_month=40.0)


@flaw("MLE503")
def _too_fast(one: Healthy) -> bool:
    return served(one, mode="real-time", used_every="weekly", value_per_month=5000.0)


class Client:
    """Stands for one of Dask's, whose library need not be here: a cluster of other machines behind an address."""

    __module__ = "distributed.client"
    cluster = None


@flaw("MLE504")
def _on_a_cluster(one: Healthy) -> bool:
    if not labels(one):
        return False

    def make(here: Session) -> Any:
        here.names.maps[-1]["client"] = Client()  # type: ignore[attr-defined]
        return noisy(0.3, one.random(504))(here)

    one.late.append(record("net", make, source="client.submit(fit, X_train, y_train)", simplicity=4))
    return True


@flaw("MLE505")
def _on_a_gpu(one: Healthy) -> bool:
    source = 'XGBClassifier(device="cuda").fit(X_train, y_train).predict(X_test)'
    if labels(one):
        one.late.append(record("net", noisy(0.3, one.random(505)), source=source, simplicity=4, minutes=2))
    return labels(one)


@flaw("MLE506")
def _nothing_simple(one: Healthy) -> bool:
    if not of_rows(one) or len(simple(one)) < 2:
        return False
    one.tries = [replace(each, simplicity=4) for each in one.tries]
    one.style = "handle" if one.style == "loop" else one.style
    one.decide = True
    one.direct["choose"] = leader
    return True


@flaw("MLE507")
def _slow(one: Healthy) -> bool:
    return served(one, max_answer_ms=1e-6)


@flaw("MLE508")
def _reached(one: Healthy) -> bool:
    if not of_rows(one) or not one.has_charter or one.metric in ("profit",):
        return False
    best = max(one.scores.values())
    lost = one.metric in ("log_loss", "rmse", "mae")
    one.charter["must_reach"] = float(f"{abs(best) * (1.6 if lost else 0.6):.3g}")
    return one.metric != "log_loss" or one.n >= 400
