"""How the shop stood a quarter before a run: worked out once, when the run is finished."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.features.cancellations import with_cancellations
from churnkit.results.files import write_document
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.quarter import QUARTER_FILE, Change, QuarterChange
from churnkit.services.analyse.history import MAX_LABELLED_ROWS
from churnkit.services.analyse.run_transactions import transactions_of
from churnkit.text import figures
from churnkit.tournament.evaluation import value_at_stake
from churnkit.windows import quarter_before


def write_quarter_change(folder: Path, lines: ir.Table | None = None) -> None:
    """Add ``quarter.json`` to the folder of a finished run; ``lines`` as for :func:`quarter_change`."""
    write_document(quarter_change(Results(folder), lines), folder / QUARTER_FILE)


def quarter_change(results: Results, lines: ir.Table | None = None) -> QuarterChange:
    """The changes of a run.

    Parameters
    ----------
    lines
        The run's transactions before its date with ``cancelled_at``, where they are open; else they are read once more,
        which takes a second or less.
    """
    cutoff = datetime.fromisoformat(results.cutoff)
    with nullcontext(lines) if lines is not None else _lines_of(results.folder, cutoff) as known:
        first = known.aggregate(first=_.ordered_at.min()).to_pyarrow()["first"][0].as_py()
        active = _active(results, known, cutoff, first)
        revenue = revenue_change(known, cutoff, first)
    shares, at_risk, left_then = _forecasts(results, cutoff)
    return QuarterChange(active, revenue, shares, at_risk, left_then)


@contextmanager
def _lines_of(folder: Path, cutoff: datetime) -> Iterator[ir.Table]:
    with transactions_of(folder) as transactions:
        lines = with_cancellations(transactions.filter(_.ordered_at < cutoff))
        yield transactions.get_backend().create_table("churnkit_known", lines, temp=True)


def _active(results: Results, lines: ir.Table, cutoff: datetime, first: datetime) -> Found[Change] | Missing:
    before, horizon_days = quarter_before(cutoff), results.horizon_days
    if before - timedelta(days=horizon_days) < first:
        return _too_short(before, f"its {figures.days(horizon_days)} of silence")
    return Found(
        Change(
            results.summary.customers.active.customers,
            active_at(lines, before, horizon_days),
            before,
        )
    )


def active_at(lines: ir.Table, instant: datetime, horizon_days: int) -> int:
    """Customers whose last purchase was in the ``horizon_days`` before an instant, as the panel counts them.

    A purchase that had been given back by then is none, except of customers who gave back all they ever bought. The
    ``lines`` carry ``cancelled_at``, and may reach beyond the instant.
    """
    bought = lines.filter((_.ordered_at < instant) & (_.amount > 0))
    stood = _.cancelled_at.isnull() | (_.cancelled_at >= instant)
    last = bought.group_by("customer_id").aggregate(
        standing=_.ordered_at.max(where=stood), booked=_.ordered_at.max()
    )
    earliest = (instant - timedelta(days=horizon_days)).date()
    recent = last.filter(_.standing.coalesce(_.booked).date() >= earliest)
    return int(recent.count().to_pyarrow().as_py())


def revenue_change(transactions: ir.Table, cutoff: datetime, first: datetime) -> Found[Change] | Missing:
    """Net revenue of the three months before the cutoff against the three before; ``first`` is the first order."""
    middle = quarter_before(cutoff)
    start = quarter_before(middle)
    if start < first:
        return _too_short(start, "three months of orders")
    of_date = transactions.filter((_.ordered_at >= start) & (_.ordered_at < cutoff)).aggregate(
        now=_.amount.sum(where=_.ordered_at >= middle), before=_.amount.sum(where=_.ordered_at < middle)
    )
    sums = of_date.to_pyarrow().to_pylist()[0]
    return Found(Change(float(sums["now"] or 0.0), float(sums["before"] or 0.0), middle))


def _too_short(date: datetime, what: str) -> Missing:
    return Missing(f"The history begins too late to know {figures.day(date)} with {what}.")


def _forecasts(
    results: Results, cutoff: datetime
) -> tuple[Found[Change] | Missing, Found[Change] | Missing, float | None]:
    """Leavers and money at risk by the forecast nearest to a quarter ago, and the share that left."""
    past = results.past
    past = past[past["recency_days"] <= results.horizon_days]
    if past.empty:
        none = Missing("No earlier date was forecast, so there is nothing to compare with.")
        return none, none, None
    target = np.datetime64(quarter_before(cutoff), "us")
    dates = past["cutoff"].unique()
    nearest = min(dates, key=lambda date: (abs(date - target), date))
    then, since = past[past["cutoff"] == nearest], pd.Timestamp(nearest).to_pydatetime()
    rows = results.scored("customer_id", "recency_days", "spend_per_month")
    rows = rows[rows["recency_days"] <= results.horizon_days]
    p_now = results.customers.set_index("customer_id")["p_churn"].loc[rows["customer_id"]].to_numpy()
    risk_now = float((p_now * value_at_stake(rows, results.horizon_days)).sum())
    risk_then = float((then["p_churn"] * then["value_at_stake"]).sum())
    change: Found[Change] | Missing = Found(Change(risk_now, risk_then, since))
    question = results.summary.question
    if results.summary.customers.count * len(question.labelled_cutoffs) > MAX_LABELLED_ROWS:
        change = Missing(
            "At earlier dates a sample of the customers was followed, so sums cannot be compared."
        )
    return (
        Found(Change(float(p_now.mean()), float(then["p_churn"].mean()), since)),
        change,
        float(then["churned"].mean()),
    )
