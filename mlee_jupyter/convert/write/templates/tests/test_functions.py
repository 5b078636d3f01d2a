"""Functions on inputs that the notebook gave them."""

from __future__ import annotations

from golden import differences, summary

# begin calls
from package_name.config import find_config


def test_find_config_1() -> None:
    found = summary(find_config().name)
    assert not list(differences(found, summary("config.toml")))


# end calls
