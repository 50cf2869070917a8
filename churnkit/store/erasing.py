"""Taking one customer out of every table that holds something about them.

Found by the tables' own columns, so that a table which is new is not forgotten: rows with a ``customer_id`` go, texts of
the same shop are cleaned. Every function works inside its caller's transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import duckdb

from churnkit.store.sql import quoted

CleanText = Callable[[str], str]
"""A text, JSON or a sentence, without the customers in question."""

# How a row's shop is found, by the first of these columns that its table has.
_SHOP_OF = (
    ("shop_id", "{column} = $shop"),
    ("session_id", "{column} = $shop"),
    ("campaign_id", "{column} IN (SELECT campaign_id FROM campaigns WHERE session_id = $shop)"),
    ("plan_id", "{column} IN (SELECT plan_id FROM campaign_plans WHERE session_id = $shop)"),
)
# Rows of a workspace that name no shop and may tell of its customers.
_OF_WORKSPACE = {
    "kept_answers": ("answer",),
    "webhook_deliveries": ("body",),
    "audit_log": ("doing", "subject_id"),
}
_CUSTOMER = "customer_id"
# Texts that may tell of a customer beside everything that is JSON; names of shops, files and campaigns do not.
_SENTENCES = frozenset({"sentence", "detail", "words", "note", "plain", "html", "last_result", "push_words"})
# An erasure's own job says whom it erases until it is done; the job's table is cleaned by it alone.
_LEFT_ALONE = frozenset({"erasures", "training_jobs"})


def erase_rows(
    cursor: duckdb.DuckDBPyConnection,
    tenant_id: str,
    shop_id: str,
    customer_ids: Sequence[str],
    clean: CleanText,
) -> int:
    """Delete every row of these customers of a shop, and clean the texts that name them; how many rows went."""
    rows = 0
    for table, columns in columns_of_tables(cursor).items():
        if table in _LEFT_ALONE:
            continue
        condition = shop_condition(columns)
        if condition is None:
            continue
        values: dict[str, object] = {"shop": shop_id}
        if _CUSTOMER in columns:
            rows += _delete(cursor, table, condition, {**values, "customers": list(customer_ids)})
        for column in columns:
            if columns[column] == "JSON" or column in _SENTENCES:
                _clean(cursor, table, column, condition, values, customer_ids, clean)
    # A report that waits to be mailed lists customers, and is made again the next time.
    cursor.execute(
        "UPDATE messages SET attachment = NULL, attachment_name = NULL WHERE shop_id = ?", [shop_id]
    )
    for table, texts in _OF_WORKSPACE.items():
        for column in texts:
            _clean(cursor, table, column, "tenant_id = $tenant", {"tenant": tenant_id}, customer_ids, clean)
    return rows


def columns_of_tables(cursor: duckdb.DuckDBPyConnection) -> dict[str, dict[str, str]]:
    """Types of columns by table and column."""
    query = "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal ORDER BY ALL"
    found: dict[str, dict[str, str]] = {}
    for table, column, kind in cursor.execute(query).fetchall():
        found.setdefault(table, {})[column] = kind
    return found


def shop_condition(columns: dict[str, str]) -> str | None:
    """What tells the rows of shop ``$shop`` in a table with these columns; None where nothing does."""
    for column, condition in _SHOP_OF:
        if column in columns:
            return condition.format(column=quoted(column))
    return None


def rows_of_customer(
    cursor: duckdb.DuckDBPyConnection, shop_id: str, customer_id: str
) -> dict[str, list[dict[str, object]]]:
    """Everything that the tables hold of a customer of a shop, by table."""
    found: dict[str, list[dict[str, object]]] = {}
    for table, columns in columns_of_tables(cursor).items():
        condition = shop_condition(columns)
        if _CUSTOMER not in columns or condition is None:
            continue
        cursor.execute(
            f"SELECT * EXCLUDE (tenant_id) FROM {_with_tenant(table, columns)}"  # noqa: S608 (names of the catalogue)
            f" WHERE {condition} AND customer_id = $customer",
            {"shop": shop_id, "customer": customer_id},
        )
        names = [column[0] for column in cursor.description or []]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        if rows:
            found[table] = rows
    return found


def _with_tenant(table: str, columns: dict[str, str]) -> str:
    if "tenant_id" in columns:
        return quoted(table)
    return f"(SELECT NULL AS tenant_id, * FROM {quoted(table)})"  # noqa: S608 (names of the catalogue)


def _delete(cursor: duckdb.DuckDBPyConnection, table: str, condition: str, values: dict[str, object]) -> int:
    query = f"DELETE FROM {quoted(table)} WHERE {condition} AND list_contains($customers, customer_id)"  # noqa: S608
    return int(cursor.execute(query, values).fetchall()[0][0])


def _clean(
    cursor: duckdb.DuckDBPyConnection,
    table: str,
    column: str,
    condition: str,
    values: dict[str, object],
    customer_ids: Sequence[str],
    clean: CleanText,
) -> None:
    """Write over the texts that name a customer; most name none and are not looked at twice."""
    name = f"{quoted(column)}::VARCHAR"
    rows = cursor.execute(
        f"SELECT rowid, {name} FROM {quoted(table)} WHERE {condition}"  # noqa: S608 (names of the catalogue)
        f" AND len(list_filter($customers, lambda one: contains({name}, one))) > 0",
        {**values, "customers": list(customer_ids)},
    ).fetchall()
    for row, text in rows:
        cleaned = clean(text)
        if cleaned != text:
            cursor.execute(
                f"UPDATE {quoted(table)} SET {quoted(column)} = ? WHERE rowid = ?",  # noqa: S608 (as above)
                [cleaned, row],
            )
