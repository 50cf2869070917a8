"""SQL that is kept, compared with what Ibis makes of the same expression, and of it over other tables, times and figures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import ibis.expr.operations as ops
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler

from churnkit.ingest import kept_sql


def compiled(expression: Any) -> str:
    """What Ibis itself makes of it, with columns that it leaves out in order, and no plain scan kept aside."""
    tree = DuckDBCompiler().to_sqlglot(expression)
    kept_sql.let_scans_be_read_again(tree)
    text = str(tree.sql(dialect="duckdb"))
    return re.sub(r"(?<=EXCLUDE \()[^()]*(?=\))", lambda found: ", ".join(sorted(found[0].split(", "))), text)


def elsewhere(expression: Any) -> Any:
    """The same of tables of other names, with other dates, instants and figures."""
    told = kept_sql._Told(expression.op())
    others: dict[Any, Any] = {}
    for node, gap in told.gaps.items():
        if isinstance(node, ops.Literal) and isinstance(node.value, float):
            # Of the same sign.
            others[node] = node.copy(value=node.value * 1.7 + (-gap if node.value < 0 else gap) / 7)
        elif isinstance(node, ops.Literal):
            # Months on, so that no part of it stays, and not by as much for each.
            value = node.value + timedelta(days=400 + 37 * gap, hours=5, minutes=7, seconds=11)
            others[node] = node.copy(value=value)
        else:
            others[node] = node.copy(name=f"elsewhere_{node.name}")
    return expression.op().replace(others).to_expr()


@contextmanager
def checked_sql(before: Path | None = None) -> Iterator[list[str]]:
    """In this block each expression is checked as it is executed for the first time; the texts of all of them.

    What other blocks with the same file ``before`` have checked of their tables is of the same shape, and not checked again.
    """
    earlier = _keys(before)
    checked: set[bytes] = set()
    plain = kept_sql.sql_of
    texts: list[str] = []

    def sql_of(expression: Any) -> str:
        made = plain(expression)
        try:
            key = kept_sql._Told(expression.op()).key
        except kept_sql._UnknownError:
            assert made == compiled(expression)
            return made
        if key in checked:
            return made
        if key not in earlier:
            assert made == compiled(expression)
            there = elsewhere(expression)
            assert kept_sql._Told(there.op()).key == key
            assert plain(there) == compiled(there)
        # Not before: a job would end on what is wrong here, and write down what it has checked.
        checked.add(key)
        texts.append(made)
        return made

    with patch.object(kept_sql, "sql_of", sql_of):
        yield texts
    if before is not None:
        with before.open("a") as file:
            file.writelines(f"{key.hex()}\n" for key in checked - earlier)


def _keys(file: Path | None) -> set[bytes]:
    if file is None or not file.exists():
        return set()
    return {bytes.fromhex(line) for line in file.read_text().split("\n") if line}
