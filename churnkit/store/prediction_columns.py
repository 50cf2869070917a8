"""Predictions between a frame and the table's columns."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa

from churnkit.errors import StoreError
from churnkit.store.sql import quoted
from churnkit.text import figures

REQUIRED = ("customer_id", "p_churn", "risk_tier")
OPTIONAL = (
    "status",
    "rank",
    "value_at_risk",
    "p_alive",
    "recency_days",
    "order_count",
    "monetary_total",
    "expected_orders",
    "expected_spend",
    "expected_spend_low",
    "expected_spend_high",
    "clv",
    "clv_low",
    "clv_high",
    "expected_next_order",
    "factor_1",
    "factor_2",
    "factor_3",
    "top_risk_factors",
)


def to_arrow(predictions: pd.DataFrame) -> pa.Table:
    """The frame as an Arrow table with each customer once; missing values, NaN included, become NULL.

    Raises
    ------
    StoreError
        A required column is missing, a column is unknown or of mixed types, customers are not given as text,
        or one stands there twice.
    """
    columns = list(map(str, predictions.columns))
    missing = [name for name in REQUIRED if name not in columns]
    unknown = [name for name in columns if name not in (*REQUIRED, *OPTIONAL)]
    if missing or unknown or len(set(columns)) < len(columns):
        raise StoreError(
            f"Saving predictions: columns must be {', '.join(REQUIRED)} and any of {', '.join(OPTIONAL)},"
            f" each once; missing {missing}, unknown {unknown}."
        )
    repeated = predictions["customer_id"].duplicated()
    if repeated.any():
        example = predictions.loc[repeated, "customer_id"].iloc[0]
        raise StoreError(
            f"Saving predictions: a customer must stand there once, {figures.count(repeated.sum())} rows repeat one,"
            f" e.g. {example!r}."
        )
    try:
        table = pa.Table.from_pandas(predictions, preserve_index=False)
    except pa.ArrowException as error:
        raise StoreError(f"Saving predictions: a column must hold values of one type ({error}).") from error
    customers = table.schema.field("customer_id").type
    if len(predictions) and not (pa.types.is_string(customers) or pa.types.is_large_string(customers)):
        raise StoreError(f"Saving predictions: customer_id must be text, found {customers}.")
    return table


def order_clause(order_by: str, *, descending: bool) -> str:
    """``ORDER BY`` that is the same on every page: ties broken by customer, missing values last.

    Raises
    ------
    StoreError
        There is no such column to sort by.
    """
    sortable = (*REQUIRED, *OPTIONAL)
    if order_by not in sortable:
        raise StoreError(f"Listing predictions by {order_by!r}: it must be one of {', '.join(sortable)}.")
    direction = "DESC" if descending else "ASC"
    return f"ORDER BY {quoted(order_by)} {direction} NULLS LAST, customer_id"
