"""Shops made up so that the truth is known, each an export: ``order_id``, ``customer_id``, ``order_date``, ``amount``.

Newcomers arrive by chance and buy at once; from the next day on a customer buys with a hazard of their own, which the
shop's calendar multiplies, until they leave for good.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

START = pd.Timestamp("2014-01-01")
Calendar = Callable[[np.ndarray], np.ndarray]
"""Days since the start, shape (n,) -> a factor on every customer's hazard, or on every price."""


def _flat(day: np.ndarray) -> np.ndarray:
    return np.ones(len(day))


def _before_christmas(day: np.ndarray) -> np.ndarray:
    return 1 + 2.5 * np.exp(-0.5 * ((day % 365 - 340) / 18.0) ** 2)


def _dear_gifts(day: np.ndarray) -> np.ndarray:
    return 1 + 0.6 * np.exp(-0.5 * ((day % 365 - 340) / 18.0) ** 2)


def _last_quarter(day: np.ndarray) -> np.ndarray:
    return np.where(day % 365 >= 273, 6.0, 0.35)


def _dearer_from(start: int, factor: float) -> Calendar:
    return lambda day: np.where(day >= start, factor, 1.0)


def _promotion(start: int, days: int, factor: float) -> Calendar:
    return lambda day: np.where((day >= start) & (day < start + days), factor, 1.0)


@dataclass(frozen=True)
class Kind:
    """One kind of customer.

    Attributes
    ----------
    share
        Of the newcomers.
    shape, gap_days
        Daily hazards are gamma with this shape, and a mean of one order in ``gap_days``.
    stay_days
        Mean time until a customer leaves; None: never.
    order_value, spread
        Median order, and the deviation of its logarithm between customers.
    regular
        Orders come every ``gap_days``, give or take a tenth, as by subscription.
    """

    share: float = 1.0
    shape: float = 1.2
    gap_days: float = 40.0
    stay_days: float | None = 830.0
    order_value: float = 33.0
    spread: float = 0.5
    regular: bool = False


@dataclass(frozen=True)
class MadeShop:
    """A shop: how long, how many newcomers a year at its start, how fast they become more, and its calendar."""

    seed: int
    years: float
    newcomers: float
    growth: float = 0.0
    busy: Calendar = _flat
    prices: Calendar = _flat
    kinds: tuple[Kind, ...] = (Kind(),)

    def orders(self) -> pd.DataFrame:
        """Its export."""
        rng = np.random.default_rng(self.seed)
        day = np.arange(int(self.years * 365))
        busy, prices = self.busy(day), self.prices(day)
        busy = busy / busy.mean()
        arrivals = np.repeat(
            day,
            rng.poisson(self.newcomers / 365 * np.exp(self.growth * day / 365) * (0.5 + 0.5 * busy)),
        )
        shares = np.array([kind.share for kind in self.kinds])
        parts = []
        for number, arrived in enumerate(arrivals):
            kind = self.kinds[int(rng.choice(len(self.kinds), p=shares / shares.sum()))]
            days = _purchase_days(rng, kind, int(arrived), busy)
            worth = kind.order_value * rng.lognormal(0.0, kind.spread)
            amounts = worth * rng.lognormal(0.0, 0.4, len(days)) * prices[days]
            parts.append(pd.DataFrame({"customer_id": f"C{number:06d}", "day": days, "amount": amounts}))
        rows = pd.concat(parts, ignore_index=True)
        return pd.DataFrame(
            {
                "order_id": np.arange(len(rows)),
                "customer_id": rows["customer_id"],
                "order_date": START + pd.to_timedelta(rows["day"], unit="D"),
                "amount": rows["amount"].clip(lower=0.01).round(2),
            }
        )


def _purchase_days(rng: np.random.Generator, kind: Kind, arrived: int, busy: np.ndarray) -> np.ndarray:
    stays = len(busy) if kind.stay_days is None else int(rng.exponential(kind.stay_days)) + 1
    end = min(len(busy), arrived + 1 + stays)
    if kind.regular:
        gaps = np.maximum(
            rng.normal(kind.gap_days, kind.gap_days / 10, int(len(busy) / kind.gap_days) + 2), 1
        )
        later = arrived + np.cumsum(gaps).astype(int)
        later = later[later < end]
    else:
        hazard = rng.gamma(kind.shape, 1 / (kind.shape * kind.gap_days)) * busy[arrived + 1 : end]
        later = np.flatnonzero(rng.random(len(hazard)) < 1 - np.exp(-hazard)) + arrived + 1
    return np.concatenate([[arrived], later])


SHOPS: dict[str, MadeShop] = {
    # Everybody alike, and nobody leaves: who buys next is chance, and nothing tells.
    "chance": MadeShop(1, 2.0, 900, kinds=(Kind(shape=1e6, gap_days=75.0, stay_days=None),)),
    # Three Decembers, the fourth to come; gifts are dearer too.
    "season": MadeShop(2, 3.96, 420, 0.1, _before_christmas, _dear_gifts),
    # Appeals in the last quarter, year after year.
    "appeals": MadeShop(
        3, 6.96, 160, busy=_last_quarter, kinds=(Kind(shape=1.0, gap_days=150.0, stay_days=1600.0),)
    ),
    # Twenty times the newcomers after three years.
    "growth": MadeShop(4, 3.0, 60, 1.0),
    "price": MadeShop(5, 2.2, 700, prices=_dearer_from(560, 1.4)),
    "promotion": MadeShop(6, 2.2, 700, busy=_promotion(600, 30, 4.0), prices=_promotion(600, 30, 0.8)),
    # Subscribers, who leave from one day to the next, and people who come now and then.
    "kinds": MadeShop(
        7,
        2.2,
        800,
        kinds=(
            Kind(0.5, gap_days=30.0, stay_days=240.0, order_value=15.0, spread=0.1, regular=True),
            Kind(0.5, shape=0.9, gap_days=90.0, stay_days=700.0, order_value=60.0, spread=0.7),
        ),
    ),
}
