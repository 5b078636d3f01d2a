"""What a terminal shows of a text: measured, cut, filled and broken, whatever script or emoji stands in it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlee_jupyter.domain.text.names import clean, columns, cut, pad, wrap

WIDTHS = {
    "svm": 3,
    "café": 4,
    "cafe\u0301": 4,  # an accent of its own
    "ﾊﾝｶｸ": 4,
    "全角": 4,
    "👩\u200d👩\u200d👧": 2,  # a family is one picture
    "🇧🇷": 2,
    "❤\ufe0f": 2,
}
TEXTS = st.text(st.characters() | st.sampled_from("".join(WIDTHS) + " \u200d\ufe0f"), max_size=40)


@pytest.mark.parametrize(("text", "width"), WIDTHS.items())
def test_columns_are_those_of_a_terminal(text: str, width: int) -> None:
    assert columns(text) == width


@given(TEXTS.map(clean), st.integers(2, 30))
def test_nothing_is_wider_than_asked(text: str, width: int) -> None:
    assert columns(cut(text, width)) <= width
    assert columns(text) > width or cut(text, width) == text
    assert len(pad(text, width)) - len(text) == max(0, width - columns(text))
    assert all(columns(line) <= width for line in wrap(text, width))


@given(TEXTS.map(clean), st.integers(2, 30))
def test_breaking_loses_nothing_but_blanks(text: str, width: int) -> None:
    assert "".join(wrap(text, width)).replace(" ", "") == text.replace(" ", "")
