"""One board, three renderers: what stands in a column is the same text in HTML, Markdown and lines."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from mlee_jupyter import report
from mlee_jupyter.report.render.board_columns import COLUMNS, columns_of

from . import example

PIPE = re.compile(r"(?<!\\)\|")


class Table(HTMLParser):
    """The texts of a table's cells, without notes and reasons."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self._aside = False

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        self._aside = tag == "small" or ("class", "mlee-shape") in attributes

    def handle_endtag(self, tag: str) -> None:
        self._aside = False

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1] and not self._aside:
            self.rows[-1][-1] += data


def plain(text: str) -> str:
    return " ".join(re.sub(r"\\(.)", r"\1", text).split())


def test_html_and_markdown_have_the_same_cells_and_lines_the_same_heads() -> None:
    board = report.board(example.evidence(), example.findings())
    (part,) = board["boards"]
    reader = Table()
    reader.feed(re.sub(r"<style>.*?</style>", "", report.html(board)).partition("</table>")[0])
    page = [[plain(cell) for cell in row] for row in reader.rows]
    lines = [line for line in report.markdown(board).splitlines() if line.startswith("|")]
    marked = [[plain(cell) for cell in PIPE.split(line)[1:-1]] for line in lines if not line.startswith("| ---")]
    shown = columns_of(part["rows"])
    at = [1 + COLUMNS.index(column) for column in shown]
    assert page == [[row[place] for place in at] for row in marked]
    assert page[1:] == [[row[column.key] for column in shown] for row in part["rows"]]
    heads = next(line for line in report.text(board, width=200).splitlines() if "candidate  " in line)
    assert re.split(r"\s{2,}", heads.strip()) == page[0]


def test_a_column_that_no_row_fills_is_left_out_of_a_page() -> None:
    (part,) = report.board(example.evidence())["boards"]
    bare = [{**row, "simplicity_text": "", "answer_text": ""} for row in part["rows"]]
    left = {column.key for column in columns_of(part["rows"])} - {column.key for column in columns_of(bare)}
    assert left == {"simplicity_text", "answer_text"}
    assert columns_of([]) == columns_of(bare)
