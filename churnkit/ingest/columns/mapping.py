"""Which column is what: the mapping that a user, a preset or the suggestions settle on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Literal

from churnkit.errors import DataError, MappingError
from churnkit.results.codec import part_from_json

CONTACT_FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "customer_name": "the customer's whole name, for lists of people to contact",
        "first_name": "the customer's first name, for lists of people to contact",
        "last_name": "the customer's last name, for lists of people to contact",
        "city": "where the customer lives, for lists of people to contact",
        "state": "the customer's state or province, for lists of people to contact",
        "zip": "the customer's postcode, for lists of people to contact",
        "country": "the customer's country, for lists of people to contact and the audit of fairness",
        "channel": "where an order was placed: web, store, marketplace; for the audit of fairness",
        "consent": "whether the customer agreed to be written to; who did not is left out of campaigns",
    }
)
"""Fields that are carried to lists of people to contact and the audit of fairness, never into a forecast."""

FIELDS: Mapping[str, str] = MappingProxyType(
    {
        "customer_id": "who bought: the shop's own number or name for the account",
        "email": "who bought, where there is no customer_id",
        "phone": "who bought, where there is neither customer_id nor email",
        "order_id": "the order, invoice or receipt that the row belongs to",
        "ordered_at": "when the order was placed",
        "time": "time of day, where it stands apart from the date",
        "product_id": "article number or SKU",
        "product_name": "article in words",
        "category": "product group",
        "quantity": "pieces on the line",
        "unit_price": "price of one piece",
        "amount": "money of the row: the line's total, or the order's where a row is an order",
        "order_total": "money of the whole order, repeated on each of its lines or on the first one",
        "order_subtotal": "goods of the whole order after discounts, as the shop adds them up; checks its lines",
        "discount": "money given away",
        "refunded": "money paid back",
        "currency": "currency code",
        "status": "state of the order or payment",
        "item_status": "state of the line within its order",
        "event_type": "whether the row is a sale or a refund",
        "cancelled": "date or flag of a cancellation; filled means cancelled",
        "captured": "yes or no: the payment was taken",
        **CONTACT_FIELDS,
    }
)
"""Every field that a column can be mapped to, with its meaning."""

IDENTITY = ("customer_id", "email", "phone")
MONEY = ("amount", "order_total", "unit_price")

_COMPLETE = (
    "A mapping names at least who bought (customer_id or email), when (order_datetime) and for how much "
    "(order_total, amount, or quantity and unit_price)."
)


@dataclass(frozen=True)
class ColumnMapping:
    """Columns by field, and the readings that a file may leave open.

    Attributes
    ----------
    columns
        Field (a key of `FIELDS`) -> column of the file.
    day_first, decimal, currency
        As in `IngestSettings`; None leaves the decision to the settings and the file.

    Raises
    ------
    MappingError
        A field is unknown.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    day_first: bool | None = None
    decimal: Literal[".", ","] | None = None
    currency: str | None = None

    def __post_init__(self) -> None:
        unknown = [name for name in self.columns if name not in FIELDS]
        if unknown:
            raise MappingError(
                f"Mapping columns: {', '.join(map(repr, unknown))} is no field that churnkit knows.",
                f"Known fields: {', '.join(FIELDS)}.",
            )

    @property
    def is_complete(self) -> bool:
        """Whether customer, date and money are all named."""
        has = self.columns.keys()
        return "ordered_at" in has and bool(has & set(IDENTITY)) and bool(has & set(MONEY))

    @classmethod
    def from_json(cls, values: object) -> ColumnMapping:
        """The mapping as it is stored, attribute by attribute; the file that users write is another, see `read_mapping`.

        Raises
        ------
        MappingError
            Something in it is unknown or broken; the message names it.
        """
        try:
            return part_from_json(cls, values, "a mapping of columns")
        except DataError as error:
            raise MappingError(error.message, "Choose the columns again.") from error

    def over(self, base: ColumnMapping) -> ColumnMapping:
        """This mapping where it speaks, ``base`` elsewhere.

        Money is taken from one side only: a line total from here and a discount from there do not add up.
        """
        columns = dict(base.columns)
        if self.columns.keys() & {*MONEY, "quantity"}:
            for name in (*MONEY, "quantity", "order_subtotal", "discount"):
                columns.pop(name, None)
        if self.columns.keys() & set(IDENTITY):
            for name in IDENTITY:
                columns.pop(name, None)
        if "ordered_at" in self.columns:
            columns.pop("time", None)
        taken = {column for name, column in self.columns.items() if name not in CONTACT_FIELDS}
        columns = {name: column for name, column in columns.items() if column not in taken} | dict(
            self.columns
        )
        return ColumnMapping(
            columns,
            self.day_first if self.day_first is not None else base.day_first,
            self.decimal or base.decimal,
            self.currency or base.currency,
        )

    def fitted(self, available: Iterable[str]) -> ColumnMapping:
        """The mapping with each column spelled as in the file.

        Raises
        ------
        MappingError
            A column is not in the file, or one column has two fields that exclude each other.
        """
        names = tuple(available)
        wanted = dict(self.columns)
        currency = self.currency
        if _is_code(wanted.get("currency", ""), names):
            currency = wanted.pop("currency").upper()
        columns = {name: _find_column(name, column, names) for name, column in wanted.items()}
        _refuse_shared_columns(columns)
        return replace(self, columns=columns, currency=currency)


def _find_column(field_name: str, wanted: str, available: tuple[str, ...]) -> str:
    if wanted in available:
        return wanted
    # Words of every language come with it, and whoever opens the platform has a mapping without asking for them.
    from churnkit.ingest.columns.synonyms import header_key

    same = [name for name in available if header_key(name) == header_key(wanted) != ""]
    if len(same) == 1:
        return same[0]
    # Needed for a slip of the pen alone, and slow to import.
    from thefuzz import process

    nearest = process.extract(wanted, list(available), limit=3)
    suggestion = ", ".join(repr(name) for name, *_ in nearest) or "none"
    raise MappingError(
        f"Mapping {field_name}: the file has no column {wanted!r}"
        + (f", and {len(same)} columns spelled alike." if same else "."),
        f"Nearest columns: {suggestion}. The file has: {', '.join(map(repr, available))}.",
    )


def _is_code(value: str, available: tuple[str, ...]) -> bool:
    """``EUR`` is a currency, unless the file has a column of that name."""
    from churnkit.ingest.columns.synonyms import header_key

    same = any(header_key(name) == header_key(value) for name in available)
    return re.fullmatch(r"[A-Za-z]{3}", value) is not None and not same


def _refuse_shared_columns(columns: Mapping[str, str]) -> None:
    """One column cannot be, say, both the customer and the order; naming a product by its id, or a customer by name, can."""
    owner: dict[str, str] = {}
    for name, column in columns.items():
        if name in ("product_id", "product_name", "category", *CONTACT_FIELDS):
            continue
        if column in owner and {owner[column], name} != {"ordered_at", "time"}:
            raise MappingError(
                f"Mapping: column {column!r} is given for both {owner[column]} and {name}.",
                "Give each of them a column of its own, or leave one out.",
            )
        owner[column] = name


def require_complete(mapping: ColumnMapping, columns: tuple[str, ...]) -> None:
    """Raise unless customer, date and money are named.

    Raises
    ------
    MappingError
        Says which of the three is missing.
    """
    if mapping.is_complete:
        return
    has = mapping.columns.keys()
    missing = [
        words
        for words, found in (
            ("who bought (customer_id or email)", has & set(IDENTITY)),
            ("when (order_datetime)", has & {"ordered_at"}),
            ("for how much (order_total, amount, or quantity and unit_price)", has & set(MONEY)),
        )
        if not found
    ]
    raise MappingError(
        f"Mapping: the file's columns do not say {' nor '.join(missing)}.",
        f"{_COMPLETE} Name them in a mapping file (--map). The file has: {', '.join(map(repr, columns))}.",
    )
