"""SQL that is kept is what Ibis makes, and no two expressions that differ in more than its gaps share a text."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import ibis
import ibis.expr.operations as ops
import pytest

from churnkit.ingest import kept_sql
from churnkit.ingest.engine import backend_of
from churnkit.ingest.kept_sql import sql_of
from tests.checked_sql import checked_sql, compiled

LINES = {"customer_id": "string", "at": "timestamp(6)", "day": "date", "amount": "float64", "number": "int64"}
NOON = datetime(2024, 3, 1, 12, 30, 5, 250_000)


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> dict[bytes, tuple[str, ...]]:
    empty: dict[bytes, tuple[str, ...]] = {}
    monkeypatch.setattr(kept_sql, "KEPT", empty)
    return empty


@pytest.fixture
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


def lines(name: str = "lines", database: str | None = None, **types: str) -> Any:
    namespace = ops.Namespace(database=database)
    schema = ibis.schema({**LINES, **types})
    return ops.DatabaseTable(name, schema=schema, source=None, namespace=namespace).to_expr()


def late(table: Any, when: Any = NOON, least: Any = 10.0) -> Any:
    """Sums after an instant, of a table joined with itself."""
    sums = (
        table.filter(table.at >= when, table.amount > least).group_by("customer_id").agg(n=table.amount.sum())
    )
    return table.join(sums, "customer_id").filter(lambda joined: joined.at < when)


def test_names_times_and_fractions_alone_are_filled_in(kept: dict[bytes, tuple[str, ...]]) -> None:
    others = [
        late(lines("other")),
        late(lines(), datetime(1999, 12, 31)),
        late(lines("third"), datetime(2031, 1, 1, 23, 59, 59, 1)),
        late(lines(), least=122211807.28000021),
        late(lines(), least=1e-300),
        late(lines(), least=1e300),
    ]
    first = late(lines())
    for expression in (first, *others):
        assert sql_of(expression) == compiled(expression)
    assert len(kept) == 1


@pytest.mark.parametrize(
    "other",
    [
        late(lines(), least=-10.0),
        late(lines(), least=math.inf),
        late(lines(), least=10),
        late(lines(), date(2024, 3, 1)),
        late(lines(amount="float32")),
        late(lines(amount="!float64")),
        late(lines(at="timestamp(3)")),
        late(lines(at="timestamp('UTC')")),
        late(lines(further="string")),
        late(lines()).rename(sum="n"),
        late(lines()).drop("number"),
        late(lines()).drop("day"),
        late(lines()).limit(5),
        late(lines()).distinct(),
        late(lines()).order_by("at"),
        late(lines()).order_by(ibis.desc("at")),
        late(lines(database="elsewhere")),
        late(lines("odd name")),
        late(lines('"; DROP TABLE x')),
    ],
)
def test_what_differs_otherwise_has_a_text_of_its_own(other: Any, kept: dict[bytes, tuple[str, ...]]) -> None:
    first = late(lines())
    for expression in (first, other, first):
        assert sql_of(expression) == compiled(expression)
    assert len(kept) == 2


def test_the_same_time_twice_is_not_two_times() -> None:
    table = lines()
    once = table.filter(table.at >= NOON, table.at + ibis.interval(days=1) < NOON)
    twice = table.filter(table.at >= NOON, table.at + ibis.interval(days=1) < datetime(2025, 1, 1))
    for expression in (once, twice, once):
        assert sql_of(expression) == compiled(expression)
    one = lines("a").union(lines("a"))
    two = lines("a").union(lines("b"))
    for expression in (one, two, one):
        assert sql_of(expression) == compiled(expression)


def test_the_sign_of_a_fraction_stays_where_it_was(kept: dict[bytes, tuple[str, ...]]) -> None:
    table = lines()
    for least in (-1.5, -122211807.28000021, -1e300):
        low = ibis.literal(least)
        expression = table.filter(table.amount - low < -low, 2 * low < -table.amount)
        assert sql_of(expression) == compiled(expression)
    assert len(kept) == 1
    assert not any("1.5" in piece for pieces in kept.values() for piece in pieces)


@ibis.udf.scalar.builtin(name="upper")
def shouted(text: str) -> str:  # type: ignore[empty-body]
    """A function of somebody's own."""


@pytest.mark.parametrize(
    "expression",
    [
        lines().mutate(loud=shouted(lines().customer_id)),
        lines().filter(lines().customer_id == "\ue0000\ue000"),
        lines().mutate(exact=ibis.literal(Decimal("1.5"))),
    ],
)
def test_what_the_key_cannot_tell_is_not_kept(expression: Any, kept: dict[bytes, tuple[str, ...]]) -> None:
    assert sql_of(expression) == compiled(expression)
    assert not kept


def test_no_more_is_kept_than_there_is_room_for(
    kept: dict[bytes, tuple[str, ...]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept_sql, "MOST", 2)
    for least in (1, 2, 3, 1):
        expression = late(lines(), least=least)
        assert sql_of(expression) == compiled(expression)
    assert len(kept) == 2


def test_plain_rows_are_read_again_and_sums_are_worked_out_once() -> None:
    assert sql_of(late(lines())).count("NOT MATERIALIZED") == 0
    late_rows = lines().filter(lines().at >= NOON)
    sums = late_rows.group_by("customer_id").agg(n=late_rows.amount.sum())
    assert sql_of(late_rows.join(sums, "customer_id")).count(" AS NOT MATERIALIZED (") == 1
    assert "MATERIALIZED" not in sql_of(sums.join(sums.filter(sums.n > 1), "customer_id"))
    drawn = late_rows.mutate(chance=ibis.random())
    assert "MATERIALIZED" not in sql_of(drawn.union(drawn))


def test_a_backend_answers_as_ever(connection: duckdb.DuckDBPyConnection) -> None:
    backend = backend_of(connection)
    connection.execute(
        "CREATE TABLE one AS SELECT i AS n, DATE '2024-01-01' + i::INT AS day FROM range(5) r(i)"
    )
    connection.execute(
        "CREATE TABLE other AS SELECT i + 100 AS n, DATE '2030-01-01' + i::INT AS day FROM range(9) r(i)"
    )
    with checked_sql() as texts:
        for name, since, expected in (
            ("one", date(2024, 1, 3), [2, 3, 4]),
            ("other", date(2030, 1, 8), [107, 108]),
        ):
            table = backend.table(name)
            wanted = table.filter(table.day >= since).select("n")
            assert sorted(wanted.to_pyarrow()["n"].to_pylist()) == expected
            made = backend.create_table(f"made_{name}", wanted, temp=True)
            assert made.count().execute() == len(expected)
            assert made.n.sum().to_pyarrow().as_py() == sum(expected)
    assert len(texts) >= 2
    held = ibis.memtable({"n": [1, 2]})
    assert backend.to_pyarrow(held.n.max()).as_py() == 2


def test_what_was_checked_before_is_not_checked_again_and_all_else_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = tmp_path / "checked"
    with checked_sql(before) as first:
        kept_sql.sql_of(late(lines()))
    monkeypatch.setattr("tests.checked_sql.compiled", lambda expression: "something else")
    with checked_sql(before) as again:
        kept_sql.sql_of(late(lines()))
        kept_sql.sql_of(late(lines("other"), datetime(1999, 12, 31)))
    assert first == again
    new = lines().amount.sum()
    for _ in range(2):
        with pytest.raises(AssertionError), checked_sql(before):
            kept_sql.sql_of(new)
