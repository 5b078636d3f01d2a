"""How people write the same thing: names, splits, scores, models and helpers, drawn by dice."""

from __future__ import annotations

import random
from typing import NamedTuple


class Part(NamedTuple):
    """Rows and their answers, by name."""

    X: str
    y: str

    def __str__(self) -> str:
        return f"{self.X}, {self.y}"


class Spelled:
    """One person's way to write; the same seed writes the same."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        self.X, self.y = dice.choice(
            [("X", "y"), ("features", "target"), ("x", "labels"), ("data_x", "data_y"), ("Xs", "ys")]
        )
        style = dice.choice(["{n}_{p}", "{n}_{p}", "{p}_{n}", "{n}{s}", "{n}_{p}_set"])
        ends = {"train": "_tr", "test": "_te", "val": "_va"}

        def part(p: str) -> Part:
            return Part(*(style.format(n=n, p=p, s=ends[p]) for n in (self.X, self.y)))

        self.train, self.test, self.val = part("train"), part("test"), part("val")
        self.model = dice.choice(["model", "clf", "m", "estimator", "my_model"])
        self.three = dice.random() < 0.5

    def pick(self, *ways: str) -> str:
        """One of several ways."""
        return self.dice.choice(ways)

    def maker(self, setting: str = "") -> str:
        """A model, with a setting's text put in."""
        if setting:
            return self.pick(
                f"KNeighborsClassifier(n_neighbors={setting})",
                f"RandomForestClassifier(n_estimators={setting})",
                f"DecisionTreeClassifier(max_depth={setting}, random_state=0)",
                f"SVC(C={setting})",
                f"make_pipeline(StandardScaler(), KNeighborsClassifier({setting}))",
            )
        return self.pick(
            "LogisticRegression(max_iter=500)",
            "RandomForestClassifier(random_state=1)",
            "SVC()",
            "GradientBoostingClassifier()",
            "make_pipeline(StandardScaler(), LogisticRegression())",
        )

    def load(self) -> str:
        """The rows come from somewhere."""
        return self.pick(
            f"{self.X}, {self.y} = load_breast_cancer(return_X_y=True)",
            f"df = pd.read_csv('d.csv')\n{self.y} = df['t']\n{self.X} = df.drop(columns=['t'])",
            f"df = pd.read_csv('d.csv')\n{self.X} = df.drop('t', axis=1)\n{self.y} = df.t.values",
        )

    def split(self, rows: Part | None = None, into: tuple[Part, Part] | None = None) -> str:
        """A split of rows into two parts."""
        rows = rows or Part(self.X, self.y)
        one, two = into or (self.train, self.test)
        more = self.pick(
            "", ", test_size=0.2", ", test_size=0.25, random_state=42", ", random_state=0, stratify=" + rows.y
        )
        call = self.pick(
            "train_test_split",
            "train_test_split",
            "model_selection.train_test_split",
            "sklearn.model_selection.train_test_split",
        )
        if call == "train_test_split" and self.dice.random() < 0.25:
            return (
                f"from sklearn.model_selection import train_test_split as tts\n"
                f"{one.X}, {two.X}, {one.y}, {two.y} = tts({rows}{more})"
            )
        return f"{one.X}, {two.X}, {one.y}, {two.y} = {call}({rows}{more})"

    def parts(self, honest: bool) -> str:
        """Training, choosing and judging rows where it is honest; training and judging rows else, and sometimes all."""
        if not honest:
            return self.split()
        inner = Part(self.train.X + "_all", self.train.y + "_all")
        return self.split(into=(inner, self.test)) + "\n" + self.split(inner, (self.train, self.val))

    def score(self, model: str, part: Part) -> str:
        """How good a model is on rows, as one expression."""
        return self.pick(
            f"{model}.score({part})",
            f"accuracy_score({part.y}, {model}.predict({part.X}))",
            f"metrics.f1_score({part.y}, {model}.predict({part.X}), average='macro')",
            f"np.mean({model}.predict({part.X}) == {part.y})",
            f"({model}.predict({part.X}) == {part.y}).mean()",
            f"roc_auc_score({part.y}, {model}.predict_proba({part.X})[:, 1])",
            f"balanced_accuracy_score(y_true={part.y}, y_pred={model}.predict({part.X}))",
        )

    def scored(self, name: str, model: str, part: Part) -> list[str]:
        """The same as statements that bind a name."""
        if self.dice.random() < 0.5:
            return [f"{name} = {self.score(model, part)}"]
        guess = self.pick("pred", "y_pred", "y_hat", "predictions", "out")
        return [
            f"{guess} = {model}.predict({part.X})",
            f"{name} = "
            + self.pick(
                f"accuracy_score({part.y}, {guess})",
                f"np.mean({guess} == {part.y})",
                f"f1_score({part.y}, {guess})",
                f"({guess} == {part.y}).sum() / len({part.y})",
            ),
        ]

    def judge(self, model: str, part: Part) -> str:
        """A last word on rows."""
        said = self.score(model, part)
        return self.pick(
            f"print({said})",
            f"print(f'test: {{{said.replace(chr(39), chr(34))}:.3f}}')",
            f"final = {said}\nprint(final)",
            f"p = {model}.predict({part.X})\nprint(classification_report({part.y}, p))",
            f"p_last = {model}.predict({part.X})\nacc_last = accuracy_score({part.y}, p_last)\nacc_last",
        )


def block(head: str, *lines: str) -> str:
    """A head with lines below it, one step in."""
    return head + "\n" + "\n".join("    " + part for line in lines for part in line.split("\n"))
