"""Effects from outcome models of both arms, blended and calibrated as the churn forecast is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from churnkit.experiments.uplift.outcome_model import (
    MIN_OF_EACH,
    Chance,
    FloatArray,
    SpendIfBuying,
    fit_chance,
    fit_spend,
)

Effect = Callable[[FloatArray], FloatArray]


def is_purchase(outcome: np.ndarray, treated: np.ndarray) -> bool:
    """Whether an outcome is a purchase, or what was spent on one: above 0 for some, not for others, in both arms."""
    bought = outcome > 0
    counts = [part.sum() for arm in (treated, ~treated) for part in (bought[arm], ~bought[arm])]
    return bool(min(counts) >= MIN_OF_EACH)


@dataclass(frozen=True)
class Told:
    """Customers to learn from.

    Attributes
    ----------
    values
        Features, shape (n, k).
    known
        Log-odds of buying that were forecast without a contact, shape (n,), or None.
    treated, outcome
        Booleans and numbers, shape (n,).
    share
        Probability of being contacted.
    """

    values: FloatArray
    known: FloatArray | None
    treated: np.ndarray
    outcome: FloatArray
    share: float

    @property
    def features(self) -> FloatArray:
        """The features, and what was forecast among them, shape (n, k) or (n, k + 1)."""
        return self.values if self.known is None else np.column_stack([self.values, self.known])

    def among(self, rows: np.ndarray) -> Told:
        """Some of them; ``rows`` are booleans or positions."""
        known = None if self.known is None else self.known[rows]
        return Told(self.values[rows], known, self.treated[rows], self.outcome[rows], self.share)


@dataclass(frozen=True)
class Outcomes:
    """Mean outcome with and without a contact: the chance of a purchase times what a buyer spends.

    ``expected`` are those of the customers it was fitted on, without and with, shape (n, 2); in the customer's own arm by
    models that had not seen the customer.
    """

    chances: tuple[Chance, Chance]
    spend: SpendIfBuying
    expected: FloatArray

    def of(self, values: FloatArray, known: FloatArray | None) -> FloatArray:
        """Of others, without and with a contact, shape (n, 2)."""
        chance = np.column_stack([one.of(values, known) for one in self.chances])
        return chance * _spends(self.spend, values)


def fit_outcomes(told: Told, seed: int) -> Outcomes:
    """Fit both arms."""
    bought = told.outcome > 0
    spend = fit_spend(told.values[bought], told.outcome[bought], told.treated[bought])
    chances, expected = [], np.empty((len(bought), 2))
    for contacted, arm in enumerate((~told.treated, told.treated)):
        own, others = told.among(arm), told.among(~arm)
        found = fit_chance(own.values, own.outcome > 0, own.known, seed)
        expected[arm, contacted] = found.left_out
        expected[~arm, contacted] = found.of(others.values, others.known)
        chances.append(found)
    return Outcomes((chances[0], chances[1]), spend, expected * _spends(spend, told.values))


def _spends(spend: SpendIfBuying, values: FloatArray) -> FloatArray:
    return np.column_stack([spend.of(values, contacted=arm) for arm in (False, True)])


def difference(outcomes: Outcomes, told: Told) -> FloatArray:
    """Effect on each customer by the two arms' means, shape (n,)."""
    means = outcomes.of(told.values, told.known)
    found: FloatArray = means[:, 1] - means[:, 0]
    return found


def imputed(told: Told, outcomes: Outcomes) -> tuple[FloatArray, FloatArray]:
    """Effects of the contacted and of the others by the model of the other arm, for the X-learner's second step."""
    contacted = told.outcome[told.treated] - outcomes.expected[told.treated, 0]
    others = outcomes.expected[~told.treated, 1] - told.outcome[~told.treated]
    return contacted, others


def transformed(told: Told, outcomes: Outcomes) -> FloatArray:
    """The transformed outcome around what both models expected: in expectation each customer's effect, shape (n,).

    With the models' mean taken out, weighted by the chance of the *other* arm, this is the doubly robust score
    (Robins, Rotnitzky and Zhao 1994; Kennedy 2020).
    """
    share = told.share
    middle = outcomes.expected @ np.array([share, 1 - share])
    weight = np.where(told.treated, 1 / share, -1 / (1 - share))
    found: FloatArray = (told.outcome - middle) * weight
    return found
