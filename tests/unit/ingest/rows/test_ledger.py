"""Nothing vanishes unexplained."""

from __future__ import annotations

import pytest

from churnkit.ingest.rows.ledger import DROPPED, MENDED, Ledger, LedgerEntry
from churnkit.ingest.rows.staged_rows import MENDS

MAP = {"customer_id": "who", "order_id": "order", "order_datetime": "when", "amount": "money"}


def entry(reason, action, rows):
    return LedgerEntry(reason, action, rows, "why", ((3, {"who": "", "when": "2025-01-05"}),))


def test_rows_must_add_up():
    ledger = Ledger(10, 7, (entry("no_customer", "dropped", 3), entry("id_trimmed", "mended", 5)))
    assert ledger.row_count_dropped == 3
    assert ledger.rows("no_customer") == 3
    assert ledger.rows("id_trimmed") == 0
    assert ledger.rows("id_trimmed", "mended") == 5
    with pytest.raises(ValueError, match="does not add up"):
        Ledger(10, 8, (entry("no_customer", "dropped", 3),))


def test_frame_and_words():
    ledger = Ledger(10, 7, (entry("no_customer", "dropped", 3), entry("id_trimmed", "mended", 5)))
    frame = ledger.to_frame()
    assert frame.columns.tolist() == ["reason", "action", "rows", "share", "explanation", "example_rows"]
    assert frame["rows"].tolist() == [3, 5]
    assert frame["share"].tolist() == [0.3, 0.5]
    assert frame["example_rows"].iloc[0] == "row 3: who=, when=2025-01-05"
    assert ledger.words() == "10 rows in, 7 kept; dropped: 3 no_customer."


def test_a_clean_file_has_an_empty_ledger():
    ledger = Ledger(4, 4)
    assert ledger.to_frame().empty
    assert ledger.to_frame().columns.tolist()[0] == "reason"
    assert ledger.words() == "All 4 rows were kept."


def test_every_mend_is_explained():
    assert set(MENDS) == set(MENDED)
    assert all(text.endswith(".") for text in (*DROPPED.values(), *MENDED.values()))


def test_a_row_counts_under_the_first_reason_that_applies(read_text):
    read = read_text(
        """
        who,order,when,money,status
        a,1,2025-01-05,10,paid
        a,2,2025-01-06,10,paid
        a,10,2025-01-07,10,paid
        a,11,2025-01-08,10,paid
        a,12,2025-01-09,10,paid
        a,13,2025-01-10,10,paid
        ,Total,,40,
        a,3,never,x,cancelled
        ,4,2025-01-06,x,cancelled
        guest,5,2025-01-06,x,cancelled
        a,6,2025-01-06,x,cancelled
        a,7,2025-01-06,x,pending
        a,8,2025-01-06,x,paid
        a,9,2025-01-06,0,paid
        """,
        mapping={**MAP, "status": "status"},
    )
    assert list(read.dropped().items()) == [
        ("summary_row", 1),
        ("unparseable_date", 1),
        ("no_customer", 1),
        ("placeholder_customer", 1),
        ("cancelled", 1),
        ("unpaid", 1),
        ("unparseable_amount", 1),
        ("zero_amount", 1),
    ]
    assert list(read.dropped()) == [reason for reason in DROPPED if reason in read.dropped()]


def test_examples_show_the_mapped_cells_of_up_to_five_rows(read_text):
    lines = "".join(f",{i},2025-01-{i:02d},10,secret\n" for i in range(1, 9))
    read = read_text(
        "who,order,when,money,note\na,0,2025-01-05,1,x\na,1,2025-01-06,1,x\n" + lines, mapping=MAP
    )
    (dropped,) = read.result.ledger.entries
    assert dropped.rows == 8
    assert [row for row, _ in dropped.examples] == [3, 4, 5, 6, 7]
    assert dict(dropped.examples[0][1]) == {"who": "", "order": "1", "when": "2025-01-01", "money": "10"}


def test_unreadable_records_are_in_the_account(read_text):
    read = read_text(
        """
        who,order,when,money
        a,1,2025-01-05,1
        a,2,2025-01-06,1
        a,3
        a,4,2025-01-07,1,surplus,cells
        b,5,2025-01-08,1
        """,
        mapping=MAP,
    )
    result = read.result
    assert result.row_count_in == 5
    assert result.row_count_kept == len(read.rows)
    assert result.row_count_in == result.row_count_kept + sum(read.dropped().values())
    assert sum(read.dropped().values()) >= 1
