"""Which things set a customer apart from the shop's average, strongest first."""

# ruff: noqa: PD011 - ``values`` is a frame of contributions, not pandas' attribute

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit

from churnkit.errors import ModelError
from churnkit.explain.catalogue import GROUPS, Group, feature
from churnkit.explain.contributions import Contributions
from churnkit.explain.facts import Facts, typical_figures
from churnkit.tournament.margins import to_probability

# Nobody differs in the season, so it explains a window and no customer.
RANKED_GROUPS: tuple[Group, ...] = tuple(group for group in GROUPS if group != "season")
_POSITION = {group: k for k, group in enumerate(RANKED_GROUPS)}
MIN_SHOP_CUSTOMERS = 30
# Less than this moves the odds by 5 %, or makes up less than 3 % of all that pushes the same way.
MIN_LOG_ODDS = 0.05
MIN_SHARE = 0.03
_RECENT_DAYS = 90
_PROCESS = ("p_alive", "btyd_p_no_purchase")
_REPEATS = ("repeat_lines", "repeat_product_share")
_WINDOW = re.compile(r"(orders|lines|spend)_(decay_)?(?P<days>\d+)d")


@dataclass(frozen=True)
class Shop:
    """What customers are compared with.

    Attributes
    ----------
    p_churn
        The shop's average probability of churn.
    contributions
        Contribution by feature, in log-odds, of a customer at that probability.
    typical
        Median by figure.
    """

    p_churn: float
    contributions: Mapping[str, float]
    typical: Mapping[str, float]


def describe_shop(rows: pd.DataFrame, parts: Contributions) -> Shop:
    """The comparison for :func:`drivers`, from all customers of a cutoff and their contributions.

    The customer at the average probability is a mixture of the mean customer above it and the mean one below it. So
    what a customer differs by adds up to just the side of the average that the customer is on, and what everybody
    shares drops out.

    Fewer than 30 customers are no shop: the model's reference takes the average's place, and there is no typical
    customer.
    """
    names = list(parts.values.columns)
    if len(rows) < MIN_SHOP_CUSTOMERS:
        average = float(to_probability(np.array(parts.base)))
        return Shop(average, dict.fromkeys(names, 0.0), {})
    average = float(parts.p_churn.mean())
    values, margin = parts.values.to_numpy(), parts.margin
    above = margin > logit(average)
    means = values.mean(axis=0)
    if above.any() and not above.all():
        low, high = margin[~above].mean(), margin[above].mean()
        share = (logit(average) - low) / (high - low)
        means = share * values[above].mean(axis=0) + (1 - share) * values[~above].mean(axis=0)
    return Shop(average, dict(zip(names, means.tolist(), strict=True)), typical_figures(rows))


def centred(parts: Contributions, shop: Shop) -> np.ndarray:
    """Contributions against the shop's customer at the average probability, shape (n, features).

    Raises
    ------
    ModelError
        If the shop was described with other features.
    """
    names = list(parts.values.columns)
    if set(names) <= set(shop.contributions):
        above: np.ndarray = parts.values.to_numpy() - np.array([shop.contributions[name] for name in names])
        return above
    if len(names) == 1:
        distance: np.ndarray = parts.margin - logit(shop.p_churn)
        return distance[:, None]
    unknown = [name for name in names if name not in shop.contributions]
    raise ModelError(
        f"Giving reasons: the shop must be described with the customers' {len(names)} features; {len(unknown)} are"
        f" unknown to it, e.g. {unknown[0]!r}.",
        "Describe the shop with the contributions of the same model.",
    )


@dataclass(frozen=True)
class Drivers:
    """The groups of features that push a customer's probability away from the shop's average, strongest first.

    Attributes
    ----------
    side
        1 above the average probability, -1 below it, 0 on it; shape (n,).
    groups
        Positions in ``RANKED_GROUPS``, -1 where there is no further driver; shape (n, count).
    push
        Log-odds against the customer at the shop's average, all on ``side``, 0 where there is none; shape (n, count).
    owners
        The group that each contribution counts to, shape (n, features); see :func:`owning_groups`.
    """

    side: np.ndarray
    groups: np.ndarray
    push: np.ndarray
    owners: np.ndarray


def drivers(rows: pd.DataFrame, parts: Contributions, shop: Shop, count: int = 3) -> Drivers:
    """Rank the groups of features by what sets a customer apart.

    A group counts only if it pushes to the customer's side of the shop's average probability, by at least
    ``MIN_LOG_ODDS`` and by ``MIN_SHARE`` of all that pushes there.

    Parameters
    ----------
    rows, parts
        Customers and their contributions.
    shop
        What they are compared with.
    count
        Most groups to name.
    """
    values = centred(parts, shop)
    owners = owning_groups(values, list(parts.values.columns), Facts(rows, shop.typical, None))
    groups = group_sums(values, owners)
    side = np.sign(parts.p_churn - shop.p_churn).astype(int)
    pushing = np.clip(groups * side[:, None], 0.0, None)
    floor = np.maximum(MIN_LOG_ODDS, MIN_SHARE * pushing.sum(axis=1))
    pushing = np.where(pushing >= floor[:, None], pushing, 0.0)
    order = np.argsort(-pushing, axis=1, kind="stable")[:, :count]
    strongest = np.take_along_axis(pushing, order, axis=1)
    return Drivers(side, np.where(strongest > 0, order, -1), strongest * side[:, None], owners)


def group_sums(values: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Contributions (n, features) added up by the group that owns them, shape (n, ranked groups)."""
    return np.stack(
        [np.where(owners == k, values, 0.0).sum(axis=1) for k in range(len(RANKED_GROUPS))], axis=1
    )


def owning_groups(values: np.ndarray, names: Sequence[str], facts: Facts) -> np.ndarray:
    """The group that each contribution (n, features) counts to, as positions in ``RANKED_GROUPS``, -1 for none.

    A feature counts to its group in the catalogue, except where that would say one thing of a customer twice:

    - The purchase process judges by the time since the last purchase and the number of orders together. Where its push
      cannot come from the time, it counts to the number.
    - Many orders push to risk only where they have stopped: then they count to the time since the last one.
    - Without a second purchase day, the missing rhythm and the missing repeats say "one order", and so do few recent orders
      if the order is recent. The last purchase is the first one too: together they count as "away" or as "new",
      whichever the push fits.
    - Without a purchase in the last 90 days, the change of late says no more than that, and neither does any window in
      which there was none; with the first purchase in these days, the change says "new customer".
    """
    home = np.array([_POSITION.get(feature(name).group, -1) for name in names], dtype=int)
    owners = np.tile(home, (len(values), 1))
    late = facts.above("recency_days") | facts.overdue
    once = ~facts.known("gap_mean_days")
    away = facts["recency_days"] > _RECENT_DAYS
    new = facts["tenure_days"] <= _RECENT_DAYS
    stopped = facts.overdue & facts.above("order_count")
    for k, name in enumerate(names):
        group, raises = feature(name).group, values[:, k] > 0
        if name in _PROCESS:
            owners[raises != late, k] = _POSITION["frequency"]
        elif group == "rhythm" or name in _REPEATS:
            owners[once, k] = _POSITION["frequency"]
        elif (window := _WINDOW.fullmatch(name)) and group == "recency":
            owners[once & ~late & raises, k] = _POSITION["frequency"]
        elif window:
            owners[facts["recency_days"] > int(window["days"]), k] = _POSITION["recency"]
        elif group == "frequency":
            owners[stopped & raises, k] = _POSITION["recency"]
        elif group == "trend":
            owners[new, k] = _POSITION["lifetime"]
            owners[once | away, k] = _POSITION["recency"]
    _join(owners, "lifetime", once, "recency")
    sums = group_sums(values, owners)
    _join(owners, "recency", once & ((sums[:, _POSITION["recency"]] > 0) != late), "lifetime")
    return owners


def _join(owners: np.ndarray, source: Group, where: np.ndarray, target: Group) -> None:
    """Count a whole group to another one for some customers."""
    owners[(owners == _POSITION[source]) & where[:, None]] = _POSITION[target]
