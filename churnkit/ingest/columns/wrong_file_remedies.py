"""What to export instead of a file that holds no orders, with the way through the menus of its shop."""

from __future__ import annotations

from churnkit.ingest.columns.export_advice import export_guide
from churnkit.ingest.columns.file_clues import Clues
from churnkit.ingest.columns.wrong_file_words import SHOPS

_NEEDED = (
    "Needed is one row an order, or a line of one: who bought (a customer number or an e-mail address), when, and for"
    " how much."
)
_USUAL = (
    "In Shopify: Orders > Export > All orders > Plain CSV file. In WooCommerce: an order-export plugin with billing_email."
    " The page 'How do I export my orders?' tells it for the other systems."
)
_OWN = {
    "subscriptions": "Export what was paid instead: invoices or charges, one row each, of all years; a customer whose"
    " payments stop is then seen to leave. In Stripe: Billing > Invoices > Export, or Transactions > Payments > Export,"
    " with all columns.",
    "labelled_table": "Export the invoices, bookings or orders behind this table instead: one row each, with customer"
    " number, date and amount, over at least a year.",
    "bank_statement": "Export the orders or invoices of the shop instead of its bank account.",
    "payouts": "Export the orders, or the single payments with their customers, instead of the payouts.",
}


def what_to_export(kind: str, clues: Clues) -> str:
    """The remedy for a file of this kind."""
    if kind in ("subscriptions", "labelled_table"):
        return f"{_OWN[kind]} {_NEEDED}"
    first = _OWN.get(kind, "Export the orders instead.")
    shop = _shop(clues)
    return f"{first} {export_guide(shop).path() if shop else _USUAL} {_NEEDED}"


def _shop(clues: Clues) -> str | None:
    headers = {header.strip() for header in clues.headers.values()}
    return next((name for name, words in SHOPS.items() if headers & set(words)), None)
