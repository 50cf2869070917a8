"""What the page of customers by first purchase shows: one triangle, its curve, and what it can be narrowed to."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from churnkit.cohorts import MEASURES, PERIODS, Measure, average_curve, triangle
from churnkit.errors import DataError
from churnkit.text.figures import count, counted, month, percent, short_money

EVERYBODY = "all"
ANYTHING = "anything"
_DIMENSIONS = {"product": "product", "category": "category"}
_CURVED = ("retained_share", "cumulative_value")
SHOWN_COHORTS = 36
"""Rows and columns of a triangle on screen at most; a file of it has all."""
_TOLD_AFTER = {"month": (1, 3, 6, 12), "quarter": (1, 2, 4, 8), "year": (1, 2, 3, 4)}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody wants to see.

    Attributes
    ----------
    measure
        The name of one of ``MEASURES``.
    period
        "month", "quarter" or "year".
    began_with
        A key of :func:`beginnings`.
    first, last
        Periods of the first purchase, as in :func:`cohorts_of`; empty for the first and the last there is.
    margin
        The shop's share of revenue that is left after the cost of the goods.
    """

    measure: str = "retained_share"
    period: str = "month"
    began_with: str = ANYTHING
    first: str = ""
    last: str = ""
    margin: float = 1.0


@dataclass(frozen=True)
class CohortView:
    """One triangle.

    Attributes
    ----------
    table
        Cohorts by age in periods, NaN where the period was not over.
    sizes
        Customers of each cohort.
    average
        All cohorts together by age; None for sums, which depend on how many cohorts there are.
    period
        As wanted.
    told
        Ages of ``average`` that are worth a figure of their own.
    words
        What to keep in mind when reading it.
    """

    measure: Measure
    table: pd.DataFrame
    sizes: pd.Series
    average: pd.Series | None
    period: str
    told: tuple[int, ...]
    words: str

    def write(self, value: float, currency: str | None) -> str:
        """A cell of it; empty where the period was not over."""
        if value != value:
            return ""
        if self.is_share:
            # Whole ones, so that a column lines up; what would be rounded to nobody or to everybody stays as it is.
            whole = round(value, 2)
            return percent(whole if 0 < whole < 1 else value)
        return short_money(value, currency) if self.measure.kind == "money" else count(value)

    @property
    def is_share(self) -> bool:
        """Whether its figures are shares."""
        return self.measure.kind == "share"

    def name(self, cohort: str) -> str:
        """One of its cohorts as it is read."""
        return named(cohort, self.period)

    def finding(self, currency: str | None) -> str:
        """What the curve of all cohorts shows, in a sentence."""
        if self.average is None or not self.told:
            return ""
        said = [
            f"{self.write(self.average[age], currency)} after {counted(age, self.period)}"
            for age in self.told
        ]
        return f"{self.measure.label}, all together: {', '.join(said)}."


def named(cohort: str, period: str) -> str:
    """A cohort as it is read: "Dec 2010", "Q4 2010", "2010".

    Examples
    --------
    >>> named("2010-12", "month"), named("2010-10", "quarter"), named("2010-01", "year")
    ('Dec 2010', 'Q4 2010', '2010')
    """
    if period == "month":
        return month(cohort)
    year, number = cohort.split("-")
    return year if period == "year" else f"Q{(int(number) + 2) // 3} {year}"


def periods(cohorts: pd.DataFrame) -> list[str]:
    """Those of which at least one is over; a run of before they were told apart has months alone."""
    known = set(cohorts["period"])
    return [period for period in PERIODS if period in known]


def cohorts_of(cohorts: pd.DataFrame, period: str) -> list[str]:
    """First months of the periods in which customers bought for the first time, oldest first."""
    return sorted(cohorts.loc[cohorts["period"] == period, "cohort"].unique())


def beginnings(cohorts: pd.DataFrame) -> dict[str, str]:
    """What customers can be narrowed to, by what they bought first: key and words, those with most customers first."""
    begun = cohorts[
        (cohorts["age_months"] == 0) & (cohorts["dimension"] != EVERYBODY) & (cohorts["period"] == "month")
    ]
    counts = begun.groupby(["dimension", "item", "item_name"])["size"].sum().reset_index()
    counts = counts.sort_values(["dimension", "size", "item"], ascending=[True, False, True])
    found = {
        f"{row['dimension']}:{row['item']}": f"{_DIMENSIONS[row['dimension']]} {row['item_name']}"
        f" ({counted(row['size'], 'customer')})"
        for row in counts.to_dict("records")
    }
    return {ANYTHING: ANYTHING, **found}


def of_everybody(cohorts: pd.DataFrame) -> pd.DataFrame:
    """The cells of all customers by months, as reports and files hold them."""
    chosen = cohorts[(cohorts["dimension"] == EVERYBODY) & (cohorts["period"] == "month")]
    return chosen.drop(columns="period")


def cohort_view(cohorts: pd.DataFrame, wanted: Wanted) -> CohortView:
    """The triangle of one measure.

    Raises
    ------
    DataError
        If no period of the cohorts was over, or there is no such measure.
    """
    known = {one.name: one for one in MEASURES}
    cells = _narrowed(cohorts, wanted)
    if wanted.measure not in known or cells.empty:
        raise DataError(
            f"Showing customers by first purchase: no {wanted.period} was over for these customers.",
            "Choose a shorter period, a longer time, or another first purchase.",
        )
    measure = known[wanted.measure]
    factor = wanted.margin if measure.after_margin else 1.0
    cells = cells.assign(age=cells["age_months"] // PERIODS[wanted.period])
    table = factor * triangle(cells, measure.column).rename(columns=lambda age: age // PERIODS[wanted.period])
    average = _average(cells, measure, factor) if measure.column in _CURVED else None
    told = () if average is None else tuple(age for age in _TOLD_AFTER[wanted.period] if age in average.index)
    return CohortView(
        measure=measure,
        table=table,
        sizes=cells[cells["age_months"] == 0].set_index("cohort")["size"],
        average=average,
        period=wanted.period,
        told=told,
        words=_words(cohorts, wanted.period, list(table.index)),
    )


def _narrowed(cohorts: pd.DataFrame, wanted: Wanted) -> pd.DataFrame:
    dimension, _, item = wanted.began_with.partition(":")
    if wanted.began_with == ANYTHING:
        dimension = EVERYBODY
    chosen = cohorts[
        (cohorts["period"] == wanted.period)
        & (cohorts["dimension"] == dimension)
        & (cohorts["item"] == item)
        & (cohorts["cohort"] >= wanted.first)
    ]
    return chosen[chosen["cohort"] <= wanted.last] if wanted.last else chosen


def _average(cells: pd.DataFrame, measure: Measure, factor: float) -> pd.Series:
    by_age = average_curve(cells.assign(age_months=cells["age"])).set_index("age_months")
    return factor * by_age[measure.column]


def _words(cohorts: pd.DataFrame, period: str, shown: list[str]) -> str:
    begins = cohorts_of(cohorts, "month")[0]
    said = []
    if shown[0] <= begins:
        said.append(
            f"Customers of {named(shown[0], period)} may have bought before {month(begins)}, when the file begins: their row"
            " mixes new and old customers."
        )
        if shown[0] != begins and period != "month":
            said.append(f"Of that {period} the file has a part alone.")
    said.append(f"A {period} is shown when it was over; an empty field is not over yet.")
    return " ".join(said)
