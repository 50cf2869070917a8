"""What to do: the campaign, what to write, and whom to write to."""

from __future__ import annotations

from typing import Any

from churnkit.reports.code_words import TIER_WORDS
from churnkit.reports.content import ReportContent
from churnkit.reports.document import Block, Card, Cards, Heading, Letter, Section, Text
from churnkit.reports.sections.registry_table import registry_table
from churnkit.text import figures

ASSUMED = (
    "The success rate is an assumption until a campaign with a control group has measured it: keep a fifth of the"
    " customers uncontacted, and compare."
)

_CONTACTS = {
    "customer_id": 2.8,
    "p_churn": 1.1,
    "risk_tier": 1.0,
    "value_at_risk": 1.1,
    "last_purchase_at": 1.2,
    "order_count": 0.8,
    "factor_1": 3.0,
}


def recommendations_section(content: ReportContent) -> Section:
    """The campaign, its text and the first customers to contact."""
    found = content.found("recommended")
    blocks: list[Block] = []
    if found is None:
        blocks.append(Text(content.why_missing("recommended"), "soft"))
    else:
        blocks.append(Text(found["words"], "lead"))
        if found["customers"]:
            blocks += [_figures(found, content.currency), Text(ASSUMED, "soft"), *_message(found)]
    blocks += _contacts(content)
    return Section("recommendations", "Recommendations", tuple(blocks))


def _figures(found: dict[str, Any], currency: str | None) -> Cards:
    return Cards(
        (
            Card("Customers to contact", figures.count(found["customers"])),
            Card("Cost", figures.short_money(found["cost"], currency)),
            Card("Expected to be kept", _people(found["expected_saves"])),
            Card(
                "Net gain",
                figures.short_money(found["net"], currency),
                f"return on cost {figures.percent(found['roi'])}" if found.get("roi") is not None else "",
            ),
        )
    )


def _people(expected: float) -> str:
    return figures.decimal(expected, 1) if expected < 10 else figures.count(expected)


def _message(found: dict[str, Any]) -> list[Block]:
    if not found.get("body"):
        return []
    return [
        Heading("What to write"),
        Letter(f"Subject: {found['subject']}", found["body"]),
        Text("Fields in braces are filled in from the target list.", "soft"),
    ]


def _contacts(content: ReportContent) -> list[Block]:
    heading = Heading("Customers to contact first")
    if not content.contact:
        return [heading, Text("There is nobody to contact.", "soft")]
    note = (
        "Of those at high or medium risk, the ones with the highest value at risk. The workbook and the CSV hold every"
        " customer."
    )
    table = registry_table(
        _CONTACTS,
        content.contact,
        currency=content.currency,
        note=note,
        risk_tier=lambda tier: TIER_WORDS.get(tier, str(tier)).removesuffix(" risk"),
    )
    return [heading, table]
