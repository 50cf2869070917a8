"""Why customers leave, who they are, who is getting worse, and what the next months bring."""

from __future__ import annotations

from typing import Any

from churnkit.reports.code_words import TIER_WORDS, axis_money
from churnkit.reports.content import ReportContent
from churnkit.reports.document import Block, Bullets, Chart, Heading, Section, Table, Text
from churnkit.reports.plots import FULL_WIDTH, Axis, Bar, Line, bar_list, line_chart, round_ticks
from churnkit.reports.sections.registry_table import registry_table
from churnkit.text import figures

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
    table = registry_table(
        _TIERS, found, currency=content.currency, tier=lambda name: TIER_WORDS.get(name, name)
    )
    return [heading, table]


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
    lines = [
        {
            **month,
            "interval": f"{figures.money(month.get('revenue_low'), currency)} to"
            f" {figures.money(month.get('revenue_high'), currency)}",
        }
        for month in months
    ]
    return registry_table(_MONTHS, lines, currency=currency, month=figures.month)


def _rules(content: ReportContent) -> list[Block]:
    found = content.found("rules")
    heading = Heading("Rules to remember")
    if not found:
        return [heading, Text(content.why_missing("rules"), "soft")]
    base = found[0]
    note = (
        f"Measured at {figures.day(base['test_cutoff'])}, on customers whom the rules had not seen;"
        f" {figures.percent(base['base_rate'])} of all churned there."
    )
    return [heading, registry_table(_RULES, found[:RULES_SHOWN], note=note)]
