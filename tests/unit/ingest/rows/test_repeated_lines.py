"""Lines and orders that stand in the file more than once: which of them are sales, and which are imported twice."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
import pytest

from churnkit.config import IngestSettings
from churnkit.ingest import Reading, ingest, read_mapping
from churnkit.ingest.rows import repeated_lines

MAP = {"customer_id": "who", "order_id": "order", "order_datetime": "when", "amount": "money"}
ITEMS = {**MAP, "product_id": "sku"}
NOW = datetime(2026, 11, 20, 12)


def test_equal_orders_of_one_line_each_count_once(read_text):
    text = """
        who,order,when,money
        a,1,2025-01-05,1
        a,1,2025-01-05,1
        a,2,2025-01-06,1
        a,1,2025-01-05,1
    """
    read = read_text(text, mapping=MAP)
    assert read.rows["source_row"].tolist() == [1, 3]
    assert read.dropped() == {"duplicate_line": 2}
    kept = read_text(text, mapping=MAP, duplicates="keep")
    assert len(kept.rows) == 4
    assert any(
        "2 rows equal another one in every cell and were kept: the setting" in n for n in kept.result.notes
    )


@pytest.mark.parametrize("most", [1, 10])
def test_repeats_are_found_in_several_passes_as_in_one(read_text, monkeypatch, most):
    monkeypatch.setattr(repeated_lines, "_MOST_MARKS", most)
    head = "who,order,when,money\n"
    once = "a,1,2025-01-05,1\na,2,2025-01-06,1\nb,,2025-01-07,1\n"
    assert read_text(head + once, mapping=MAP).dropped().get("duplicate_line") is None
    assert read_text(head + once + "a,1,2025-01-05,1\n", mapping=MAP).dropped()["duplicate_line"] == 1


def test_equal_lines_are_kept_without_order_id_and_time(read_text):
    mapping = {"customer_id": "who", "order_datetime": "when", "amount": "money"}
    read = read_text("who,when,money\na,2025-01-05,1\na,2025-01-05,1\na,2025-01-06,1\n", mapping=mapping)
    assert len(read.rows) == 3
    assert any("look the same" in note for note in read.result.notes)
    timed = read_text(
        "who,when,money\na,2025-01-05 10:00:00,1\na,2025-01-05 10:00:00,1\na,2025-01-06 10:00:00,1\n",
        mapping=mapping,
    )
    assert timed.dropped() == {"duplicate_line": 1}


def test_an_article_scanned_twice_is_sold_twice(read_text):
    text = """
        who,order,when,sku,money
        a,1,2025-01-05,mug,5
        a,1,2025-01-05,mug,5
        b,2,2025-01-06,mug,5
        b,2,2025-01-06,mug,5
        b,2,2025-01-06,tea,3
        a,3,2025-01-07,tea,3
    """
    read = read_text(text, mapping=ITEMS)
    assert read.dropped() == {}
    assert read.rows["amount"].sum() == 26
    assert any(
        "2 rows equal another one in every cell and were kept: the same article" in n
        for n in read.result.notes
    )


def test_a_block_of_orders_pasted_again_counts_once(read_text):
    block = "a,1,2025-01-05,mug,5\na,1,2025-01-05,mug,5\nb,2,2025-01-06,tea,3\nb,2,2025-01-06,mug,5\n"
    text = "who,order,when,sku,money\n" + block + "a,3,2025-01-07,tea,3\n" + block
    read = read_text(text, mapping=ITEMS)
    assert read.rows["source_row"].tolist() == [1, 2, 3, 4, 5]
    assert read.dropped() == {"duplicate_line": 4}


def test_lines_in_the_order_of_articles_are_no_repeated_orders(read_text):
    lines = [f"c{n},{n},2025-01-{n % 28 + 1:02d},{sku},5" for sku in ("mug", "tea") for n in range(1, 30)]
    lines.insert(0, "c1,1,2025-01-02,mug,5")
    lines.insert(9, "c1,1,2025-01-02,mug,5")
    read = read_text("who,order,when,sku,money\n" + "\n".join(lines) + "\n", mapping=ITEMS)
    assert read.dropped() == {}


def test_a_file_in_which_everything_stands_twice(read_text):
    lines = [
        f"c{n},{n},2025-01-{n + 1:02d},{sku},5"
        for n in range(1, 16)
        for sku in ("mug", "tea")
        for _ in range(2)
    ]
    read = read_text("who,order,when,sku,money\n" + "\n".join(lines) + "\n", mapping=ITEMS)
    assert read.dropped() == {"duplicate_line": 30}


def test_the_total_of_the_order_decides(read_text):
    plain = "".join(f"c{n},{n},2025-01-0{n},mug,5,8\nc{n},{n},2025-01-0{n},tea,3,8\n" for n in range(1, 6))
    text = (
        "who,order,when,sku,money,Subtotal\n"
        + plain
        + "a,10,2025-01-07,mug,5,5\na,10,2025-01-07,mug,5,5\n"
        + "a,11,2025-01-08,mug,5,10\na,11,2025-01-08,mug,5,10\n"
        + "b,12,2025-01-09,mug,5,5\n"
        + "a,11,2025-01-08,tea,0.01,10\n"
    )
    read = read_text(text, mapping=ITEMS)
    assert read.dropped() == {"duplicate_line": 1}
    assert 12 not in read.rows["source_row"].tolist()
    assert {13, 14} <= set(read.rows["source_row"])
    assert any("the totals of their orders are right with them only" in note for note in read.result.notes)


@pytest.fixture
def read_files(tmp_path: Path) -> Callable[..., tuple[pd.DataFrame, dict[str, int], tuple[str, ...]]]:
    """``read_files(text, text, ..., items=True)`` -> kept rows, rows dropped by reason, notes."""

    def read(
        *texts: str, mapping: dict[str, str] = ITEMS
    ) -> tuple[pd.DataFrame, dict[str, int], tuple[str, ...]]:
        paths: Sequence[Path] = [tmp_path / f"part{place}.csv" for place in range(1, len(texts) + 1)]
        for path, text in zip(paths, texts, strict=True):
            path.write_text("who,order,when,sku,money,state\n" + text)
        reading = Reading(settings=IngestSettings(), mapping=read_mapping(mapping), accepted=("part_edge",))
        result = ingest(paths, tmp_path / "work", reading, now=NOW)
        assert result.row_count_in == sum(text.count("\n") for text in texts)
        dropped = {entry.reason: entry.rows for entry in result.ledger.entries if entry.action == "dropped"}
        return pd.read_parquet(result.transactions).sort_values("source_row"), dropped, result.notes

    return read


def test_overlapping_exports_count_an_order_once(read_files):
    first = "a,1,2025-01-05,mug,5,sent\na,1,2025-01-05,mug,5,sent\nb,2,2025-05-06,tea,3,new\nb,2,2025-05-06,mug,5,new\n"
    second = "b,2,2025-05-06,tea,3,new\nb,2,2025-05-06,mug,5,new\nc,3,2025-07-01,tea,3,new\n"
    rows, dropped, _ = read_files(first, second)
    assert rows["source_row"].tolist() == [1, 2, 3, 4, 7]
    assert dropped == {"duplicate_line": 2}


def test_of_two_states_of_an_order_the_later_export_s_counts(read_files):
    first = "a,1,2025-01-05,mug,5,sent\nb,2,2025-05-06,tea,3,new\nc,9,2025-05-07,tea,3,new\n"
    second = "b,2,2025-05-06,tea,3,sent\nb,2,2025-05-06,mug,5,sent\nc,3,2025-07-01,tea,3,new\n"
    for texts, kept in (((first, second), [1, 3, 4, 5, 6]), ((second, first), [1, 2, 3, 4, 6])):
        rows, dropped, _ = read_files(*texts)
        assert rows["source_row"].tolist() == kept
        assert dropped == {"older_version": 1}


def test_an_order_cut_in_two_counts_whole(read_files):
    rows, dropped, _ = read_files(
        "a,1,2025-01-05,mug,5,sent\nb,2,2025-05-06,tea,3,new\n",
        "b,2,2025-05-06,tea,3,new2\nc,3,2025-07-01,tea,3,new\n",
    )
    assert (len(rows), dropped) == (3, {"duplicate_line": 1})
    rows, dropped, _ = read_files(
        "a,1,2025-01-05,mug,5,sent\nb,2,2025-05-06,tea,3,new\n",
        "b,2,2025-05-06,mug,5,new\nc,3,2025-07-01,tea,3,new\n",
    )
    assert (len(rows), dropped) == (4, {})


def test_parts_by_product_keep_all_lines_of_an_order(read_files):
    rows, dropped, _ = read_files(
        "a,1,2025-01-05,mug,5,x\nb,2,2025-05-06,mug,5,x\nc,3,2025-07-01,mug,5,x\n",
        "a,1,2025-01-05,tea,3,x\nb,2,2025-05-06,tea,3,x\nc,4,2025-07-02,tea,3,x\n",
    )
    assert (len(rows), dropped) == (6, {})


def test_numbers_that_begin_anew_are_other_orders(read_files):
    rows, dropped, notes = read_files(
        "a,1,2024-01-05,mug,5,x\nb,2,2024-05-06,mug,5,x\n", "a,1,2025-01-07,mug,5,x\nc,2,2025-07-02,tea,3,x\n"
    )
    assert dropped == {}
    assert rows["order_id"].tolist() == ["1 (part1.csv)", "2 (part1.csv)", "1 (part2.csv)", "2 (part2.csv)"]
    assert any("2 order numbers stand for other orders" in note for note in notes)


def test_overlaps_without_order_numbers(read_files):
    mapping = {name: column for name, column in MAP.items() if name != "order_id"}
    first = "".join(f"c{n},,2025-05-{n:02d},mug,5,x\n" for n in range(1, 9))
    second = "".join(f"c{n},,2025-05-{n:02d},mug,5,x\n" for n in range(5, 13))
    rows, dropped, _ = read_files(first, second, mapping=mapping)
    assert (len(rows), dropped) == (12, {"duplicate_line": 4})
    rows, dropped, _ = read_files(
        first,
        second.replace(",5,x", ",6,x").replace("c5,,2025-05-05,mug,6", "c5,,2025-05-05,mug,5"),
        mapping=mapping,
    )
    assert (len(rows), dropped) == (16, {})


def test_a_file_handed_over_twice_counts_once_with_its_equal_lines(read_files):
    text = "".join(f"c{n},{n},2025-05-{n:02d},mug,5,x\n" * (1 + n % 2) for n in range(1, 25))
    rows, dropped, _ = read_files(text, text)
    assert (len(rows), dropped) == (36, {"duplicate_line": 36})
