"""Windows before those that models learn from: the plan's grid goes on, and the process misses there what the panel says."""

from __future__ import annotations

import itertools
from collections.abc import Callable

import ibis
import pandas as pd
import pytest

from churnkit.services.analyse.earlier_windows import EARLIER_YEARS, earlier_cutoffs, earlier_residuals
from churnkit.services.analyse.history import History, open_history, panel_at, plan_for
from churnkit.tournament.residuals import process_residuals
from churnkit.tournament.totals import total_residuals

HORIZON_DAYS = 12


@pytest.fixture(scope="module")
def history(awkward_transactions: Callable[[int, int], pd.DataFrame]) -> History:
    connection = ibis.duckdb.connect()
    connection.con.register("made", awkward_transactions(5, 80))
    table = connection.table("made")
    return open_history(connection, table, None, has_time=True)


def test_the_grid_goes_on_before_the_plan(history: History) -> None:
    plan = plan_for(history, HORIZON_DAYS)
    found = earlier_cutoffs(plan)
    together = [*found, *plan.labelled]
    steps = {(b - a).days for a, b in itertools.pairwise(together)}
    assert steps == {plan.step_days}
    assert (found[0] - plan.history_start).days < 30 + plan.step_days, "back to the first month"
    assert (plan.labelled[0] - found[0]).days <= 365 * EARLIER_YEARS + plan.step_days
    assert earlier_cutoffs(plan_for(history, 60)) == (), "its windows reach the start"
    assert earlier_residuals(history, plan_for(history, 60)) == ({}, {})


def test_the_process_misses_there_what_the_panel_says(history: History) -> None:
    plan = plan_for(history, HORIZON_DAYS)
    found = earlier_residuals(history, plan)
    some = sorted(found.churn)[-3:]
    assert len(some) == 3
    panel = panel_at(history, plan, some)
    assert {c: found.churn[c] for c in some} == pytest.approx(process_residuals(panel), abs=1e-6)
    totals = total_residuals(panel)
    assert totals
    assert {c: found.totals[c] for c in totals} == pytest.approx(totals, abs=1e-6)
