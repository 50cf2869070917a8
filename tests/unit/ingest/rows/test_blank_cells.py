"""Orders whose first row alone names customer and date."""

from __future__ import annotations

MAP = {"customer_id": "who", "order_id": "order", "order_datetime": "when", "amount": "money"}


def test_blank_cells_below_an_orders_first_row_are_filled(read_text):
    read = read_text(
        """
        who,order,when,money
        a,1,2025-01-05,10
        ,1,,5
        b,2,2025-02-05,20
        ,3,2025-02-06,20
        """,
        mapping=MAP,
    )
    assert read.rows["customer_id"].tolist() == ["a", "a", "b"]
    assert read.rows["ordered_at"].dt.day.tolist() == [5, 5, 5]
    assert read.mended() == {"continuation_line": 1}
    assert read.dropped() == {"no_customer": 1}


def test_rows_without_customer_and_date_are_summaries(read_text):
    read = read_text(
        """
        who,order,when,money
        a,1,2025-01-05,10
        b,2,2025-02-05,20
        ,Total,,30
        """,
        mapping=MAP,
    )
    assert read.dropped() == {"summary_row": 1}
