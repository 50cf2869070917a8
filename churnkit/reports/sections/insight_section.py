"""Why customers leave, who they are, who is getting worse, and what the next months bring."""

from __future__ import annotations

from typing import Any

from churnkit.reports.code_words import TIER_WORDS, axis_money
from churnkit.reports.content import ReportContent
from churnkit.reports.document import Block, Bullets, Chart, Column, Heading, Section, Table, Text
from churnkit.reports.plots import FULL_WIDTH, Axis, Bar, Line, bar_list, line_chart, round_ticks
from churnkit.text import figures

FEATURES_SHOWN = 12
RULES_SHOWN = 6


def insights_section(content: ReportContent) -> Section:
    """Drivers, importance, tiers, rules, early warnings, outlook."""
    blocks: list[Block] = [
        Heading("What high-risk customers have in common"),
        *_drivers(content),
        *_importance(content),
        *_tiers(content),
        *_warnings(content),
        *_outlook(content),
        *_rules(content),
    ]
    return Section("insights", "Insights", tuple(blocks))


def _drivers(content: ReportContent) -> list[Block]:
    found = content.found("drivers")
    if not found:
        return [Text(content.why_missing("drivers"), "soft")]
    return [Bullets(tuple(driver["words"] for driver in found))]


def _importance(content: ReportContent) -> list[Block]:
    found = content.found("importance")
    if not found:
        return [Heading("What the forecast rests on"), Text(content.why_missing("importance"), "soft")]
    bars = [
        Bar(str(line["label"]), float(line["share"]), figures.percent(line["share"]))
        for line in found[:FEATURES_SHOWN]
    ]
    rest = sum(float(line["share"]) for line in found[FEATURES_SHOWN:])
    note = "Mean size of each fact's push on the forecast, as a share of all pushes: what the model uses, not a cause."
    if rest > 0:
        note += f" The other {figures.count(len(found) - FEATURES_SHOWN)} facts together: {figures.percent(rest)}."
    figure = bar_list(bars, "Share of each fact in the forecast")
    return [Chart("What the forecast rests on", figure, note)]


def _tiers(content: ReportContent) -> list[Block]:
    found = content.found("tiers")
    heading = Heading("Risk tiers compared")
    if not found:
        return [heading, Text(content.why_missing("tiers"), "soft")]
    currency = content.currency
    rows = tuple(
        (
            TIER_WORDS.get(line["tier"], line["tier"]),
            figures.count(line["customers"]),
            figures.percent(line["share"]),
            figures.percent(line["mean_p_churn"]),
            figures.count(line["expected_churners"]),
            figures.short_money(line["value_at_risk"], currency),
            figures.money(line["mean_clv"], currency),
            figures.decimal(line["mean_recency_days"], 0),
            figures.decimal(line["mean_order_count"], 1),
            figures.money(line["mean_order_value"], currency),
        )
        for line in found
    )
    columns = (
        Column("Tier", weight=1.4),
        Column("Customers", "right", 1.1),
        Column("Share", "right", 0.8),
        Column("Mean churn probability", "right", 1.2),
        Column("Expected to leave", "right"),
        Column("Value at risk", "right", 1.1),
        Column("Mean value of a year", "right", 1.2),
        Column("Days since last purchase", "right", 1.1),
        Column("Orders each", "right", 0.8),
        Column("Mean order", "right", 1.1),
    )
    return [heading, Table(columns, rows)]


def _warnings(content: ReportContent) -> list[Block]:
    found = content.found("warnings")
    words = found["words"] if found else content.why_missing("warnings")
    return [Heading("Early warnings"), Text(words, "body" if found else "soft")]


def _outlook(content: ReportContent) -> list[Block]:
    found = content.found("outlook")
    if not found or not found["months"]:
        return [Heading("The months ahead"), Text(content.why_missing("outlook"), "soft")]
    months = found["months"]
    blocks: list[Block] = [Heading("The months ahead"), Text(found["words"])]
    if len(months) > 1:
        blocks.append(_outlook_chart(months, content.currency))
    blocks.append(_outlook_table(months, content.currency))
    if found["assumptions"]:
        blocks.append(Text(" ".join(str(sentence) for sentence in found["assumptions"]), "soft"))
    return blocks


def _outlook_chart(months: list[dict[str, Any]], currency: str | None) -> Chart:
    without = tuple((float(k), float(month["revenue"])) for k, month in enumerate(months))
    band = tuple(
        (float(k), float(month["revenue_low"]), float(month["revenue_high"]))
        for k, month in enumerate(months)
        if month.get("revenue_low") is not None and month.get("revenue_high") is not None
    )
    acted = tuple(
        (float(k), float(month["revenue_with_action"]))
        for k, month in enumerate(months)
        if month.get("revenue_with_action") is not None
    )
    values = [y for _x, y in (*without, *acted)] + [high for _x, _low, high in band]
    ticks = round_ticks(0.0, max(values) or 1.0, 5)
    lines = [Line("without action, with its 80 % interval", without, dots=True, band=band)]
    if acted:
        lines.append(Line("with the recommended action", acted, "second", dashed=True, dots=True))
    figure = line_chart(
        lines,
        Axis(
            0,
            len(months) - 1,
            lambda place: figures.month(months[round(place)]["month"]),
            ticks=tuple(range(len(months))),
        ),
        Axis(0, ticks[-1], lambda value: axis_money(value, currency), ticks=ticks),
        "Revenue of the months ahead, with and without action",
        width=FULL_WIDTH,
        height=165,
    )
    return Chart("Revenue from today's customers", figure)


def _outlook_table(months: list[dict[str, Any]], currency: str | None) -> Table:
    rows = tuple(
        (
            figures.month(month["month"]),
            figures.count(month["active_customers"]),
            figures.money(month["revenue"], currency),
            f"{figures.short_money(month.get('revenue_low'), currency)} to"
            f" {figures.short_money(month.get('revenue_high'), currency)}",
            figures.count(month.get("active_with_action")),
            figures.money(month.get("revenue_with_action"), currency),
        )
        for month in months
    )
    columns = (
        Column("Month"),
        Column("Active customers", "right"),
        Column("Revenue", "right"),
        Column("80 % interval", "right", 1.4),
        Column("Active with action", "right"),
        Column("Revenue with action", "right"),
    )
    return Table(columns, rows)


def _rules(content: ReportContent) -> list[Block]:
    found = content.found("rules")
    heading = Heading("Rules to remember")
    if not found:
        return [heading, Text(content.why_missing("rules"), "soft")]
    rows = tuple(
        (
            line["words"],
            figures.count(line["customers"]),
            figures.percent(line["precision"]),
            figures.percent(line["coverage"]),
            f"{figures.decimal(line['lift'], 1)} times",
        )
        for line in found[:RULES_SHOWN]
    )
    columns = (
        Column("Rule", weight=4),
        Column("Customers", "right"),
        Column("Right", "right", 0.8),
        Column("Of all churners", "right", 0.9),
        Column("Against the mean", "right"),
    )
    base = found[0]
    note = (
        f"Measured at {figures.day(base['test_cutoff'])}, on customers whom the rules had not seen;"
        f" {figures.percent(base['base_rate'])} of all churned there."
    )
    return [heading, Table(columns, rows, note)]
