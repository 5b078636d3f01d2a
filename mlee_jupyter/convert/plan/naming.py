"""Names for stage functions and their docstrings: from the notebook's headings, prose and variables."""

from __future__ import annotations

import re
from collections.abc import Sequence

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
_NOUNS = {"data": "data", "features": "features", "split": "data", "model": "model", "evaluate": "results"}
_NO_PROSE = ("#", "-", "*", "|", ">", "!", "<", "`", "$", "=", "1")


def function_name(topic: Topic, outputs: Sequence[str], drawn: bool, taken: set[str]) -> str:
    """A name that no variable, import or function of the package has."""
    base = _from_heading(topic)
    verb = VERBS.get(topic.role, "plot" if drawn else "compute")
    from_outputs = f"{verb}_{snake(outputs[-1])}" if outputs else ""
    if not base and topic.role in _NOUNS:
        base = f"{verb}_{_NOUNS[topic.role]}" if not outputs or len(outputs[-1]) < 2 else ""
    choices = [base, from_outputs, f"{base}_{snake(outputs[-1])}" if base and outputs else "", base or verb + "_stage"]
    for choice in choices:
        if choice and choice.isidentifier() and choice not in taken:
            return choice
    number = 2
    stem = base or from_outputs or f"{verb}_stage"
    while f"{stem}_{number}" in taken:
        number += 1
    return f"{stem}_{number}"


def _from_heading(topic: Topic) -> str:
    words = slug(topic.heading, 3)
    if not words:
        return ""
    first, _, rest = words.partition("_")
    noun = _NOUNS.get(topic.role, "stage")
    first = _GERUND.get(first, first)
    if not rest and first in _VERBS:
        return f"{first}_{noun}"
    if words.partition("_")[0] in _GERUND:
        return f"{first}_{rest}"
    if first in _VERBS and rest:
        return words
    verb = VERBS.get(topic.role)
    if verb is None:
        return f"run_{words}"
    if (verb == "load" and words.endswith(("_data", "data"))) or ROLE_OF.get(first) != topic.role:
        return f"{verb}_{words}"
    return f"{verb}_{rest}" if rest and topic.role in ("model", "features", "plots", "evaluate") else f"{verb}_{words}"


def snake(name: str) -> str:
    """A name in snake_case: XTrain gives x_train."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"_+", "_", spaced.lower()).strip("_") or "value"


def docstring(topic: Topic, name: str, outputs: Sequence[str], first_of_heading: bool) -> str:
    """One sentence: the prose above when it is one, else the heading, else the name said in words."""
    sentence = _first_sentence(topic.prose)
    if sentence:
        return sentence
    heading = re.sub(r"[*_`#]+|<[^>]*>", "", topic.heading).strip().strip(".:")
    heading = re.sub(r"^[\dIVX]+(\.\d+)*[.)]?\s+", "", heading)
    if heading and first_of_heading and heading.isprintable() and '"""' not in heading and "\\" not in heading:
        return f"{heading[:1].upper()}{heading[1:]}."
    spoken = name.replace("_", " ").strip()
    spoken = spoken[:1].upper() + spoken[1:]
    named = ", ".join(n for n in outputs[:3] if snake(n) not in name)
    return f"{spoken}: gives {named}." if named else f"{spoken}."


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
