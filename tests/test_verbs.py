"""Verbs are found by walking, and each surface is made of what they declare."""

from __future__ import annotations

import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest
from IPython.core import oinspect

from mlee_jupyter.domain.errors import MleeError
from mlee_jupyter.session.verbs import every_verb
from mlee_jupyter.session.verbs.declaration import Verb

from .conftest import Shell

FOLDER = Path(every_verb.__file__).parent
every_one = pytest.mark.parametrize("verb", every_verb.verbs().values(), ids=lambda verb: verb.name)


def file_of(verb: Verb) -> Path:
    (found,) = [path for path in FOLDER.glob("*/*.py") if path.stem.rstrip("_") == verb.name]
    return found


def test_each_file_is_a_verb_with_a_place_of_its_own() -> None:
    files = [path for path in FOLDER.glob("*/*.py") if path.name != "__init__.py"]
    assert len(files) == len(every_verb.verbs())
    places = [verb.place for verb in every_verb.verbs().values()]
    assert places == sorted(set(places))


@every_one
def test_a_verb_says_what_it_does_in_one_line(verb: Verb) -> None:
    assert verb.about.endswith(".")
    assert len(verb.about) <= 120


@every_one
def test_a_verb_declares_the_options_that_it_reads(verb: Verb) -> None:
    """`reason` reads --because, `get` and `day` what they are given; flags are the magic's, `start` reads in a loop."""
    calls = re.findall(r"order\.(reason|get|day)\((\w*)", file_of(verb).read_text("utf-8"))
    read = {"because" if call == "reason" else of.lower() for call, of in calls} - {"option"}
    declared = {option.key for option in verb.options if not option.is_flag}
    assert read == declared - ({"train", "groups", "time", "weights"} if verb.name == "start" else set())


def test_the_same_option_is_declared_once() -> None:
    options = [option for verb in every_verb.verbs().values() for option in verb.options]
    assert len({id(option) for option in options}) == len({option.key for option in options})


def test_an_unknown_verb_is_one_line_with_the_nearest() -> None:
    with pytest.raises(MleeError, match="Did you mean extend"):
        every_verb.find("extned")
    with pytest.raises(MleeError, match="Verbs: start status plan"):
        every_verb.find("xyzzy")


def test_the_question_mark_shows_every_verb_and_option_before_any_was_typed(shell: Shell) -> None:
    magic = shell.ipython.find_line_magic("mlee_experiment")
    first, second = oinspect.getdoc(magic), oinspect.getdoc(magic)
    assert first == second == inspect.getdoc(magic)
    assert first is not None
    for word in (*every_verb.verbs(), *(name for option in every_verb.options() for name in option.names)):
        assert word in first
    assert first.count("Start, steer and end an experiment") == 1


def test_the_command_line_answers_help_without_the_libraries_of_statistics() -> None:
    code = (
        "import sys\nfrom mlee_jupyter.cli.main import _parser\n_parser().format_help()\n"
        "print({'numpy', 'pandas', 'scipy', 'sqlalchemy'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
