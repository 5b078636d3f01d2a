"""A magic's line as typed: comments, variables, quotes; and any line at all ends in one line or works."""

from __future__ import annotations

import shlex

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.magics import magic_lines
from tests.conftest import Shell

NAMES = {"name": "forest", "c": 10, "row": {"a": 1}, "A": np.arange(3)}
EXPANDED = {
    "{name}": "forest",
    "$name": "forest",
    '--variant "C={c}"': '--variant "C=10"',
    "{c + 1} {row['a']} {A[1]}": "11 1 1",
    "{c!r}": "10",
    "{{name}}": "{name}",
    "{raw,clean}": "{raw,clean}",
    '{"a": 1}': '{"a": 1}',
    "HEAD@{": "HEAD@{",
    "$nobody": "$nobody",
    "plain": "plain",
}
REFUSED = {
    "{nme}": "'nme'. Did you mean name?",
    "$name {nobody}": "no variable 'nobody'",
    "{A.nme}": "AttributeError",
    "{row[b]}": "no variable 'b'",
    "{c} {raw,clean}": "no variable 'raw'",
    "{c} $nobody": "no variable 'nobody'",
    "{c:.2f}": "SyntaxError",
}
COMMENTS = {
    "plain --simplicity 1   # the simple one": "plain --simplicity 1   ",
    "plain # it's simple": "plain ",
    "# nothing": "",
    "C#5": "C#5",
    "'a # b' x": "'a # b' x",
    '"a # b" # c': '"a # b" ',
    "a\\ #b": "a\\ #b",
    '"a \\" # b"': '"a \\" # b"',
}


@pytest.mark.parametrize("line", EXPANDED)
def test_a_line_is_expanded_as_ipython_does(line: str) -> None:
    assert magic_lines.expanded(line, NAMES) == EXPANDED[line]


@pytest.mark.parametrize("line", REFUSED)
def test_a_name_that_means_nothing_is_refused(line: str) -> None:
    with pytest.raises(MleeError) as refused:
        magic_lines.expanded(line, NAMES)
    assert REFUSED[line] in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("line", COMMENTS)
def test_a_comment_begins_a_word(line: str) -> None:
    assert magic_lines.without_comment(line) == COMMENTS[line]


@given(st.text("ab #'\"\\", max_size=30))
def test_a_comment_is_where_a_shell_sees_one(line: str) -> None:
    bare = magic_lines.without_comment(line)
    assert line.startswith(bare)
    try:
        expected = shlex.split(line)
    except ValueError:
        return
    if not any(word.startswith("#") for word in expected):
        assert shlex.split(bare) == expected


@given(st.text("{}$abc .,[]'\"0:!", max_size=30))
def test_ipython_itself_expands_to_the_same(line: str) -> None:
    from IPython.utils.text import DollarFormatter

    try:
        theirs = DollarFormatter().vformat(line, [], dict(NAMES))
    except Exception:
        theirs = line
    try:
        assert magic_lines.expanded(line, NAMES) == theirs
    except MleeError:
        assert theirs == line


def test_in_a_kernel_variables_reach_every_magic(shell: Shell) -> None:
    shell.run("import numpy as np\ny_test = np.arange(400) % 2\nname, box, c = 'forest', '2h', 3")
    assert "2 h of active work" in shell.run("%mlee_experiment start {name}s --budget $box --truth y_test")
    said = shell.run('%%mlee_candidate {name} --variant "C={c}"   # it\'s the simple one\ny_test')
    assert said.startswith("forest recorded")
    assert "forest" in shell.run("%mlee_scoreboard {name}s --text")
    assert "test-set-too-small" in shell.run("%mlee_check {'MLE201'}")
    assert "no variable 'nme'" in shell.refused("%%mlee_candidate {nme}\ny_test")
    call = "get_ipython().run_cell_magic('mlee_candidate', '{local}', 'y_test')"
    shell.run(f"def loop():\n    for local in ('a', 'b'):\n        {call}")
    assert "b recorded" in shell.run("loop()")


WORD = st.one_of(
    st.sampled_from(
        [
            *(
                "--pred",
                "--variant",
                "--minutes",
                "--hard",
                "--tag",
                "--simplicity",
                "--because",
                "--budget",
                "-x",
                "--",
            ),
            *(
                "start",
                "decide",
                "change",
                "a=b",
                "{",
                "}",
                "{name}",
                "$name",
                "'",
                '"',
                "#",
                "\\",
                "",
                "1",
                "nan",
                "-1",
            ),
        ]
    ),
    st.text(max_size=8),
    st.characters(categories=["Cs"]),  # lone surrogates
    st.text("ab", min_size=300, max_size=400),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@example("mlee_experiment", ["start", "\ud800"])
@example("mlee_candidate", ["\ud800", "--pred", "y_test"])
@example("mlee_experiment", ["start", "a\0b"])
@given(
    st.sampled_from(["mlee_experiment", "mlee_candidate", "mlee_scoreboard", "mlee_check"]),
    st.lists(WORD, max_size=6),
)
def test_any_line_works_or_is_refused_in_one_line(shell: Shell, magic: str, words: list[str]) -> None:
    from IPython.core.error import UsageError

    shell.names.setdefault("y_test", np.arange(20) % 2)
    said = ""
    try:
        shell.ipython.run_line_magic(magic, " ".join(words))
    except UsageError as refused:
        said = str(refused)
    assert len(said.splitlines()) <= 1
