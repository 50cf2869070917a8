"""Page one: what was found, what to do, and how far to trust it."""

from __future__ import annotations

import math
from collections.abc import Callable

from churnkit.reports.code_words import TIER_WORDS
from churnkit.reports.content import ReportContent
from churnkit.reports.document import (
    Block,
    Bullets,
    Callout,
    Chart,
    Heading,
    KeyFigure,
    KeyFigures,
    Section,
    Text,
    Tone,
)
from churnkit.reports.plots import Bar, share_bar
from churnkit.results.evidence.proof import Grade
from churnkit.results.evidence.standing_now import Estimate
from churnkit.results.found import Found, Missing
from churnkit.results.money_strip import MoneyFigure
from churnkit.results.summary import ChurnQuestion
from churnkit.text import figures

DRIVERS_SHOWN = 3
TIER_INKS = {"high": "third", "medium": "second", "low": "first"}
_TONES: dict[Grade, Tone] = {"strong": "good", "fair": "fair", "weak": "weak", "none": "weak"}


def executive_section(content: ReportContent) -> Section:
    """KeyFigures, recommendation, trust, tiers and the first reasons; fills the first page."""
    blocks: list[Block] = [
        *(Callout("Before you act on this", (notice,), "weak") for notice in content.notices),
        KeyFigures(
            (
                _customers_card(content),
                _rate_card(content),
                _risk_card(content),
                KeyFigure("Champion", content.evidence.champion_title, content.evidence.champion_words),
            )
        ),
        *money_blocks(content),
        _recommendation(content),
        _trust(content),
        *tier_blocks(content),
        Heading("What sets those at risk apart"),
        *_reasons(content),
        *_ahead(content),
    ]
    return Section("summary", "Executive summary", tuple(blocks), one_page=True)


def report_facts(content: ReportContent) -> tuple[str, ...]:
    """The lines under the report's title."""
    scope, question = content.profile.scope, content.summary.question
    money = f" Amounts in {content.currency}." if content.currency else ""
    return (
        f"Orders from {figures.day(scope.first_order)} to {figures.day(scope.last_order)}, customers scored at"
        f" {figures.day(question.cutoff)}.{money}",
        f"Churned means: no purchase within {figures.days(content.horizon_days)} from then.{_returning(question)}",
    )


def _returning(question: ChurnQuestion) -> str:
    if question.return_share is None:
        return ""
    return f" {figures.percent(question.return_share)} of the customers silent for so long came back all the same."


def _customers_card(content: ReportContent) -> KeyFigure:
    totals = content.summary.customers
    return KeyFigure(
        "Active customers",
        figures.count(totals.active.customers),
        f"bought within {figures.days(content.horizon_days)}; {figures.count(totals.lapsed.customers)} more have lapsed",
    )


def _rate_card(content: ReportContent) -> KeyFigure:
    rate = content.evidence.churn_rate
    leavers = content.summary.customers.active.expected_leavers
    words = f"{figures.percent(rate.value)} of the active, {_interval(rate, figures.percent)}"
    return KeyFigure("Expected to leave", figures.count(leavers), words)


def money_blocks(content: ReportContent) -> list[Block]:
    """Last year beside the next one."""
    strip = content.summary.money
    if not math.isfinite(strip.revenue.value):
        return []
    rows = (
        (f"Last {figures.days(strip.days)}", strip.revenue),
        ("of it from customers active today", strip.revenue_active),
        ("their next 365 days (forecast)", strip.forecast),
    )
    figures_of = [
        KeyFigure(name, figures.short_money(figure.value, content.currency), _ends(figure, content.currency))
        for name, figure in rows
    ]
    return [KeyFigures(tuple(figures_of))]


def _ends(figure: MoneyFigure, currency: str | None) -> str:
    if figure.low is None or figure.high is None:
        return ""
    low, high = (figures.short_money(end, currency) for end in (figure.low, figure.high))
    return f"80 % interval {low} to {high}"


def _risk_card(content: ReportContent) -> KeyFigure:
    found = content.evidence.revenue_at_risk
    if isinstance(found, Missing):
        return KeyFigure("Revenue at risk", "not known", "nothing is proven")
    risk = found.value
    words = _interval(risk, lambda value: figures.short_money(value, content.currency))
    return KeyFigure("Revenue at risk", figures.short_money(risk.value, content.currency), words)


def _interval(found: Estimate, write: Callable[[float | None], str]) -> str:
    return "no interval" if found.low is None else f"80 % interval {write(found.low)} to {write(found.high)}"


def _recommendation(content: ReportContent) -> Callout:
    found = content.evidence.recommended
    words = found.reason if isinstance(found, Missing) else found.value.words
    return Callout("Recommended action", (words,))


def _trust(content: ReportContent) -> Callout:
    trust = content.evidence.trust
    return Callout("How far to trust this", (" ".join(trust.sentences),), _TONES[trust.grade])


def tier_blocks(content: ReportContent) -> list[Block]:
    """The active customers as one bar, cut by tier; nothing where nobody has a tier."""
    tiers, limits = content.summary.customers.tiers, content.tier_limits
    if not tiers.high.customers + tiers.medium.customers + tiers.low.customers:
        return []
    bars = [
        Bar(
            TIER_WORDS[name],
            float(tier.customers),
            figures.counted(tier.customers, "customer"),
            TIER_INKS[name],
        )
        for name, tier in (("high", tiers.high), ("medium", tiers.medium), ("low", tiers.low))
    ]
    note = (
        f"High: above {figures.percent(limits.high)} probability of churn; medium: above"
        f" {figures.percent(limits.medium)}."
    )
    return [Chart("Active customers by risk", share_bar(bars, "Active customers by risk tier"), note)]


def _reasons(content: ReportContent) -> list[Block]:
    drivers = content.evidence.drivers
    if isinstance(drivers, Missing):
        return [Text(drivers.reason, "soft")]
    return [Bullets(tuple(driver.words for driver in drivers.value[:DRIVERS_SHOWN]))]


def _ahead(content: ReportContent) -> list[Block]:
    moves, outlook = content.evidence.warnings, content.evidence.outlook
    warned = (moves.value.words,) if isinstance(moves, Found) else ()
    return [Heading("What is coming"), Bullets((*warned, outlook.words))]
