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
from churnkit.experiments.uplift.learners import LEARNERS, CrossFitted, cross_fits, numeric_features
from churnkit.experiments.uplift.policy import policy_table
from churnkit.experiments.uplift.qini import RESAMPLES, QiniCurve, qini_curve, uplift_by_group
from churnkit.experiments.uplift.regressions import Kind
from churnkit.results.readout_figures import MeanDifference, SampleRatio
from churnkit.text import figures
from churnkit.tournament.margins import to_logit


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
    chosen
        The learner that is believed: the first, whatever the curves say. Picked on these customers, the best of three
        would flatter itself.
    groups, policy
        Effect by tenth, and net money by share contacted, of that learner.
    churn_policy
        The same money when ranked by another score, such as the churn probability; None without one.
    planned, planned_policy
        Curve and money of the order in which the forecasts would contact, by expected gain; None without one.
    feature_count
        How many figures that were known before the effects were learned from.
    """

    effect: MeanDifference
    randomisation: Randomisation
    ratio: SampleRatio
    fitted: Mapping[str, CrossFitted]
    curves: Mapping[str, QiniCurve]
    chosen: str
    groups: pd.DataFrame
    policy: pd.DataFrame
    churn_policy: pd.DataFrame | None
    planned: QiniCurve | None = None
    planned_policy: pd.DataFrame | None = None
    feature_count: int = 0

    @property
    def beats_plan(self) -> bool:
        """Whether the learned ranking is proven, and lies above the plan's where there is one."""
        curve = self.curves[self.chosen]
        higher = self.planned is None or curve.coefficient.value > self.planned.coefficient.value
        return curve.beats_random and higher

    def words(self, currency: str | None) -> tuple[str, ...]:
        """What to believe, the money first."""
        everybody, half = self.policy.iloc[-1], self.policy[self.policy["share"] <= 0.5].iloc[-1]
        told = [
            f"Contacting everybody brings {_money(everybody, currency)} net per 1,000 contacted; the best"
            f" {figures.percent(half['share'])} by uplift bring {_money(half, currency)}."
        ]
        found = self.curves[self.chosen].coefficient
        band = f"{figures.decimal(found.value, 4)} ({figures.decimal(found.low, 4)} to {figures.decimal(found.high, 4)})"
        if self.curves[self.chosen].beats_random and not self.beats_plan:
            told.append(
                f"The ranking beats a random one: Qini {band} a customer. The plan's own order, by the gain that the"
                " forecasts expect, does no worse: keep to it, as the lists of whom to contact do."
            )
        elif self.curves[self.chosen].beats_random:
            told.append(f"The ranking beats a random one: Qini {band} a customer.")
        else:
            told.append(
                f"The ranking does not beat a random one: Qini {band} a customer. Choose whom to contact by value and"
                " cost, not by these predictions."
            )
        told.append(
            "Tested: each customer's effect was predicted by models of the other customers, from"
            f" {figures.counted(self.feature_count, 'figure')} known before the contact"
            f"{', the churn forecast among them' if self.churn_policy is not None else ''}."
        )
        return tuple(told)


@dataclass(frozen=True)
class Terms:
    """What the contact was, and costs.

    Attributes
    ----------
    treated_share
        Share that the draw contacted.
    contact_cost, margin
        Money for each contact; share of revenue at usual prices that is profit.
    discount
        Money that each customer was given off, one for all or shape (n,).
    """

    treated_share: float
    contact_cost: float
    margin: float = 1.0
    discount: np.ndarray | float = 0.0


@dataclass(frozen=True)
class Forecasts:
    """What was forecast of each customer before, without a contact; arrays of shape (n,), None where nothing was.

    Attributes
    ----------
    p_churn
        Calibrated probability of no purchase: the outcome model that the learned ones start from, and another ranking.
    expected
        Money, see ``cross_fit``.
    planned
        The gain that was expected of contacting each customer: the ranking to beat.
    """

    p_churn: np.ndarray | None = None
    expected: np.ndarray | None = None
    planned: np.ndarray | None = None


NOTHING_FORECAST = Forecasts()


def analyse_uplift(
    features: pd.DataFrame,
    treated: np.ndarray,
    outcome: np.ndarray,
    terms: Terms,
    forecasts: Forecasts = NOTHING_FORECAST,
    *,
    learners: tuple[str, ...] = tuple(LEARNERS),
    kind: Kind = "calibrated",
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
    learners
        Keys of ``LEARNERS``; the first is believed, the others are shown beside it.

    Raises
    ------
    SampleRatioMismatch, NotRandomised
        If the arms cannot be compared.
    """
    numbers = numeric_features(features)
    ratio, randomisation = _require_chance(numbers, treated, terms.treated_share, seed)
    fitted = _fitted(numbers, treated, outcome, terms.treated_share, forecasts, learners, kind, seed)
    curve = partial(qini_curve, treated=treated, outcome=outcome, resamples=resamples, seed=seed)
    money = partial(_money_by_share, treated=treated, outcome=outcome, terms=terms, seed=seed)
    chosen, planned = fitted[learners[0]], forecasts.planned
    return UpliftAnalysis(
        effect=difference_of_means(outcome[treated], outcome[~treated]),
        randomisation=randomisation,
        ratio=ratio,
        fitted=fitted,
        curves={name: curve(found.rank, cross_fitted=True) for name, found in fitted.items()},
        chosen=learners[0],
        groups=uplift_by_group(chosen.rank, treated, outcome, chosen.uplift, seed=seed),
        policy=money(chosen.rank),
        churn_policy=None if forecasts.p_churn is None else money(forecasts.p_churn),
        planned=None if planned is None else curve(planned),
        planned_policy=None if planned is None else money(planned),
        feature_count=numbers.shape[1],
    )


def _require_chance(
    features: pd.DataFrame, treated: np.ndarray, treated_share: float, seed: int
) -> tuple[SampleRatio, Randomisation]:
    ratio = sample_ratio(
        {"treatment": int(treated.sum()), "holdout": int((~treated).sum())},
        {"treatment": treated_share, "holdout": 1 - treated_share},
    )
    require_ratio(ratio)
    randomisation = check_randomisation(features, treated, seed=seed)
    randomisation.require()
    return ratio, randomisation


def _fitted(
    features: pd.DataFrame,
    treated: np.ndarray,
    outcome: np.ndarray,
    treated_share: float,
    forecasts: Forecasts,
    learners: tuple[str, ...],
    kind: Kind,
    seed: int,
) -> dict[str, CrossFitted]:
    known = None if forecasts.p_churn is None else -to_logit(forecasts.p_churn)
    return cross_fits(
        features,
        treated,
        outcome,
        treated_share=treated_share,
        learners=learners,
        kind=kind,
        seed=seed,
        expected=forecasts.expected,
        known=known,
    )


def _money_by_share(
    score: np.ndarray, treated: np.ndarray, outcome: np.ndarray, terms: Terms, seed: int
) -> pd.DataFrame:
    return policy_table(
        score,
        treated,
        outcome,
        treated_share=terms.treated_share,
        contact_cost=terms.contact_cost,
        margin=terms.margin,
        discount=terms.discount,
        seed=seed,
    )


def _money(row: pd.Series, currency: str | None) -> str:
    return (
        f"{figures.money(row['per_1000'], currency)} ({figures.money(row['low'], currency)} to"
        f" {figures.money(row['high'], currency)})"
    )
