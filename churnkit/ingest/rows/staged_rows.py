"""The one statement that turns raw rows into canonical ones: cells, customer, order, reasons to drop, money."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import duckdb

from churnkit.ingest.cells import TURNED
from churnkit.ingest.columns import FILLED_ROWS
from churnkit.ingest.engine import Row, compose, in_order, one_row, quote_identifier
from churnkit.ingest.files import SOURCE_ROW
from churnkit.ingest.rows.bound_values import BoundValues
from churnkit.ingest.rows.drop_reasons import drop_reasons
from churnkit.ingest.rows.money_sql import MoneyQueries
from churnkit.ingest.rows.one_person import NOBODY_TWICE, SamePeople, find_same_people
from churnkit.ingest.rows.reading_plan import ReadingPlan
from churnkit.ingest.rows.repeated_lines import part_sql
from churnkit.ingest.rows.repeated_orders import Repeats, find_repeats
from churnkit.ingest.rows.shared_orders import RENUMBERED
from churnkit.ingest.rows.typed_cells import TEXTS, CellQueries

_STAGED = "staged"
_CELLS = "staged_cells"

# Cells that an order's further rows take from the first one.
_FILLED = ("identity", "ordered_at", "currency", "cancelled", "captured")

# Two purchases of one day are two orders where the file says at what time they were made.
_MOMENT = (
    "CASE WHEN ordered_at = date_trunc('day', ordered_at) THEN strftime(ordered_at, '%Y-%m-%d')"
    " ELSE strftime(ordered_at, '%Y-%m-%d %H:%M') END"
)
_TURNED = compose("source_row IN (SELECT source_row FROM {turned})", turned=TURNED)

MENDS = {
    "filled_above": compose("source_row IN (SELECT source_row FROM {table})", table=FILLED_ROWS),
    "continuation_line": "continued",
    "id_decimals": "id_decimals AND real_id IS NOT NULL",
    "id_trimmed": "id_trimmed AND real_id IS NOT NULL",
    "email_lower_case": "email_lower_case",
    "other_identity": "other_identity",
    "one_person": "one_person",
    "order_id_made": "order_id_made",
    "refund_sign": "refund_sign",
    "discount_shared": "discount_shared",
    "refund_netted": "refund_netted",
    "order_total_shared": "order_total_shared",
    "currency_assumed": "currency_assumed",
    "date_other_order": _TURNED,
    "date_swapped": _TURNED,
}


def possible_mends(plan: ReadingPlan) -> tuple[str, ...]:
    """The mends that can occur with this plan; staged rows flag them as ``mend_<reason>``."""
    has = plan.mapping.columns.keys()
    once = plan.money.once_per_order & has
    possible = {
        "filled_above": bool(plan.raw.filled_rows),
        "continuation_line": plan.first_row_only,
        "id_decimals": "customer_id" in has,
        "id_trimmed": "customer_id" in has,
        "email_lower_case": "email" in has,
        "other_identity": len(plan.identity.fields) > 1,
        "one_person": plan.identity.may_meet_again,
        "order_id_made": "order_id" in has,
        "refund_sign": bool(plan.kinds.returns) or "quantity" in has,
        "discount_shared": "discount" in once,
        "refund_netted": "refunded" in has,
        "order_total_shared": "order_total" in once,
        "date_other_order": plan.mixed_dates == "other_order",
        "date_swapped": plan.mixed_dates == "spreadsheet",
        "currency_assumed": len(plan.money.currencies.codes) == 1,
    }
    return tuple(name for name in MENDS if possible[name])


@dataclass(frozen=True)
class StagedRows:
    """The rows of a raw table with canonical columns, ``reason`` and one flag ``mend_<reason>`` a mend.

    ``reason`` is NULL for rows to keep, else the first of the ledger's reasons that applies. Statements name the
    table by the slot ``{staged}``.
    """

    plan: ReadingPlan
    repeats: Repeats
    people: SamePeople = NOBODY_TWICE

    @property
    def table(self) -> str:
        """Its name in statements of the raw table."""
        return _STAGED

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """Where the table is, until its raw table is closed."""
        return self.plan.raw.connection

    def one(self, template: str, bound: Mapping[str, object] | None = None, /, **slots: str) -> Row:
        """The only row of a statement about this table."""
        return one_row(self.connection, compose(template, staged=_STAGED, **slots), bound)

    def rows(self, template: str, bound: Mapping[str, object] | None = None, /, **slots: str) -> list[Row]:
        """All rows of a statement about this table."""
        return self.connection.execute(
            compose(template, staged=_STAGED, **slots), dict(bound or {})
        ).fetchall()

    def run(self, template: str, bound: Mapping[str, object] | None = None, /, **slots: str) -> None:
        """Run a statement that makes another table of this one."""
        self.connection.execute(compose(template, staged=_STAGED, **slots), dict(bound or {}))


def stage(plan: ReadingPlan) -> StagedRows:
    """Read every row as planned."""
    repeats = find_repeats(plan)
    people = _same_people(plan)
    queries = _Queries(plan, people, repeats)
    chain = [("named", queries.cells.named())]
    if plan.first_row_only:
        chain.append(("first_rows", queries.first_rows()))
    chain += [("filled", queries.filled()), ("judged", queries.judged())]
    if queries.money.needs_orders:
        chain.append(("orders", queries.money.orders()))
    chain.append(("priced", queries.money.priced()))
    with in_order(plan.raw.connection):
        plan.raw.run(
            """
            CREATE OR REPLACE TEMP TABLE {staged} AS
            WITH cells AS ({cells}), {chain} {final}
            """,
            queries.bound.values,
            staged=_CELLS,
            cells=queries.all_cells(),
            chain=", ".join(f"{name} AS ({query})" for name, query in chain),
            final=queries.final(),
        )
    plan.raw.connection.execute(
        compose(
            "CREATE OR REPLACE TEMP VIEW {staged} AS SELECT *{empty} FROM {cells}",
            staged=_STAGED,
            cells=_CELLS,
            empty="".join(f", CAST(NULL AS {kind}) AS {name}" for name, kind in queries.empty().items()),
        )
    )
    return StagedRows(plan, repeats, people)


def _same_people(plan: ReadingPlan) -> SamePeople:
    if not plan.identity.may_meet_again:
        return NOBODY_TWICE
    bound = BoundValues()
    queries = CellQueries(plan, bound)
    cells, people = queries.identities(), queries.real_people()
    return find_same_people(plan.raw, cells, people, bound.values, decimals=plan.identity.both_spellings)


@dataclass(frozen=True)
class _Queries:
    """The queries of the chain between the cells and the table."""

    plan: ReadingPlan
    people: SamePeople
    repeats: Repeats
    bound: BoundValues = field(default_factory=BoundValues)

    @property
    def cells(self) -> CellQueries:
        return CellQueries(self.plan, self.bound, self.people)

    @property
    def money(self) -> MoneyQueries:
        return MoneyQueries(self.plan)

    def all_cells(self) -> str:
        """Typed cells of every row; a number that means another order in each part is told apart by the part."""
        cells = compose(
            "SELECT {row} AS source_row, {cells} FROM {raw}",
            row=quote_identifier(SOURCE_ROW),
            raw=self.plan.raw.source,
            cells=self.cells.columns(),
        )
        if not self.repeats.renumbered:
            return cells
        names = self.bound.add("part_names", [part.name for part in self.plan.raw.parts])
        return compose(
            """
            SELECT * REPLACE (CASE WHEN order_key IN (SELECT key FROM {renumbered})
                                   THEN order_key || ' (' || {names}[1 + ({part})] || ')' ELSE order_key END AS order_key)
            FROM ({cells})
            """,
            renumbered=RENUMBERED,
            names=names,
            part=part_sql(self.plan.raw),
            cells=cells,
        )

    def first_rows(self) -> str:
        """For each order, the first filled cell of every field that its further rows leave blank."""
        firsts = ", ".join(
            f"arg_min({name}, source_row) FILTER (WHERE {name} IS NOT NULL) AS first_{name}"
            for name in self._filled()
        )
        return compose(
            """
            SELECT order_key, count(*) AS line_count, count(product_name) AS item_count, {firsts}
            FROM named WHERE order_key IS NOT NULL GROUP BY order_key
            """,
            firsts=firsts,
        )

    def _filled(self) -> tuple[str, ...]:
        return (*_FILLED, *self.plan.statuses.cells.of_order())

    def filled(self) -> str:
        if not self.plan.first_row_only:
            return "SELECT *, false AS heading, false AS continued FROM named"
        heading = "coalesce(line_count > 1 AND item_count > 0, false) AND product_name IS NULL"
        return compose(
            """
            SELECT named.* REPLACE ({filled}), {heading} AS heading,
                   (named.identity IS NULL AND first_identity IS NOT NULL)
                   OR (named.ordered_at IS NULL AND first_ordered_at IS NOT NULL) AS continued
            FROM named LEFT JOIN first_rows USING (order_key)
            """,
            filled=", ".join(f"{self._cell_or_first(name)} AS {name}" for name in self._filled()),
            heading=heading if self.plan.rules.heading_rows else "false",
        )

    def _cell_or_first(self, name: str) -> str:
        """A row with a status of its own was not cancelled because another row was: two orders can share a number."""
        filled = f"coalesce(named.{name}, first_{name})"
        own = " OR ".join(f"named.{cell} IS NOT NULL" for cell in self.plan.statuses.cells.of_order())
        return (
            f"CASE WHEN {own} THEN named.cancelled ELSE {filled} END"
            if own and name == "cancelled"
            else filled
        )

    def judged(self) -> str:
        """Reasons that need no other row, and the row's money before figures that count once an order."""
        refund = self.bound.is_one_of("event_type", "returns", self.plan.kinds.returns)
        cases = " ".join(
            f"WHEN {condition} THEN '{reason}'"
            for reason, condition in drop_reasons(self.plan, self.repeats, self.bound)
        )
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
            gives_back=self.money.gives_back(),
            gross=self.money.gross(),
            given=self.money.given(),
            weight=self.money.weight(),
            cases=cases,
        )

    def empty(self) -> dict[str, str]:
        """Canonical columns that this file leaves empty, with their types: a view adds them, so that nothing is kept."""
        found = {name: "VARCHAR" for name in TEXTS if not self.plan.has(name)}
        currencies = self.plan.money.currencies
        if not (self.plan.has("currency") or currencies.codes or currencies.symbols):
            found["currency"] = "VARCHAR"
        if not (self.plan.has("discount") or self.money.needs_orders):
            found["discount"] = "DOUBLE"
        return found

    def final(self) -> str:
        """Canonical columns, the reason with those that depend on money, and the flags of mends."""
        returns = "WHEN is_return THEN 'return_ignored'" if self.plan.ignore_returns else ""
        codes = self.plan.money.currencies.codes
        currency = (
            f"coalesce(currency, {self.bound.add('only_currency', codes[0])})"
            if len(codes) == 1
            else "currency"
        )
        mends = [f", {MENDS[name]} AS mend_{name}" for name in possible_mends(self.plan)]
        cells = {
            **{name: name for name in TEXTS},
            "discount": "discount_money",
            "currency": currency,
        }
        empty = self.empty()
        return compose(
            """
            SELECT source_row,
                   coalesce(order_key, identity || '@' || {moment}) AS order_id,
                   identity AS customer_id, ordered_at, value AS amount, quantity, unit_price, is_return, {cells}
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
            moment=_MOMENT,
            cells="".join(f"{cell} AS {name}, " for name, cell in cells.items() if name not in empty),
            returns=returns,
            mends="".join(mends),
            made="order_key IS NULL" if self.plan.has("order_id") else "false",
            assumed="currency IS NULL" if len(codes) == 1 else "false",
        )
