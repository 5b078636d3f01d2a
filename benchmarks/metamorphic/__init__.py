"""Metamorphic draws: change what must not matter, and the answer must stay; change what matters one way only.

    python -m benchmarks.metamorphic [--draws 200000] [--first 0] [--known]

`plans` says what may be drawn, `evidence` draws it, `relations` changes it, `answers` reads and compares answers.
Every draw is told by its seed alone, so a run can be taken up where it stopped, and a failure repeated.
"""
