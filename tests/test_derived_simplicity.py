"""Where nobody says how simple a candidate is, it is read from what ran, and said; a user's own rank goes before."""

from __future__ import annotations

import pytest

from .conftest import Shell

BEGIN = """
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier
from sklearn.ensemble import RandomForestClassifier
X = np.random.default_rng(0).random((120, 3))
y = (X[:, 0] + X[:, 1] > 1).astype(int)
def own(rows):
    return (rows[:, 0] > 0.5).astype(int)
"""


@pytest.fixture
def begun(shell: Shell) -> Shell:
    shell.run(BEGIN)
    shell.run("%mlee_experiment start shelf --truth y --features X")
    return shell


def test_a_rank_is_read_said_once_and_shown(begun: Shell) -> None:
    first = begun.run("%%mlee_candidate forest\nRandomForestClassifier(7, random_state=0).fit(X, y)")
    assert "Simplicity 4: a forest of 7 trees (--simplicity N says otherwise)." in first
    again = begun.run("%%mlee_candidate forest\nRandomForestClassifier(7, random_state=1).fit(X, y)")
    assert "Simplicity" not in again
    begun.run("%%mlee_candidate line\nLogisticRegression().fit(X, y).predict(X)")
    board = begun.run("%mlee_scoreboard --text")
    assert "~4" in board
    assert "~2" in board
    assert "Simplicity 4, read from what ran: a forest of 7 trees." in begun.run("%mlee_scoreboard --why forest")


def test_what_cannot_be_told_is_said_where_it_is_asked_for(begun: Shell) -> None:
    begun.run("%%mlee_candidate mine\nown(X)")
    assert "it calls own, which is your own" in begun.run("%mlee_scoreboard --why mine")
    assert "~" not in begun.run("%mlee_scoreboard --text").partition("spent")[2]


def test_ranks_of_ones_own_are_never_mixed_with_read_ones(begun: Shell) -> None:
    begun.run("%%mlee_candidate forest\nRandomForestClassifier(7, random_state=0).fit(X, y)")
    own = begun.run("%%mlee_candidate line --simplicity 9\nLogisticRegression().fit(X, y)")
    assert "Simplicity" not in own
    board = begun.run("%mlee_scoreboard --text")
    assert "~" not in board
    assert "read from what ran" not in begun.run("%mlee_scoreboard --why forest")


def test_of_several_variants_the_least_simple_counts(begun: Shell) -> None:
    begun.run("%%mlee_candidate several\nRandomForestClassifier(7, random_state=0).fit(X, y)")
    begun.run("%%mlee_candidate several\nLogisticRegression().fit(X, y)")
    assert "~4" in begun.run("%mlee_scoreboard --text")
