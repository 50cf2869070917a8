"""What to do: the campaign, what to write, and whom to write to."""

from __future__ import annotations

from typing import Any

from churnkit.reports.code_words import TIER_WORDS
from churnkit.reports.content import ReportContent
from churnkit.reports.document import Block, Card, Cards, Column, Heading, Letter, Section, Table, Text
from churnkit.text import figures

ASSUMED = (
    "The success rate is an assumption until a campaign with a control group has measured it: keep a fifth of the"
    " customers uncontacted, and compare."
)


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
    currency = content.currency
    rows = tuple(
        (
            str(line["customer_id"]),
            figures.percent(line["p_churn"]),
            TIER_WORDS.get(line["risk_tier"], str(line["risk_tier"])).removesuffix(" risk"),
            figures.money(line.get("value_at_risk"), currency),
            figures.day(line.get("last_purchase_at")),
            figures.count(line["order_count"]),
            str(line.get("factor_1") or ""),
        )
        for line in content.contact
    )
    columns = (
        Column("Customer", weight=2.9),
        Column("Churn", "right", 0.8),
        Column("Tier", weight=1.1),
        Column("Value at risk", "right", 1.1),
        Column("Last purchase", "right", 1.2),
        Column("Orders", "right", 0.7),
        Column("First reason", weight=3.0),
    )
    note = (
        "Of those at high or medium risk, the ones with the highest value at risk. The workbook and the CSV hold every"
        " customer."
    )
    return [heading, Table(columns, rows, note)]
