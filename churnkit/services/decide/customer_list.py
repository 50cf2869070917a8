"""The list of customers, searched, filtered, sorted and paged by the database: any number of them, one page in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.parquet as pq

from churnkit.errors import DataError
from churnkit.results.customer import Customer
from churnkit.results.folders import Results
from churnkit.results.look_folder import Look
from churnkit.results.segments import CustomerFilter
from churnkit.services.decide.customer_query import (
    LIST_COLUMNS,
    SORTABLE,
    frame_from,
    matching,
    ordered_by,
    selected,
)

if TYPE_CHECKING:
    from churnkit.store import Store

__all__ = [
    "LIST_COLUMNS",
    "MAX_ORDERS_SHOWN",
    "MAX_PAGE_ROWS",
    "SORTABLE",
    "CustomerPage",
    "CustomerSums",
    "Neighbours",
    "all_customers",
    "columns_known",
    "customer",
    "customer_sums",
    "find_customers",
    "found_groups",
    "neighbours",
    "orders_of",
    "segments",
]

MAX_PAGE_ROWS = 500
MAX_ORDERS_SHOWN = 500


@dataclass(frozen=True)
class CustomerSums:
    """How many customers match, and what they add up to: leavers are of the active alone.

    ``value_at_risk`` is None where nothing is proven.
    """

    total: int
    value_at_risk: float | None
    expected_leavers: float


@dataclass(frozen=True)
class CustomerPage(CustomerSums):
    """The same, with some of the customers."""

    rows: pd.DataFrame


def customer_sums(store: Store, results: Results, wanted: CustomerFilter) -> CustomerSums:
    """What the customers that match add up to."""
    chosen, values = matching(results, wanted)
    sums = f"SELECT count(*), sum(value_at_risk), sum(p_churn) FILTER (WHERE status = 'active') {chosen}"
    with results.reading("customers.parquet"), store.cursor() as cursor:
        total, at_risk, leavers = cursor.execute(sums, values).fetchall()[0]
    return CustomerSums(int(total), _sum(at_risk), float(leavers or 0.0))


def find_customers(
    store: Store,
    results: Results,
    wanted: CustomerFilter,
    *,
    order_by: str = "rank",
    descending: bool = False,
    limit: int = 50,
    offset: int = 0,
    columns: Sequence[str] = LIST_COLUMNS,
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
    chosen, values = matching(results, wanted)
    page = (
        f"SELECT {selected(columns)} {chosen} {ordered_by(order_by, descending)} LIMIT $limit OFFSET $offset"
    )
    sums = customer_sums(store, results, wanted)
    with results.reading("customers.parquet"), store.cursor() as cursor:
        rows = frame_from(cursor, page, {**values, "limit": limit, "offset": offset})
    return CustomerPage(sums.total, sums.value_at_risk, sums.expected_leavers, rows)


def all_customers(
    store: Store,
    results: Results,
    wanted: CustomerFilter,
    *,
    columns: Sequence[str] | None = None,
    order_by: str = "rank",
    descending: bool = False,
) -> pd.DataFrame:
    """Every customer that matches, in the order of the list, for an export: all columns, or some."""
    chosen, values = matching(results, wanted)
    everything = f"SELECT {selected(columns) if columns else '*'} {chosen} {ordered_by(order_by, descending)}"
    with results.reading("customers.parquet"), store.cursor() as cursor:
        return frame_from(cursor, everything, values)


@dataclass(frozen=True)
class Neighbours:
    """Where a customer stands in a list: the ids before and after, None at its ends; ``place`` counts from 1."""

    before: str | None
    after: str | None
    place: int
    total: int


def neighbours(
    store: Store,
    results: Results,
    wanted: CustomerFilter,
    customer_id: str,
    *,
    order_by: str = "rank",
    descending: bool = False,
) -> Neighbours | None:
    """Whom the list shows before and after a customer; None where the filter leaves the customer out."""
    chosen, values = matching(results, wanted)
    order = ordered_by(order_by, descending)
    statement = f"""
        WITH listed AS (
            SELECT customer_id, lag(customer_id) OVER placed AS before, lead(customer_id) OVER placed AS after,
                   row_number() OVER placed AS place, count(*) OVER () AS total
            {chosen} WINDOW placed AS ({order})
        )
        SELECT before, after, place, total FROM listed WHERE customer_id = $customer_id
    """  # noqa: S608 (names quoted, values bound)
    with results.reading("customers.parquet"), store.cursor() as cursor:
        found = cursor.execute(statement, {**values, "customer_id": customer_id}).fetchall()
    return None if not found else Neighbours(found[0][0], found[0][1], int(found[0][2]), int(found[0][3]))


def customer(store: Store, results: Results, customer_id: str) -> Customer | None:
    """Everything that is known of one customer, or None."""
    with results.reading("customers.parquet"), store.cursor() as cursor:
        frame = frame_from(
            cursor,
            "SELECT * FROM read_parquet($path) WHERE customer_id = $customer_id",
            {"path": str(results.customers_path), "customer_id": customer_id},
        )
    return None if frame.empty else Customer.of_row({str(k): v for k, v in frame.iloc[0].items()})


def columns_known(results: Results) -> set[str]:
    """The columns of customers that this analysis has: an earlier version lacks some."""
    with results.reading("customers.parquet"):
        return set(pq.read_schema(results.customers_path).names)


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
        return frame_from(
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
