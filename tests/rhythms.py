"""Shops of a known rhythm: purchase days by customer, seeded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pandas as pd

START = date(2022, 1, 1)


def coffee(days: int = 365) -> pd.DataFrame:
    """A cup every other day or so; one purchase in fifty is the last."""
    return _shop(300, days, lambda rng, _day: int(1 + rng.poisson(2.0)), leaves=0.02)


def subscription(days: int = 730) -> pd.DataFrame:
    """A box a month, give or take two days; eight in a hundred stop each month."""
    return _shop(300, days, lambda rng, _day: 30 + int(rng.integers(-2, 3)), leaves=0.08)


def wholesale(days: int = 730) -> pd.DataFrame:
    """Twenty companies that order every five weeks or so and leave an order out now and then."""
    return _shop(
        20, days, lambda rng, _day: (35 + int(rng.integers(-6, 7))) * (1 + (rng.random() < 0.1)), leaves=0.02
    )


def gifts(days: int) -> pd.DataFrame:
    """One parcel a year in the same weeks; two in three come back the year after."""
    return _shop(400, days, lambda rng, _day: 365 + int(rng.integers(-12, 13)), leaves=0.35, first=(0, 25))


def garden(days: int = 1095) -> pd.DataFrame:
    """Every three weeks from March to October, nothing in winter; six purchases in a hundred are the last."""
    return _shop(300, days, _garden_gap, leaves=0.06)


def _garden_gap(rng: np.random.Generator, day: int) -> int:
    wanted = day + 7 + int(rng.poisson(14))
    while (START + timedelta(days=wanted)).month in (11, 12, 1, 2):
        wanted += 1 + int(rng.poisson(6))
    return wanted - day


def _shop(
    customers: int,
    days: int,
    gap: Callable[[np.random.Generator, int], int],
    *,
    leaves: float,
    first: tuple[int, int] | None = None,
) -> pd.DataFrame:
    """``customer_id`` and ``day``; customers arrive over the first half, or each year within the days ``first``."""
    rng = np.random.default_rng(5)
    rows = []
    for number in range(customers):
        day = int(rng.integers(0, days // 2))
        if first is not None:
            day = int(rng.integers(*first)) + 365 * int(rng.integers(0, max(1, days // 365 - 1)))
        while day < days:
            rows.append((f"{number:04d}", START + timedelta(days=day)))
            if rng.random() < leaves:
                break
            day += gap(rng, day)
    return pd.DataFrame(rows, columns=["customer_id", "day"])
