"""Checks of the gate on the orders kept: one customer behind many of them, one order that is most of the money, returns."""

from __future__ import annotations

from churnkit.ingest.cells import text_sql
from churnkit.ingest.columns import normalise_header
from churnkit.ingest.engine import quote_identifier
from churnkit.ingest.questions import Check, Choice
from churnkit.ingest.rows.gate_facts import GateFacts
from churnkit.text import figures
from churnkit.text.figures import day

# With this many customers or more, nobody places a fifth of all orders.
_MANY_CUSTOMERS, _MAX_SHARE = 30, 0.2
# Where the next one places far fewer, a smaller share is somebody who is nobody, or a dealer among people.
_SHARE_OF_NOBODY, _TIMES_THE_NEXT, _VERY_MANY_CUSTOMERS = 0.08, 3, 100
# With fewer, a customer may place so many times an even share, but not nearly all.
_TIMES_EVEN, _MAX_SHARE_OF_FEW = 5, 0.9
_MIN_ORDERS = 20
# So many orders a customer on average are a column of something else: a branch, a group, a flag.
_MANY_ORDERS, _MAX_ORDERS_EACH = 200, 200
_FEW_CUSTOMERS = 10
# Of so many orders some are by people who came back; two people of one name are rarer than this.
_ENOUGH_ORDERS, _ONCE, _NAMES_BACK = 100, 0.99, 0.7
_MAX_ORDER_SHARE, _MIN_ORDERS_BESIDE = 0.25, 50
_MAX_RETURNS = 0.5
# A number typed wrong, or an order handed on to a friend.
_MAX_SHARED = 0.02
_MOSTLY_FILLED = 0.5


def check_one_customer(facts: GateFacts) -> Check:
    """Whether one customer placed more of the orders than a person does: a placeholder, the shop's own address."""
    found = facts.staged.rows(
        """
        SELECT customer_id, orders, money, example FROM gate_customers WHERE orders > 0
        ORDER BY orders DESC, customer_id LIMIT 2
        """
    )
    if not found or facts.orders < _MIN_ORDERS:
        return Check("one_customer", True, "")
    name, orders, money, example = found[0]
    limit = _MAX_SHARE
    if facts.customers < _MANY_CUSTOMERS:
        limit = min(_MAX_SHARE_OF_FEW, max(_MAX_SHARE, _TIMES_EVEN / facts.customers))
    elif facts.customers >= _VERY_MANY_CUSTOMERS and orders >= _TIMES_THE_NEXT * found[1][1]:
        limit = _SHARE_OF_NOBODY
    return Check(
        "one_customer",
        orders <= limit * facts.orders,
        f"One customer, {name!r}, has {figures.count(orders)} of {figures.count(facts.orders)} orders"
        f" ({figures.percent(orders / facts.orders)}, {figures.money(money)}), for example order {example!r}.",
        "If this is a placeholder (cash sale, guest, the shop's own address), leave its orders out"
        f' ("nobody": ["{name}"] in the answers), or map another column as the customer.',
        choices=(
            Choice(f"{name} is nobody: leave those orders out", {"nobody": [name]}, None, orders, money),
        ),
    )


def check_come_back(facts: GateFacts) -> Check:
    """Whether customers come back, where their names do: a marketplace may give each order an address of its own."""
    plan = facts.staged.plan
    column = plan.mapping.columns.get("customer_name")
    if column is None or facts.orders < _ENOUGH_ORDERS or facts.customers <= _ONCE * facts.orders:
        return Check("come_back", True, "")
    (people,) = plan.raw.one(
        """
        SELECT count(DISTINCT lower(trim({name}))) FROM {raw}
        WHERE {row} IN (SELECT source_row FROM {staged} WHERE reason IS NULL)
        """,
        name=text_sql(column),
        staged=facts.staged.table,
    )
    return Check(
        "come_back",
        people >= _NAMES_BACK * facts.orders,
        f"{figures.count(facts.orders)} orders have {figures.count(facts.customers)} customers, so nobody comes back, but"
        f" {column!r} holds {figures.count(people)} names that do: somebody between the shop and its customers may give each"
        " order an id or address of its own.",
        "Export the orders with what tells customers apart; where names are unique here, map that column as customer_id.",
        right="It is right: people of one name are different customers",
    )


def check_few_customers(facts: GateFacts) -> Check:
    """Whether the customers are a handful for very many orders."""
    few = facts.customers <= _FEW_CUSTOMERS or facts.orders > _MAX_ORDERS_EACH * facts.customers
    return Check(
        "few_customers",
        not (few and facts.orders >= _MANY_ORDERS),
        f"{figures.count(facts.orders)} orders belong to {figures.counted(facts.customers, 'customer')}: the column of the"
        " customer may hold something else, such as a branch, a group or a flag.",
        "Map the column that names the single customer (customer_id, email or phone).",
    )


def check_one_order(facts: GateFacts) -> Check:
    """Whether one order is a large part of all money: a total left in, a typing error, a number that is no money."""
    found = facts.staged.rows(
        """
        SELECT order_id, amount, ordered_at, first_row FROM gate_orders ORDER BY amount DESC, order_id LIMIT 1
        """
    )
    order, amount, moment, row = found[0]
    fails = facts.orders >= _MIN_ORDERS_BESIDE and amount > _MAX_ORDER_SHARE * facts.sales
    share = figures.percent(amount / facts.sales) if facts.sales else ""
    return Check(
        "one_order",
        not fails,
        f"One order is {share} of all money: order {order!r} of {day(moment)} (row {figures.count(row)}) with"
        f" {figures.money(amount)} of {figures.money(facts.sales)}.",
        "If it is a total, a test or a typing error, take the row out of the file and read it again.",
    )


def check_returns(facts: GateFacts) -> Check:
    """Whether more than half of the sales is given back: then signs or rows are misread."""
    fails = facts.orders + 1 >= _MIN_ORDERS and facts.returns > _MAX_RETURNS * facts.sales
    return Check(
        "returns",
        not fails,
        f"Orders below zero come to {figures.money(facts.returns)}, sales to {figures.money(facts.sales)}.",
        "If the file writes sales as negative amounts, or holds payouts and fees, map another column of money or leave"
        " those rows out.",
    )


def check_shared_numbers(facts: GateFacts) -> Check:
    """Whether order numbers are used again for other customers on other days: several shops, or numbers that begin anew."""
    if not facts.staged.plan.has("order_id"):
        return Check("shared_numbers", True, "")
    shared, number = facts.staged.one(
        "SELECT count(*), min(order_id) FROM gate_orders WHERE is_shared AND lasted >= INTERVAL 1 DAY"
    )
    split = facts.staged.plan.no_numbers if facts.staged.plan.numbers_of_customers else ()
    if split:
        shared, number = len(split), split[0]
    fails = bool(split) or shared > max(1, _MAX_SHARED * facts.orders)
    column = facts.staged.plan.mapping.columns["order_id"]
    return Check(
        "shared_numbers",
        not fails,
        f"{figures.count(shared)} of {figures.count(facts.orders)} order numbers in {column!r} belong to several"
        f" customers on different days, for example {str(number)!r}: are these several shops, or do the numbers begin"
        " anew?",
        "Read each shop alone, or map another column as the order number.",
        choices=tuple(
            Choice(f"{name} is the order number", {"order_id": name}, None, orders)
            for name, orders in _other_numbers(facts, column)
        ),
        right="Several shops or years have the same numbers: what a customer bought at one time is an order",
    )


def _other_numbers(facts: GateFacts, column: str) -> list[tuple[str, int]]:
    """Columns that no field has and whose values belong to one number in ``column`` each, with how many they are."""
    plan = facts.staged.plan
    taken = set(plan.mapping.columns.values())
    found = []
    for name in plan.raw.columns:
        if name in taken or "id" not in normalise_header(name).split():
            continue
        values, per_number, filled, rows = plan.raw.one(
            "SELECT count(DISTINCT {name}), count(DISTINCT ({name}, {number})), count({name}), count(*) FROM {raw}",
            name=quote_identifier(name),
            number=quote_identifier(column),
        )
        if values == per_number and filled >= _MOSTLY_FILLED * rows:
            found.append((name, int(values)))
    return found
