"""A table of an experiment with several offers: what each brought, what a buyer cost, and by when they bought."""

from __future__ import annotations

import math
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from churnkit.campaigns.arms import strata
from churnkit.campaigns.offers import draw_offers
from churnkit.errors import DataError
from churnkit.experiments.sample_size import detectable_rate
from churnkit.experiments.several_offers import (
    OfferResult,
    SeveralOffers,
    compare_offers,
    pair_level,
    require_equal_arms,
)
from churnkit.experiments.waiting_time import Waiting, log_rank, waiting
from churnkit.text import figures

MAX_OFFERS = 12
SHOWN_DAYS = (10, 20, 30, 60, 90, 180, 365)
_TOLD = 0.05


@dataclass(frozen=True)
class OfferColumns:
    """Which column of an experiment's table is which.

    Attributes
    ----------
    arm, base
        The column that says which offer a customer got, and its value (as text) for none.
    outcome
        A column of numbers: above 0 where the customer bought.
    costs
        Money for each customer of an arm, by its value.
    days
        Days from the start of the experiment, the same start for all arms, to the purchase; empty for who has not
        bought. None where the table does not say.
    followed_days
        For how many days who has not bought was followed: a column, or one number for all.
    equal
        Whether all arms were drawn with the same chance, which is checked then.
    """

    arm: str
    base: str
    outcome: str
    costs: Mapping[str, float] = field(default_factory=dict)
    days: str | None = None
    followed_days: str | float = 0.0
    equal: bool = True


@dataclass(frozen=True)
class OffersReadout:
    """What came of an experiment with several offers.

    Attributes
    ----------
    found
        The comparison.
    by_arm
        When the customers of each arm bought, by its name; empty where the table does not say.
    same_time_p
        Probability of arms as far apart in when they buy if they did not differ; None without days.
    """

    found: SeveralOffers
    by_arm: Mapping[str, Waiting]
    same_time_p: float | None

    def words(self) -> list[str]:
        """What was found, one sentence each."""
        told = self.found.words()
        if self.same_time_p is not None:
            chance = figures.percent(self.same_time_p)
            told.append(
                f"The offers differ in when customers buy: by chance alone that happens in {chance} of such experiments."
                if self.same_time_p < _TOLD
                else "That customers buy at different times by offer cannot be told from chance, which alone brings as much"
                f" in {chance} of such experiments."
            )
        return told


def drawn_offers(targets: pd.DataFrame, offers: Sequence[str], owner: str) -> pd.DataFrame:
    """The targets of a campaign, each with the ``offer`` that was drawn for him; the same every time for one ``owner``.

    Parameters
    ----------
    targets
        ``customer_id``, ``risk_tier`` and ``clv_if_kept``, by which the arms are made alike.

    Raises
    ------
    DataError
        As :func:`~churnkit.campaigns.offers.draw_offers`.
    """
    seed = zlib.crc32("\n".join([owner, *offers]).encode())
    stratum = strata(targets["risk_tier"], targets["clv_if_kept"])
    table = targets.copy()
    table.insert(1, "offer", draw_offers(targets["customer_id"], stratum, offers, seed))
    return table


def drawn_words(drawn: pd.DataFrame) -> str:
    """How large the arms are, and what their sizes can show.

    Parameters
    ----------
    drawn
        Of :func:`drawn_offers`, with ``p_churn``.
    """
    sizes = drawn["offer"].value_counts()
    smallest, offers = int(sizes.min()), len(sizes) - 1
    base = float(1 - drawn["p_churn"].mean())
    rate = detectable_rate(base, smallest, smallest, alpha=pair_level(offers))
    text = f"{figures.count(len(sizes))} groups of about {figures.count(smallest)} customers, one of them left alone."
    if rate is None:
        return f"{text} Such small groups can show nothing: take more customers or fewer offers."
    points = figures.decimal(100 * (rate - base), 1)
    return (
        f"{text} {figures.percent(base)} are forecast to buy without an offer; a difference of {points} points or more"
        " shows in 4 of 5 such experiments."
    )


def read_offers(table: pd.DataFrame, columns: OfferColumns) -> OffersReadout:
    """Read out an experiment with several offers.

    Parameters
    ----------
    table
        One row per customer, columns of numbers as numbers (``any_experiment.read_experiment``).

    Raises
    ------
    DataError
        If the outcome or the days cannot be used, or there are too many arms.
    SampleRatioMismatch
        If the arms were to have equal chances and their sizes cannot come from that.
    """
    arm = table[columns.arm].astype(str).to_numpy()
    if len(np.unique(arm)) > MAX_OFFERS + 1:
        raise DataError(
            f"Comparing offers: the column {columns.arm!r} may have {MAX_OFFERS + 1} values at most, found"
            f" {figures.count(len(np.unique(arm)))}.",
            "Choose the column that says which offer a customer got.",
        )
    outcome = pd.to_numeric(table[columns.outcome], errors="coerce").to_numpy(dtype=float)
    if not np.isfinite(outcome).all():
        raise DataError(
            f"Comparing offers: the outcome {columns.outcome!r} must be a number for everybody, but"
            f" {figures.count(int((~np.isfinite(outcome)).sum()))} of {figures.count(len(outcome))} rows have none.",
            "Write 0 for who has not bought.",
        )
    if columns.equal:
        require_equal_arms(arm)
    bought = outcome > 0
    found = compare_offers(arm, bought, columns.base, columns.costs)
    if columns.days is None:
        return OffersReadout(found, {}, None)
    days = _days(table, columns, bought)
    by_arm = {name: waiting(days[arm == name], bought[arm == name]) for name in _names(found)}
    return OffersReadout(found, by_arm, log_rank(days, bought, arm))


def offers_table(found: SeveralOffers) -> pd.DataFrame:
    """A row per arm, that without an offer first; shares 0 to 1, differences and costs with ``_low`` and ``_high``."""
    return pd.DataFrame([_row(one) for one in (found.base, *found.offers)])


def waiting_table(by_arm: Mapping[str, Waiting]) -> pd.DataFrame:
    """Share that has bought by a day, with ``low`` and ``high``: a row for each arm and day it was followed to."""
    rows = []
    for name, one in by_arm.items():
        for day in SHOWN_DAYS:
            share = one.by(day)
            if share is not None:
                rows.append(
                    {"offer": name, "day": day, "share": share.value, "low": share.low, "high": share.high}
                )
    return pd.DataFrame(rows, columns=["offer", "day", "share", "low", "high"])


def _names(found: SeveralOffers) -> list[str]:
    return [found.base.offer, *(one.offer for one in found.offers)]


def _row(one: OfferResult) -> dict[str, object]:
    difference, extra = one.difference, one.cost_extra
    missing = math.nan
    high = missing if extra is None or math.isinf(extra.high) else extra.high
    return {
        "offer": one.offer,
        "customers": one.customers,
        "bought": one.bought,
        "share": one.share.value,
        "difference": missing if difference is None else difference.value,
        "difference_low": missing if difference is None else difference.low,
        "difference_high": missing if difference is None else difference.high,
        "cost": one.cost,
        "cost_each": one.cost_each,
        "cost_extra": missing if extra is None else extra.value,
        "cost_extra_low": missing if extra is None else extra.low,
        "cost_extra_high": high,
    }


def _days(table: pd.DataFrame, columns: OfferColumns, bought: np.ndarray) -> np.ndarray:
    """Days to the purchase, or for how long the customer was followed, shape (n,)."""
    taken = pd.to_numeric(table[columns.days], errors="coerce").to_numpy(dtype=float)
    if isinstance(columns.followed_days, str):
        followed = pd.to_numeric(table[columns.followed_days], errors="coerce").to_numpy(dtype=float)
    else:
        followed = np.full(len(table), columns.followed_days)
    late = bought & (taken > followed)
    if late.any() and not isinstance(columns.followed_days, str):
        row = int(np.argmax(late))
        raise DataError(
            f"Timing purchases: nobody can have bought after the {figures.decimal(float(followed[row]), 0)} days that all"
            f" were followed, but {figures.count(int(late.sum()))} did, first in row {row + 1}"
            f" (day {figures.decimal(float(taken[row]), 0)}).",
            "Correct for how many days they were followed.",
        )
    return np.asarray(np.where(bought, taken, followed), dtype=float)
