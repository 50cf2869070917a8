"""Whether a file is of the shop whose history it would join."""

from __future__ import annotations

from pathlib import Path

import duckdb

from churnkit.errors import DataError
from churnkit.ingest.engine import compose, connect, one_row
from churnkit.results.shop_history import HistoryAccount
from churnkit.shops.history_files import account_of, columns_of, open_lines, rows_of
from churnkit.shops.newer_file import NewerFile
from churnkit.text.figures import count, day, percent

# Fewer orders in common than this say nothing.
_FEW_ORDERS = 5
_CLASHING_SHARE = 0.5
# Customers who should have been met again: with none of so many, chance is out of the question (e^-10).
_EXPECTED_AGAIN = 10.0
# A total that was left in a file is the sum of its orders.
_TIMES_THE_LARGEST, _PART_OF_THE_FILE = 10.0, 0.2
_INSIST = "Make it a shop of its own. If it is the same shop after all, add it again and say so (--insist)."

# An order number that means other customers on other days in both.
_CLASHES = """
WITH mine AS (
    SELECT order_id, min(customer_id) AS customer, min(CAST(ordered_at AS DATE)) AS day
    FROM lines WHERE until_version IS NULL AND order_id IN (SELECT order_id FROM fresh) GROUP BY order_id
),
theirs AS (
    SELECT order_id, min(customer_id) AS customer, min(CAST(ordered_at AS DATE)) AS day FROM fresh GROUP BY order_id
)
SELECT count(*), count(*) FILTER (WHERE clashes), any_value(order_id) FILTER (WHERE clashes)
FROM (SELECT order_id, mine.customer <> theirs.customer AND mine.day <> theirs.day AS clashes
      FROM mine JOIN theirs USING (order_id))
"""
_COMMON_TIME = """
SELECT (SELECT count(DISTINCT order_id) FROM lines WHERE until_version IS NULL
        AND ordered_at BETWEEN (SELECT min(ordered_at) FROM fresh) AND (SELECT max(ordered_at) FROM fresh)),
       (SELECT count(DISTINCT order_id) FROM fresh WHERE ordered_at BETWEEN
        (SELECT min(ordered_at) FROM lines WHERE until_version IS NULL)
        AND (SELECT max(ordered_at) FROM lines WHERE until_version IS NULL))
"""
_KNOWN_CUSTOMERS = """
SELECT (SELECT count(DISTINCT customer_id) FROM fresh),
       (SELECT count(DISTINCT customer_id) FROM fresh
        WHERE customer_id IN (SELECT customer_id FROM lines WHERE until_version IS NULL))
"""
# Of the customers of the history's last part, as long as the file, how many had bought before.
_AGAIN = """
WITH extent AS (SELECT min(ordered_at) AS first, max(ordered_at) AS last FROM fresh),
mine AS (SELECT customer_id, ordered_at FROM lines WHERE until_version IS NULL),
part AS (SELECT max(ordered_at) - (SELECT last - first FROM extent) AS begin FROM mine),
customers AS (
    SELECT customer_id, min(ordered_at) < (SELECT begin FROM part) AS before
    FROM mine GROUP BY customer_id HAVING max(ordered_at) >= (SELECT begin FROM part)
)
SELECT coalesce(avg(CAST(before AS INTEGER)), 0) FROM customers
"""


def require_same_shop(before: Path, file: NewerFile, workdir: Path, *, insist: bool = False) -> None:
    """See that a file is of the shop whose history ``before`` is.

    Parameters
    ----------
    insist
        Believe somebody that it is, where orders and customers speak against it.

    Raises
    ------
    DataError
        Its currency is another one, its order numbers mean other orders, or nothing of it is known.
    """
    account = account_of(before)
    _require_comparable(account, file)
    if insist:
        return
    with connect(workdir) as connection:
        open_lines(connection, before)
        present = columns_of(connection, file.transactions)
        _open_fresh(connection, file, present)
        common = _require_no_clash(connection)
        if common == 0:
            _require_something_known(connection)


def _open_fresh(connection: duckdb.DuckDBPyConnection, file: NewerFile, present: set[str]) -> None:
    names = [name for name in ("order_id", "customer_id", "ordered_at") if name in present]
    connection.execute(
        compose(
            "CREATE OR REPLACE TEMP VIEW fresh AS SELECT {names} FROM {rows}",
            names=", ".join(names),
            rows=rows_of(file.transactions),
        )
    )


def _require_comparable(account: HistoryAccount, file: NewerFile) -> None:
    doing = "Adding a file to a shop's history"
    then, now = account.currency, file.facts.currency
    if then and now and then != now:
        raise DataError(
            f"{doing}: its amounts must be in the shop's currency, {then}; they are in {now}.",
            f"Export the orders in {then}, or make the file a shop of its own.",
        )
    numbered = account.tellers[0].file.has_order_id
    if numbered != file.facts.has_order_id:
        which = (
            "the shop's files have one, this one has none"
            if numbered
            else "it has one, the shop's files have none"
        )
        raise DataError(
            f"{doing}: orders are told apart by their number, and {which}.",
            "Export it in the same way as the files before, with the same columns.",
        )


def _require_no_clash(connection: duckdb.DuckDBPyConnection) -> int:
    common, clashing, example = one_row(connection, _CLASHES)
    if common >= _FEW_ORDERS and clashing > _CLASHING_SHARE * common:
        raise DataError(
            f"Adding a file to a shop's history: it must be of the same shop. {count(common)} order numbers are known, and"
            f" {count(clashing)} of them ({percent(clashing / common)}) mean another customer on another day, for example"
            f" {example}.",
            _INSIST,
        )
    return int(common) - int(clashing)


def _require_something_known(connection: duckdb.DuckDBPyConnection) -> None:
    mine, theirs = one_row(connection, _COMMON_TIME)
    doing = "Adding a file to a shop's history: it must be of the same shop."
    if mine >= _FEW_ORDERS and theirs >= _FEW_ORDERS:
        raise DataError(
            f"{doing} {count(theirs)} of its orders are of a time that the history covers, and not one of them is known.",
            _INSIST,
        )
    customers, known = one_row(connection, _KNOWN_CUSTOMERS)
    if known:
        return
    (again,) = one_row(connection, _AGAIN)
    if customers * again >= _EXPECTED_AGAIN:
        first, last = one_row(connection, "SELECT min(ordered_at), max(ordered_at) FROM fresh")
        raise DataError(
            f"{doing} Not one of its {count(customers)} customers from {day(first)} to {day(last)} has bought before; of"
            f" the shop's, {percent(again)} had in the last such time.",
            _INSIST,
        )


def require_believable(before: Path, file: NewerFile, workdir: Path) -> None:
    """See that no order of a file is a sum that was left in it.

    Raises
    ------
    DataError
        One is much larger than any that the history knows, and a large part of the file.
    """
    with connect(workdir) as connection:
        open_lines(connection, before)
        largest, total, order = one_row(
            connection,
            """
            SELECT max(amount), sum(amount) FILTER (WHERE amount > 0), arg_max(order_id, amount)
            FROM (SELECT order_id, sum(amount) AS amount FROM read_parquet($path) GROUP BY order_id)
            """,
            {"path": str(file.transactions)},
        )
        if None in (largest, total) or largest < _PART_OF_THE_FILE * total:
            return
        (known,) = one_row(
            connection,
            "SELECT max(amount) FROM (SELECT sum(amount) AS amount FROM lines WHERE until_version IS NULL"
            " GROUP BY order_id)",
        )
    if known is None or largest <= _TIMES_THE_LARGEST * known:
        return
    raise DataError(
        f"Adding a file to a shop's history: order {order} is {percent(largest / total)} of its money, and more than"
        f" {count(_TIMES_THE_LARGEST)} times the largest order that was known.",
        "If it is a total or a typing error, take the row out of the file. If it is an order, add the file again and say so"
        " (--insist).",
    )
