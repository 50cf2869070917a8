"""Rules for the risk tiers of a run: learned when somebody asks, and met by some of today's customers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import pandas as pd

from churnkit.config import AnalysisSettings, Tiers
from churnkit.explain.conditions import Condition, can_be_said
from churnkit.explain.rule_search import meets
from churnkit.explain.tier_rules import MIN_IN_TIER, TierRule, learn_tier_rules
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.panel_files import panel_names, panel_rows
from churnkit.results.segments import FigureBound
from churnkit.segments import describe_groups
from churnkit.segments.standing import ACTIVE, risk_tier
from churnkit.text import figures

NO_RULE = "no rule"
_KEYS = ["cutoff", "customer_id"]


@dataclass(frozen=True)
class RuleNow:
    """A rule, and who of the active customers of the scoring date meets it.

    Attributes
    ----------
    name
        ``high 1``: its tier and its place among the tier's rules.
    words, who
        With the tier, and the conditions alone.
    bounds
        The conditions as ``CustomerFilter`` takes them.
    customers_now, in_tier_now
        Active customers who meet it, and the share of them in the tier, 0..1 (NaN of nobody).
    value_at_risk_now
        Money at risk with them.
    """

    name: str
    rule: TierRule
    words: str
    who: str
    bounds: tuple[FigureBound, ...]
    customers_now: int
    in_tier_now: float
    value_at_risk_now: float


@dataclass(frozen=True)
class RulesNow:
    """The rules of a run and the date that they were measured on.

    Attributes
    ----------
    member_of
        By row of ``results.customers`` the name of the first rule that the customer meets, shape (n,): who is active
        and meets none is in ``NO_RULE``, and the lapsed in None.
    """

    rules: tuple[RuleNow, ...]
    test_cutoff: datetime
    member_of: np.ndarray

    def of_tier(self, tier: str) -> tuple[RuleNow, ...]:
        """The rules of one tier."""
        return tuple(one for one in self.rules if one.rule.tier == tier)


@dataclass(frozen=True)
class RuleSources:
    """What rules are made of: a finished run's files, or an analysis in memory.

    Attributes
    ----------
    past
        Forecasts and outcomes at past dates: ``cutoff``, ``customer_id``, ``p_churn``, ``churned``, ``recency_days``.
    panel
        Gives the panel rows of some cutoffs, with at least the columns that can be said.
    scored, customers
        Panel rows of the scoring date, and the customers by rank.
    """

    past: pd.DataFrame
    panel: Callable[[Sequence[datetime]], pd.DataFrame]
    scored: pd.DataFrame
    customers: pd.DataFrame
    settings: AnalysisSettings
    horizon_days: int
    currency: str | None


def tier_rules(results: Results) -> Found[RulesNow] | Missing:
    """Rules for high, medium and low risk, from what was forecast at earlier dates; about a second for most shops."""
    return rules_from(
        RuleSources(
            past=results.past,
            panel=lambda dates: _stored_panel(results, dates),
            scored=results.scored(),
            customers=results.customers,
            settings=results.summary.settings.analysis,
            horizon_days=results.horizon_days,
            currency=results.currency,
        )
    )


def rules_from(source: RuleSources) -> Found[RulesNow] | Missing:
    """See :func:`tier_rules`."""
    if not source.customers["risk_tier"].notna().any():
        return Missing(
            "Nothing proves that the forecast tells who leaves, so there are no tiers to have rules for."
        )
    past = source.past[source.past["recency_days"] <= source.horizon_days]
    dates = sorted(past["cutoff"].unique())
    if len(dates) < 2:
        return Missing(
            "Rules for the tiers are learned at one past date and measured at a later one; this history has"
            f" {figures.counted(len(dates), 'date')} with a forecast."
        )
    rows = _with_tiers(source.panel(dates), past, source.settings.tiers)
    before = rows["cutoff"] < dates[-1]
    rows = rows.drop(columns="cutoff")
    found = learn_tier_rules(rows[before], rows[~before], seed=source.settings.tournament.seed)
    if not found:
        return Missing(
            f"No rule of one or two conditions bore out {figures.percent(MIN_IN_TIER)} of the customers who met it on"
            f" {figures.day(dates[-1])}: this forecast cannot be said in so few words."
        )
    return Found(_now(source, found, pd.Timestamp(dates[-1]).to_pydatetime()))


def _stored_panel(results: Results, dates: Sequence[datetime]) -> pd.DataFrame:
    can_be = [name for name in panel_names(results) if can_be_said(name)]
    return panel_rows(results, list(dict.fromkeys([*_KEYS, *can_be])), [("cutoff", "in", list(dates))])


def _with_tiers(panel: pd.DataFrame, past: pd.DataFrame, tiers: Tiers) -> pd.DataFrame:
    """Figures of the active customers at past dates, with the outcome and the tier of their forecast then."""
    figures_known = [name for name in panel.columns if can_be_said(str(name))]
    told = past[[*_KEYS, "p_churn", "churned"]]
    rows = panel[[*_KEYS, *figures_known]].merge(told, on=_KEYS).sort_values(_KEYS, ignore_index=True)
    tier = risk_tier(rows["p_churn"].to_numpy(dtype=float), np.ones(len(rows), dtype=bool), tiers)
    return rows.drop(columns="p_churn").assign(tier=tier)


def _now(source: RuleSources, found: Sequence[TierRule], test_cutoff: datetime) -> RulesNow:
    """The rules with those of today's customers who meet them."""
    customers = source.customers
    needed = sorted({one.feature for rule in found for one in rule.conditions})
    rows = source.scored.set_index("customer_id")[needed].loc[customers["customer_id"]]
    active = (customers["status"] == ACTIVE).to_numpy(dtype=bool)
    member_of = np.full(len(customers), None, dtype=object)
    member_of[active] = NO_RULE
    told: list[RuleNow] = []
    for rule in found:
        met = meets(rule.conditions, rows) & active
        place = sum(one.rule.tier == rule.tier for one in told) + 1
        told.append(_rule_now(f"{rule.tier} {place}", rule, customers[met], source.currency))
        member_of[met & (member_of == NO_RULE)] = told[-1].name
    return RulesNow(tuple(told), test_cutoff, member_of)


def _rule_now(name: str, rule: TierRule, customers: pd.DataFrame, currency: str | None) -> RuleNow:
    return RuleNow(
        name=name,
        rule=rule,
        words=rule.words(currency),
        who=rule.who(currency),
        bounds=tuple(_bound(one) for one in rule.conditions),
        customers_now=len(customers),
        in_tier_now=float((customers["risk_tier"] == rule.tier).mean()),
        value_at_risk_now=float(customers["value_at_risk"].sum()),
    )


def _bound(condition: Condition) -> FigureBound:
    return FigureBound(feature=condition.feature, operator=condition.operator, value=condition.value)


def conditions_in_words(bounds: Sequence[FigureBound], currency: str | None) -> str:
    """``has ordered once only AND has not bought for 45 days or more``."""
    conditions = [Condition(one.feature, one.operator, one.value) for one in bounds]
    return " AND ".join(one.words(currency, of_one=True) for one in conditions)


def rule_groups(customers: pd.DataFrame, found: RulesNow) -> pd.DataFrame:
    """One row per rule that comes first for somebody, in the order of the rules, then ``NO_RULE``: ``describe_groups``
    of the active customers, and ``about``, the conditions."""
    active = pd.notna(found.member_of)
    order = [*(one.name for one in found.rules), NO_RULE]
    groups = describe_groups(customers[active], found.member_of[active], order=order)
    about = {one.name: one.who for one in found.rules} | {NO_RULE: "meets none of the rules"}
    return groups.assign(about=groups["group"].map(about))


def rule_members(customers: pd.DataFrame, found: RulesNow) -> pd.DataFrame:
    """The active customers with the first rule that each meets, by rank: ``customer_id``, ``rank``, ``p_churn``,
    ``risk_tier``, ``rule`` and ``who``, its conditions."""
    rules = pd.Series(found.member_of, index=customers.index, dtype=object)
    who = {one.name: one.who for one in found.rules}
    table = customers[["customer_id", "rank", "p_churn", "risk_tier"]].assign(rule=rules)
    table = table[rules.notna()].reset_index(drop=True)
    return table.assign(who=table["rule"].map(who))


def rule_table(found: RulesNow) -> pd.DataFrame:
    """One row per rule: its words, and the figures of :class:`TierRule` and :class:`RuleNow`."""
    return pd.DataFrame(
        [
            {
                "rule": one.name,
                "words": one.words,
                "test_date": found.test_cutoff.date().isoformat(),
                "customers": one.rule.customers,
                "in_tier": one.rule.in_tier,
                "tier_share": one.rule.tier_share,
                "found": one.rule.found,
                "left": one.rule.left,
                "left_of_all": one.rule.left_of_all,
                "customers_now": one.customers_now,
                "in_tier_now": one.in_tier_now,
                "value_at_risk_now": one.value_at_risk_now,
            }
            for one in found.rules
        ]
    )
