"""What an export format is: its header, its columns and the rules that its rows follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from churnkit.ingest.cells import StatusClass
from churnkit.ingest.columns.mapping import IDENTITY, MONEY, ColumnMapping
from churnkit.ingest.columns.reading import RowKindAnswer
from churnkit.ingest.columns.synonyms import header_key

# What is left of a header without its accented letters must still tell it from others.
_LETTERS_LEFT = 3


@dataclass(frozen=True)
class Rules:
    """What a file's rows mean beyond the names of its columns.

    Attributes
    ----------
    first_row_only
        Customer, date, currency and status stand on the first row of an order only.
    once_per_order
        Fields among discount, refunded, order_subtotal and order_total whose figure counts once an order, however many
        rows repeat it.
    status_words
        Statuses in lower case that mean something else than usual.
    zero_is_guest
        ``0`` in customer_id is nobody. None: decided from the file.
    heading_rows
        An order of several items has a row of its own above them, without an item.
    bad_debt_prefix
        Order ids that begin so are bookkeeping entries.
    service_codes
        Product ids that are postage, fees or corrections: kept as money and mentioned.
    tip_names
        Names of lines that are no goods but a tip, in lower case.
    day_first
        The order of day and month that this export uses, where the file leaves it open.
    zone_column
        Column with the shop's time zone in words; in the United States the month comes first.
    kind_words
        Parts of the cells of event_type, in lower case and without accents -> what such rows are. The first that fits
        counts.
    receiver
        Headers of the column that names the customer where money goes out. Then money that goes out and is no return is no
        purchase either: the shop paid somebody.
    other_phones
        Headers of columns whose telephone number is the buyer's where the phone's own cell is blank.
    less_discount
        The discount is still in the money and is taken off it, and it is money, no share.
    currency
        What all amounts are in, where the export names none and can be in no other.
    """

    first_row_only: bool = False
    once_per_order: frozenset[str] = frozenset()
    status_words: Mapping[str, StatusClass] = field(default_factory=dict)
    zero_is_guest: bool | None = None
    heading_rows: bool = False
    bad_debt_prefix: str = ""
    service_codes: frozenset[str] = frozenset()
    tip_names: frozenset[str] = frozenset()
    day_first: bool | None = None
    zone_column: str = ""
    kind_words: Mapping[str, RowKindAnswer] = field(default_factory=dict)
    receiver: tuple[str, ...] = ()
    other_phones: tuple[str, ...] = ()
    less_discount: bool = False
    currency: str | None = None


@dataclass(frozen=True)
class Preset:
    """One export format.

    Attributes
    ----------
    name, title
        What ``--preset`` takes, and what a person reads.
    fingerprint
        Headers that are all there; ``a|b`` means either, ``a*`` every header that begins so. Compared without case,
        blanks and punctuation.
    without
        Headers that rule the format out.
    columns
        Field -> headers, the first that the file has is used.
    totals
        The same for a file without the money of ``columns``: the order's own figures instead of its lines'.
    refusal, remedy
        Why churn cannot be computed from this export, and what to export instead.
    notes
        What the user should know about figures from this export.
    proven
        Whether a real file was read with it; else it is written from the maker's documentation and from reports.
    """

    name: str
    title: str
    fingerprint: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    totals: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    without: tuple[str, ...] = ()
    refusal: str = ""
    remedy: str = ""
    notes: tuple[str, ...] = ()
    proven: bool = True

    def matches(self, keys: frozenset[str]) -> bool:
        """Whether a file whose headers have these keys is in this format."""
        present = all(
            any(_first(choice, keys) is not None for choice in header.split("|"))
            for header in self.fingerprint
        )
        return present and not any(_first(header, keys) is not None for header in self.without)

    def mapping(self, columns: Iterable[str]) -> ColumnMapping:
        """The mapping of a file in this format; fields whose column is missing are left out."""
        by_key: dict[str, str] = {}
        for column in columns:
            by_key.setdefault(header_key(column), column)
        found = _found(self.columns, by_key)
        if not found.keys() & set(MONEY):
            found |= _found(self.totals, by_key)
        return ColumnMapping(found)

    def missing(self, mapping: ColumnMapping) -> tuple[str, ...]:
        """Headers of this format without which customer, date or money are unknown."""
        has = mapping.columns.keys()
        groups = (IDENTITY, ("ordered_at",), MONEY)
        return tuple(
            " or ".join(repr(self.columns[name][0]) for name in group if name in self.columns)
            for group in groups
            if not has & set(group)
        )


def column_of(headers: Iterable[str], columns: Iterable[str]) -> str | None:
    """The column that has one of these headers, the first of them that there is."""
    by_key = {header_key(column): column for column in columns}
    keys = (_first(header, by_key) for header in headers)
    return next((by_key[key] for key in keys if key is not None), None)


def _found(wanted: Mapping[str, tuple[str, ...]], by_key: Mapping[str, str]) -> dict[str, str]:
    keys = {name: [_first(header, by_key) for header in headers] for name, headers in wanted.items()}
    return {name: by_key[present[0]] for name, all_ in keys.items() if (present := [k for k in all_ if k])}


def _first(header: str, keys: Iterable[str]) -> str | None:
    """The key of a header, or the first one that begins as ``header*`` says; None where it is not among the keys.

    A file that was saved in an encoding without its letters writes `N?mero` for `Número`: that is the same header.
    """
    # What a key does not hold, such as a question mark, is gone from the file's header as well.
    damaged = header_key(header.encode("ascii", "ignore").decode())
    for key in dict.fromkeys((header_key(header), damaged if len(damaged) >= _LETTERS_LEFT else "")):
        if key and header.endswith("*"):
            begun = next((other for other in keys if other.startswith(key)), None)
            if begun is not None:
                return begun
        elif key and key in keys:
            return key
    return None
