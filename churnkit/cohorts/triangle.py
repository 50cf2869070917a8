"""Cells -> triangles: a cell is shown when its period is over, and empty where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

KEYS = ["dimension", "item", "cohort"]
COUNTS = ["customers", "orders", "revenue"]


PERIODS = {"month": 1, "quarter": 3, "year": 12}
"""Calendar periods by which customers are put together, and their months."""


@dataclass(frozen=True)
class Measure:
    """What a triangle shows.

    Attributes
    ----------
    column
        Where it stands among the cells.
    kind
        How it is written: share, count or money.
    definition
        In words, with ``{period}`` for month, quarter or year.
    after_margin
        Whether the column's money is to be multiplied by the shop's margin.
    """

    name: str
    label: str
    kind: str
    definition: str
    column: str
    after_margin: bool = False


MEASURES = (
    Measure(
        "retained_share",
        "Share that came back",
        "share",
        "Of the customers who first bought in the {period} of the row, the share that bought in that later {period}.",
        "retained_share",
    ),
    Measure(
        "customers",
        "Customers who bought",
        "count",
        "Customers of the row with a purchase in that {period}.",
        "customers",
    ),
    Measure(
        "orders", "Orders", "count", "Orders of the row's customers that began in that {period}.", "orders"
    ),
    Measure("revenue", "Revenue", "money", "Net amount of that {period}, returns deducted.", "revenue"),
    Measure(
        "margin",
        "Margin",
        "money",
        "Net amount of that {period} times your margin: what is left after the cost of the goods.",
        "revenue",
        after_margin=True,
    ),
    Measure(
        "cumulative_value",
        "Revenue per customer so far",
        "money",
        "Net amount from the first {period} up to that one, divided by all customers of the row.",
        "cumulative_value",
    ),
    Measure(
        "cumulative_margin",
        "Margin per customer so far",
        "money",
        "Net amount from the first {period} up to that one times your margin, divided by all customers of the row: what you"
        " could have spent to win one of them.",
        "cumulative_value",
        after_margin=True,
    ),
)


def complete(
    found: pd.DataFrame, sizes: pd.DataFrame, cutoff: datetime, period: str = "month"
) -> pd.DataFrame:
    """Every cell whose calendar ``period`` was over at ``cutoff``, those without a purchase as zeros.

    Parameters
    ----------
    found
        ``dimension``, ``item``, ``cohort`` (month number, see ``cohorts.activity``), ``age_months``, ``customers``,
        ``orders``, ``revenue``.
    sizes
        ``dimension``, ``item``, ``cohort``, ``size``.

    Returns
    -------
    pandas.DataFrame
        Sorted by key: ``dimension``, ``item``, ``cohort`` (the period's first month, now text such as
        "2011-03"), ``age_months``, ``size``, ``customers``, ``orders``, ``revenue``, ``retained_share``,
        ``cumulative_value``, ``period``.
    """
    over = cutoff.year * 12 + cutoff.month - 1
    length = PERIODS[period]
    ages = np.maximum((over - sizes["cohort"].to_numpy(dtype=int)) // length, 0)
    grid = sizes.loc[sizes.index.repeat(ages)].reset_index(drop=True)
    grid["age_months"] = np.concatenate(
        [length * np.arange(age) for age in ages] or [np.array([], dtype=int)]
    )
    table = grid.merge(found, on=[*KEYS, "age_months"], how="left").sort_values(
        [*KEYS, "age_months"], ignore_index=True
    )
    table = table.fillna(dict.fromkeys(COUNTS, 0)).astype({"customers": "int64", "orders": "int64"})
    table["retained_share"] = table["customers"] / table["size"]
    table["cumulative_value"] = table.groupby(KEYS)["revenue"].cumsum() / table["size"]
    number = table["cohort"].to_numpy(dtype=int)
    table["cohort"] = [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in number]
    columns = [*KEYS, "age_months", "size", *COUNTS, "retained_share", "cumulative_value"]
    return table[columns].sort_values([*KEYS, "age_months"], ignore_index=True).assign(period=period)


def triangle(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Cohorts by age in months; NaN where the period was not over.

    Parameters
    ----------
    table
        Cells of one item and one period, as :func:`complete` returns them.
    measure
        The column of one of ``MEASURES``.

    Returns
    -------
    pandas.DataFrame
        Index ``cohort``, oldest first; columns 0, 1, ... months after the first purchase's.
    """
    return table.pivot(index="cohort", columns="age_months", values=measure).sort_index()


def average_curve(table: pd.DataFrame) -> pd.DataFrame:
    """All cohorts together by age: ``age_months``, ``cohorts``, ``size``, ``retained_share``, ``cumulative_value``.

    At each age only cohorts count whose month was over, so the older part rests on fewer of them; the value so far is
    the sum of the ages' own means, each over its cohorts, and does not jump where a cohort ends.
    """
    by_age = table.groupby("age_months").agg(
        cohorts=("cohort", "nunique"),
        size=("size", "sum"),
        customers=("customers", "sum"),
        revenue=("revenue", "sum"),
    )
    by_age["retained_share"] = by_age["customers"] / by_age["size"]
    by_age["cumulative_value"] = (by_age["revenue"] / by_age["size"]).cumsum()
    return by_age.reset_index()[["age_months", "cohorts", "size", "retained_share", "cumulative_value"]]
