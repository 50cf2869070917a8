"""What the customers of one arm bring: the churn forecast's own models, blended and calibrated on customers left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from churnkit.tournament.blending import stack_weights
from churnkit.tournament.candidates import candidate_named, fit_candidate
from churnkit.tournament.margins import shift_to_mean, to_logit, to_probability

FloatArray = NDArray[np.float64]

MIN_OF_EACH = 20
"""Buyers, and customers who did not buy, below which nothing but the arm's share and the forecast are used."""
MIN_FOR_TREES = 2000
"""Customers of an arm from which on boosted trees have a say: below, they tell chance from chance."""
_FOLDS = 5
_SPEND_PENALTY = 10.0
# As many buyers as an arm must have for its own level of spend to count half.
_SPEND_PRIOR = 40.0


@dataclass(frozen=True)
class Chance:
    """Probability that customers of one arm buy.

    Attributes
    ----------
    members
        Fitted candidates of the tournament, by whom the margin is a weighted sum.
    weights
        Of the members, and last of the forecast that was known before where there was one.
    level
        Log-odds added for everybody: the mean probability is the arm's share of buyers.
    left_out
        Probabilities of the customers it was fitted on, each by models that had not seen the customer; shape (n,).
    """

    members: tuple[Any, ...]
    weights: FloatArray
    level: float
    left_out: FloatArray

    def of(self, values: FloatArray, known: FloatArray | None) -> FloatArray:
        """Probabilities of others by their features (n, k) and what was forecast of them (n,), as log-odds."""
        margins = [one.margin(values) for one in self.members] + ([] if known is None else [known])
        total = np.column_stack(margins) @ self.weights if margins else np.zeros(len(values))
        return to_probability(total + self.level)


def fit_chance(values: FloatArray, bought: np.ndarray, known: FloatArray | None, seed: int) -> Chance:
    """Blend the tournament's additive members and the forecast on customers left out.

    The weights are those of a stack (``tournament.blending.stack_weights``): 0 or more and free to sum to less than 1, so
    that what does not tell is drawn to the arm's share of buyers. The blend's level is set on the same customers.

    Parameters
    ----------
    values
        Features, shape (n, k).
    bought
        Booleans, shape (n,).
    known
        Log-odds of buying that were forecast without a contact, shape (n,), or None.
    """
    result = bought.astype(float)
    names = _members(result)
    folds = _folds(result, seed) if names else []
    columns = [_left_out(name, values, result, folds, seed) for name in names]
    columns += [] if known is None else [known]
    if not columns:
        share = np.full(len(result), (result.sum() + 0.5) / (len(result) + 1))
        return Chance((), np.empty(0), float(to_logit(share[0])), share)
    margins = np.column_stack(columns)
    enough = min(result.sum(), (1 - result).sum()) >= MIN_OF_EACH
    weights = stack_weights(margins, result) if enough else np.ones(1)
    total = margins @ weights
    level = shift_to_mean(total, float(result.mean()))
    members = tuple(_fitted(name, values, result, seed) for name in names)
    return Chance(members, weights, level, to_probability(total + level))


def _members(result: FloatArray) -> Sequence[str]:
    if min(result.sum(), (1 - result).sum()) < MIN_OF_EACH:
        return ()
    return ("logistic_regression", "lightgbm") if len(result) >= MIN_FOR_TREES else ("logistic_regression",)


def _folds(result: FloatArray, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    from sklearn.model_selection import StratifiedKFold

    return list(StratifiedKFold(_FOLDS, shuffle=True, random_state=seed).split(result, result))


def _left_out(
    name: str,
    values: FloatArray,
    result: FloatArray,
    folds: Sequence[tuple[np.ndarray, np.ndarray]],
    seed: int,
) -> FloatArray:
    """Log-odds of each customer by a candidate fitted on the other folds, shape (n,)."""
    margin = np.empty(len(result))
    for train, test in folds:
        margin[test] = _fitted(name, values[train], result[train], seed).margin(values[test])
    return margin


def _fitted(name: str, values: FloatArray, result: FloatArray, seed: int) -> Any:
    candidate = candidate_named(name)
    nobody = np.zeros(len(result), dtype=bool)
    return fit_candidate(candidate, candidate.default, values, result, nobody, imbalance="none", seed=seed)


@dataclass(frozen=True)
class SpendIfBuying:
    """Money of a customer who buys, by the buyers of both arms; ``factors`` set each arm's level."""

    model: Any
    smearing: float
    lowest: float
    highest: float
    factors: tuple[float, float]

    def of(self, values: FloatArray, *, contacted: bool) -> FloatArray:
        """Money by features (n, k), shape (n,)."""
        return self.factors[contacted] * self._both(values)

    def _both(self, values: FloatArray) -> FloatArray:
        logs = np.clip(self.model.predict(values), -20.0, 30.0)
        inside: FloatArray = np.clip(np.exp(logs) * self.smearing, self.lowest, self.highest)
        return inside


def fit_spend(values: FloatArray, spend: FloatArray, treated: np.ndarray) -> SpendIfBuying:
    """Ridge regression of the logarithm of what buyers spent, made right in total (Duan 1983), as the forecast's own.

    Parameters
    ----------
    values
        Features of the buyers, shape (n, k).
    spend
        Money above 0, shape (n,).
    treated
        Who of them was contacted, booleans of shape (n,). An arm's level is kept as far as it has buyers.
    """
    from sklearn.linear_model import Ridge

    from churnkit.features.scaling import linear_pipeline

    model = linear_pipeline(Ridge(alpha=_SPEND_PENALTY)).fit(values, np.log(spend))
    smearing = float(spend.sum() / np.exp(model.predict(values)).sum())
    both = SpendIfBuying(model, smearing, float(spend.min()), float(spend.max()), (1.0, 1.0))
    told = both._both(values)
    factors = []
    for arm in (~treated, treated):
        ratio = float(spend[arm].sum() / told[arm].sum()) if arm.any() else 1.0
        factors.append(ratio ** (arm.sum() / (arm.sum() + _SPEND_PRIOR)))
    return SpendIfBuying(model, smearing, both.lowest, both.highest, (factors[0], factors[1]))
