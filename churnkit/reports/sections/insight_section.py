"""What sets customers at risk apart, who they are, who is getting worse, and what the next months bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from churnkit.reports.code_words import TIER_WORDS, axis_money
from churnkit.reports.content import NO_FIGURES, ReportContent
from churnkit.reports.document import Block, Bullets, Chart, Heading, Section, Table, Text
from churnkit.reports.plots import FULL_WIDTH, Axis, Bar, Line, bar_list, line_chart, round_ticks
from churnkit.reports.sections.loss_blocks import loss_blocks
from churnkit.reports.sections.registry_table import registry_table
from churnkit.results.evidence.months_ahead import MonthAhead
from churnkit.results.found import Missing
from churnkit.text import figures
from churnkit.text.terms import TERMS

FEATURES_SHOWN = 12
RULES_SHOWN = 6

_TIERS = {
    "tier": 1.4,
    "customers": 1.1,
    "share": 0.8,
    "mean_p_churn": 1.2,
    "expected_churners": 1.0,
    "value_at_risk": 1.1,
    "mean_clv": 1.2,
    "mean_recency_days": 1.1,
    "mean_order_count": 0.8,
    "mean_order_value": 1.1,
}
_MONTHS = {
    "month": 1.0,
    "active_customers": 1.0,
    "revenue": 1.0,
    "month.interval": 1.4,
    "active_with_action": 1.0,
    "revenue_with_action": 1.0,
}
_YEARS = {
    "year.cutoff": 1.0,
    "year.days": 0.6,
    "year.customers": 0.8,
    "year.forecast": 1.0,
    "year.actual": 1.0,
    "year.total_repeat": 1.1,
    "year.inside": 0.9,
}
_RULES = {
    "found.words": 4.0,
    "customers": 1.0,
    "found.precision": 0.8,
    "found.coverage": 0.9,
    "found.lift": 1.0,
}


def insights_section(content: ReportContent) -> Section:
    """Drivers, importance, tiers, rules, early warnings, outlook."""
    blocks: list[Block] = [
        Heading("What sets those at risk apart"),
        *_drivers(content),
        *_importance(content),
        *_tiers(content),
        *_warnings(content),
        *_outlook(content),
        *_year(content),
        *_rules(content),
    ]
    return Section("insights", "Insights", tuple(blocks))


def _drivers(content: ReportContent) -> list[Block]:
    found = content.evidence.drivers
    if isinstance(found, Missing):
        return [Text(found.reason, "soft")]
    return [Bullets(tuple(driver.words for driver in found.value))]


def _importance(content: ReportContent) -> list[Block]:
    found = content.evidence.importance
    if not found:
        return [Heading(TERMS["importance"].title), Text(NO_FIGURES, "soft")]
    bars = [Bar(line.label, line.share, figures.percent(line.share)) for line in found[:FEATURES_SHOWN]]
    rest = sum(line.share for line in found[FEATURES_SHOWN:])
    note = "Mean size of each fact's push on the forecast, as a share of all pushes: what the model uses, not a cause."
    if rest > 0:
        note += f" The other {figures.count(len(found) - FEATURES_SHOWN)} facts together: {figures.percent(rest)}."
    figure = bar_list(bars, "Share of each fact in the forecast")
    return [Chart(TERMS["importance"].title, figure, note)]


def _tiers(content: ReportContent) -> list[Block]:
    table = registry_table(
        _TIERS, content.evidence.tiers, currency=content.currency, tier=TIER_WORDS.__getitem__
    )
    return [Heading("Risk tiers compared"), table]


def _warnings(content: ReportContent) -> list[Block]:
    found = content.evidence.warnings
    if isinstance(found, Missing):
        return [Heading("Early warnings"), Text(found.reason, "soft")]
    return [Heading("Early warnings"), Text(found.value.words)]


def _outlook(content: ReportContent) -> list[Block]:
    found = content.evidence.outlook
    return [
        Heading("The months ahead"),
        Text(found.words),
        _outlook_chart(found.months, content.currency),
        _outlook_table(found.months, content.currency),
        *loss_blocks(content.groups, content.currency),
        Text(" ".join(found.assumptions), "soft"),
    ]


def _year(content: ReportContent) -> list[Block]:
    """How the next 365 days were forecast, and how such forecasts did."""
    heading, found = Heading("The next 365 days"), content.summary.value.year
    if isinstance(found, Missing):
        return [heading, Text(found.reason, "soft")]
    year = found.value
    blocks: list[Block] = [heading, Text(" ".join((year.words, *year.notes)))]
    if not year.backtests:
        return [*blocks, Text("The history is too short to test such a forecast on it.", "soft")]
    note = "Of all customers known at the date, lapsed ones too; before margin."
    return [*blocks, registry_table(_YEARS, year.backtests, currency=content.currency, note=note)]


def _outlook_chart(months: Sequence[MonthAhead], currency: str | None) -> Chart:
    without = tuple((float(k), month.revenue) for k, month in enumerate(months))
    band = tuple((float(k), month.revenue_low, month.revenue_high) for k, month in enumerate(months))
    acted = tuple((float(k), month.revenue_with_action) for k, month in enumerate(months))
    values = [y for _x, y in (*without, *acted)] + [high for _x, _low, high in band]
    ticks = round_ticks(0.0, max(values) or 1.0, 5)
    lines = [
        Line("without action, with its 80 % interval", without, dots=True, band=band),
        Line("with the recommended action", acted, "second", dashed=True, dots=True),
    ]
    figure = line_chart(
        lines,
        Axis(
            0,
            len(months) - 1,
            lambda place: figures.month(months[round(place)].month),
            ticks=tuple(range(len(months))),
        ),
        Axis(0, ticks[-1], lambda value: axis_money(value, currency), ticks=ticks),
        "Revenue of the months ahead, with and without action",
        width=FULL_WIDTH,
        height=165,
    )
    return Chart("Revenue from today's customers", figure)


def _outlook_table(months: Sequence[MonthAhead], currency: str | None) -> Table:
    lines = [
        {
            **asdict(month),
            "interval": f"{figures.money(month.revenue_low, currency)} to"
            f" {figures.money(month.revenue_high, currency)}",
        }
        for month in months
    ]
    return registry_table(_MONTHS, lines, currency=currency)


def _rules(content: ReportContent) -> list[Block]:
    found = content.evidence.rules
    heading = Heading("Rules to remember")
    if isinstance(found, Missing):
        return [heading, Text(found.reason, "soft")]
    base = found.value[0]
    note = (
        f"Measured at {figures.day(base.test_cutoff)}, on customers whom the rules had not seen;"
        f" {figures.percent(base.base_rate)} of all churned there."
    )
    return [heading, registry_table(_RULES, found.value[:RULES_SHOWN], note=note)]
