"""What a rule for whom to contact is worth in money, from an experiment that contacted at random."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from churnkit.errors import DataError
from churnkit.results.interval import Interval
from churnkit.roi import profit
from churnkit.text import figures

PER_CONTACTS = 1000
BEST_SHARES = tuple(k / 10 for k in range(1, 11))
_Z = 1.959963984540054


def policy_value(
    chosen: ArrayLike,
    treated: ArrayLike,
    outcome: ArrayLike,
    *,
    treated_share: ArrayLike,
    contact_cost: float,
    margin: float = 1.0,
    discount: ArrayLike = 0.0,
) -> Interval:
    """Net money per 1,000 contacted when exactly the customers in ``chosen`` are contacted, with its 95 % interval.

    ``1000 x (effect - contact_cost)``; the effect among the chosen is the difference of the arms' means of profit
    (``roi.profit``), each customer weighted by one over the known probability of the arm (Hájek's ratio; Horvitz and
    Thompson 1952).

    Parameters
    ----------
    chosen, treated
        Booleans, shape (n,): whom the rule contacts, and who was contacted in the experiment.
    outcome
        Money as paid, shape (n,).
    treated_share
        Probability of being contacted in the experiment, one for all or shape (n,), in (0, 1).
    contact_cost, margin
        Money for each contact; share of revenue at usual prices that is profit.
    discount
        Money that each customer was given off, one for all or shape (n,).

    Raises
    ------
    DataError
        If nobody of the chosen is in an arm, or a probability lies outside (0, 1).
    """
    rule, arms = np.asarray(chosen, dtype=bool), np.asarray(treated, dtype=bool)
    paid, given = np.asarray(outcome, dtype=float), np.asarray(discount, dtype=float)
    result = profit(paid + given, given, margin)
    share = np.broadcast_to(np.asarray(treated_share, dtype=float), result.shape)
    if not ((share > 0) & (share < 1)).all():
        raise DataError(
            "Valuing a rule: everybody must have had a chance of both arms, but some probabilities are 0 or 1.",
            "Leave out customers who were contacted or spared for certain.",
        )
    means, variances = [], []
    for arm, probability in ((arms, share), (~arms, 1 - share)):
        rows = rule & arm
        if not rows.any():
            raise DataError(
                f"Valuing a rule: the {figures.count(int(rule.sum()))} chosen customers must be in both arms,"
                " but one has none.",
                "Contact a larger share.",
            )
        weight = 1 / probability[rows]
        mean = float(np.average(result[rows], weights=weight))
        means.append(mean)
        variances.append(float((weight**2 * (result[rows] - mean) ** 2).sum() / weight.sum() ** 2))
    effect = means[0] - means[1]
    half = _Z * math.sqrt(sum(variances))
    each = Interval(effect, effect - half, effect + half)
    return each.times(PER_CONTACTS, -PER_CONTACTS * contact_cost)


def policy_table(
    score: ArrayLike,
    treated: ArrayLike,
    outcome: ArrayLike,
    *,
    treated_share: ArrayLike,
    contact_cost: float,
    margin: float = 1.0,
    discount: ArrayLike = 0.0,
    shares: tuple[float, ...] = BEST_SHARES,
    seed: int = 42,
) -> pd.DataFrame:
    """:func:`policy_value` of contacting the best-ranked share of the customers, for several shares.

    Returns
    -------
    DataFrame
        ``share``, ``customers``, ``per_1000`` with ``low`` and ``high`` (net money per 1,000 contacted), ``total``
        (net money over these customers).
    """
    scores = np.asarray(score, dtype=float)
    lottery = np.random.default_rng(seed).random(len(scores))
    order = np.lexsort((lottery, -scores))
    rows = []
    for share in shares:
        count = max(1, round(share * len(order)))
        chosen = np.zeros(len(order), dtype=bool)
        chosen[order[:count]] = True
        found = policy_value(
            chosen,
            treated,
            outcome,
            treated_share=treated_share,
            contact_cost=contact_cost,
            margin=margin,
            discount=discount,
        )
        rows.append(
            {
                "share": share,
                "customers": count,
                "per_1000": found.value,
                "low": found.low,
                "high": found.high,
                "total": found.value * count / PER_CONTACTS,
            }
        )
    return pd.DataFrame(rows)
