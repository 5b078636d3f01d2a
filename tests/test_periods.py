"""How often something happens, as it is written."""

from __future__ import annotations

import pytest

from mlee_jupyter.domain import charter_toml
from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.domain.text.periods import MONTH, named_period, period_or_none, period_seconds, period_text

GOOD = {
    "weekly": 604800,
    " Daily ": 86400,
    "12h": 43200,
    "3 days": 259200,
    "1.5 h": 5400,
    "90 min": 5400,
    "2 months": 2 * MONTH,
    "never": float("inf"),
}


@pytest.mark.parametrize("text", GOOD)
def test_words_and_numbers(text: str) -> None:
    assert period_seconds(text) == GOOD[text]


@pytest.mark.parametrize("text", ["", "often", "0 h", "-1 d", "12", "3 fortnights", "1e9d"])
def test_what_is_none_is_refused_in_a_charter(text: str) -> None:
    with pytest.raises(MleeError, match="is no time that comes again"):
        charter_toml.from_table({"serving": {"used_every": text}})
    assert period_or_none(text) is None


def test_a_word_in_free_text() -> None:
    assert named_period("a weekly batch") == 604800
    assert named_period("batch") is None
    assert named_period(None) is None


SAID = {3600: "once an hour", 604800: "once a week", 7200: "every 2 hours", 0.02: "every 20 ms", 259200: "every 3 days"}


@pytest.mark.parametrize("seconds", SAID)
def test_in_words(seconds: float) -> None:
    assert period_text(seconds) == SAID[seconds]
