"""What an export format is: its header, its columns and the rules that its rows follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from churnkit.ingest.cells import StatusClass
from churnkit.ingest.columns.mapping import IDENTITY, MONEY, ColumnMapping
from churnkit.ingest.columns.synonyms import header_key


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
        Statuses in lower case that mean something else than usual; ``strict_statuses`` treats every
        status that is not listed as unpaid.
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
    """

    first_row_only: bool = False
    once_per_order: frozenset[str] = frozenset()
    status_words: Mapping[str, StatusClass] = field(default_factory=dict)
    strict_statuses: bool = False
    zero_is_guest: bool | None = None
    heading_rows: bool = False
    bad_debt_prefix: str = ""
    service_codes: frozenset[str] = frozenset()
    tip_names: frozenset[str] = frozenset()
    day_first: bool | None = None
    zone_column: str = ""


@dataclass(frozen=True)
class Preset:
    """One export format.

    Attributes
    ----------
    name, title
        What ``--preset`` takes, and what a person reads.
    fingerprint
        Headers that are all there; ``a|b`` means either. Compared without case, blanks and punctuation.
    without
        Headers that rule the format out.
    columns
        Field -> headers, the first that the file has is used.
    refusal, remedy
        Why churn cannot be computed from this export, and what to export instead.
    notes
        What the user should know about figures from this export.
    """

    name: str
    title: str
    fingerprint: tuple[str, ...]
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    rules: Rules = field(default_factory=Rules)
    without: tuple[str, ...] = ()
    refusal: str = ""
    remedy: str = ""
    notes: tuple[str, ...] = ()

    def matches(self, keys: frozenset[str]) -> bool:
        """Whether a file whose headers have these keys is in this format."""
        present = all(
            any(header_key(choice) in keys for choice in header.split("|")) for header in self.fingerprint
        )
        return present and not any(header_key(header) in keys for header in self.without)

    def mapping(self, columns: Iterable[str]) -> ColumnMapping:
        """The mapping of a file in this format; fields whose column is missing are left out."""
        by_key: dict[str, str] = {}
        for column in columns:
            by_key.setdefault(header_key(column), column)
        found: dict[str, str] = {}
        for name, headers in self.columns.items():
            keys = [header_key(header) for header in headers]
            present = [by_key[key] for key in keys if key in by_key]
            if present:
                found[name] = present[0]
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
