"""Models of a contact's effect on one customer, always judged on customers they were not fitted on."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from churnkit.errors import DataError, SettingsError
from churnkit.experiments.uplift import outcome_learners
from churnkit.experiments.uplift.outcome_learners import (
    Outcomes,
    Told,
    fit_outcomes,
    is_purchase,
)
from churnkit.experiments.uplift.outcome_model import FloatArray
from churnkit.experiments.uplift.regressions import FITTERS, KINDS, Kind, fitted

LEARNERS: dict[str, str] = {
    "two_model": "two models, one for each arm, subtracted",
    "x_learner": "X-learner: effects imputed from the other arm's model",
    "transformed": "transformed outcome: one model of what weighs to the effect",
}
FOLDS = 5
_MIN_PER_FOLD = 10


@dataclass(frozen=True)
class CrossFitted:
    """Effects predicted for each customer by a model that was fitted without the customer.

    Attributes
    ----------
    uplift
        Shape (n,), in the unit of the outcome.
    fold
        Shape (n,): which fold a customer was held out in, 0 upwards.
    """

    uplift: FloatArray
    fold: NDArray[np.intp]

    @property
    def rank(self) -> FloatArray:
        """Rank of the prediction within its fold, 0 to 1, ties at their mean; shape (n,).

        Models of different folds differ in level, for no reason that a ranking should follow: the one whose held-out
        customers did well was fitted on worse ones.
        """
        ranks = np.empty(len(self.uplift))
        for fold in np.unique(self.fold):
            rows = self.fold == fold
            places = pd.Series(self.uplift[rows]).rank(method="average").to_numpy()
            ranks[rows] = (places - 0.5) / rows.sum()
        return ranks


def cross_fit(
    features: pd.DataFrame, treated: np.ndarray, outcome: np.ndarray, *, learner: str, **how: Any
) -> CrossFitted:
    """The effects by one way of learning; everything else as in :func:`cross_fits`."""
    return cross_fits(features, treated, outcome, learners=(learner,), **how)[learner]


def cross_fits(
    features: pd.DataFrame,
    treated: np.ndarray,
    outcome: np.ndarray,
    *,
    treated_share: float,
    learners: tuple[str, ...] = tuple(LEARNERS),
    kind: Kind = "calibrated",
    folds: int = FOLDS,
    seed: int = 42,
    expected: np.ndarray | None = None,
    known: np.ndarray | None = None,
) -> dict[str, CrossFitted]:
    """Predict each customer's effect with models of the other folds.

    Parameters
    ----------
    features
        Numbers known before the contact, shape (n, k); missing values allowed.
    treated, outcome
        Booleans and numbers, shape (n,).
    treated_share
        Probability of being contacted that the draw gave everybody, in (0, 1).
    learners
        Keys of ``LEARNERS``: ``two_model`` (T-learner); ``x_learner`` (Künzel, Sekhon, Bickel and Yu 2019, eq. 9 to
        11); ``transformed`` (Athey and Imbens 2016, section 3.2), on the outcome less its mean, which leaves the
        expectation as it is and the noise smaller.
    kind
        ``calibrated``: the arms' outcomes by the churn forecast's own models (``outcome_model``), effects by ridge
        regression; where the outcome is no purchase (``is_purchase``) ``linear`` takes its place. ``linear``: ridge
        regression on standardised features, its strength chosen by leave-one-out error; ``boosted``: gradient-boosted
        trees with squared error. Both estimate means, of shares and of money alike.
    expected
        What an outcome model that knew of no contact expected of each customer, shape (n,). What it explains is taken
        out of the outcome first, alike in both arms: effects stay as they are, and the noise around them is smaller.
    known
        Log-odds of buying that were forecast without a contact, shape (n,), for ``calibrated``.
    """
    _require(treated, treated_share, learners, kind, folds)
    told = Told(features.to_numpy(dtype=float), known, treated, outcome.astype(float), treated_share)
    if kind == "calibrated" and not is_purchase(told.outcome, treated):
        kind = "linear"
    uplift = {name: np.empty(len(treated)) for name in learners}
    fold = np.empty(len(treated), dtype=np.intp)
    for number, (train, test) in enumerate(_folds(treated, told.outcome, folds, seed)):
        learned, others = told.among(train), told.among(test)
        if kind != "calibrated" and expected is not None:
            learned = replace(learned, outcome=_without(learned.outcome, expected[train]))
        for name, found in _effects(learned, others, learners, kind, seed).items():
            uplift[name][test] = found
        fold[test] = number
    return {name: CrossFitted(found, fold) for name, found in uplift.items()}


def _effects(
    told: Told, others: Told, learners: tuple[str, ...], kind: Kind, seed: int
) -> dict[str, FloatArray]:
    """Effects on ``others`` as learned from ``told``, by the way of learning, shape (n,) each."""
    if kind == "calibrated":
        outcomes = fit_outcomes(told, seed)
        return {name: _calibrated(told, others, outcomes, name, seed) for name in learners}
    return {
        name: FITTERS[name](told.values, told.treated, told.outcome, told.share, kind, seed)(others.values)
        for name in learners
    }


def _require(treated: np.ndarray, share: float, learners: tuple[str, ...], kind: Kind, folds: int) -> None:
    if not set(learners) <= set(LEARNERS) or kind not in KINDS or folds < 2:
        raise SettingsError(
            f"Learning effects with {', '.join(learners)}, {kind!r} and {folds} folds: the learner must be one of"
            f" {', '.join(LEARNERS)}, the kind one of {', '.join(KINDS)}, the folds 2 or more."
        )
    if not 0 < share < 1:
        raise SettingsError(
            f"Learning effects: the share contacted must be between 0 and 1, found {share!r}."
        )
    smaller = int(min(treated.sum(), (~treated).sum()))
    if smaller < _MIN_PER_FOLD * folds:
        raise DataError(
            f"Learning effects: each arm must have {_MIN_PER_FOLD * folds} customers or more for {folds} folds, found"
            f" {smaller} in the smaller one.",
            "Run a larger campaign, or pool several that made the same offer.",
        )


def _calibrated(told: Told, others: Told, outcomes: Outcomes, learner: str, seed: int) -> FloatArray:
    """Effects on ``others`` by the outcome models of ``told``, shape (n,)."""
    if learner == "two_model":
        return outcome_learners.difference(outcomes, others)
    values, new = told.features, others.features
    if learner == "transformed":
        return fitted(values, outcome_learners.transformed(told, outcomes), "linear", seed)(new)
    of_treated, of_others = (
        fitted(values[arm], effects, "linear", seed)
        for arm, effects in zip(
            (told.treated, ~told.treated), outcome_learners.imputed(told, outcomes), strict=True
        )
    )
    return told.share * of_others(new) + (1 - told.share) * of_treated(new)


def _without(outcome: FloatArray, expected: np.ndarray) -> FloatArray:
    """The outcome less what a straight line in the expectation explains of it, over both arms."""
    away = expected - expected.mean()
    square = float(away @ away)
    slope = float(away @ outcome) / square if square > 0 else 0.0
    rest: FloatArray = outcome - slope * away
    return rest


def numeric_features(frame: pd.DataFrame) -> pd.DataFrame:
    """Columns as numbers: text and categories as one column of 0 and 1 for each value but the first, by name."""
    text = [c for c in frame if not pd.api.types.is_numeric_dtype(frame[c])]
    return pd.get_dummies(frame, columns=text, drop_first=True, dtype=float).astype(float)


def _folds(treated: np.ndarray, outcome: FloatArray, folds: int, seed: int) -> Any:
    """Folds with the same share of each arm and, where buyers are few, of buyers."""
    from sklearn.model_selection import StratifiedKFold

    group = 2 * treated.astype(int) + (outcome > 0)
    for arm in (0, 2):
        if np.bincount(group, minlength=4)[arm : arm + 2].min() < folds:
            group[group == arm + 1] = arm
    return StratifiedKFold(folds, shuffle=True, random_state=seed).split(outcome, group)
