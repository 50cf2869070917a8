"""One file's transactions, opened for analysis: the working database, the cutoffs and the panel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.errors import DataError
from churnkit.features.cancellations import with_cancellations
from churnkit.features.events import events_at
from churnkit.features.panel import finished, panel_of_lines, unranked
from churnkit.ingest.engine import compose, quote_identifier
from churnkit.labels import cutoff_table, trades
from churnkit.profiling.threshold import CountedDays, count_days
from churnkit.text.figures import instant
from churnkit.windows import CutoffPlan, end_of_data, plan_cutoffs

if TYPE_CHECKING:
    from churnkit.features.product_factors import ProductBasis

# Rows of labelled cutoffs that are built at most; in larger shops a fixed sample of customers is followed.
MAX_LABELLED_ROWS = 200_000


@dataclass(frozen=True)
class History:
    """Transactions before the scoring instant, their events, and the facts every later step needs.

    Attributes
    ----------
    transactions, lines, events
        Tables of one Ibis backend; ``lines``, the transactions with ``cancelled_at`` and products told apart by
        name where there are no ids, and ``events``, as they stand at the scoring instant, are materialised there.
    scoring
        The instant the customers are scored at.
    first_purchase
        Instant of the first purchase.
    customers, purchase_rows
        Customers with a purchase, and all usable rows.
    """

    transactions: ir.Table
    lines: ir.Table
    events: ir.Table
    scoring: datetime
    first_purchase: datetime
    customers: int
    row_count: int
    has_time: bool

    @property
    def history_days(self) -> int:
        """Days from the first purchase to the scoring instant."""
        return (self.scoring - self.first_purchase).days

    @property
    def names_products(self) -> bool:
        """Whether products are told apart by their names, for want of ids."""
        return "product_id" in self.lines.columns and "product_id" not in self.transactions.columns

    @cached_property
    def counted_days(self) -> CountedDays:
        """Pauses and ages of the customers: what the threshold and its alternatives follow from."""
        return count_days(self.transactions, self.scoring)


def open_history(
    backend: ibis.BaseBackend, transactions: ir.Table, as_of: datetime | None, *, has_time: bool
) -> History:
    """Materialise the events of canonical ``transactions`` and look at their extent.

    Raises
    ------
    DataError
        If no purchase lies before the scoring instant.
    """
    last = transactions.aggregate(last=_.ordered_at.max()).to_pyarrow()["last"][0].as_py()
    if last is None:
        raise DataError("Analysing: no usable row is left.", "See the ledger for what was dropped and why.")
    scoring = as_of or end_of_data(last)
    known = transactions.filter(_.ordered_at < ibis.timestamp(scoring.isoformat(sep=" ")))
    lines = backend.create_table("churnkit_lines", with_cancellations(known), temp=True)
    event_table = backend.create_table(
        "churnkit_events", events_at(lines, cutoff_table([scoring], 1, scoring)), temp=True
    )
    bought = event_table.filter(_.is_purchase)
    extent = bought.aggregate(first=_.ordered_at.min(), customers=_.customer_id.nunique()).to_pyarrow()
    first = extent["first"][0].as_py()
    if first is None:
        raise DataError(
            f"Analysing: no purchase with a positive amount lies before {instant(scoring)}.",
            "Choose a later as-of date, or check the amount column in the mapping.",
        )
    return History(
        # From the engine's own table: what comes next reads them some forty times.
        transactions=lines.select(*known.columns),
        lines=lines,
        events=event_table,
        scoring=scoring,
        first_purchase=first,
        customers=int(extent["customers"][0].as_py()),
        row_count=int(known.count().to_pyarrow().as_py()),
        has_time=has_time,
    )


def returned_orders(history: History) -> int:
    """Orders of which everything was given back before the scoring instant."""
    # Most orders hold nothing that was cancelled, and need not be summed.
    keys = ["customer_id", "order_id"]
    touched = history.lines.filter(_.cancelled_at.notnull()).select(*keys).distinct()
    traded = trades(history.lines.semi_join(touched, keys))
    whole = traded.group_by(keys).aggregate(
        left=((_.bought > 0) & _.stands_until.isnull()).cast("int64").sum(), bought=_.bought.sum()
    )
    return int(whole.filter((_.bought > 0) & (_.left == 0)).count().to_pyarrow().as_py())


def plan_for(history: History, horizon_days: int, training_months: int | None = None) -> CutoffPlan:
    """Cutoffs of the history for one horizon, with the training window of the models."""
    return plan_cutoffs(
        history.first_purchase, history.scoring, horizon_days, training_months=training_months
    )


class BuiltPanel(NamedTuple):
    """The panel, and what its product factors were learned as (None without any)."""

    panel: pd.DataFrame
    products: ProductBasis | None


def build_panel(
    history: History, plan: CutoffPlan, *, seed: int, products: ProductBasis | None = None
) -> BuiltPanel:
    """The panel with purchase-process and product columns, sorted by cutoff and customer.

    With the ``products`` of an earlier panel the factors are the same as there.

    All customers at the scoring cutoff; at labelled cutoffs all of them too, or, above ``MAX_LABELLED_ROWS``, a
    sample by the hash of the customer id, the same at every cutoff.
    """
    # A first look opens the history too, and must not wait for SciPy and scikit-learn, which these import.
    from churnkit.features.product_factors import add_product_factors
    from churnkit.features.purchase_process import add_purchase_process

    share = MAX_LABELLED_ROWS / max(1, history.customers * len(plan.labelled))
    if share >= 1:
        panel = _collect(history, plan.all, plan)
    else:
        labelled = _collect(history, plan.labelled, plan, _sample(history, share))
        scored = _collect(history, [plan.scoring], plan)
        panel = pd.concat([labelled, scored], ignore_index=True)
    panel = add_purchase_process(panel, plan.horizon_days)
    described, basis = add_product_factors(panel, history.lines, plan.all, seed=seed, basis=products)
    return BuiltPanel(described, basis)


def panel_at(history: History, plan: CutoffPlan, cutoffs: Sequence[datetime]) -> pd.DataFrame:
    """Panel rows of cutoffs beside the plan's, with purchase-process columns and the plan's horizon; the same sample."""
    from churnkit.features.purchase_process import add_purchase_process

    share = MAX_LABELLED_ROWS / max(1, history.customers * max(1, len(plan.labelled)))
    customers = None if share >= 1 else _sample(history, share)
    return add_purchase_process(_collect(history, cutoffs, plan, customers), plan.horizon_days)


def process_rows_at(
    history: History, plan: CutoffPlan, cutoffs: Sequence[datetime], max_customers: int
) -> pd.DataFrame:
    """Outcomes and the purchase process's forecasts of orders at cutoffs beside the plan's, of a sample of customers."""
    from churnkit.features.purchase_process import HISTORY_COLUMNS, add_purchase_process

    share = max_customers / max(1, history.customers)
    customers = None if share >= 1 else _sample(history, share)
    columns = (
        "customer_id",
        "cutoff",
        *HISTORY_COLUMNS,
        "monetary_total",
        "purchase_days",
        "churned",
        "spend_next",
    )
    rows = _collect(history, cutoffs, plan, customers, columns)
    return add_purchase_process(rows, plan.horizon_days, with_money=False)


def _collect(
    history: History,
    cutoffs: Sequence[datetime],
    plan: CutoffPlan,
    customers: ir.Table | None = None,
    columns: Sequence[str] = (),
) -> pd.DataFrame:
    """The panel of the history's customers, or of those in ``customers``; all its columns, or the named."""
    with _kept_in(history.lines.get_backend()) as kept:
        lines, events = history.lines, history.events
        if customers is not None:
            # What follows reads the lines of a sample some five times.
            lines, events = (kept(table.semi_join(customers, "customer_id")) for table in (lines, events))
        when = cutoff_table(cutoffs, plan.horizon_days, history.scoring)
        seen = events_at(lines, when, events)
        if columns:
            expression = panel_of_lines(
                lines, cutoffs, plan.horizon_days, history.scoring, has_time=history.has_time, events=seen
            )
            # The engine leaves out what nobody asks for.
            frame: pd.DataFrame = expression.select(*columns).to_pyarrow().to_pandas()
        else:
            base = kept(unranked(lines, seen, when, has_time=history.has_time))
            frame = finished(base, lines, cutoffs, when).to_pyarrow().to_pandas()
    return frame.sort_values(["cutoff", "customer_id"], ignore_index=True)


@contextmanager
def _kept_in(backend: ibis.BaseBackend) -> Iterator[Callable[[ir.Table], ir.Table]]:
    """A function that works a table out and keeps it in the engine, until this block is left."""
    names = []

    def keep(table: ir.Table) -> ir.Table:
        names.append(f"churnkit_kept_{uuid4().hex}")
        return backend.create_table(names[-1], table, temp=True)

    try:
        yield keep
    finally:
        for name in names:
            # Ibis' own way to drop a table writes no name with the sqlglot of today.
            backend.raw_sql(compose("DROP TABLE IF EXISTS {table}", table=quote_identifier(name)))


def _sample(history: History, share: float) -> ir.Table:
    """``customer_id`` of about ``share`` of the customers."""
    ids = history.events.select("customer_id").distinct().to_pyarrow()["customer_id"].to_pandas()
    hashed = pd.util.hash_array(ids.to_numpy(dtype=object).astype(str))
    chosen = np.sort(ids[hashed < np.uint64(share * 2**64)].to_numpy(dtype=object))
    return ibis.memtable(pd.DataFrame({"customer_id": chosen.astype(str)}))
