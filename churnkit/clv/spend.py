"""What customers will bring over the horizon: expected orders and spend, intervals.

Two forecasts of spend compete on past cutoffs: MBG/NBD purchases times the Gamma-Gamma order value, and a
two-part model, probability of buying (1 - p_churn) times spend given that the customer buys. Both are means, because means
add up and rank; a median would win the mean absolute error and ruin totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

import numpy as np
import pandas as pd

from churnkit.clv.bands import NORMAL_QUANTILE, Bands, BuyerBands, fit_buyer_bands
from churnkit.clv.conditional import SPEND_COLUMNS, ConditionalSpend, fit_conditional_spend

PROCESS = "mbg_nbd_gamma_gamma"
TWO_PART = "two_part"
METHODS = (PROCESS, TWO_PART)

VALUE_COLUMNS = ("customer_id", "cutoff", *SPEND_COLUMNS, "btyd_p_no_purchase", "churned", "spend_next")
"""Columns of the panel that a value model is fitted on."""


@dataclass(frozen=True)
class SpendPast:
    """A past cutoff with the levelled out-of-time ``p_churn`` (n,) of its panel ``rows`` (outcomes known).

    ``shift`` is the logarithm of the factor that the season put on its forecasts.
    """

    cutoff: datetime
    rows: pd.DataFrame
    p_churn: np.ndarray
    train: pd.DataFrame
    shift: float = 0.0

    @cached_property
    def conditional(self) -> ConditionalSpend:
        """The conditional part as it was fitted then; once, however many later cutoffs learn from it."""
        return fit_conditional_spend(self.train)

    def forecast(self, method: str) -> np.ndarray:
        """What a method said then, before any correction of the total, in money, shape (n,)."""
        return _forecast(method, self.rows, self.p_churn, self.conditional)


def process_spend(rows: pd.DataFrame) -> np.ndarray:
    """MBG/NBD times Gamma-Gamma from the panel's columns; the past pace where they could not be fitted."""
    return _or_pace(rows, rows["btyd_expected_spend"].to_numpy(dtype=float))


def _or_pace(rows: pd.DataFrame, values: np.ndarray) -> np.ndarray:
    pace = np.clip(rows["monetary_mean"].to_numpy(dtype=float), 0.0, None)
    return np.clip(np.where(np.isnan(values), pace, values), 0.0, None)


def two_part_spend(p_churn: np.ndarray, conditional: ConditionalSpend, rows: pd.DataFrame) -> np.ndarray:
    """Probability of buying times spend given a purchase, in money, shape (n,)."""
    spend: np.ndarray = (1 - p_churn) * conditional.predict(rows)
    return spend


@dataclass(frozen=True)
class ValueModel:
    """The winner, its total correction, and the errors that its intervals come from.

    Attributes
    ----------
    method
        One of ``METHODS``.
    scale
        Factor on every forecast: how totals were missed at past cutoffs, drawn towards 1.
    errors
        Measures of both methods on past cutoffs: ``method``, ``mae``, ``rmse``, ``deviance``, ``total_ratio``.
    bands
        What intervals of models from before there were ``buyers`` come from.
    season
        Factor on forecasts of the scoring date's horizon alone (``tournament.totals``); the year has seasons of its own.
    buyers
        What intervals come from; None without a past cutoff.
    """

    method: str
    scale: float
    conditional: ConditionalSpend
    errors: pd.DataFrame
    bands: Bands | None
    season: float = 1.0
    buyers: BuyerBands | None = None

    def moved(self, shift: float) -> ValueModel:
        """The same model with every forecast of the horizon multiplied by exp(``shift``)."""
        return replace(self, season=float(np.exp(shift)))

    def expected_spend(self, rows: pd.DataFrame, p_churn: np.ndarray) -> np.ndarray:
        """Expected net spend over the horizon in money, 0 at least, shape (n,)."""
        return self.season * self.scale * _forecast(self.method, rows, p_churn, self.conditional)

    def spend_if_buying(self, rows: pd.DataFrame) -> np.ndarray:
        """Net spend over a horizon of no season of a customer who does buy in it, in money, 0 at least, shape (n,)."""
        return self.scale * _if_buying(self.method, rows, self.conditional)

    def interval(
        self, rows: pd.DataFrame, expected: np.ndarray, p_churn: np.ndarray
    ) -> tuple[np.ndarray, np.ndarray]:
        """80 % prediction interval of each customer's own spend, from what happened to like forecasts in the past.

        Without a past cutoff: mean and variance of a compound Poisson with exponential amounts (2 v m).
        """
        if self.buyers is not None:
            low, high = self.buyers.interval(self.season * self.spend_if_buying(rows), p_churn)
            return np.minimum(low, expected), np.maximum(high, expected)
        if self.bands is not None:
            return self.bands.interval(expected)
        value = _or_pace(rows, rows["btyd_order_value"].to_numpy(dtype=float))
        deviation = NORMAL_QUANTILE * np.sqrt(2.0 * value * expected)
        return np.clip(expected - deviation, 0.0, None), expected + deviation


def _forecast(
    method: str, rows: pd.DataFrame, p_churn: np.ndarray, conditional: ConditionalSpend
) -> np.ndarray:
    return process_spend(rows) if method == PROCESS else two_part_spend(p_churn, conditional, rows)


def _if_buying(method: str, rows: pd.DataFrame, conditional: ConditionalSpend) -> np.ndarray:
    if method == TWO_PART:
        return conditional.predict(rows)
    buys = np.maximum(1 - rows["btyd_p_no_purchase"].to_numpy(dtype=float), 1e-6)
    spend: np.ndarray = process_spend(rows) / np.where(np.isnan(buys), 1.0, buys)
    return spend


def tweedie_deviance(actual: np.ndarray, forecast: np.ndarray) -> float:
    """Mean deviance with power 1.5 (Jorgensen 1987): proper for means of amounts with many zeros, mild on whales."""
    actual = np.clip(actual, 0.0, None)
    forecast = np.maximum(forecast, 1e-9)
    root = np.sqrt(forecast)
    return float(np.mean(4.0 * (np.sqrt(actual) - root) ** 2 / root))


def fit_value_model(train: pd.DataFrame, past: Sequence[SpendPast]) -> ValueModel:
    """Let both methods forecast every past cutoff, keep the one with the lower deviance, learn its errors.

    Parameters
    ----------
    train
        All labelled panel rows: the conditional part is refitted on them for scoring.
    past
        Ascending; may be empty, then the two-part model is used uncorrected.
    """
    conditional = fit_conditional_spend(train)
    if not past:
        return ValueModel(TWO_PART, 1.0, conditional, pd.DataFrame(), None)
    actual = [p.rows["spend_next"].to_numpy(dtype=float) for p in past]
    forecasts = {method: [p.forecast(method) for p in past] for method in METHODS}
    errors = pd.DataFrame([_errors(method, actual, forecasts[method]) for method in METHODS])
    method = str(errors.sort_values("deviance").iloc[0]["method"])
    scale = _total_scale(actual, forecasts[method])
    said = [scale * np.exp(p.shift) * _if_buying(method, p.rows, p.conditional) for p in past]
    buyers = fit_buyer_bands(np.concatenate(actual), np.concatenate(said))
    return ValueModel(method, scale, conditional, errors, None, buyers=buyers)


def _errors(method: str, actual: list[np.ndarray], forecast: list[np.ndarray]) -> Mapping[str, object]:
    a, f = np.concatenate(actual), np.concatenate(forecast)
    return {
        "method": method,
        "mae": float(np.abs(a - f).mean()),
        "rmse": float(np.sqrt(((a - f) ** 2).mean())),
        "deviance": tweedie_deviance(a, f),
        "total_ratio": float(f.sum() / a.sum()) if a.sum() > 0 else float("nan"),
    }


def _total_scale(actual: list[np.ndarray], forecast: list[np.ndarray]) -> float:
    """Mean log ratio of totals at the last three past cutoffs, with three imaginary ones where it was right.

    Misses of the total hardly carry over from window to window once the level of ``p_churn`` is corrected.
    """
    logs = [
        np.log(a.sum() / f.sum())
        for a, f in zip(actual, forecast, strict=True)
        if a.sum() > 0 and f.sum() > 0
    ]
    recent = logs[-3:]
    return float(np.exp(sum(recent) / (len(recent) + 3)))


def expected_orders(rows: pd.DataFrame, p_churn: np.ndarray) -> np.ndarray:
    """Expected purchase days over the horizon, shape (n,): the process's, moved to agree with ``p_churn``.

    (1 - p_churn) x E[orders | at least one], the second factor from the MBG/NBD; 1 where it has no fit.
    """
    process_buys = 1 - rows["btyd_p_no_purchase"].to_numpy(dtype=float)
    given_purchase = rows["btyd_expected_orders"].to_numpy(dtype=float) / np.maximum(process_buys, 1e-6)
    return (1 - p_churn) * np.where(np.isnan(given_purchase), 1.0, np.maximum(given_purchase, 1.0))
