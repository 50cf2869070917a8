"""The statements that pick customers out of a run's file and put them in order: one for list, export and neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from churnkit.errors import DataError
from churnkit.results.folders import Results
from churnkit.results.segments import CustomerFilter
from churnkit.store.sql import quoted

LIST_COLUMNS = (
    "rank",
    "customer_id",
    "status",
    "p_churn",
    "risk_tier",
    "clv",
    "value_at_risk",
    "last_purchase_at",
    "recency_days",
    "order_count",
    "monetary_total",
    "segment",
    "factor_1",
)
USUAL_COLUMNS = (
    "rank",
    "customer_id",
    "status",
    "p_churn",
    "risk_tier",
    "clv",
    "value_at_risk",
    "last_purchase_at",
    "order_count",
    "factor_1",
)
"""What the list on screen shows unless somebody asks for other columns."""
SORTABLE = tuple(name for name in LIST_COLUMNS if name != "factor_1")
MORE_COLUMNS = (
    "clv_if_kept",
    "mean_order_value",
    "spend_last_year",
    "expected_next_order",
    "expected_orders",
    "expected_spend",
    "gap_mean_days",
    "overdue_ratio",
    "first_purchase_at",
    "p_churn_before",
    "risk_tier_before",
    "p_churn_if_bought",
    "p_alive",
    "factor_2",
    "factor_3",
)
"""What a list shows when somebody asks for it, beside ``LIST_COLUMNS``."""


_MATCHING = """
FROM read_parquet($path)
WHERE ($search = '' OR contains(lower(customer_id), lower($search)))
  AND (len($tiers) = 0 OR list_contains($tiers, risk_tier))
  AND (len($statuses) = 0 OR list_contains($statuses, status))
  AND (len($segments) = 0 OR list_contains($segments, segment))
  AND ($clv_low IS NULL OR clv >= $clv_low)
  AND ($clv_high IS NULL OR clv <= $clv_high)
  AND ($kept_from IS NULL OR clv_if_kept >= $kept_from)
  AND ($bought_from IS NULL OR last_purchase_at::DATE >= $bought_from)
  AND ($bought_until IS NULL OR last_purchase_at::DATE <= $bought_until)
  AND (NOT $moved_up
       OR (risk_tier = 'high' AND risk_tier_before IN ('medium', 'low'))
       OR (risk_tier = 'medium' AND risk_tier_before = 'low'))
"""
# Asked only where somebody wants it: an earlier run lacks what it reads.
_MATCHING_MORE = {
    "r_scores": "AND list_contains($r_scores, r_score)",
    "f_scores": "AND list_contains($f_scores, f_score)",
    "found_groups": (
        "AND customer_id IN (SELECT customer_id FROM read_parquet($actions) WHERE list_contains($found_groups, cluster))"
    ),
}


def frame_from(
    cursor: duckdb.DuckDBPyConnection, statement: str, values: Mapping[str, object]
) -> pd.DataFrame:
    """The rows of a statement with its values bound."""
    frame: pd.DataFrame = cursor.sql(statement, params=dict(values)).to_arrow_table().to_pandas()
    return frame


def matching(results: Results, wanted: CustomerFilter) -> tuple[str, dict[str, object]]:
    """The part of a statement that picks the customers, and the values it binds."""
    values = _values(results, wanted)
    more = [clause for name, clause in _MATCHING_MORE.items() if getattr(wanted, name)]
    clauses = "\n  ".join([_MATCHING, *more])
    if not wanted.bounds:
        return clauses, values
    with results.reading("scored.parquet") as path:
        known = set(pq.read_schema(path).names)
        values["scored"] = str(path)
    conditions = []
    for place, bound in enumerate(wanted.bounds):
        if bound.feature not in known or bound.operator not in (">=", "<="):
            raise DataError(
                f"Listing customers with {bound.feature!r} {bound.operator} {bound.value}: it must be a figure of this"
                " analysis, at least or at most a value.",
                "Choose one of the rules of this analysis.",
            )
        values[f"bound_{place}"] = bound.value
        # A figure that is no number would be larger than any.
        figure = f"CAST({quoted(bound.feature)} AS DOUBLE)"
        conditions.append(f"NOT isnan({figure}) AND {figure} {bound.operator} $bound_{place}")
    holding = " AND ".join(conditions)
    within = f"SELECT customer_id FROM read_parquet($scored) WHERE {holding}"  # noqa: S608 (names quoted, values bound)
    return f"{clauses}  AND customer_id IN ({within})\n", values


def _values(results: Results, wanted: CustomerFilter) -> dict[str, object]:
    more: dict[str, object] = {
        name: list(getattr(wanted, name)) for name in _MATCHING_MORE if getattr(wanted, name)
    }
    if wanted.found_groups:
        more["actions"] = str(results.path("actions.parquet"))
    return {
        **more,
        "path": str(results.customers_path),
        "search": wanted.search.strip(),
        "tiers": list(wanted.tiers),
        "statuses": list(wanted.statuses),
        "segments": list(wanted.segments),
        "clv_low": wanted.clv_low,
        "clv_high": wanted.clv_high,
        "kept_from": wanted.kept_from,
        "bought_from": wanted.bought_from,
        "bought_until": wanted.bought_until,
        "moved_up": wanted.moved_up,
    }


def selected(names: Sequence[str]) -> str:
    """Columns as a statement names them."""
    return ", ".join(quoted(name) for name in names)


def ordered_by(order_by: str, descending: bool) -> str:
    """An order in which no two customers are equal.

    Raises
    ------
    DataError
        If the list cannot be sorted by ``order_by``.
    """
    if order_by not in SORTABLE:
        raise DataError(f"Listing customers by {order_by!r}: it must be one of {', '.join(SORTABLE)}.")
    return f"ORDER BY {quoted(order_by)} {'DESC' if descending else 'ASC'} NULLS LAST, customer_id"
