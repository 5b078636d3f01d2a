"""Flaws of the rows that candidates are judged on."""

from __future__ import annotations

from benchmarks.false_alarms.drawing import Act, Healthy
from benchmarks.false_alarms.planting import cut, flaw, labels, noisy, of_rows, record
from mlee_jupyter.session.session import Session


@flaw("MLE201")
def _too_few(one: Healthy) -> bool:
    """Too few for the gain by far: a twelfth of what there was, which was twice what is needed."""
    return labels(one) and one.has_charter and one.gain <= 0.2 and cut(one, max(25, one.n // 24))


@flaw("MLE202")
def _at_the_edge(one: Healthy) -> bool:
    if not of_rows(one) or not one.has_charter:
        return False
    one.charter.pop("must_reach", None)
    one.decide = False

    def call(here: Session) -> None:
        judged = here.evidence().judgement
        assert judged is not None
        standing = judged.of(judged.recommended or judged.leader)
        assert standing is not None
        here.change({"must_reach": standing.score}, "what the customer asks")
        here.news()

    one.late.append(Act(call=call))
    return True


@flaw("MLE203")
def _kinds_missed(one: Healthy) -> bool:
    if not of_rows(one) or not one.has_charter:
        return False
    one.charter["population"] = {"column": "store", "kinds": 2 * int(one.data["store"].nunique()) + 1}
    return True


@flaw("MLE204")
def _thin(one: Healthy) -> bool:
    """All but twenty of one class are gone from the test rows."""
    if not of_rows(one) or one.task != "two" or {"time", "groups"} & set(one.charter):
        return False
    one.setup.append(
        "kept = np.r_[np.flatnonzero(y_test == 0), np.flatnonzero(y_test == 1)[:20]]\n"
        "X_test, y_test = X_test.iloc[kept], y_test.iloc[kept]"
    )
    return True


@flaw("MLE205")
def _several_times(one: Healthy) -> bool:
    if not of_rows(one) or {"time", "groups"} & set(one.charter):
        return False
    one.setup.append(
        "often = np.tile(np.arange(len(X_test)), 3)\nX_test, y_test = X_test.iloc[often], y_test.iloc[often]"
    )
    return True


@flaw("MLE206")
def _learning(one: Healthy) -> bool:
    if not labels(one) or not one.has_charter or one.gain > 0.12:
        return False
    chance = one.random(206)
    small, large = 0.25 + 3 * one.gain, 0.25
    one.late.append(record("net", noisy(small, chance), trained_on=500, variant="500", simplicity=5))
    one.late.append(record("net", noisy(large, chance), trained_on=1000, variant="1000", simplicity=5))
    return True


@flaw("MLE207")
def _one_slice(one: Healthy) -> bool:
    if not of_rows(one) or not one.has_charter or {"time", "groups"} & set(one.charter):
        return False
    one.charter["population"] = {"frame": "data"}
    one.setup.append('mine = (X_test["store"] == 0).to_numpy()\nX_test, y_test = X_test[mine], y_test[mine]')
    return True
