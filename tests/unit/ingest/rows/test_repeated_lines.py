"""Lines that stand in the file more than once."""

from __future__ import annotations

MAP = {"customer_id": "who", "order_id": "order", "order_datetime": "when", "amount": "money"}


def test_equal_lines_are_dropped_where_an_order_id_tells_them_apart(read_text):
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
    assert any("2 rows equal an earlier one" in note for note in kept.result.notes)


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
