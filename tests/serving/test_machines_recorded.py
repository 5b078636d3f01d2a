"""A cell that asks for a graphics processor, from the notebook to the finding; and the same on one processor."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Shell

MODEL = """
class Boosted:
    def __init__(self, device):
        self.device = device
    def fit(self, X, y):
        return self
    def predict(self, X):
        return X[:, 0].round()
"""
START = "%mlee_experiment start shelf --truth y_test --features X_test"
ON = "[tool.mlee.rules.gpu-for-minutes]\npreview = true\n"


def begun(shell: Shell, project: Path) -> None:
    (project / "pyproject.toml").write_text(ON, "utf-8")
    shell.run(f"import numpy as np\n{MODEL}\nX_test = np.random.default_rng(0).random((200, 2))")
    shell.run("y_test = (X_test[:, 0] + 0.1 * X_test[:, 1] > 0.5).astype(float)")
    shell.run(START)


def test_a_fit_of_seconds_on_a_graphics_processor_is_advised_against(shell: Shell, project: Path) -> None:
    begun(shell, project)
    said = shell.run('%%mlee_candidate boosting\nBoosted(device="cuda").fit(X_test, y_test)')
    assert "MLE505" in said
    assert "on a graphics processor" in said


def test_the_same_on_one_processor_is_silent(shell: Shell, project: Path) -> None:
    begun(shell, project)
    shell.run('%%mlee_candidate boosting\nBoosted(device="cpu").fit(X_test, y_test)')
    assert "MLE505" not in shell.run("%mlee_check")
