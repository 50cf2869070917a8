"""What the lapsed of earlier dates did, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from churnkit.results.found import Found, Missing
from churnkit.services.analyse.evidence.winback import win_back
from churnkit.tournament.backtest import PastOutcome
from churnkit.tournament.evaluation import Stakes
from tests.made_evidence import TEST_CUTOFF

HORIZON = 30


def date(came_back: int, lapsed: int = 20) -> PastOutcome:
    """``lapsed`` silent for 31 days, of whom the first few bought for 12 each, and five active who bought for 99."""
    count = lapsed + 5
    stayed = np.arange(count) < came_back
    stayed[lapsed:] = True
    return PastOutcome(
        TEST_CUTOFF,
        np.full(count, 0.9),
        1.0 - stayed,
        np.ones(count),
        np.where(np.arange(count) < lapsed, 12.0 * stayed, 99.0),
        np.where(np.arange(count) < lapsed, 31.0, 30.0),
        Stakes(np.ones(count), 0.1, 0.5),
    )


def test_shares_and_worth_by_hand() -> None:
    past = [date(2), replace(date(6), cutoff=TEST_CUTOFF + timedelta(days=HORIZON))]
    found = win_back(past, np.array([0.9, 0.8, 0.3]), HORIZON, 0.5, "EUR")
    assert isinstance(found, Found)
    one = found.value
    assert (one.lapsed, one.windows, one.lapsed_then, one.returned_then) == (3, 2, 40, 8)
    shares = (one.return_share, one.return_share_low, one.return_share_high)
    assert shares == pytest.approx((0.2, 0.1, 0.3))
    assert one.expected_returns == pytest.approx(1.0)
    assert (one.spend_each, one.worth) == (12.0, pytest.approx(1.0 * 12 * 0.5))
    words = one.words.replace("\u202f", " ")
    assert "at 2 earlier dates 20 % came back within one threshold (from 10 % to 30 % by date)" in words
    assert "€12.00 each. Of the 3 lapsed now 1 are expected" in words


def test_nobody_came_back() -> None:
    found = win_back([date(0)], np.array([0.9]), HORIZON, 0.5, None)
    assert isinstance(found, Found)
    assert "none came back" in found.value.words
    assert (found.value.return_share, found.value.spend_each, found.value.worth) == (0, 0, 0)


def test_too_few_or_none() -> None:
    few = win_back([date(2, lapsed=19)], np.array([0.9]), HORIZON, 0.5, None)
    assert isinstance(few, Missing)
    assert "19 customers" in few.reason
    assert isinstance(win_back([], np.array([0.9]), HORIZON, 0.5, None), Missing)
    assert isinstance(win_back([date(2)], np.array([]), HORIZON, 0.5, None), Missing)
