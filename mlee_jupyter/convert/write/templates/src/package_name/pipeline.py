"""The whole pipeline, in the order of the notebook."""

from __future__ import annotations

from dataclasses import dataclass

# begin imports
from .config import Config

# end imports


@dataclass(frozen=True, eq=False)
class Results:
    """What a run gives back."""

    # begin fields
    neighbours: int
    path: str
    # end fields


# begin signature
def run(config: Config) -> Results:
    """Run every step in order.

    Args:
        config: see `load_config`.
    """
    # end signature
    # begin steps
    path = config.data.below_root("houses.csv")
    return Results(neighbours=config.model.n_neighbors, path=path)
    # end steps
