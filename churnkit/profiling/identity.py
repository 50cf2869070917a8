"""Whether ids and currencies mean one thing each."""

from __future__ import annotations

import ibis
from ibis import _
from ibis.expr import types as ir

from churnkit.profiling.account import Account
from churnkit.profiling.checks import CheckSpec
from churnkit.profiling.tables import one_row, records
from churnkit.results.profile import Check, CurrencyUse, IdentityFacts, IdKind
from churnkit.text.figures import count, percent

GROUP = "Consistency"
RARE_KIND = 0.01
REUSE_DAYS = 7

CURRENCY = CheckSpec(
    "DQ-604",
    "Currency",
    GROUP,
    "currencies",
    "Choose one currency for the analysis (a setting), or convert the amounts before the upload: sums mix"
    " them now.",
    warn_points=0.5,
    fail_points=2.0,
)
SHAPES = CheckSpec(
    "DQ-605",
    "Kinds of customer ids",
    GROUP,
    "share of ids of another kind",
    "If ids and e-mail addresses are mixed, one person may be two customers: map the column that identifies"
    " everybody.",
    warn_points=0.5,
)
SPELLINGS = CheckSpec(
    "DQ-606",
    "Spelling of customer ids",
    GROUP,
    "ids that another differs from by case, blanks or leading zeros only",
    "Make the spelling uniform before the upload: each variant counts as a customer who never came back.",
    warn_points=0.5,
    fail_points=1.5,
)
ORDER_IDS = CheckSpec(
    "DQ-607",
    "Order ids",
    GROUP,
    "order ids",
    "Check which column was mapped to the order id; it may be a number that is used again.",
    warn_points=0.25,
)
KINDS = ("e-mail addresses", "digits", "letters", "letters and digits", "other signs")


def kind(column: ir.StringValue) -> ir.StringValue:
    """The kind of an id, one of ``KINDS``."""
    return ibis.cases(
        (column.contains("@"), KINDS[0]),
        (column.re_search("^[0-9]+$"), KINDS[1]),
        (column.re_search(r"^\p{L}+$"), KINDS[2]),
        (column.re_search(r"^[\p{L}0-9]+$"), KINDS[3]),
        else_=KINDS[4],
    )


def canonical_spelling(column: ir.StringValue) -> ir.StringValue:
    """Lower case, no blanks around, no leading zeros."""
    return column.strip().lower().re_replace("^0+", "")


def find(
    rows: ir.Table, order_table: ir.Table, customer_table: ir.Table, account: Account
) -> tuple[list[Check], IdentityFacts]:
    """The kinds and spellings of ids, order ids in several hands, and currencies."""
    spellings = one_row(
        customer_table.aggregate(
            ids=_.customer_id.nunique(), spelled=canonical_spelling(_.customer_id).nunique()
        )
    )
    found = IdentityFacts(
        customer_id_kinds=_kinds(customer_table),
        respelled_customers=spellings["ids"] - spellings["spelled"],
        **_reused_orders(order_table),
        currencies=_currencies(rows),
    )
    findings = [
        _currency(found.currencies, account),
        _shapes(found.customer_id_kinds),
        _spellings(found.respelled_customers, spellings["ids"]),
        _order_ids(found),
    ]
    return findings, found


def _kinds(customer_table: ir.Table) -> tuple[IdKind, ...]:
    counts = customer_table.group_by(kind=kind(customer_table.customer_id)).aggregate(
        customers=_.count(), example=_.customer_id.min()
    )
    found = records(counts.order_by([_.customers.desc(), _.kind]))
    total = sum(line["customers"] for line in found)
    return tuple(IdKind(**line, share=line["customers"] / total) for line in found)


def _reused_orders(order_table: ir.Table) -> dict[str, int]:
    """Order ids, those of several customers, and those of one that go over more than a week."""
    by_id = (
        order_table.filter(_.gross > 0)
        .group_by("order_id")
        .aggregate(customers=_.count(), first_at=_.ordered_at.min(), last_at=_.last_line_at.max())
    )
    days = by_id.last_at.date().delta(by_id.first_at.date(), unit="day")
    shared = by_id.customers > 1
    return one_row(
        by_id.aggregate(
            order_ids=_.count(),
            shared_order_ids=by_id.count(where=shared),
            long_order_ids=by_id.count(where=~shared & (days > REUSE_DAYS)),
        )
    )


def _currencies(rows: ir.Table) -> tuple[CurrencyUse, ...] | None:
    """Currencies with rows and gross revenue, most used first; None where the export has no such column."""
    if "currency" not in rows.columns:
        return None
    counts = (
        rows.filter(_.currency.notnull())
        .group_by("currency")
        .aggregate(rows=_.count(), gross=ibis.ifelse(_.amount > 0, _.amount, 0.0).sum())
    )
    return tuple(CurrencyUse(**line) for line in records(counts.order_by([_.rows.desc(), _.currency])))


def _currency(currencies: tuple[CurrencyUse, ...] | None, account: Account) -> Check:
    if not currencies:
        return CURRENCY.not_applicable("The export names no currency; one is assumed.")
    elsewhere = account.dropped(("other_currency",))
    if len(currencies) > 1:
        names = ", ".join(use.currency for use in currencies[:5])
        return CURRENCY.failed(f"{len(currencies)} currencies are added up: {names}.", len(currencies))
    only = currencies[0].currency
    share = elsewhere / account.considered
    if share > 0.01:
        words = f"The analysis is in {only}; {percent(share)} of rows are in other currencies and left out."
        return CURRENCY.warned(words, 1)
    return CURRENCY.passed(f"Every amount is in {only}.", 1)


def _shapes(kinds: tuple[IdKind, ...]) -> Check:
    """Random codes of letters and digits may by chance be all digits or all letters: that is one kind."""
    main = kinds[0].kind
    same = {main} | ({"digits", "letters"} if main in ("letters and digits", "other signs") else set())
    others = [line for line in kinds if line.kind not in same]
    share = sum(line.share for line in others)
    if not others:
        return SHAPES.passed(f"Customer ids are {main}.", 0.0)
    other, example = others[0].kind, others[0].example
    words = f"Most customer ids are {main}, {percent(share)} are {other}, such as {example}."
    return SHAPES.graded(share, words, warn_above=RARE_KIND)


def _spellings(respelled: int, ids: int) -> Check:
    if respelled == 0:
        return SPELLINGS.passed("No two customer ids differ by spelling only.", 0)
    words = f"Customer ids that repeat another one in a different spelling: {count(respelled)}."
    return (
        SPELLINGS.failed(words, respelled) if respelled > 0.01 * ids else SPELLINGS.warned(words, respelled)
    )


def _order_ids(found: IdentityFacts) -> Check:
    bad = found.shared_order_ids + found.long_order_ids
    if bad == 0:
        return ORDER_IDS.passed("Every order id belongs to one customer and a few days.", 0)
    words = (
        f"Order ids of several customers: {count(found.shared_order_ids)}; of one customer but over more than"
        f" {REUSE_DAYS} days: {count(found.long_order_ids)}."
    )
    return ORDER_IDS.failed(words, bad) if bad > 0.05 * found.order_ids else ORDER_IDS.warned(words, bad)
