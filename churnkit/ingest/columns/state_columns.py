"""Which columns hold statuses, kinds of rows and means of payment, whatever their headers say."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from churnkit.ingest.cells import (
    RowKind,
    StatusClass,
    classify_row_kind,
    classify_status,
    is_other_status,
    is_paid_on_delivery,
    is_plain_sale,
    is_status_header,
    status_subject,
    text_sql,
)
from churnkit.ingest.columns.flag_columns import find_cancellation_date, find_flags
from churnkit.ingest.columns.mapping import ColumnMapping
from churnkit.ingest.columns.synonyms import normalise_header
from churnkit.ingest.engine import quote_identifier
from churnkit.ingest.files import RawTable

# A column with more values tells no states.
_MAX_VALUES = 60
# So many values of a column named as one of statuses are asked about.
_MAX_NAMED = 25
_KNOWN = 0.5
_ALL_KNOWN = 0.95

# What says how an order was paid, sent or found is no kind of row: a bank transfer is no payout there.
_NO_KIND = re.compile(
    r"method|methode|zahlart|zahlungsart|zahlungsweise|zahlungsmittel|\bmode\b|\bmodo\b|\bforma\b|metodo|moyen|sposob"
    r"|zpusob|wijze|tender|gateway|provider|carrier|channel|source|shipping|delivery|category|product|\bname\b|\btags?\b"
    r"|note|comment|reason|coupon|discount|description|支払方法|付款方式|支付方式|способ|odeme yontemi|betalingsm"
)
# Beside a header of payments, ``transfer`` and ``invoice`` are means of payment.
_PAYMENT = re.compile(
    r"pay|zahl|paiement|pago|pagament|betal|platn|platb|oplat|odeme|πληρωμ|оплат|платеж|支付|支払|付款|결제"
)
# Headers of row kinds and of nothing else: their values are asked even if no word of them is known.
_NAMES_KINDS = re.compile(
    r"event (type|name)|(transaction|record|document|doc|voucher|behaviou?r|action|movement) type|belegart|vorgangsart"
    r"|transaktionsart|tipo (de )?documento|type (de |du )?(document|piece)|typ dokumentu|tip dokumenta"
)


@dataclass(frozen=True)
class StateColumns:
    """Columns by what they hold.

    Attributes
    ----------
    statuses
        Those that the mapping names first.
    flags
        Columns of yes and no, with what a yes means; they stand among ``statuses`` too.
    cancelled
        Column with the date of a cancellation.
    """

    statuses: tuple[str, ...] = ()
    row_kind: str | None = None
    payment_method: str | None = None
    flags: Mapping[str, StatusClass] = field(default_factory=dict)
    cancelled: str | None = None


def find_state_columns(raw: RawTable, mapping: ColumnMapping) -> StateColumns:
    """Find them among the columns of few values that nothing else is read from."""
    named = [mapping.columns[name] for name in ("status", "item_status") if name in mapping.columns]
    free = [name for name in raw.columns if name not in mapping.columns.values()]
    values = _values(raw, free)
    kind = mapping.columns.get("event_type") or _row_kind(values) or _named_as_product(raw, mapping)
    kind = kind or next((name for name in values if _are_document_types(name, values[name])), None)
    found = [name for name in values if name != kind and _holds_statuses(name, values[name])]
    method = next((name for name in values if name not in found and _names_doorstep(values[name])), None)
    rest = [name for name in free if name not in (kind, method, *found)]
    flags = find_flags(raw, rest)
    date = mapping.columns.get("cancelled") or find_cancellation_date(
        raw, [x for x in rest if x not in flags]
    )
    return StateColumns((*named, *found, *flags), kind, method, flags, date)


def _values(raw: RawTable, columns: list[str]) -> dict[str, Mapping[str, int]]:
    """Values of every text column that has few, with their rows, in the head of the table."""
    texts = [name for name in columns if raw.types[name].startswith("VARCHAR")]
    if not texts:
        return {}
    counts = raw.one(
        "SELECT {counts} FROM {head}",
        counts=", ".join(f"approx_count_distinct({quote_identifier(name)})" for name in texts),
    )
    # The count is an estimate, and blanks around a value make no other one.
    few = [name for name, count in zip(texts, counts, strict=True) if 0 < count <= 1.5 * _MAX_VALUES]
    if not few:
        return {}
    found = raw.one(
        "SELECT {values} FROM {head}",
        values=", ".join(f"histogram(nullif(trim({text_sql(name)}), ''))" for name in few),
    )
    return {
        name: values
        for name, values in zip(few, found, strict=True)
        if values and len(values) <= _MAX_VALUES and (not _are_numbers(values) or _may_be_codes(name))
    }


_DOCUMENT_TYPES = frozenset(
    (
        "fkart",
        "fakturaart",
        "belegart",
        "verkaufsbelegart",
        "auart",
        "belegtyp",
        "document type",
        "doc type",
        "doctype",
        "invoice type",
        "voucher type",
    )
)


def _are_document_types(header: str, values: Mapping[str, int]) -> bool:
    """Several short codes under the header of a document's kind: credit notes may be among them, so they are asked about."""
    codes = all(re.fullmatch(r"[A-Z]{1,4}\d{0,2}", value) for value in values)
    return codes and len(values) > 1 and normalise_header(header) in _DOCUMENT_TYPES


def _are_numbers(values: Mapping[str, int]) -> bool:
    return all(re.fullmatch(r"[\d.,\s%€$£-]+", value) for value in values)


def _named_as_product(raw: RawTable, mapping: ColumnMapping) -> str | None:
    """A column called ``Item`` or ``Description`` that holds nothing but kinds of rows."""
    named = [mapping.columns[name] for name in ("product_name", "category") if name in mapping.columns]
    values = _values(raw, named)
    return next(
        (
            name
            for name in values
            if "unknown" not in map(classify_row_kind, values[name]) and _tells_rows_apart(name, values[name])
        ),
        None,
    )


def _may_be_codes(header: str) -> bool:
    return is_status_header(header) or _NAMES_KINDS.fullmatch(normalise_header(header)) is not None


def _row_kind(values: Mapping[str, Mapping[str, int]]) -> str | None:
    return next((name for name in values if _tells_rows_apart(name, values[name])), None)


def _tells_rows_apart(header: str, values: Mapping[str, int]) -> bool:
    """Sales beside rows that are none, nearly all of them in known words."""
    plain = normalise_header(header)
    named = _NAMES_KINDS.fullmatch(plain) is not None
    if len(values) < 2 or is_status_header(header) or (_NO_KIND.search(plain) and not named):
        return False
    kinds = {value: classify_row_kind(value) for value in values}
    if "method" in kinds.values():
        return False
    if named and set(kinds.values()) == {"unknown"}:
        return True
    if not _has_other_rows(header, set(kinds.values())):
        return False
    known = sum(rows for value, rows in values.items() if kinds[value] != "unknown")
    return known >= _KNOWN * sum(values.values()) and any(map(is_plain_sale, values))


def _has_other_rows(header: str, kinds: set[RowKind]) -> bool:
    """Refunds, rows that are no purchases, or payments beside the sales that they pay."""
    if _PAYMENT.search(normalise_header(header)):
        return "return" in kinds
    return bool({"return", "left_out"} & kinds) or {"sale", "payment"} <= kinds


def _holds_statuses(header: str, values: Mapping[str, int]) -> bool:
    """A header that says so, or nearly all values known and some of them bad."""
    if is_other_status(header):
        return False
    subject = status_subject(header)
    classes = {value: classify_status(value, {}, subject) for value in values}
    known = sum(rows for value, rows in values.items() if classes[value] != "unknown")
    share = known / sum(values.values())
    if is_status_header(header):
        return share >= _KNOWN or 1 < len(values) <= _MAX_NAMED
    bad = {"cancelled", "returned", "failed", "pending", "unpaid"} & set(classes.values())
    good = {"paid", "sent", "keep"} & set(classes.values())
    return share >= _ALL_KNOWN and bool(bad and good)


def _names_doorstep(values: Mapping[str, int]) -> bool:
    return any(map(is_paid_on_delivery, values))
