"""Whether the contact was given at random: without that, no difference between the arms is its doing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from churnkit.errors import DataError
from churnkit.metrics import roc_auc
from churnkit.text.figures import score, signed

LIMIT_P = 0.001
FOLDS = 5
_BOOSTING_ROUNDS = 40


class NotRandomised(DataError):
    """The contact can be told from what was known of the customer, so it was not given at random."""

    code = "not_randomised"


@dataclass(frozen=True)
class Randomisation:
    """How well the contact can be told from the customers' features.

    Attributes
    ----------
    auc
        Area under the ROC curve of a model that guesses on held-out customers who was contacted; 0.5 is chance.
    auc_p
        Probability of an area as large under random assignment (one-sided).
    balance
        One row per feature, the worst first: ``feature``, ``difference`` (standardised mean difference) and
        ``p_value`` (times the number of features, at most 1).
    """

    auc: float
    auc_p: float
    balance: pd.DataFrame

    @property
    def holds(self) -> bool:
        """Whether the assignment may pass for random."""
        return self.auc_p >= LIMIT_P and (self.balance.empty or self.balance["p_value"].min() >= LIMIT_P)

    def words(self) -> str:
        """What was found, in one or two sentences."""
        text = (
            f"From their features, contacted customers are told from the others with AUC {score(self.auc)} (0.5 is"
            " chance)."
        )
        if not self.balance.empty:
            worst = self.balance.iloc[0]
            text += f" The largest difference is in {worst['feature']}: {signed(worst['difference'])} standard deviations."
        return text

    def require(self) -> None:
        """Stop here unless the assignment may pass for random.

        Raises
        ------
        NotRandomised
            If a test finds it predictable at p below ``LIMIT_P``.
        """
        if not self.holds:
            raise NotRandomised(
                f"Learning on whom a contact works: who was contacted must have been drawn at random. {self.words()}",
                "Leave out columns that were recorded after the contact. If it was not random, leave customers out at random"
                " next time; matching can compare alike ones meanwhile, where there are any.",
            )


def check_randomisation(features: pd.DataFrame, treated: np.ndarray, *, seed: int = 42) -> Randomisation:
    """Guess the contact from the features, and compare their means.

    The area is the mean over ``FOLDS`` folds of a boosted classifier's on customers it was not fitted on; under
    random assignment it varies like a Mann-Whitney statistic of the two arms (Lopez-Paz and Oquab 2017 on such
    two-sample tests).

    Parameters
    ----------
    features
        Numbers known before the contact, shape (n, k); may hold missing values.
    treated
        Booleans, shape (n,).
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import StratifiedKFold

    contacted, spared = int(treated.sum()), int((~treated).sum())
    if min(contacted, spared) < 2 * FOLDS:
        raise DataError(
            f"Checking that a contact was random: each group must have {2 * FOLDS} customers or more, found {contacted}"
            f" contacted and {spared} not.",
            "Use a larger campaign.",
        )
    values = features.to_numpy(dtype=float)
    areas = []
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=seed).split(values, treated):
        model = HistGradientBoostingClassifier(
            max_iter=_BOOSTING_ROUNDS, max_leaf_nodes=8, early_stopping=False, random_state=seed
        )
        model.fit(values[train], treated[train])
        areas.append(roc_auc(treated[test].astype(float), model.predict_proba(values[test])[:, 1]))
    auc = float(np.mean(areas))
    error = math.sqrt((contacted + spared + 1) / (12 * contacted * spared))
    return Randomisation(auc, 1 - NormalDist().cdf((auc - 0.5) / error), balance(features, treated))


def balance(features: pd.DataFrame, treated: np.ndarray) -> pd.DataFrame:
    """Standardised mean differences, largest first, with Bonferroni's p-values; a row per feature.

    Difference of the arms' means over the root of the mean of their variances (Austin 2009).
    """
    values = features.to_numpy(dtype=float)
    difference = standardised_differences(values, treated)
    error = math.sqrt(1 / max(int(treated.sum()), 1) + 1 / max(int((~treated).sum()), 1))
    tail = np.array([math.erfc(abs(d) / error / math.sqrt(2)) for d in difference])
    table = pd.DataFrame(
        {
            "feature": [str(name) for name in features.columns],
            "difference": difference,
            "p_value": np.minimum(tail * len(difference), 1.0),
        }
    )
    order = np.argsort(-np.abs(difference), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def standardised_differences(values: NDArray[np.float64], treated: np.ndarray) -> NDArray[np.float64]:
    """Of each column, shape (k,); missing values are left out, a column that does not vary has 0."""
    one, two = values[treated], values[~treated]
    with np.errstate(invalid="ignore"):
        spread = np.sqrt((_variance(one) + _variance(two)) / 2)
    apart = _mean(one) - _mean(two)
    return np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 0)


def _mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
    known = np.isfinite(values)
    means: NDArray[np.float64] = np.where(known, values, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return means


def _variance(values: NDArray[np.float64]) -> NDArray[np.float64]:
    known = np.isfinite(values)
    apart = np.where(known, values - _mean(values), 0.0)
    return np.asarray((apart**2).sum(axis=0) / np.maximum(known.sum(axis=0) - 1, 1))
