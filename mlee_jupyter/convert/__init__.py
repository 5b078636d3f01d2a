"""Notebook to package: the journey, told on a tiny notebook.

The notebook has four cells::

    [1] import pandas as pd                          [3] # Model
        FEATURES = ["age", "rooms", "tax"]               from sklearn.linear_model import LinearRegression
    [2] # Data                                           model = LinearRegression().fit(df[FEATURES], df["price"])
        df = pd.read_csv("/home/me/houses.csv")          model.score(df[FEATURES], df["price"])
        df.head()                                    [4] score = model.score(df[FEATURES], df["price"])

1. `cells` reads the file into Cells; magics become plain Python or are named as gone.
2. `facts` cuts each cell into Statements: cell 2 defines df, uses pd, reads a file; `df.head()` only displays.
3. `plan` decides: cell 2 becomes `load_data` in data.py, cells 3 and 4 `fit_model` in model.py; the two displays
   go to the thin notebook; nothing is executed so far.
4. `lifting` moves FEATURES and the path to config.toml, once.
5. `emit` writes the package from the notebook's own text, comments included:
   `run(config)` calls `load_data(path)` and `fit_model(df, features)` and gives back Results(score).
6. A prover runs the notebook and the package in fresh processes and compares every variable.

Only step 6 executes anything. `package` is the whole use case, `plan_notebook` the first four steps.
"""
