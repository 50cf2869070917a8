"""Page one: what was found, what to do, and how far to trust it."""

from __future__ import annotations

from typing import Any

from churnkit.reports.code_words import TIER_WORDS
from churnkit.reports.content import ReportContent
from churnkit.reports.document import (
    Block,
    Bullets,
    Callout,
    Card,
    Cards,
    Chart,
    Heading,
    Section,
    Text,
    Tone,
)
from churnkit.reports.plots import Bar, share_bar
from churnkit.text import figures

DRIVERS_SHOWN = 4
TIER_INKS = {"high": "third", "medium": "second", "low": "first"}
_TONES: dict[str, Tone] = {"strong": "good", "fair": "fair", "weak": "weak", "none": "weak"}


def executive_section(content: ReportContent) -> Section:
    """Cards, recommendation, trust, tiers and the first reasons; fills the first page."""
    blocks: list[Block] = [
        Cards(
            (
                Card("Customers", figures.count(content.customer_count), "with a purchase, all scored"),
                _rate_card(content),
                _risk_card(content),
                Card("Champion", content.champion_title, _champion_note(content)),
            )
        ),
        _recommendation(content),
        _trust(content),
        *tier_blocks(content),
        Heading("Why customers leave"),
        *_reasons(content),
        *_ahead(content),
    ]
    return Section("summary", "Executive summary", tuple(blocks))


def report_facts(content: ReportContent) -> tuple[str, ...]:
    """The lines under the report's title."""
    scope, question = content.profile.scope, content.summary.question
    money = f" Amounts in {content.currency}." if content.currency else ""
    return (
        f"Orders from {figures.day(scope.first_order)} to {figures.day(scope.last_order)}, customers scored at"
        f" {figures.day(question.cutoff)}.{money}",
        f"Churned means: no purchase within {figures.days(content.horizon_days)} from then.",
    )


def _rate_card(content: ReportContent) -> Card:
    rate = content.found("churn_rate")
    mean = rate["mean"] if rate else content.summary.customers.mean_p_churn
    return Card("Predicted churn rate", figures.percent(mean), _interval(rate, figures.percent))


def _risk_card(content: ReportContent) -> Card:
    risk = content.found("revenue_at_risk")
    if risk is None:
        return Card("Revenue at risk", figures.UNKNOWN, content.why_missing("revenue_at_risk"))
    words = _interval(risk, lambda value: figures.short_money(value, content.currency))
    return Card("Revenue at risk", figures.short_money(risk["value"], content.currency), words)


def _interval(found: Any, write: Any) -> str:
    if not found or found.get("low") is None or found.get("high") is None:
        return "no interval"
    return f"80 % interval {write(found['low'])} to {write(found['high'])}"


def _champion_note(content: ReportContent) -> str:
    if content.found("champion_words"):
        return str(content.evidence["champion_words"])
    tournament = content.summary.tournament
    if tournament is None:
        return "no model was trained"
    if tournament.test is None:
        return "no later window to test it on"
    return f"AUC {figures.decimal(tournament.test.roc_auc, 3)} on the last complete window"


def _recommendation(content: ReportContent) -> Callout:
    found = content.found("recommended")
    words = found["words"] if found else content.why_missing("recommended")
    return Callout("Recommended action", (words,))


def _trust(content: ReportContent) -> Callout:
    trust = content.found("trust")
    if trust is None:
        return Callout("How far to trust this", (content.why_missing("trust"),), "weak")
    return Callout("How far to trust this", tuple(trust["sentences"]), _TONES.get(trust["grade"], "plain"))


def tier_blocks(content: ReportContent) -> list[Block]:
    """All customers as one bar, cut by tier."""
    tiers, limits = content.summary.customers.tiers, content.tier_limits
    bars = [
        Bar(
            TIER_WORDS[name],
            float(tier.customers),
            f"{figures.count(tier.customers)} customers",
            TIER_INKS[name],
        )
        for name, tier in (("high", tiers.high), ("medium", tiers.medium), ("low", tiers.low))
    ]
    note = (
        f"High: above {figures.percent(limits.high)} probability of churn; medium: above"
        f" {figures.percent(limits.medium)}."
    )
    return [Chart("Customers by risk", share_bar(bars, "Customers by risk tier"), note)]


def _reasons(content: ReportContent) -> list[Block]:
    drivers = content.found("drivers")
    if not drivers:
        return [Text(content.why_missing("drivers"), "soft")]
    return [Bullets(tuple(driver["words"] for driver in drivers[:DRIVERS_SHOWN]))]


def _ahead(content: ReportContent) -> list[Block]:
    warnings, outlook = content.found("warnings"), content.found("outlook")
    sentences = tuple(found["words"] for found in (warnings, outlook) if found)
    return [Heading("What is coming"), Bullets(sentences)] if sentences else []
