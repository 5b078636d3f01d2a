"""How simple models are, by the name of their class and of what made it: 1 a constant or a rule, 6 a remote model.

1 constant, rule, query, group average; 2 linear, naive Bayes, a small tree; 3 tree, neighbours, kernel; 4 an ensemble,
a stack; 5 a neural network; 6 a remote or a generative model.
"""

from __future__ import annotations

CONSTANT, LINEAR, SINGLE, ENSEMBLE, NETWORK, REMOTE = range(1, 7)

BY_CLASS: dict[str, tuple[int, str]] = {
    **dict.fromkeys(("DummyClassifier", "DummyRegressor", "NaiveForecaster"), (CONSTANT, "a constant")),
    **dict.fromkeys(
        (
            *("LinearRegression", "LogisticRegression", "LogisticRegressionCV", "Ridge", "RidgeCV", "RidgeClassifier"),
            *("RidgeClassifierCV", "Lasso", "LassoCV", "LassoLars", "LassoLarsCV", "LassoLarsIC", "Lars", "LarsCV"),
            *("ElasticNet", "ElasticNetCV", "SGDClassifier", "SGDRegressor", "Perceptron", "LinearSVC", "LinearSVR"),
            *("PassiveAggressiveClassifier", "PassiveAggressiveRegressor", "BayesianRidge", "ARDRegression"),
            *("HuberRegressor", "QuantileRegressor", "TheilSenRegressor", "RANSACRegressor", "PoissonRegressor"),
            *("GammaRegressor", "TweedieRegressor", "OrthogonalMatchingPursuit", "OrthogonalMatchingPursuitCV"),
            *("PLSRegression", "PLSCanonical", "LinearDiscriminantAnalysis", "MultiTaskLasso", "MultiTaskElasticNet"),
            *("OLS", "WLS", "GLS", "GLSAR", "GLM", "Logit", "Probit", "MNLogit", "Poisson", "NegativeBinomial"),
            *("QuantReg", "RLM", "MixedLM", "GEE", "OrderedModel", "BinaryResults"),
        ),
        (LINEAR, "a linear model"),
    ),
    **dict.fromkeys(
        ("GaussianNB", "MultinomialNB", "BernoulliNB", "ComplementNB", "CategoricalNB"), (LINEAR, "naive Bayes")
    ),
    **dict.fromkeys(("NearestCentroid", "IsotonicRegression"), (LINEAR, "a few averages")),
    **dict.fromkeys(
        ("SimpleExpSmoothing", "Holt", "ExponentialSmoothing", "HoltWinters", "ETSModel", "AutoReg", "ThetaModel"),
        (LINEAR, "a smoothing of the past"),
    ),
    **dict.fromkeys(
        ("ARIMA", "SARIMAX", "VAR", "VARMAX", "UnobservedComponents", "DynamicFactor", "Prophet", "AutoARIMA"),
        (SINGLE, "a time series model"),
    ),
    **dict.fromkeys(
        ("DecisionTreeClassifier", "DecisionTreeRegressor", "ExtraTreeClassifier", "ExtraTreeRegressor"),
        (SINGLE, "a tree"),
    ),
    **dict.fromkeys(
        ("KNeighborsClassifier", "KNeighborsRegressor", "RadiusNeighborsClassifier", "RadiusNeighborsRegressor"),
        (SINGLE, "nearest neighbours"),
    ),
    **dict.fromkeys(
        (
            *("SVC", "SVR", "NuSVC", "NuSVR", "OneClassSVM", "KernelRidge", "GaussianProcessClassifier"),
            *("GaussianProcessRegressor", "QuadraticDiscriminantAnalysis", "LabelPropagation", "LabelSpreading"),
        ),
        (SINGLE, "a kernel method"),
    ),
    **dict.fromkeys(
        (
            *("RandomForestClassifier", "RandomForestRegressor", "ExtraTreesClassifier", "ExtraTreesRegressor"),
            *("BalancedRandomForestClassifier", "IsolationForest"),
        ),
        (ENSEMBLE, "a forest"),
    ),
    **dict.fromkeys(
        (
            *("GradientBoostingClassifier", "GradientBoostingRegressor", "HistGradientBoostingClassifier"),
            *("HistGradientBoostingRegressor", "AdaBoostClassifier", "AdaBoostRegressor", "LGBMClassifier"),
            *("LGBMRegressor", "LGBMRanker", "LGBMModel", "XGBClassifier", "XGBRegressor", "XGBRanker", "XGBModel"),
            *("XGBRFClassifier", "XGBRFRegressor", "CatBoostClassifier", "CatBoostRegressor", "CatBoost", "NGBoost"),
            *("RUSBoostClassifier", "NGBRegressor", "NGBClassifier"),
        ),
        (ENSEMBLE, "boosted trees"),
    ),
    **dict.fromkeys(
        (
            *("BaggingClassifier", "BaggingRegressor", "VotingClassifier", "VotingRegressor", "StackingClassifier"),
            *("StackingRegressor", "EasyEnsembleClassifier", "BalancedBaggingClassifier"),
        ),
        (ENSEMBLE, "several models together"),
    ),
    **dict.fromkeys(("MLPClassifier", "MLPRegressor", "BernoulliRBM"), (NETWORK, "a neural network")),
    **dict.fromkeys(("Nystroem", "RBFSampler", "SkewedChi2Sampler", "PolynomialCountSketch"), (SINGLE, "a kernel")),
}
KNOWN_BY = frozenset({"sklearn", "statsmodels", "imblearn", "lightgbm", "xgboost", "catboost", "ngboost", "prophet"})
BY_MAKER: dict[str, tuple[int, str]] = {  # whatever the class is called
    **dict.fromkeys(("lightgbm", "xgboost", "catboost", "ngboost"), (ENSEMBLE, "boosted trees")),
    **dict.fromkeys(
        ("torch", "keras", "tensorflow", "skorch", "scikeras", "flax", "pytorch_lightning", "lightning", "fastai"),
        (NETWORK, "a neural network"),
    ),
    **dict.fromkeys(
        ("transformers", "sentence_transformers", "tabpfn", "pytorch_tabnet", "timm"), (NETWORK, "a large network")
    ),
    **dict.fromkeys(
        (
            *("openai", "anthropic", "cohere", "mistralai", "litellm", "ollama", "langchain", "langchain_core"),
            *("langchain_openai", "vertexai", "together", "groq", "replicate", "llama_cpp", "vllm"),
        ),
        (REMOTE, "a remote or generative model"),
    ),
}
WRAPPERS = {  # of which only the model inside counts, under this attribute once it is fitted, and before
    **dict.fromkeys(
        ("GridSearchCV", "RandomizedSearchCV", "HalvingGridSearchCV", "HalvingRandomSearchCV", "BayesSearchCV"),
        ("best_estimator_", "estimator"),
    ),
    **dict.fromkeys(
        (
            *("CalibratedClassifierCV", "OneVsRestClassifier", "OneVsOneClassifier", "OutputCodeClassifier"),
            *("MultiOutputClassifier", "MultiOutputRegressor", "ClassifierChain", "RegressorChain"),
            *("RFE", "RFECV", "FixedThresholdClassifier", "TunedThresholdClassifierCV", "SelfTrainingClassifier"),
        ),
        ("estimator_", "estimator", "base_estimator"),
    ),
    "TransformedTargetRegressor": ("regressor_", "regressor"),
    "FrozenEstimator": ("estimator",),
}
