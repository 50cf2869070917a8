"""SQL that is kept: an expression becomes text once in a process, and again by filling in what differs.

Ibis takes 5 to 40 ms to turn one of our expressions into SQL; DuckDB answers it over a small shop in less. The same
expressions come again with every shop and every month, over tables of other names, with other dates and measured figures.
So the text is kept with gaps for these, under a key that is the expression itself: each node by its class and all its
arguments, types and schemas among them, with numbers for tables' names, dates, instants and fractional numbers. Nothing is
kept where the key does not know how to tell something apart. No other version of Ibis or of ours reads what is kept.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Hashable, Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any

import ibis.expr.datatypes as dt
import ibis.expr.operations as ops
import ibis.expr.schema as sch
import sqlglot.expressions as sge
from ibis.backends.duckdb import Backend
from ibis.backends.sql.compilers.duckdb import DuckDBCompiler
from ibis.common.graph import Graph, Node

if TYPE_CHECKING:
    import ibis.expr.types as ir

MOST = 2_000
"""Texts that are kept at most: some ten megabytes."""

KEPT: dict[bytes, tuple[str, ...]] = {}
"""Texts by key: pieces of SQL, and between each two of them the number of the gap."""

# No identifier or text of ours has this letter; an expression that has it is not kept.
_MARK = "\ue000"
_GAP = re.compile(rf"{_MARK}([0-9]+){_MARK}(?:\(\))?")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_]+")
# What is dear to work out twice, or comes out otherwise the second time.
_MORE_THAN_A_SCAN = (
    sge.AggFunc,
    sge.Distinct,
    sge.Group,
    sge.Join,
    sge.Limit,
    sge.Order,
    sge.Rand,
    sge.SetOperation,
    sge.TableSample,
    sge.Unnest,
    sge.Uuid,
    sge.Window,
)


def sql_of(expression: ir.Table) -> str:
    """The SQL of a table expression: what Ibis makes of it, but that columns left out are named in order, and that plain
    scans are not kept aside (:func:`let_scans_be_read_again`)."""
    root = expression.op()
    try:
        found = _Told(root)
    except _UnknownError:
        return _text(_OrderlyCompiler(), expression)
    pieces = KEPT.get(found.key)
    if pieces is None:
        pieces = tuple(_GAP.split(_text(_GappedCompiler(found.gaps), expression)))
        if len(KEPT) < MOST:
            KEPT[found.key] = pieces
    filled = list(pieces)
    filled[1::2] = [found.fillings[int(gap)] for gap in pieces[1::2]]
    return "".join(filled)


def _text(compiler: DuckDBCompiler, expression: ir.Table) -> str:
    tree = compiler.to_sqlglot(expression)
    let_scans_be_read_again(tree)
    text: str = tree.sql(dialect=compiler.dialect, copy=False)
    return text


def let_scans_be_read_again(tree: sge.Expr) -> None:
    """Tell DuckDB not to keep what a table's rows alone make, where a statement needs it in several places.

    It would copy all columns of a whole history aside to save a filter; each place reads but the columns that it needs.
    """
    for common in tree.find_all(sge.CTE):
        if not any(True for _ in common.this.find_all(*_MORE_THAN_A_SCAN)):
            common.set("materialized", False)


class _UnknownError(Exception):
    """Something that the key cannot tell from everything else."""


class _Told:
    """An expression's key, the numbers of its gaps by node, and what belongs there."""

    def __init__(self, root: Node) -> None:
        self.gaps: dict[Node, int] = {}
        self.fillings: list[str] = []
        self._numbers: dict[Node, int] = {}
        self._gap_of: dict[Hashable, int] = {}
        told = hashlib.sha256()
        nodes, _ = Graph.from_bfs(root).toposort()
        for number, node in enumerate(nodes):
            self._numbers[node] = number
            told.update(self._node(node).encode())
            # Texts are told with their line ends escaped.
            told.update(b"\n")
        self.key = told.digest()

    def _node(self, node: Node) -> str:
        kind = type(node)
        if not kind.__module__.startswith("ibis.expr.operations."):
            # A function of somebody's own is known by more than its arguments.
            raise _UnknownError
        arguments = dict(zip(node.__argnames__, node.__args__, strict=True))
        if kind in (ops.DatabaseTable, ops.InMemoryTable):
            # A table is its name: what lies behind it, and on which connection, is not in the text.
            arguments.pop("source", None)
            arguments.pop("data", None)
            if _PLAIN_NAME.fullmatch(arguments["name"]):
                arguments["name"] = self._gap(node, arguments["name"], arguments["name"])
        elif kind is ops.Literal and _is_plain_time(node):
            arguments["value"] = self._gap(node, node, _literal_text(node))
        elif kind is ops.Literal and _is_plain_fraction(node):
            # Its sign is a part of the tree.
            gap = self._gap(node, node, _literal_text(node).removeprefix("-"))
            arguments["value"] = (node.value < 0, gap)
        return f"{kind.__module__}.{kind.__qualname__} {self._value(arguments)}"

    def _gap(self, node: Node, same: Hashable, filling: str) -> _Gap:
        """The gap for ``same``, which may stand in several places."""
        number = self._gap_of.setdefault(same, len(self.fillings))
        if number == len(self.fillings):
            self.fillings.append(filling)
        self.gaps[node] = number
        return _Gap(number)

    def _value(self, value: Any) -> str:
        if isinstance(value, Node):
            return f"#{self._numbers[value]}"
        if isinstance(value, _Gap):
            return f"gap {value.number}"
        if isinstance(value, str) and _MARK in value:
            raise _UnknownError
        if value is None or type(value) in (str, bool, int, float):
            return repr(value)
        if isinstance(value, Enum):
            return f"{type(value).__qualname__}.{value.name}"
        if isinstance(value, dt.DataType):
            return repr(value)
        return self._collection(value)

    def _collection(self, value: Any) -> str:
        if isinstance(value, (sch.Schema, Mapping)):
            return "{" + ",".join(f"{self._value(k)}:{self._value(v)}" for k, v in value.items()) + "}"
        if isinstance(value, (tuple, list)):
            return "(" + ",".join(map(self._value, value)) + ")"
        if isinstance(value, frozenset):
            return "<" + ",".join(sorted(map(self._value, value))) + ">"
        if isinstance(value, ops.Namespace):
            return f"{self._value(value.catalog)}.{self._value(value.database)}"
        raise _UnknownError


class _Gap:
    """Stands for a value that is not part of the key."""

    def __init__(self, number: int) -> None:
        self.number = number


def _is_plain_time(literal: Node) -> bool:
    """Whether its text is a call of numbers alone, which no rule of Ibis looks into."""
    value, kind = literal.value, literal.dtype
    if type(value) is date:
        return bool(kind.is_date())
    return type(value) is datetime and value.tzinfo is None and kind.is_timestamp() and kind.timezone is None


def _is_plain_fraction(literal: Node) -> bool:
    """Whether it is a number that may have been measured; whole ones count columns and digits too, which rules look into."""
    value = literal.value
    return type(value) is float and math.isfinite(value) and bool(literal.dtype.is_float64())


def _literal_text(literal: Node) -> str:
    compiler = DuckDBCompiler()
    made = compiler.visit_Literal(literal, value=literal.value, dtype=literal.dtype)
    text: str = made.sql(dialect=compiler.dialect)
    return text


class _OrderlyCompiler(DuckDBCompiler):  # type: ignore[misc]
    """Makes the same of the same: a set of columns has another order in each process."""

    __slots__ = ()

    # Those of the class above, which are methods by now.
    SIMPLE_OPS: Mapping[Any, Any] = {}
    UNSUPPORTED_OPS: tuple[Any, ...] = ()
    LOWERED_OPS: Mapping[Any, Any] = {}

    def visit_DropColumns(self, op: Node, *, parent: Any, columns_to_drop: Iterable[str]) -> Any:
        return super().visit_DropColumns(op, parent=parent, columns_to_drop=sorted(columns_to_drop))


class _GappedCompiler(_OrderlyCompiler):
    """Leaves gaps where names of tables, times and fractional numbers would be."""

    __slots__ = ("_gaps",)

    def __init__(self, gaps: Mapping[Node, int]) -> None:
        super().__init__()
        self._gaps = gaps

    def visit_DatabaseTable(self, op: Node, *, name: str, **others: Any) -> Any:
        return super().visit_DatabaseTable(op, name=self._named(op, name), **others)

    def visit_InMemoryTable(self, op: Node, *, name: str, **others: Any) -> Any:
        return super().visit_InMemoryTable(op, name=self._named(op, name), **others)

    def visit_Literal(self, op: Node, **values: Any) -> Any:
        if op in self._gaps:
            gap = sge.Anonymous(this=_marked(self._gaps[op]))
            return sge.Neg(this=gap) if isinstance(op.value, float) and op.value < 0 else gap
        return super().visit_Literal(op, **values)

    def _named(self, op: Node, name: str) -> str:
        return _marked(self._gaps[op]) if op in self._gaps else name


def _marked(gap: int) -> str:
    return f"{_MARK}{gap}{_MARK}"


class _KeepingCompiler(_OrderlyCompiler):
    """Hands out finished text where Ibis expects a tree that it only writes down."""

    __slots__ = ()

    def to_sqlglot(self, expr: ir.Expr, *, limit: Any = None, params: Any = None) -> Any:
        """As in Ibis."""
        if limit is not None or params:
            return super().to_sqlglot(expr, limit=limit, params=params)
        return sge.Var(this=sql_of(expr.as_table()))


class KeepingBackend(Backend):  # type: ignore[misc]
    """Ibis on DuckDB as ever, but for SQL that is kept."""

    compiler = _KeepingCompiler()
