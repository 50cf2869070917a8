"""The churn rate and the loss of the months ahead in a report."""

from __future__ import annotations

from churnkit.reports.code_words import axis_money
from churnkit.reports.document import Block, Chart, Row, Text
from churnkit.reports.drawing_marks import Figure
from churnkit.reports.group_content import GroupContent
from churnkit.reports.plots import HALF_WIDTH, Axis, Columns, Line, column_chart, line_chart, round_ticks
from churnkit.results.loss_path import LossPath
from churnkit.text import figures


def loss_blocks(groups: GroupContent | None, currency: str | None) -> list[Block]:
    """How many of the active leave month by month, and what is lost with them."""
    if groups is None or not groups.loss.months:
        return []
    path = groups.loss
    rate = Chart("Churn rate of today's active", _rate(path))
    words = Text(" ".join(path.words))
    if path.no_money is not None:
        return [rate, words]
    return [Row(rate, Chart("Lost with those who leave, added up", _lost(path, currency))), words]


def _rate(path: LossPath) -> Figure:
    names = [figures.month(one.month) for one in path.months]
    rates = Columns("churn rate", tuple(max(one.churn_rate, 0.0) for one in path.months), "second")
    return column_chart(names, [rates], figures.percent, "Churn rate by month", width=HALF_WIDTH, height=150)


def _lost(path: LossPath, currency: str | None) -> Figure:
    months = path.months
    lost = tuple((float(k), one.cumulative) for k, one in enumerate(months))
    band = tuple((float(k), one.cumulative_low, one.cumulative_high) for k, one in enumerate(months))
    known = all(low == low for _k, low, _high in band)
    top = max(high for _k, _low, high in band) if known else max(value for _k, value in lost)
    ticks = round_ticks(0.0, top or 1.0, 4)
    return line_chart(
        [
            Line(
                "lost so far, with its 80 % interval" if known else "",
                lost,
                "third",
                dots=True,
                band=band if known else (),
            )
        ],
        Axis(
            0,
            max(1, len(months) - 1),
            lambda place: figures.month(months[round(place)].month),
            ticks=tuple(range(0, len(months), 2)),
        ),
        Axis(0, ticks[-1], lambda value: axis_money(value, currency), ticks=ticks),
        "Cumulative loss by month",
        width=HALF_WIDTH,
        height=150,
    )
