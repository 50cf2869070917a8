"""The return curve of shops too small for anything else, at past dates: what was known then, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import ibis
import pandas as pd
import pytest

from churnkit.config import Money
from churnkit.services.analyse.history import History, build_panel, open_history, plan_for
from churnkit.services.analyse.rungs import replay_rule, rule_model
from churnkit.tournament.totals import NO_STEP

HORIZON_DAYS = 30
Opens = Callable[[datetime | None], History]


@pytest.fixture(scope="module")
def opens(awkward_transactions: Callable[[int, int], pd.DataFrame]) -> Opens:
    made = awkward_transactions(5, 25)

    def opened(as_of: datetime | None) -> History:
        connection = ibis.duckdb.connect()
        connection.con.register("made", made)
        return open_history(connection, connection.table("made"), as_of, has_time=True)

    return opened


def test_the_curve_of_a_past_date_is_that_of_a_shop_that_ends_there(opens: Opens) -> None:
    history = opens(None)
    plan = plan_for(history, HORIZON_DAYS)
    panel = build_panel(history, plan, seed=1).panel
    rule = rule_model(history, panel[panel["cutoff"] == plan.scoring], HORIZON_DAYS)
    past = replay_rule(history, panel, plan, Money(), rule)
    assert past is not None
    assert [outcome.cutoff for outcome in past.outcomes] == list(plan.labelled)
    outcome = past.outcomes[-1]
    rows = panel[panel["cutoff"] == outcome.cutoff].sort_values("customer_id")
    then = rule_model(opens(outcome.cutoff), rows, HORIZON_DAYS)
    assert outcome.p_churn == pytest.approx(then.p_churn(rows))
    assert list(outcome.churned) == list(rows["churned"])
    assert past.rule_then is not None
    assert past.rule_then.p_churn(rows) == pytest.approx(outcome.p_churn), "the last date's, not today's"
    assert outcome.p_churn != pytest.approx(rule.p_churn(rows))
    assert past.total_step == NO_STEP


def test_a_history_without_a_finished_window_has_no_past(opens: Opens) -> None:
    history = opens(None)
    plan = plan_for(history, history.history_days)
    rows = pd.DataFrame({"recency_days": [1, 40]})
    rule = rule_model(history, rows, plan.horizon_days)
    assert replay_rule(history, rows, plan, Money(), rule) is None
