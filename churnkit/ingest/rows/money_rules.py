"""Which figures make a row's money, and in which notation and currency they are written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from churnkit.config import IngestSettings
from churnkit.errors import MappingError
from churnkit.ingest.cells import NumberFormat, detect_number_format, number_sql
from churnkit.ingest.columns import ColumnMapping, Rules
from churnkit.ingest.engine import quote_identifier
from churnkit.ingest.files import RawTable
from churnkit.ingest.questions import Choice, OpenQuestions, Question
from churnkit.ingest.rows.discounts import DiscountKind, decide_discount_kind
from churnkit.ingest.rows.file_currencies import Currencies, decide_currencies
from churnkit.ingest.rows.repeated_figures import Route, repeated_figures
from churnkit.ingest.rows.subtotals import check_subtotal
from churnkit.text.figures import count

# What marks anything in an amount of these marks thousands.
_WITHOUT_DECIMALS = frozenset(("円", "JPY", "원", "₩", "KRW", "₫", "VND"))
# Nobody who pays in yen or yuan writes a decimal comma.
_NO_DECIMAL_COMMA = frozenset(("¥", "￥", "CNY", "RMB", "元", "圆", "圓", "人民币"))

NUMERIC = ("quantity", "unit_price", "amount", "order_total", "order_subtotal", "discount", "refunded")


_MARKS = {".": "a point", ",": "a comma"}


@dataclass(frozen=True)
class MoneyRules:
    """How a row's money is made.

    Attributes
    ----------
    route
        The field that money comes from; ``unit_price`` is multiplied by quantity.
    numbers
        Notation by numeric field.
    once_per_order
        Fields among discount, refunded, order_subtotal, order_total whose figure counts once an order.
    """

    route: Route
    numbers: Mapping[str, NumberFormat]
    once_per_order: frozenset[str]
    discount_kind: DiscountKind
    currencies: Currencies
    notes: tuple[str, ...] = ()
    questions: tuple[Question, ...] = ()


def decide_money(raw: RawTable, mapping: ColumnMapping, rules: Rules, settings: IngestSettings) -> MoneyRules:
    """Decide how money is read.

    Raises
    ------
    MappingError
        A column mapped as a number holds none, or its decimal separator stays open.
    DataError
        The currency that was chosen does not occur.
    """
    notes: list[str] = []
    numbers = _number_formats(raw, mapping, mapping.decimal or settings.decimal, notes)
    route = _route(mapping)
    once = set(rules.once_per_order)
    if not rules.once_per_order:
        once, once_notes = repeated_figures(raw, mapping, route, numbers)
        notes += once_notes
    discount_kind: DiscountKind = "money"
    if not rules.less_discount:
        discount_kind, discount_notes = decide_discount_kind(raw, mapping, numbers)
        notes += discount_notes
    if discount_kind != "money":
        once.discard("discount")
    if route == "unit_price" and "quantity" not in mapping.columns:
        notes.append("Without a quantity, each row counts as one piece.")
    fit = check_subtotal(raw, mapping, rules, numbers)
    notes += fit.notes
    currencies = decide_currencies(raw, mapping, numbers.get(route), settings, rules.currency)
    return MoneyRules(route, numbers, frozenset(once), discount_kind, currencies, tuple(notes), fit.questions)


def _route(mapping: ColumnMapping) -> Route:
    if "amount" in mapping.columns:
        return "amount"
    return "order_total" if "order_total" in mapping.columns else "unit_price"


def _number_formats(
    raw: RawTable,
    mapping: ColumnMapping,
    decimal: str | None,
    notes: list[str],
) -> dict[str, NumberFormat]:
    columns = {name: mapping.columns[name] for name in NUMERIC if name in mapping.columns}
    formats = {name: detect_number_format(raw, column, decimal) for name, column in columns.items()}
    notes += [
        f"{columns[name]!r} is in hundredths, as its header says: it is divided by 100."
        for name, fmt in formats.items()
        if fmt.hundredths
    ]
    if _is_stripes(raw):
        # Its programs write cents; its exports for people do not, and have other headers.
        formats = {
            name: _in_hundredths(raw, columns[name], name, fmt, notes) for name, fmt in formats.items()
        }
    for name, fmt in formats.items():
        if fmt.share_parsed < 0.5 and fmt.bad + fmt.parseable > 0:
            examples = ", ".join(repr(text) for text in fmt.bad_examples)
            raise MappingError(
                f"Reading the numbers: {columns[name]!r} is mapped as {name}, but {count(fmt.bad)} of"
                f" {count(fmt.bad + fmt.parseable)} filled cells are no numbers, for example {examples}.",
                f"Map {name} to a column of numbers, or leave it out.",
            )
    decided = {fmt.decimal for fmt in formats.values() if not (fmt.ambiguous or fmt.typed) and fmt.thousands}
    decided |= {
        fmt.decimal
        for name, fmt in formats.items()
        if not (fmt.ambiguous or fmt.typed) and name != "quantity"
    }
    for name, fmt in formats.items():
        if not fmt.ambiguous:
            continue
        if len(decided) == 1:
            (separator,) = decided
            formats[name] = detect_number_format(raw, columns[name], separator)
            notes.append(
                f"{columns[name]!r} is read with {separator!r} as decimal separator, as the other numbers."
            )
            continue
        signs = set(fmt.currencies)
        comma = bool(fmt.examples) and "," in fmt.examples[0]
        if fmt.examples and (signs & _WITHOUT_DECIMALS or (comma and signs & _NO_DECIMAL_COMMA)):
            separator = "." if comma else ","
            formats[name] = detect_number_format(raw, columns[name], separator)
            continue
        raise OpenQuestions([_decimal_question(raw, columns[name], fmt)], "Reading the numbers")
    return formats


_STRIPE = {"id", "amount", "currency", "created"}
_STRIPE_IDS = ("ch_", "pi_", "py_", "in_", "txn_")
_NO_CENTS = {
    "jpy",
    "krw",
    "vnd",
    "clp",
    "pyg",
    "ugx",
    "xaf",
    "xof",
    "xpf",
    "rwf",
    "kmf",
    "mga",
    "gnf",
    "djf",
    "bif",
    "vuv",
}


def _is_stripes(raw: RawTable) -> bool:
    """The objects of Stripe's programs as a table, with its own kind of ids, in a currency that has cents."""
    if not set(raw.columns) >= _STRIPE or not all(
        raw.types[name] == "VARCHAR" for name in ("id", "currency")
    ):
        return False
    ids, currencies = raw.one(
        "SELECT bool_and({starts}), list(DISTINCT lower({currency})) FROM {head}",
        starts=" OR ".join(f"starts_with(id, '{start}')" for start in _STRIPE_IDS),
        currency=quote_identifier("currency"),
    )
    return bool(ids) and not set(currencies) & _NO_CENTS


def _in_hundredths(
    raw: RawTable, column: str, name: str, fmt: NumberFormat, notes: list[str]
) -> NumberFormat:
    if name == "quantity" or fmt.hundredths:
        return fmt
    (whole,) = raw.one("SELECT bool_and({value} = round({value})) FROM {raw}", value=number_sql(column, fmt))
    if not whole:
        return fmt
    notes.append(f"{column!r} is in hundredths, as Stripe's programs write it: it is divided by 100.")
    return replace(fmt, hundredths=True)


def _decimal_question(raw: RawTable, column: str, fmt: NumberFormat) -> Question:
    examples = ", ".join(repr(text) for text in fmt.examples[:3])
    choices = tuple(
        Choice(
            f"{words} marks decimals",
            {"decimal": mark},
            amount=raw.one(
                "SELECT coalesce(sum({v}), 0.0) FROM {raw}", v=number_sql(column, replace(fmt, decimal=mark))
            )[0],
            example=fmt.examples[0] if fmt.examples else "",
        )
        for mark, words in (
            (fmt.decimal, _MARKS[fmt.decimal]),
            *((m, w) for m, w in _MARKS.items() if m != fmt.decimal),
        )
    )
    return Question(
        "decimal",
        f"nothing in {column!r} tells whether its separator marks thousands or decimals, for example {examples}.",
        'Say which character marks decimals: "decimal": "." or "," in the mapping file (--map).',
        choices,
    )
