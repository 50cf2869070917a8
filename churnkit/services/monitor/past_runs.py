"""Earlier runs of a shop as forecasts whose outcome can be looked up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.features.cancellations import with_cancellations
from churnkit.ingest.engine import backend_of, connect
from churnkit.labels import cutoff_table, outcomes, trades
from churnkit.monitoring.realised import PastForecast
from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.results.summary import Summary
from churnkit.roi import Planner, Uncertainty
from churnkit.segments.standing import ACTIVE
from churnkit.services.decide.recommendation import default_assumptions
from churnkit.windows import outcome_end


@dataclass(frozen=True)
class PastRun:
    """A run's name and folder with what every figure needs of it."""

    run_id: str
    results: Results
    summary: Summary

    @classmethod
    def of(cls, folder: Path, run_id: str | None = None) -> PastRun:
        """Read the summary of a run, which is called like its folder unless ``run_id`` is given.

        Raises
        ------
        DataError
            It is missing or damaged.
        """
        results = Results(folder)
        return cls(run_id or folder.name, results, results.summary)

    @property
    def scored_by(self) -> str:
        """The run whose model scored it."""
        by = self.summary.scored_by
        # A rule that had to score says nothing about the model.
        return by.run_id if by is not None and by.fallback is None else self.run_id

    @property
    def currency(self) -> str | None:
        """That of the file; None where it names none."""
        return self.summary.file.currency

    @property
    def cutoff(self) -> datetime:
        """The instant that its customers were scored at."""
        return self.summary.question.cutoff

    @property
    def horizon_days(self) -> int:
        """Length of its window."""
        return self.summary.question.horizon_days

    @property
    def until(self) -> datetime:
        """The instant that its window ends at."""
        return outcome_end(self.cutoff, self.horizon_days)

    @property
    def promised(self) -> tuple[float | None, float | None]:
        """AUC and calibration error of the active at past dates, as the run tells them."""
        active = self.summary.quality.active
        return (active.value.roc_auc, active.value.ece) if isinstance(active, Found) else (None, None)


def outcomes_of(lines: ir.Table, runs: Sequence[PastRun], known_until: datetime) -> pd.DataFrame:
    """What customers did in the window of each run that is over: ``customer_id, cutoff, horizon_days, orders, spend``.

    One row for each customer with a purchase before the cutoff, as the present history knows them: ``lines``, its
    transactions with ``cancelled_at``.
    """
    traded = trades(lines)
    first = lines.filter(_.amount > 0).group_by("customer_id").aggregate(first=_.ordered_at.min())
    found = []
    for days in sorted({one.horizon_days for one in runs}):
        cutoffs = sorted({one.cutoff for one in runs if one.horizon_days == days})
        windows = cutoff_table(cutoffs, days, known_until)
        done = outcomes(traded, windows)
        known = first.join(windows, [first.first < windows.cutoff]).select("customer_id", "cutoff")
        table = known.left_join(done, ["customer_id", "cutoff"]).select(
            "customer_id",
            "cutoff",
            orders=_.outcome_orders.fill_null(0),
            spend=_.outcome_spend.fill_null(0.0),
        )
        found.append(table.to_pyarrow().to_pandas().assign(horizon_days=days))
    return pd.concat(found, ignore_index=True) if found else pd.DataFrame()


def forecast_of(run: PastRun, came: pd.DataFrame) -> tuple[PastForecast, int, float]:
    """A run's forecast beside what came; how many of its customers are known no more; and the assumed save rate.

    Parameters
    ----------
    came
        The rows of :func:`outcomes_of` of this run's window.
    """
    customers = run.results.customers
    joined = customers.merge(came[["customer_id", "orders", "spend"]], on="customer_id", how="inner")
    money = run.summary.settings.money
    assumed = default_assumptions(customers, money, run.currency)
    planner = Planner.of(joined, Uncertainty(), money.margin, money.success_by_tier)
    leaving, staying = (
        Planner(
            np.full(len(joined), chance),
            planner.gone_share,
            planner.value,
            planner.order_value,
            planner.uncertainty,
            planner.success,
        ).gains(assumed)
        for chance in (1.0, 0.0)
    )
    active = (joined["status"] == ACTIVE).to_numpy()
    past = PastForecast(
        p_churn=joined["p_churn"].to_numpy(dtype=float),
        churned=np.asarray(joined["orders"] == 0, dtype=np.float64),
        expected_spend=joined["expected_spend"].to_numpy(dtype=float),
        actual_spend=joined["spend"].to_numpy(dtype=float),
        recency_days=joined["recency_days"].to_numpy(dtype=float),
        active=active,
        listed=active & (joined["rank"] <= _recommended(run)).to_numpy(),
        gain_if_leaving=leaving,
        gain_if_staying=staying,
    )
    return past, len(customers) - len(joined), assumed.save_rate


def of_window(came: pd.DataFrame, run: PastRun) -> pd.DataFrame:
    """The rows of :func:`outcomes_of` that are of a run's window."""
    here = (came["cutoff"] == run.cutoff) & (came["horizon_days"] == run.horizon_days)
    return came[here]


def _recommended(run: PastRun) -> int:
    """How far down the worklist the run would have contacted."""
    recommended = run.results.evidence.recommended
    return recommended.value.outcome.contacted if isinstance(recommended, Found) else 0


def transactions_in(database: ibis.BaseBackend, folder: Path) -> ir.Table:
    """A run's transactions."""
    return database.read_parquet(folder / "transactions.parquet")


@contextmanager
def lines_of(run: PastRun, open_lines: ir.Table | None = None) -> Iterator[ir.Table]:
    """A run's transactions with ``cancelled_at`` while the block runs; ``open_lines`` where somebody has them open."""
    if open_lines is not None:
        yield open_lines
        return
    with TemporaryDirectory(prefix="churnkit-") as workdir, connect(Path(workdir)) as connection:
        database = backend_of(connection)
        lines = with_cancellations(transactions_in(database, run.results.folder))
        yield database.create_table("churnkit_monitored", lines, temp=True)
