"""Which return takes which purchase back."""

from collections.abc import Callable
from typing import Any

import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.features.cancellations import with_cancellations

Lines = Callable[[int, int], pd.DataFrame]


def line(
    day: int, amount: float, product: str | None = "tea", quantity: float | None = 1, order: str = ""
) -> dict[str, Any]:
    return {
        "customer_id": "a",
        "order_id": order or f"O{day}{'R' if amount < 0 else ''}",
        "ordered_at": pd.Timestamp(2024, 1, day),
        "amount": float(amount),
        "product_id": product,
        "quantity": quantity,
    }


def cancelled(*lines: dict[str, Any], without: tuple[str, ...] = ()) -> list[int | None]:
    """Day of the month from which each line is cancelled, whatever the order of the rows."""
    frame = pd.DataFrame(lines).drop(columns=list(without))
    frame["ordered_at"] = frame["ordered_at"].astype("datetime64[us]")
    frame = frame.assign(is_return=frame["amount"] < 0, source_row=np.arange(len(frame)))
    shuffled = frame.sample(frac=1, random_state=1)
    found = with_cancellations(ibis.memtable(shuffled)).to_pyarrow().to_pandas().sort_values("source_row")
    assert found["source_row"].tolist() == frame["source_row"].tolist()
    return [None if pd.isna(at) else at.day for at in found["cancelled_at"]]


def test_a_later_return_takes_back_the_latest_purchase_that_is_left() -> None:
    assert cancelled(line(1, 10), line(3, 10), line(5, -10), line(6, -10), line(7, 10)) == [6, 5, 5, 6, None]


def test_a_return_without_a_purchase_before_it_takes_nothing_back() -> None:
    assert cancelled(line(1, -10), line(2, 10), line(3, -10), line(4, -10)) == [None, 3, 3, None]


@pytest.mark.parametrize(
    "other",
    [
        line(2, -10, product="cup"),
        line(2, -20, quantity=2),
        line(2, -10) | {"customer_id": "b"},
        line(2, -7.9),
        line(2, -12.6),
    ],
)
def test_another_product_quantity_customer_or_price_is_another_matter(other: dict[str, Any]) -> None:
    assert cancelled(line(1, 10), other) == [None, None]


def test_what_is_paid_back_may_differ_a_little() -> None:
    assert cancelled(line(1, 10), line(2, -8), line(3, 10, "cup"), line(4, -12.5, "cup")) == [2, 2, 4, 4]


def test_quantities_of_returns_may_carry_either_sign() -> None:
    assert cancelled(line(1, 20, quantity=2), line(2, -20, quantity=-2)) == [2, 2]


def test_at_one_instant_the_purchase_comes_first() -> None:
    assert cancelled(line(1, -10), line(1, 10)) == [1, 1]


def test_without_a_product_or_a_quantity_the_amount_decides() -> None:
    assert cancelled(line(1, 10, None), line(2, 9, None), line(3, -9, None)) == [None, 3, 3]
    assert cancelled(line(1, 10, quantity=None), line(2, -9.9, quantity=None)) == [None, None]
    several = line(1, 10), line(2, 9), line(3, -9)
    assert cancelled(*several, without=("product_id", "quantity")) == [None, 3, 3]


def test_an_order_refunded_in_full_is_cancelled_whole() -> None:
    bought = line(1, 30, "tea", order="A"), line(1, 20, "cup", order="A")
    assert cancelled(*bought, line(4, -50, None, None, order="A")) == [4, 4, 4]
    assert cancelled(*bought, line(4, -49.6, None, None, order="A")) == [4, 4, 4]
    assert cancelled(*bought, line(4, -25, None, None, order="A")) == [None, None, None]
    parts = line(4, -35, None, None, order="A"), line(6, -15, None, None, order="A")
    assert cancelled(*bought, *parts, line(8, 5, "pot", order="A")) == [6, 6, 6, 6, None]


def test_an_exchange_does_not_refund_the_order_it_is_booked_under() -> None:
    assert cancelled(line(1, 20), line(3, 20, "cup", order="X"), line(3, -20, order="X")) == [3, None, 3]


def test_amounts_of_nought_take_no_part() -> None:
    assert cancelled(line(1, 10), line(2, 0), line(3, -10)) == [3, None, 3]


def test_lines_to_come_change_nothing_that_was_known(awkward_transactions: Lines) -> None:
    lines = awkward_transactions(5, 40)
    back = lines[lines["amount"] > 0].sample(frac=0.4, random_state=5)
    later = pd.to_timedelta(np.random.default_rng(5).integers(0, 200, len(back)), unit="D")
    back = back.assign(amount=-back["amount"], ordered_at=back["ordered_at"] + later, order_id="back")
    back["source_row"] += len(lines)
    lines = pd.concat([lines, back], ignore_index=True)
    everything = _by_row(lines)
    for instant in pd.to_datetime(["2024-05-01", "2024-11-15", "2025-03-01"]):
        known = _by_row(lines[lines["ordered_at"] < instant])
        whole = everything.loc[known.index]
        assert known.notna().sum() > 20
        pd.testing.assert_series_equal(known, whole.where(whole < instant))


def _by_row(lines: pd.DataFrame) -> pd.Series:
    found = with_cancellations(ibis.memtable(lines)).to_pyarrow().to_pandas()
    return found.set_index("source_row")["cancelled_at"].sort_index()
