from __future__ import annotations

import numpy as np
import pytest

from benchmarks.false_winner_kinds import in_groups
from mlee_jupyter import compare


def reason(form: str, groups: int, seed: int) -> str | None:
    drawn = in_groups(np.random.default_rng(seed), groups, 25, form)
    named = {f"c{k}": column for k, column in enumerate(drawn.columns)}
    return compare(drawn.truth, named, groups=drawn.how["groups"]).no_winner_reason


@pytest.mark.parametrize("groups", [12, 14, 17])
def test_groups_that_all_differ_are_not_said_to_be_few(groups: int) -> None:
    assert [reason("hard", groups, seed) for seed in range(15)].count(None) >= 12


def test_a_single_group_that_fails_whole_names_nobody() -> None:
    truth = np.tile([0, 1], 150)
    group = np.arange(300) // 25
    failed = np.where(group == 3, 1 - truth, truth)
    found = compare(truth, {"a": truth, "b": failed}, groups=group)
    assert found.winner is None
    assert found.no_winner_reason == "a and b differ in only 1 group; it takes 6 to name one."
