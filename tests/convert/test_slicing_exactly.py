# ruff: noqa: E501
"""Which statements stay for `n`, exactly: one too few gives another value, one too many is code that nobody needs."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlee_jupyter.convert.draft import Draft
from mlee_jupyter.convert.plan.slicing import slice_to
from mlee_jupyter.convert.read.file_facts import read_facts

from .makers import write_notebook

# cells -> for each statement whether it stays (x) or leaves (-)
KEPT = {
    ('a = 1', 'b = 2', 'n = a'): 'x-x',
    ('a = 1', 'a = 2', 'n = a'): '-xx',
    ('a = [1]', 'b = a', 'b.append(1)', 'n = a'): 'xxxx',
    ('a = [1]', 'n = a', 'a.append(1)'): 'xxx',
    ('a = [1]', 'a.append(1)', 'n = 1'): '--x',
    ('import random', 'random.seed(1)', 'a = random.random()', 'n = random.random()', 'm = random.random()'): 'xxxx-',
    ('import random', 'random.seed(1)', 'a = random.random()', 'random.seed(2)', 'n = random.random()'): 'x--xx',
    ('import random', 'random.seed(1)', 'a = random.random()', 'x = [random.seed(2)]', 'n = random.random()'): 'xxxxx',
    ('import random', 'random.seed(1)', 'a = random.random()', 'print(random.seed(2))', 'n = random.random()'): 'xxxxx',
    ('import random', 'a = random.random()', 'n = random.random()'): 'x-x',
    ('import random\nimport numpy as np', 'random.seed(1)', 'np.random.seed(2)', 'a = random.random()', 'b = np.random.rand()', 'n = np.random.rand()'): 'xx-x-xx',
    ('import numpy as np', 'np.random.seed(2)', 'rng = np.random.default_rng(1)', 'a = rng.normal()', 'n = np.random.rand()'): 'xx--x',
    ('import random', 'random.seed(1)', 'xs = [random.random()]', 'xs.append(1)', 'n = random.random()'): 'xxxxx',
    ('import os', "os.environ['A'] = '1'", 'n = 1'): 'xxx',
    ("exec('a = 1')", 'n = 1'): 'xx',
    ('import pandas as pd', "pd.set_option('display.max_rows', 5)", 'n = 1'): 'xxx',
    ('import matplotlib.pyplot as plt', "plt.rcParams['a'] = 1", 'n = 1'): 'x-x',
    ('import matplotlib', "matplotlib.use('agg')", 'n = 1'): 'x-x',
    ('import seaborn as sns', 'sns.set_theme()', 'n = 1'): 'x-x',
    ('from matplotlib import pyplot as p', "p.rc('font')", 'n = 1'): 'x-x',
    ('import pylab', "pylab.rc('font')", 'n = 1'): 'x-x',
    ('import plotly.offline as po', "po.init_notebook_mode()", 'n = 1'): 'x-x',
    ('import warnings', "warnings.filterwarnings('ignore')", 'n = 1'): 'xxx',
    ('from pathlib import Path', "Path('a').write_text('1')", 'n = 1'): 'x-x',
    ('from pathlib import Path', "Path('a').write_text('1')", "n = Path('a').read_text()"): 'xxx',
    ('import os', "os.system('x')", "n = open('a').read()"): 'xxx',
    ('import os', "os.system('x')", 'n = 1'): 'x-x',
    ('import os', "os.makedirs('x')", "os.chdir('x')", 'n = 1'): 'xxxx',
    ('from pathlib import Path', "n = Path('a').read_text()", "Path('a').write_text('1')"): 'xx-',
    ('def f(): return 1', 'def g(): return f()', 'n = g()'): 'xxx',
    ('def f(): return 1', 'def g(): return f()', 'n = 1'): '--x',
    ('def f(): return 1', 'n = f()', 'f()'): 'xx-',
    ('K = 1', 'def f(): return K', 'n = f()'): 'xxx',
    ('K = 1', 'def f(): return K', 'def g(): return f()', 'n = g()'): 'xxxx',
    ('K = 1', 'def f(): return K', 'n = 1'): '--x',
    ('class C:\n    k = 1', 'n = C.k'): 'xx',
    ('class C:\n    k = 1', 'n = 1'): '-x',
    ('import json', 'n = 1'): 'xx',
    ('try:\n    import json\nexcept ImportError:\n    json = None', 'n = json.dumps(1)'): 'xx',
    ('try:\n    import json\nexcept ImportError:\n    json = None', 'n = 1'): '-x',
    ('a = 1', 'print(a)', 'n = a'): 'x-x',
    ('a = [1]', 'x = print(a)', 'n = a'): 'x-x',
    ('import matplotlib.pyplot as plt', 'a = 1', 'plt.plot(a)', 'n = a'): 'xx-x',
    ('a = [1]', 'b = [2]', 'c = [a, b]', 'c[0].append(1)', 'n = b'): 'xxxxx',
    ('a = [1]', 'del a[0]', 'n = a'): 'xxx',
    ('a = 1', 'del a', 'a = 2', 'n = a'): '--xx',
    ('a = 1', 'if a:\n    b = 1', 'n = a'): 'x-x',
    ('b = 0', 'if b:\n    b = 1', 'n = b'): 'xxx',
    ('a = 1', 'b = a', 'a = 2', 'n = b'): 'xx-x',
    ('xs = [3]', 'for x in xs:\n    pass', 'n = x'): 'xxx',
    ('def f(xs):\n    xs.append(1)', 'a = []', 'b = []', 'f(a)', 'f(b)', 'n = a'): 'xx-x-x',
    ('k = 3', 'm = 4', "n = eval('k')"): 'x-x',
    ('def f(): return 4', "n = eval('f()')"): 'xx',
    ('seen = []', 'def f(v):\n    seen.append(v)\n    return v', 'f(1)', 'n = seen'): 'xxxx',
    ('import lib_of_mine', 'lib_of_mine.x = 1', 'n = lib_of_mine.y'): 'xxx',
    ('import json', 'json.x = 1', 'n = json.y'): 'xxx',
    ('import json', 'json.x = 1', 'n = 1'): 'x-x',
    ('%matplotlib inline', 'n = 1'): 'x',
    ('a = 1; b = 2; n = a',): 'x-x',
    ('import random', 'random.seed(1)', 'n = random.random()', 'random.seed(3)'): 'xxx-',
    ('import random', 'def f():\n    random.seed(1)', 'random.seed(2)', 'f()', 'n = random.random()'): 'xxxxx',
    ('from sklearn.ensemble import RandomForestClassifier\nimport numpy as np', 'np.random.seed(1)', 'm = RandomForestClassifier()', 'm.fit([[1], [2]], [0, 1])', 'q = m.predict([[1]])', 'n = np.random.rand()'): 'xxxxx-x',
}  # fmt: skip


@pytest.mark.parametrize(("cells", "kept"), KEPT.items(), ids=map(" / ".join, KEPT))
def test_what_stays(cells: tuple[str, ...], kept: str, tmp_path: Path) -> None:
    facts = read_facts(write_notebook(tmp_path, *cells))
    draft = Draft(name="it", facts=facts, original=facts, flow=[s.index for s in facts.statements])
    slice_to(draft, ["n"])
    there = {s.index for s in draft.statements()}
    assert "".join("x" if s.index in there else "-" for s in facts.statements) == kept
