"""An order number under a header that nobody knows."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("header", ["ID", "TxnID", "Beleg", "Document no", "单号"])
def test_a_number_for_each_purchase_is_the_order(read_text, header):
    """Two purchases of one customer on one day stay two."""
    text = f"{header},ClientNumber,PurchaseDate,Total\n" + "".join(
        f"{900 + i},c{i // 2 % 20},2025-{1 + i // 2 % 12:02d}-05,{10 + i}.50\n" for i in range(80)
    )
    read = read_text(text)
    assert read.result.mapping.columns["order_id"] == header
    assert read.rows["order_id"].nunique() == 80


def test_a_number_that_groups_lines_is_the_order(read_text):
    text = "TxnID,Row,ClientNumber,PurchaseDate,SKU,Units,Price\n" + "".join(
        f"t{i // 3},{i},c{i // 3 % 20},2025-{1 + i // 12 % 12:02d}-05,s{i % 7},{1 + i % 2},{10 + i % 7}.50\n"
        for i in range(240)
    )
    read = read_text(text)
    assert read.result.mapping.columns["order_id"] == "TxnID"
    assert read.rows["order_id"].nunique() == 80


def test_a_number_of_lines_is_no_order(read_text):
    text = "Row id,ClientNumber,PurchaseDate,SKU,Units,Price\n" + "".join(
        f"{i},c{i // 3 % 20},2025-{1 + i // 3 % 12:02d}-{1 + i // 3 % 28:02d},s{i % 7},{1 + i % 2},{10 + i % 7}.50\n"
        for i in range(240)
    )
    read = read_text(text)
    assert "order_id" not in read.result.mapping.columns
    assert read.rows["order_id"].nunique() == 80
