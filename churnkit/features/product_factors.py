"""What a customer buys, as a few factors: truncated SVD of customers x products."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import ibis
import numpy as np
import pandas as pd
import scipy.sparse as sp
from ibis import _
from ibis.expr import types as ir
from sklearn.decomposition import TruncatedSVD

FACTOR_COUNT = 10
FACTOR_PREFIX = "product_factor_"
MAX_PRODUCTS = 2000
MIN_PRODUCT_CUSTOMERS = 5
MIN_BASIS_CUSTOMERS = 200
MIN_BASIS_PRODUCTS = 30


def add_product_factors(
    panel: pd.DataFrame, transactions: ir.Table, cutoffs: Sequence[datetime], *, seed: int
) -> pd.DataFrame:
    """The panel with ``product_factor_1..10``, or unchanged where products are absent or too few.

    The factors' basis is fitted on purchases before the earliest of ``cutoffs``, so it is older than every row
    of the panel; each customer is projected on it with the purchases before the row's own cutoff. Missing for
    a customer none of whose products the basis knows, or who bought only what everybody buys.
    """
    if "product_id" not in transactions.columns or not cutoffs:
        return panel
    ordered = sorted(cutoffs)
    bought = transactions.filter((_.amount > 0) & _.product_id.notnull())
    vocabulary = _vocabulary(bought, ordered[0])
    if len(vocabulary) < MIN_BASIS_PRODUCTS:
        return panel
    counts = _counts(bought, vocabulary, ordered)
    customers = pd.Index(np.sort(counts["customer_id"].unique()))
    rows = customers.get_indexer(pd.Index(counts["customer_id"]))
    products = vocabulary.get_indexer(pd.Index(counts["product_id"]))
    shape = (len(customers), len(vocabulary))

    def before(position: int) -> sp.csr_matrix:
        known = (counts["period"] <= position).to_numpy()
        matrix = sp.coo_matrix(
            (counts["lines"].to_numpy(dtype=float)[known], (rows[known], products[known])), shape
        )
        return _unit_rows(matrix.tocsr())

    history = before(0)
    present = np.diff(history.indptr) > 0
    if present.sum() < MIN_BASIS_CUSTOMERS:
        return panel
    rarity = np.log(present.sum() / np.maximum(1, np.bincount(history.indices, minlength=shape[1])))
    svd = TruncatedSVD(FACTOR_COUNT, random_state=seed).fit(history[present] @ sp.diags(rarity))
    parts = []
    for position, cutoff in enumerate(ordered):
        at_cutoff = panel[panel["cutoff"] == cutoff]
        basket = before(position) @ sp.diags(rarity)
        factors = svd.transform(basket)
        factors[np.diff(basket.indptr) == 0] = np.nan
        where = customers.get_indexer(at_cutoff["customer_id"])
        values = np.where((where >= 0)[:, None], factors[where], np.nan)
        parts.append(pd.DataFrame(values, index=at_cutoff.index, columns=_names()))
    return panel.join(pd.concat(parts))


def _names() -> list[str]:
    return [f"{FACTOR_PREFIX}{k}" for k in range(1, FACTOR_COUNT + 1)]


def _vocabulary(bought: ir.Table, until: datetime) -> pd.Index:
    """The most widely bought products before ``until``, sorted by id."""
    popular = (
        bought.filter(_.ordered_at < ibis.timestamp(until.isoformat(sep=" ")))
        .group_by("product_id")
        .aggregate(customers=_.customer_id.nunique())
        .filter(_.customers >= MIN_PRODUCT_CUSTOMERS)
        .order_by(ibis.desc("customers"), "product_id")
        .limit(MAX_PRODUCTS)
        .to_pandas()
    )
    names: pd.Index = pd.Index(np.sort(popular["product_id"].to_numpy(dtype=object)))
    return names


def _counts(bought: ir.Table, vocabulary: pd.Index, cutoffs: Sequence[datetime]) -> pd.DataFrame:
    """Lines per customer, product and period; period k lies before ``cutoffs[k]`` and not before the one ahead of it."""
    known = ibis.memtable(pd.DataFrame({"product_id": vocabulary.astype(str)}))
    period = sum((_.ordered_at >= ibis.timestamp(c.isoformat(sep=" "))).cast("int64") for c in cutoffs)
    counts: pd.DataFrame = (
        bought.semi_join(known, "product_id")
        .mutate(period=period)
        .group_by(["customer_id", "product_id", "period"])
        .aggregate(lines=_.count())
        .order_by("customer_id", "product_id", "period")
        .to_pandas()
    )
    return counts


def _unit_rows(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """log(1 + lines), each customer scaled to length one."""
    matrix.sum_duplicates()
    matrix.data = np.log1p(matrix.data)
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    length[length == 0] = 1.0
    return (sp.diags(1.0 / length) @ matrix).tocsr()
