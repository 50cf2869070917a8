"""Comparing alike customers where the contact was not random: a second-best, shown with how alike they are."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from churnkit.errors import DataError
from churnkit.experiments.randomisation import standardised_differences
from churnkit.results.interval import Interval
from churnkit.text import figures

CALIPER_SD = 0.2
MAX_DIFFERENCE = 0.1
MIN_MATCHED_SHARE = 0.5
MIN_PAIRS = 30
_CLIP = 1e-6
_Z = 1.959963984540054


@dataclass(frozen=True)
class Matched:
    """Contacted customers beside alike ones who were not.

    Attributes
    ----------
    pairs
        Positions, shape (p, 2): contacted, not contacted; each customer at most once.
    overlap
        Share of the contacted whose propensity lies within that of the others, in [0, 1].
    matched_share
        Share of the contacted that found a partner.
    balance
        A row per feature, worst after matching first: ``feature``, and the standardised mean difference ``before``
        and ``after``.
    effect
        Mean difference within pairs with its 95 % interval, for the contacted who found a partner; None unless
        ``usable``.
    """

    pairs: NDArray[np.intp]
    overlap: float
    matched_share: float
    balance: pd.DataFrame
    effect: Interval | None

    @property
    def usable(self) -> bool:
        """Whether enough customers overlap and the pairs are alike in every feature."""
        return _usable(len(self.pairs), self.matched_share, self.balance)

    def words(self) -> str:
        """What was found and what it is worth."""
        worst = self.balance.iloc[0]
        text = (
            f"{figures.percent(self.matched_share)} of the contacted have a partner who was not"
            f" ({figures.percent(self.overlap)} overlap); the pairs differ most in {worst['feature']}:"
            f" {figures.signed(worst['after'])} standard deviations, {figures.signed(worst['before'])} before matching."
        )
        if not self.usable:
            return text + " That is too far from alike to tell an effect."
        return text + (
            " What the shop's data do not show may still differ between them: take the effect as a hint, and hold out"
            " customers at random next time."
        )


def match(
    features: pd.DataFrame, treated: np.ndarray, outcome: np.ndarray, *, caliper_sd: float = CALIPER_SD
) -> Matched:
    """Pairs of nearest propensity, one to one, without replacement (Rosenbaum and Rubin 1985; caliper of Austin 2011).

    The propensity is a logistic regression's; contacted customers choose from the highest logit down, at most
    ``caliper_sd`` standard deviations of the logit away. What the pairs still differ in is taken out by a regression
    among the uncontacted (Abadie and Imbens 2011). The effect's error is that of the paired differences.

    Parameters
    ----------
    features
        Numbers known before the contact, shape (n, k), without missing values.
    treated, outcome
        Booleans and numbers, shape (n,).

    Raises
    ------
    DataError
        If an arm is empty or a feature holds missing values.
    """
    values = features.to_numpy(dtype=float)
    if treated.all() or not treated.any():
        raise DataError("Matching customers: some must have been contacted and some not.")
    if not np.isfinite(values).all() or values.shape[1] == 0:
        raise DataError(
            "Matching customers: features without missing values are needed.",
            "Fill or leave out such features.",
        )
    logit = _logits(values, treated)
    pairs = _pairs(logit, treated, caliper_sd * float(logit.std()))
    chosen = np.zeros(len(treated), dtype=bool)
    chosen[pairs.ravel()] = True
    table = pd.DataFrame(
        {
            "feature": [str(name) for name in features.columns],
            "before": standardised_differences(values, treated),
            "after": _differences(values, treated, chosen),
        }
    )
    order = np.argsort(-table["after"].abs().to_numpy(), kind="stable")
    table = table.iloc[order].reset_index(drop=True)
    share = len(pairs) / int(treated.sum())
    effect = _effect(values, outcome, pairs) if _usable(len(pairs), share, table) else None
    return Matched(pairs, _overlap(logit, treated), share, table, effect)


def _usable(pairs: int, matched_share: float, balance: pd.DataFrame) -> bool:
    alike = bool((balance["after"].abs() <= MAX_DIFFERENCE).all())
    return pairs >= MIN_PAIRS and matched_share >= MIN_MATCHED_SHARE and alike


def _logits(values: NDArray[np.float64], treated: np.ndarray) -> NDArray[np.float64]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    p = np.clip(model.fit(values, treated).predict_proba(values)[:, 1], _CLIP, 1 - _CLIP)
    return np.asarray(np.log(p / (1 - p)))


def _pairs(logit: NDArray[np.float64], treated: np.ndarray, caliper: float) -> NDArray[np.intp]:
    """Greedy nearest partners among those still free."""
    others = np.flatnonzero(~treated)
    others = others[np.argsort(logit[others], kind="stable")]
    at = logit[others]
    # Place j + 1 stands for the j-th of the others, so that both ends have a place too.
    down, up = list(range(len(others) + 2)), list(range(len(others) + 2))
    contacted = np.flatnonzero(treated)
    pairs = []
    for one in contacted[np.argsort(-logit[contacted], kind="stable")]:
        place = int(np.searchsorted(at, logit[one]))
        options = [j - 1 for j in (_free(down, place), _free(up, place + 1)) if 1 <= j <= len(others)]
        if not options:
            break
        nearest = min(options, key=lambda j: abs(at[j] - logit[one]))
        if abs(at[nearest] - logit[one]) <= caliper:
            pairs.append((int(one), int(others[nearest])))
            down[nearest + 1], up[nearest + 1] = nearest, nearest + 2
    return np.array(pairs, dtype=np.intp).reshape(-1, 2)


def _free(link: list[int], place: int) -> int:
    """Where the links from ``place`` end; they are shortened on the way (path halving)."""
    while link[place] != place:
        link[place] = link[link[place]]
        place = link[place]
    return place


def _differences(values: NDArray[np.float64], treated: np.ndarray, chosen: np.ndarray) -> NDArray[np.float64]:
    """Differences of the matched in units of the spread before, so that a smaller spread does not hide them."""
    one, two = values[treated], values[~treated]
    spread = np.sqrt((one.var(axis=0, ddof=1) + two.var(axis=0, ddof=1)) / 2)
    if not chosen.any():
        return np.full(values.shape[1], math.inf)
    apart = values[treated & chosen].mean(axis=0) - values[~treated & chosen].mean(axis=0)
    differences: NDArray[np.float64] = np.divide(apart, spread, out=np.zeros_like(apart), where=spread > 0)
    return differences


def _overlap(logit: NDArray[np.float64], treated: np.ndarray) -> float:
    low, high = logit[~treated].min(), logit[~treated].max()
    return float(((logit[treated] >= low) & (logit[treated] <= high)).mean())


def _effect(values: NDArray[np.float64], outcome: np.ndarray, pairs: NDArray[np.intp]) -> Interval:
    """Differences within pairs, less what the features they still differ in explain among the uncontacted."""
    one, two = pairs[:, 0], pairs[:, 1]
    base = outcome[two].astype(float)
    centred = values[two] - values[two].mean(axis=0)
    slopes = np.linalg.lstsq(centred, base - base.mean(), rcond=None)[0]
    apart = outcome[one].astype(float) - base - (values[one] - values[two]) @ slopes
    value, half = float(apart.mean()), _Z * float(apart.std(ddof=1)) / math.sqrt(len(apart))
    return Interval(value, value - half, value + half)
