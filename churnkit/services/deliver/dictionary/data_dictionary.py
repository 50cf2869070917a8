"""The dictionary, made of the code: fields of a file, features, customers' columns, files of a run, tables of the store."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from churnkit.explain.catalogue import Feature, feature, known_features
from churnkit.ingest import FIELDS
from churnkit.services.deliver.dictionary.words import CANONICAL, COLUMNS, FILES, TABLES
from churnkit.store import Store
from churnkit.text.columns import CUSTOMERS, Column

PARTS = {
    "field": "columns that a file can be mapped to",
    "transactions": "columns of the canonical transactions",
    "feature": "what the models see of a customer",
    "customer": "columns of a customer's row",
    "file": "files of an analysis",
    "table": "tables of the product's database",
}
"""Parts of the dictionary, in its order."""

# One of each family whose length in days depends on the history.
_FAMILIES = (
    "orders_90d",
    "spend_90d",
    "lines_90d",
    "orders_decay_90d",
    "spend_decay_90d",
    "orders_trend_90d",
    "spend_trend_90d",
    "orders_before_90d",
    "spend_before_90d",
)
_REGISTRY = {one.key: one for one in CUSTOMERS}


@dataclass(frozen=True)
class Entry:
    """One line: ``name`` within its ``part``, what kind of value it is, its unit, what it means."""

    part: str
    name: str
    kind: str
    unit: str
    meaning: str


def data_dictionary(features: Sequence[str] | None = None, *, tables: bool = True) -> pd.DataFrame:
    """The dictionary: ``part``, ``name``, ``kind``, ``unit``, ``meaning``.

    Parameters
    ----------
    features
        Those of one analysis; without, all that the catalogue knows, families of windows with N for their days.
    tables
        Whether those of the database are named, too.
    """
    entries = [
        *(Entry("field", name, "column of the file", "", words) for name, words in FIELDS.items()),
        *(Entry("transactions", name, "column", "", words) for name, words in CANONICAL.items()),
        *_features(features),
        *(Entry("customer", one.name, one.kind, one.unit, _column_words(one)) for one in CUSTOMERS),
        *(
            Entry("file", name, Path(name).suffix.removeprefix("."), "", words)
            for name, words in FILES.items()
        ),
        *(_tables() if tables else ()),
    ]
    return pd.DataFrame(entries)


def _features(names: Sequence[str] | None) -> Iterator[Entry]:
    if names is not None:
        yield from (_feature_entry(feature(name)) for name in names)
        return
    yield from (_feature_entry(one) for one in known_features())
    for name in _FAMILIES:
        one = _feature_entry(feature(name))
        yield Entry(one.part, name.replace("90", "N"), one.kind, one.unit, one.meaning.replace("90 ", "N "))


def _feature_entry(one: Feature) -> Entry:
    unit = {"days": "days", "money": "the analysis' currency", "share": "0 to 1", "ratio": "times"}.get(
        one.kind, ""
    )
    return Entry("feature", one.name, one.kind, unit, f"{one.label}. High: {one.high}. Low: {one.low}.")


def _column_words(one: Column) -> str:
    return f"{one.title}. {one.help}".strip()


def _tables() -> Iterator[Entry]:
    """Tables and their columns as the migrations make them."""
    with (
        TemporaryDirectory(prefix="churnkit-") as folder,
        Store.open(Path(folder) / "empty.duckdb") as store,
        store.cursor() as cursor,
    ):
        found = cursor.execute(
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE NOT internal"
            " ORDER BY table_name, column_index"
        ).fetchall()
    for table in dict.fromkeys(name for name, *_ in found):
        yield Entry("table", table, "table", "", TABLES.get(table, ""))
        for _, column, kind in (row for row in found if row[0] == table):
            known = _REGISTRY.get(column)
            words = COLUMNS.get(column) or (_column_words(known) if known else "")
            yield Entry("table", f"{table}.{column}", kind.lower(), known.unit if known else "", words)


def dictionary_markdown(entries: pd.DataFrame) -> str:
    """The dictionary as a document to read."""
    lines = ["# Data dictionary", ""]
    for part, title in PARTS.items():
        lines += [f"## {part}: {title}", "", "| name | kind | unit | meaning |", "|---|---|---|---|"]
        for row in entries[entries["part"] == part].itertuples(index=False):
            meaning = str(row.meaning).replace("|", "\\|")
            lines.append(f"| `{row.name}` | {row.kind} | {row.unit} | {meaning} |")
        lines.append("")
    return "\n".join(lines)
