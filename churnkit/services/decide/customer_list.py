"""The list of customers, searched, filtered, sorted and paged by the database: any number of them, one page in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from churnkit.errors import DataError
from churnkit.results.customer import Customer
from churnkit.results.folders import Look, Results
from churnkit.results.segments import CustomerFilter
from churnkit.store import Store
from churnkit.store.sql import quoted

MAX_PAGE_ROWS = 500
MAX_ORDERS_SHOWN = 500
TIERS = ("high", "medium", "low")
STATUSES = ("active", "lapsed")

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
SORTABLE = tuple(name for name in LIST_COLUMNS if name != "factor_1")


@dataclass(frozen=True)
class CustomerPage:
    """Some customers, how many match in all, and what they add up to: leavers are of the active alone.

    ``value_at_risk`` is None where nothing is proven.
    """

    rows: pd.DataFrame
    total: int
    value_at_risk: float | None
    expected_leavers: float


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


def find_customers(
    store: Store,
    results: Results,
    wanted: CustomerFilter,
    *,
    order_by: str = "rank",
    descending: bool = False,
    limit: int = 50,
    offset: int = 0,
) -> CustomerPage:
    """Rows ``offset`` to ``offset + limit`` of the customers that match.

    Ties are broken by customer_id and missing values come last, so pages neither overlap nor leave gaps.

    Raises
    ------
    DataError
        If the list cannot be sorted by ``order_by``, or the page is larger than ``MAX_PAGE_ROWS``.
    """
    if not 1 <= limit <= MAX_PAGE_ROWS or offset < 0:
        raise DataError(
            f"Listing customers: 1 to {MAX_PAGE_ROWS} a page from 0 on, found {limit} from {offset}."
        )
    matching, values = _matching(results, wanted)
    page = f"SELECT {_columns(LIST_COLUMNS)} {matching} {_order(order_by, descending)} LIMIT $limit OFFSET $offset"
    sums = f"SELECT count(*), sum(value_at_risk), sum(p_churn) FILTER (WHERE status = 'active') {matching}"
    with results.reading("customers.parquet"), store.cursor() as cursor:
        counted = cursor.execute(sums, values).fetchall()[0]
        rows = _frame(cursor, page, {**values, "limit": limit, "offset": offset})
    return CustomerPage(rows, int(counted[0]), _sum(counted[1]), float(counted[2] or 0.0))


def all_customers(
    store: Store, results: Results, wanted: CustomerFilter, *, columns: Sequence[str] | None = None
) -> pd.DataFrame:
    """Every customer that matches, for an export: all columns, or some."""
    selected = _columns(columns) if columns else "*"
    matching, values = _matching(results, wanted)
    everything = f"SELECT {selected} {matching} {_order('rank', False)}"
    with results.reading("customers.parquet"), store.cursor() as cursor:
        return _frame(cursor, everything, values)


def customer(store: Store, results: Results, customer_id: str) -> Customer | None:
    """Everything that is known of one customer, or None."""
    with results.reading("customers.parquet"), store.cursor() as cursor:
        frame = _frame(
            cursor,
            "SELECT * FROM read_parquet($path) WHERE customer_id = $customer_id",
            {"path": str(results.customers_path), "customer_id": customer_id},
        )
    return None if frame.empty else Customer.of_row({str(k): v for k, v in frame.iloc[0].items()})


def segments(store: Store, results: Results) -> list[str]:
    """Names of the segments that occur."""
    with results.reading("customers.parquet"), store.cursor() as cursor:
        found = cursor.execute(
            "SELECT DISTINCT segment FROM read_parquet($path) WHERE segment IS NOT NULL ORDER BY segment",
            {"path": str(results.customers_path)},
        ).fetchall()
    return [name for (name,) in found]


def found_groups(results: Results) -> list[str]:
    """Names of the groups that K-Means found, none in a run that has none."""
    actions = results.actions
    return [] if actions is None else sorted(actions["cluster"].dropna().unique().tolist())


def orders_of(store: Store, look: Look, customer_id: str) -> pd.DataFrame:
    """Orders, newest first, at most ``MAX_ORDERS_SHOWN``: ``ordered_at``, ``order_id``, ``lines``, ``amount``."""
    with look.reading("transactions.parquet"), store.cursor() as cursor:
        return _frame(
            cursor,
            """
            SELECT min(ordered_at) AS ordered_at, order_id, count(*) AS lines, round(sum(amount), 2) AS amount
            FROM read_parquet($path) WHERE customer_id = $customer_id
            GROUP BY order_id ORDER BY 1 DESC, 2 LIMIT $most
            """,
            {
                "path": str(look.folder / "transactions.parquet"),
                "customer_id": customer_id,
                "most": MAX_ORDERS_SHOWN,
            },
        )


def _sum(total: float | None) -> float | None:
    """NaN, from rows that have no value, is no sum."""
    return None if total is None or total != total else float(total)


def _frame(cursor: duckdb.DuckDBPyConnection, statement: str, values: Mapping[str, object]) -> pd.DataFrame:
    frame: pd.DataFrame = cursor.sql(statement, params=dict(values)).to_arrow_table().to_pandas()
    return frame


def _matching(results: Results, wanted: CustomerFilter) -> tuple[str, dict[str, object]]:
    """The part of a statement that picks the customers, and the values it binds."""
    values = _values(results, wanted)
    more = [clause for name, clause in _MATCHING_MORE.items() if getattr(wanted, name)]
    matching = "\n  ".join([_MATCHING, *more])
    if not wanted.bounds:
        return matching, values
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
    return f"{matching}  AND customer_id IN ({within})\n", values


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


def _columns(names: Sequence[str]) -> str:
    return ", ".join(quoted(name) for name in names)


def _order(order_by: str, descending: bool) -> str:
    if order_by not in SORTABLE:
        raise DataError(f"Listing customers by {order_by!r}: it must be one of {', '.join(SORTABLE)}.")
    return f"ORDER BY {quoted(order_by)} {'DESC' if descending else 'ASC'} NULLS LAST, customer_id"
