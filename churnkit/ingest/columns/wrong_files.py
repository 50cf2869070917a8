"""Files that shop owners take for their orders and that are none: what each is, and what to export instead."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from churnkit.ingest.columns.cell_evidence import Evidence
from churnkit.ingest.columns.file_clues import Clues
from churnkit.ingest.columns.mapping_draft import quoted
from churnkit.ingest.columns.wrong_file_remedies import what_to_export
from churnkit.ingest.files import RawTable
from churnkit.ingest.questions import Question
from churnkit.text.figures import count, percent


@dataclass(frozen=True)
class Finding:
    """What a file is: a kind for programs, a message for people."""

    kind: str
    message: str


def wrong_file(raw: RawTable, evidence: Mapping[str, Evidence]) -> Question | None:
    """What the file is if it is none of orders, as a question that no answer settles; None where it may be orders.

    An order number, a date, money and a customer in every row are orders, whatever else the file holds; so are
    customers that come again with date and money.
    """
    if raw.format.header_row == 0 or not evidence:
        return None
    clues = Clues(raw, evidence)
    if clues.names_orders:
        return None
    # Lists of these have customers, dates and money in every row, and are no purchases all the same.
    finding = _subscriptions(clues) or _abandoned(clues)
    if finding is None and not clues.tells_purchases:
        finding = next((found for judge in _JUDGES if (found := judge(clues)) is not None), None)
    if finding is None:
        return None
    return Question("customer_id", finding.message, what_to_export(finding.kind, clues), refusal=finding.kind)


def _subscriptions(clues: Clues) -> Finding | None:
    states = clues.subscription_states()
    plan, ended = clues.having("subscription"), clues.having("ended")
    if not ((states and (plan or ended)) or (len(plan) >= 2 and ended)):
        return None
    told = ", ".join(f"{count(rows)} {state}" for state, rows in list(states.items())[:4])
    return Finding(
        "subscriptions",
        f"This is a list of {count(clues.rows)} subscriptions, one row each{': ' + told if told else ''}. A row is a"
        " subscription, not a payment, and those that ended are the customers who left, not orders that were undone: there"
        " is no history of payments in it.",
    )


def _labelled(clues: Clues) -> Finding | None:
    label = next((name for name in clues.having("label") if clues.evidence[name].distinct <= 3), None)
    if label is None or (clues.has_dates and not clues.one_row_a_customer):
        return None
    (value, rows), *_ = clues.values(label)[::-1]
    return Finding(
        "labelled_table",
        f"This is a table of {count(clues.rows)} customers, one row each, with a ready label: {label!r} is {value!r} for"
        f" {count(rows)} of them ({percent(rows / max(1, clues.rows))}). There is no purchase history in it: no row says"
        " when somebody bought and for how much, so there is nothing to learn from before the label and nothing to test a"
        " forecast on.",
    )


def _abandoned(clues: Clues) -> Finding | None:
    signs = [name for name in clues.having("abandoned") if clues.evidence[name].filled >= 0.9 * clues.rows]
    if not signs:
        return None
    return Finding(
        "abandoned_carts",
        f"This is a list of {count(clues.rows)} abandoned carts ({quoted(signs[:3])}): nobody paid for them.",
    )


def _payouts(clues: Clues) -> Finding | None:
    signs = clues.having("payout")
    if not signs or clues.customer:
        return None
    return Finding(
        "payouts",
        f"This is a list of {count(clues.rows)} payouts or settlements ({quoted(signs[:3])}): what a payment service sent"
        " to the shop's bank, not what customers bought. It names no customer.",
    )


def _bank_statement(clues: Clues) -> Finding | None:
    signs = clues.having("bank")
    if len(signs) < 3 or clues.has_emails:
        return None
    return Finding(
        "bank_statement",
        f"This is a bank statement of {count(clues.rows)} bookings ({quoted(signs[:3])}): money that came and went on an"
        " account, from customers and others alike.",
    )


def _mailing_list(clues: Clues) -> Finding | None:
    signs = clues.having("mailing")
    if len(signs) < 2 or not clues.has_emails or clues.has_decimals:
        return None
    return Finding(
        "mailing_list",
        f"This is a list of {count(clues.rows)} contacts of e-mail marketing ({quoted(signs[:3])}): it says who reads"
        " mails, not who bought.",
    )


def _reviews(clues: Clues) -> Finding | None:
    signs = clues.having("review")
    if len(signs) < 2 or clues.has_decimals:
        return None
    return Finding(
        "reviews",
        f"This is a list of {count(clues.rows)} reviews ({quoted(signs[:3])}), with no money in it.",
    )


def _analytics(clues: Clues) -> Finding | None:
    signs = clues.having("analytics")
    if len(signs) < 2 or clues.customer:
        return None
    return Finding(
        "web_analytics",
        f"This is a report on visits ({quoted(signs[:3])}): its {count(clues.rows)} rows count people and clicks, and name"
        " no customer.",
    )


def _shipping(clues: Clues) -> Finding | None:
    signs = clues.having("shipping")
    if len(signs) < 2 or clues.has_money:
        return None
    return Finding(
        "shipping_list",
        f"This is a list of {count(clues.rows)} shipments ({quoted(signs[:3])}): it says what was sent where, not what was"
        " paid for it.",
    )


def _products(clues: Clues) -> Finding | None:
    signs = clues.having("product")
    if len(signs) < 3 or clues.customer:
        return None
    return Finding(
        "product_list",
        f"This is a list of {count(clues.rows)} products ({quoted(signs[:3])}): it says what the shop sells, not who"
        " bought it.",
    )


def _report(clues: Clues) -> Finding | None:
    signs = clues.having("report")
    if len(signs) < 2 or clues.customer or not clues.one_row_a_date:
        return None
    return Finding(
        "sales_report",
        f"This is a report of totals ({quoted(signs[:3])}), one row a day or month: its {count(clues.rows)} rows add up"
        " the sales of all customers and name none of them.",
    )


def _customers(clues: Clues) -> Finding | None:
    signs = clues.having("customer")
    known = clues.one_row_a_customer and (len(signs) >= 2 or not clues.has_dates)
    if not known or not signs or (clues.has_dates and clues.has_money and len(signs) < 3):
        return None
    return Finding(
        "customer_list",
        f"This is a list of {count(clues.rows)} customers, one row each ({quoted(signs[:4])}), not a list of orders: it"
        " does not say when each of them bought and for how much.",
    )


def _summary(clues: Clues) -> Finding | None:
    signs = clues.having("summary")
    if len(signs) < 2 or clues.has_dates:
        return None
    return Finding(
        "customer_list",
        f"This is a table of {count(clues.rows)} customers, one row each ({quoted(signs[:4])}): it has sums and counts of"
        " what they bought, and no date of any purchase.",
    )


_JUDGES: tuple[Callable[[Clues], Finding | None], ...] = (
    _labelled,
    _payouts,
    _bank_statement,
    _mailing_list,
    _reviews,
    _analytics,
    _products,
    _shipping,
    _report,
    _customers,
    _summary,
)
