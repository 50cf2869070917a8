"""What would have happened: predictions of past cutoffs against what customers then did, in people and in money."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from churnkit import metrics
from churnkit.results.past_dates import PastDate, PastFigures
from churnkit.tournament.evaluation import Stakes

DECILES = 10


@dataclass(frozen=True)
class PastOutcome:
    """One past cutoff: forecasts made with what was known then, and what followed. Arrays of shape (n,)."""

    cutoff: datetime
    p_churn: np.ndarray
    churned: np.ndarray
    expected_spend: np.ndarray
    actual_spend: np.ndarray
    recency_days: np.ndarray
    stakes: Stakes

    def among(self, rows: np.ndarray) -> PastOutcome:
        """The same of the customers in the mask ``rows``, shape (n,)."""
        return PastOutcome(
            self.cutoff,
            self.p_churn[rows],
            self.churned[rows],
            self.expected_spend[rows],
            self.actual_spend[rows],
            self.recency_days[rows],
            self.stakes.of(rows),
        )

    def active(self, horizon_days: int) -> PastOutcome:
        """The same of the customers who were active at the cutoff: silent no longer than the threshold."""
        return self.among(self.recency_days <= horizon_days)


def backtest_table(past: Sequence[PastOutcome]) -> pd.DataFrame:
    """One row per past cutoff and decile of the forecast, riskiest first.

    Columns: ``cutoff``, ``decile``, ``customers``, ``expected_churners``, ``actual_churners``,
    ``expected_spend``, ``actual_spend``; and for contacting all deciles down to this one, in money,
    ``profit_model`` (in order of p_churn x value at stake), ``profit_recency`` (longest silent first),
    ``profit_random`` (expectation of a random order), ``profit_everybody``.
    """
    tables = [_one_cutoff(outcome) for outcome in past]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=_COLUMNS)


_COLUMNS = [
    "cutoff",
    "decile",
    "customers",
    "expected_churners",
    "actual_churners",
    "expected_spend",
    "actual_spend",
    "profit_model",
    "profit_recency",
    "profit_random",
    "profit_everybody",
]


def tenths(p_churn: np.ndarray, churned: np.ndarray) -> pd.DataFrame:
    """Customers in tenths of the forecast, riskiest first.

    Columns: ``decile``, ``customers``, ``expected_churners``, ``actual_churners``.
    """
    parts = _parts(p_churn)
    return pd.DataFrame(
        {
            "decile": range(1, DECILES + 1),
            "customers": [len(part) for part in parts],
            "expected_churners": [p_churn[part].sum() for part in parts],
            "actual_churners": [int(churned[part].sum()) for part in parts],
        }
    )


def _parts(p_churn: np.ndarray) -> list[np.ndarray]:
    order = np.lexsort((np.arange(len(p_churn)), -p_churn))
    return np.array_split(order, DECILES)


def _one_cutoff(past: PastOutcome) -> pd.DataFrame:
    parts = _parts(past.p_churn)
    reach = np.cumsum([len(part) for part in parts])
    by_model = profit_by_reach(past, past.p_churn * past.stakes.value)
    by_recency = profit_by_reach(past, past.recency_days)
    everybody = by_model[-1]
    return pd.DataFrame(
        {
            "cutoff": past.cutoff,
            **tenths(past.p_churn, past.churned),
            "expected_spend": [past.expected_spend[part].sum() for part in parts],
            "actual_spend": [past.actual_spend[part].sum() for part in parts],
            "profit_model": by_model[reach],
            "profit_recency": by_recency[reach],
            "profit_random": everybody * reach / len(past.p_churn),
            "profit_everybody": everybody,
        },
        columns=_COLUMNS,
    )


def profit_by_reach(past: PastOutcome, score: np.ndarray) -> np.ndarray:
    """Realised profit of contacting the top k by ``score``, shape (n + 1,), in money."""
    return metrics.profit_curve(
        past.churned,
        score,
        past.stakes.value,
        contact_cost=past.stakes.contact_cost,
        save_rate=past.stakes.save_rate,
    )


def backtest_summary(past: Sequence[PastOutcome], horizon_days: int) -> tuple[PastDate, ...]:
    """Per cutoff: how well the forecast ranked, how far it was off in level and in money, what acting on it earned."""
    return tuple(_past_date(outcome, outcome.active(horizon_days)) for outcome in past)


def _past_date(past: PastOutcome, active: PastOutcome) -> PastDate:
    return PastDate(
        cutoff=past.cutoff,
        active=_figures(active) if len(active.churned) else None,
        **vars(_figures(past)),
    )


def _figures(past: PastOutcome) -> PastFigures:
    churned, p_churn = past.churned, past.p_churn
    gain = p_churn * past.stakes.save_rate * past.stakes.value - past.stakes.contact_cost
    contacted = int((gain > 0).sum())
    by_model = profit_by_reach(past, gain)
    everybody = float(by_model[-1])
    one_class = len(np.unique(churned)) < 2
    return PastFigures(
        customers=len(p_churn),
        roc_auc=None if one_class else metrics.roc_auc(churned, p_churn),
        log_loss=metrics.log_loss(churned, p_churn),
        log_loss_of_base_rate=metrics.log_loss(churned, np.full(len(churned), churned.mean())),
        ece=metrics.ece(churned, p_churn),
        expected_churn_rate=float(p_churn.mean()),
        actual_churn_rate=float(churned.mean()),
        expected_spend=float(past.expected_spend.sum()),
        actual_spend=float(past.actual_spend.sum()),
        contacted=contacted,
        profit_chosen=float(by_model[contacted]),
        profit_random=everybody * contacted / len(p_churn),
        profit_recency=float(profit_by_reach(past, past.recency_days)[contacted]),
        profit_everybody=everybody,
    )
