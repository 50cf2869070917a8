"""The test: every entrant once on the last complete window, after the champion has been chosen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from churnkit.config import Money
from churnkit.tournament.baselines import BASELINES, fit_baseline
from churnkit.tournament.evaluation import (
    Stakes,
    auc_among,
    contact_cost,
    is_active,
    measure,
    value_at_stake,
)
from churnkit.tournament.level import PastPrediction, fit_level_rule
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.refits import BACKTEST_MAX_ROWS, Refits
from churnkit.tournament.residuals import PROCESS_COLUMN


def with_test(
    board: pd.DataFrame,
    refits: Refits,
    past: Sequence[PastPrediction],
    test_model: ChurnModel | None,
    money: Money,
) -> tuple[pd.DataFrame, ChurnModel | None]:
    """The board with ``test_*`` measures of everybody on the last labelled cutoff, and the champion levelled for it.

    All models learn from the same rows, the outcomes known at that cutoff, and are levelled by the same rule, made of
    earlier cutoffs only; simple rules answer as they are. The champion alone has a slope: of the others no past dates are
    known. Champion and order were settled before: nothing here
    changes them.
    """
    plan, test = refits.plan, refits.plan.test
    assert test is not None
    rows = refits.rows_of([test])
    if test_model is None or not 0 < rows["churned"].sum() < len(rows):
        return board, test_model
    train, known = refits.rows_of(plan.trains_on(test)), plan.known_before(test)
    # Cutoffs less than a horizon before the test one have outcomes that reach into its window.
    earlier = [prediction for prediction in past if prediction.cutoff in known]
    rule = fit_level_rule(plan, refits.residuals, earlier)
    p_no_purchase = rows[PROCESS_COLUMN].to_numpy(dtype=float)
    margins = {name: fit_baseline(name, train, plan.horizon_days).margin(rows) for name in BASELINES}
    for name, model in refits.fit_all(train, BACKTEST_MAX_ROWS, test_model).items():
        margin = model.margin(rows)
        margins[name] = margin + rule.forecast(test, margin, p_no_purchase).shift
    slope = refits.slope(earlier)
    margin = slope.apply(past[-1].margin)
    of_champion = refits.level_rule(refits.stretched(earlier))
    shift = of_champion.forecast(test, margin, past[-1].p_no_purchase).shift
    margins[refits.champion] = margin + shift
    _measure_all(board, margins, rows, refits, money)
    return board, test_model.stretched(slope).at_level(shift)


def _measure_all(
    board: pd.DataFrame, margins: dict[str, np.ndarray], rows: pd.DataFrame, refits: Refits, money: Money
) -> None:
    horizon_days = refits.plan.horizon_days
    churned = rows["churned"].to_numpy(dtype=float)
    stakes = Stakes(value_at_stake(rows, horizon_days), contact_cost(money, refits.labelled), money.save_rate)
    active = is_active(rows, horizon_days)
    for position in board.index:
        name = str(board.loc[position, "candidate"])
        if name in margins:
            board.loc[position, "test_roc_auc_active"] = auc_among(active, churned, margins[name])
            measured = measure(margins[name], churned, stakes, board.loc[position, "threshold"])
            for key, value in measured.items():
                if key != "threshold":
                    board.loc[position, f"test_{key}"] = value
