"""What the cohorts page shows: one triangle, its curve, and what it can be narrowed to."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from churnkit.cohorts import MEASURES, Measure, average_curve, triangle
from churnkit.errors import DataError
from churnkit.text.figures import count, month

EVERYBODY = "all"
DIMENSIONS = {EVERYBODY: "everybody", "product": "first product", "category": "first category"}
CURVED = ("retained_share", "cumulative_value")


@dataclass(frozen=True)
class CohortView:
    """One triangle.

    Attributes
    ----------
    table
        Cohorts by age in months, NaN where the month was not over.
    sizes
        Customers of each cohort.
    average
        All cohorts together by age; None for sums, which depend on how many cohorts there are.
    words
        What to keep in mind when reading it.
    """

    measure: Measure
    table: pd.DataFrame
    sizes: pd.Series
    average: pd.Series | None
    words: str


def items(cohorts: pd.DataFrame, dimension: str) -> dict[str, str]:
    """Items that cohorts can be narrowed to, by id: name and customers; those with most customers first."""
    begun = cohorts[(cohorts["dimension"] == dimension) & (cohorts["age_months"] == 0)]
    counts = begun.groupby(["item", "item_name"])["size"].sum().reset_index()
    counts = counts.sort_values(["size", "item"], ascending=[False, True])
    return {row["item"]: f"{row['item_name']} ({count(row['size'])})" for row in counts.to_dict("records")}


def dimensions(cohorts: pd.DataFrame) -> list[str]:
    """Keys of ``DIMENSIONS`` that the run has."""
    known = set(cohorts["dimension"])
    return [name for name in DIMENSIONS if name in known]


def cohort_view(
    cohorts: pd.DataFrame, measure: str, dimension: str = EVERYBODY, item: str = ""
) -> CohortView:
    """The triangle of one measure.

    Raises
    ------
    DataError
        If no month of the cohorts was over, or there is no such measure.
    """
    known = {one.name: one for one in MEASURES}
    cells = cohorts[(cohorts["dimension"] == dimension) & (cohorts["item"] == item)]
    if measure not in known or cells.empty:
        raise DataError(
            f"Showing cohorts: there is no month that was over for {measure!r} of {item or 'everybody'!r}.",
            "Choose another measure or item.",
        )
    average = average_curve(cells).set_index("age_months")[measure] if measure in CURVED else None
    table = triangle(cells, measure)
    sizes = cells[cells["age_months"] == 0].set_index("cohort")["size"]
    return CohortView(known[measure], table, sizes, average, _words(table))


def _words(table: pd.DataFrame) -> str:
    return (
        f"Customers of {month(str(table.index[0]))}, the first month of the file, may have bought before it: their row mixes"
        " new and old customers. A month is shown when it was over; the last, unfinished one is left out."
    )
