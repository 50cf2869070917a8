"""The part of the staging statement that makes values of a row's cells and says whom they name."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.ingest.cells import GUEST_ADDRESS, GUESTS, NO_NUMBERS, date_sql, number_sql, trimmed_sql
from churnkit.ingest.columns import column_of
from churnkit.ingest.engine import compose, quote_identifier
from churnkit.ingest.rows.bound_values import BoundValues
from churnkit.ingest.rows.money_rules import NUMERIC
from churnkit.ingest.rows.one_person import NOBODY_TWICE, SAME_PEOPLE, SamePeople
from churnkit.ingest.rows.reading_plan import ReadingPlan

TEXTS = ("product_id", "product_name", "category")

_LOWER_TEXTS = ("event_type", "cancelled", "captured")


@dataclass(frozen=True)
class CellQueries:
    """SQL over the raw table, and over the rows of ``cells`` that it gives."""

    plan: ReadingPlan
    bound: BoundValues
    people: SamePeople = NOBODY_TWICE

    def columns(self) -> str:
        """Typed cells by field, as columns of a statement on the raw table."""
        at = date_sql(self.plan.mapping.columns["ordered_at"], self.plan.date)
        selected = [
            f"CAST({at} AS TIMESTAMP) AS ordered_at",
            f"{self._order_key()} AS order_key",
            self.identities(),
            *(f"{self._text(name)} AS {name}" for name in TEXTS),
            *(f"lower({self._text(name)}) AS {name}" for name in _LOWER_TEXTS),
            *self._statuses(),
            *(f"{self._number(name)} AS {name}" for name in NUMERIC),
            f"{self._currency()} AS currency",
            f"{self._id_was_trimmed()} AS id_trimmed",
            f"{self._id_had_decimals()} AS id_decimals",
        ]
        return ", ".join(selected)

    def real_people(self) -> str:
        """The rows with the id, address and number of the buyer, NULL where the cell names nobody."""
        guests = GUESTS + self.plan.nobody + (("0",) if self.plan.identity.zero_is_guest else ())
        words = [*guests, *self.people.nobody]
        nobody = self.bound.add("guests", words)
        address = self.bound.add("guest_address", GUEST_ADDRESS) if self.plan.has("email") else "''"
        # Most ids end in a digit and few words for nobody do: one sign is looked at before the list is.
        by_last_sign = not any(_ends_in_digit(word) for word in words)
        named = "right({cell}, 1) BETWEEN '0' AND '9'" if by_last_sign else ""
        is_named = by_last_sign and self.plan.mapping.columns.get("customer_id") in self.plan.raw.tidy

        def real(cell: str) -> str:
            first = f"WHEN {named.format(cell=cell)} THEN {cell} " if named else ""
            return f"CASE {first}WHEN list_contains({nobody}, lower({cell})) THEN NULL ELSE {cell} END"

        return compose(
            "SELECT *, {id} AS real_id, {email} AS real_email, {phone} AS real_phone FROM cells",
            id=real("customer_id_cell") if self._may_name_nobody() and not is_named else "customer_id_cell",
            email=f"CASE WHEN NOT regexp_full_match(lower(email_cell), {address}) THEN {real('lower(email_cell)')} END",
            phone=real("phone_cell"),
        )

    def identities(self) -> str:
        """The cells that may name a buyer, as columns of a statement on the raw table."""
        return compose(
            "{id} AS customer_id_cell, {email} AS email_cell, {phone} AS phone_cell",
            id=self._text("customer_id"),
            email=self._email(),
            phone=self._phone(),
        )

    def named(self) -> str:
        """The customer of each row, and whether its cell named nobody."""
        first = "real_id IS NULL" if self.plan.has("customer_id") else "real_email IS NULL"
        named = compose(
            """
            SELECT *, coalesce(real_id, real_email, real_phone) AS identity,
                   coalesce(customer_id_cell, email_cell, phone_cell) IS NOT NULL AS any_customer,
                   coalesce(real_id IS NULL AND real_email <> email_cell, false) AS email_lower_case,
                   {first} AND coalesce(real_email, real_phone) IS NOT NULL AS other_identity
            FROM ({people})
            """,
            first=first,
            people=self.real_people(),
        )
        if not self.people.count:
            return compose("SELECT *, false AS one_person FROM ({named})", named=named)
        return compose(
            """
            SELECT row.* REPLACE (
                       CASE WHEN same.identity IS NULL THEN row.identity ELSE same.person END AS identity
                   ), same.person IS NOT NULL AS one_person
            FROM ({named}) AS row LEFT JOIN {same} AS same ON same.identity = row.identity
            """,
            named=named,
            same=SAME_PEOPLE,
        )

    def _statuses(self) -> tuple[str, ...]:
        cells = self.plan.statuses.cells
        if "paid_on" not in cells.names():
            return cells.sql(self.plan.raw, "")
        return cells.sql(self.plan.raw, self.bound.add("doorstep", list(cells.doorstep)))

    def _text(self, name: str) -> str:
        column = self.plan.mapping.columns.get(name)
        if column is None:
            return "CAST(NULL AS VARCHAR)"
        plain = trimmed_sql(self.plan.raw, column)
        if name not in self.plan.identity.without_decimals:
            return plain
        return f"CASE WHEN suffix({plain}, '.0') THEN left({plain}, length({plain}) - 2) ELSE {plain} END"

    def _order_key(self) -> str:
        """The order's number; a word that says there is none would make one order of all that bear it."""
        cell, column = self._text("order_id"), self.plan.mapping.columns.get("order_id")
        if self.plan.no_numbers:
            shared = self.bound.add("shared_numbers", list(self.plan.no_numbers))
            cell = f"CASE WHEN {cell} IN (SELECT unnest({shared})) THEN NULL ELSE {cell} END"
        if column is None or self.plan.raw.types[column] != "VARCHAR" or column in self.plan.raw.tidy:
            return cell
        none = self.bound.add("no_numbers", list(NO_NUMBERS))
        return compose(
            "CASE WHEN right({cell}, 1) BETWEEN '0' AND '9' THEN {cell}"
            " WHEN list_contains({none}, lower({cell})) THEN NULL ELSE {cell} END",
            cell=cell,
            none=none,
        )

    def _phone(self) -> str:
        """The buyer's number, from the columns beside it where its own cell is blank."""
        own, raw = self._text("phone"), self.plan.raw
        others = [column_of((header,), raw.columns) for header in self.plan.rules.other_phones]
        found = [trimmed_sql(raw, name) for name in others if name and self.plan.has("phone")]
        return f"coalesce({', '.join([own, *found])})" if found else own

    def _email(self) -> str:
        """The address of the customer: who pays, or who is paid where money goes out."""
        payer = self._text("email")
        receiver = column_of(self.plan.rules.receiver, self.plan.raw.columns)
        if receiver is None or not self.plan.has("amount"):
            return payer
        return f"CASE WHEN {self._number('amount')} < 0 THEN {trimmed_sql(self.plan.raw, receiver)} ELSE {payer} END"

    def _number(self, name: str) -> str:
        column = self.plan.mapping.columns.get(name)
        if column is None:
            return "CAST(NULL AS DOUBLE)"
        value = number_sql(column, self.plan.money.numbers[name])
        return f"CASE WHEN isfinite({value}) THEN {value} END"

    def _currency(self) -> str:
        currencies = self.plan.money.currencies
        if self.plan.has("currency"):
            return f"upper({self._text('currency')})"
        if not currencies.symbols:
            return "CAST(NULL AS VARCHAR)"
        money = self._text(self.plan.money.route)
        cases = " ".join(
            f"WHEN contains({money}, {self.bound.add(f'sign_{place}', sign)})"
            f" THEN {self.bound.add(f'code_{place}', code)}"
            for place, (sign, code) in enumerate(zip(currencies.symbols, currencies.codes, strict=True))
        )
        return f"CASE {cases} END"

    def _id_was_trimmed(self) -> str:
        column = self.plan.mapping.columns.get("customer_id")
        if column is None or self.plan.raw.types[column] != "VARCHAR" or column in self.plan.raw.tidy:
            return "false"
        return f"coalesce({trimmed_sql(self.plan.raw, column)} <> {quote_identifier(column)}, false)"

    def _id_had_decimals(self) -> str:
        column = self.plan.mapping.columns.get("customer_id")
        if column is None:
            return "false"
        return "true" if self.plan.raw.types[column] in ("DOUBLE", "FLOAT") else "false"

    def _may_name_nobody(self) -> bool:
        """Whether a customer id can be a placeholder: a number other than 0 cannot."""
        column = self.plan.mapping.columns.get("customer_id")
        is_number = column is not None and self.plan.raw.types[column] != "VARCHAR"
        return self.plan.identity.zero_is_guest or bool(self.plan.nobody) or not is_number


def _ends_in_digit(word: str) -> bool:
    return "0" <= word[-1:] <= "9"
