"""Cells -> triangles: a cell is shown when its month is over, and empty where it is not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

KEYS = ["dimension", "item", "cohort"]
COUNTS = ["customers", "orders", "revenue"]


@dataclass(frozen=True)
class Measure:
    """What a triangle shows; ``kind`` is how it is written: share, count or money."""

    name: str
    label: str
    kind: str
    definition: str


MEASURES = (
    Measure(
        "retained_share",
        "Customers retained",
        "share",
        "Of the customers who first bought in the month of the row, the share that bought in that later month.",
    ),
    Measure(
        "customers", "Customers who bought", "count", "Customers of the cohort with a purchase in that month."
    ),
    Measure("orders", "Orders", "count", "Orders of the cohort's customers that began in that month."),
    Measure("revenue", "Revenue", "money", "Net amount of that month, returns deducted."),
    Measure(
        "cumulative_value",
        "Value of a customer so far",
        "money",
        "Net amount from the first month up to that one, divided by all customers of the cohort.",
    ),
)


def complete(found: pd.DataFrame, sizes: pd.DataFrame, cutoff: datetime) -> pd.DataFrame:
    """Every cell whose calendar month was over at ``cutoff``, those without a purchase as zeros.

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
        Sorted by key: ``dimension``, ``item``, ``cohort`` (now text such as "2011-03"), ``age_months``, ``size``,
        ``customers``, ``orders``, ``revenue``, ``retained_share``, ``cumulative_value``.
    """
    over = cutoff.year * 12 + cutoff.month - 1
    ages = np.maximum(over - sizes["cohort"].to_numpy(dtype=int), 0)
    grid = sizes.loc[sizes.index.repeat(ages)].reset_index(drop=True)
    grid["age_months"] = np.concatenate([np.arange(age) for age in ages] or [np.array([], dtype=int)])
    table = grid.merge(found, on=[*KEYS, "age_months"], how="left").sort_values(
        [*KEYS, "age_months"], ignore_index=True
    )
    table = table.fillna(dict.fromkeys(COUNTS, 0)).astype({"customers": "int64", "orders": "int64"})
    table["retained_share"] = table["customers"] / table["size"]
    table["cumulative_value"] = table.groupby(KEYS)["revenue"].cumsum() / table["size"]
    number = table["cohort"].to_numpy(dtype=int)
    table["cohort"] = [f"{n // 12:04d}-{n % 12 + 1:02d}" for n in number]
    columns = [*KEYS, "age_months", "size", *COUNTS, "retained_share", "cumulative_value"]
    return table[columns].sort_values([*KEYS, "age_months"], ignore_index=True)


def triangle(table: pd.DataFrame, measure: str) -> pd.DataFrame:
    """Cohorts by age in months; NaN where the month was not over.

    Parameters
    ----------
    table
        Cells of one item, as :func:`complete` returns them.
    measure
        The name of one of ``MEASURES``.

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
