"""The pipeline runs as it stands: whatever it takes has a default."""

from __future__ import annotations

import inspect

from package_name import pipeline


def test_every_setting_has_a_default() -> None:
    # begin taken
    taken = list(inspect.signature(pipeline.run).parameters.values())[1:]
    # end taken
    assert all(one.default is not one.empty for one in taken)
