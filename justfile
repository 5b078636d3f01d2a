# `just` lists these; each is one command that can be typed without just as well.

# the environment: package, tests, docs
setup:
    python3 -m venv .venv && .venv/bin/pip install -e ".[test,docs]"

# everything that .ci/run's pytest runs; without a browser
test:
    .venv/bin/pytest

# what a change of a rule, of statistics or of words touches; no simulation, no kernel
fast:
    .venv/bin/pytest tests/guardrails tests/present tests/test_compare.py tests/test_magics.py tests/test_docs_examples.py

lint:
    .venv/bin/ruff check .
    .venv/bin/ruff format --check mlee_jupyter tests benchmarks

types:
    .venv/bin/mypy

# who may import whom
floors:
    .venv/bin/lint-imports

# the site, into site/; `mkdocs serve` shows it while it is written
docs:
    .venv/bin/mkdocs build --strict

# README's story, the index of rules and the lists of metrics, written anew
written:
    .venv/bin/python docs/readme_story.py
    .venv/bin/python -m mlee_jupyter.guardrails > docs/rules.md
    .venv/bin/python docs/metric_lists.py

# the JupyterLab panel: built, tested, linted
panel:
    cd labextension && npm ci && npm run build && npm test && npm run lint

# a benchmark, as `just bench calibration`
bench NAME:
    .venv/bin/python -m benchmarks.{{NAME}}

# a part of the suite on the lowest versions that pyproject.toml allows
lowest:
    sh tests/lowest.sh

# each Python from 3.11 to 3.14 that is on this machine
pythons:
    .venv/bin/pip install -q nox && .venv/bin/nox
