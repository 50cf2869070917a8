"""Cohorts in a report: who came back, by the month of the first purchase."""

from __future__ import annotations

import pandas as pd

from churnkit.cohorts import MEASURES, average_curve, triangle
from churnkit.reports.document import Block, Chart, Heading, Text
from churnkit.reports.plots import FULL_WIDTH, Axis, Line, line_chart, round_ticks
from churnkit.reports.shaded_grid import Shaded, shaded_grid
from churnkit.results.found import Found, Missing
from churnkit.text import figures

COHORTS_SHOWN, AGES_SHOWN = 13, 12
RETAINED = "retained_share"
_TOLD = (1, 3, 6, 12)


def cohort_blocks(cohorts: Found[pd.DataFrame] | Missing, currency: str | None) -> list[Block]:
    """The latest cohorts' triangle of the share that came back, and all cohorts' average with the value of a customer."""
    heading = Heading("Customers by month of the first purchase")
    match cohorts:
        case Missing(reason):
            return [heading, Text(reason, "soft")]
        case Found(cells):
            return [heading, Text(_words(cells, currency)), _triangle(cells), *_average(cells)]


def _words(cells: pd.DataFrame, currency: str | None) -> str:
    curve = average_curve(cells)
    told = [
        f"after {age} {'month' if age == 1 else 'months'} {figures.percent(share)} buy in that month, and a customer has"
        f" brought {figures.short_money(value, currency)}"
        for age, share, value in zip(
            curve["age_months"].tolist(),
            curve[RETAINED].tolist(),
            curve["cumulative_value"].tolist(),
            strict=True,
        )
        if age in _TOLD
    ]
    if not told:
        return "No month of first purchases is a month old yet."
    return f"All together: {'; '.join(told)}."


def _triangle(cells: pd.DataFrame) -> Chart:
    definition = next(one.definition for one in MEASURES if one.name == RETAINED)
    # The first month is everybody's by definition.
    table = triangle(cells, RETAINED).iloc[:, 1 : AGES_SHOWN + 1].dropna(how="all").tail(COHORTS_SHOWN)
    sizes = cells[cells["age_months"] == 0].set_index("cohort")["size"]
    top = float(table.max().max()) if table.size else 0.0
    grid = [[_field(float(value), top) for value in row] for row in table.to_numpy(dtype=float).tolist()]
    figure = shaded_grid(
        [f"{figures.month(str(cohort))} · {figures.count(sizes[cohort])}" for cohort in table.index],
        [str(age) for age in table.columns],
        grid,
        "Share of each cohort's customers who bought in a later month",
        axis="months after the first purchase",
    )
    note = f"{definition.format(period='month')} Beside each month stand its customers."
    if len(table) < len(sizes):
        note += f" The latest {figures.count(len(table))} of {figures.count(len(sizes))} months; the workbook holds all."
    return Chart("Share that came back", figure, note)


def _field(share: float, top: float) -> Shaded | None:
    if share != share:
        return None
    return Shaded(figures.percent(share), share / top if top > 0 else 0.0)


def _average(cells: pd.DataFrame) -> list[Block]:
    curve = average_curve(cells)
    curve = curve[curve["age_months"] >= 1]
    if len(curve) < 2:
        return []
    points = tuple(zip(curve["age_months"].astype(float), curve[RETAINED].astype(float), strict=True))
    ticks = round_ticks(0.0, max(share for _age, share in points) or 1.0, 4)
    figure = line_chart(
        [Line("", points, dots=True)],
        Axis(points[0][0], points[-1][0], figures.count, "months after the first purchase"),
        Axis(0.0, ticks[-1], figures.percent, ticks=ticks),
        "Share that came back by months since the first purchase, all together",
        width=FULL_WIDTH,
        height=140,
    )
    return [Chart("Share that came back, all together", figure)]
