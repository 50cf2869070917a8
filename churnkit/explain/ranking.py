"""How much each theme sets a customer apart from the shop's average."""

# ruff: noqa: PD011 - ``values`` is a frame of contributions, not pandas' attribute

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit

from churnkit.errors import ModelError
from churnkit.explain.contributions import Contributions
from churnkit.explain.facts import MIN_SHOP_CUSTOMERS, Facts, compared, typical_figures
from churnkit.explain.owners import group_sums, owning_groups
from churnkit.tournament.margins import to_probability

# Less than this moves the odds by 5 %, or makes up less than 3 % of all that pushes the same way.
MIN_LOG_ODDS = 0.05
MIN_SHARE = 0.03


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
        By theme in the order of ``owners.RANKED_GROUPS``, log-odds towards ``side``, 0 where a theme pushes the other way or
        hardly at all; shape (n, themes).
    owners
        The theme that each contribution counts to, shape (n, features); see :func:`owners.owning_groups`.
    """

    side: np.ndarray
    push: np.ndarray
    owners: np.ndarray


def drivers(rows: pd.DataFrame, parts: Contributions, shop: Shop, facts: Facts | None = None) -> Drivers:
    """How much each theme sets a customer apart.

    A theme counts only if it pushes to the customer's side of the shop's average probability, by at least
    ``MIN_LOG_ODDS`` and by ``MIN_SHARE`` of all that pushes there. ``facts`` are those of the rows, where somebody has them
    already.
    """
    values = centred(parts, shop)
    facts = Facts(rows, shop.typical, None) if facts is None else facts
    owners = owning_groups(values, list(parts.values.columns), facts)
    groups = group_sums(values, owners)
    side = np.sign(parts.p_churn - shop.p_churn).astype(int)
    pushing = np.clip(groups * side[:, None], 0.0, None)
    floor = np.maximum(MIN_LOG_ODDS, MIN_SHARE * pushing.sum(axis=1))
    return Drivers(side, np.where(pushing >= floor[:, None], pushing, 0.0), owners)
