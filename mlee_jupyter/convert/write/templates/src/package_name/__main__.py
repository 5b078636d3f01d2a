# begin doc
"""The command line: python -m package_name --set section.key=value."""
# end doc

from __future__ import annotations

# begin imports
import argparse
import dataclasses
import os
from collections.abc import Sequence

from .config import load_config
from .data_root import data_root
from .pipeline import run

# end imports


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the pipeline, and say what it gives back."""
    parser = argparse.ArgumentParser(
        prog="package_name", description="Run the pipeline of package_name."
    )
    # begin options
    parser.add_argument("--config", help="a TOML file instead of the package's own")
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        metavar="SECTION.KEY=VALUE",
        dest="overrides",
        help="override one value",
    )
    options = parser.parse_args(arguments)
    try:
        config = load_config(options.config, options.overrides)
    except (OSError, ValueError) as fault:
        parser.error(str(fault))
    # end options
    # begin folder
    try:
        os.chdir(data_root())
    except OSError as fault:
        parser.error(str(fault))
    # end folder
    # begin results
    results = run(config)
    # end results
    for field in dataclasses.fields(results):
        text = str(getattr(results, field.name))
        if " object at 0x" not in text:  # of such a thing there is nothing to read
            print(
                f"{field.name} =\n{text}" if "\n" in text else f"{field.name} = {text}"
            )


if __name__ == "__main__":
    main()
