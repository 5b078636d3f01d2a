"""Names for stage functions and their docstrings: from the notebook's headings, prose and variables."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import pairwise

from mlee_jupyter.convert.analyse.topics import ROLE_OF, VERBS, Topic, slug

_VERB_WORDS = """
load read import get fetch download clean prepare preprocess transform encode scale normalize select build create make
train fit tune evaluate compare plot visualize explore check compute calculate predict split test define set add
remove drop fill merge join extract generate simulate estimate find run apply convert count draw show analyze analyse
forecast cluster reduce rank search optimize standardize handle inspect summarize impute
"""
_VERBS = frozenset(_VERB_WORDS.split())
_GERUND = {
    "loading": "load", "reading": "read", "importing": "import", "cleaning": "clean", "preparing": "prepare",
    "splitting": "split", "training": "train", "fitting": "fit", "evaluating": "evaluate", "plotting": "plot",
    "visualizing": "visualize", "visualising": "visualize", "exploring": "explore", "building": "build",
    "creating": "create", "making": "make", "comparing": "compare", "tuning": "tune", "scaling": "scale",
    "encoding": "encode", "selecting": "select", "predicting": "predict", "preprocessing": "preprocess",
    "testing": "test", "computing": "compute", "adding": "add", "removing": "remove", "handling": "handle",
    "getting": "get", "generating": "generate", "checking": "check", "transforming": "transform",
}  # fmt: skip
_NOUNS = {
    "data": "data",
    "features": "features",
    "split": "data",
    "model": "model",
    "evaluate": "results",
    "plots": "figures",
}
OPTIONS = "options"  # what a stage does that sets options and nothing else
_PLUMBING = frozenset({"plt", "ax", "axs", "axes", "fig", "figs", "tmp", "temp"})  # what says nothing of a step
LONGEST_HEADING = 9  # words of one that names a step
MOST_SPOKEN = 3  # a function that gives more is not called after one of them
_NO_PROSE = ("#", "-", "*", "|", ">", "!", "<", "`", "$", "=", "1")


_CLAIMS = {  # a verb that says what code does -> what it must do for that
    "load": "data", "read": "data", "import": "data", "fetch": "data", "download": "data",
    "fit": "model", "train": "model", "tune": "model",
    "plot": "plots", "visualize": "plots", "draw": "plots", "show": "plots",
    "split": "split", "evaluate": "evaluate",
}  # fmt: skip


def function_name(
    topic: Topic, outputs: Sequence[str], inputs: Sequence[str], does: Collection[str], taken: set[str]
) -> str:
    """A name that no variable, import or function of the package has, and that is true.

    Args:
        topic: where the code stands.
        outputs: what the function gives back; where it gives nothing, what it binds last.
        inputs: what it takes.
        does: the roles that its code surely has, of `topics.VERBS`.
        taken: names that are given away.
    """
    if OPTIONS in does and (setting := "set_plot_style" if "plots" in does else "set_options") not in taken:
        return setting
    verb = _verb(topic.role, does, outputs)
    base = _from_heading(topic, verb, does)
    if not base and topic.role in _NOUNS and topic.role != "plots" and VERBS.get(topic.role) == verb:
        base = f"{verb}_{_NOUNS[topic.role]}" if topic.role == "split" or len((*outputs, "")[-1]) < 2 else ""
    elif not base and topic.role in _NOUNS and topic.role != "plots" and len(outputs) > MOST_SPOKEN:
        base = f"{verb}_{_NOUNS[topic.role]}"
    spoken = [snake(n) for n in (*reversed(outputs), *inputs) if len(n) > 1 and n not in _PLUMBING]
    choices = [base, *(f"{verb}_{word}" for word in spoken)]
    choices += [f"{base}_{word}" for word in spoken if base] + [f"{verb}_{word}_data" for word in spoken]
    choices += ["_and_".join([f"{verb}_{one}", other]) for one, other in pairwise(spoken)]
    choices += [f"{verb}_{_NOUNS.get(topic.role, 'values')}", f"{verb}_{slug(topic.module.replace('_', ' '))}"]
    choices += [f"{verb}_{snake(n)}" for n in (*reversed(outputs), *inputs)]
    choices += [f"{verb}_{snake(one)}_from_{snake(other)}" for one in reversed(outputs) for other in inputs]
    for choice in choices:
        if choice and choice.isidentifier() and choice not in taken:
            return choice
    number, stem = 2, next(c for c in choices if c)
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def _verb(role: str, does: Collection[str], outputs: Sequence[str]) -> str:
    """What the code surely does, the topic's own verb first; computing claims nothing."""
    if role in does or role in ("features", "setup"):
        return VERBS[role]
    if "plots" in does and not outputs:
        return "plot"
    done = next((VERBS[one] for one in ("model", "evaluate", "split", "data") if one in does), "")
    return done or ("make" if role == "data" else "compute")


def _from_heading(topic: Topic, verb: str, does: Collection[str]) -> str:
    words = slug(topic.heading, 3)
    if not words or len(topic.heading.split()) > LONGEST_HEADING:
        return ""  # a sentence names nothing
    first, _, rest = words.partition("_")
    noun = _NOUNS.get(topic.role, "values")
    first = _GERUND.get(first, first)
    if first in _CLAIMS and _CLAIMS[first] not in does:
        return f"{verb}_{rest}" if rest else ""  # a heading may promise what this part of it does not do
    if not rest and first in _VERBS:
        return f"{first}_{noun}"
    if first in _VERBS and rest:
        return f"{first}_{rest}"
    if (verb == "load" and words.endswith("data")) or ROLE_OF.get(first) != topic.role:
        return f"{verb}_{words}"
    return f"{verb}_{rest}" if rest and topic.role in ("model", "features", "plots", "evaluate") else f"{verb}_{words}"


def snake(name: str) -> str:
    """A name in snake_case: XTrain gives x_train."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"_+", "_", spaced.lower()).strip("_") or "value"


def docstring(topic: Topic, name: str, first_of_heading: bool) -> str:
    """One sentence: the prose above when it is one, else the heading where it says more than the name; else none."""
    sentence = _first_sentence(topic.prose)
    if sentence and not _repeats(sentence, name):
        return sentence
    heading = re.sub(r"[*`#]+|(?<!\w)_+|_+(?!\w)|<[^>]*>", "", topic.heading).strip().strip(".:")
    heading = re.sub(r"^[\dIVX]+(\.\d+)*[.)]?\s+", "", heading)
    is_plain = bool(heading) and heading.isprintable() and '"""' not in heading and "\\" not in heading
    if is_plain and first_of_heading and not _repeats(heading, name):
        return f"{heading[:1].upper()}{heading[1:]}."
    return ""


def _repeats(text: str, name: str) -> bool:
    """Whether a text says no word that is not in the name."""
    said = {_GERUND.get(w, w) for w in slug(text, 99).split("_")}
    return said <= {*name.split("_"), ""}


def _first_sentence(prose: str) -> str:
    text = " ".join(
        line.strip() for line in prose.split("\n") if line.strip() and not line.lstrip().startswith(_NO_PROSE)
    )
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"[*`]+|<[^>]*>", "", text)
    match = re.match(r"(.{12,110}?[.!?:])(\s|$)", text)
    if not match or "\\" in match[1] or '"' in match[1] or not match[1].isprintable() or "$" in match[1]:
        return ""
    sentence = match[1].rstrip(":!?.")
    return f"{sentence[:1].upper()}{sentence[1:]}."
