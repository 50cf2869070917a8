"""What values of our names look like: one example of each, wherever the description of the API shows it."""

from __future__ import annotations

from typing import Any

_ID = "5d0c2a4e8b7f4c1f9a3e6d2b1c0f9e8d"
_BY_NAME: dict[str, Any] = {
    # What it is.
    "customer_id": "17850",
    "name": "orders-2026.csv",
    "filename": "orders-2026.csv",
    "currency": "GBP",
    "mapping": "Customer ID",
    "champion": "lightgbm",
    "champion_title": "LightGBM",
    "champion_words": "LightGBM ranked the active customers best on past dates.",
    "candidate": "lightgbm",
    "calibration": "sigmoid",
    "members": "lightgbm",
    "params": "num_leaves 15",
    "feature": "recency_days",
    "group": "Recency",
    "label": "Days since the last purchase",
    "segment": "Champions",
    "code": "returns_high",
    "outcome": "passed",
    "method": "gaps",
    "format": "csv",
    "preset": "shopify",
    "verdict": "good",
    "step": "training",
    "kind": "analyze",
    "first_order": "2024-01-02",
    "last_order": "2026-02-27",
    # Words.
    "title": "Returns are few",
    "headline": "The forecast tells leavers from stayers.",
    "sentences": "On past dates it ranked better than the recency rule.",
    "words": "Silent for longer than usual.",
    "reason": "Silent for 74 days, usually 21.",
    "reasons": "Silent for 74 days, usually 21.",
    "fact": "74 days since the last purchase",
    "own": "74",
    "typical": "21",
    "remedy": "Hand over a longer history.",
    "notes": "Amounts are in one currency.",
    "missing": "Needs a column with products.",
    "damaged": "orders-2025.csv",
    # Counts and places in an order.
    "rank": 3,
    "total": 4312,
    "order_count": 7,
    "repeat_count": 6,
    "median_order_count": 4.0,
    "contacted": 400,
    "offset": 0,
    # Money.
    "clv": 412.5,
    "clv_low": 301.0,
    "clv_high": 540.2,
    "clv_if_kept": 530.0,
    "clv_if_lost": 41.0,
    "mean_clv": 412.5,
    "monetary_total": 1840.9,
    "mean_order_value": 58.4,
    "value_at_risk": 205.4,
    "revenue": 185000.0,
    "contact_cost": 1.5,
    "spend_last_year": 640.0,
    "expected_spend": 210.0,
    "expected_spend_low": 120.0,
    "expected_spend_high": 330.0,
    "actual_spend": 198.0,
    "profit_chosen": 2140.0,
    "profit_everybody": 310.0,
    "profit_random": 190.0,
    "profit_recency": 1480.0,
    # Probabilities.
    "p_churn": 0.62,
    "p_alive": 0.41,
    "mean_p_churn": 0.38,
    "p_churn_before": 0.47,
    "p_churn_if_bought": 0.21,
    # Figures of quality.
    "roc_auc": 0.81,
    "ece": 0.03,
    "brier": 0.17,
    "log_loss": 0.52,
    "f1": 0.71,
    "score": 0.74,
    "lift_at_10": 2.4,
    "lift_at_20": 2.0,
    "value": 8.4,
    "out_of": 10.0,
    # Other numbers.
    "customers": 4312,
    "active": 2780,
    "lapsed": 1532,
    "expected_leavers": 640.0,
    "expected_churners": 210.0,
    "expected_orders": 2.4,
    "overdue_ratio": 3.5,
    "push": 0.62,
    "impact": 0.62,
    "low": 7.1,
    "high": 9.6,
    "value_rate": 0.38,
    "low_rate": 0.31,
    "high_rate": 0.45,
    "rows_in": 52110,
    "rows_kept": 51873,
}
# By the end of a name, which is its unit; the first that fits.
_BY_ENDING: tuple[tuple[str, Any], ...] = (
    ("_id", _ID),
    ("_at", "2026-03-01T12:00:00Z"),
    ("_days", 90),
    ("days", 90),
    ("_seconds", 42.0),
    ("_percent", 40.0),
    ("_bytes", 1_048_576),
    ("_count", 12),
    ("_share", 0.25),
    ("_rate", 0.25),
)
_BY_FORMAT = {"date": "2026-02-28", "date-time": "2026-03-01T12:00:00Z"}
_SHARES = 0.25


def value_of(name: str, kind: str, form: str = "") -> Any:
    """An example of a value by its name, None where the name does not say enough.

    Parameters
    ----------
    kind, form
        ``type`` and ``format`` of its schema.
    """
    if form in _BY_FORMAT:
        return _BY_FORMAT[form]
    value = _BY_NAME.get(name)
    if value is None:
        value = next((one for ending, one in _BY_ENDING if name.endswith(ending)), None)
    if value is None and kind == "number":
        # What has no name above is a share, a probability or a weight.
        value = _SHARES
    return _fitting(value, kind)


def _fitting(value: Any, kind: str) -> Any:
    match kind, value:
        case "string", str():
            return value
        case "integer", int() | float():
            return int(value)
        case "number", int() | float():
            return float(value)
        case _:
            return None
