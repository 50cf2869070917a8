"""What high risk looks like in this shop: drivers and rules in words with figures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.explain.catalogue import feature, same_for_everybody
from churnkit.explain.contributions import Contributions
from churnkit.explain.importance import importance
from churnkit.explain.rules import Rule, learn_rules
from churnkit.explain.separation import Difference, differences
from churnkit.results.evidence.standing_now import FEW_AT_RISK, Driver, LearnedRule
from churnkit.results.found import Found, Missing
from churnkit.services.analyse.evidence.window import LastWindow
from churnkit.text import figures
from churnkit.windows import CutoffPlan

DRIVERS = 5
RISKIEST_SHARE = 0.2
RULES_OF_ALL, RULES_OF_ACTIVE = 5, 3
# "THEN expect churn" is wrong too often for a rule that fewer than three in five of those who met it bore out.
MIN_PRECISION = 0.6


def drivers(
    rows: pd.DataFrame,
    parts: Contributions,
    p_churn: np.ndarray,
    high_above: float,
    currency: str | None,
    active: np.ndarray,
) -> Found[tuple[Driver, ...]] | Missing:
    """What the high tier has in common, the other active customers beside it.

    Themes come in the order of what the champion makes of them. With fewer than ``FEW_AT_RISK`` customers in the high
    tier, or with nobody outside it, the fifth of the active with the highest probability takes its place.

    Parameters
    ----------
    rows, parts, p_churn
        All customers.
    active
        Mask of those who are not silent for longer than the threshold, shape (n,): tiers are theirs alone.
    """
    who_is_there = np.flatnonzero(active)
    if not len(who_is_there):
        return Missing("No customer has bought within the threshold, so there is nobody left to compare.")
    rows, parts, p_churn = rows.iloc[who_is_there], parts.take(who_is_there), p_churn[who_is_there]
    inside, who, rest = p_churn > high_above, "high-risk customers", "the other active ones"
    if inside.sum() < FEW_AT_RISK or inside.all():
        inside = _riskiest(p_churn)
        who = "the riskiest 20 % of active customers"
    if not inside.any() or inside.all():
        return Missing("All active customers have the same probability, so nothing sets some of them apart.")
    found = differences(rows, inside, _topics(parts), DRIVERS)
    if not found:
        return Missing("No single figure tells the high-risk customers clearly from the other active ones.")
    definition = (
        f"Share of the {figures.count(int(inside.sum()))} {who.removeprefix('the ')} who meet the condition, beside the"
        f" share of the {figures.count(int((~inside).sum()))} other active customers. A description of who they are, not"
        " a cause."
    )
    return Found(tuple(_driver(one, who, rest, definition, currency) for one in found))


def _riskiest(p_churn: np.ndarray) -> np.ndarray:
    """Mask of the fifth with the highest probabilities, ties at its edge left out unless that leaves nobody."""
    edge = np.quantile(p_churn, 1 - RISKIEST_SHARE)
    above: np.ndarray = p_churn > edge
    tied: np.ndarray = p_churn >= edge
    return above if above.any() else tied


def _topics(parts: Contributions) -> list[str]:
    table = importance(parts)
    by_group = (
        table[~table["feature"].map(same_for_everybody)]
        .groupby("group", sort=False)["mean_absolute_log_odds"]
        .sum()
    )
    return [str(group) for group in by_group.sort_values(ascending=False, kind="stable").index]


def _driver(one: Difference, who: str, rest: str, definition: str, currency: str | None) -> Driver:
    met = one.condition.words(currency)
    return Driver(
        words=f"{figures.percent(one.share_inside)} of {who} {met}; {figures.percent(one.share_outside)} of {rest}",
        condition=met,
        feature=one.condition.feature,
        label=feature(one.condition.feature).label,
        operator=one.condition.operator,
        value=one.condition.value,
        share_high=one.share_inside,
        share_rest=one.share_outside,
        customers=one.customers,
        figure_definition=definition,
    )


def rules(
    window: LastWindow | Missing, plan: CutoffPlan, currency: str | None, seed: int
) -> Found[tuple[LearnedRule, ...]] | Missing:
    """Rules for leaving that a person can remember.

    Learned on windows that were over before the test cutoff, measured on its own; some for all customers and some for
    those who had bought within the threshold, whom a shop can still keep. A rule that fewer than ``MIN_PRECISION`` of
    the customers who met it there bore out is none.
    """
    if isinstance(window, Missing):
        return window
    recent = f"customers who bought within {figures.days(plan.horizon_days)}"
    found: list[LearnedRule] = []
    weak = 0
    for population, count in (("all customers", RULES_OF_ALL), (recent, RULES_OF_ACTIVE)):
        train, test = window.train, window.rows
        if population == recent:
            train, test = (rows[rows["recency_days"] <= plan.horizon_days] for rows in (train, test))
        learned = learn_rules(train, test, seed=seed, count=count)
        kept = [rule for rule in learned if rule.precision >= MIN_PRECISION]
        weak += len(learned) - len(kept)
        found += [_rule(rule, population, window, currency) for rule in kept]
    if not found and weak:
        return Missing(
            f"No rule of one or two conditions was right about {figures.percent(MIN_PRECISION)} or more of the customers"
            " who met it in the last window."
        )
    if not found:
        return Missing("No rule of one or two conditions finds leavers clearly more often than chance.")
    return Found(tuple(found))


def _rule(rule: Rule, population: str, window: LastWindow, currency: str | None) -> LearnedRule:
    return LearnedRule(
        words=rule.words(currency),
        conditions=tuple(c.words(currency, of_one=True) for c in rule.conditions),
        population=population,
        customers=rule.customers,
        precision=rule.precision,
        coverage=rule.coverage,
        base_rate=rule.base_rate,
        lift=rule.lift,
        train_precision=rule.train_precision,
        test_cutoff=window.cutoff,
    )
