"""What is fitted, chosen, encoded or copied before the split, and honest twins."""

# ruff: noqa: E501
from __future__ import annotations

from benchmarks.rows_spelled import Part, Spelled, block
from mlee_jupyter.domain import Level

_NEW = Part("X_new", "y_new")


def _ends(s: Spelled, part: Part) -> tuple[str, str]:
    """A model is fitted on the training rows and judged."""
    return f"{s.model} = {s.maker()}\n{s.model}.fit({s.train})", s.judge(s.model, part)


def scaled(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """A transformer is fitted on all rows that are split afterwards, often in a helper."""
    maker = s.pick(
        "StandardScaler()",
        "MinMaxScaler()",
        "SimpleImputer(strategy='median')",
        "PCA(n_components=5)",
        "make_pipeline(SimpleImputer(), StandardScaler())",
        "Pipeline([('i', SimpleImputer()), ('s', RobustScaler())])",
        "ColumnTransformer([('n', StandardScaler(), ['a', 'b'])], remainder='passthrough')",
    )
    way = s.pick(
        "plain", "chained", "two lines", "helper", "helper of two", "helper with keyword", "alias", "in place", "whole"
    )
    made = s.pick("X_new", "scaled", "X2")
    rows = s.X
    if way == "plain":
        act = f"{made} = {maker}.fit_transform({rows})"
    elif way == "chained":
        act = f"{made} = {maker}.fit({rows}).transform({rows})"
    elif way == "two lines":
        act = f"tool = {maker}\ntool.fit({rows})\n{made} = pd.DataFrame(tool.transform({rows}))"
    elif way == "helper":
        act = (
            block("def prepare(a):", f"tool = {maker}", "return tool.fit_transform(a)") + f"\n{made} = prepare({rows})"
        )
    elif way == "helper of two":
        act = block("def prepare(a, b):", f"tool = {maker}", "out = tool.fit_transform(a)", "return out, b")
        act += f"\n{made}, {s.y} = prepare({rows}, {s.y})"
    elif way == "helper with keyword":
        act = block("def apply(tool, values):", "tool.fit(values)", "done = tool.transform(values)", "return done")
        act += f"\n{made} = apply(values={rows}, tool={maker})"
    elif way == "alias":
        act = f"from sklearn.preprocessing import StandardScaler as Std\n{made} = Std().fit_transform({rows})"
    elif way == "in place":
        made, act = rows, f"{rows}[['a', 'b']] = {maker}.fit_transform({rows}[['a', 'b']])"
    else:
        act = block(
            "def load_and_split(a, b):",
            f"a = {maker}.fit_transform(a)",
            "parts = train_test_split(a, b)",
            "return parts",
        )
        act += f"\n{s.train.X}, {s.test.X}, {s.train.y}, {s.test.y} = load_and_split({rows}, {s.y})"
        if faulty:
            return s.load(), act, *_ends(s, s.test)
    if faulty:
        return s.load(), act, s.split(Part(made, s.y)), *_ends(s, s.test)
    return _honest_transform(
        s,
        maker,
        act if way not in ("in place", "whole") else f"pictured = {maker}.fit_transform({rows})",
        made if way not in ("in place", "whole") else "pictured",
    )


def _honest_transform(s: Spelled, maker: str, act: str, made: str) -> tuple[str, ...]:
    way = s.pick("pipeline", "train only", "picture", "helper on train", "cross")
    fit, say = _ends(s, s.test)
    if way == "pipeline":
        return (
            s.load(),
            s.split(),
            f"{s.model} = Pipeline([('t', {maker}), ('m', SVC())])\n{s.model}.fit({s.train})",
            say,
        )
    if way == "picture":
        return s.load(), act, f"plt.scatter(*{made}[:, :2].T, c={s.y})", s.split(), fit, say
    if way == "helper on train":
        helper = block("def prepare(tool, a, b):", "tool.fit(a)", "return tool.transform(a), tool.transform(b)")
        return (
            s.load(),
            s.split(),
            f"{helper}\n{s.train.X}, {s.test.X} = prepare({maker}, {s.train.X}, {s.test.X})",
            fit,
            say,
        )
    if way == "cross":
        return s.load(), f"print(cross_val_score(make_pipeline({maker}, SVC()), {s.X}, {s.y}, cv=5).mean())"
    return (
        s.load(),
        s.split(),
        f"tool = {maker}\n{s.train.X} = tool.fit_transform({s.train.X})\n{s.test.X} = tool.transform({s.test.X})",
        fit,
        say,
    )


def selected(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """Features are chosen by the target of all rows."""
    maker = s.pick(
        "SelectKBest(f_classif, k=9)",
        "SelectKBest(score_func=mutual_info_classif, k=9)",
        "RFE(LogisticRegression(), n_features_to_select=5)",
        "SelectFromModel(RandomForestClassifier())",
        "SelectPercentile(chi2, percentile=20)",
        "make_pipeline(StandardScaler(), SelectKBest(k=5))",
    )
    way = s.pick("plain", "support", "helper", "helper support", "importances", "mutual", "correlation")
    rows, made = s.X, s.pick("X_best", "X_sel", "chosen")
    start = s.load()
    if way in ("support", "helper support") and "pipeline" in maker:
        maker = "SelectKBest(k=7)"
    if way == "plain":
        act = f"{made} = {maker}.fit_transform({rows}, {s.y})"
    elif way == "support":
        act = f"sel = {maker}\nsel.fit({rows}, {s.y})\ncols = {rows}.columns[sel.get_support()]\n{made} = {rows}[cols]"
    elif way == "helper":
        act = (
            block("def select(a, b):", f"tool = {maker}", "return tool.fit_transform(a, b)")
            + f"\n{made} = select({rows}, {s.y})"
        )
    elif way == "helper support":
        act = block("def best_columns(a, b):", f"tool = {maker}.fit(a, b)", "return a.columns[tool.get_support()]")
        act += f"\nkeep = best_columns({rows}, {s.y})\n{made} = {rows}[keep]"
    elif way == "importances":
        act = f"rf = RandomForestClassifier()\nrf.fit({rows}, {s.y})\nimp = pd.Series(rf.feature_importances_, index={rows}.columns)\ntop = imp.nlargest(9).index\n{made} = {rows}[top]"
    elif way == "mutual":
        f = s.pick("mutual_info_classif", "f_classif", "feature_selection.mutual_info_regression")
        act = f"mi = {f}({rows}, {s.y})\nranked = pd.Series(np.ravel(mi), index={rows}.columns).sort_values()\n{made} = {rows}[ranked.index[-9:]]"
    else:
        start = f"df = pd.read_csv('d.csv')\n{s.y} = df['t']\n{rows} = df.drop(columns='t')"
        act = s.pick(
            f"corr = df.corr()['t'].abs()\ncols = corr[corr > 0.2].index.drop('t')\n{made} = df[cols]",
            f"strong = df.corrwith(df['t']).abs().nlargest(9).index\n{made} = df[strong]",
            f"cor = abs(df.corr()['t'])\nrelevant = cor[cor > 0.5]\n{made} = {rows}[relevant.index]",
        )
    if faulty:
        judged = s.pick("split", "cross") if way in ("plain", "helper") else "split"
        if judged == "cross":
            return start, act, f"print(cross_val_score({s.maker()}, {made}, {s.y}, cv=5).mean())"
        return start, act, s.split(Part(made, s.y)), *_ends(s, s.test)
    fit, say = _ends(s, s.test)
    look = s.pick("pipeline", "on train", "only shown", "refit")
    if look == "pipeline":
        return start, s.split(), f"print(cross_val_score(make_pipeline({maker}, SVC()), {s.train}).mean())"
    if look == "only shown":
        return start, act.rpartition("\n")[0] or act, s.split(), fit, say
    if look == "refit":
        return start, s.split(), fit, say, act, f"final = {s.maker()}.fit({made}, {s.y})"
    return (
        start,
        s.split(),
        f"tool = {maker}.fit({s.train})\n{s.train.X} = tool.transform({s.train.X})\n{s.test.X} = tool.transform({s.test.X})",
        fit,
        say,
    )


def encoded(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """A category is replaced by the mean of the target over all rows."""
    target, column = s.pick("price", "target", "churn", "t"), s.pick("city", "shop", "brand")
    new = s.pick(f"{column}_mean", f"{column}_enc", "enc")
    start = "df = pd.read_csv('d.csv')"
    frame = "df" if faulty else "train_df"
    way = s.pick("transform", "map", "map two lines", "encoder", "agg", "helper", "merge")
    act = {
        "transform": f"{frame}['{new}'] = {frame}.groupby('{column}')['{target}'].transform('mean')",
        "map": f"{frame}['{new}'] = {frame}['{column}'].map({frame}.groupby('{column}')['{target}'].mean())",
        "map two lines": f"means = {frame}.groupby('{column}').{target}.mean()\n{frame}['{new}'] = {frame}['{column}'].map(means)",
        "agg": f"stats = {frame}.groupby(['{column}'])['{target}'].agg(['mean', 'count'])\n{frame}['{new}'] = {frame}['{column}'].map(stats['mean'])",
        "encoder": f"enc = {s.pick('TargetEncoder()', 'ce.TargetEncoder(cols=[0])', 'LeaveOneOutEncoder()')}\n{frame}['{new}'] = enc.fit_transform({frame}[['{column}']], {frame}['{target}'])",
        "helper": block("def encode(d, c, t):", "m = d.groupby(c)[t].mean()", "return d[c].map(m)")
        + f"\n{frame}['{new}'] = encode({frame}, '{column}', '{target}')",
        "merge": f"g = {frame}.groupby('{column}', as_index=False)['{target}'].mean()\n{frame} = {frame}.merge(g, on='{column}', suffixes=('', '_m'))",
    }[way]
    rows = s.pick(
        f"X, y = df.drop(columns=['{target}']), df['{target}']",
        f"y = df['{target}']\nX = df.drop('{target}', axis=1)",
        f"y = df.pop('{target}')\nX = df",
    )
    parts = "X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)"
    fit = f"m = {s.maker()}\nm.fit(X_train, y_train)\nprint(m.score(X_test, y_test))"
    if faulty:
        if s.dice.random() < 0.3:
            return (
                start,
                act,
                f"train_df, test_df = train_test_split(df)\nm = Ridge().fit(train_df.drop(columns='{target}'), train_df['{target}'])",
            )
        return start, act, f"{rows}\n{parts}", fit
    look = s.pick("of another column", "after the split", "only shown", "within folds")
    if look == "of another column":
        return start, f"df['size_mean'] = df.groupby('{column}')['size'].transform('mean')", f"{rows}\n{parts}", fit
    if look == "only shown":
        return start, f"df.groupby('{column}')['{target}'].mean().plot()", f"{rows}\n{parts}", fit
    if look == "within folds":
        return start, rows, "print(cross_val_score(make_pipeline(TargetEncoder(), Ridge()), X, y))"
    return start, "train_df, test_df = train_test_split(df)", act


def copied(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """Rows are drawn more than once, or made from others, before the split."""
    sampler = s.pick(
        "SMOTE(random_state=1)",
        "SMOTE()",
        "RandomOverSampler()",
        "ADASYN()",
        "BorderlineSMOTE()",
        "SMOTETomek()",
        "SMOTEENN()",
    )
    way = s.pick("plain", "named", "helper", "alias", "resample", "sample", "twice", "resample arrays", "module")
    rows, y = s.X, s.y
    start = s.load()
    split = s.split(Part("X_res", "y_res"))
    if way == "plain":
        act = f"X_res, y_res = {sampler}.fit_resample({rows}, {y})"
    elif way == "named":
        act = f"sm = {sampler}\nX_res, y_res = sm.{s.pick('fit_resample', 'fit_sample')}({rows}, {y})"
    elif way == "helper":
        act = (
            block("def balance(a, b):", f"sm = {sampler}", "a2, b2 = sm.fit_resample(a, b)", "return a2, b2")
            + f"\nX_res, y_res = balance({rows}, {y})"
        )
    elif way == "alias":
        act = f"from imblearn.over_sampling import SMOTE as Over\nX_res, y_res = Over().fit_resample({rows}, {y})"
    elif way == "module":
        act = f"X_res, y_res = over_sampling.SMOTE().fit_resample({rows}, {y})"
    elif way == "resample arrays":
        act = f"X_res, y_res = resample({rows}, {y}, replace=True, n_samples=5000)"
    else:
        start = "df = pd.read_csv('d.csv')"
        rare = "minority = df[df['t'] == 1]\nmajority = df[df['t'] == 0]\n"
        if way == "resample":
            act = rare + s.pick(
                "up = resample(minority, replace=True, n_samples=len(majority), random_state=1)",
                "up = sklearn.utils.resample(minority, n_samples=len(majority))",
                "up = minority.sample(len(majority), replace=True)",
            )
            act += "\ndf_all = " + s.pick(
                "pd.concat([majority, up])",
                "pd.concat([up, majority]).sample(frac=1)",
                "pd.concat([majority, up], axis=0)",
            )
        elif way == "sample":
            act = s.pick(
                "df_all = df.sample(n=5000, replace=True)", "df_all = df.sample(frac=2.0, replace=True, random_state=1)"
            )
        else:
            act = s.pick(
                "df_all = pd.concat([df, df])",
                "df_all = pd.concat([df] * 3, ignore_index=True)",
                "df_all = df.loc[df.index.repeat(3)]",
            )
        act += "\nX_res, y_res = df_all.drop(columns='t'), df_all['t']"
    if faulty:
        return start, act, split, *_ends(s, s.test)
    look = s.pick("after", "pipeline", "down", "no repeats", "shown")
    fit, say = _ends(s, s.test)
    load = s.load()
    if look == "after":
        return load, s.split(), f"{s.train.X}, {s.train.y} = {sampler}.fit_resample({s.train})", fit, say
    if look == "pipeline":
        return load, f"print(cross_val_score(imblearn.pipeline.make_pipeline({sampler}, SVC()), {rows}, {y}).mean())"
    if look == "down":
        return (
            "df = pd.read_csv('d.csv')\nmajority = df[df['t'] == 0]\nminority = df[df['t'] == 1]",
            "down = "
            + s.pick("majority.sample(len(minority))", "resample(majority, replace=False, n_samples=len(minority))")
            + ("\ndf_all = pd.concat([down, minority])\nX_res, y_res = df_all.drop(columns='t'), df_all['t']"),
            split,
            fit,
            say,
        )
    if look == "no repeats":
        return load, f"X_res, y_res = {s.pick('shuffle', 'sklearn.utils.shuffle')}({rows}, {y})", split, fit, say
    return (
        load,
        act if way in ("plain", "named", "helper", "alias", "module") else "pass",
        "print(len(X_res))" if way in ("plain", "named", "helper", "alias", "module") else "pass",
        s.split(),
        fit,
        say,
    )


BEFORE = {
    "a transformer before the split": (Level.ADVICE, scaled),
    "features chosen before the split": (Level.WARNING, selected),
    "the target encoded before the split": (Level.WARNING, encoded),
    "rows copied before the split": (Level.WARNING, copied),
}
