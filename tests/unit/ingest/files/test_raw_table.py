"""What a raw table answers on its own connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from churnkit.config import IngestSettings
from churnkit.ingest.engine import connect, quote_identifier
from churnkit.ingest.files import RawTable, opened, raw_table, read_raw

ORDERS = "order,a {row},$source\n1,x,10\n2,,20\n3,z,30\n"


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[RawTable]:
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    with opened(path, tmp_path / "work", IngestSettings()) as table:
        yield table


def test_types_are_those_of_all_columns(raw: RawTable) -> None:
    assert raw.types == {
        "order": "VARCHAR",
        "a {row}": "VARCHAR",
        "$source": "VARCHAR",
        "source_row": "BIGINT",
    }


def test_slots_name_the_table_and_never_reach_into_fragments(raw: RawTable) -> None:
    odd, dollar = quote_identifier("a {row}"), quote_identifier("$source")
    found = raw.rows(
        "SELECT {odd}, {dollar} FROM {raw} WHERE {row} >= $first ORDER BY {row}",
        {"first": 2},
        odd=odd,
        dollar=dollar,
    )
    assert found == [(None, "20"), ("z", "30")]
    assert raw.one("SELECT count({odd}), count(*) FROM {head}", odd=odd) == (2, 3)


def test_one_row_is_one_row(raw: RawTable) -> None:
    with pytest.raises(ValueError, match="3 rows, not one"):
        raw.one("SELECT {row} FROM {raw}")


def test_rows_of_a_condition_are_a_table_of_their_own(raw: RawTable) -> None:
    part = raw.where("{row} % $step = 1", {"step": 2}, file_name="part.parquet")
    assert (part.row_count, part.columns, part.format) == (2, raw.columns, raw.format)
    assert part.rows("SELECT {row} FROM {raw} ORDER BY {row}") == [(1,), (3,)]
    assert raw.one("SELECT count(*) FROM {raw}") == (3,)


def test_samples_of_a_long_table_are_drawn_from_one_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "orders.csv"
    lines = "".join(f"{number},x\n" for number in range(30_000))
    path.write_text(f"order,who\n{lines}", encoding="utf-8")
    with opened(path, tmp_path / "work", IngestSettings()) as table:
        for longest in (1_000_000, 1_000):
            monkeypatch.setattr(raw_table, "HEAD_ROWS", longest)
            raw = replace(table)
            for rows, step in ((5_000, 6), (2_000, 15)):
                drawn = raw.spread(rows)
                assert drawn.is_sample
                assert drawn.rows("SELECT {row} FROM {raw} ORDER BY {row}") == raw.rows(
                    "SELECT {row} FROM {raw} WHERE hash({row}) % $step = 0 ORDER BY {row}", {"step": step}
                )


def test_folder_is_gone_once_nobody_works_on_the_table(tmp_path: Path) -> None:
    path, work = tmp_path / "orders.csv", tmp_path / "work"
    path.write_text(ORDERS, encoding="utf-8")
    with opened(path, work, IngestSettings()) as table:
        assert table.path.parent.is_dir()
    assert list(work.iterdir()) == []


def _in_memory(path: Path, tmp_path: Path) -> Iterator[RawTable]:
    for in_memory in (True, False):
        work = tmp_path / f"work_{in_memory}"
        yield read_raw(path, work, connect(work), IngestSettings(), in_memory=in_memory)


@pytest.mark.parametrize(
    ("text", "stays"),
    [
        ('id,note\n1,"two\nlines"\n\n2,\n3,"a ""b"" c"\n', True),
        ("id,rowid\n1,9\n2,8\n", False),
        ("id,note\n1,a,b\n2,b\n3,c\n", False),
    ],
    ids=["quotes", "a column named as the number of rows", "read with care"],
)
def test_table_in_memory_is_the_file(tmp_path: Path, text: str, stays: bool) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(text, encoding="utf-8")
    memory, file = _in_memory(path, tmp_path)
    assert (bool(memory.table), bool(file.table)) == (stays, False)
    rows = "SELECT * FROM {raw} ORDER BY {row}"
    assert memory.rows(rows) == file.rows(rows)
    assert (memory.types, memory.row_count, memory.columns) == (file.types, file.row_count, file.columns)
    kept = [table.where("{row} > 1", file_name="late.parquet") for table in (memory, file)]
    assert kept[0].rows(rows) == kept[1].rows(rows) != []


def test_large_text_lies_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("churnkit.ingest.files.delimited_text.memory_bytes", lambda: 3 * 3 * 16 + len(ORDERS))
    path = tmp_path / "orders.csv"
    path.write_text(ORDERS, encoding="utf-8")
    with opened(path, tmp_path / "work", IngestSettings()) as table:
        assert not table.table
        assert table.path.is_file()
    monkeypatch.undo()
    with opened(path, tmp_path / "work", IngestSettings()) as table:
        assert table.table


@pytest.mark.parametrize("in_memory", [True, False])
def test_repeated_cells_of_a_long_table_are_told_apart_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: bool
) -> None:
    path = tmp_path / "orders.csv"
    path.write_text(
        "number,$source\n" + "".join(f"{row},{'ab'[row % 3 == 0]}\n" for row in range(8)) + "8,\n"
    )
    raw = read_raw(path, tmp_path / "work", connect(tmp_path / "work"), IngestSettings(), in_memory=in_memory)
    looks = 'SELECT "{name}", CAST(sum({copies}) AS INTEGER) FROM {cells} GROUP BY ALL ORDER BY ALL'
    short = raw.rows(looks, name="$source", **raw.tally("$source"))
    assert short == [("a", 5), ("b", 3), (None, 1)]

    monkeypatch.setattr(raw_table, "HEAD_ROWS", 5)
    raw = replace(raw)
    assert raw.tally("$source", asked_again=False)["cells"] == raw.source
    assert raw.rows(looks, name="$source", **raw.tally("$source")) == short
    assert raw.rows("SELECT {copies} FROM {cells} ORDER BY 1", **raw.tally("$source")) == [(1,), (3,), (5,)]
    assert raw.rows("SELECT {copies} FROM {cells}", **raw.tally("number")) == [(1,)] * 9
