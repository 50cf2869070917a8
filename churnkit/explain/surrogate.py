"""A local surrogate of the champion, as a second opinion on what pushes one customer's probability (LIME)."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Generic, TypeVar

import numpy as np
import pandas as pd

from churnkit.explain.effects import Ask
from churnkit.tournament.margins import to_logit

KERNEL_WIDTH = 0.75
"""Of the weights: a picture in which every theme is another customer's counts a sixth of the customer's own."""

# Weighted variance of the log-odds below which nothing was moved, so there is nothing to be faithful to.
_NOTHING_MOVES = 1e-6
# Keeps the sums solvable where two themes always move together.
_RIDGE = 1e-3

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True)
class Surrogate(Generic[T]):
    """A sum of pushes that imitates the champion around one customer.

    Attributes
    ----------
    base
        Log-odds of leaving where every theme is another customer's.
    pushes
        By theme, what the customer's own figures add to it, in log-odds.
    fidelity
        Share of the champion's ups and downs around the customer that the sum repeats: weighted R squared, at most 1,
        1 where it repeats all, 0 where it is no better than one number. NaN where nothing moves.
    """

    base: float
    pushes: Mapping[T, float]
    fidelity: float

    @property
    def margin(self) -> float:
        """Log-odds of leaving that the sum gives the customer."""
        return self.base + math.fsum(self.pushes.values())


def local_surrogate(
    ask: Ask, customer: pd.DataFrame, others: pd.DataFrame, themes: Mapping[T, Sequence[str]]
) -> Surrogate[T]:
    """LIME (Ribeiro, Singh and Guestrin 2016, "Why should I trust you?") over themes in place of single features.

    Figures of one theme hang together, so they move together: some themes of the customer are replaced, each time all
    figures of a theme at once, by those of another customer, in every combination. For each combination the champion's
    log-odds are averaged over the ``others``. A ridge regression on which themes are the customer's own imitates
    them, weighted by ``exp(-share of themes replaced / KERNEL_WIDTH squared)``: combinations near the customer count more.
    It asks the champion and looks inside nothing, so it shares no step with the contributions that it is held against.

    Parameters
    ----------
    ask
        See ``explain.effects.asking``.
    customer
        Panel row of the customer, shape (1, columns).
    others
        Rows of the customers whose figures are borrowed, one or more.
    themes
        Columns by theme; those in none stay as they are.
    """
    own = _combinations(len(themes))
    margins = _margins(ask, customer, others, list(themes.values()), own)
    weights = np.exp(-(1.0 - own.mean(axis=1)) / KERNEL_WIDTH**2) if len(themes) else np.ones(1)
    weights /= weights.sum()
    base, pushes = _ridge(own, margins, weights)
    spread = float(weights @ (margins - weights @ margins) ** 2)
    missed = float(weights @ (margins - base - own @ pushes) ** 2)
    return Surrogate(
        base=base,
        pushes=dict(zip(themes, pushes.tolist(), strict=True)),
        fidelity=1.0 - missed / spread if spread > _NOTHING_MOVES else math.nan,
    )


def _combinations(count: int) -> np.ndarray:
    """1 where a theme is the customer's own, shape (2 ** count, count)."""
    return np.array(list(product((0.0, 1.0), repeat=count))).reshape(2**count, count)


def _margins(
    ask: Ask, customer: pd.DataFrame, others: pd.DataFrame, columns: Sequence[Sequence[str]], own: np.ndarray
) -> np.ndarray:
    """Mean log-odds over the others of each combination, shape (combinations,); all are asked in one call."""
    size, times = len(others), len(own)
    # Row 0 is the customer; the others follow.
    known = pd.concat([customer, others], ignore_index=True)
    from_customer: np.ndarray = np.zeros(size * times, dtype=int)
    from_others: np.ndarray = np.tile(np.arange(1, size + 1), times)
    places = dict.fromkeys(map(str, known.columns), from_customer)
    for theme, names in enumerate(columns):
        place = np.where(np.repeat(own[:, theme] == 1.0, size), from_customer, from_others)
        places |= dict.fromkeys(names, place)
    asked = {name: known[name].take(place).reset_index(drop=True) for name, place in places.items()}
    p = ask(pd.DataFrame(asked))
    margins: np.ndarray = to_logit(p).reshape(times, size).mean(axis=1)
    return margins


def _ridge(own: np.ndarray, margins: np.ndarray, weights: np.ndarray) -> tuple[float, np.ndarray]:
    """Weighted ridge regression with a free intercept: intercept and slopes, shape (themes,)."""
    centre, level = weights @ own, float(weights @ margins)
    centred = own - centre
    gram = centred.T @ (weights[:, None] * centred)
    slopes = np.linalg.solve(
        gram + _RIDGE * np.diag(np.diag(gram)), centred.T @ (weights * (margins - level))
    )
    return level - float(centre @ slopes), slopes
