"""The values of config.toml, typed and frozen."""

from __future__ import annotations

# begin os
import os

# end os
# begin tomllib
import tomllib

# end tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any


# begin sections
@dataclass(frozen=True)
class DataConfig:
    """[data]"""

    root: str

    # begin root
    def below_root(self, path: str) -> str:
        """A path below the data root."""
        return os.path.join(os.environ.get("PACKAGE_NAME_DATA_ROOT", self.root), path)

    # end root


@dataclass(frozen=True)
class ModelConfig:
    """[model]"""

    n_neighbors: int
    columns: tuple[str, ...]


# end sections
@dataclass(frozen=True)
class Config:
    """Everything a run can be told."""

    # begin fields
    data: DataConfig
    model: ModelConfig
    # end fields


def find_config() -> Path:
    """The configuration that came with the package."""
    beside = Path(__file__).with_name("config.toml")
    return beside if beside.is_file() else Path(__file__).parents[2] / "config.toml"


def load_config(
    path: Path | str | None = None, overrides: Iterable[str] = ()
) -> Config:
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
        # begin values
        data=DataConfig(root=table["data"]["root"]),
        model=ModelConfig(
            n_neighbors=table["model"]["n_neighbors"],
            columns=tuple(table["model"]["columns"]),
        ),
        # end values
    )


def _parsed(text: str, default: Any, dotted: str) -> Any:
    if isinstance(default, str) and text[:1] not in ('"', "'"):
        return text
    try:
        value = tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        raise ValueError(f"{dotted}: {text!r} is not a TOML value") from None
    if (
        isinstance(default, float)
        and isinstance(value, int)
        and not isinstance(value, bool)
    ):
        value = float(value)
    if type(value) is not type(default):
        raise ValueError(f"{dotted}: {text!r} is not of type {type(default).__name__}")
    return value
