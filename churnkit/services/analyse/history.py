"""One file's transactions, opened for analysis: the working database, the cutoffs and the panel."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.errors import DataError
from churnkit.features.cancellations import with_cancellations
from churnkit.features.events import events_at
from churnkit.features.panel import finished, panel_of_lines, unranked
from churnkit.labels import cutoff_table, trades
from churnkit.profiling.threshold import CountedDays, count_days
from churnkit.services.analyse.in_parts import as_one, keep_as, kept_in, split
from churnkit.text.figures import instant
from churnkit.windows import CutoffPlan, end_of_data, plan_cutoffs

if TYPE_CHECKING:
    from churnkit.features.product_factors import ProductBasis

# Rows of labelled cutoffs that are built at most; in larger shops a fixed sample of customers is followed.
MAX_LABELLED_ROWS = 200_000


class Part(NamedTuple):
    """All lines and events of some customers, in tables of the engine."""

    lines: ir.Table
    events: ir.Table


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
    parts
        Of which ``lines`` and ``events`` consist: one, or several in a long history.
    """

    transactions: ir.Table
    lines: ir.Table
    events: ir.Table
    scoring: datetime
    first_purchase: datetime
    customers: int
    row_count: int
    has_time: bool
    parts: tuple[Part, ...]

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
    line_count = int(known.count().to_pyarrow().as_py())
    parts = tuple(_opened_parts(backend, known, line_count, cutoff_table([scoring], 1, scoring)))
    lines = as_one(backend, "churnkit_lines", [part.lines for part in parts])
    event_table = as_one(backend, "churnkit_events", [part.events for part in parts])
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
        row_count=line_count,
        has_time=has_time,
        parts=parts,
    )


def _opened_parts(
    backend: ibis.BaseBackend, known: ir.Table, line_count: int, when: ir.Table
) -> Iterator[Part]:
    for number, some in enumerate(split(backend, known, line_count)):
        lines = keep_as(backend, f"churnkit_lines_{number}", with_cancellations(some))
        yield Part(lines, keep_as(backend, f"churnkit_events_{number}", events_at(lines, when)))


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
    backend = history.lines.get_backend()
    with kept_in(backend) as keep:
        lines, events, parts = history.lines, history.events, history.parts
        if customers is not None:
            # What follows reads the lines of a sample some five times.
            lines, events = (keep(table.semi_join(customers, "customer_id")) for table in (lines, events))
            parts = (Part(lines, events),)
        when = cutoff_table(cutoffs, plan.horizon_days, history.scoring)
        if columns:
            seen = events_at(lines, when, events)
            expression = panel_of_lines(
                lines, cutoffs, plan.horizon_days, history.scoring, has_time=history.has_time, events=seen
            )
            # The engine leaves out what nobody asks for.
            frame: pd.DataFrame = expression.select(*columns).to_pyarrow().to_pandas()
        else:
            start = None if len(parts) == 1 else lines.ordered_at.min().to_pyarrow().as_py()
            described = [
                keep(
                    unranked(
                        part.lines,
                        events_at(part.lines, when, part.events),
                        when,
                        has_time=history.has_time,
                        history_start=start,
                    )
                )
                for part in parts
            ]
            base = as_one(backend, "churnkit_described", described)
            frame = finished(base, lines, cutoffs, when).to_pyarrow().to_pandas()
    return frame.sort_values(["cutoff", "customer_id"], ignore_index=True)


def _sample(history: History, share: float) -> ir.Table:
    """``customer_id`` of about ``share`` of the customers."""
    ids = history.events.select("customer_id").distinct().to_pyarrow()["customer_id"].to_pandas()
    hashed = pd.util.hash_array(ids.to_numpy(dtype=object).astype(str))
    chosen = np.sort(ids[hashed < np.uint64(share * 2**64)].to_numpy(dtype=object))
    return ibis.memtable(pd.DataFrame({"customer_id": chosen.astype(str)}))
