"""The same record in mlflow's SQLite back end; run by the interpreter that has mlflow.

Started by store_speed: reads a count a line, records as many, answers with their milliseconds.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from pathlib import Path

logging.disable(logging.CRITICAL)


def main(place: str) -> None:
    import mlflow  # not installed where the project is
    import numpy as np

    mlflow.set_tracking_uri(f"sqlite:///{place}")
    mlflow.create_experiment("shelf", artifact_location=(Path(place).parent / "artifacts").as_uri())
    mlflow.set_experiment("shelf")
    rng = np.random.default_rng(1)
    print("ready", flush=True)
    for line in sys.stdin:
        took = []
        for number in range(int(line)):
            rows = rng.integers(0, 10, 360)
            with tempfile.TemporaryDirectory() as folder:
                file = Path(folder) / "rows.npy"
                np.save(file, rows)
                began = time.perf_counter()
                with mlflow.start_run(run_name=f"v{number}"):
                    mlflow.log_params({"candidate": "knn", "variant": f"v{number}", "a": 1, "b": 2, "c": 3})
                    mlflow.log_metric("accuracy", 0.9)
                    mlflow.set_tag("note", "a note")
                    mlflow.log_artifact(str(file))
                took.append(1e3 * (time.perf_counter() - began))
        print(" ".join(f"{ms:.3f}" for ms in took), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
