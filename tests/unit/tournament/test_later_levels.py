"""A model asked about a later date has the level of that date: its season, and what the last finished windows missed."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from churnkit.tournament.baselines import BASE_RATE, PURCHASE_PROCESS, FittedBaseline
from churnkit.tournament.later_levels import Levels
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.residuals import PROCESS_COLUMN, Spacing

SPACING = Spacing(15, 30)
TRAINED = datetime(2026, 8, 1)
LAST = TRAINED - timedelta(days=30)
# What the process says of ten customers.
ROWS = pd.DataFrame(
    {
        PROCESS_COLUMN: np.linspace(0.3, 0.7, 10),
        "btyd_expected_orders": 1.0,
        "monetary_total": 40.0,
        "purchase_days": 4.0,
        "recency_days": 5.0,
    }
)
MODEL = ChurnModel(
    PURCHASE_PROCESS, 30, None, (), FittedBaseline(PURCHASE_PROCESS, 30, 0.0, 0.0, 0.0, None), level=0.7
)


def levels(weight: float = 1.0, windows: int = 48) -> Levels:
    """Two years, or less, in which a log-odd fewer leave, and twice as much is spent, each November and December."""
    cutoffs = [LAST - timedelta(days=15 * k) for k in range(windows)]
    season = {cutoff: float(cutoff.month >= 11) for cutoff in sorted(cutoffs)}
    return Levels(
        SPACING,
        last=LAST,
        churn={cutoff: -there for cutoff, there in season.items()},
        totals={cutoff: np.log(2) * there for cutoff, there in season.items()},
        churn_weight=weight,
        total_weight=weight,
    )


def outcome(cutoff: datetime, leavers: int) -> pd.DataFrame:
    """A window of the ten customers, so many of whom left; the others spent 10 each."""
    churned = (np.arange(10) < leavers).astype(float)
    return ROWS.assign(cutoff=pd.Timestamp(cutoff), churned=churned, spend_next=10 * (1 - churned))


def test_a_season_moves_the_level_at_its_dates_and_nowhere_else() -> None:
    summer, november = (levels().level(MODEL, when, ROWS) for when in (TRAINED, datetime(2026, 11, 10)))
    assert abs(summer.shift) < 0.1 and summer.season is not None
    assert november.shift < -0.4 and november.season is not None and november.season.years == 2
    quiet, before_christmas = (
        levels().total(when, ROWS, 100.0).shift for when in (TRAINED, datetime(2026, 11, 10))
    )
    assert abs(quiet) < 0.1 and before_christmas > 0.25


def test_the_step_of_the_training_date_is_no_part_of_it_and_the_weight_is_kept() -> None:
    november = datetime(2026, 11, 10)
    whole = levels().level(MODEL, november, ROWS).shift
    assert levels().level(MODEL.at_level(-2.0), november, ROWS).shift == whole
    assert levels(0.25).level(MODEL, november, ROWS).shift == pytest.approx(whole / 4)
    assert levels(0.0).level(MODEL, november, ROWS).shift == 0.0


def test_windows_that_ended_since_count_and_earlier_or_open_ones_do_not() -> None:
    later = TRAINED + timedelta(days=60)
    newer = outcome(later - timedelta(days=30), 9)
    before = levels(windows=8)
    known = before.knowing(newer, later)
    assert known.last == later - timedelta(days=30)
    assert set(known.churn) - set(before.churn) == {known.last} == set(known.totals) - set(before.totals)
    # Nine of ten left where the process said five: more will leave, and less will be spent.
    assert known.level(MODEL, later, ROWS).shift > before.level(MODEL, later, ROWS).shift + 0.1
    assert known.total(later, ROWS, 100.0).shift < before.total(later, ROWS, 100.0).shift - 0.1
    # At a date on which that window was not over, it is not known.
    assert known.level(MODEL, TRAINED, ROWS) == before.level(MODEL, TRAINED, ROWS)
    for rows in (outcome(LAST, 9), newer.assign(churned=np.nan), newer.head(0)):
        assert before.knowing(rows, later) == before
    # Nor is it by then.
    assert before.knowing(newer, later - timedelta(days=1)) == before


def test_where_everybody_has_the_churn_rate_it_is_that_of_the_last_finished_window() -> None:
    rate = ChurnModel(BASE_RATE, 30, None, (), FittedBaseline(BASE_RATE, 30, 0.0, 0.0, 0.0, None))
    later = TRAINED + timedelta(days=60)
    same = levels(0.0)
    assert same.level(rate, later, ROWS).shift == 0.0
    finished = pd.concat([outcome(later - timedelta(days=30), 8), outcome(later - timedelta(days=15), 1)])
    known = same.knowing(finished, later)
    moved = rate.at_level(known.level(rate, later, ROWS).shift)
    # One imaginary leaver and one who stays stand beside the eight and the two.
    assert moved.p_churn(ROWS) == pytest.approx(np.full(10, 9 / 12))
