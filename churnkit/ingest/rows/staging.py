"""One statement: raw rows -> typed rows, each with its customer, its money and the reason to leave it out.

The statement is a chain of small queries: ``cells`` (typed), ``named`` (customer), ``filled`` (from the
order's first row), ``judged`` (reasons that need no order), ``orders`` (sums of an order, where a figure
counts once an order) and ``priced`` (money). What a file does not need is left out of the chain.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import duckdb

from churnkit.ingest.cells.customer_ids import text_sql
from churnkit.ingest.cells.dates import date_sql
from churnkit.ingest.cells.numbers import number_sql
from churnkit.ingest.cells.status_words import GUESTS, NOT_FLAGGED
from churnkit.ingest.engine import compose
from churnkit.ingest.files.raw_table import SOURCE_ROW, quote_identifier
from churnkit.ingest.rows.pricing import NUMERIC
from churnkit.ingest.rows.recipe import Recipe
from churnkit.ingest.rows.repeated_lines import DUPLICATES, find_duplicates
from churnkit.ingest.rows.row_money import MoneyQueries

STAGED = "staged"
TEXTS = ("product_id", "product_name", "category")

_LOWER_TEXTS = ("status", "item_status", "event_type", "cancelled", "captured")
# Cells that an order's further rows take from the first one.
_FILLED = ("identity", "ordered_at", "currency", "status", "cancelled", "captured")
_EARLIEST = "TIMESTAMP '1980-01-02'"

_MENDS = {
    "continuation_line": "continued",
    "id_decimals": "id_decimals AND real_id IS NOT NULL",
    "id_trimmed": "id_trimmed AND real_id IS NOT NULL",
    "email_lower_case": "email_lower_case",
    "other_identity": "other_identity",
    "order_id_made": "order_id_made",
    "refund_sign": "refund_sign",
    "discount_shared": "discount_shared",
    "refund_netted": "refund_netted",
    "order_total_shared": "order_total_shared",
    "currency_assumed": "currency_assumed",
}


def possible_mends(recipe: Recipe) -> tuple[str, ...]:
    """The mends that can occur with this recipe; staged rows flag them as ``mend_<reason>``."""
    has = recipe.mapping.columns.keys()
    once = recipe.pricing.once_per_order & has
    possible = {
        "continuation_line": recipe.first_row_only,
        "id_decimals": "customer_id" in has,
        "id_trimmed": "customer_id" in has,
        "email_lower_case": "email" in has,
        "other_identity": len(recipe.identity.fields) > 1,
        "order_id_made": "order_id" in has,
        "refund_sign": bool(recipe.statuses.refund_events) or "quantity" in has,
        "discount_shared": "discount" in once,
        "refund_netted": "refunded" in has,
        "order_total_shared": "order_total" in once,
        "currency_assumed": len(recipe.pricing.codes) == 1,
    }
    return tuple(name for name in _MENDS if possible[name])


def stage(connection: duckdb.DuckDBPyConnection, recipe: Recipe) -> None:
    """Fill the temporary table ``staged``: canonical columns, ``reason`` and one flag a mend.

    ``reason`` is NULL for rows to keep, else the first of the ledger's reasons that applies.
    """
    if recipe.drop_duplicates:
        find_duplicates(connection, recipe.raw)
    builder = _Builder(recipe, {"source": str(recipe.raw.path)})
    chain = [("cells", builder.cells()), ("named", builder.named())]
    if recipe.first_row_only:
        chain.append(("first_rows", builder.first_rows()))
    chain += [("filled", builder.filled()), ("judged", builder.judged())]
    money = MoneyQueries(recipe)
    if money.needs_orders:
        chain.append(("orders", money.orders()))
    chain.append(("priced", money.priced()))
    statement = compose(
        "CREATE OR REPLACE TEMP TABLE {staged} AS WITH {chain} {final}",
        staged=STAGED,
        chain=", ".join(f"{name} AS ({query})" for name, query in chain),
        final=builder.final(),
    )
    connection.execute(statement, builder.bound)


@dataclass
class _Builder:
    """The queries of the chain, and the values bound to them."""

    recipe: Recipe
    bound: dict[str, Any] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return name in self.recipe.mapping.columns

    def bind(self, name: str, value: object) -> str:
        self.bound[name] = value
        return f"${name}"

    def is_one_of(self, expression: str, name: str, values: tuple[str, ...]) -> str:
        """SQL condition: the text is one of the values; false for NULL."""
        if not values:
            return "false"
        return f"coalesce(list_contains({self.bind(name, list(values))}, {expression}), false)"

    def text(self, name: str) -> str:
        column = self.recipe.mapping.columns.get(name)
        if column is None:
            return "CAST(NULL AS VARCHAR)"
        plain = text_sql(column, self.recipe.types)
        if name not in self.recipe.identity.without_decimals:
            return plain
        return f"CASE WHEN suffix({plain}, '.0') THEN left({plain}, length({plain}) - 2) ELSE {plain} END"

    def number(self, name: str) -> str:
        column = self.recipe.mapping.columns.get(name)
        if column is None:
            return "CAST(NULL AS DOUBLE)"
        value = number_sql(column, self.recipe.pricing.numbers[name])
        return f"CASE WHEN isfinite({value}) THEN {value} END"

    def cells(self) -> str:
        """Typed cells by field."""
        at = date_sql(self.recipe.mapping.columns["ordered_at"], self.recipe.date)
        selected = [
            f"{quote_identifier(SOURCE_ROW)} AS source_row",
            f"CAST({at} AS TIMESTAMP) AS ordered_at",
            f"{self.text('order_id')} AS order_key",
            *(f"{self.text(name)} AS {name}_cell" for name in ("customer_id", "email", "phone")),
            *(f"{self.text(name)} AS {name}" for name in TEXTS),
            *(f"lower({self.text(name)}) AS {name}" for name in _LOWER_TEXTS),
            *(f"{self.number(name)} AS {name}" for name in NUMERIC),
            f"{self.currency()} AS currency",
            f"{self.id_was_trimmed()} AS id_trimmed",
            f"{self.id_had_decimals()} AS id_decimals",
        ]
        return compose("SELECT {selected} FROM read_parquet($source)", selected=", ".join(selected))

    def currency(self) -> str:
        pricing = self.recipe.pricing
        if self.has("currency"):
            return f"upper({self.text('currency')})"
        if not pricing.symbols:
            return "CAST(NULL AS VARCHAR)"
        money = self.text(pricing.route)
        cases = " ".join(
            f"WHEN contains({money}, {self.bind(f'sign_{place}', sign)})"
            f" THEN {self.bind(f'code_{place}', code)}"
            for place, (sign, code) in enumerate(zip(pricing.symbols, pricing.codes, strict=True))
        )
        return f"CASE {cases} END"

    def id_was_trimmed(self) -> str:
        column = self.recipe.mapping.columns.get("customer_id")
        if column is None or self.recipe.types[column] != "VARCHAR":
            return "false"
        return f"coalesce({text_sql(column, self.recipe.types)} <> {quote_identifier(column)}, false)"

    def id_had_decimals(self) -> str:
        column = self.recipe.mapping.columns.get("customer_id")
        if column is None:
            return "false"
        if "customer_id" in self.recipe.identity.without_decimals:
            return f"coalesce(suffix({text_sql(column, self.recipe.types)}, '.0'), false)"
        return "true" if self.recipe.types[column] in ("DOUBLE", "FLOAT") else "false"

    def named(self) -> str:
        """The customer of each row, and whether its cell named nobody."""
        guests = GUESTS + (("0",) if self.recipe.identity.zero_is_guest else ())
        nobody = self.bind("guests", list(guests))

        def real(cell: str) -> str:
            return f"CASE WHEN list_contains({nobody}, lower({cell})) THEN NULL ELSE {cell} END"

        first = "real_id IS NULL" if self.has("customer_id") else "real_email IS NULL"
        return compose(
            """
            SELECT *, coalesce(real_id, real_email, real_phone) AS identity,
                   coalesce(customer_id_cell, email_cell, phone_cell) IS NOT NULL AS any_customer,
                   coalesce(real_id IS NULL AND real_email <> email_cell, false) AS email_lower_case,
                   {first} AND coalesce(real_email, real_phone) IS NOT NULL AS other_identity
            FROM (
                SELECT *, {id} AS real_id, {email} AS real_email, {phone} AS real_phone FROM cells
            )
            """,
            first=first,
            id=real("customer_id_cell") if self.may_name_nobody() else "customer_id_cell",
            email=real("lower(email_cell)"),
            phone=real("phone_cell"),
        )

    def may_name_nobody(self) -> bool:
        """Whether a customer id can be a placeholder: a number other than 0 cannot."""
        column = self.recipe.mapping.columns.get("customer_id")
        is_number = column is not None and self.recipe.types[column] != "VARCHAR"
        return self.recipe.identity.zero_is_guest or not is_number

    def first_rows(self) -> str:
        """For each order, the first filled cell of every field that its further rows leave blank."""
        firsts = ", ".join(
            f"arg_min({name}, source_row) FILTER (WHERE {name} IS NOT NULL) AS first_{name}"
            for name in _FILLED
        )
        return compose(
            """
            SELECT order_key, count(*) AS line_count, count(product_name) AS item_count, {firsts}
            FROM named WHERE order_key IS NOT NULL GROUP BY order_key
            """,
            firsts=firsts,
        )

    def filled(self) -> str:
        if not self.recipe.first_row_only:
            return "SELECT *, false AS heading, false AS continued FROM named"
        heading = "coalesce(line_count > 1 AND item_count > 0, false) AND product_name IS NULL"
        return compose(
            """
            SELECT named.* REPLACE ({filled}), {heading} AS heading,
                   (named.identity IS NULL AND first_identity IS NOT NULL)
                   OR (named.ordered_at IS NULL AND first_ordered_at IS NOT NULL) AS continued
            FROM named LEFT JOIN first_rows USING (order_key)
            """,
            filled=", ".join(f"coalesce(named.{name}, first_{name}) AS {name}" for name in _FILLED),
            heading=heading if self.recipe.rules.heading_rows else "false",
        )

    def judged(self) -> str:
        """Reasons that need no other row, and the row's money before figures that count once an order."""
        money = MoneyQueries(self.recipe)
        refund = self.is_one_of("event_type", "refund_events", self.recipe.statuses.refund_events)
        cases = " ".join(f"WHEN {condition} THEN '{reason}'" for reason, condition in self.reasons())
        return compose(
            """
            SELECT *, CASE WHEN {gives_back} THEN -abs(gross) ELSE gross END AS money,
                   coalesce(({gives_back}) AND gross > 0, false) AS refund_sign
            FROM (
                SELECT *, {refund} AS refund_event, {gross} AS gross, {given} AS given, {weight} AS weight,
                       CASE {cases} END AS reason
                FROM filled
            )
            """,
            refund=refund,
            gives_back=money.gives_back(),
            gross=money.gross(),
            given=money.given(),
            weight=money.weight(),
            cases=cases,
        )

    def reasons(self) -> list[tuple[str, str]]:
        """(reason, condition) in the ledger's order."""
        recipe, statuses = self.recipe, self.recipe.statuses
        found = [
            ("summary_row", "heading OR (identity IS NULL AND NOT any_customer AND ordered_at IS NULL)"),
            ("unparseable_date", "ordered_at IS NULL"),
        ]
        if recipe.latest is not None:
            found.append(("future_date", f"ordered_at > {self.bind('latest', recipe.latest)}"))
        found += [
            ("implausible_date", f"ordered_at < {_EARLIEST}"),
            ("no_customer", "identity IS NULL AND NOT any_customer"),
            ("placeholder_customer", "identity IS NULL"),
        ]
        if recipe.drop_duplicates:
            copies = compose("source_row IN (SELECT source_row FROM {table})", table=DUPLICATES)
            found.append(("duplicate_line", copies))
        if self.has("cancelled"):
            flag = self.is_one_of("cancelled", "not_flagged", NOT_FLAGGED)
            found.append(("cancelled", f"cancelled IS NOT NULL AND NOT {flag}"))
        for name in ("status", "item_status"):
            found.append(("cancelled", self.is_one_of(name, "cancelled", statuses.cancelled)))
            found.append(("unpaid", self.is_one_of(name, "unpaid", statuses.unpaid)))
        if statuses.strict:
            found.append(("unpaid", f"NOT {self.is_one_of('status', 'kept', statuses.kept)}"))
        if self.has("captured"):
            found.append(("unpaid", self.is_one_of("captured", "not_flagged", NOT_FLAGGED)))
        if recipe.rules.bad_debt_prefix:
            prefix = self.bind("bad_debt_prefix", recipe.rules.bad_debt_prefix)
            found.append(("bad_debt", f"coalesce(starts_with(upper(order_key), {prefix}), false)"))
        if len(recipe.pricing.codes) > 1 and recipe.pricing.currency is not None:
            chosen = self.bind("currency", recipe.pricing.currency)
            found.append(("other_currency", f"currency IS DISTINCT FROM {chosen}"))
        if recipe.first_row_only and recipe.pricing.route == "unit_price":
            found.append(("continuation_line", "quantity IS NULL AND unit_price IS NULL"))
        return [(reason, condition) for reason, condition in found if condition != "false"]

    def final(self) -> str:
        """Canonical columns, the reason with those that depend on money, and the flags of mends."""
        returns = "WHEN is_return THEN 'return_ignored'" if self.recipe.ignore_returns else ""
        codes = self.recipe.pricing.codes
        currency = (
            f"coalesce(currency, {self.bind('only_currency', codes[0])})" if len(codes) == 1 else "currency"
        )
        mends = [f", {_MENDS[name]} AS mend_{name}" for name in possible_mends(self.recipe)]
        return compose(
            """
            SELECT source_row,
                   coalesce(order_key, identity || '@' || strftime(ordered_at, '%Y-%m-%d')) AS order_id,
                   identity AS customer_id, ordered_at, value AS amount, product_id, product_name, category,
                   quantity, unit_price, discount_money AS discount, {currency} AS currency, is_return,
                   coalesce(reason, CASE
                       WHEN value IS NULL OR NOT isfinite(value) THEN 'unparseable_amount'
                       WHEN refunded_in_full THEN 'cancelled'
                       {returns}
                       WHEN abs(value) < 1e-9 THEN 'zero_amount'
                   END) AS reason {mends}
            FROM (
                SELECT *, coalesce(value < 0, false) OR refund_event AS is_return,
                       {made} AS order_id_made, {assumed} AS currency_assumed
                FROM priced
            )
            """,
            currency=currency,
            returns=returns,
            mends="".join(mends),
            made="order_key IS NULL" if self.has("order_id") else "false",
            assumed="currency IS NULL" if len(codes) == 1 else "false",
        )
