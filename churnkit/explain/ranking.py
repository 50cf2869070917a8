"""How much each theme sets a customer apart from the shop's average."""

# ruff: noqa: PD011 - ``values`` is a frame of contributions, not pandas' attribute

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit

from churnkit.errors import ModelError
from churnkit.explain.catalogue import CALENDAR, GROUPS, Group, feature
from churnkit.explain.contributions import Contributions
from churnkit.explain.facts import Facts, typical_figures
from churnkit.tournament.knockout import is_active
from churnkit.tournament.margins import to_probability

RANKED_GROUPS: tuple[Group, ...] = tuple(GROUPS)
_POSITION = {group: k for k, group in enumerate(RANKED_GROUPS)}
MIN_SHOP_CUSTOMERS = 30
# Less than this moves the odds by 5 %, or makes up less than 3 % of all that pushes the same way.
MIN_LOG_ODDS = 0.05
MIN_SHARE = 0.03
_RECENT_DAYS = 90
_PROCESS = ("p_alive", "btyd_p_no_purchase")
_REPEATS = ("repeat_lines", "repeat_product_share")
_WINDOW = re.compile(r"(orders|lines|spend)_(decay_)?(?P<days>\d+)d")
_CHANGE = re.compile(r"(orders|spend)_trend_\d+d|last_order_value_ratio")


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
        Median by figure; empty where there are too few customers to speak of a typical one.
    """

    p_churn: float
    contributions: Mapping[str, float]
    typical: Mapping[str, float]


def compared(rows: pd.DataFrame, horizon_days: int) -> np.ndarray:
    """Mask of the customers with whom all others are compared, shape (n,): the active ones, silent for no longer than
    ``horizon_days``; everybody where fewer than 30 are active."""
    active = is_active(rows, horizon_days)
    return active if active.sum() >= MIN_SHOP_CUSTOMERS else np.ones(len(rows), dtype=bool)


def describe_shop(rows: pd.DataFrame, parts: Contributions, horizon_days: int) -> Shop:
    """The comparison for :func:`drivers`, from all customers of a cutoff and their contributions.

    Only the :func:`compared` customers count: beside those who left long ago everybody else looks fine. The customer at
    their average probability is a mixture of the mean customer above it and the mean one below it. So what a customer
    differs by adds up to just the side of the average that the customer is on, and what everybody shares drops out.

    Fewer than 30 customers are no shop: the model's reference takes the average's place, and there is no typical
    customer.
    """
    names = list(parts.values.columns)
    if len(rows) < MIN_SHOP_CUSTOMERS:
        average = float(to_probability(np.array(parts.base)))
        return Shop(average, dict.fromkeys(names, 0.0), {})
    some = compared(rows, horizon_days)
    average = float(parts.p_churn[some].mean())
    values, margin = parts.values.to_numpy()[some], parts.margin[some]
    above = margin > logit(average)
    means = values.mean(axis=0)
    if above.any() and not above.all():
        low, high = margin[~above].mean(), margin[above].mean()
        share = (logit(average) - low) / (high - low)
        means = share * values[above].mean(axis=0) + (1 - share) * values[~above].mean(axis=0)
    return Shop(average, dict(zip(names, means.tolist(), strict=True)), typical_figures(rows[some]))


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
    """What the themes add to a customer's distance from the shop's average probability.

    Attributes
    ----------
    side
        1 above the average probability, -1 below it, 0 on it; shape (n,).
    push
        By theme in the order of ``RANKED_GROUPS``, log-odds towards ``side``, 0 where a theme pushes the other way or
        hardly at all; shape (n, themes).
    owners
        The theme that each contribution counts to, shape (n, features); see :func:`owning_groups`.
    """

    side: np.ndarray
    push: np.ndarray
    owners: np.ndarray


def drivers(rows: pd.DataFrame, parts: Contributions, shop: Shop) -> Drivers:
    """How much each theme sets a customer apart.

    A theme counts only if it pushes to the customer's side of the shop's average probability, by at least
    ``MIN_LOG_ODDS`` and by ``MIN_SHARE`` of all that pushes there.
    """
    values = centred(parts, shop)
    owners = owning_groups(values, list(parts.values.columns), Facts(rows, shop.typical, None))
    groups = group_sums(values, owners)
    side = np.sign(parts.p_churn - shop.p_churn).astype(int)
    pushing = np.clip(groups * side[:, None], 0.0, None)
    floor = np.maximum(MIN_LOG_ODDS, MIN_SHARE * pushing.sum(axis=1))
    return Drivers(side, np.where(pushing >= floor[:, None], pushing, 0.0), owners)


def group_sums(values: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Contributions (n, features) added up by the theme that owns them, shape (n, themes)."""
    return np.stack(
        [np.where(owners == k, values, 0.0).sum(axis=1) for k in range(len(RANKED_GROUPS))], axis=1
    )


def owning_groups(values: np.ndarray, names: Sequence[str], facts: Facts) -> np.ndarray:
    """The theme that each contribution (n, features) counts to, as positions in ``RANKED_GROUPS``, -1 for none.

    A feature counts to its theme in the catalogue, the calendar to none. Exceptions are made where that would say one
    thing of a customer twice:

    - The purchase process judges by the time since the last purchase and the number of orders together. Where its push
      cannot come from the time, it counts to the number.
    - Many orders push to risk only where they have stopped: then they count to the time since the last one.
    - Without a second purchase day, the missing repeats say "one order". The last purchase is the first one too: together
      they count as "away" or as "new", whichever the push fits.
    - Without a purchase in the last 90 days, the change of late says no more than that, and neither does any window in
      which there was none; with the first purchase in these days, the change says "new customer".
    """
    home = np.array([-1 if name in CALENDAR else _POSITION[feature(name).group] for name in names], dtype=int)
    owners = np.tile(home, (len(values), 1))
    late = facts.above("recency_days") | facts.overdue
    once = ~facts.known("gap_mean_days")
    away = facts["recency_days"] > _RECENT_DAYS
    new = facts["tenure_days"] <= _RECENT_DAYS
    stopped = facts.overdue & facts.above("order_count")
    for k, name in enumerate(names):
        raises = values[:, k] > 0
        if name in _PROCESS:
            owners[raises != late, k] = _POSITION["frequency"]
        elif name in _REPEATS:
            owners[once, k] = _POSITION["frequency"]
        elif window := _WINDOW.fullmatch(name):
            owners[facts["recency_days"] > int(window["days"]), k] = _POSITION["recency"]
        elif _CHANGE.fullmatch(name):
            owners[new, k] = _POSITION["lifetime"]
            owners[once | away, k] = _POSITION["recency"]
        elif home[k] == _POSITION["frequency"] and not name.startswith("gap_"):
            owners[stopped & raises, k] = _POSITION["recency"]
    _join(owners, "lifetime", once, "recency")
    sums = group_sums(values, owners)
    _join(owners, "recency", once & ((sums[:, _POSITION["recency"]] > 0) != late), "lifetime")
    return owners


def _join(owners: np.ndarray, source: Group, where: np.ndarray, target: Group) -> None:
    """Count a whole theme to another one for some customers."""
    owners[(owners == _POSITION[source]) & where[:, None]] = _POSITION[target]
