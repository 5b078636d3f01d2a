"""What calls do beside giving back a value: files, seeds, options, prints, plots, changes in place.

Lists of names cannot be complete. They are used in one direction only: a call that is not known to leave its
object alone is taken to change it, so a slice keeps too much rather than too little.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from mlee_jupyter.convert.types import Effect

# Methods that leave their object as it was, and depend on nothing but it and their arguments.
_PURE_METHODS = """
abs agg aggregate all any apply applymap argmax argmin argsort array_equal assign astype between bfill capitalize clip
columns combine_first compare copy corr corrwith count cov cummax cummin cumprod cumsum cut decode describe diff
difference div dot drop drop_duplicates dropna dt dtypes duplicated encode endswith eq equals ewm exp explode
feature_importances_ ffill fillna filter find first flatten float format ge get get_dummies get_feature_names_out
get_group get_params groupby gt head hex idxmax idxmin iloc index indices info int interpolate intersection isalpha
isdigit isdisjoint isin isna isnull issubset items iterrows itertuples join keys kurt last le length lower lstrip lt
map max mean median melt memory_usage merge min mod mode mul ndim ne nlargest notna notnull nsmallest nunique
pct_change pipe pivot pivot_table pow predict predict_log_proba predict_proba prod quantile query rank ravel rdiv
reindex rename repeat replace resample reset_index reshape rolling round rsplit rstrip score select_dtypes sem
set_index shape shift size skew sort_index sort_values split squeeze stack startswith std str strftime strip sub sum
summary swapaxes swapcase tail take title to_dict to_frame to_list to_markdown to_numpy to_string tolist trace
transform transpose truncate unique union unstack upper value_counts values var where xs zfill inverse_transform
decision_function kneighbors params pvalues rsquared forecast get_forecast summary2 conf_int most_common elements
symmetric_difference rfind rindex splitlines casefold center ljust rjust partition rpartition isoformat date time
timestamp total_seconds weekday year month day nonzero item tobytes expanding sample plot hist boxplot
"""
PURE_METHODS = frozenset(_PURE_METHODS.split())
# Functions that change an argument in place: name -> which.
MUTATES_ARGUMENT = {
    "shuffle": 0, "heappush": 0, "heappop": 0, "heapify": 0, "insort": 0, "fill_diagonal": 0, "put": 0, "copyto": 0,
    "place": 0, "setattr": 0, "delattr": 0, "next": 0, "putmask": 0, "put_along_axis": 0, "update_wrapper": 0,
}  # fmt: skip
_READ = re.compile(
    r"(^|\.)(read_\w+|imread|genfromtxt|loadtxt|fromfile|listdir|glob|iglob|scandir|walk|urlopen|urlretrieve|read_text|read_bytes|iterdir|rglob|load_workbook|parse|run_path)$"
)
_WRITE = re.compile(
    r"(^|\.)(to_(csv|excel|parquet|pickle|json|sql|hdf|feather|html|latex|stata)|savefig|dump|save|savez|savez_compressed|savetxt|imsave|imwrite|write_text|write_bytes|mkdir|makedirs|remove|unlink|rmtree|rename|copyfile|write_image|write_html|copy2|to_file|save_model|tofile)$"
)
_LOAD = re.compile(r"(^|\.)load$")
_SEED = re.compile(r"(^|\.)(seed|set_seed|manual_seed|manual_seed_all|set_random_seed|seed_everything)$")
_OPTION = re.compile(
    r"(^|\.)(set_option|reset_option|filterwarnings|simplefilter|seterr|set_printoptions|rc|rcdefaults|set_theme|set_style|set_context|set_palette|set_config|basicConfig|setLevel|set_log_level|disable_warnings|use|set_matplotlib_formats|set_default_dtype|switch_backend|setrecursionlimit|setlocale|register_matplotlib_converters|init_notebook_mode|set_verbosity)$"
    r"|^(sns|seaborn)\.(set|set_color_codes|reset_defaults|reset_orig)$"
)
_RANDOM = re.compile(
    r"(^|\.)random\.(?!seed$|RandomState$|default_rng$|Generator$|SeedSequence$|get_state$)\w+$|(^|\.)(randn?|randint|randperm|shuffle|rvs|normal_|uniform_)$"
)
# Calls that draw from numpy's global generator when they are not given a random_state.
RANDOM_WITHOUT_STATE = re.compile(
    r"(^|\.)(train_test_split|ShuffleSplit|StratifiedShuffleSplit|GroupShuffleSplit|sample|resample|make_\w+|KMeans|MiniBatchKMeans|RandomForest\w+|ExtraTree\w*|GradientBoosting\w+|Bagging\w+|AdaBoost\w+|DecisionTree\w+|MLP\w+|SGD\w+|Perceptron|IsolationForest|RandomizedSearchCV|TSNE|permutation_importance|GaussianMixture|BayesianGaussianMixture|LatentDirichletAllocation|NMF|TruncatedSVD|FastICA|RandomizedPCA|HistGradientBoosting\w+|SpectralClustering|Nystroem|RBFSampler|LinearSVC|LinearSVR|GaussianProcess\w+|shuffle|Birch|DictionaryLearning|PassiveAggressive\w+|RepeatedKFold|RepeatedStratifiedKFold|mutual_info_classif|mutual_info_regression|RandomOverSampler|SMOTE|BernoulliRBM)$"
)
_PLOT_METHODS = """
plot hist boxplot scatter bar barh pie show imshow matshow heatmap pairplot
"""
PLOT_METHODS = frozenset(_PLOT_METHODS.split())
_ENVIRONMENT = re.compile(
    r"(^|\.)(chdir|putenv|unsetenv|environ\.(update|setdefault|pop)|path\.(append|insert|extend|remove))$"
)
_COMMAND = re.compile(r"(^|\.)(subprocess\.\w+|os\.system|os\.popen|check_call|check_output|Popen)$")
_EVALUATES = frozenset({"eval", "exec"})


def dotted(node: ast.expr) -> str:
    """The dotted name of a function as written: "pd.read_csv"; what is not a name becomes "()": "().head"."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "()")
    return ".".join(reversed(parts))


def root(node: ast.expr) -> ast.Name | None:
    """The name behind attributes and subscripts: df for df.loc[0, "a"]; None for a call's result."""
    while isinstance(node, (ast.Attribute, ast.Subscript, ast.Starred)):
        node = node.value
    return node if isinstance(node, ast.Name) else None


def calls_in(node: ast.AST) -> Iterator[ast.Call]:
    """Every call written in a statement."""
    return (n for n in ast.walk(node) if isinstance(n, ast.Call))


def of_call(call: ast.Call) -> set[Effect]:
    """What one call does to the world, by its name and arguments."""
    name = dotted(call.func)
    found: set[Effect] = set()
    if _READ.search(name):
        found.add(Effect.READS_FILE)
    if _WRITE.search(name) or (name.rpartition(".")[2] == "open" and _mode(call)[:1] in ("w", "a", "x")):
        found.add(Effect.WRITES_FILE)
    elif name == "open" or (_LOAD.search(name) and name != "yaml.load"):
        found.add(Effect.READS_FILE)
    if _SEED.search(name):
        found.add(Effect.SEEDS)
    elif _RANDOM.search(name) or (RANDOM_WITHOUT_STATE.search(name) and not _has_state(call)):
        found.add(Effect.DRAWS_RANDOM)
    if _OPTION.search(name):
        found.add(Effect.SETS_OPTION)
    if _ENVIRONMENT.search(name):
        found.add(Effect.ENVIRONMENT)
    if _COMMAND.search(name):
        found.add(Effect.RUNS_COMMAND)
    if name in ("print", "pprint", "pprint.pprint", "sys.stdout.write") or name.endswith((".info", ".print_summary")):
        found.add(Effect.PRINTS)
    if name == "display" or name.endswith(".display"):
        found.add(Effect.SHOWS)
    if name in _EVALUATES:
        found.add(Effect.UNKNOWN)
    if name.rpartition(".")[2] in PLOT_METHODS and "." in name:
        found.add(Effect.PLOTS)
    return found


def is_random(name: str) -> bool:
    """Whether a function of that dotted name draws from a global generator, whatever it is given."""
    return bool(_RANDOM.search(name))


def is_seed(name: str) -> bool:
    """Whether a function of that dotted name sets a seed."""
    return bool(_SEED.search(name))


def _mode(call: ast.Call) -> str:
    place = 0 if isinstance(call.func, ast.Attribute) and not _is_module(call.func.value) else 1
    mode: ast.expr | None = call.args[place] if len(call.args) > place else None
    mode = next((k.value for k in call.keywords if k.arg == "mode"), mode)
    return mode.value if isinstance(mode, ast.Constant) and isinstance(mode.value, str) else "r"


def _is_module(node: ast.expr) -> bool:
    """Whether `open` is a function of a module (gzip.open) and not a method of a path."""
    return isinstance(node, ast.Name) and node.id in ("io", "gzip", "bz2", "lzma", "codecs", "builtins", "tarfile")


def _has_state(call: ast.Call) -> bool:
    for keyword in call.keywords:
        if keyword.arg in ("random_state", "seed", "rng", "generator"):
            return not (isinstance(keyword.value, ast.Constant) and keyword.value.value is None)
    return False


def of_target(target: ast.expr) -> set[Effect]:
    """What assigning to a target does beside binding: rcParams and environment variables."""
    name = dotted(target.value if isinstance(target, ast.Subscript) else target)
    if "rcParams" in name or ".options." in name or name.endswith("ast_node_interactivity"):
        return {Effect.SETS_OPTION}
    return {Effect.ENVIRONMENT} if name == "environ" or name.endswith(".environ") else set()
