"""What the champion does with the features: importance, contributions by value, dependence, what a shop can influence."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from churnkit.explain import Contributions, feature, importance
from churnkit.explain.conditions import two_digits
from churnkit.explain.effects import (
    affordable_rows,
    asking,
    partial_dependence,
    permutation_importance,
    pushes,
    sample_positions,
)
from churnkit.services.analyse.evidence.gathered import Missing, Part
from churnkit.services.analyse.evidence.window import LastWindow
from churnkit.tournament.model import ChurnModel

SHAP_FEATURES, SHAP_CUSTOMERS = 12, 300
DEPENDENCE_FEATURES, DEPENDENCE_CUSTOMERS = 8, 500
PARTIAL_CUSTOMERS = 500
PERMUTATION_CUSTOMERS = 1000
CONTROLLABLE = (
    "discount_share",
    "discount_order_share",
    "return_share",
    "refund_count",
    "category_count",
    "product_count",
    "products_per_order",
    "lines_per_order",
    "quantity_per_order",
    "repeat_product_share",
    "favourite_share",
    "monetary_mean",
    "last_order_value",
    "orders_30d",
    "orders_60d",
    "orders_90d",
    "spend_30d",
    "spend_60d",
    "spend_90d",
)
"""What offers, prices, service and range can move; not the calendar, nor how long somebody has been a customer."""


def behaviour(
    model: ChurnModel, rows: pd.DataFrame, parts: Contributions, window: LastWindow | Missing, seed: int
) -> Part:
    """``importance``, ``shap_summary``, ``dependence``, ``partial_dependence``, ``permutation`` and ``controllable``.

    Parameters
    ----------
    rows, parts
        All customers at the scoring cutoff and their contributions.
    """
    table = importance(parts)
    telling = table[(table["mean_absolute_log_odds"] > 0) & (table["group"] != "season")]
    strongest = [str(name) for name in telling["feature"]]
    return {
        "importance": table.to_dict("records"),
        "shap_summary": {
            "features": _points(parts, strongest[:SHAP_FEATURES], SHAP_CUSTOMERS, seed, with_rank=True)
        },
        "dependence": _points(
            parts, strongest[:DEPENDENCE_FEATURES], DEPENDENCE_CUSTOMERS, seed, with_rank=False
        ),
        "partial_dependence": _partial(model, rows, strongest, seed),
        "permutation": _permutation(window, seed),
        "controllable": controllable(rows, strongest),
    }


def _points(
    parts: Contributions, names: Sequence[str], customers: int, seed: int, *, with_rank: bool
) -> list[dict[str, Any]]:
    positions = sample_positions(len(parts.values), customers, seed)
    found = []
    for name in names:
        table = pushes(parts, name).iloc[positions]
        columns = ["x", "push", "rank"] if with_rank else ["x", "push"]
        points = table[columns].map(_short).to_dict("records")
        found.append(
            {"feature": name, "label": feature(name).label, "kind": feature(name).kind, "points": points}
        )
    return found


def _short(value: float) -> float | None:
    """Five digits: what a chart can show, in a fifth of the space."""
    return float(f"{value:.5g}") if np.isfinite(value) else None


def _partial(
    model: ChurnModel, rows: pd.DataFrame, strongest: Sequence[str], seed: int
) -> list[dict[str, Any]]:
    ask, names = asking(model, rows)
    some = rows.iloc[sample_positions(len(rows), affordable_rows(model, PARTIAL_CUSTOMERS), seed)]
    found = []
    for name in [name for name in strongest if name in names][:DEPENDENCE_FEATURES]:
        steps = partial_dependence(ask, some, name)
        if steps:
            found.append(
                {
                    "feature": name,
                    "label": feature(name).label,
                    "kind": feature(name).kind,
                    "grid": [step["value"] for step in steps],
                    "mean_p_churn": [step["mean_p_churn"] for step in steps],
                }
            )
    return found


def _permutation(window: LastWindow | Missing, seed: int) -> Any:
    """On the test window, with the champion as it stood before it."""
    if isinstance(window, Missing):
        return window
    ask, names = asking(window.model, window.rows)
    some = sample_positions(len(window.rows), affordable_rows(window.model, PERMUTATION_CUSTOMERS), seed)
    rows = window.rows.iloc[some]
    if rows["churned"].nunique() < 2:
        return Missing("Too few customers of the last window to measure what each feature is worth.")
    if not names:
        return Missing("What scores the customers gives everybody the same probability.")
    table = permutation_importance(ask, names, rows, seed=seed)
    return [{**row, "label": feature(row["feature"]).label} for row in table.to_dict("records")]


def controllable(rows: pd.DataFrame, used: Sequence[str]) -> Any:
    """``[{feature, label, low, high, step, kind}]``: sliders for what the model looks at and a shop can influence.

    They end at a round value near the 99th percentile of the shop's customers.
    """
    found = []
    for name in [name for name in CONTROLLABLE if name in used]:
        known = rows[name].to_numpy(dtype=float, na_value=np.nan)
        known = known[np.isfinite(known)]
        if len(known) == 0:
            continue
        high = float(np.quantile(known, 0.99))
        kind = feature(name).kind
        if kind == "share":
            low, high, step = 0.0, 1.0, 0.01
        elif kind == "count":
            low, high, step = 0.0, float(max(np.ceil(high), 1.0)), 1.0
        else:
            low, high = 0.0, two_digits(high)
            step = _step(high)
        if high > low:
            found.append(
                {
                    "feature": name,
                    "label": feature(name).label,
                    "low": low,
                    "high": high,
                    "step": step,
                    "kind": kind,
                }
            )
    if not found:
        return Missing(
            "What scores the customers looks at nothing that a shop can influence other than the next purchase itself."
        )
    return found


def _step(span: float) -> float:
    """A round step that divides a span into some fifty to five hundred."""
    return float(10.0 ** np.floor(np.log10(max(span, 1e-9) / 50)))
