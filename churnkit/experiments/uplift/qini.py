"""Whether a ranking by effect puts those first on whom the contact works: the Qini curve and the effect by group."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from churnkit.errors import DataError
from churnkit.experiments.intervals import ALPHA
from churnkit.experiments.spend import difference_of_spend
from churnkit.metrics.inputs import equal_mass_starts
from churnkit.results.interval import Interval
from churnkit.text import figures

FloatArray = NDArray[np.float64]

POINTS = 100
RESAMPLES = 300
SEED = 42
# Of two folds each teaches the model that the other judges, so that a chance pattern which they share counts twice.
# Without any effect this doubles the variance of the coefficient (measured: standard deviations of 1.46 and 1.52
# of the plain bootstrap's, where sqrt(2) is due).
CROSS_FIT_WIDENING = math.sqrt(2)


@dataclass(frozen=True)
class QiniCurve:
    """What contacting the best-ranked brings, by how many are contacted.

    Attributes
    ----------
    share
        Share of the customers contacted, best first, ascending from 0 to 1, shape (m,).
    gain
        ``(Y_t - Y_c N_t / N_c) / N`` of the customers so far, with N the number of all treated: outcome gained by
        each treated customer, over all of them. Shape (m,); its last value is the average effect.
    low, high
        95 % bootstrap band of ``gain``, shape (m,).
    coefficient
        Mean height of the curve above the straight line that a random ranking gives, with its 95 % bootstrap
        interval; outcome per customer, 0 for a ranking that tells nothing.
    """

    share: FloatArray
    gain: FloatArray
    low: FloatArray
    high: FloatArray
    coefficient: Interval

    @property
    def random(self) -> FloatArray:
        """The straight line of a random ranking, shape (m,)."""
        line: FloatArray = self.share * self.gain[-1]
        return line

    @property
    def beats_random(self) -> bool:
        """Whether the coefficient's interval lies above 0."""
        return self.coefficient.low > 0

    def table(self) -> pd.DataFrame:
        """For a chart: ``share``, ``gain``, ``low``, ``high``, ``random``."""
        return pd.DataFrame(
            {
                "share": self.share,
                "gain": self.gain,
                "low": self.low,
                "high": self.high,
                "random": self.random,
            }
        )


def qini_curve(
    score: ArrayLike,
    treated: ArrayLike,
    outcome: ArrayLike,
    *,
    cross_fitted: bool = False,
    points: int = POINTS,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> QiniCurve:
    """Radcliffe (2007): results of the treated less those of the others, scaled to as many customers, along a ranking.

    Customers with one score come together. Bands are those of customers drawn again within each arm, their scores
    kept. The interval of the coefficient is widened by ``CROSS_FIT_WIDENING`` for scores of :func:`cross_fit`.

    Parameters
    ----------
    score
        Shape (n,): the higher, the earlier contacted. From customers the model was not fitted on.
    treated, outcome
        Booleans and numbers, shape (n,).
    cross_fitted
        Whether the scores come from models that were fitted on the other customers here.
    points
        Positions on the curve, about.

    Raises
    ------
    DataError
        If an arm is empty, the shapes differ or a value is not finite.
    """
    scores, arms, result = _checked(score, treated, outcome)
    segment, count = _segments(scores, points)
    arm_rows = [np.flatnonzero(arms), np.flatnonzero(~arms)]
    segments = [segment[rows] for rows in arm_rows]
    results = [result[rows] for rows in arm_rows]
    share, gain = _curve(segments, results, count)
    rng = np.random.default_rng(seed)
    drawn = np.empty((resamples, count + 1))
    heights = np.empty(resamples)
    for number in range(resamples):
        picks = [rng.integers(0, len(rows), len(rows)) for rows in arm_rows]
        again = _curve(
            [s[p] for s, p in zip(segments, picks, strict=True)],
            [r[p] for r, p in zip(results, picks, strict=True)],
            count,
        )
        drawn[number], heights[number] = again[1], _height(*again)
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    height_low, height_high = np.quantile(heights, [0.025, 0.975])
    height = _height(share, gain)
    wider = CROSS_FIT_WIDENING if cross_fitted else 1.0
    coefficient = Interval(
        height,
        height + wider * min(float(height_low) - height, 0.0),
        height + wider * max(float(height_high) - height, 0.0),
    )
    return QiniCurve(share, gain, low, high, coefficient)


def uplift_by_group(
    score: ArrayLike,
    treated: ArrayLike,
    outcome: ArrayLike,
    predicted: ArrayLike | None = None,
    *,
    groups: int = 10,
    seed: int = SEED,
) -> pd.DataFrame:
    """The effect in equally large groups, best-ranked first, beside what was predicted.

    Returns
    -------
    DataFrame
        ``group`` (1 is the best), ``customers``, ``treated``, ``held_out``, ``predicted`` (mean; left out without
        predictions), ``uplift`` with ``low`` and ``high`` of its 95 % interval
        (:func:`difference_of_spend`); NaN where an arm has fewer than two customers.
    """
    scores, arms, result = _checked(score, treated, outcome)
    # Ties fall where chance puts them, not where the file does.
    lottery = np.random.default_rng(seed).random(len(scores))
    order = np.lexsort((lottery, -scores))
    starts = np.append(equal_mass_starts(len(order), groups), len(order))
    expected = None if predicted is None else np.asarray(predicted, dtype=float)
    table = []
    for number, (start, end) in enumerate(itertools.pairwise(starts), start=1):
        rows = order[start:end]
        one, base = result[rows[arms[rows]]], result[rows[~arms[rows]]]
        enough = min(len(one), len(base)) >= 2
        found = difference_of_spend(one, base, alpha=ALPHA) if enough else Interval(np.nan, np.nan, np.nan)
        told = {} if expected is None else {"predicted": float(expected[rows].mean())}
        table.append(
            {
                "group": number,
                "customers": len(rows),
                "treated": len(one),
                "held_out": len(base),
                **told,
                "uplift": found.value,
                "low": found.low,
                "high": found.high,
            }
        )
    return pd.DataFrame(table)


def _curve(
    segments: list[NDArray[np.intp]], results: list[FloatArray], count: int
) -> tuple[FloatArray, FloatArray]:
    """Shares and gains after each segment, both from 0; shape (count + 1,)."""
    sizes = [np.cumsum(np.bincount(s, minlength=count)).astype(float) for s in segments]
    sums = [
        np.cumsum(np.bincount(s, weights=r, minlength=count)) for s, r in zip(segments, results, strict=True)
    ]
    scale = np.divide(sizes[0], sizes[1], out=np.zeros(count), where=sizes[1] > 0)
    gain = (sums[0] - sums[1] * scale) / sizes[0][-1]
    share = (sizes[0] + sizes[1]) / (sizes[0][-1] + sizes[1][-1])
    return np.concatenate([[0.0], share]), np.concatenate([[0.0], gain])


def _height(share: FloatArray, gain: FloatArray) -> float:
    return float(np.trapezoid(gain, share) - gain[-1] / 2)


def _segments(scores: FloatArray, points: int) -> tuple[NDArray[np.intp], int]:
    """Segment of each customer, 0 for the best, and their number: runs of about equal size that split no tie."""
    _, tie = np.unique(-scores, return_inverse=True)
    ends = np.cumsum(np.bincount(tie))
    wanted = np.ceil(np.arange(1, points + 1) * len(scores) / points)
    last = np.unique(np.searchsorted(ends, wanted))
    of_tie = np.searchsorted(last, np.arange(len(ends)))
    return of_tie[tie], len(last)


def _checked(
    score: ArrayLike, treated: ArrayLike, outcome: ArrayLike
) -> tuple[FloatArray, NDArray[np.bool_], FloatArray]:
    scores, result = np.asarray(score, dtype=float), np.asarray(outcome, dtype=float)
    arms = np.asarray(treated, dtype=bool)
    if not scores.shape == arms.shape == result.shape or scores.ndim != 1:
        raise DataError(
            f"Judging a ranking: scores, arms and results must be as many, found {scores.shape}, {arms.shape} and"
            f" {result.shape}."
        )
    if not (np.isfinite(scores).all() and np.isfinite(result).all()):
        raise DataError(
            "Judging a ranking: scores and results must be finite.", "Leave out customers without."
        )
    if arms.all() or not arms.any():
        raise DataError(
            f"Judging a ranking: both arms must have customers, found {figures.count(arms.sum())} contacted of"
            f" {figures.count(len(arms))}.",
            "A campaign without a holdout cannot be judged.",
        )
    return scores, arms, result
