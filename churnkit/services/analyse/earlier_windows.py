"""What the purchase process missed in windows before those that models learn from: the seasons of earlier years."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from churnkit.services.analyse.history import History, process_rows_at
from churnkit.tournament.residuals import process_residuals
from churnkit.tournament.totals import total_residuals
from churnkit.windows import MAX_CUTOFFS, CutoffPlan, plan_cutoffs

EARLIER_YEARS = 3
# A mean over these customers is known to half a point.
MAX_CUSTOMERS = 10_000


class EarlierResiduals(NamedTuple):
    """What the process missed by cutoff: the churn rate in log-odds, total spend in logarithms."""

    churn: dict[datetime, float]
    totals: dict[datetime, float]


def earlier_residuals(history: History, plan: CutoffPlan) -> EarlierResiduals:
    """For up to ``EARLIER_YEARS`` before the plan's first cutoff; nothing where its windows reach the start."""
    cutoffs = earlier_cutoffs(plan)
    if not cutoffs:
        return EarlierResiduals({}, {})
    rows = process_rows_at(history, plan, cutoffs, MAX_CUSTOMERS)
    return EarlierResiduals(process_residuals(rows), total_residuals(rows))


def earlier_cutoffs(plan: CutoffPlan) -> tuple[datetime, ...]:
    """The cutoffs of the plan's grid that lie before its first, ascending."""
    if len(plan.labelled) < MAX_CUTOFFS:
        return ()
    most = MAX_CUTOFFS + -(-365 * EARLIER_YEARS // plan.step_days)
    longer = plan_cutoffs(plan.history_start, plan.scoring, plan.horizon_days, max_cutoffs=most)
    return tuple(cutoff for cutoff in longer.labelled if cutoff < plan.labelled[0])
