"""What is said before a forecast is used: a note where past windows missed, beyond chance, and none where they did not."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pytest

from churnkit.tournament.backtest import PastOutcome
from churnkit.tournament.evaluation import Stakes
from churnkit.tournament.past_notes import Missed, missed, past_notes

HORIZON, STEP = 60, 30
NOW = datetime(2026, 11, 1)
YEAR_AGO = NOW - timedelta(days=365)


def window(cutoff: datetime, churn: float = 0.0, spend: float = 0.0, error: float = 0.001) -> Missed:
    return Missed(cutoff, churn, error, spend, error)


def back(windows: int) -> list[datetime]:
    """Cutoffs whose windows are over, ascending."""
    return [NOW - timedelta(days=HORIZON + STEP * k) for k in reversed(range(windows))]


def said(windows: list[Missed], years: float = 3.0) -> tuple[str, ...]:
    told = past_notes(windows, NOW, NOW - timedelta(days=365 * years), HORIZON, STEP)
    return tuple(note.replace("\u202f", " ") for note in told)


def test_windows_that_came_out_as_forecast_are_no_news() -> None:
    quiet = [window(cutoff, 0.029, 0.13) for cutoff in back(14)]
    assert said(quiet) == said(quiet, years=1.0) == said([]) == ()


@pytest.mark.parametrize(
    ("churn", "spend", "words"),
    [
        (-0.03, 0.0, "3 points fewer customers left"),
        (0.05, np.log(1.5), "5 points more customers left and 50 % more was spent"),
        (0.0, np.log(0.8), "20 % less was spent"),
    ],
)
def test_this_season_last_year_and_the_last_window_are_told_where_they_missed(
    churn: float, spend: float, words: str
) -> None:
    (season,) = said(
        [window(c) for c in back(14) if abs(c - YEAR_AGO) > timedelta(20)] + [window(YEAR_AGO, churn, spend)]
    )
    assert f"this season last year came out otherwise than was forecast of it: {words}." in season
    *earlier, last = back(14)
    (lately,) = said([*(window(c) for c in earlier), window(last, churn, spend)])
    assert lately == f"The last finished window came out otherwise than was forecast of it: {words}."
    # Neither is told of a window at another season, nor of one that is not over.
    assert (
        said(
            [
                *(window(c) for c in back(3)[:2]),
                window(NOW - timedelta(days=200), churn, spend),
                window(back(1)[0]),
            ]
        )
        == ()
    )
    assert said([window(back(1)[0]), window(NOW - timedelta(days=59), churn, spend)]) == ()


def test_a_miss_that_chance_explains_is_not_told() -> None:
    assert said([window(back(1)[0], 0.08, 0.4, error=0.05)])
    assert said([window(back(1)[0], 0.08, 0.4, error=0.21)]) == ()


def test_a_season_that_was_never_seen_is_told_by_what_such_windows_missed() -> None:
    some = [window(c, 0.05 * (-1) ** k, 0.3 * (-1) ** k) for k, c in enumerate(back(6)[:5])] + [
        window(back(1)[0])
    ]
    (note,) = said(some, years=1.0)
    assert note.startswith(
        "No window of the season ahead is in this history. The 6 finished windows had no such"
    )
    assert "4.6 points of churn and 32 % of spend off on average" in note
    assert said(some, years=1.2) == ()
    # One window is told once.
    (lately,) = said([window(back(1)[0], 0.05)], years=0.5)
    assert lately.startswith("The last finished window")


def test_a_window_is_measured_with_its_errors() -> None:
    n = 400
    p, churned = np.full(n, 0.5), (np.arange(n) < 220).astype(float)
    came, forecast = np.where(churned == 0, 20.0, 0.0), np.full(n, 10.0)
    stakes = Stakes(np.ones(n), 1.0, 0.1)
    found = missed(PastOutcome(NOW, p, churned, forecast, came, np.zeros(n), stakes))
    assert found.churn == pytest.approx(0.05) and found.churn_error == pytest.approx(0.025)
    assert found.spend == pytest.approx(np.log(0.9)) and found.spend_error == pytest.approx(10 * 20 / 3600)
    assert found.tells_churn and not found.tells_spend
    nothing = missed(PastOutcome(NOW, p, churned, forecast, 0 * came, np.zeros(n), stakes))
    assert np.isnan(nothing.spend) and nothing.words() == "5 points more customers left"
