"""What a customer buys, as a few factors: truncated SVD of customers x products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
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


@dataclass(frozen=True)
class ProductBasis:
    """What the factors were learned as, so that later orders can be projected on the same ones.

    Attributes
    ----------
    products
        Ids of the products that count, sorted; everything else below stands in their order.
    rarity
        Weight of each product, shape (products,).
    components
        Shape (FACTOR_COUNT, products).
    """

    products: tuple[str, ...]
    rarity: np.ndarray
    components: np.ndarray

    def factors(self, baskets: sp.csr_matrix) -> np.ndarray:
        """Factors of baskets (n, products), shape (n, FACTOR_COUNT); missing where one holds no product that counts."""
        weighted = baskets @ sp.diags(self.rarity)
        values: np.ndarray = np.asarray(weighted @ self.components.T)
        values[np.diff(weighted.indptr) == 0] = np.nan
        return values


def add_product_factors(
    panel: pd.DataFrame,
    transactions: ir.Table,
    cutoffs: Sequence[datetime],
    *,
    seed: int,
    basis: ProductBasis | None = None,
) -> tuple[pd.DataFrame, ProductBasis | None]:
    """The panel with ``product_factor_1..10``, or unchanged where products are absent or too few; and their basis.

    Unless a ``basis`` of earlier is given, it is fitted on purchases before the earliest of ``cutoffs``, so it is older
    than every row of the panel; each customer is projected on it with the purchases before the row's own cutoff. Missing
    for a customer none of whose products the basis knows, or who bought only what everybody buys.
    """
    if "product_id" not in transactions.columns or not cutoffs:
        return panel, None
    ordered = sorted(cutoffs)
    bought = _bought(transactions)
    vocabulary = _vocabulary(bought, ordered[0]) if basis is None else pd.Index(basis.products, dtype=object)
    if len(vocabulary) < MIN_BASIS_PRODUCTS:
        return panel, None
    baskets = _Baskets(_counts(bought, vocabulary, ordered), vocabulary)
    basis = basis or _fitted(baskets.before(0), vocabulary, seed)
    if basis is None:
        return panel, None
    customers = baskets.customers
    parts = []
    for position, cutoff in enumerate(ordered):
        at_cutoff = panel[panel["cutoff"] == cutoff]
        factors = basis.factors(baskets.before(position))
        where = customers.get_indexer(at_cutoff["customer_id"])
        if len(customers):
            values = np.where((where >= 0)[:, None], factors[where], np.nan)
        else:
            values = np.full((len(at_cutoff), FACTOR_COUNT), np.nan)
        parts.append(pd.DataFrame(values, index=at_cutoff.index, columns=_names()))
    return panel.join(pd.concat(parts)), basis


def fit_product_basis(transactions: ir.Table, until: datetime, *, seed: int) -> ProductBasis | None:
    """The basis that :func:`add_product_factors` fits where ``until`` is the earliest cutoff; None without any."""
    if "product_id" not in transactions.columns:
        return None
    bought = _bought(transactions)
    vocabulary = _vocabulary(bought, until)
    if len(vocabulary) < MIN_BASIS_PRODUCTS:
        return None
    return _fitted(_Baskets(_counts(bought, vocabulary, [until]), vocabulary).before(0), vocabulary, seed)


class _Baskets:
    """Lines by customer, product and period as matrices (customers, products).

    Parameters
    ----------
    counts
        Of :func:`_counts`.
    """

    def __init__(self, counts: pd.DataFrame, vocabulary: pd.Index) -> None:
        self.customers = pd.Index(np.sort(counts["customer_id"].unique()))
        self._lines = counts["lines"].to_numpy(dtype=float)
        self._periods = counts["period"].to_numpy()
        self._rows = self.customers.get_indexer(pd.Index(counts["customer_id"]))
        self._columns = vocabulary.get_indexer(pd.Index(counts["product_id"]))
        self._shape = (len(self.customers), len(vocabulary))

    def before(self, period: int) -> sp.csr_matrix:
        """Everything up to ``period``, each customer scaled to length one."""
        known = self._periods <= period
        cells = (self._lines[known], (self._rows[known], self._columns[known]))
        return _unit_rows(sp.coo_matrix(cells, self._shape).tocsr())


def _bought(transactions: ir.Table) -> ir.Table:
    return transactions.filter((_.amount > 0) & _.product_id.notnull())


def _fitted(baskets: sp.csr_matrix, vocabulary: pd.Index, seed: int) -> ProductBasis | None:
    """The basis of the baskets (customers, products) of the earliest cutoff; None where too few customers have one."""
    present = np.diff(baskets.indptr) > 0
    if present.sum() < MIN_BASIS_CUSTOMERS:
        return None
    rarity = np.log(present.sum() / np.maximum(1, np.bincount(baskets.indices, minlength=baskets.shape[1])))
    svd = TruncatedSVD(FACTOR_COUNT, random_state=seed).fit(baskets[present] @ sp.diags(rarity))
    return ProductBasis(tuple(map(str, vocabulary)), rarity, svd.components_)


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
