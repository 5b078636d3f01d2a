"""Flaws of a notebook's text, and of what was muted."""

from __future__ import annotations

from functools import partial

from benchmarks.false_alarms.drawing import Act, Healthy
from benchmarks.false_alarms.planting import FLAWS, flaw, of_rows, text

LINES = "\n".join(f"total_{k} = rows_seen + {k}" for k in range(7))
TEXTS = {
    "MLE702": "print(cleaned_rows.shape)",
    "MLE703": "def scaled(x):\n    return x / 2\n\n\ndef scaled(x):\n    return x / 3",
    "MLE704": 'more = pd.read_csv("/home/anna/work/more.csv")',
    "MLE705": 'api_key = "sk-proj-9fK2mQ7xVb4tR8wLz1nC5yHd3sJ6gPaE0uTiYo"',
    "MLE706": "noise = np.random.normal(size=10)",
    "MLE707": 'first = ["age", "income", "visits"]\nsecond = ["age", "income", "visits"]',
    "MLE708": "ours = dict(n_estimators=250)\none = len(ours)\nmore = dict(n_estimators=250)",
    "MLE709": "limit = 3\n\n\ndef under(x):\n    return x < limit",
    "MLE710": f"rows_seen = 3\n{LINES}\nrows_seen = 4\n{LINES}",
    "MLE711": "\n".join(f"step_{k} = {k}" for k in range(2, 60)),
    "MLE713": "value = max([1, 2)",
    "MLE791": "import random  # mlee: ignore[unseeded]\n\nshuffled = random.sample([1, 2, 3], 2)",
}
FLAWS.update({code: partial(text, source=source) for code, source in TEXTS.items()})


@flaw("MLE701")
def _out_of_order(one: Healthy) -> bool:
    one.direct["counts"] = "swapped"
    return True


@flaw("MLE790")
def _dead_ignore(one: Healthy) -> bool:
    if not of_rows(one):
        return False
    why = "they may be"
    one.late.append(Act(f'work.ignore("twins", because="{why}")', f'%mlee_experiment ignore twins --because "{why}"'))
    return True
