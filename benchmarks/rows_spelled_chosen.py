"""Models, rounds, settings and thresholds that are chosen by the rows which judge them, and honest twins."""

# ruff: noqa: E501
from __future__ import annotations

from benchmarks.rows_spelled import Part, Spelled, block
from mlee_jupyter.domain import Level


def _held(s: Spelled, faulty: bool) -> Part:
    """The rows that choose."""
    return s.test if faulty else s.val


def _kept(s: Spelled, score: str, *kept: str) -> tuple[str, str]:
    """The name of the best so far, and the branch that keeps it with what belongs to it."""
    best, higher = s.pick("best", "best_score", "best_acc", "top"), s.pick(">", ">=")
    test = s.pick(f"{score} {higher} {best}", f"{best} < {score}")
    return best, block(f"if {test}:", f"{best} = {score}", *kept)


def rounds_kept(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """A loop over rounds that keeps the best model."""
    part = _held(s, faulty)
    m, rounds = s.model, s.pick("epoch", "i", "step", "_")
    learn = s.pick(
        f"{m}.partial_fit({s.train}, classes=[0, 1])",
        f"{m}.n_estimators += 10\n{m}.fit({s.train})",
        f"{m}.set_params(n_estimators=10 * ({rounds} + 1))\n{m}.fit({s.train})",
        f"{m}.partial_fit({s.train})",
    )
    copies = s.pick("copy.deepcopy", "deepcopy", "copy", "sklearn.base.clone")
    best, kept = _kept(s, "acc", f"best_model = {copies}({m})", f"best_round = {rounds}")
    loop = block(
        f"for {rounds} in {s.pick('range(20)', 'tqdm(range(20))', 'np.arange(5)')}:",
        learn,
        "\n".join(s.scored("acc", m, part)),
        kept,
    )
    return (
        s.load(),
        s.parts(not faulty),
        (
            f"{m} = {s.pick('SGDClassifier()', 'GradientBoostingClassifier(warm_start=True)')}\n"
            f"{best} = {s.pick('0', '-np.inf', '0.0')}\n{loop}"
        ),
        s.judge("best_model", s.test),
    )


def watched_only(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """A loop over settings that shows the best score; the twin only shows every score."""
    m, k, part = s.model, s.pick("k", "n", "depth", "setting"), s.test
    over = s.pick("range(1, 30)", "[1, 3, 5, 9]", "np.arange(1, 9)")
    fit = s.pick(f"{m} = {s.maker(k)}\n{m}.fit({s.train})", f"{m} = {s.maker(k)}.fit({s.train})")
    scores = s.pick("scores", "accs", "results")
    loop = block(f"for {k} in {over}:", fit, "\n".join(s.scored("s", m, part)), f"{scores}.append(s)")
    if s.dice.random() < 0.3:
        maker = s.maker(k)
        loop = f"{scores} = [{s.score(f'{maker}.fit({s.train})', part)} for {k} in {over}]"
    show = s.pick(
        f"print(max({scores}))",
        f"best = np.max({scores})\nprint('best', best)",
        f"print(f'best: {{max({scores})}}')",
        f"best_score = max({scores})\nbest_score",
    )
    calm = s.pick(
        f"plt.plot({over}, {scores})", f"print({scores})", f"pd.DataFrame({{'s': {scores}}})", f"np.mean({scores})"
    )
    return s.load(), s.parts(False), f"{scores} = []\n{loop}", show if faulty else calm


def settings_in_a_loop(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """A loop over settings, the best of which is fitted and judged."""
    part, m, k = _held(s, faulty), s.model, s.pick("k", "n", "depth")
    over = s.pick("range(1, 30)", "[1, 3, 5, 9]", "np.arange(1, 9)", "grid")
    fit = s.pick(f"{m} = {s.maker(k)}\n{m}.fit({s.train})", f"{m} = {s.maker(k)}.fit({s.train})")
    body = [fit, "\n".join(s.scored("s", m, part))]
    way = s.pick("keep", "list", "dict", "comprehension")
    if way == "keep":
        best, kept = _kept(s, "s", f"best_k = {k}")
        found = f"{best} = 0\n" + block(f"for {k} in {over}:", *body, kept)
    elif way == "list":
        pick = s.pick("np.argmax(scores)", "scores.index(max(scores))", "int(np.argmax(np.array(scores)))")
        found = "scores, tried = [], []\n" + block(
            f"for {k} in {over}:", *body, "scores.append(s)", f"tried.append({k})"
        )
        found += f"\nbest_k = tried[{pick}]"
    elif way == "dict":
        found = "results = {}\n" + block(f"for {k} in {over}:", *body, f"results[{k}] = s")
        found += "\nbest_k = " + s.pick(
            "max(results, key=results.get)",
            "pd.Series(results).idxmax()",
            "sorted(results.items(), key=lambda item: item[1])[-1][0]",
        )
    else:
        maker = s.maker(k)
        found = f"scores = [{s.score(f'{maker}.fit({s.train})', part)} for {k} in range(1, 20)]\nbest_k = 1 + np.argmax(scores)"
    last = s.maker("best_k")
    rows = s.train
    return (
        s.load(),
        s.parts(not faulty),
        found,
        s.pick(f"final = {last}\nfinal.fit({rows})", f"final = {last}.fit({rows})"),
        s.judge("final", s.test),
    )


def threshold(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """A threshold that is found on the rows on which the labels are judged."""
    part, m = _held(s, faulty), s.model
    fit = f"{m} = {s.maker()}\n{m}.fit({s.train})"
    scores, metric = (
        s.pick("proba", "probs", "y_score"),
        s.pick("f1_score", "accuracy_score", "balanced_accuracy_score"),
    )
    made = f"{scores} = {m}.predict_proba({part.X})[:, 1]"
    way = s.pick("roc", "pr", "loop", "list", "function")
    if way == "roc":
        found = f"fpr, tpr, thr = {s.pick('roc_curve', 'metrics.roc_curve')}({part.y}, {scores})\n" + s.pick(
            "best_t = thr[np.argmax(tpr - fpr)]",
            "ix = np.argmax(np.sqrt(tpr * (1 - fpr)))\nbest_t = thr[ix]",
            "j = tpr - fpr\nbest_t = thr[j.argmax()]",
        )
    elif way == "pr":
        found = f"prec, rec, thr = precision_recall_curve({part.y}, {scores})\nf = 2 * prec * rec / (prec + rec)\nbest_t = thr[np.argmax(f)]"
    elif way == "list":
        grid = s.pick("np.arange(0.1, 0.9, 0.01)", "np.linspace(0, 1, 50)", "[0.3, 0.5, 0.7]")
        found = f"ts = {grid}\nfs = [{metric}({part.y}, {s.pick(f'({scores} > t).astype(int)', f'{scores} >= t')}) for t in ts]\nbest_t = ts[np.argmax(fs)]"
    else:
        cut = s.pick("{p} > t", "({p} >= t).astype(int)", "np.where({p} > t, 1, 0)")
        lines = (
            "best_f, best_t = 0, 0.5",
            block(
                "for t in np.arange(0.1, 0.9, 0.01):",
                f"f = {metric}({{y}}, {cut})",
                block("if f > best_f:", "best_f = f", "best_t = t"),
            ),
        )
        if way == "loop":
            found = "\n".join(lines).format(y=part.y, p=scores)
        else:
            inside = "\n".join(lines).format(y="y_true", p="p")
            found = (
                block("def find_threshold(y_true, p):", inside, "return best_t")
                + f"\nbest_t = find_threshold({part.y}, {scores})"
            )
    last = scores if faulty else f"{m}.predict_proba({s.test.X})[:, 1]"
    cuts = s.pick(
        f"labels_out = ({last} >= best_t).astype(int)",
        f"labels_out = np.where({last} > best_t, 1, 0)",
        f"labels_out = {last} > best_t",
    )
    say = s.pick(
        f"print({metric}({s.test.y}, labels_out))",
        f"print(classification_report({s.test.y}, labels_out))",
        f"confusion_matrix({s.test.y}, labels_out)",
    )
    return s.load(), s.parts(not faulty), f"{fit}\n{made}", found, f"{cuts}\n{say}"


def torch_rounds(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """A loop over epochs in torch that keeps the best weights."""
    net = s.pick("model", "net", "classifier")
    held, last = ("test", "test") if faulty else ("val", "test")
    loader = s.pick("{}_loader", "{}_dl", "{}_iter", "{}_dataloader")
    train, held, last = loader.format("train"), loader.format(held), loader.format(last)
    optimizer = s.pick("optimizer", "opt")
    learn = block(
        f"for xb, yb in {train}:",
        f"{optimizer}.zero_grad()",
        f"loss = criterion({net}(xb), yb)",
        "loss.backward()",
        f"{optimizer}.step()",
    )
    counts = block(
        "with torch.no_grad():",
        block(
            f"for {s.pick('xb, yb', 'inputs, targets')} in {{0}}:".replace("xb, yb", "xb, yb"),
            f"out = {net}({{1}})",
            "correct += (out.argmax(1) == {2}).sum().item()",
            "total += {2}.size(0)",
        ),
    )
    inner = "inputs" if "inputs, targets" in counts else "xb"
    answers = "targets" if inner == "inputs" else "yb"
    way = s.pick("inline", "function", "unread function")
    if way == "inline":
        helper = ""
        measure = "correct, total = 0, 0\n" + counts.format(held, inner, answers) + "\nacc = correct / total"
        judge = "correct, total = 0, 0\n" + counts.format(last, inner, answers) + "\nprint(correct / total)"
    else:
        ends = (
            ("return correct / total",)
            if way == "function"
            else (block("if total == 0:", "return 0.0"), "return correct / total")
        )
        helper = block(
            f"def evaluate({net}, loader):",
            f"{net}.eval()",
            "correct, total = 0, 0",
            counts.format("loader", inner, answers),
            *ends,
        )
        measure = f"acc = evaluate({net}, {held})"
        judge = s.pick(
            f"print(evaluate({net}, {last}))", f"test_acc = evaluate({net}, {last})\nprint(f'{{test_acc:.3f}}')"
        )
    keep, load = s.dice.choice(
        [
            (f"torch.save({net}.state_dict(), 'best.pt')", f"{net}.load_state_dict(torch.load('best.pt'))"),
            (f"best_state = copy.deepcopy({net}.state_dict())", f"{net}.load_state_dict(best_state)"),
            (f"torch.save({net}.state_dict(), PATH)", f"{net}.load_state_dict(torch.load(PATH))"),
            (f"best_wts = {net}.state_dict()", f"{net}.load_state_dict(best_wts)"),
        ]
    )
    best, kept = _kept(s, "acc", keep)
    loop = f"{best} = 0.0\n" + block("for epoch in range(num_epochs):", f"{net}.train()", learn, measure, kept)
    data = "train_ds, val_ds, test_ds = random_split(ds, [800, 100, 100])\n" + "\n".join(
        f"{loader.format(p)} = DataLoader({p}_ds, batch_size=64)" for p in ("train", "val", "test")
    )
    first = f"{net} = Net()\ncriterion = nn.CrossEntropyLoss()\n{optimizer} = torch.optim.Adam({net}.parameters())"
    return tuple(c for c in (data, first, helper, loop, f"{load}\n{judge}") if c)


def torch_best_shown(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """The best epoch's score is told; the twin tells the last one's."""
    net = s.pick("model", "net", "cnn")
    best, kept = _kept(s, "test_acc", s.pick("best_epoch = epoch", "torch.save(net.state_dict(), 'b.pt')"))
    run = s.pick(
        f"train(model, train_loader)\ntest_loss, test_acc = test({net}, test_loader)",
        f"train_epoch({net}, train_loader, optimizer)\ntest_acc = evaluate({net}, test_loader)",
        f"loss = run_epoch({net}, train_loader)\ntest_acc = get_accuracy({net}, test_loader)",
    )
    data = "train_loader = DataLoader(train_ds)\ntest_loader = DataLoader(test_ds)"
    if not faulty:
        return (
            data,
            block("for epoch in range(9):", run, s.pick("print(epoch, test_acc)", "log.append(test_acc)")),
            "print(test_acc)",
        )
    say = s.pick(f"print({best})", f"print(f'best: {{{best}:.3f}}')", best, f"print('Best:', {best}, 'at', epoch)")
    return data, f"{best} = 0\n" + block("for epoch in range(9):", run, kept), say


def boosted(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """Early stopping and kept rounds of the three boosters."""
    part, m, kind = _held(s, faulty), s.model, s.pick("Classifier", "Regressor")
    sets = s.pick(f"[({part})]", f"[({s.train}), ({part})]", f"(({part}),)")
    way = s.pick(
        "xgb",
        "xgb call",
        "xgb callbacks",
        "lgb",
        "lgb first",
        "cat",
        "cat pool",
        "xgb train",
        "lgb train",
        "watch list",
    )
    fit = {
        "xgb": f"{m} = {s.pick('xgb.', '')}XGB{kind}(n_estimators=900, early_stopping_rounds=9)\n{m}.fit({s.train}, eval_set={sets}, verbose=False)",
        "xgb call": f"{m} = XGB{kind}()\n{m}.fit({s.train}, early_stopping_rounds=9, eval_set={sets})",
        "xgb callbacks": f"{m} = XGB{kind}(callbacks=[xgb.callback.EarlyStopping(rounds=9)])\n{m}.fit({s.train}, eval_set={sets})",
        "lgb": f"{m} = lgb.LGBM{kind}()\n{m}.fit({s.train}, eval_set=[({part})], callbacks=[lgb.early_stopping(9), lgb.log_evaluation(0)])",
        "lgb first": f"from lightgbm import LGBM{kind} as Booster, early_stopping as stop\n{m} = Booster(n_estimators=900)\n{m}.fit({s.train}, eval_set=[({part})], callbacks=[stop(stopping_rounds=9)])",
        "cat": f"{m} = CatBoost{kind}(iterations=900, verbose=0)\n{m}.fit({s.train}, eval_set=({part}){s.pick('', ', early_stopping_rounds=9', ', use_best_model=True')})",
        "cat pool": f"train_pool, held_pool = Pool({s.train}), Pool(data={part.X}, label={part.y})\n{m} = cb.CatBoost{kind}()\n{m}.fit(train_pool, eval_set=held_pool)",
        "xgb train": f"da = xgb.DMatrix({s.train.X}, label={s.train.y})\ndb = xgb.DMatrix({part.X}, {part.y})\n{m} = xgb.train({{}}, da, 900, evals=[(da, 'a'), (db, 'b')], early_stopping_rounds=9)",
        "lgb train": f"da = lgb.Dataset({s.train.X}, {s.train.y})\ndb = lgb.Dataset({part.X}, {part.y}, reference=da)\n{m} = lgb.train({{}}, da, 900, valid_sets=[da, db], callbacks=[lgb.early_stopping(9)])",
        "watch list": f"watch = [({s.train}), ({part})]\nsettings = dict(n_estimators=900, early_stopping_rounds=9)\n{m} = XGB{kind}(**settings)\n{m}.fit({s.train}, eval_set=watch)",
    }[way]
    if way == "xgb train":
        return (
            s.load(),
            s.parts(not faulty),
            fit,
            f"print(roc_auc_score({s.test.y}, {m}.predict(xgb.DMatrix({s.test.X}))))",
        )
    said = f"p = {m}.predict({s.test.X})\nprint(mean_squared_error({s.test.y}, p))"
    if s.dice.random() < 0.4:
        said = (
            block("def report(booster, a, b):", "p = booster.predict(a)", "print(r2_score(b, p))")
            + f"\nreport({m}, {s.test})"
        )
    return s.load(), s.parts(not faulty), fit, said


def keras_rounds(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """Callbacks of keras that stop, or keep the best round, by the rows that judge."""
    part, m = _held(s, faulty), s.model
    build = s.pick(
        f"{m} = Sequential([Dense(9, activation='relu'), Dense(1)])",
        f"{m} = keras.Sequential()\n{m}.add(layers.Dense(1))",
        f"{m} = build_model()",
    )
    build += f"\n{m}.compile(optimizer='adam', loss='mse', metrics=['accuracy'])"
    stop = s.pick(
        "EarlyStopping(patience=3)",
        "keras.callbacks.EarlyStopping(monitor='val_loss', patience=5, restore_best_weights=True)",
        "tf.keras.callbacks.EarlyStopping('val_accuracy', patience=2)",
    )
    way = s.pick("stop", "stop by name", "checkpoint", "checkpoint by name", "history", "history shown")
    held = s.pick(f"({part})", f"[{part}]")
    fit = f"{s.pick('history = ', 'hist = ', '')}{m}.fit({s.train}, epochs=50, validation_data={held}, {{}}verbose=0)"
    last = s.pick(
        f"{m}.evaluate({s.test})",
        f"loss, acc = {m}.evaluate({s.test}, verbose=0)\nprint(acc)",
        f"p = ({m}.predict({s.test.X}) > 0.5).astype(int)\nprint(accuracy_score({s.test.y}, p))",
    )
    if way == "stop":
        cells: tuple[str, ...] = (build, fit.format(f"callbacks=[{stop}], "), last)
    elif way == "stop by name":
        cells = (build, f"es = {stop}\ncbs = [es]\n" + fit.format("callbacks=cbs, "), last)
    elif way.startswith("checkpoint"):
        path = s.pick("'best.h5'", "'best.keras'", "checkpoint_path")
        saver = s.pick(
            f"ModelCheckpoint({path}, save_best_only=True)",
            f"keras.callbacks.ModelCheckpoint(filepath={path}, monitor='val_loss', save_best_only=True)",
        )
        given = f"callbacks=[{saver}], " if way == "checkpoint" else "callbacks=[mc], "
        load = s.pick(
            f"{m}.load_weights({path})", f"{m} = load_model({path})", f"{m} = keras.models.load_model({path})"
        )
        cells = (build, ("" if way == "checkpoint" else f"mc = {saver}\n") + fit.format(given), f"{load}\n{last}")
    else:
        fit = f"h = {m}.fit({s.train}, epochs=50, validation_data={held}, verbose=0)"
        if way == "history shown" and faulty:
            cells = (
                build,
                fit,
                s.pick("print(max(h.history['val_accuracy']))", "best = np.min(h.history['val_loss'])\nprint(best)"),
            )
        elif way == "history shown":
            cells = (
                build,
                fit,
                s.pick(
                    "plt.plot(h.history['val_loss'])",
                    "print(max(h.history['accuracy']))",
                    "print(h.history['val_loss'][-1])",
                ),
            )
        else:
            best = s.pick(
                "n = np.argmin(h.history['val_loss']) + 1",
                "losses = h.history['val_loss']\nn = losses.index(min(losses)) + 1",
            )
            cells = (build, fit, f"{best}\n{build}\n{m}.fit({s.train}, epochs=n)", last)
    return s.load(), s.parts(not faulty), *cells


def objective(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """An objective of a search that scores its tries on the rows that judge."""
    part, m = _held(s, faulty), s.model
    way = s.pick("optuna", "optuna lambda", "optuna partial", "hyperopt", "skopt", "optuna helper", "optuna study")
    setting = (
        "trial.suggest_float('C', 0.1, 9)" if "optuna" in way else "space['C']" if way == "hyperopt" else "space[0]"
    )
    given = "trial" if "optuna" in way else "space"
    learn = s.pick(f"{m} = SVC(C={setting})\n{m}.fit({s.train})", f"{m} = SVC(C={setting}).fit({s.train})")
    sign = "" if "optuna" in way else "-"
    scored = (
        "\n".join([*s.scored("s", m, part), f"return {sign}s"])
        if s.dice.random() < 0.5
        else f"return {sign}{s.score(m, part)}"
    )
    create = "study = optuna.create_study(direction='maximize')\n"
    body = block(f"def objective({given}):", learn, scored)
    if way == "optuna lambda":
        body = block(
            "def objective(trial, a, b, c, d):", f"{m} = SVC(C={setting}).fit(a, b)", f"return {m}.score(c, d)"
        )
        run = create + f"study.optimize(lambda trial: objective(trial, {s.train}, {part}), n_trials=9)"
    elif way == "optuna partial":
        body = block(
            "def objective(trial, a, b, c, d):", f"{m} = SVC(C={setting}).fit(a, b)", f"return {m}.score(c, d)"
        )
        run = (
            create
            + f"study.optimize(functools.partial(objective, a={s.train.X}, b={s.train.y}, c={part.X}, d={part.y}), n_trials=9)"
        )
    elif way == "optuna helper":
        body = (
            block("def run(model, a, b, c, d):", "model.fit(a, b)", "return accuracy_score(d, model.predict(c))")
            + "\n"
            + block("def objective(trial):", f"return run(SVC(C={setting}), {s.train}, {part})")
        )
        run = create + "study.optimize(objective, n_trials=9)"
    elif "optuna" in way:
        run = create + f"study.optimize({s.pick('objective', 'func=objective')}, n_trials=9)"
    elif way == "hyperopt":
        run = f"best = fmin({s.pick('objective', 'fn=objective')}, space=grid, algo=tpe.suggest, max_evals=9)"
    else:
        run = "found = gp_minimize(objective, [(0.1, 9.0)])"
    value = {"hyperopt": "best", "skopt": "found.x"}.get(way, "study.best_params")
    use = {"hyperopt": "SVC(C=best['C'])", "skopt": "SVC(C=found.x[0])"}.get(
        way, s.pick("SVC(**study.best_params)", "SVC(C=study.best_params['C'])")
    )
    del value
    return s.load(), s.parts(not faulty), body, run, f"final = {use}\nfinal.fit({s.train})", s.judge("final", s.test)


def fits_all(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """A function fits on all that it is given, and scores on a part."""
    name, m = s.pick("evaluate", "run_model", "train_and_score", "check"), s.pick("model", "est")
    inner = Spelled(s.dice)
    inner.X, inner.y = "a", "b"
    split = inner.split(Part("a", "b"), (Part("a_train", "b_train"), Part("a_test", "b_test")))
    fit = f"{m}.fit(a, b)" if faulty else f"{m}.fit(a_train, b_train)"
    after = "" if faulty or s.dice.random() < 0.5 else f"\n{m}.fit(a, b)"
    lines = [split, fit] if not faulty or s.dice.random() < 0.6 else [fit, split]
    said = s.score(m, Part("a_test", "b_test"))
    kind = s.pick("return", "print", "split outside", "loop", "in one more")
    if kind == "print":
        body = block(f"def {name}({m}, a, b):", *lines, f"print({said})" + after)
    else:
        body = block(f"def {name}({m}, a, b):", *lines, f"result = {said}" + after, "return result")
    call = f"{name}({s.maker()}, {s.X}, {s.y})"
    if kind == "split outside":
        fit = f"est.fit({s.X}, {s.y})" if faulty else "est.fit(a, b)"
        body = block("def learn(est, a, b):", "est.fit(a, b)", "return est")
        given = f"{s.X}, {s.y}" if faulty else str(s.train)
        return s.load(), s.parts(False), body, f"{s.model} = learn({s.maker()}, {given})", s.judge(s.model, s.test)
    if kind == "loop":
        return s.load(), body, block(f"for one in [{s.maker()}, {s.maker()}]:", f"print({name}(one, {s.X}, {s.y}))")
    if kind == "in one more":
        return (
            s.load(),
            body + "\n" + block("def everything(p, q):", f"return {name}({s.maker()}, p, q)"),
            f"print(everything({s.X}, {s.y}))",
        )
    return (
        s.load(),
        body,
        s.pick(
            f"print({call})", f"res = {call}\nprint(res)", call, f"scores['a'] = {call}", f"all_scores.append({call})"
        ),
    )


def staged(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """The number of rounds is read off the staged predictions for the rows that judge."""
    part, m = _held(s, faulty), s.model
    fit = f"{m} = GradientBoostingRegressor(n_estimators=500)\n{m}.fit({s.train})"
    errors = s.pick(
        f"errors = [mean_squared_error({part.y}, p) for p in {m}.staged_predict({part.X})]",
        "errors = []\n"
        + block(f"for p in {m}.staged_predict({part.X}):", f"errors.append(mean_squared_error({part.y}, p))"),
        "errors = []\n"
        + block(
            f"for i, p in enumerate({m}.staged_predict({part.X})):", f"errors.append(mean_absolute_error({part.y}, p))"
        ),
    )
    best = s.pick("n = np.argmin(errors) + 1", "n = 1 + int(np.argmin(errors))", "n = errors.index(min(errors)) + 1")
    last = f"best = GradientBoostingRegressor(n_estimators=n)\nbest.fit({s.train})"
    return (
        s.load(),
        s.parts(not faulty),
        fit,
        errors,
        f"{best}\n{last}",
        f"print(mean_squared_error({s.test.y}, best.predict({s.test.X})))",
    )


def patient(s: Spelled, faulty: bool) -> tuple[str, ...]:
    """A hand-written early stopping: the loop ends when the rows that judge get no better."""
    part, m = _held(s, faulty), s.model
    body = block(
        "for epoch in range(999):",
        f"{m}.partial_fit({s.train})",
        f"err = mean_squared_error({part.y}, {m}.predict({part.X}))",
        block("if err < best_err:", "best_err = err", "waited = 0"),
        block("else:", "waited += 1", block("if waited > 9:", "break")),
    )
    return (
        s.load(),
        s.parts(not faulty),
        f"{m} = SGDRegressor()\nbest_err, waited = np.inf, 0\n{body}",
        f"print({m}.score({s.test}))",
    )


ERROR = Level.ERROR
CHOSEN = {
    "a loop keeps the best round": (ERROR, rounds_kept),
    "the best of many tries is told": (ERROR, watched_only),
    "settings tried in a loop": (ERROR, settings_in_a_loop),
    "a threshold": (ERROR, threshold),
    "torch keeps the best weights": (ERROR, torch_rounds),
    "torch tells the best epoch": (ERROR, torch_best_shown),
    "boosters stop early": (ERROR, boosted),
    "keras stops or keeps": (ERROR, keras_rounds),
    "an objective": (ERROR, objective),
    "a function fits all": (ERROR, fits_all),
    "staged predictions": (ERROR, staged),
    "patience by hand": (ERROR, patient),
}
