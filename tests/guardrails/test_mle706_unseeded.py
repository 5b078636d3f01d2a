from __future__ import annotations

from tests.builders import evidence
from tests.guardrails.table import FINDING, IGNORED, NOT_APPLICABLE, OK, Case, cases, hold
from tests.notebooks import seen

CASES = {
    "a split": (
        FINDING,
        seen("from sklearn.model_selection import train_test_split", "a, b = train_test_split([1, 2])"),
        "Cell 2: train_test_split draws at random without a seed",
    ),
    "numpy": (FINDING, seen("import numpy as np\nx = np.random.rand(3)"), "np.random.rand draws"),
    "the seed comes later": (FINDING, seen("import random", "random.random()", "random.seed(0)"), "random.random"),
    "the seed of another generator": (
        FINDING,
        seen("import random, numpy as np\nrandom.seed(0)\nnp.random.rand()"),
        "np",
    ),
    "a generator without a seed": (FINDING, seen("import numpy as np\nrng = np.random.default_rng()"), "default_rng"),
    "a kept row sample": (FINDING, seen("df = 1\nsmall = df.sample(n=10)"), "df.sample"),
    "a random_state": (
        OK,
        seen("from sklearn.model_selection import train_test_split", "a, b = train_test_split([1], random_state=0)"),
        "",
    ),
    "settings passed on": (OK, seen("from sklearn.cluster import KMeans", "how = {}", "KMeans(3, **how)"), ""),
    "seeded above": (OK, seen("import numpy as np\nnp.random.seed(0)", "np.random.rand(3)"), ""),
    "one seed for all": (OK, seen("import keras, numpy as np\nkeras.utils.set_random_seed(1)", "np.random.rand()"), ""),
    "drawn in a function, seeded before it is called": (
        OK,
        seen("import numpy as np\ndef noise():\n    return np.random.rand(3)", "np.random.seed(42)", "x = noise()"),
        "",
    ),
    "drawn through another function, seeded before": (
        OK,
        seen("import random\ndef f(): return random.random()\ndef g(): return f()", "random.seed(1)\nx = g()"),
        "",
    ),
    "drawn in a function, called before the seed": (
        FINDING,
        seen("import numpy as np\ndef noise():\n    return np.random.rand(3)", "x = noise()", "np.random.seed(42)"),
        "Cell 1: np.random.rand draws",
    ),
    "drawn in a method": (
        FINDING,
        seen("import random\nclass A:\n    def f(self): return random.random()", "a = A()\na.f()"),
        "random.random draws",
    ),
    "a function that nothing calls": (OK, seen("import random\ndef f(): return random.random()"), ""),
    "a loop that seeds and calls": (
        OK,
        seen("import random\ndef f(): return random.random()\nfor s in range(3):\n    random.seed(s)\n    f()"),
        "",
    ),
    "a seed set on the model": (
        OK,
        seen("from sklearn.cluster import KMeans\nm = KMeans().set_params(random_state=1, n_init=3)"),
        "",
    ),
    "settings without a seed": (
        FINDING,
        seen("from sklearn.cluster import KMeans\nm = KMeans().set_params(n_init=3)"),
        "KMeans draws",
    ),
    "a look at some rows": (OK, seen("df = 1\ndf.sample(5)"), ""),
    "folds in order": (OK, seen("from sklearn.model_selection import KFold\nKFold(5)"), ""),
    "muted": (
        IGNORED,
        seen("import random", "random.random()  # mlee: ignore[unseeded] a demonstration"),
        "",
    ),
    "an honest experiment": (NOT_APPLICABLE, evidence(), "mlee check NOTEBOOK.ipynb"),
    "an empty notebook": (OK, seen(), ""),
}


@cases(CASES)
def test_cases(case: Case) -> None:
    hold("MLE706", case)
