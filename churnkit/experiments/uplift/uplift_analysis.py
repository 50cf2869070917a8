"""An experiment's uplift: is the contact random, whom does it work on, does the ranking hold, and what is it worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from churnkit.experiments.intervals import difference_of_means
from churnkit.experiments.randomisation import Randomisation, check_randomisation
from churnkit.experiments.sample_ratio import require_ratio, sample_ratio
from churnkit.experiments.uplift.learners import LEARNERS, CrossFitted, Kind, cross_fit, numeric_features
from churnkit.experiments.uplift.policy import policy_table
from churnkit.experiments.uplift.qini import RESAMPLES, QiniCurve, qini_curve, uplift_by_group
from churnkit.results.readout_figures import MeanDifference, SampleRatio
from churnkit.text import figures


@dataclass(frozen=True)
class UpliftAnalysis:
    """What an experiment tells about whom to contact.

    Attributes
    ----------
    effect
        Average effect on everybody.
    randomisation, ratio
        Why the arms may be compared.
    fitted, curves
        By learner: predictions for customers held out, and the Qini curve of their ranking.
    best
        The learner with the highest coefficient. It was picked on these customers, so its own figures flatter it a
        little; the other curves show by how much.
    groups, policy
        Effect by tenth, and net money by share contacted, of the best learner.
    churn_policy
        The same money when ranked by another score, such as the churn probability; None without one.
    planned, planned_policy
        Curve and money of the order in which the forecasts would contact, by expected gain; None without one.
    """

    effect: MeanDifference
    randomisation: Randomisation
    ratio: SampleRatio
    fitted: Mapping[str, CrossFitted]
    curves: Mapping[str, QiniCurve]
    best: str
    groups: pd.DataFrame
    policy: pd.DataFrame
    churn_policy: pd.DataFrame | None
    planned: QiniCurve | None = None
    planned_policy: pd.DataFrame | None = None

    @property
    def beats_plan(self) -> bool:
        """Whether the learned ranking is proven, and lies above the plan's where there is one."""
        curve = self.curves[self.best]
        higher = self.planned is None or curve.coefficient.value > self.planned.coefficient.value
        return curve.beats_random and higher

    def words(self, currency: str | None) -> tuple[str, ...]:
        """What to believe, the money first."""
        everybody, half = self.policy.iloc[-1], self.policy[self.policy["share"] <= 0.5].iloc[-1]
        told = [
            f"Contacting everybody brings {_money(everybody, currency)} net per 1,000 contacted; the best"
            f" {figures.percent(half['share'])} by uplift bring {_money(half, currency)}."
        ]
        found = self.curves[self.best].coefficient
        band = f"{figures.decimal(found.value, 4)} ({figures.decimal(found.low, 4)} to {figures.decimal(found.high, 4)})"
        if self.curves[self.best].beats_random and not self.beats_plan:
            told.append(
                f"The ranking beats a random one: Qini {band} a customer. The plan's own order, by the gain that the"
                " forecasts expect, does no worse: keep to it, as the lists of whom to contact do."
            )
        elif self.curves[self.best].beats_random:
            told.append(f"The ranking beats a random one: Qini {band} a customer.")
        else:
            told.append(
                f"The ranking does not beat a random one: Qini {band} a customer. Choose whom to contact by value and"
                " cost, not by these predictions."
            )
        return tuple(told)


def analyse_uplift(
    features: pd.DataFrame,
    treated: np.ndarray,
    outcome: np.ndarray,
    *,
    treated_share: float,
    contact_cost: float,
    margin: float = 1.0,
    discount: np.ndarray | float = 0.0,
    churn_score: np.ndarray | None = None,
    planned: np.ndarray | None = None,
    expected: np.ndarray | None = None,
    learners: tuple[str, ...] = tuple(LEARNERS),
    kind: Kind = "boosted",
    resamples: int = RESAMPLES,
    seed: int = 42,
) -> UpliftAnalysis:
    """Everything about whom a contact works on, after making sure that it was random.

    Parameters
    ----------
    features
        Known before the contact, shape (n, k); text is encoded.
    treated, outcome
        Booleans and money, shape (n,).
    treated_share
        Share that the draw contacted.
    contact_cost, margin
        Money for each contact; share of revenue at usual prices that is profit.
    discount
        Money that each customer was given off, one for all or shape (n,).
    churn_score
        Another ranking to compare with, shape (n,).
    planned
        The gain that the forecasts expected of contacting each customer, shape (n,): the ranking to beat.
    expected
        Outcome that they expected without a contact, shape (n,), see ``cross_fit``.

    Raises
    ------
    SampleRatioMismatch, NotRandomised
        If the arms cannot be compared.
    """
    numbers = numeric_features(features)
    ratio = sample_ratio(
        {"treatment": int(treated.sum()), "holdout": int((~treated).sum())},
        {"treatment": treated_share, "holdout": 1 - treated_share},
    )
    require_ratio(ratio)
    randomisation = check_randomisation(numbers, treated, seed=seed)
    randomisation.require()
    fit = partial(cross_fit, numbers, treated, outcome, treated_share=treated_share, kind=kind, seed=seed)
    fitted = {name: fit(learner=name, expected=expected) for name in learners}
    curve = partial(qini_curve, treated=treated, outcome=outcome, resamples=resamples, seed=seed)
    curves = {name: curve(found.rank, cross_fitted=True) for name, found in fitted.items()}
    best = max(curves, key=lambda name: curves[name].coefficient.value)
    money = partial(
        policy_table,
        treated=treated,
        outcome=outcome,
        treated_share=treated_share,
        contact_cost=contact_cost,
        margin=margin,
        discount=discount,
        seed=seed,
    )
    return UpliftAnalysis(
        effect=difference_of_means(outcome[treated], outcome[~treated]),
        randomisation=randomisation,
        ratio=ratio,
        fitted=fitted,
        curves=curves,
        best=best,
        groups=uplift_by_group(fitted[best].rank, treated, outcome, fitted[best].uplift, seed=seed),
        policy=money(fitted[best].rank),
        churn_policy=None if churn_score is None else money(churn_score),
        planned=None if planned is None else curve(planned),
        planned_policy=None if planned is None else money(planned),
    )


def _money(row: pd.Series, currency: str | None) -> str:
    return (
        f"{figures.money(row['per_1000'], currency)} ({figures.money(row['low'], currency)} to"
        f" {figures.money(row['high'], currency)})"
    )
