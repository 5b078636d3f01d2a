"""What `compare` prints: the rows of a board, the same in text and in HTML, and sentences that are so."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import numpy as np
import pytest

from mlee_jupyter import Comparison, compare, report
from mlee_jupyter.domain.text.names import columns
from mlee_jupyter.report.board.compared import compared
from tests.builders import evidence

N = 300
TRUTH = np.arange(N) % 2
NOISE = np.random.default_rng(0).normal(size=N)


def wrong(many: int, start: int = 0) -> np.ndarray:
    rows = TRUTH.copy()
    rows[start : start + many] ^= 1
    return rows


MADE = {
    "rows": lambda: compare(TRUTH, {"knn": wrong(9), "svm": wrong(7, 3), "bad": wrong(60), "worst": wrong(90)}),
    "one alone": lambda: compare(TRUTH, {"knn": wrong(9)}),
    "a broken one": lambda: compare(TRUTH, {"knn": wrong(9), "broken": [None] * N}),
    "a loss": lambda: compare(TRUTH * 1.0, {"a": TRUTH + 0.1, "b": TRUTH + NOISE}, "mse", useful_gain=0.01),
    "folds": lambda: compare(None, {"a": [0.9, 0.91, 0.92, 0.9, 0.93], "b": [0.8, 0.91, 0.92, 0.9, 0.93]}),
    "bare scores": lambda: compare(None, {"a": (0.9, 1000), "b": (0.8, 1000)}),
    "simplicity": lambda: compare(TRUTH, {"knn": wrong(12), "svm": wrong(7, 3)}, simplicity={"knn": 1, "svm": 2}),
    "wide names": lambda: compare(TRUTH, {"深い森" * 20: wrong(9), "<b>svm</b>": wrong(60)}),
}
made = pytest.mark.parametrize("case", MADE)


class Cells(HTMLParser):
    """The texts of a table's body, cell by cell."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._on = False

    def handle_starttag(self, tag: str, _: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        self._on = tag not in ("caption", "p")

    def handle_data(self, data: str) -> None:
        if self._on and self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def cells(found: Comparison) -> list[list[str]]:
    reader = Cells()
    reader.feed(found._repr_html_().partition("</table>")[0])
    return [[" ".join(cell.split()) for cell in row] for row in reader.rows]


@made
def test_text_and_html_say_the_same(case: str) -> None:
    found = MADE[case]()
    told = compared(found.judgement)
    drawn = cells(found)
    assert drawn[0] == ["candidate", "score", told["range_head"], "verdict"]
    assert len(drawn) == 1 + len(found.judgement.standings) + len(found.failed)
    lines = repr(found).splitlines()
    assert lines[0] == told["caption"]
    assert [line for line in told["words"] if line not in lines] == []
    for row, (name, score, between, verdict) in zip(told["rows"], drawn[1:], strict=True):
        (line,) = [one for one in lines if one.startswith(f"{row['symbol']} {row['label'][:8]}")]
        assert row["label"][:8] in name
        assert (score, verdict) == (row["score_text"], row["state"])
        assert between == row["range_text"] or row["reason"] in between
        assert all(text in line for text in (row["score_text"], row["range_text"], row["state"]))


@made
def test_a_line_of_the_table_fits_a_terminal(case: str) -> None:
    found = MADE[case]()
    below = len(compared(found.judgement)["words"])
    table = repr(found).splitlines()[1 : -below or None]
    assert max(map(columns, table)) <= 100


def test_every_candidate_has_a_line_of_its_own() -> None:
    """A board packs what is clearly worse into a few lines; who asks for a comparison wants all of it."""
    found = compare(TRUTH, {f"c{many}": wrong(many) for many in range(5, 150, 12)})
    assert len(re.findall(r"^[*=?-] c\d+ .*[\d.]+–[\d.]+", repr(found), re.MULTILINE)) == 13


def test_the_rows_are_those_of_the_board() -> None:
    looked = evidence()
    (part, *_) = report.board(looked)["boards"]
    told = compared(looked.judgements[0])
    own = {"spent_seconds", "spent_text", "variants", "variants_text", "runs", "runs_text", "failed_runs", "kind"}
    own |= {"answer_ms", "answer_text", "bar", "mark", "because", "notes", "simplicity", "simplicity_text"}
    judged = [row for row in part["rows"] if row["verdict"] is not None]
    assert judged
    for mine, theirs in zip(told["rows"], judged, strict=True):
        assert {key: mine[key] for key in mine.keys() - own} == {key: theirs[key] for key in theirs.keys() - own}


RANGES = {"0.05": (0.05, "95% range"), "0.1": (0.1, "90% range"), "0.001": (0.001, "99.9% range")}


@pytest.mark.parametrize(("alpha", "head"), RANGES.values(), ids=RANGES)
def test_the_range_is_called_what_it_is(alpha: float, head: str) -> None:
    found = compare(TRUTH, {"knn": wrong(9), "svm": wrong(60)}, alpha=alpha)
    assert head in repr(found)
    assert f">{head}<" in found._repr_html_()


def test_a_leader_is_not_the_simplest_of_one() -> None:
    """knn is simpler and may cost more than the useful gain: svm was called the simplest of those that are as good."""
    found = MADE["simplicity"]()
    assert (found.recommended, found.leader) == ("svm", "svm")
    assert "Recommended: svm, no simpler one is sure to be as good." in repr(found)
    standing, other = found.judgement.standings
    simplest = replace(found.judgement, recommended="knn", standings=(standing, replace(other, cost_bound=0.01)))
    assert "Recommended: knn, the simplest of those that are as good." in repr(Comparison(simplest))
