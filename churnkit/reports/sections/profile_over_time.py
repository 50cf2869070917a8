"""Orders over time in the profile's document."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.reports.document import Block, Bullets, Chart, Heading, Row, Section, Table, TableColumn, Text
from churnkit.reports.plots import (
    HALF_WIDTH,
    Axis,
    Bar,
    Columns,
    Line,
    bar_list,
    column_chart,
    line_chart,
    round_ticks,
)
from churnkit.reports.sections.quality_section import months_chart, rhythm_words
from churnkit.results.profile import Profile, WeekOrders
from churnkit.text import figures


def time_section(profile: Profile) -> Section:
    """Orders a week, a month, by weekday and hour, and unusual days."""
    weeks = profile.time.per_week
    blocks: list[Block] = [Text(rhythm_words(profile), "lead")]
    if len(weeks) > 1:
        blocks.append(_weeks(weeks))
    blocks += [months_chart(profile), Row(_weekdays(profile), _hours(profile)), *_unusual_days(profile)]
    return Section("time", "Over time", tuple(blocks))


def _weeks(weeks: Sequence[WeekOrders]) -> Chart:
    points = tuple((float(place), float(week.orders)) for place, week in enumerate(weeks))
    last = len(weeks) - 1
    ticks = round_ticks(0, max(y for _x, y in points) or 1, 4)
    figure = line_chart(
        [Line("", points)],
        Axis(
            0,
            last,
            lambda place: figures.day(weeks[round(place)].week_start),
            ticks=(last * 0.08, last * 0.5, last * 0.92),
        ),
        Axis(0, ticks[-1], figures.count, ticks=ticks),
        "Orders a week",
        width=490,
        height=120,
    )
    return Chart("Orders a week", figure)


def _weekdays(profile: Profile) -> Chart:
    bars = [
        Bar(
            row.weekday,
            float(row.orders),
            f"{figures.count(row.orders)} ({figures.percent(row.share)})",
        )
        for row in profile.time.per_weekday
    ]
    return Chart("Weekdays", bar_list(bars, "Orders by weekday", width=HALF_WIDTH))


def _hours(profile: Profile) -> Chart | Table:
    hours = profile.time.per_hour
    if hours is None:
        return Table((TableColumn("Hours"),), (("The export has dates without times of day.",),))
    figure = column_chart(
        [f"{row.hour:02d}" for row in hours],
        (Columns("Orders", tuple(float(row.orders) for row in hours)),),
        figures.count,
        "Orders by hour of the day",
        width=HALF_WIDTH,
    )
    return Chart("Hours", figure)


def _unusual_days(profile: Profile) -> list[Block]:
    lines = [
        f"No order from {figures.day(run.from_)} to {figures.day(run.to)} ({figures.days(run.days)})."
        for run in profile.time.silences
    ] + [
        f"Many orders on {figures.day(burst.day)}: {figures.count(burst.orders)}."
        for burst in profile.time.bursts
    ]
    return [Heading("Unusual days"), Bullets(tuple(lines))] if lines else []
