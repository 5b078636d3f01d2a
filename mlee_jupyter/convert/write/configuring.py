"""config.toml and config.py: every lifted value once, typed and frozen."""

from __future__ import annotations

from typing import Any

import tomlkit
from tomlkit.items import Array, Comment, Item, Trivia

from mlee_jupyter.convert.analyse.hints import annotation_of
from mlee_jupyter.convert.interpreter import OWN
from mlee_jupyter.convert.types import Lifted, Plan

from .bodies import class_name
from .filling import filled, region
from .sections import by_section, has_root, keywords

_SHORT, _LINE = 2, 80  # items, and characters, of a list that stands on one line
_TOMLI = """import sys

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib"""
_CONFIG = "src/package_name/config.py"


def config_toml(plan: Plan) -> str:
    """The configuration file, with what the notebook said about each value."""
    document = tomlkit.document()
    document.add(
        tomlkit.comment(f"What a run of {plan.name} can be told. Override one value with --set section.key=value.")
    )
    for section, entries in _sections(plan).items():
        table = tomlkit.table()
        for key, value, comment in entries:
            for line in filter(None, comment.split("\n")):
                table.add(Comment(Trivia(comment=line)))  # as the notebook has it, its sign included
            table.add(key, _item(value))
        document.add(tomlkit.nl())
        document.add(section, table)
    return tomlkit.dumps(document)


def _sections(plan: Plan) -> dict[str, list[tuple[str, Any, str]]]:
    found: dict[str, list[tuple[str, Any, str]]] = {}
    if has_root(plan):
        found["data"] = [("root", ".", "# where the data files lie; the environment variable wins")]
    for section, entries in by_section(plan.constants).items():
        found.setdefault(section, [])
        found[section] += [(one.key, one.value, one.comment) for _, one in entries]
    return found


def root_variable(plan: Plan) -> str:
    """The environment variable that names the data root."""
    return f"{plan.name.upper()}_DATA_ROOT"


def toml(value: Any) -> str:
    """A value as TOML writes it."""
    return _item(value).as_string()


def _item(value: Any) -> Item:
    """Long lists stand one item a line, so that two people can add to one."""
    item: Item = tomlkit.item(value)
    if isinstance(item, Array) and (len(item) > _SHORT or len(item.as_string()) >= _LINE):
        item.multiline(True)
    return item


def config_py(plan: Plan) -> str:
    """The module config: one frozen dataclass a section, and the loader."""
    sections = _sections(plan)
    by_key = {(one.section, one.key): one for one in plan.constants.values()}
    classes, values = [], []
    for section, entries in sections.items():
        classes += ["@dataclass(frozen=True)", f"class {class_name(section)}:", f'    """[{section}]"""', ""]
        arguments = []
        for key, value, _ in entries:
            one: Lifted | None = by_key.get((section, key))
            is_tuple = bool(one and one.as_tuple)
            classes.append(f"    {key}: {annotation_of(value, is_tuple)}")
            written = f'table["{section}"]["{key}"]'
            arguments.append(f"{key}=tuple({written})" if is_tuple else f"{key}={written}")
        if section == "data" and has_root(plan):
            classes += ["", region(_CONFIG, plan.name, "root")]
        classes += ["", ""]
        values.append(f"        {section}={class_name(section)}({', '.join(arguments)}),")
    return filled(
        _CONFIG,
        plan.name,
        **({} if has_root(plan) else {"os": ""}),
        tomllib=_TOMLI if (plan.interpreter or OWN).version < (3, 11) else "import tomllib",
        sections="\n".join(classes),
        fields="\n".join(f"    {section}: {class_name(section)}" for section in sections),
        values="\n".join(values),
    )


def expression(plan: Plan, variable: str, config: str = "config") -> str:
    """How the pipeline writes a lifted value; `config` is what the configuration is called there, if there is one."""
    given = keywords(plan)
    if given:
        return given[variable]
    one = plan.constants[variable]
    written = f"{config}.{one.dotted}"
    return f"{config}.data.below_root({written})" if one.kind == "absolute path" else written
