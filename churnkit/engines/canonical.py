"""Canonical order lines as an engine reads them: the columns that features need, each of its type."""

from __future__ import annotations

from ibis.expr import types as ir

from churnkit.errors import DataError

_REQUIRED = {
    "order_id": "string",
    "customer_id": "string",
    "ordered_at": "timestamp(6)",
    "amount": "float64",
    "source_row": "int64",
}
_OPTIONAL = {"product_id": "string", "category": "string", "quantity": "float64", "discount": "float64"}

# What an analysis looks at besides.
_BESIDE = {"product_name": "string", "unit_price": "float64", "currency": "string", "is_return": "boolean"}


def canonical(table: ir.Table) -> ir.Table:
    """The columns that features need; errors as for :func:`all_canonical`."""
    found = all_canonical(table)
    # Without ids, names tell products apart (features.cancellations.with_items).
    named = () if "product_id" in found.columns else ("product_name",)
    wanted = {*_REQUIRED, *_OPTIONAL, *named}
    return found.select(*(name for name in found.columns if name in wanted))


def all_canonical(table: ir.Table) -> ir.Table:
    """All columns of canonical transactions that there are, each of its type.

    Raises
    ------
    DataError
        One is missing, or is of another kind.
    """
    schema = table.schema()
    missing = [name for name in _REQUIRED if name not in schema]
    if missing:
        raise DataError(
            f"Reading canonical Parquet: it must have the columns {', '.join(_REQUIRED)}; {len(missing)} are missing,"
            f" e.g. {missing[0]!r}.",
            "`python -m churnkit read FILE --output DIR` writes such a file of any export: transactions.parquet.",
        )
    wanted = {
        **_REQUIRED,
        **{name: kind for name, kind in {**_OPTIONAL, **_BESIDE}.items() if name in schema},
    }
    wrong = [name for name, kind in wanted.items() if not _fits(schema[name], kind)]
    if wrong:
        raise DataError(
            f"Reading canonical Parquet: the column {wrong[0]!r} must be a {_WORDS[wanted[wrong[0]]]}; it is a"
            f" {schema[wrong[0]]}.",
            "`python -m churnkit read FILE --output DIR` writes such a file of any export: transactions.parquet.",
        )
    return table.select(**{name: table[name].cast(kind) for name, kind in wanted.items()})


_WORDS = {
    "string": "text",
    "timestamp(6)": "timestamp",
    "float64": "number",
    "int64": "whole number",
    "boolean": "yes or no",
}


def _fits(dtype: object, kind: str) -> bool:
    tests = {
        "string": ("is_string",),
        "timestamp(6)": ("is_timestamp", "is_date"),
        "float64": ("is_numeric",),
        "int64": ("is_integer",),
        "boolean": ("is_boolean",),
    }
    return any(getattr(dtype, test)() for test in tests[kind])
