"""config.toml and config.py: every lifted value once, typed and frozen."""

from __future__ import annotations

from typing import Any

import tomlkit
from tomlkit.items import Array, Comment, Item, Trivia

from mlee_jupyter.convert.analyse.hints import annotation_of
from mlee_jupyter.convert.types import Lifted, Plan

from .bodies import class_name
from .sections import by_section

_SHORT, _LINE = 2, 80  # items, and characters, of a list that stands on one line
_LOADER = '''

def find_config() -> Path:
    """The configuration that came with the package."""
    beside = Path(__file__).with_name("config.toml")
    return beside if beside.is_file() else Path(__file__).parents[2] / "config.toml"


def load_config(path: Path | str | None = None, overrides: Iterable[str] = ()) -> Config:
    """Read a configuration file, the package's own by default.

    Args:
        path: a TOML file with the same sections.
        overrides: texts such as "model.n_neighbors=5".

    Raises:
        ValueError: an override names a value that is not there, or gives one of another type.
    """
    table = tomllib.loads(Path(path or find_config()).read_text("utf-8"))
    for override in overrides:
        dotted, _, text = override.partition("=")
        section, _, key = dotted.strip().partition(".")
        if key not in table.get(section, {}):
            known = ", ".join(f"{s}.{k}" for s, values in table.items() for k in values)
            raise ValueError(f"There is no setting {dotted!r}; there are: {known}")
        table[section][key] = _parsed(text.strip(), table[section][key], dotted)
    return Config(
'''
_PARSED = """

def _parsed(text: str, default: Any, dotted: str) -> Any:
    if isinstance(default, str) and text[:1] not in ('"', "'"):
        return text
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        raise ValueError(f"{dotted}: {text!r} is not a TOML value") from None
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value) is not type(default):
        raise ValueError(f"{dotted}: {text!r} is not of type {type(default).__name__}")
    return value
"""


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


def has_root(plan: Plan) -> bool:
    """Whether some path was absolute and is now read below a data root."""
    return any(one.kind == "absolute path" for one in plan.constants.values())


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
    parts = ['"""The values of config.toml, typed and frozen."""', "", "from __future__ import annotations", ""]
    if has_root(plan):
        parts.append("import os")
    parts += ["import tomllib", "from collections.abc import Iterable", "from dataclasses import dataclass"]
    parts += ["from pathlib import Path", "from typing import Any", ""]
    for section, entries in sections.items():
        parts += ["", "@dataclass(frozen=True)", f"class {class_name(section)}:", f'    """[{section}]"""', ""]
        for key, value, _ in entries:
            one: Lifted | None = by_key.get((section, key))
            parts.append(f"    {key}: {annotation_of(value, bool(one and one.as_tuple))}")
        if section == "data" and has_root(plan):
            parts += ["", "    def below_root(self, path: str) -> str:", '        """A path below the data root."""']
            parts.append(f'        return os.path.join(os.environ.get("{root_variable(plan)}", self.root), path)')
        parts.append("")
    parts += ["", "@dataclass(frozen=True)", "class Config:", '    """Everything a run can be told."""', ""]
    parts += [f"    {section}: {class_name(section)}" for section in sections]
    text = "\n".join(parts) + "\n" + _LOADER
    for section, entries in sections.items():
        arguments = []
        for key, _, _ in entries:
            one = by_key.get((section, key))
            written = f'table["{section}"]["{key}"]'
            arguments.append(f"{key}=tuple({written})" if one and one.as_tuple else f"{key}={written}")
        text += f"        {section}={class_name(section)}({', '.join(arguments)}),\n"
    return text + "    )\n" + _PARSED


def expression(plan: Plan, variable: str) -> str:
    """How the pipeline writes a lifted value."""
    one = plan.constants[variable]
    written = f"config.{one.dotted}"
    return f"config.data.below_root({written})" if one.kind == "absolute path" else written
