"""The part of the staging statement that makes a row's money, alone or as its share of the order's."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.ingest.engine import compose
from churnkit.ingest.rows.reading_plan import ReadingPlan

# Half a cent: a refund this close to the order's value is a full one.
_HALF_CENT = "0.005"

# Figures of an order that keep their sign; what is given away or back is written with either.
_SIGNED = ("order_total", "order_subtotal")


@dataclass(frozen=True)
class MoneyQueries:
    """SQL over the rows of ``judged`` (see `churnkit.ingest.rows.staged_rows`), whose cells are numbers already."""

    plan: ReadingPlan

    @property
    def once(self) -> frozenset[str]:
        """Mapped figures that count once an order."""
        return frozenset(name for name in self.plan.money.once_per_order if self.plan.has(name))

    @property
    def needs_orders(self) -> bool:
        """Some figure counts once an order."""
        return bool(self.once) and self.plan.has("order_id")

    @property
    def takes_discount_off(self) -> bool:
        """The discount is not yet taken off the money."""
        return self.plan.money.route == "unit_price" or self.plan.rules.less_discount

    def weight(self) -> str:
        """What a line counts in its order's total."""
        return "quantity * unit_price" if self.plan.has("quantity") and self.plan.has("unit_price") else "1"

    def gross(self) -> str:
        """The row's money, less the discount of the row itself."""
        line: str = self.plan.money.route
        if line == "unit_price":
            line = f"{'quantity' if self.plan.has('quantity') else '1'} * unit_price"
        if not (self.takes_discount_off and self.plan.has("discount")) or "discount" in self.once:
            return line
        # A discount above the price is no negative sale.
        return f"({line}) - sign({line}) * least({self.given()}, abs({line}))"

    def gives_back(self) -> str:
        """Condition: the row is a refund by its type or by its number of pieces, whatever sign its money has."""
        if self.plan.has("quantity") and self.plan.money.route != "order_total":
            return "refund_event OR coalesce(quantity < 0, false)"
        return "refund_event"

    def given(self) -> str:
        """Positive money given away on the row, as far as the row itself says."""
        if not self.plan.has("discount") or "discount" in self.once:
            return "CAST(NULL AS DOUBLE)"
        if self.plan.money.discount_kind == "money":
            return "coalesce(abs(discount), 0)"
        share = "least(coalesce(abs(discount), 0), 1)"
        if self.plan.money.discount_kind == "percent":
            share = "least(coalesce(abs(discount), 0) / 100, 1)"
        if self.plan.money.route == "unit_price":
            return f"{share} * abs({'quantity' if self.plan.has('quantity') else '1'} * unit_price)"
        # The money is what was paid, so the list price is paid / (1 - share).
        paid = f"abs({self.plan.money.route})"
        return f"CASE WHEN {share} < 1 THEN {paid} * {share} / (1 - {share}) ELSE 0 END"

    def orders(self) -> str:
        """Sums over the rows of each order that are still in, and its figures that count once."""
        figures = {name: name if name in _SIGNED else f"abs({name})" for name in sorted(self.once)}
        firsts = ", ".join(
            f"arg_min({figure}, source_row) FILTER (WHERE {name} IS NOT NULL) AS order_{name}"
            for name, figure in figures.items()
        )
        return compose(
            """
            SELECT order_key, count(*) AS order_lines, sum(money) AS order_money,
                   sum(weight) AS order_weight, {firsts}
            FROM judged WHERE reason IS NULL AND order_key IS NOT NULL GROUP BY order_key
            """,
            firsts=firsts,
        )

    def priced(self) -> str:
        """Money with the order's total, discount and refund shared over its lines."""
        if not self.needs_orders:
            value, full, part = self.less_refund("money")
            return compose(
                """
                SELECT *, given AS discount_money, false AS discount_shared, false AS order_total_shared,
                       {value} AS value, {full} AS refunded_in_full, {part} AS refund_netted
                FROM judged
                """,
                value=value,
                full=full,
                part=part,
            )
        line, order_money, off = self.shares()
        value, full, part = self.less_refund("net")
        return compose(
            """
            SELECT *, {value} AS value, {full} AS refunded_in_full, {part} AS refund_netted
            FROM (
                SELECT *, line - line_off AS net, order_money - off AS order_net,
                       {discount} AS discount_money, line_off <> 0 AS discount_shared
                FROM (
                    SELECT *, {off} AS off, coalesce({off} * line / nullif(order_money, 0), 0) AS line_off
                    FROM (
                        SELECT judged.*, orders.* EXCLUDE (order_key, order_money), {line} AS line,
                               {order_money} AS order_money, {shared} AS order_total_shared
                        FROM judged LEFT JOIN orders USING (order_key)
                    )
                )
            )
            """,
            value=value,
            full=full,
            part=part,
            off=off,
            line=line,
            order_money=order_money,
            discount=self.shared_discount(off),
            shared="order_lines > 1" if "order_total" in self.once else "false",
        )

    def shares(self) -> tuple[str, str, str]:
        """(money of the line, money of its order, what is taken off the order) before refunds."""
        line, order_money, off = "money", "orders.order_money", "0"
        if "order_total" in self.once:
            weighted = "coalesce(weight, 0) / order_weight"
            share = f"CASE WHEN order_weight > 0 THEN {weighted} ELSE 1.0 / order_lines END"
            order_money = "CASE WHEN refund_event THEN -abs(order_order_total) ELSE order_order_total END"
            line = f"coalesce(({order_money}) * ({share}), money)"
        if "discount" in self.once and self.takes_discount_off:
            off = "least(coalesce(order_discount, 0), greatest(order_money, 0))"
        if "order_subtotal" in self.once and self.plan.money.route == "unit_price":
            less = "order_money - order_order_subtotal"
            off = f"coalesce(CASE WHEN abs({less}) < {_HALF_CENT} THEN 0 ELSE {less} END, {off})"
        return line, order_money, off

    def shared_discount(self, off: str) -> str:
        """The line's part of what was given away; ``off`` is what is taken off the order for it."""
        if off != "0":
            return "CASE WHEN off > 0 THEN abs(line_off) ELSE 0 END"
        if "discount" not in self.once:
            return "given"
        return "coalesce(order_discount * abs(line) / nullif(abs(order_money), 0), 0)"

    def less_refund(self, net: str) -> tuple[str, str, str]:
        """(money less the refund, refunded in full, refunded at all) as SQL."""
        if not self.plan.has("refunded") or self.plan.ignore_returns:
            return net, "false", "false"
        if "refunded" in self.once and self.needs_orders:
            given_back, paid = "coalesce(order_refunded, 0)", "order_net"
            left = f"{net} * greatest(0, 1 - {given_back} / order_net)"
            value = f"CASE WHEN order_net > 0 THEN {left} ELSE {net} END"
        else:
            given_back, paid = "coalesce(abs(refunded), 0)", net
            value = f"{net} - {given_back}"
        full = f"coalesce({paid} > 0 AND {given_back} >= {paid} - {_HALF_CENT}, false)"
        return value, full, f"{given_back} > 0"
