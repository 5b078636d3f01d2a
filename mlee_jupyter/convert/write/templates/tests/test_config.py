"""The configuration is read, typed and frozen."""

from __future__ import annotations

import dataclasses

import pytest
from package_name.config import load_config


def test_the_configuration_is_frozen() -> None:
    config = load_config()
    assert dataclasses.is_dataclass(config)
    for field in dataclasses.fields(config):
        with pytest.raises(dataclasses.FrozenInstanceError):
            setattr(config, field.name, None)


def test_an_unknown_value_is_refused() -> None:
    with pytest.raises(ValueError, match="no setting"):
        load_config(overrides=["nowhere.nothing=1"])


# begin override
def test_one_value_can_be_overridden() -> None:
    config = load_config(overrides=["model.n_neighbors=4"])
    assert config.model.n_neighbors == 4
    assert load_config().model.n_neighbors != 4


# end override
