"""Writes the notebook behind the golden package: python -m tests.convert.golden.build_notebook"""

from __future__ import annotations

from pathlib import Path

from tests.convert.makers import write_notebook

CELLS = (
    "#md # What is a house worth?\n\nPrices of one quarter, to see which offers are too high.",
    "%matplotlib inline\nimport matplotlib.pyplot as plt\nimport numpy as np\nimport pandas as pd",
    'FEATURES = ["rooms", "age", "tax"]  # what the office records\nnp.random.seed(11)',
    "#md ## Load the data\n\nThe office's list, here made up with a known rule.",
    """houses = pd.DataFrame(
    {
        "rooms": np.random.randint(2, 9, 60),  # counted by hand
        "age": np.random.randint(0, 90, 60),
        "tax": np.random.normal(300, 40, 60),
    }
)
houses["price"] = 50 * houses["rooms"] - houses["age"] + np.random.normal(0, 5, 60)""",
    "houses.head()",
    "#md ## Prepare features",
    "SCALE = houses[FEATURES].std()",
    "def scale(frame):\n    # in units of one standard deviation\n    return frame / SCALE",
    'X = scale(houses[["rooms", "age", "tax"]])\ny = houses["price"]',
    "#md ## Split\n\nA quarter is held out.",
    """from sklearn.model_selection import train_test_split

X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=11)""",
    "#md ## Fit the model",
    """from sklearn.neighbors import KNeighborsRegressor

# five was best last quarter
model = KNeighborsRegressor(n_neighbors=5)
model.fit(X_train, y_train)""",
    "#md ## Evaluate",
    'y_pred = model.predict(X_test)\nscore = model.score(X_test, y_test)\nprint(f"score {score:.3f}")',
    'plt.scatter(y_test, y_pred)\nplt.xlabel("price")\nplt.show()',
    "score",
)

if __name__ == "__main__":
    write_notebook(Path(__file__).parent, *CELLS, name="houses.ipynb", language_info={"name": "python"})
