"""Lines and events at one cutoff -> what of a customer's row needs no other customer, as one Ibis expression."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.features.panel import unranked
from churnkit.features.product_factors import FACTOR_PREFIX, ProductBasis
from churnkit.labels import cutoff_table
from churnkit.services.analyse.revenue import YEAR_DAYS

SPEND = "spend_last_year"


@dataclass(frozen=True)
class Extent:
    """What single customers do not tell.

    Attributes
    ----------
    scoring
        The instant the customers are scored at.
    first_line, first_purchase
        Instants of the first line and of the first purchase before it.
    """

    scoring: datetime
    first_line: datetime
    first_purchase: datetime

    @property
    def year_start(self) -> datetime:
        """The first instant of the last year, or of the history where that is shorter."""
        days = min(YEAR_DAYS, max((self.scoring - self.first_purchase).days, 1))
        return self.scoring - timedelta(days=days)


def customer_rows(
    lines: ir.Table,
    events: ir.Table,
    extent: Extent,
    horizon_days: int,
    *,
    has_time: bool,
    basis: ProductBasis | None,
) -> ir.Table:
    """One row per customer: the panel's features but for ranks, product factors, ``spend_last_year``.

    Parameters
    ----------
    lines
        Canonical transactions before the cutoff with ``cancelled_at``, all of each customer in them.
    events
        Their events at the cutoff (:func:`churnkit.features.events.events_at`).
    basis
        Of the product factors; None where the run has none.
    """
    when = cutoff_table([extent.scoring], horizon_days, extent.scoring)
    rows = unranked(lines, events, when, has_time=has_time, history_start=extent.first_line).drop("cutoff")
    start = ibis.timestamp(extent.year_start.isoformat(sep=" "))
    spent = (
        lines.filter(_.ordered_at >= start)
        .group_by("customer_id")
        .aggregate(**{SPEND: _.amount.sum().round(4)})
    )
    rows = _with(rows, spent)
    if basis is not None and "product_id" in lines.columns:
        rows = _with(rows, product_factors(lines, basis))
    return rows


def product_factors(lines: ir.Table, basis: ProductBasis) -> ir.Table:
    """As :meth:`churnkit.features.product_factors.ProductBasis.factors`, a row per customer with a product that counts."""
    weights = basis.rarity[:, None] * basis.components.T
    names = [f"{FACTOR_PREFIX}{k + 1}" for k in range(weights.shape[1])]
    known = pd.DataFrame(weights, columns=[f"w_{name}" for name in names])
    known.insert(0, "product_id", np.array(basis.products, dtype=str))
    known["tells"] = (basis.rarity != 0).astype("int64")
    bought = lines.filter((_.amount > 0) & _.product_id.notnull())
    counts = bought.group_by(["customer_id", "product_id"]).aggregate(
        part=(_.count().cast("float64") + 1).ln()
    )
    told = counts.inner_join(ibis.memtable(known), "product_id")
    sums = told.group_by("customer_id").aggregate(
        length=(_.part * _.part).sum().sqrt(),
        telling=_.tells.sum(),
        **{name: (_.part * _[f"w_{name}"]).sum() for name in names},
    )
    return sums.filter(_.telling > 0).select("customer_id", **{name: _[name] / _.length for name in names})


def _with(rows: ir.Table, more: ir.Table) -> ir.Table:
    return rows.left_join(more, "customer_id", rname="{name}_more").drop("customer_id_more")
