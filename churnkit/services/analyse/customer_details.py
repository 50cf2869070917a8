"""One row per customer with everything that a list, a filter or a customer's own page shows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.features.cancellations import with_cancellations
from churnkit.features.events import events_at
from churnkit.features.indicators import indicator_columns
from churnkit.features.one_more_event import events_with
from churnkit.features.one_more_order import ranks_among, repeated_orders
from churnkit.features.panel import RANKED, unranked
from churnkit.features.product_factors import FACTOR_PREFIX
from churnkit.features.purchase_process import (
    HISTORY_COLUMNS,
    describe_with,
    fit_order_value,
    fit_process,
)
from churnkit.ingest import Ingested
from churnkit.ingest.engine import backend_of, connect
from churnkit.labels import cutoff_table
from churnkit.segments import rfm_scores, rfm_segment
from churnkit.segments.standing import is_active, risk_tier
from churnkit.services.analyse.analysis import Analysis
from churnkit.services.analyse.history import History
from churnkit.tournament.baselines import PURCHASE_PROCESS
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.progress import Progress, Stage, silent
from churnkit.tournament.residuals import PROCESS_COLUMN
from churnkit.windows import CutoffPlan

# What ranks and the purchase process are made of.
_BESIDE = frozenset(("customer_id", "purchase_days", *RANKED, *HISTORY_COLUMNS))


class ScoredCustomers(Protocol):
    """What details are made of, as :class:`Analysis` has it: the customers of one date, and what scored them."""

    @property
    def ingested(self) -> Ingested: ...
    @property
    def plan(self) -> CutoffPlan: ...
    @property
    def model(self) -> ChurnModel: ...
    @property
    def scored_rows(self) -> pd.DataFrame: ...
    @property
    def customers(self) -> pd.DataFrame: ...


def customer_details(
    analysis: ScoredCustomers,
    before: pd.DataFrame,
    progress: Progress = silent,
    *,
    history: History | None = None,
) -> pd.DataFrame:
    """The columns of ``customers.csv`` and those that only the app shows, by rank.

    Parameters
    ----------
    before
        ``customer_id``, ``p_churn_before`` and ``risk_tier_before``, see :func:`forecast_before`.
    history
        The transactions, where they are still open up to the scoring date; else they are opened once more.

    Added columns
    -------------
    first_purchase_at, last_purchase_at
        Instants of the first and the last purchase before the cutoff.
    gap_mean_days, overdue_ratio
        As in the panel; missing where there is one order only.
    segment, r_score, f_score, m_score
        See :mod:`churnkit.segments.rfm`.
    p_churn_before, risk_tier_before
        Out-of-time forecast one horizon before the cutoff; missing for customers who were not known, or not followed,
        then. Who had lapsed by then had no tier.
    p_churn_if_bought
        If the customer had just placed the last order once more, at the usual order value.
    """
    progress(Stage.CUSTOMERS, 0.0)
    rows = analysis.scored_rows.reset_index(drop=True)
    scores = rfm_scores(
        *(rows[name].to_numpy() for name in ("recency_days", "order_count", "monetary_total"))
    )
    details = pd.DataFrame(
        {
            "customer_id": rows["customer_id"],
            "gap_mean_days": rows["gap_mean_days"].to_numpy(dtype=float).round(2),
            "overdue_ratio": rows["overdue_ratio"].to_numpy(dtype=float).round(4),
            "segment": rfm_segment(scores),
            **{name: scores[name].astype("int8") for name in scores},
        }
    )
    details = details.merge(before, on="customer_id", how="left")
    progress(Stage.CUSTOMERS, 0.3)
    with _opened(analysis, history) as (lines, events):
        details = details.merge(_instants(events), on="customer_id", how="left")
        details["p_churn_if_bought"] = _p_if_bought(analysis, rows, lines, events).round(6)
    progress(Stage.CUSTOMERS, 1.0)
    return analysis.customers.merge(details, on="customer_id", how="left", validate="one_to_one")


@contextmanager
def _opened(analysis: ScoredCustomers, history: History | None) -> Iterator[tuple[ir.Table, ir.Table]]:
    """Lines before the scoring date with what was given back, looked for once; and the events that they make."""
    if history is not None:
        yield history.lines, history.events
        return
    cutoff = analysis.plan.scoring
    with TemporaryDirectory(prefix="churnkit-") as workdir, connect(Path(workdir)) as connection:
        backend = backend_of(connection)
        instant = ibis.timestamp(cutoff.isoformat(sep=" "))
        known = backend.read_parquet(analysis.ingested.transactions).filter(_.ordered_at < instant)
        lines = backend.create_table("churnkit_known", with_cancellations(known), temp=True)
        events = events_at(lines, cutoff_table([cutoff], 1, cutoff))
        yield lines, backend.create_table("churnkit_known_events", events, temp=True)


def _instants(events: ir.Table) -> pd.DataFrame:
    instants: pd.DataFrame = (
        events.filter(_.is_purchase)
        .group_by("customer_id")
        .aggregate(first_purchase_at=_.ordered_at.min(), last_purchase_at=_.ordered_at.max())
        .to_pyarrow()
        .to_pandas()
    )
    return instants


def forecast_before(analysis: Analysis) -> pd.DataFrame:
    """Forecasts made one horizon ago with what was known then: ``p_churn_before``, ``risk_tier_before``."""
    test = analysis.plan.test
    frame = pd.DataFrame({"customer_id": [], "p_churn_before": [], "risk_tier_before": []}).astype(
        {"customer_id": "str", "p_churn_before": "float64", "risk_tier_before": "str"}
    )
    if test is None:
        return frame
    rows = analysis.panel[analysis.panel["cutoff"] == test].sort_values("customer_id")
    if analysis.past is not None and analysis.past.outcomes and analysis.past.outcomes[-1].cutoff == test:
        p = analysis.past.outcomes[-1].p_churn
    elif analysis.model.name == PURCHASE_PROCESS:
        # It was fitted on each cutoff's own history, so the panel holds what it would have said then.
        rows = rows[rows[PROCESS_COLUMN].notna()]
        p = rows[PROCESS_COLUMN].to_numpy(dtype=float)
    else:
        return frame
    active = is_active(rows["recency_days"].to_numpy(), analysis.plan.horizon_days)
    tiers = risk_tier(
        p, active, analysis.settings.tiers, proven=bool(analysis.customers["risk_tier"].notna().any())
    )
    return pd.DataFrame(
        {
            "customer_id": rows["customer_id"].to_numpy(),
            "p_churn_before": p.round(6),
            "risk_tier_before": pd.array(tiers, dtype="str"),
        }
    )


def _p_if_bought(
    analysis: ScoredCustomers, rows: pd.DataFrame, lines: ir.Table, events: ir.Table
) -> np.ndarray:
    """Probability of churn of each of ``rows`` after one more order, shape (n,)."""
    plan, cutoff = analysis.plan, analysis.plan.scoring
    # The panel reads them several times: they are worked out once.
    added = lines.get_backend().create_table("churnkit_once_more", repeated_orders(lines, cutoff), temp=True)
    expression = unranked(
        lines.union(added),
        events_with(lines, events, added, cutoff),
        cutoff_table([cutoff], plan.horizon_days, cutoff),
        has_time=analysis.ingested.has_time,
    )
    # What the model does not look at need not be worked out, nor a rank among customers who all bought.
    ranks = ["spend_tier", *(f"{name}_rank" for name in RANKED)]
    wanted = (analysis.model.reads | _BESIDE).difference(ranks)
    asked = expression.select(*(name for name in expression.columns if name in wanted))
    changed = asked.to_pyarrow().to_pandas().set_index("customer_id").loc[rows["customer_id"]].reset_index()
    changed = ranks_among(changed.assign(**dict.fromkeys(ranks, np.nan)), rows)
    # Parameters of the shop as it is: everybody buying at once is no shop.
    process = describe_with(changed, fit_process(rows), fit_order_value(rows), plan.horizon_days)
    factors = [name for name in rows.columns if name.startswith(FACTOR_PREFIX)]
    factors += indicator_columns(rows.columns)
    return analysis.model.p_churn(changed.join(process).join(rows[factors]))
