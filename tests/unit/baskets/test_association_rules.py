"""Orders as numbers, pairs against a plain count, suggestions by hand, the held-out test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from itertools import permutations
from pathlib import Path

import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.baskets.association_rules import (
    MIN_DEVIATIONS,
    MIN_TOGETHER,
    UNITS,
    PairRules,
    Unit,
    membership,
    mine,
    rule_table,
)
from churnkit.baskets.holdout import held_out
from churnkit.baskets.orders import BasketOrders, read_orders
from churnkit.baskets.suggestions import MOST_POPULAR, NOTHING, POPULAR, Method, rule_scores, suggest

CUTOFF = datetime(2025, 6, 1)


def lines(rows: Sequence[tuple[str, str, str, float, str | None]]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["customer_id", "order_id", "ordered_at", "amount", "product_id"])
    frame["ordered_at"] = pd.to_datetime(frame["ordered_at"]).astype("datetime64[us]")
    return frame.assign(is_return=frame["amount"] < 0, source_row=np.arange(1, len(frame) + 1))


def read(frame: pd.DataFrame, folder: Path, cutoff: datetime = CUTOFF) -> BasketOrders | None:
    path = folder / "transactions.parquet"
    frame.to_parquet(path)
    return read_orders(ibis.duckdb.connect().read_parquet(path), cutoff)


SMALL = lines(
    [
        ("bob", "2", "2025-02-01", 3.0, "tea"),
        ("ann", "9", "2025-01-05", 4.0, "tea"),
        ("ann", "9", "2025-01-05", 6.0, "tea"),
        ("ann", "9", "2025-01-05", 2.0, "cup"),
        ("ann", "1", "2025-03-05", 2.0, "pot"),
        ("ann", "1", "2025-03-05", -2.0, "cup"),
        ("ann", "1", "2025-03-05", 5.0, None),
        ("ann", "1", "2025-03-05", 5.0, "POSTAGE"),
        ("bob", "3", "2025-06-01", 5.0, "cup"),
    ]
)


def test_orders_as_numbers_by_hand(tmp_path: Path) -> None:
    orders = read(SMALL.assign(product_name=SMALL["product_id"].str.title()), tmp_path)
    assert orders is not None
    assert orders.customers.tolist() == ["ann", "bob"]
    assert orders.items["item_id"].tolist() == ["cup", "pot", "tea"]
    assert orders.items["name"].tolist() == ["Cup", "Pot", "Tea"]
    # Ann's lines of tea are one entry of 10; her first order is the one of January, whatever its number.
    assert list(zip(orders.customer, orders.order, orders.item, orders.amount, strict=True)) == [
        (0, 0, 0, 2.0),
        (0, 0, 2, 10.0),
        (0, 1, 1, 2.0),
        (1, 2, 2, 3.0),
    ]
    assert orders.items["price"].tolist() == [2.0, 2.0, 6.5]
    assert orders.items["customers"].tolist() == [1, 1, 2]
    assert orders.of_order().tolist() == [0, 0, 1]
    assert orders.left_out == ("Postage",) and orders.rarer == 0


@pytest.mark.parametrize(
    ("name", "is_service"),
    [
        ("Next Day Carriage", True),
        ("Shipping & Handling", True),
        ("AMAZON FEE", True),
        ("Manual", True),
        ("French carriage lantern", False),
        ("Charger", False),
        ("Store", False),
        ("World map", False),
    ],
)
def test_what_counts_as_a_service(tmp_path: Path, name: str, is_service: bool) -> None:
    orders = read(
        lines([("a", "1", "2025-01-01", 1.0, name), ("a", "1", "2025-01-01", 1.0, "tea")]), tmp_path
    )
    assert orders is not None
    assert (orders.left_out == (name,)) is is_service


def test_silent_without_products(tmp_path: Path) -> None:
    assert read(SMALL.drop(columns="product_id"), tmp_path) is None
    assert read(SMALL.assign(product_id="Delivery"), tmp_path) is None
    assert read(SMALL, tmp_path, datetime(2024, 1, 1)) is None


def shop(customers: int, seed: int, follow: float) -> pd.DataFrame:
    """Orders of one to three of twelve items; whoever has bought item 0 adds item 1 with probability ``follow``."""
    rng = np.random.default_rng(seed)
    rows = []
    for customer in range(customers):
        for number in range(rng.integers(1, 6)):
            day = pd.Timestamp("2025-01-01") + pd.Timedelta(int(number * 20 + rng.integers(15)), "D")
            items = set(rng.choice(np.arange(2, 12), rng.integers(1, 4), replace=False).tolist())
            if rng.random() < 0.3:
                items.add(0)
                if rng.random() < follow:
                    items.add(1)
            rows += [
                (f"{customer:04d}", f"{customer}-{number}", str(day), 5.0 + i, f"P{i:02d}") for i in items
            ]
    return lines(rows)


@pytest.fixture(scope="module")
def linked(tmp_path_factory: pytest.TempPathFactory) -> BasketOrders:
    orders = read(shop(600, 3, 0.6), tmp_path_factory.mktemp("linked"))
    assert orders is not None
    return orders


@pytest.mark.parametrize("unit", UNITS)
def test_pairs_against_a_plain_count(linked: BasketOrders, unit: Unit) -> None:
    basket = linked.order if unit == "orders" else linked.customer
    sets: dict[int, set[int]] = {}
    for number, item in zip(basket, linked.item, strict=True):
        sets.setdefault(int(number), set()).add(int(item))
    singles = Counter(item for items in sets.values() for item in items)
    pairs = Counter(pair for items in sets.values() for pair in permutations(items, 2))
    rules = mine(linked, unit, seed=1)
    assert rules.baskets == len(sets)
    for first in range(12):
        assert rules.count[first] == singles[first]
        for second in range(12):
            if first != second:
                assert rules.together[first, second] == pairs[first, second]
                assert rules.confidence[first, second] == pytest.approx(pairs[first, second] / singles[first])
                lift = pairs[first, second] * len(sets) / (singles[first] * singles[second])
                assert rules.lift[first, second] == pytest.approx(lift)


def test_only_the_planted_rule_holds(linked: BasketOrders) -> None:
    rules = mine(linked, "orders", seed=1)
    assert set(zip(*np.nonzero(rules.holds), strict=True)) == {(0, 1), (1, 0)}
    table = rule_table(rules, linked.items, 10)
    assert set(table["if_id"]) == {"P00", "P01"}
    back = table.set_index("if_id").loc["P01"]
    assert (back["then_id"], back["confidence"]) == ("P00", 1.0)
    assert back["value"] == pytest.approx((1.0 - back["base"]) * 5.0)
    moved = table["value"] * table["if_id"].map({"P00": rules.count[0], "P01": rules.count[1]})
    assert moved.is_monotonic_decreasing


def test_chance_has_no_rules(tmp_path: Path) -> None:
    orders = read(shop(600, 4, 0.05), tmp_path)
    assert orders is not None
    assert not mine(orders, "orders", seed=1).holds[2:, 2:].any()


def test_the_floor_by_hand() -> None:
    # 1,000 orders, 100 with each of two items: by chance 10 together, with a standard deviation of 2.85.
    together = np.array([[0.0, 21.0], [21.0, 0.0]])
    rules = PairRules("orders", 1000, np.array([100.0, 100.0]), together)
    assert (10 + MIN_DEVIATIONS * np.sqrt(10 * 0.9 * 0.9)) == pytest.approx(21.38, abs=0.01)
    assert not rules.holds.any()
    assert PairRules("orders", 1000, rules.count, together + np.eye(2)[::-1]).holds.sum() == 2
    few = PairRules("orders", 1000, np.array([10.0, 10.0]), np.array([[0.0, MIN_TOGETHER - 1], [9, 0]]))
    assert not few.holds.any()


def test_suggestions_by_hand() -> None:
    nan = -np.inf
    scores = np.array([[nan, 3.0, 1.0, nan], [nan, nan, 2.0, nan], [nan] * 4, [nan] * 4])
    popularity = np.array([9.0, 5.0, 7.0, 8.0])
    has = membership(np.array([0, 1, 1, 2, 2, 2, 2]), np.array([0, 0, 1, 0, 1, 2, 3]), 4, 4)
    found = suggest(has, scores, popularity, 3)
    # Item 0 leads to 1 and 2; the most popular rest follows.
    assert found.item[0].tolist() == [1, 2, 3] and found.because[0].tolist() == [0, 0, POPULAR]
    # Item 2 is better explained by item 1.
    assert found.item[1].tolist() == [2, 3, NOTHING] and found.because[1].tolist() == [1, POPULAR, POPULAR]
    assert found.item[2].tolist() == [NOTHING] * 3
    assert found.item[3].tolist() == [0, 3, 2]
    assert suggest(has, None, popularity, 1).item.ravel().tolist() == [3, 3, NOTHING, 0]
    assert suggest(has[:0], None, popularity, 2).item.shape == (0, 2)


def test_value_is_excess_probability_times_price(linked: BasketOrders) -> None:
    rules = mine(linked, "orders", seed=1)
    price = np.full(12, 4.0)
    value, probability = (rule_scores(rules, ranking, price) for ranking in ("value", "probability"))
    assert value[0, 1] == pytest.approx(4.0 * (probability[0, 1] - rules.base[1]))
    assert np.isneginf(value[2, 3]) and np.isneginf(probability[2, 3])


def test_rules_win_where_they_are_there(tmp_path: Path) -> None:
    """Half begin with a machine; most of these, and few others, order its capsules next."""
    rng = np.random.default_rng(9)
    rows = []
    for customer in range(400):
        has_machine = rng.random() < 0.5
        first = "machine" if has_machine else f"other {rng.integers(3)}"
        second = "capsules" if rng.random() < (0.8 if has_machine else 0.05) else f"other {rng.integers(3)}"
        for number, item in enumerate([first, second]):
            rows.append((f"{customer:03d}", f"{customer}-{number}", f"2025-0{number + 1}-01", 5.0, item))
    rows += [(f"x{n}", f"x{n}", "2025-01-01", 5.0, i) for n in range(40) for i in ("machine", "capsules")]
    orders = read(lines(rows), tmp_path)
    assert orders is not None
    found = held_out(orders, seed=7)
    assert found is not None
    assert found.chosen != MOST_POPULAR and found.low > 0
    assert found.gain == pytest.approx(found.rate_of(found.chosen).first - found.rate_of(MOST_POPULAR).first)
    assert found.rate_of(MOST_POPULAR).first < found.rate_of(found.chosen).any_of_three


def test_popularity_stays_where_rules_say_nothing(tmp_path: Path) -> None:
    orders = read(shop(400, 5, 0.05), tmp_path)
    assert orders is not None
    found = held_out(orders, seed=7)
    assert (
        found is not None
        and found.chosen == MOST_POPULAR
        and (found.gain, found.low, found.high) == (0, 0, 0)
    )


def test_held_out_by_hand(tmp_path: Path) -> None:
    """Everybody starts with tea; of the most popular rest, cup, two thirds of the last orders consist."""
    rows = []
    for customer in range(120):
        rows.append((f"{customer:03d}", f"{customer}-1", "2025-01-01", 5.0, "tea"))
        last = "cup" if customer % 3 else "pot"
        rows.append((f"{customer:03d}", f"{customer}-2", "2025-02-01", 8.0, last))
    rows += [(f"x{n}", f"x{n}", "2025-01-01", 8.0, "cup" if n < 9 else "pot") for n in range(12)]
    orders = read(lines(rows), tmp_path)
    assert orders is not None
    found = held_out(orders, seed=1)
    assert found is not None and found.with_new_items == 1.0
    popular = found.rate_of(MOST_POPULAR)
    assert popular.customers == 60 and popular.any_of_three == 1.0
    assert popular.first == pytest.approx(2 / 3, abs=0.15) and popular.money == pytest.approx(
        8 * popular.first
    )


def test_too_few_customers_to_test(tmp_path: Path) -> None:
    orders = read(shop(60, 5, 0.5), tmp_path)
    assert orders is not None and held_out(orders, seed=1) is None


def test_a_method_in_words() -> None:
    assert Method("orders", "value").words == "what is bought together in one order, by expected extra money"
    assert "most customers" in MOST_POPULAR.words
