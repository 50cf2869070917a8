"""What a customer buys, as a few factors: truncated SVD of customers x products."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import ibis
import numpy as np
import pandas as pd
import pyarrow as pa
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
    baskets = _Baskets(bought, vocabulary, ordered)
    basis = basis or _fitted(baskets.before(0), vocabulary, seed)
    if basis is None:
        return panel, None
    positions = baskets.customers.get_indexer(panel["customer_id"])
    values = np.full((len(panel), FACTOR_COUNT), np.nan)
    for position, cutoff in enumerate(ordered):
        rows = np.flatnonzero((panel["cutoff"] == cutoff).to_numpy() & (positions >= 0))
        # A sample is followed at past cutoffs: nobody else's basket is needed there.
        values[rows] = basis.factors(baskets.before(position, positions[rows]))
    return panel.join(pd.DataFrame(values, index=panel.index, columns=_names())), basis


def fit_product_basis(transactions: ir.Table, until: datetime, *, seed: int) -> ProductBasis | None:
    """The basis that :func:`add_product_factors` fits where ``until`` is the earliest cutoff; None without any."""
    if "product_id" not in transactions.columns:
        return None
    bought = _bought(transactions)
    vocabulary = _vocabulary(bought, until)
    if len(vocabulary) < MIN_BASIS_PRODUCTS:
        return None
    return _fitted(_Baskets(bought, vocabulary, [until]).before(0), vocabulary, seed)


class _Baskets:
    """Lines as a matrix (customers, products), rows in the order of ``customers``.

    Each line is a cell of its own that holds its period, see `_lines`: a product that is bought again stands there again.
    """

    def __init__(self, bought: ir.Table, vocabulary: pd.Index, cutoffs: Sequence[datetime]) -> None:
        ids = bought.select("customer_id").distinct().to_pyarrow()["customer_id"]
        # Sorted as they come: a fifth of what sorting Python's texts costs.
        self.customers = pd.Index(ids.sort().to_numpy(zero_copy_only=False))
        lines = _lines(bought, self.customers, vocabulary, cutoffs)
        period, *place = (lines[name].to_numpy() for name in ("period", "customer", "product"))
        cells = sp.coo_matrix((period, tuple(place)), (len(self.customers), len(vocabulary)))
        # Else what lies in one place would be added up.
        cells.has_canonical_format = True
        self._periods = cells.tocsr()

    def before(self, period: int, customers: np.ndarray | None = None) -> sp.csr_matrix:
        """Everything up to ``period``, each customer scaled to length one; of all, or of those at these positions."""
        cells = self._periods if customers is None else self._periods[customers]
        known = cells.data <= period
        starts = np.concatenate([[0], np.cumsum(known)])[cells.indptr]
        return _unit_rows(sp.csr_matrix((np.ones(starts[-1]), cells.indices[known], starts), cells.shape))


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


def _lines(
    bought: ir.Table, customers: pd.Index, vocabulary: pd.Index, cutoffs: Sequence[datetime]
) -> pa.Table:
    """Customer and product of each line (positions in ``customers`` and ``vocabulary``) and its period, in no order.

    Period k lies before ``cutoffs[k]`` and not before the one ahead of it. Lines are not counted here: few stand for one
    product of one customer and period, and the matrix adds them up at half the cost of grouping them.
    """
    numbered = {"customer": customers, "product": vocabulary}
    known = {
        name: ibis.memtable(
            pd.DataFrame({f"{name}_id": ids.astype(str), name: np.arange(len(ids), dtype=np.int32)})
        )
        for name, ids in numbered.items()
    }
    period = sum((_.ordered_at >= ibis.timestamp(c.isoformat(sep=" "))).cast("int64") for c in cutoffs)
    # Numbers instead of texts from here on: they are handed over at a third of the cost.
    return (
        bought.inner_join(known["product"], "product_id")
        .inner_join(known["customer"], "customer_id")
        .select("customer", "product", period=period.cast("int16"))
        .to_pyarrow()
    )


def _unit_rows(matrix: sp.csr_matrix) -> sp.csr_matrix:
    """log(1 + lines), each customer scaled to length one."""
    matrix.sum_duplicates()
    matrix.data = np.log1p(matrix.data)
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    length[length == 0] = 1.0
    return (sp.diags(1.0 / length) @ matrix).tocsr()
