"""A cell as it was known at a date: the panel up to there, outcomes only of windows that were over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from churnkit.features.column_names import OUTCOME_COLUMNS
from churnkit.services.analyse.earlier_windows import EarlierResiduals
from churnkit.tournament.totals import total_residuals
from churnkit.windows import CutoffPlan, plan_cutoffs
from tests.benchmarks.bench.cells import Cell, Opened


@dataclass(frozen=True)
class Frozen:
    """What an idea may know, and what came, which it may not.

    Attributes
    ----------
    panel
        Rows of ``plan.all``; outcomes missing where their window was not over.
    transactions
        Those before the date.
    earlier_residuals
        What the process missed in finished windows before the plan's, three years back at most.
    """

    cell: Cell
    plan: CutoffPlan
    panel: pd.DataFrame
    transactions: pd.DataFrame
    earlier_residuals: EarlierResiduals
    _outcome: pd.DataFrame

    @property
    def name(self) -> str:
        """Cell and date."""
        return f"{self.cell.name}-{self.plan.scoring:%Y-%m-%d}"

    @property
    def rows(self) -> pd.DataFrame:
        """Panel rows of the scoring date by customer: the order of every answer."""
        return self.panel[self.panel["cutoff"] == self.plan.scoring].sort_values("customer_id")

    @property
    def churned(self) -> np.ndarray:
        """What came: shape (n,)."""
        return self._outcome["churned"].to_numpy(dtype=float)

    @property
    def spend(self) -> np.ndarray:
        """What came, net of returns, in money, shape (n,)."""
        return self._outcome["spend_next"].to_numpy(dtype=float)

    @property
    def active(self) -> np.ndarray:
        """Mask of who was silent no longer than the horizon, shape (n,)."""
        mask: np.ndarray = self.rows["recency_days"].to_numpy(dtype=float) <= self.plan.horizon_days
        return mask


def freeze(opened: Opened, when: datetime) -> Frozen:
    """The cell at one of its freezes.

    A purchase that was given back after the date counts in outcomes before it as it does in the end; everything else is as
    it was known.
    """
    plan = plan_cutoffs(opened.start, when, opened.cell.horizon_days)
    panel = opened.panel[opened.panel["cutoff"].isin(list(plan.all))].sort_values(
        ["cutoff", "customer_id"], ignore_index=True
    )
    now = panel["cutoff"] == when
    outcome = panel.loc[now, ["customer_id", *OUTCOME_COLUMNS]].sort_values("customer_id")
    panel = panel.assign(**{name: panel[name].where(~now).astype(float) for name in OUTCOME_COLUMNS})
    # Only windows of the plan's own grid: another freeze's may lie beside it.
    first = plan.labelled[0] if plan.labelled else when
    grid = (
        {first - k * (plan.labelled[1] - first) for k in range(1, 200)} if len(plan.labelled) > 1 else set()
    )
    earlier = EarlierResiduals(
        {c: residual for c, residual in opened.residuals.items() if c in grid},
        total_residuals(opened.panel[opened.panel["cutoff"].isin(list(grid))]),
    )
    transactions = opened.transactions[opened.transactions["ordered_at"] < when]
    return Frozen(opened.cell, plan, panel, transactions, earlier, outcome)
