"""What the champion does with the features: importance, contributions by value, dependence, what a shop can influence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from churnkit.explain.catalogue import feature, same_for_everybody
from churnkit.explain.conditions import two_digits
from churnkit.explain.contributions import Contributions
from churnkit.explain.effects import (
    RECENCY,
    affordable_rows,
    asking,
    partial_dependence,
    permutation_importance,
    pushes,
    sample_positions,
    varied,
)
from churnkit.explain.importance import importance
from churnkit.features.time_passed import TimePassed
from churnkit.results.evidence.feature_use import (
    FeaturePoints,
    FeatureSlider,
    FeatureWeight,
    RankedPoints,
    ResponseCurve,
    ShuffleLoss,
)
from churnkit.results.found import Found, Missing
from churnkit.results.rows import rows_of
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


@dataclass(frozen=True)
class FeatureUse:
    """What the champion does with its features, see ``results.evidence.EvidenceDocument``."""

    importance: tuple[FeatureWeight, ...]
    shap_summary: tuple[RankedPoints, ...]
    dependence: tuple[FeaturePoints, ...]
    partial_dependence: tuple[ResponseCurve, ...]
    permutation: Found[tuple[ShuffleLoss, ...]] | Missing
    controllable: Found[tuple[FeatureSlider, ...]] | Missing


def behaviour(
    model: ChurnModel,
    rows: pd.DataFrame,
    parts: Contributions,
    window: LastWindow | Missing,
    seed: int,
    *,
    curves: tuple[ResponseCurve, ...] | None = None,
) -> FeatureUse:
    """Importance, contributions by value, dependence, what shuffling costs, and what a shop can influence.

    Parameters
    ----------
    rows, parts
        All customers at the scoring cutoff and their contributions.
    curves
        How the model answers to a feature, where that was worked out before.
    """
    table = importance(parts)
    telling = table[(table["mean_absolute_log_odds"] > 0) & ~table["feature"].map(same_for_everybody)]
    strongest = [str(name) for name in telling["feature"]]
    return FeatureUse(
        importance=rows_of(FeatureWeight, table),
        shap_summary=_ranked(parts, strongest[:SHAP_FEATURES], seed),
        dependence=_points(parts, strongest[:DEPENDENCE_FEATURES], seed),
        partial_dependence=_partial(model, rows, strongest, seed) if curves is None else curves,
        permutation=_permutation(window, seed),
        controllable=controllable(rows, strongest),
    )


def _ranked(parts: Contributions, names: Sequence[str], seed: int) -> tuple[RankedPoints, ...]:
    positions = sample_positions(len(parts.values), SHAP_CUSTOMERS, seed)
    return tuple(
        RankedPoints(
            feature=name,
            label=feature(name).label,
            kind=feature(name).kind,
            x=_short(table["x"]),
            push=_short(table["push"]),
            rank=_short(table["rank"]),
        )
        for name in names
        for table in [pushes(parts, name).iloc[positions]]
    )


def _points(parts: Contributions, names: Sequence[str], seed: int) -> tuple[FeaturePoints, ...]:
    positions = sample_positions(len(parts.values), DEPENDENCE_CUSTOMERS, seed)
    return tuple(
        FeaturePoints(
            feature=name,
            label=feature(name).label,
            kind=feature(name).kind,
            x=_short(table["x"]),
            push=_short(table["push"]),
        )
        for name in names
        for table in [pushes(parts, name).iloc[positions]]
    )


def _short(column: pd.Series) -> tuple[Any, ...]:
    """Five digits: what a chart can show, in a fifth of the space."""
    return tuple(float(f"{value:.5g}") if np.isfinite(value) else None for value in column)


def _partial(
    model: ChurnModel, rows: pd.DataFrame, strongest: Sequence[str], seed: int
) -> tuple[ResponseCurve, ...]:
    ask, names = asking(model, rows)
    some = rows.iloc[sample_positions(len(rows), affordable_rows(model, PARTIAL_CUSTOMERS), seed)]
    asked = varied(strongest, names)[:DEPENDENCE_FEATURES]
    passed = TimePassed.of(rows, model.horizon_days) if RECENCY in asked else None
    curves = [partial_dependence(ask, some, name, passed) for name in asked]
    return tuple(curve for curve in curves if curve is not None)


def _permutation(window: LastWindow | Missing, seed: int) -> Found[tuple[ShuffleLoss, ...]] | Missing:
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
    return Found(permutation_importance(ask, names, rows, seed=seed, model=window.model))


def controllable(rows: pd.DataFrame, used: Sequence[str]) -> Found[tuple[FeatureSlider, ...]] | Missing:
    """Sliders for what the model looks at and a shop can influence."""
    found = [_slider(rows[name], name) for name in CONTROLLABLE if name in used]
    sliders = tuple(one for one in found if one is not None)
    if not sliders:
        return Missing(
            "What scores the customers looks at nothing that a shop can influence other than the next purchase itself."
        )
    return Found(sliders)


def _slider(column: pd.Series, name: str) -> FeatureSlider | None:
    """It ends at a round value near the 99th percentile of the shop's customers; None where all have 0 or nothing."""
    known = column.to_numpy(dtype=float, na_value=np.nan)
    known = known[np.isfinite(known)]
    if len(known) == 0:
        return None
    high, step = float(np.quantile(known, 0.99)), 1.0
    kind = feature(name).kind
    if kind == "share":
        high, step = 1.0, 0.01
    elif kind == "count":
        high = float(max(np.ceil(high), 1.0))
    else:
        high = two_digits(high)
        step = _step(high)
    if high <= 0:
        return None
    return FeatureSlider(feature=name, label=feature(name).label, low=0.0, high=high, step=step, kind=kind)


def _step(span: float) -> float:
    """A round step that divides a span into some fifty to five hundred."""
    return float(10.0 ** np.floor(np.log10(max(span, 1e-9) / 50)))
