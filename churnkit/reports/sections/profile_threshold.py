"""The churn threshold in the profile's document."""

from __future__ import annotations

from churnkit.reports.document import Block, Chart, Heading, Row, Section, Table, Text
from churnkit.reports.plots import HALF_WIDTH, Axis, Bar, Line, bar_list, line_chart
from churnkit.reports.sections.registry_table import registry_table
from churnkit.results.profile import GapDistribution, GapQuantiles, Profile, Threshold
from churnkit.text import figures

_THRESHOLDS = {
    "threshold.days": 0.7,
    "customers_beyond": 1.3,
    "share_beyond": 1.0,
    "churn_share": 1.3,
    "returned_share": 1.0,
    "late_return_share": 1.0,
}


def threshold_section(profile: Profile) -> Section:
    """The churn threshold, what it rests on, and what others would mean."""
    threshold, balance = profile.threshold, profile.class_balance
    blocks: list[Block] = [Text(threshold.reason, "lead"), Text(profile.rung.words)]
    gaps = threshold.gap_distribution
    if len(threshold.curve) > 1 and gaps.quantiles_days is not None:
        blocks.append(Row(_return_chart(threshold), _gap_chart(gaps, gaps.quantiles_days)))
    blocks += [
        Heading("What other thresholds would mean"),
        _sensitivity_table(threshold),
        Text(balance.recommendation),
    ]
    title = f"Churn threshold: {figures.days(threshold.days)}"
    return Section("threshold", title, tuple(blocks))


def _sensitivity_table(threshold: Threshold) -> Table:
    lines = [
        {**vars(row), "days": f"{row.threshold_days}{'' if row.allowed else ' *'}"}
        for row in threshold.sensitivity
    ]
    chosen = frozenset(
        place for place, row in enumerate(threshold.sensitivity) if row.threshold_days == threshold.days
    )
    note = (
        "* More than the history carries: too little past to learn from and to test on."
        " A dash: the history cannot tell."
    )
    return registry_table(_THRESHOLDS, lines, note=note, strong=chosen)


def _return_chart(threshold: Threshold) -> Chart:
    curve = tuple((float(point.days), point.returned_share) for point in threshold.curve)
    figure = line_chart(
        [Line("", curve)],
        Axis(0, curve[-1][0], figures.count, "days since the purchase"),
        Axis(0, 1, figures.percent, ticks=(0, 0.25, 0.5, 0.75, 1.0)),
        "Share of purchases followed by another, by days since",
        mark_x=threshold.days,
    )
    return Chart("Purchases followed by another", figure, f"Dashed: {figures.days(threshold.days)}.")


def _gap_chart(gaps: GapDistribution, quantiles: GapQuantiles) -> Chart:
    bars = [
        Bar(
            f"{cell.from_days} to {cell.to_days} days" if cell.to_days else f"{cell.from_days} or more",
            float(cell.gaps),
            figures.percent(cell.share),
        )
        for cell in gaps.histogram
    ]
    note = (
        f"{figures.count(gaps.count)} gaps; half are {figures.days(quantiles.p50)} or shorter,"
        f" nine in ten {figures.days(quantiles.p90)}."
    )
    return Chart("Gaps between purchase days", bar_list(bars, "Gaps by length", width=HALF_WIDTH), note)
