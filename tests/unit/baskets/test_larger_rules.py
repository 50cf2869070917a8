"""Rules of three and four products: counted by hand, and silent where the pairs say it all."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from churnkit.baskets.larger_rules import larger_rules
from churnkit.baskets.orders import BasketOrders


def orders_of(has: np.ndarray) -> BasketOrders:
    """Orders of one customer each, from a table of baskets by items."""
    order, item = np.nonzero(has)
    kept = has.any(axis=1)
    number = np.cumsum(kept) - 1
    names = [f"item {one}" for one in range(has.shape[1])]
    items = pd.DataFrame({"item_id": names, "name": names, "price": 10.0, "customers": has.sum(axis=0)})
    return BasketOrders(
        customer=number[order],
        order=number[order],
        item=item,
        amount=np.full(len(item), 10.0),
        customers=np.array([str(one) for one in range(int(kept.sum()))], dtype=object),
        items=items,
        left_out=(),
        rarer=0,
    )


@pytest.fixture(scope="module")
def drawn() -> np.ndarray:
    """Six items drawn apart; who has 0 and 1, and only he, mostly takes 2, and with 2 and 3 he takes 4."""
    rng = np.random.default_rng(6)
    has = rng.random((4000, 6)) < 0.25
    has[:, 2] |= has[:, 0] & has[:, 1] & (rng.random(4000) < 0.7)
    has[:, 4] |= has[:, 0] & has[:, 2] & has[:, 3] & (rng.random(4000) < 0.8)
    return has


def test_a_rule_of_three_by_hand(drawn: np.ndarray) -> None:
    found = larger_rules(orders_of(drawn), "orders", seed=1, at_most=50)
    wanted = (found["if_names"] == "item 0 + item 1") & (found["then_name"] == "item 2")
    rule = found[wanted].iloc[0]
    some = drawn[drawn.any(axis=1)]
    both = some[:, 0] & some[:, 1]
    assert rule["together"] == (both & some[:, 2]).sum()
    assert rule["confidence"] == pytest.approx(some[both, 2].mean())
    assert rule["shorter"] == pytest.approx(max(some[some[:, 0], 2].mean(), some[some[:, 1], 2].mean()))
    assert rule["base"] == pytest.approx(some[:, 2].mean())
    assert rule["value"] == pytest.approx(10 * (rule["confidence"] - rule["base"]))
    assert rule["lift"] == pytest.approx(rule["confidence"] / rule["base"])
    assert rule["products"] == 3


def test_four_products_where_three_do_not_say_it(drawn: np.ndarray) -> None:
    found = larger_rules(orders_of(drawn), "orders", seed=1, at_most=500)
    four = found[found["products"] == 4]
    assert ("item 0 + item 2 + item 3", "item 4") in list(
        zip(four["if_names"], four["then_name"], strict=True)
    )
    some = drawn[drawn.any(axis=1)]
    for row in four.to_dict("records"):
        first = [int(name[-1]) for name in str(row["if_names"]).split(" + ")]
        then = int(str(row["then_name"])[-1])
        parts = [some[some[:, list(part)].all(axis=1), then].mean() for part in combinations(first, 2)]
        assert row["shorter"] == pytest.approx(max(parts))
        assert row["confidence"] > max(parts)


def test_what_pairs_say_is_not_said_again() -> None:
    rng = np.random.default_rng(2)
    has = rng.random((4000, 5)) < 0.25
    # 3 follows 0 alone, whatever else is bought.
    has[:, 3] |= has[:, 0] & (rng.random(4000) < 0.7)
    assert larger_rules(orders_of(has), "orders", seed=1, at_most=50).empty


def test_nothing_is_frequent_enough() -> None:
    assert larger_rules(orders_of(np.eye(6, dtype=bool)), "customers", seed=1, at_most=50).empty
