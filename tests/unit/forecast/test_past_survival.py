"""How a day's customers became fewer, learned from generated histories."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from churnkit.forecast import past_survival

HORIZON_DAYS = 30
START = datetime(2024, 1, 1)
CUTOFFS = [START + timedelta(days=d) for d in range(60, 421, 20)]


def panel(monthly_loss, seed, season=None):
    """1500 customers who come over a year, buy every ten days or so while there, and leave at a constant rate."""
    rng = np.random.default_rng(seed)
    rows = []
    for customer in range(1500):
        first = rng.integers(0, 360)
        gone = first + (rng.exponential(30 / monthly_loss) if monthly_loss else np.inf)
        days = np.append(first, first + np.cumsum(rng.exponential(10.0, 60)))
        days = days[days < gone] if len(days[days < gone]) else days[:1]
        if season is not None:
            days = np.append(days[:1], days[1:][rng.random(len(days) - 1) < season(days[1:])])
        for cutoff in CUTOFFS:
            now = (cutoff - START).days
            if (days < now).any():
                rows.append((f"{customer:04d}", cutoff, now - np.floor(days[days < now].max())))
    return pd.DataFrame(rows, columns=["customer_id", "cutoff", "recency_days"])


def shown(rows, horizon_days):
    found = past_survival(rows, horizon_days)
    assert found is not None
    return found


@pytest.mark.parametrize("monthly_loss", [0.05, 0.15])
def test_a_constant_loss_is_found_again_and_carried_on(monthly_loss):
    found = shown(panel(monthly_loss, 1), HORIZON_DAYS)
    for days in (60, 120, 240, 500):
        assert found.at(days) == pytest.approx(np.exp(-monthly_loss * days / 30), abs=0.05)
    assert found.at(0) == 1


def test_without_loss_nobody_goes_missing():
    found = shown(panel(0.0, 2), HORIZON_DAYS)
    assert found.at(200) > 0.97


def test_a_season_is_no_loss():
    """Half of the purchases fall away in the last four months."""
    found = shown(panel(0.05, 3, lambda day: np.where(day > 300, 0.5, 1.0)), HORIZON_DAYS)
    assert found.at(200) == pytest.approx(np.exp(-0.05 * 200 / 30), abs=0.08)


def test_a_past_that_is_too_short_shows_no_rate():
    rows = panel(0.1, 4)
    assert past_survival(rows[rows["cutoff"] == CUTOFFS[-1]], HORIZON_DAYS) is None
    assert past_survival(rows[rows["cutoff"] >= CUTOFFS[-3]], HORIZON_DAYS) is None


def test_of_the_active_alone_their_own_return_counts_and_nobody_elses():
    """Two dates one threshold apart and a third half a threshold on: of ten active, six are and then five."""
    first = [("a", 10)] * 10 + [("b", 45)] * 10
    second = [10] * 6 + [45] * 4 + [10] * 8 + [75] * 2
    third = [10] * 5 + [45] * 5 + [10] * 10
    # A new customer of the second date fixes what counts as one threshold at the third.
    rows = []
    for cutoff, silences in zip((0, 30, 45), ([s for _, s in first], second, third), strict=True):
        for customer, silence in enumerate(silences):
            rows.append((f"{customer:02d}", START + timedelta(days=cutoff), float(silence)))
    table = pd.DataFrame(rows, columns=["customer_id", "cutoff", "recency_days"])
    alone, everybody = (past_survival(table, HORIZON_DAYS, returning=flag) for flag in (False, True))
    assert alone is not None and everybody is not None
    # 45 days after the first date 5 of its 10; one threshold before the third lies between both earlier dates.
    assert alone.at(15) < everybody.at(15)
