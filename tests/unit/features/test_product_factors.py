"""Product factors: what they tell apart, when there are none, and on what they are fitted."""

from __future__ import annotations

from datetime import datetime, timedelta

import ibis
import numpy as np
import pandas as pd
import pytest

from churnkit.features.product_factors import (
    FACTOR_COUNT,
    FACTOR_PREFIX,
    ProductBasis,
    add_product_factors,
)

FACTORS = [f"{FACTOR_PREFIX}{k}" for k in range(1, FACTOR_COUNT + 1)]
CUTOFFS = [datetime(2024, 4, 1), datetime(2024, 6, 1)]
START = datetime(2024, 1, 1)


def two_tastes(customers: int = 260, products: int = 40, seed: int = 0) -> pd.DataFrame:
    """Even customers buy from the first half of the products, odd ones from the second, through June."""
    rng = np.random.default_rng(seed)
    half = products // 2
    rows = [
        (
            f"{customer:05d}",
            f"{int(rng.integers(half)) + half * (customer % 2):04d}",
            START + timedelta(days=day),
            5.0,
        )
        for customer in range(customers)
        for day in [0, *rng.integers(0, 180, 9).tolist()]
    ]
    lines = pd.DataFrame(rows, columns=["customer_id", "product_id", "ordered_at", "amount"])
    lines["ordered_at"] = lines["ordered_at"].astype("datetime64[us]")
    return lines


def panel_of(lines: pd.DataFrame) -> pd.DataFrame:
    customers = sorted(lines["customer_id"].unique())
    return pd.DataFrame(
        [(customer, pd.Timestamp(cutoff)) for cutoff in CUTOFFS for customer in customers],
        columns=["customer_id", "cutoff"],
    )


def with_factors(panel: pd.DataFrame, lines: pd.DataFrame, seed: int = 1) -> pd.DataFrame:
    return add_product_factors(panel, ibis.memtable(lines), CUTOFFS, seed=seed)[0]


def test_factors_tell_two_tastes_apart() -> None:
    lines = two_tastes()
    described = with_factors(panel_of(lines), lines)
    assert list(described.columns) == ["customer_id", "cutoff", *FACTORS]
    assert described[FACTORS].notna().all(axis=None)
    taste = described["customer_id"].astype(int) % 2
    separation = [
        abs(described[name][taste == 0].mean() - described[name][taste == 1].mean()) / described[name].std()
        for name in FACTORS[:2]
    ]
    assert max(separation) > 1.5


def test_a_row_uses_purchases_before_its_own_cutoff_only() -> None:
    lines = two_tastes()
    late = lines["ordered_at"] >= CUTOFFS[1]
    middle = (lines["ordered_at"] >= CUTOFFS[0]) & ~late
    panel = panel_of(lines)
    described = with_factors(panel, lines)
    without_late = with_factors(panel, lines[~late])
    pd.testing.assert_frame_equal(described, without_late, check_exact=True)
    without_middle = with_factors(panel, lines[~middle])
    first = panel["cutoff"] == CUTOFFS[0]
    pd.testing.assert_frame_equal(described[first], without_middle[first], check_exact=True)
    assert not described[~first].equals(without_middle[~first])


def test_customers_without_a_known_product_are_missing_and_refunds_are_no_purchases() -> None:
    lines = two_tastes()
    extra = pd.DataFrame(
        {
            "customer_id": ["returns", "unknown product", "no product", "later"],
            "product_id": ["0001", "never seen", None, "0001"],
            "ordered_at": pd.to_datetime(["2024-01-05"] * 3 + ["2024-05-01"]).astype("datetime64[us]"),
            "amount": [-5.0, 5.0, 5.0, 5.0],
        }
    )
    lines = pd.concat([lines, extra], ignore_index=True)
    described = with_factors(panel_of(lines), lines).set_index(["customer_id", "cutoff"])[FACTORS]
    for customer in ("returns", "unknown product", "no product"):
        assert described.loc[[customer]].isna().all(axis=None)
    assert described.xs(("later", CUTOFFS[0])).isna().all()
    assert described.xs(("later", CUTOFFS[1])).notna().all()


def test_neither_the_order_of_rows_nor_an_index_matters() -> None:
    lines = two_tastes()
    panel = panel_of(lines)
    shuffled = panel.sample(frac=1, random_state=3)
    described = with_factors(shuffled, lines.sample(frac=1, random_state=4))
    assert described.index.equals(shuffled.index)
    pd.testing.assert_frame_equal(described.sort_index(), with_factors(panel, lines), check_exact=True)


def test_a_product_that_everybody_has_bought_says_nothing() -> None:
    """Its weight is log(1) = 0, so who bought nothing else has no factors."""
    lines = two_tastes()
    bag = lines.drop_duplicates("customer_id").assign(product_id="bag", ordered_at=pd.Timestamp("2024-01-02"))
    only_bag = bag.head(1).assign(customer_id="bag only")
    lines = pd.concat([lines, bag, only_bag], ignore_index=True)
    described = with_factors(panel_of(lines), lines).set_index("customer_id")[FACTORS]
    assert described.loc[["bag only"]].isna().all(axis=None)
    assert described.drop(index="bag only").notna().all(axis=None)


@pytest.mark.parametrize(
    ("customers", "products"),
    [(150, 40), (260, 20)],
    ids=["too few customers", "too few products"],
)
def test_too_little_for_a_basis_leaves_the_panel_as_it_is(customers: int, products: int) -> None:
    lines = two_tastes(customers, products)
    panel = panel_of(lines)
    assert with_factors(panel, lines) is panel


def test_without_products_or_cutoffs_the_panel_stays_as_it_is() -> None:
    lines = two_tastes()
    panel = panel_of(lines)
    assert with_factors(panel, lines.drop(columns="product_id")) is panel
    assert add_product_factors(panel, ibis.memtable(lines), [], seed=1)[0] is panel


def test_who_is_followed_at_past_cutoffs_changes_no_factor() -> None:
    """In any order of rows, with a customer who bought nothing that counts: the basis is that of all customers."""
    lines = two_tastes()
    table = ibis.memtable(lines)
    whole, basis = add_product_factors(panel_of(lines), table, CUTOFFS, seed=1)
    some = panel_of(lines)
    followed = some["customer_id"].str.endswith("3") | (some["cutoff"] == CUTOFFS[-1])
    some = pd.concat([some[followed], pd.DataFrame({"customer_id": ["x"], "cutoff": [CUTOFFS[0]]})])
    some = some.sample(frac=1.0, random_state=2).reset_index(drop=True)
    found, again = add_product_factors(some, table, CUTOFFS, seed=1)
    assert basis is not None and again is not None
    np.testing.assert_array_equal(again.components, basis.components)
    expected = some.merge(whole, on=["customer_id", "cutoff"], how="left")
    pd.testing.assert_frame_equal(found[FACTORS], expected[FACTORS])
    assert found.loc[found["customer_id"] == "x", FACTORS].isna().all().all()


def test_lines_of_one_product_add_up_within_a_period_and_over_periods() -> None:
    lines = two_tastes()
    lines = pd.concat([lines, lines[::3], lines[::7]], ignore_index=True)
    products = tuple(sorted(lines["product_id"].unique()))
    basis = ProductBasis(products, np.ones(len(products)), np.eye(FACTOR_COUNT, len(products)))
    panel = panel_of(lines)
    described = add_product_factors(panel, ibis.memtable(lines), CUTOFFS, seed=1, basis=basis)[0]
    for cutoff in CUTOFFS:
        before = lines[lines["ordered_at"] < cutoff]
        table = pd.crosstab(before["customer_id"], before["product_id"])
        counts = table.reindex(columns=list(products), fill_value=0).to_numpy()
        assert counts.max() > 1
        logs = np.log1p(counts)
        expected = (logs / np.sqrt((logs**2).sum(axis=1, keepdims=True)))[:, :FACTOR_COUNT]
        rows = described[described["cutoff"] == cutoff].set_index("customer_id").loc[table.index, FACTORS]
        np.testing.assert_allclose(rows.to_numpy(), expected, rtol=1e-12)
