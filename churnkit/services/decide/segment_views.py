"""The segments of a run: by the shop's own fifths or by edited bands, where customers moved, and any two compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from churnkit.errors import DataError
from churnkit.results.folders import Results
from churnkit.segments import (
    SEGMENTS,
    RfmBands,
    ValueBands,
    compare,
    describe_groups,
    movement,
    rfm_scores,
    rfm_segment,
    value_band,
)
from churnkit.segments.bands import FIGURES
from churnkit.segments.grid import TIERS, VALUES
from churnkit.segments.rfm_map import rfm_map
from churnkit.segments.standing import STATUSES

if TYPE_CHECKING:
    from churnkit.store import Store

_KEY = "rfm_bands"

GROUPINGS: Mapping[str, tuple[str, frozenset[str]]] = {
    "segment": ("RFM segment", frozenset(FIGURES)),
    "cluster": ("Found group", frozenset(FIGURES)),
    "status": ("Status", frozenset({"recency_days"})),
    "risk_tier": ("Risk tier", frozenset({"p_churn"})),
    "value_band": ("Value", frozenset({"clv_if_kept"})),
}
"""By column: what customers can be grouped by, and the figures that then differ by definition."""


@dataclass(frozen=True)
class Rfm:
    """Segments at the cutoff and one threshold before.

    Attributes
    ----------
    bands
        The limits between scores.
    segment
        Of each customer in the order of ``results.customers``, shape (n,).
    groups
        ``describe_groups`` of the segments, the best first.
    flows
        ``movement`` between the dates; None where no earlier date was looked at, or nobody was a customer then.
    cutoff_before
        ISO text of the earlier date.
    """

    bands: RfmBands
    segment: np.ndarray
    groups: pd.DataFrame
    flows: pd.DataFrame | None
    cutoff_before: str | None


def rfm(results: Results, bands: RfmBands | None = None) -> Rfm:
    """Segments by the shop's own fifths at each date, or by fixed ``bands`` at both."""
    customers = results.customers
    figures = [customers[name].to_numpy(dtype=float) for name in FIGURES]
    segment = customers["segment"].to_numpy(dtype=object)
    if bands is not None:
        segment = rfm_segment(bands.scores(*figures))
    groups = describe_groups(customers, segment, order=list(SEGMENTS))
    known = bands or RfmBands.of_shop(*figures)
    before = results.panel_before()
    if before is None or before.empty:
        return Rfm(known, segment, groups, None, None)
    then = [before[name].to_numpy(dtype=float) for name in FIGURES]
    scores_then = rfm_scores(*then) if bands is None else bands.scores(*then)
    cutoff = datetime.fromisoformat(results.cutoff) - timedelta(days=results.horizon_days)
    flows = movement(
        before[["customer_id"]].assign(segment=rfm_segment(scores_then), spend_between=before["spend_next"]),
        customers[["customer_id", "clv", "value_at_risk"]].assign(
            segment=segment,
            known_before=customers["first_purchase_at"] < cutoff,
            spend_between=customers["monetary_total"],
        ),
    )
    return Rfm(known, segment, groups, flows, cutoff.isoformat())


def scored_map(results: Results, bands: RfmBands | None = None) -> pd.DataFrame:
    """The RFM map, see ``segments.rfm_map``: by the shop's own fifths, or by fixed ``bands``."""
    customers = results.customers
    scores = customers[["r_score", "f_score"]]
    if bands is not None:
        scores = bands.scores(*(customers[name].to_numpy(dtype=float) for name in FIGURES))
    return rfm_map(customers, scores["r_score"].to_numpy(), scores["f_score"].to_numpy())


def grouped_customers(results: Results, segment: np.ndarray | None = None) -> pd.DataFrame:
    """``results.customers`` with a column for each of ``GROUPINGS`` that the run has, and "–" for none.

    Parameters
    ----------
    segment
        Edited segments instead of those of the run, shape (n,).
    """
    customers = results.customers
    band = value_band(customers["clv_if_kept"].to_numpy(dtype=float), ValueBands())
    added = {"value_band": band, "risk_tier": customers["risk_tier"]}
    added["segment"] = customers["segment"] if segment is None else segment
    actions = results.actions
    if actions is not None and actions["cluster"].notna().any():
        added["cluster"] = customers["customer_id"].map(actions.set_index("customer_id")["cluster"])
    return customers.assign(**{name: pd.Series(values).fillna("–") for name, values in added.items()})


def group_names(customers: pd.DataFrame, by: str) -> list[str]:
    """Groups that occur, in their usual order; those without one by number of customers.

    Who has no risk tier is in no group of them.
    """
    orders = {
        "segment": list(SEGMENTS),
        "status": list(STATUSES),
        "risk_tier": list(TIERS),
        "value_band": list(VALUES),
    }
    counts = customers[by].value_counts()
    return [name for name in orders.get(by, list(counts.index)) if name in counts]


def compared(customers: pd.DataFrame, by: str, first: str, second: str) -> pd.DataFrame:
    """Two groups side by side, see ``segments.compare``.

    Parameters
    ----------
    customers
        What :func:`grouped_customers` returns.

    Raises
    ------
    DataError
        If the groups are the same, or one has no customers.
    """
    if by not in GROUPINGS or by not in customers.columns:
        raise DataError(f"Comparing groups: there is no grouping by {by!r} in this analysis.")
    groups = customers[by].to_numpy(dtype=object)
    return compare(customers, groups == first, groups == second, defining=GROUPINGS[by][1])


def saved_bands(store: Store, session_id: str) -> RfmBands | None:
    """The reader's own bands for an analysis; None for the shop's fifths."""
    kept = store.preferences.get(f"{_KEY}/{session_id}")
    return None if kept is None else RfmBands.from_dict(kept)


def save_bands(store: Store, session_id: str, bands: RfmBands | None) -> None:
    """Keep bands for an analysis; None goes back to the shop's fifths."""
    if bands is None:
        store.preferences.delete(f"{_KEY}/{session_id}")
    else:
        store.preferences.set(f"{_KEY}/{session_id}", bands.as_dict())
