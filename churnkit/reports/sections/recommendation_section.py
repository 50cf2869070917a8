"""What to do: the campaign, what to write, and whom to write to."""

from __future__ import annotations

from churnkit.reports.code_words import TIER_WORDS
from churnkit.reports.content import ReportContent
from churnkit.reports.document import Block, Heading, KeyFigure, KeyFigures, Letter, Section, Text
from churnkit.reports.sections.registry_table import registry_table
from churnkit.results.campaign_money import Outcome
from churnkit.results.found import Missing
from churnkit.text import figures

ASSUMED = (
    "The success rate is an assumption until a campaign with customers left out for comparison has measured it:"
    " leave out some of the customers, drawn by chance, and compare."
)
MEASURED = (
    "The success rate was measured in this shop, by a campaign with customers left out for comparison; the interval holds"
    " its error."
)

_CONTACTS = {
    "customer_id": 2.9,
    "p_churn": 0.8,
    "risk_tier": 1.1,
    "value_at_risk": 1.1,
    "last_purchase_at": 1.2,
    "order_count": 0.7,
    "factor_1": 3.0,
}


def recommendations_section(content: ReportContent) -> Section:
    """The campaign, its text and the first customers to contact."""
    advice = content.evidence.recommended
    if isinstance(advice, Missing):
        return Section("recommendations", "Recommendations", (Text(advice.reason, "lead"),))
    found = advice.value
    blocks: list[Block] = [Text(found.words, "lead")]
    if found.outcome.contacted:
        kind = content.summary.settings.money.kind("save_rate")
        words = MEASURED if kind == "measured" else ASSUMED
        blocks += [_figures(found.outcome, content.currency), Text(words, "soft"), *_message(content)]
    blocks += _contacts(content)
    return Section("recommendations", "Recommendations", tuple(blocks))


def _figures(found: Outcome, currency: str | None) -> KeyFigures:
    return KeyFigures(
        (
            KeyFigure("Customers to contact", figures.count(found.contacted)),
            KeyFigure("Cost", figures.short_money(found.cost.value, currency)),
            KeyFigure("Expected to be kept", figures.people(found.saves.value)),
            KeyFigure(
                "Net gain",
                figures.short_money(found.net.value, currency),
                f"return on cost {figures.percent(found.roi.value)}" if found.roi else "",
            ),
        )
    )


def _message(content: ReportContent) -> list[Block]:
    subject, body = content.message
    return [
        Heading("What to write"),
        Letter(f"Subject: {subject}", body),
        Text("Fields in braces are filled in from the target list.", "soft"),
    ]


def _contacts(content: ReportContent) -> list[Block]:
    heading = Heading("Customers to contact first")
    if not content.contact:
        return [heading, Text("There is nobody to contact.", "soft")]
    note = (
        "The first of the worklist: active customers by what a contact is expected to gain. The workbook and the CSV hold"
        " every customer, in the same order."
    )
    table = registry_table(
        _CONTACTS,
        content.contact,
        currency=content.currency,
        note=note,
        titles={"p_churn": "Churn", "risk_tier": "Tier"},
        risk_tier=lambda tier: TIER_WORDS[tier].removesuffix(" risk"),
    )
    return [heading, table]
