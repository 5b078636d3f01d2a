"""The package still gives what the notebook gave."""

from __future__ import annotations

# begin imports
import dataclasses
import json

from golden import FILE, begin_alike, differences, summary
from package_name.config import load_config
from package_name.pipeline import run

# end imports

RECORDED = json.loads(FILE.read_text("utf-8"))


# begin configuration
def test_the_configuration_is_the_recorded_one() -> None:
    found = json.loads(json.dumps(dataclasses.asdict(load_config())))
    assert found == RECORDED["config"], (
        "renew the golden values after a wanted change: python tests/golden.py"
    )


# end configuration
def test_results_are_the_recorded_ones() -> None:
    begin_alike()
    # begin run
    results = run(load_config())
    # end run
    found = {name: summary(getattr(results, name)) for name in RECORDED["results"]}
    assert not list(differences(found, RECORDED["results"]))
