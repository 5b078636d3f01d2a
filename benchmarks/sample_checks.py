"""False alarms of the checks on samples, where nothing is wrong; and that they see what is.

    python -m benchmarks.sample_checks [--quick]

Coverage: how often the upper bound of the unseen share holds. Drift: how often a fixed limit, ours, and the tests call
something drifted that is not. Rules MLE205, 206, 207, 407 and 409 on clean simulations and honest data.
"""

from __future__ import annotations

import argparse
import math
import warnings
from collections.abc import Callable, Iterator

import numpy as np
import pandas as pd

from benchmarks.short import Short
from mlee_jupyter import check_sample, compare
from mlee_jupyter.domain import Outcome
from mlee_jupyter.evidence.sampling.dependent_rows import alike_in_groups, alike_neighbours
from mlee_jupyter.evidence.sampling.shared_rows import shared_rows
from mlee_jupyter.evidence.sampling.slices import slices
from mlee_jupyter.evidence.sampling.table import Table
from mlee_jupyter.guardrails import find_rule
from mlee_jupyter.stats.sample.coverage import unseen_mass
from mlee_jupyter.stats.sample.drift import drift, psi, psi_limit

SHORT = Short(
    arguments=("--less", "1000"),
    columns=("population", "n", "true share", "RMSE", "upper holds", "lower holds", "false MLE203"),
    rows=20,
    needs=("sklearn",),
)

KINDS = 4812


def rate(hits: list[bool]) -> str:
    share = float(np.mean(hits))
    return f"{share:.1%} (SE {math.sqrt(share * (1 - share) / len(hits)):.1%}, {len(hits):,})"


# ---------------------------------------------------------------- coverage and drift


def populations() -> dict[str, np.ndarray]:
    place = np.arange(1, KINDS + 1)
    made = {
        "Zipf": 1 / place,
        "Zipf, steep": 1 / place**1.5,
        "equal": np.ones(KINDS),
        "geometric": 0.99 ** np.minimum(place, 3000),
        "200 kinds, equal": np.ones(200),
    }
    return {name: weights / weights.sum() for name, weights in made.items()}


def unseen(samples: int) -> None:
    print(
        "Unseen share: error of the estimate, upper and lower 95% bound hold, MLE203 fires although under 10% is unseen"
    )
    print("| population | n | true share | RMSE | upper holds | lower holds | false MLE203 |\n" + "| --- " * 7 + "|")
    for name, weights in populations().items():
        for n in (100, 300, 1000, 5000):
            random = np.random.default_rng(n)
            errors, upper, lower, false, masses = [], [], [], [], []
            for _ in range(samples):
                counts = random.multinomial(n, weights)
                truth, found = float(weights[counts == 0].sum()), unseen_mass(counts)
                errors.append(found.mass - truth)
                masses.append(truth)
                upper.append(found.upper >= truth)
                lower.append(found.lower <= truth)
                false.append(found.lower > 0.1 >= truth)
            rmse = float(np.sqrt(np.mean(np.square(errors))))
            print(
                f"| {name} | {n:,} | {np.mean(masses):.3f} | {rmse:.3f} | {np.mean(upper):.1%} | {np.mean(lower):.1%} "
                f"| {np.mean(false):.1%} |"
            )
    print(f"{samples} samples a cell, seed n\n")


def drifting(samples: int) -> None:
    print("Drift found where there is none: one column of 10 kinds; 20 columns of numbers")
    print("| n | N | PSI > 0.1 | PSI > its limit | some of 20 by 5% | some of 20, ours |\n" + "| --- " * 6 + "|")
    for n in (100, 300, 1000, 5000):
        whole, random = 20_000, np.random.default_rng(7 * n)
        fixed, limited, plain, ours = [], [], [], []
        frame = {f"x{k}": random.standard_normal(whole) for k in range(20)}
        for _ in range(samples):
            first, second = random.multinomial(n, [0.1] * 10), random.multinomial(whole, [0.1] * 10)
            index = psi(first, second)
            fixed.append(index > 0.1)
            limited.append(index > psi_limit(10, n, whole))
            found = drift({name: random.standard_normal(n) for name in frame}, frame)
            plain.append(any(one.p_value < 0.05 for one in found))
            ours.append(any(one.beyond_chance for one in found))
        print(f"| {n:,} | {whole:,} | " + " | ".join(f"{np.mean(k):.1%}" for k in (fixed, limited, plain, ours)) + " |")
    print(f"{samples} samples a cell, seed 7n\n")


# ---------------------------------------------------------------- MLE205


def alike(samples: int) -> None:
    random = np.random.default_rng(205)
    false, false_order, seen, seen_order = [], [], [], []
    for _ in range(samples):
        n = int(random.choice([50, 200, 1000, 5000]))
        groups = random.integers(0, int(random.choice([5, n // 10, n // 2])), n)
        # as often as not a good classifier: 3 errors or more
        errors = (random.permutation(n) < max(3, n * random.uniform(0, 0.4) ** 2)).astype(float)
        errors = errors if random.random() < 0.5 else None
        errors = random.standard_t(5, n) ** 2 if errors is None else errors
        found = alike_in_groups(errors, groups, "patient", "errors")
        false.append(found is not None and found.effective_n < 0.8 * n)
        order = alike_neighbours(errors, "errors")
        false_order.append(order is not None and order.effective_n < 0.8 * n)
        hard = random.standard_normal(100)[np.arange(1000) // 10]
        wrong = (math.sqrt(0.3) * hard + math.sqrt(0.7) * random.standard_normal(1000) > 1).astype(float)
        found = alike_in_groups(wrong, np.arange(1000) // 10, "patient", "errors")
        seen.append(found is not None and found.effective_n < 800)
        walk = random.standard_normal(1000)
        for step in range(1, 1000):
            walk[step] += 0.6 * walk[step - 1]
        order = alike_neighbours(np.abs(walk), "errors")
        seen_order.append(order is not None and order.effective_n < 800)
    print(f"MLE205 by groups: false {rate(false)}; 100 groups of 10, latent correlation .3, seen {rate(seen)}")
    print(f"MLE205 by neighbours: false {rate(false_order)}; AR(1) .6, absolute errors, seen {rate(seen_order)}\n")


# ---------------------------------------------------------------- MLE206


def learning(samples: int) -> None:
    random = np.random.default_rng(206)
    beyond, false, seen = [], [], []
    for _ in range(samples):
        n = int(random.choice([100, 500, 2000]))
        shared = random.standard_normal(n)
        steps = []
        for lift in (0.0, 0.05):
            quantiles = (1.0364, 1.0364 + lift * 4.7)  # 85%, and about 4 points more
            right = [0.9 * shared + 0.436 * random.standard_normal(n) < q for q in quantiles]
            change = right[1].astype(float) - right[0]
            low = change.mean() - 1.96 * change.std() / math.sqrt(n - 1)
            steps.append((change.mean(), low))
        beyond.append(steps[0][1] > 0)
        false.append(steps[0][1] > 0 and steps[0][0] > 0.02)
        seen.append(steps[1][1] > 0 and steps[1][0] > 0.02)
    print(f"MLE206, a doubling that gains nothing: beyond chance {rate(beyond)}, and above 2 points {rate(false)};")
    print(f"one that gains about 4 points, n 100 to 2,000: seen {rate(seen)}\n")


# ---------------------------------------------------------------- MLE207


def frame_of(random: np.random.Generator, rows: int) -> pd.DataFrame:
    columns = {f"x{k}": random.standard_normal(rows) for k in range(8)}
    columns |= {f"whole{k}": random.poisson(3 * k + 1, rows) for k in range(4)}
    columns |= {f"kind{k}": random.choice([f"v{j}" for j in range(3 * k + 2)], rows) for k in range(4)}
    columns |= {f"rare{k}": np.where(random.random(rows) < 0.02 * (k + 1), "yes", "no") for k in range(4)}
    columns["date"] = np.datetime64("2022-01-01") + np.arange(rows).astype("timedelta64[h]")
    return pd.DataFrame(columns)


def sliced(samples: int) -> None:
    random = np.random.default_rng(207)
    false: dict[int, list[bool]] = {}
    first, site, drifted = [], [], []
    for _ in range(samples):
        frame = frame_of(random, 5000)
        for n in (50, 400):
            some = Table(frame.iloc[random.choice(5000, n, replace=False)], "test")
            false.setdefault(n, []).append(bool(slices(some, Table(frame, "frame"), None, None)))
        whole = Table(frame, "frame")
        first.append(any(k.what == "place" for k in slices(Table(frame.head(400), "t"), whole, None, None) or ()))
        one = Table(frame[frame["kind1"] == "v1"].sample(400, random_state=1), "t")
        site.append(any(k.what == "kind" for k in slices(one, whole, None, None) or ()))
        moved = frame.sample(400, random_state=1).assign(x0=lambda d: d["x0"] + 0.5)
        drifted.append(any(k.what == "drift" for k in slices(Table(moved, "t"), whole, None, None) or ()))
    print(
        "MLE207, random draws from a frame of 5,000 rows, 20 columns: "
        + ", ".join(f"n={n} {rate(k)}" for n, k in false.items())
    )
    print(
        f"seen: first rows {rate(first)}, one kind {rate(site)}, one column moved by half a deviation {rate(drifted)}\n"
    )


# ---------------------------------------------------------------- MLE407


def tables(random: np.random.Generator) -> Iterator[tuple[str, np.ndarray | pd.DataFrame]]:
    from sklearn import datasets

    for name in ("iris", "wine", "breast_cancer", "digits", "diabetes"):
        yield name, getattr(datasets, f"load_{name}")().data
    n = 1000
    yield "3 categories", pd.DataFrame({k: random.choice(list("abcde"), n) for k in "uvw"})
    yield "one-hot", pd.get_dummies(pd.DataFrame({k: random.choice(list("abcde"), n) for k in "uvwxyz"})).astype(float)
    yield "short texts as word counts", random.poisson(1 / np.arange(1, 301) ** 1.5, (n, 300)).astype(float)
    prices = np.round(random.lognormal(2, 0.5, n), 1)
    yield "prices and categories", pd.DataFrame({"price": prices, "k": random.choice(list("abc"), n)})
    yield "ages and hours", np.column_stack((random.integers(18, 90, n), random.integers(0, 60, n)))
    yield "one column of ages", random.integers(18, 90, (n, 1))
    yield "normal", random.standard_normal((n, 5))
    yield "normal, two decimals", np.round(random.standard_normal((n, 4)), 2)
    yield "many flags", (random.random((n, 12)) < 0.3).astype(int)
    yield "rare flags", (random.random((n, 40)) < 0.03).astype(int)


def split(table: np.ndarray | pd.DataFrame, rows: np.ndarray) -> np.ndarray | pd.DataFrame:
    return table.iloc[rows] if isinstance(table, pd.DataFrame) else table[rows]


def copies(samples: int) -> None:
    random = np.random.default_rng(407)
    print("MLE407: false alarms over random splits (a quarter for the test), and 2% of copies put into train")
    print("| table | rows equal by chance | false | seen |\n" + "| --- " * 4 + "|")
    every: list[bool] = []
    for name, table in tables(random):
        coarse, false, seen = [], [], []
        for _ in range(samples):
            order = random.permutation(len(table))
            cut = len(table) // 4
            test, train = split(table, order[:cut]), split(table, order[cut:])
            found = shared_rows(Table(test, "test"), Table(train, "train"))
            assert found is not None
            coarse.append((found.coarse + found.shared) / cut)
            false.append(found.shared >= 0.01 * cut)
            with_copies = split(table, np.concatenate((order[cut:], order[: max(1, round(0.02 * cut))])))
            again = shared_rows(Table(test, "test"), Table(with_copies, "train"))
            seen.append(again is not None and again.shared >= 0.01 * cut)
        every += false
        print(f"| {name} | {np.mean(coarse):.1%} | {np.mean(false):.1%} | {np.mean(seen):.1%} |")
    print(f"{samples} splits a table, seed 407; all together false {rate(every)}\n")


# ---------------------------------------------------------------- MLE409


def honest() -> Iterator[tuple[str, np.ndarray, np.ndarray]]:
    from sklearn import datasets

    for name in ("iris", "wine", "breast_cancer", "digits"):
        held = getattr(datasets, f"load_{name}")()
        yield name, held.data, held.target
        if name != "breast_cancer":
            yield f"{name}, one class", held.data, (held.target == 1).astype(int)
    yield "diabetes", *datasets.load_diabetes(return_X_y=True)
    for noise in (0.0, 0.1):
        yield f"moons {noise}", *datasets.make_moons(600, noise=0.2 + noise, random_state=1)
    yield "friedman", *datasets.make_friedman1(600, random_state=1)


def too_good(splits: int) -> None:
    from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
    from sklearn.linear_model import LogisticRegression, Ridge
    from sklearn.neighbors import KNeighborsClassifier, KNeighborsRegressor
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    print("MLE409 on honest problems, half for the test; by which sign it fires, and with a leaked column")
    print("| problem | one column | perfect | a tenth of the simpler one | leaked column seen |\n" + "| --- " * 5 + "|")
    rule = find_rule("MLE409")
    for name, features, truth in honest():
        labels = len(np.unique(truth)) <= 20
        signs = {"column": [], "perfect": [], "candidate": [], "leak": []}
        for seed in range(splits):
            order = np.random.default_rng(seed).permutation(len(truth))
            test, train = order[: len(truth) // 2], order[len(truth) // 2 :]
            if labels:
                models = [
                    LogisticRegression(max_iter=5000),
                    KNeighborsClassifier(),
                    RandomForestClassifier(50, random_state=seed),
                ]
            else:
                models = [Ridge(), KNeighborsRegressor(), RandomForestRegressor(50, random_state=seed)]
            answers = {}
            for model in models:
                fitted = make_pipeline(StandardScaler(), model).fit(features[train], truth[train])
                answers[type(model).__name__] = fitted.predict(features[test])
            ranks = {model: place for place, model in enumerate(answers, 1)}
            metric = "accuracy" if labels else "mae"
            found = compare(truth[test], answers, metric=metric, simplicity=ranks).judgement
            seen = check_sample(features[test], truth=truth[test])
            answer = rule.check(_evidence(found, seen.facts, labels))
            fired = set(answer.facts) if answer.outcome is Outcome.FINDING else set()
            for sign in ("column", "perfect", "candidate"):
                signs[sign].append(sign in fired)
            leaked = np.column_stack((features[test], truth[test] * 2.0 + 1))
            signs["leak"].append(any(f.rule == "MLE409" for f in check_sample(leaked, truth=truth[test]).findings))
        print(f"| {name} | " + " | ".join(f"{np.mean(k):.0%}" for k in signs.values()) + " |")
    print(f"{splits} splits a problem, seeds 0 to {splits - 1}\n")


def _evidence(judgement: object, facts: object, labels: bool) -> object:
    from tests import builders

    seen = builders.evidence(
        judgements=[judgement], declared_truth=builders.truth(kind="labels" if labels else "numbers")
    )
    from dataclasses import replace

    return replace(seen, sample=facts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the samples")
    parser.add_argument("--less", type=int, default=1, metavar="N", help="samples divided by N")
    parser.add_argument(
        "--part", default="", help="only this one: unseen, drifting, alike, learning, sliced, copies, too_good"
    )
    options = parser.parse_args()
    less = 10 if options.quick else options.less
    warnings.simplefilter("ignore")
    parts: list[tuple[Callable[[int], None], int]] = [
        (unseen, 1000),
        (drifting, 500),
        (alike, 2000),
        (learning, 2000),
        (sliced, 500),
        (copies, 100),
        (too_good, 20),
    ]
    for part, samples in parts:
        if options.part in ("", part.__name__):
            part(max(2, samples // less))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
