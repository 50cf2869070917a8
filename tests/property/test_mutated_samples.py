"""The bundled samples, spoiled as exports are spoiled: every record is kept or in the account, and sums tell the truth."""

from __future__ import annotations

import csv
import io
import random
import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from churnkit.errors import ChurnkitError
from churnkit.ingest import ingest

SAMPLES = Path(__file__).resolve().parents[2] / "data" / "samples"
NOW = datetime(2026, 11, 20)
# Enough for money, dates and customers to be told by their cells.
ROWS = 400

Table = list[list[str]]


def sample(name: str) -> Table:
    """Header and first rows of a bundled sample."""
    with (SAMPLES / f"{name}_demo.csv").open(encoding="utf-8", newline="") as file:
        return [row for row, _ in zip(csv.reader(file), range(ROWS + 1), strict=False)]


TABLES = {name: sample(name) for name in ("coffee_shop", "ecommerce", "subscription")}


def blank_rows(table: Table, rng: random.Random) -> Table:
    for _ in range(5):
        table.insert(rng.randrange(1, len(table) + 1), [""] * len(table[0]))
    return table


def columns_in_another_order(table: Table, rng: random.Random) -> Table:
    order = rng.sample(range(len(table[0])), len(table[0]))
    return [[row[place] for place in order] for row in table]


def cells_emptied(table: Table, rng: random.Random) -> Table:
    for row in rng.sample(table[1:], 12):
        row[rng.randrange(len(row))] = ""
    return table


def cells_of_another_column(table: Table, rng: random.Random) -> Table:
    for row in rng.sample(table[1:], 8):
        row[rng.randrange(len(row))] = row[rng.randrange(len(row))]
    return table


def header_once_more(table: Table, rng: random.Random) -> Table:
    table.insert(rng.randrange(2, len(table)), list(table[0]))
    return table


def total_line(table: Table, rng: random.Random) -> Table:
    return [*table, ["Total", *[""] * (len(table[0]) - 1)]]


def rows_twice(table: Table, rng: random.Random) -> Table:
    for row in rng.sample(table[1:], 10):
        table.insert(table.index(row), list(row))
    return table


def cells_cut_off(table: Table, rng: random.Random) -> Table:
    for row in rng.sample(table[1:], 4):
        del row[rng.randrange(1, len(row)) :]
    return table


def spaces_around(table: Table, rng: random.Random) -> Table:
    return [[f" {cell} " if rng.random() < 0.05 else cell for cell in row] for row in table]


def shuffled(table: Table, rng: random.Random) -> Table:
    return [table[0], *rng.sample(table[1:], len(table) - 1)]


MUTATIONS: tuple[Callable[[Table, random.Random], Table], ...] = (
    blank_rows,
    columns_in_another_order,
    cells_emptied,
    cells_of_another_column,
    header_once_more,
    total_line,
    rows_twice,
    spaces_around,
    shuffled,
    cells_cut_off,
)


def written(table: Table, delimiter: str, encoding: str) -> bytes:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\r\n").writerows(table)
    return text.getvalue().encode(encoding)


def records(content: bytes, delimiter: str, encoding: str) -> tuple[int, int]:
    """Records below the header with anything in them, and with blank ones, counted by another reader."""
    rows = list(csv.reader(io.StringIO(content.decode(encoding), newline=""), delimiter=delimiter))[1:]
    return sum(1 for row in rows if any(cell.strip() for cell in row)), sum(1 for row in rows if row)


@pytest.mark.slow
@settings(
    max_examples=25,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
    # Each example reads a file; a found one names its mutations, there is little to shrink.
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
)
@given(
    name=st.sampled_from(sorted(TABLES)),
    mutations=st.lists(st.sampled_from(MUTATIONS), min_size=1, max_size=4, unique=True),
    delimiter=st.sampled_from([",", ";", "\t"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "cp1252", "utf-16"]),
    seed=st.integers(0, 10**6),
)
def test_rows_in_are_kept_or_in_the_account(name, mutations, delimiter, encoding, seed):
    rng = random.Random(seed)
    table = [list(row) for row in TABLES[name]]
    for mutate in sorted(mutations, key=MUTATIONS.index):
        table = mutate(table, rng)
    content = written(table, delimiter, encoding)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "export.csv"
        path.write_bytes(content)
        try:
            result = ingest(path, Path(folder) / "work", now=NOW)
        except ChurnkitError as refused:
            assert refused.message
            assert refused.remedy
            return
        rows = pd.read_parquet(result.transactions)
    filled, lines = records(content, delimiter, encoding)
    # A total below the last record may be taken for the export's footer.
    assert filled - (total_line in mutations) <= result.row_count_in <= lines
    assert result.row_count_in == len(rows) + result.ledger.row_count_dropped
    assert rows["source_row"].is_unique
    seen = result.understood
    assert seen.rows_kept == len(rows)
    assert seen.revenue == pytest.approx(rows["amount"].sum())
    assert seen.customers == rows["customer_id"].nunique()
    assert sum(month.amount for month in seen.months) == pytest.approx(seen.revenue)
    assert sum(left.rows for left in seen.left_out) == (
        result.ledger.row_count_dropped - result.ledger.rows("unreadable")
    )


@pytest.mark.parametrize("name", sorted(TABLES))
def test_a_sample_whose_columns_change_places_reads_the_same(name, tmp_path):
    """The order of columns says nothing about what they are."""
    found = []
    for seed in (None, 1, 2):
        table = [list(row) for row in TABLES[name]]
        if seed is not None:
            table = columns_in_another_order(table, random.Random(seed))
        path = tmp_path / f"{seed}.csv"
        path.write_bytes(written(table, ",", "utf-8"))
        seen = ingest(path, tmp_path / f"work_{seed}", now=NOW).understood
        found.append((seen.customers, seen.orders, round(seen.revenue, 2)))
    assert found[0] == found[1] == found[2]
