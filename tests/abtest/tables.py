"""Tables of A/B tests whose truth is known."""

from __future__ import annotations

import numpy as np
import pandas as pd


def visits(units: int = 4_000, effect: float = 0.3, seed: int = 1) -> pd.DataFrame:
    """A row a unit: money spent (skewed), sessions, whether anything was bought, and money from before."""
    random = np.random.default_rng(seed)
    changed = random.integers(0, 2, units)
    before = random.gamma(2.0, 2.0, units)
    sessions = 1 + random.poisson(2.0, units)
    spent = before + random.gamma(1.0, 2.0, units) + effect * changed
    return pd.DataFrame(
        {
            "user": np.arange(units),
            "arm": np.where(changed == 1, "new", "control"),
            "spent": spent,
            "spent_before": before,
            "sessions": sessions,
            "clicks": random.binomial(sessions, 0.2 + 0.05 * changed),
            "bought": random.random(units) < 0.1 + 0.05 * changed,
        }
    )


def rows_of_units(units: int = 800, effect: float = 0.0, seed: int = 2) -> pd.DataFrame:
    """Several rows a unit, alike among themselves."""
    random = np.random.default_rng(seed)
    changed = np.arange(units) % 2
    level = random.normal(5 + effect * changed, 2.0)
    rows = 1 + random.poisson(4.0, units)
    user = np.repeat(np.arange(units), rows)
    return pd.DataFrame(
        {
            "user": user,
            "arm": np.where(changed[user] == 1, "new", "control"),
            "minutes": level[user] + random.normal(0, 1.0, len(user)),
            "minutes_before": level[user] - effect * changed[user],
        }
    )
