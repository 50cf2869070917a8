"""What customers will bring: expected orders and spend over the horizon, the value of the next 365 days, intervals.

Two forecasts of spend compete on past cutoffs: MBG/NBD purchases times the Gamma-Gamma order value, and a
two-part model, probability of buying (1 - p_churn) times spend given that the customer buys. Both are means, because means
add up and rank; a median would win the mean absolute error and ruin totals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd
from sklearn.linear_model import Ridge
from sklearn.pipeline import Pipeline

from churnkit.btyd import MbgNbd
from churnkit.config import Money
from churnkit.features.purchase_process import fit_process, histories
from churnkit.features.scaling import linear_pipeline

PROCESS = "mbg_nbd_gamma_gamma"
TWO_PART = "two_part"
METHODS = (PROCESS, TWO_PART)

YEAR_DAYS = 365
COVERAGE = 0.8
SPEND_COLUMNS = (
    "btyd_expected_spend",
    "btyd_order_value",
    "monetary_mean",
    "last_order_value",
    "order_value_max",
    "spend_per_month",
    "spend_decay_90d",
    "spend_decay_180d",
    "orders_decay_90d",
    "orders_decay_180d",
    "order_count",
    "recency_days",
    "tenure_days",
    "lines_per_order",
)
REGRESSION_PRIOR_WINDOWS = 12.0
MIN_BUYERS = 30
_RIDGE_PENALTY = 10.0
_INTERVAL_BINS = 10
_MIN_BIN_ROWS = 20
_MAX_YEAR_RATIO = 40.0
_NORMAL_QUANTILE = 1.2815515655446004


@dataclass(frozen=True)
class SpendPast:
    """A past cutoff with the levelled out-of-time ``p_churn`` (n,) of its panel ``rows`` (outcomes known)."""

    cutoff: datetime
    rows: pd.DataFrame
    p_churn: np.ndarray
    train: pd.DataFrame


@dataclass(frozen=True)
class ConditionalSpend:
    """Spend in the horizon, given a purchase: what the process implies, and a regression, weighted by experience.

    Attributes
    ----------
    pipeline, smearing
        Ridge regression of the logarithm of spend, and the factor that makes its totals right; None without
        buyers enough, then ``fallback`` (money) stands in.
    regression_weight
        0 to 1: w / (w + 12) for w past windows that the regression has learned from. With few of them it knows
        a shop's first months only, when customers were young and eager.
    """

    columns: tuple[str, ...]
    pipeline: Pipeline | None
    smearing: float
    fallback: float
    regression_weight: float

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        """Money, 0 at least, shape (n,)."""
        regression = self._regression(rows)
        process_buys = np.maximum(1 - rows["btyd_p_no_purchase"].to_numpy(dtype=float), 1e-6)
        process = rows["btyd_expected_spend"].to_numpy(dtype=float) / process_buys
        process = np.where(np.isnan(process), regression, process)
        return self.regression_weight * regression + (1 - self.regression_weight) * process

    def _regression(self, rows: pd.DataFrame) -> np.ndarray:
        if self.pipeline is None:
            return np.full(len(rows), self.fallback)
        logs = self.pipeline.predict(rows[list(self.columns)].to_numpy(dtype=float))
        spend: np.ndarray = np.exp(np.clip(logs, -20.0, 30.0)) * self.smearing
        return spend


def fit_conditional_spend(train: pd.DataFrame) -> ConditionalSpend:
    """Fit on panel rows with a purchase in their window; with fewer than 30 of them, their plain mean.

    The smearing factor (Duan 1983) is the ratio of totals, so that a few large buyers are not lost in the logs.
    """
    bought = train[(train["churned"] == 0) & (train["spend_next"] > 0)]
    spend = bought["spend_next"].to_numpy(dtype=float)
    mean = float(spend.mean()) if len(spend) else 0.0
    columns = tuple(c for c in SPEND_COLUMNS if c in train.columns)
    windows = train["cutoff"].nunique()
    weight = windows / (windows + REGRESSION_PRIOR_WINDOWS)
    if len(bought) < MIN_BUYERS:
        return ConditionalSpend(columns, None, 1.0, mean, weight)
    x = bought[list(columns)].to_numpy(dtype=float)
    pipeline = linear_pipeline(Ridge(alpha=_RIDGE_PENALTY)).fit(x, np.log(spend))
    smearing = float(spend.sum() / np.exp(pipeline.predict(x)).sum())
    return ConditionalSpend(columns, pipeline, smearing, mean, weight)


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
    bin_edges, low_ratio, high_ratio
        Upper edges of forecast bins and the 10 % and 90 % quantiles of actual / forecast in each.
    """

    method: str
    scale: float
    conditional: ConditionalSpend
    errors: pd.DataFrame
    bin_edges: np.ndarray
    low_ratio: np.ndarray
    high_ratio: np.ndarray

    def expected_spend(self, rows: pd.DataFrame, p_churn: np.ndarray) -> np.ndarray:
        """Expected net spend over the horizon in money, 0 at least, shape (n,)."""
        return self.scale * _forecast(self.method, rows, p_churn, self.conditional)

    def spend_if_buying(self, rows: pd.DataFrame) -> np.ndarray:
        """Expected net spend over the horizon of a customer who does buy in it, in money, 0 at least, shape (n,)."""
        if self.method == TWO_PART:
            return self.scale * self.conditional.predict(rows)
        buys = np.maximum(1 - rows["btyd_p_no_purchase"].to_numpy(dtype=float), 1e-6)
        return self.scale * process_spend(rows) / np.where(np.isnan(buys), 1.0, buys)

    def interval(self, rows: pd.DataFrame, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """80 % prediction interval of each customer's own spend, from what happened to like forecasts in the past.

        Without a past cutoff: mean and variance of a compound Poisson with exponential amounts (2 v m).
        """
        if len(self.bin_edges) == 0:
            value = _or_pace(rows, rows["btyd_order_value"].to_numpy(dtype=float))
            deviation = _NORMAL_QUANTILE * np.sqrt(2.0 * value * expected)
            return np.clip(expected - deviation, 0.0, None), expected + deviation
        position = np.minimum(np.searchsorted(self.bin_edges, expected), len(self.bin_edges) - 1)
        low, high = expected * self.low_ratio[position], expected * self.high_ratio[position]
        return np.minimum(low, expected), np.maximum(high, expected)


def _forecast(
    method: str, rows: pd.DataFrame, p_churn: np.ndarray, conditional: ConditionalSpend
) -> np.ndarray:
    return process_spend(rows) if method == PROCESS else two_part_spend(p_churn, conditional, rows)


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
    nothing = np.array([])
    if not past:
        return ValueModel(TWO_PART, 1.0, conditional, pd.DataFrame(), nothing, nothing, nothing)
    forecasts: dict[str, list[np.ndarray]] = {method: [] for method in METHODS}
    for p in past:
        fitted = fit_conditional_spend(p.train)
        for method in METHODS:
            forecasts[method].append(_forecast(method, p.rows, p.p_churn, fitted))
    actual = [p.rows["spend_next"].to_numpy(dtype=float) for p in past]
    errors = pd.DataFrame([_errors(method, actual, forecasts[method]) for method in METHODS])
    method = str(errors.sort_values("deviance").iloc[0]["method"])
    scale = _total_scale(actual, forecasts[method])
    edges, low, high = _ratio_quantiles(np.concatenate(actual), scale * np.concatenate(forecasts[method]))
    return ValueModel(method, scale, conditional, errors, edges, low, high)


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


def _ratio_quantiles(actual: np.ndarray, forecast: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    order = np.argsort(forecast, kind="stable")
    bins = max(1, min(_INTERVAL_BINS, len(order) // _MIN_BIN_ROWS))
    edges, low, high = [], [], []
    for rows in np.array_split(order, bins):
        ratio = actual[rows] / np.maximum(forecast[rows], 1e-9)
        edges.append(forecast[rows].max())
        low.append(max(0.0, np.quantile(ratio, (1 - COVERAGE) / 2)))
        high.append(max(0.0, np.quantile(ratio, 1 - (1 - COVERAGE) / 2)))
    return np.array(edges), np.array(low), np.array(high)


def expected_orders(rows: pd.DataFrame, p_churn: np.ndarray) -> np.ndarray:
    """Expected purchase days over the horizon, shape (n,): the process's, moved to agree with ``p_churn``.

    (1 - p_churn) x E[orders | at least one], the second factor from the MBG/NBD; 1 where it has no fit.
    """
    process_buys = 1 - rows["btyd_p_no_purchase"].to_numpy(dtype=float)
    given_purchase = rows["btyd_expected_orders"].to_numpy(dtype=float) / np.maximum(process_buys, 1e-6)
    return (1 - p_churn) * np.where(np.isnan(given_purchase), 1.0, np.maximum(given_purchase, 1.0))


def lifetime_value(
    rows: pd.DataFrame,
    expected_spend: np.ndarray,
    horizon_days: int,
    money: Money,
    *,
    shop: pd.DataFrame | None = None,
) -> np.ndarray:
    """Expected spend of the next 365 days times the margin, discounted if a rate is set; money, shape (n,).

    The horizon's forecast is stretched to a year along the purchase process, which knows that customers drop
    out; along the calendar where the process could not be fitted. The process is that of ``shop``, panel rows of all
    customers of the cutoff; of ``rows`` themselves unless given.
    """
    process = fit_process(rows if shop is None else shop)
    value: np.ndarray = (
        expected_spend * _year_ratio(rows, process, horizon_days, money, buying=False) * money.margin
    )
    return value


def value_if_kept(
    rows: pd.DataFrame,
    spend_if_buying: np.ndarray,
    horizon_days: int,
    money: Money,
    *,
    shop: pd.DataFrame | None = None,
) -> np.ndarray:
    """Value of the next 365 days of a customer who buys within the horizon; money, shape (n,).

    What :func:`lifetime_value` averages over, taken on the side where the customer stays: the spend of the horizon
    given a purchase, stretched to a year along the purchase process of a customer who buys within the horizon.
    """
    process = fit_process(rows if shop is None else shop)
    ratio = _year_ratio(rows, process, horizon_days, money, buying=True)
    value: np.ndarray = spend_if_buying * ratio * money.margin
    return value


@dataclass(frozen=True)
class YearValue:
    """What the next 365 days of customers bring: money after margin, discounted where a rate is set, shape (n,) each.

    Attributes
    ----------
    clv, clv_low, clv_high
        Expected, and the 80 % interval of each customer's own.
    clv_if_kept, clv_if_lost
        Of a customer who buys within the horizon, and of one who does not (and may come back later); clv is their
        mean, weighted with 1 - p_churn and p_churn. 0 <= lost <= kept.
    """

    clv: np.ndarray
    clv_low: np.ndarray
    clv_high: np.ndarray
    clv_if_kept: np.ndarray
    clv_if_lost: np.ndarray


def year_value(
    model: ValueModel,
    rows: pd.DataFrame,
    p_churn: np.ndarray,
    horizon_days: int,
    money: Money,
    *,
    shop: pd.DataFrame | None = None,
) -> YearValue:
    """The year of the customers in ``rows``; parameters as for :func:`lifetime_value`."""
    spend = model.expected_spend(rows, p_churn)
    clv = lifetime_value(rows, spend, horizon_days, money, shop=shop)
    kept = value_if_kept(rows, model.spend_if_buying(rows), horizon_days, money, shop=shop)
    lost = np.divide(clv - (1 - p_churn) * kept, p_churn, out=np.zeros_like(clv), where=p_churn > 0)
    lost = np.clip(lost, 0.0, kept)
    low, high = model.interval(rows, spend)
    stretch = np.divide(clv, spend, out=np.zeros_like(clv), where=spend > 0)
    return YearValue(
        clv=(1 - p_churn) * kept + p_churn * lost,
        clv_low=low * stretch,
        clv_high=high * stretch,
        clv_if_kept=kept,
        clv_if_lost=lost,
    )


def _year_ratio(
    rows: pd.DataFrame, model: MbgNbd | None, horizon_days: int, money: Money, *, buying: bool
) -> np.ndarray:
    """Expected purchases of a year, discounted, over those of the horizon, shape (n,).

    With ``buying``, both given a purchase within the horizon h. N(t) purchases in t days without one in h are
    those of a customer with the same history who has been silent for h more: E[N(t); N(h) > 0] =
    E[N(t)] - P(N(h) = 0) E[N(t - h) | silent for h more].
    """
    if model is None:
        return np.full(len(rows), YEAR_DAYS / horizon_days)
    x, t_x, age = histories(rows)
    months = np.linspace(YEAR_DAYS / 12, YEAR_DAYS, 12)
    cumulative = np.array([model.expected_orders(t, x, t_x, age) for t in months])
    if buying:
        silent = model.p_no_purchase(horizon_days, x, t_x, age)
        for k in np.flatnonzero(months > horizon_days):
            later = model.expected_orders(months[k] - horizon_days, x, t_x, age + horizon_days)
            cumulative[k] -= silent * later
    each = np.diff(cumulative, axis=0, prepend=0.0)
    discount = (1 + money.annual_discount_rate) ** (-(months - YEAR_DAYS / 24) / YEAR_DAYS)
    within = np.maximum(model.expected_orders(horizon_days, x, t_x, age), 1e-12)
    return np.clip(discount @ each / within, 0.0, _MAX_YEAR_RATIO)
