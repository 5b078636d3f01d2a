"""Figures as a notebook handles them: shown at the end of a step, then closed."""

import matplotlib.pyplot as plt


def show_figures(*_drawn: object) -> None:
    """Show every open figure, then close it, so that the next step draws on a fresh one."""
    plt.show()
    plt.close("all")
