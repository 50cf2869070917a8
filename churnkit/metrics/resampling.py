"""How sure figures of merit are: each worked out again on customers drawn anew, many draws at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from churnkit.metrics.inputs import FloatArray, equal_mass_starts, read_probabilities
from churnkit.metrics.probabilities import LOG_LOSS_CLIP
from churnkit.metrics.ranking import top_count

# Draws are looked at in pieces of so many cells, whatever the number of customers.
_CELLS = 4_000_000
_BINS = 10
_TOPS = {"10": 0.1, "20": 0.2}


@dataclass(frozen=True)
class Money:
    """Value at stake per customer, shape (n,), cost of a contact, and share of contacted leavers who stay."""

    value: FloatArray
    contact_cost: float
    save_rate: float


def draws(customers: int, count: int, seed: int) -> Iterator[FloatArray]:
    """How often each customer is drawn, in pieces of shape (some, customers), ``count`` rows in all.

    Each row is a sample of as many customers with replacement (Efron 1979).
    """
    rng = np.random.default_rng(seed)
    piece = max(1, _CELLS // max(1, customers))
    for start in range(0, count, piece):
        rows = min(piece, count - start)
        chosen = rng.integers(0, customers, (rows, customers)) + np.arange(rows)[:, None] * customers
        yield np.bincount(chosen.ravel(), minlength=rows * customers).reshape(rows, customers).astype(float)


def measures_of(
    y: ArrayLike, p: ArrayLike, weights: FloatArray, *, threshold: float, money: Money | None = None
) -> Mapping[str, FloatArray]:
    """Every measure for every row of ``weights``; with weights of 1 they are those of the other functions here.

    Parameters
    ----------
    y, p
        Shape (n,): outcome 0 or 1, and probability of churn.
    weights
        Shape (draws, n): how often each customer counts, e.g. from :func:`draws`.
    threshold
        Probability from which on a customer is called a leaver.
    money
        For ``profit_share``, which is left out without it.

    Returns
    -------
    Mapping[str, FloatArray]
        By name, each of shape (draws,): ``accuracy``, ``precision``, ``recall``, ``f1``, ``roc_auc``,
        ``average_precision``, ``brier``, ``log_loss``, ``ece``, ``precision_at_10``, ``precision_at_20``,
        ``lift_at_10``, ``lift_at_20`` and ``profit_share``. NaN where a draw has one class only.

    Examples
    --------
    >>> once = np.ones((1, 4))
    >>> found = measures_of([1, 0, 1, 0], [0.9, 0.8, 0.7, 0.1], once, threshold=0.75)
    >>> float(found["roc_auc"][0]), float(found["recall"][0])
    (0.75, 0.5)
    """
    labels, chance = read_probabilities(y, p)
    with np.errstate(divide="ignore", invalid="ignore"):
        found = {**_of_calls(labels, chance, weights, threshold), **_of_ranks(labels, chance, weights)}
        if money is not None:
            found["profit_share"] = _profit_share(labels, chance, weights, money)
    return found


def _of_calls(
    labels: FloatArray, p: FloatArray, weights: FloatArray, threshold: float
) -> dict[str, FloatArray]:
    called = (p >= threshold).astype(float)
    clipped = np.clip(p, LOG_LOSS_CLIP, 1 - LOG_LOSS_CLIP)
    loss = -(labels * np.log(clipped) + (1 - labels) * np.log1p(-clipped))
    parts = np.column_stack([np.ones_like(p), labels, called, called * labels, (p - labels) ** 2, loss])
    all_, left, calls, hits, squares, losses = (weights @ parts).T
    return {
        "accuracy": (all_ - calls - left + 2 * hits) / all_,
        "precision": np.where(calls > 0, hits / calls, 0.0),
        "recall": hits / left,
        "f1": np.where(left > 0, 2 * hits / (left + calls), np.nan),
        "brier": squares / all_,
        "log_loss": losses / all_,
    }


def _of_ranks(labels: FloatArray, p: FloatArray, weights: FloatArray) -> dict[str, FloatArray]:
    """Measures of the order. Equal probabilities are one group, so that no order within it counts."""
    order = np.argsort(-p, kind="stable")
    ranked = p[order]
    starts = np.flatnonzero(np.append(True, ranked[1:] != ranked[:-1]))
    drawn = weights[:, order]
    size = np.add.reduceat(drawn, starts, axis=1)
    found = np.add.reduceat(drawn * labels[order], starts, axis=1)
    reach, hits = np.cumsum(size, axis=1), np.cumsum(found, axis=1)
    customers, left = reach[:, -1], hits[:, -1]
    stayed = size - found
    # Of each leaver's group: the stayers below it, and half of those within.
    below = (customers - left)[:, None] - np.cumsum(stayed, axis=1) + stayed / 2
    measures = {
        "roc_auc": (found * below).sum(axis=1) / (left * (customers - left)),
        "average_precision": (found * np.where(reach > 0, hits / reach, 0.0)).sum(axis=1) / left,
        "ece": _ece(reach, hits, np.cumsum(size * ranked[starts], axis=1)),
    }
    for name, share in _TOPS.items():
        top = np.array([float(top_count(round(total), share)) for total in customers])
        measures[f"precision_at_{name}"] = _at(reach, hits, top[:, None])[:, 0] / top
        measures[f"lift_at_{name}"] = measures[f"precision_at_{name}"] / (left / customers)
    return measures


def _ece(reach: FloatArray, hits: FloatArray, expected: FloatArray) -> FloatArray:
    customers = round(float(reach[0, -1]))
    starts = equal_mass_starts(customers, _BINS)
    # Groups of equal size are cut from the lowest probability up; the sums run from the highest down.
    edges = np.tile(customers - np.append(starts, customers)[::-1], (len(reach), 1)).astype(float)
    gaps = np.diff(_at(reach, hits, edges) - _at(reach, expected, edges), axis=1)
    error: FloatArray = np.abs(gaps).sum(axis=1) / customers
    return error


def _at(reach: FloatArray, sums: FloatArray, places: FloatArray) -> FloatArray:
    """Running sums at places between the groups: within one they grow evenly, as by the mean of its tie."""
    return np.array(
        [
            np.interp(at, np.append(0.0, far), np.append(0.0, total))
            for far, total, at in zip(reach, sums, places, strict=True)
        ]
    )


def _profit_share(labels: FloatArray, p: FloatArray, weights: FloatArray, money: Money) -> FloatArray:
    """What contacting all who promise more than they cost brings, over that of knowing the leavers beforehand."""
    promised = p * money.save_rate * money.value > money.contact_cost
    gain = labels * money.save_rate * money.value - money.contact_cost
    perfect = weights @ np.clip(gain, 0.0, None)
    share: FloatArray = np.where(perfect > 0, (weights @ (gain * promised)) / perfect, 0.0)
    return share
