"""What is looked up instead of sorted, and what is summed by the engine, against the same in one piece."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import ibis
import numpy as np
import pandas as pd

from churnkit.engines.chunk import UNRANKED
from churnkit.engines.features import product_factors
from churnkit.engines.rank_tables import RankTable
from churnkit.engines.worklist_rank import ranked
from churnkit.features.product_factors import ProductBasis, add_product_factors


def percent_ranks(figures: np.ndarray) -> np.ndarray:
    return (pd.Series(figures).rank(method="min").to_numpy() - 1) / max(len(figures) - 1, 1)


def test_ranks_from_a_full_table_are_exact() -> None:
    rng = np.random.default_rng(1)
    for size in (1, 2, 500):
        figures = rng.integers(0, 40, size).astype(float)
        assert RankTable.of(figures).ranks(figures).tolist() == percent_ranks(figures).tolist()


def test_ranks_from_a_short_table_are_off_by_one_step_at_most() -> None:
    rng = np.random.default_rng(2)
    # A third of the customers share one value, as those who bought once do.
    figures = np.where(rng.random(30_000) < 0.33, 10.0, rng.gamma(2.0, 20.0, 30_000))
    table = RankTable.of(figures, steps=100)
    assert len(table.values) <= 200
    assert np.abs(table.ranks(figures) - percent_ranks(figures)).max() <= 0.0101
    others = rng.gamma(2.0, 20.0, 1000)
    below = np.searchsorted(np.sort(figures), others) / (len(figures) - 1)
    assert np.abs(table.ranks(others) - below).max() <= 0.0101


def test_factors_are_those_of_the_basis(
    awkward_transactions: Callable[[int, int], pd.DataFrame],
) -> None:
    lines = awkward_transactions(5, 80)
    rng = np.random.default_rng(3)
    lines["product_id"] = [
        None if rng.random() < 0.05 else f"P{k:02d}" for k in rng.integers(0, 60, len(lines))
    ]
    products = tuple(f"P{k:02d}" for k in range(40))
    # One product that everybody buys tells nothing.
    rarity = np.append(rng.random(39) + 0.1, 0.0)
    basis = ProductBasis(products, rarity, rng.normal(size=(10, 40)))
    customers = sorted(lines["customer_id"].unique())
    cutoff = datetime(2026, 1, 1)
    panel = pd.DataFrame({"customer_id": customers, "cutoff": cutoff})
    table = ibis.memtable(lines)
    expected, _ = add_product_factors(panel, table, [cutoff], seed=1, basis=basis)
    found = product_factors(table, basis).to_pandas().set_index("customer_id").reindex(customers)
    assert expected.iloc[:, 2:].notna().all(axis=1).any()
    np.testing.assert_allclose(found.to_numpy(), expected.iloc[:, 2:].to_numpy(), rtol=1e-12, atol=1e-14)


def test_places_in_shares_are_places_among_all() -> None:
    rng = np.random.default_rng(4)
    size = 400
    gain = rng.integers(0, 50, size).astype(float)
    lapsed = rng.random(size) < 0.4
    scored = pd.DataFrame({field.name: [None] * size for field in UNRANKED}).astype(object)
    scored["customer_id"] = rng.permutation([f"c{k}" for k in range(size)])
    edges = np.unique(np.quantile(gain, np.arange(1, 8) / 8))
    share = len(edges) - np.searchsorted(edges, gain, side="right")
    scored["bucket"] = (lapsed * (len(edges) + 1) + share).astype(int)
    scored["gain"] = gain
    table = ibis.memtable(scored.astype({"customer_id": str, "bucket": int, "gain": float}))
    sizes = np.bincount(scored["bucket"])
    found = ranked(table, dict(enumerate(sizes.tolist()))).to_pandas().set_index("customer_id")["rank"]
    order = np.lexsort((scored["customer_id"].to_numpy(dtype=str), -gain, lapsed))
    expected = pd.Series(np.arange(1, size + 1), index=scored["customer_id"].to_numpy()[order])
    assert found.sort_index().tolist() == expected.sort_index().tolist()
