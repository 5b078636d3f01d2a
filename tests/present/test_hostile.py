"""Names and messages from strangers: nothing breaks out of a table, a tag, a line or a width."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlee_jupyter import report
from mlee_jupyter.domain import Finding, Level, Measured, Outcome, ResultKind
from mlee_jupyter.domain.text.names import clean, columns

from . import example

NAMES = {
    "a tag": "<script>alert(1)</script>",
    "out of an attribute": '" onmouseover="alert(1)" x="',
    "single quotes": "it's ' a ` name",
    "an entity": "&lt;b&gt; &amp;",
    "line breaks": "one\ntwo\r\nthree\u2028four\x0bfive",
    "control characters": "a\x00b\x1b[31mred\x07",
    "reading order turned round": "user\u202egnp.exe\u2066\u200f",
    "emoji": "🚀👩‍👩‍👧 rocket",
    "wide": "深層学習モデル",
    "a pile of accents": "Z" + "\u0301" * 5000,
    "half a character": "a\ud800b",
    "a table cell": "a | b || c",
    "a formula": "$x$ \\(y\\) $$z$$",
    "markdown": "[a](javascript:alert(1)) **b** `c` <b> # d\n- e",
    "very long": "n" * 10_000,
    "very wide": "深" * 10_000,
    "nothing": "",
    "blanks": "   \t ",
}
ALLOWED = {
    "div", "style", "strong", "span", "bdi", "small", "svg", "rect", "circle", "path", "table", "caption", "thead",
    "tbody", "tr", "th", "td", "p", "details", "summary", "ul", "li", "code", "br",
}  # fmt: skip
PLAIN_ATTRIBUTES = {"class", "title", "scope", "role", "aria-label", "aria-hidden", "style", "open"}
UNPRINTABLE = {"Cc", "Cf", "Cs", "Zl", "Zp"}
DRAWN = {"x", "y", "cx", "cy", "r", "rx", "d", "width", "height", "overflow"}


class Page(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.open: list[str] = []
        self.attributes: set[str] = set()
        self.said = ""
        self.titles: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes |= {key for key, _ in attrs}
        self.titles += [value for key, value in attrs if key == "title"]
        if tag != "br":
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        self.handle_endtag(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if not self.open or self.open[-1] != "style":
            self.said += data


def board(name: str) -> dict:
    """The example with one name everywhere a user may write one."""
    whole = example.evidence()
    judgement = example.judgement()
    first, *others = judgement.standings
    judgement = replace(
        judgement,
        standings=(replace(first, candidate=name, variant=name), *others),
        leader=name,
        recommended=name,
        no_winner_reason=name or None,
    )
    people = tuple(
        replace(c, name=name, because=name) if c.name in ("svm", "cnn") else c for c in whole.records.candidates[:9]
    )
    experiment = whole.records.experiment
    charter = replace(experiment.charter, question=name, decision=name, owner=name)
    records = replace(
        whole.records, candidates=people, experiment=replace(experiment, name=name, charter=charter, truth_name=name)
    )
    evidence = replace(whole, records=records, judgements=(judgement,), efforts={name: whole.efforts["svm"]})
    return report.board(evidence, [finding(name)], notices=[name])


def finding(text: str, outcome: Outcome = Outcome.FINDING) -> Finding:
    return Finding(
        rule="MLE999",
        name="a-rule",
        level=Level.ERROR,
        outcome=outcome,
        message=text,
        remedy=text,
        facts={text: text},
    )


@pytest.fixture(params=NAMES, ids=list(NAMES))
def name(request) -> str:
    return NAMES[request.param]


def test_html_holds_only_our_tags(name):
    page = Page(report.html(board(name)))
    assert not page.open
    assert set(page.tags) <= ALLOWED
    assert page.attributes <= PLAIN_ATTRIBUTES | DRAWN
    assert all(len(title) <= 300 for title in page.titles)
    assert len(page.said) < 20_000


def test_our_own_names_pass_the_same_parser():
    assert set(Page(report.html(board("svm"))).tags) <= ALLOWED


def test_no_line_is_wider_than_asked(name):
    for width in (40, 60, 79, 100, 200):
        for line in report.text(board(name), width=width).split("\n"):
            assert columns(line) <= width


def test_every_text_is_printable(name):
    made = board(name)
    shown = [report.text(made), report.markdown(made), Page(report.html(made)).said]
    shown += report.finding_lines(finding(name)) + report.cell_lines([finding(name)])
    shown.append(report.findings_text([finding(name), finding(name, Outcome.NOT_APPLICABLE)], all=True))
    for text in shown:
        assert not {c for c in text if c not in "\n\u200d\u200c" and unicodedata.category(c) in UNPRINTABLE}


def test_json_can_be_written_and_keeps_the_key(name):
    made = board(name)
    read = json.loads(json.dumps(made, ensure_ascii=False, allow_nan=False).encode("utf-8"))
    kept = read["boards"][0]["rows"][0]["candidate"]
    assert kept == name.replace("\ud800", "\ufffd")
    assert 0 < len(read["boards"][0]["rows"][0]["label"]) <= 300


def test_markdown_tables_keep_their_shape(name):
    lines = [line for line in report.markdown(board(name)).split("\n") if line.startswith("|")]
    assert len({len(re.split(r"(?<!\\)\|", line)) for line in lines}) == 1
    assert not re.search(r"(?<!\\)<script|(?<!\\)\[a\]", report.markdown(board(name)))


def test_a_finding_is_two_lines_at_most(name):
    assert len(report.finding_lines(finding(name))) <= 2
    assert all("\n" not in line for line in report.finding_lines(finding(name)))


def test_lines_of_a_record_stay_lines(name):
    measured = Measured(metric=name, kind=ResultKind.NUMBER, value=0.5, n=None, note=name)
    said = report.recorded_line(name, measured, variant=name, variants=3)
    assert "\n" not in said
    assert len(said) < 500


@given(st.text(max_size=400))
@settings(max_examples=100, deadline=None)
def test_any_text_is_one_printable_line(text):
    line = clean(text)
    assert line == " ".join(line.split())
    assert len(line) <= 300
    line.encode("utf-8")


def test_dollars_are_no_formula():
    assert 'class="mlee-board mathjax_ignore tex2jax_ignore"' in report.html(board("$x$"))
