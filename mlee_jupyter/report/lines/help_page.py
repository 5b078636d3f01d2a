"""The one-page help of bare `%mlee`; it fits on one screen of 79 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

_PAGE = """\
mlee: experiments that end on time and say only what their data can carry.

Three lines to get going
  %mlee_experiment start shelf --budget 6h --truth y_test
  %%mlee_candidate knn --simplicity 2
  KNeighborsClassifier(3).fit(X_train, y_train).predict(X_test)

The magics ( ? after a name shows all its options )
  %mlee_experiment VERB          {verbs}
  %%mlee_candidate NAME          run, time and record a cell that ends on
                                 predictions, scores, folds or an estimator
  %mlee_scoreboard               who may be best; --why NAME, --figure, --live
  %mlee_check [RULE] [--all]     what was found; with a rule, its page
  %mlee_package NAME [--plan]    the notebook as a package, proven equal
  %mlee                          this page, and where the experiment stands

Reading the scoreboard
  * best score   = as good for your purpose   ? can't tell   - worse
  . free baseline   ~ not comparable   x failed   o not tried yet

Often wanted
  %mlee_experiment decide knn --because "as good as svm, nothing to train"
  %mlee_experiment ignore MLE201 --because "no more labels this year"
  In Python:  import mlee_jupyter as mlee     In a shell:  mlee --help"""


def help_text(verbs: Iterable[str]) -> str:
    """The page, without a closing line break.

    Args:
        verbs: of %mlee_experiment, in the order of lists.
    """
    return _PAGE.replace("{verbs}", f"\n{' ' * 33}".join(textwrap.wrap(" ".join(verbs), 46)))
