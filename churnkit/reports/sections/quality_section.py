"""The quality of the data as a section of the report, and the blocks that it shares with the profile."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.reports.code_words import OUTCOME_WORDS
from churnkit.reports.document import (
    Block,
    Callout,
    Chart,
    Heading,
    KeyFigure,
    KeyFigures,
    Section,
    Table,
    Text,
    Tone,
)
from churnkit.reports.plots import (
    Columns,
    column_chart,
)
from churnkit.reports.sections.registry_table import registry_table
from churnkit.results.profile import Check, Profile
from churnkit.text import figures

MONTHS_SHOWN = 24
LEDGER_LINES = 20
_GOOD_SCORE, _FAIR_SCORE = 8.5, 6.0

_LEDGER = {"ledger.reason": 1.5, "ledger.action": 0.9, "rows": 0.9, "share": 0.8, "ledger.explanation": 4.2}


def quality_section(profile: Profile) -> Section:
    """What a reader of the report must know of the data behind it."""
    findings = [check for check in profile.checks if check.outcome in ("fail", "warn")]
    words = (
        f"{figures.count(len(findings))} of {figures.count(len(profile.checks))} checks found something."
        if findings
        else f"None of {figures.count(len(profile.checks))} checks found anything."
    )
    blocks: list[Block] = [
        Text(span_words(profile), "lead"),
        score_callout(profile),
        *volume_cards(profile),
        Heading("What was read, and what was left out"),
        Text(rows_words(profile)),
        *ledger_blocks(profile),
        Heading("Checks with a finding"),
        Text(words),
    ]
    if findings:
        blocks.append(checks_table(findings))
    blocks += [Heading("Over time"), Text(rhythm_words(profile)), months_chart(profile)]
    return Section("quality", "Data quality", tuple(blocks))


def span_words(profile: Profile) -> str:
    """From when to when the data reach."""
    scope = profile.scope
    return (
        f"Orders from {figures.day(scope.first_order)} to {figures.day(scope.last_order)},"
        f" {figures.days(scope.history_days)} up to {figures.day(scope.cutoff)}."
    )


def score_callout(profile: Profile) -> Callout:
    """The score, its verdict and what the data can carry."""
    score = profile.score
    tone: Tone = "good" if score.value >= _GOOD_SCORE else "fair" if score.value >= _FAIR_SCORE else "weak"
    title = f"{figures.decimal(score.value)} of {figures.decimal(score.out_of)} for data quality"
    return Callout(title, (score.words, profile.rung.words), tone)


def volume_cards(profile: Profile) -> list[Block]:
    """Customers, orders, revenue, threshold."""
    currency = profile.scope.currency
    customers, orders = profile.customers, profile.orders
    return [
        KeyFigures(
            (
                KeyFigure(
                    "Customers",
                    figures.count(customers.customers),
                    f"{figures.percent(customers.one_time_share)} bought once only",
                ),
                KeyFigure(
                    "Orders",
                    figures.count(orders.orders),
                    f"{figures.money(orders.value.mean, currency)} on average",
                ),
                KeyFigure(
                    "Revenue after returns",
                    figures.short_money(orders.net, currency),
                    f"{figures.percent(orders.returned_share)} was returned",
                ),
                KeyFigure(
                    "Churn threshold",
                    figures.days(profile.threshold.days),
                    f"{figures.percent(profile.threshold.lapsed.share)} are silent for longer",
                ),
            )
        )
    ]


def rows_words(profile: Profile) -> str:
    """How many rows came in and stayed."""
    rows = profile.rows
    words = (
        f"{figures.count(rows.in_)} rows in the file, {figures.count(rows.dropped)} dropped,"
        f" {figures.count(rows.kept)} kept"
    )
    if rows.after_cutoff:
        words += f", {figures.count(rows.after_cutoff)} of them after the cutoff and not looked at"
    return f"{words}."


def ledger_blocks(profile: Profile) -> list[Block]:
    """What was dropped or mended, by reason."""
    ledger = profile.ledger
    if not ledger:
        return [Text("Every row was kept as it is.")]
    lines = ledger[:LEDGER_LINES]
    return [registry_table(_LEDGER, lines, reason=lambda code: code.replace("_", " "))]


def checks_table(checks: Sequence[Check], *, with_remedy: bool = True, code: bool = False) -> Table:
    """Checks with outcome, finding and remedy; problems stand out."""
    weights = {"check.outcome": 0.9, "check.title": 1.8, "check.words": 4.0}
    if with_remedy:
        weights["check.remedy"] = 3.0
    if code:
        weights["check.code"] = 0.8
    strong = frozenset(place for place, check in enumerate(checks) if check.outcome == "fail")
    return registry_table(weights, checks, strong=strong, outcome=OUTCOME_WORDS.__getitem__)


def months_chart(profile: Profile, months_shown: int = MONTHS_SHOWN) -> Chart:
    """Orders a month, those of new and of returning customers."""
    months = profile.time.per_month[-months_shown:]
    figure = column_chart(
        [figures.month(row.month).replace(" 20", " ’") for row in months],
        (
            Columns("Returning customers", tuple(float(row.returning_orders) for row in months)),
            Columns("New customers", tuple(float(row.new_orders) for row in months), "second"),
        ),
        figures.count,
        "Orders a month by new and returning customers",
    )
    last = "" if not months or months[-1].complete else " The last month is not over in the data."
    return Chart("Orders a month", figure, f"To hold against the shop's own totals.{last}")


def rhythm_words(profile: Profile) -> str:
    """Trend and seasons in sentences."""
    time = profile.time
    yearly = time.seasonality.yearly
    over = yearly.words if yearly.status == "measured" else f"Over the year: {yearly.words}"
    return f"{time.trend.words} {time.seasonality.weekly.words} {over}"
