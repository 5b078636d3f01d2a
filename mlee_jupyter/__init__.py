"""Guardrails for experiments in notebooks: time-boxed, judged honestly, turned into real code.

`%load_ext mlee_jupyter` brings the magics; `import mlee_jupyter as mlee` the same in plain Python. Nothing
heavy is imported before it is used.
"""

__version__ = "0.1.0"
