"""A campaign, frozen: its customers with their scores and arms, who was left out, the assumptions and the promise."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.campaigns.arms import HOLDOUT, TREATMENT, assign_arms, strata
from churnkit.campaigns.exclusions import REASONS, Exclusions, counted
from churnkit.errors import DataError
from churnkit.results.campaign_facts import CampaignFacts, CampaignSettings, DeclaredReadout
from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.roi import Planner
from churnkit.text import figures

# What a plan freezes of a customer; where an analysis has more of these they are frozen too.
REQUIRED = ("customer_id", "p_churn", "risk_tier", "clv_if_kept", "mean_order_value")
FROZEN = (
    "status",
    "clv_if_lost",
    "p_alive",
    "segment",
    "clv",
    "value_at_risk",
    "expected_orders",
    "expected_spend",
    "recency_days",
    "order_count",
    "monetary_total",
    "factor_1",
)


@dataclass(frozen=True)
class CampaignPlan:
    """A planned campaign.

    Attributes
    ----------
    members
        One row per customer, best first, read-only: ``customer_id``, ``arm``, ``stratum``, the scores of that day
        (``REQUIRED`` and what there was of ``FROZEN``), ``savable`` (the part of the save rate that holds for the
        customer) and ``expected_gain`` (money).
    excluded
        Candidates who were left out: ``customer_id``, ``reason`` (a key of ``REASONS``), ``detail``.
    promise
        What contacting the treatment arm is expected to bring under ``assumptions``.
    notes
        What a reader must know before sending, one sentence each.
    declared
        How it will be read out; None in a plan frozen before plans said so.
    """

    settings: CampaignSettings
    assumptions: Assumptions
    members: pd.DataFrame
    excluded: pd.DataFrame
    promise: Outcome
    notes: tuple[str, ...]
    declared: DeclaredReadout | None

    @property
    def treated(self) -> pd.DataFrame:
        """The members who are contacted."""
        return self.members[self.members["arm"] == TREATMENT]

    @property
    def held_out(self) -> pd.DataFrame:
        """The members who are not contacted, for comparison."""
        return self.members[self.members["arm"] == HOLDOUT]

    @property
    def expected_base_rate(self) -> float:
        """Share of the members forecast to buy within the horizon without a contact, in [0, 1]."""
        return float(1 - self.members["p_churn"].mean())

    def facts(self) -> CampaignFacts:
        """Everything but the rows, to be stored beside them."""
        return CampaignFacts(
            settings=self.settings,
            assumptions=self.assumptions,
            promise=self.promise,
            treated=len(self.treated),
            held_out=len(self.held_out),
            excluded=counted(self.excluded),
            expected_base_rate=self.expected_base_rate,
            notes=self.notes,
            declared=self.declared,
        )


def plan_campaign(
    customers: pd.DataFrame,
    planner: Planner,
    assumptions: Assumptions,
    settings: CampaignSettings,
    exclusions: Exclusions | None = None,
    candidates: np.ndarray | None = None,
) -> CampaignPlan:
    """Rank the candidates by expected gain, leave out whom a rule excludes, and draw the holdout.

    Parameters
    ----------
    customers
        One row per customer with ``REQUIRED`` columns, in the planner's order.
    planner
        Built from the same rows.
    candidates
        Which customers may come into it, booleans of shape (n,); None means all.

    Raises
    ------
    DataError
        If a column is missing, an id repeats, the rows do not match the planner, or nobody is left.
    """
    rules = exclusions or Exclusions()
    _check(customers, planner)
    order = planner.ranking(assumptions)
    if candidates is not None:
        order = order[candidates[order]]
    kept = [c for c in (*REQUIRED, *FROZEN) if c in customers]
    ranked = customers[kept].iloc[order]
    ranked = ranked.assign(
        savable=planner.savable(assumptions)[order], expected_gain=planner.gains(assumptions)[order]
    ).reset_index(drop=True)
    reason, detail = rules.reasons(ranked)
    excluded = pd.DataFrame({"customer_id": ranked["customer_id"], "reason": reason, "detail": detail})
    excluded = excluded[reason.notna()].reset_index(drop=True)
    members, chosen = ranked[reason.isna()].reset_index(drop=True), order[reason.isna().to_numpy()]
    if members.empty:
        raise DataError(
            f"Planning the campaign {settings.name!r}: nobody is left of {figures.count(len(ranked))} candidates"
            f"{_because(counted(excluded))}.",
            "Take back a rule, or choose other customers.",
        )
    stratum = strata(members["risk_tier"], members["clv_if_kept"])
    arm = assign_arms(members["customer_id"], stratum, settings.holdout_share, settings.seed)
    members.insert(1, "arm", arm)
    members.insert(2, "stratum", stratum)
    contacted = np.zeros(planner.count, dtype=bool)
    contacted[chosen[arm == TREATMENT]] = True
    promise = planner.outcome_of(assumptions, contacted)
    declared = DeclaredReadout()
    notes = _notes(members, rules, declared)
    return CampaignPlan(settings, assumptions, members, excluded, promise, notes, declared)


def _check(customers: pd.DataFrame, planner: Planner) -> None:
    missing = [name for name in REQUIRED if name not in customers]
    if missing:
        raise DataError(
            f"Planning a campaign: each customer must have {', '.join(REQUIRED)}; missing: {', '.join(missing)}.",
            "Start the analysis again.",
        )
    if len(customers) != planner.count:
        raise DataError(
            f"Planning a campaign: the money was prepared for {figures.count(planner.count)} customers, but there are"
            f" {figures.count(len(customers))}.",
            "Start the analysis again.",
        )


def _because(counts: Mapping[str, int]) -> str:
    told = [f"{figures.count(count)} {REASONS[reason]}" for reason, count in counts.items()]
    return f" ({'; '.join(told)})" if told else ""


def _notes(members: pd.DataFrame, rules: Exclusions, declared: DeclaredReadout) -> tuple[str, ...]:
    notes = []
    if rules.consent is None:
        notes.append(
            "The shop's data say nothing about consent, so nobody was left out for it and no file states any:"
            " send only to those who have agreed, by the records of the tool that sends."
        )
    held_out = int((members["arm"] == HOLDOUT).sum())
    if held_out == 0:
        notes.append("Nobody is left out for comparison: what the campaign changes cannot be measured.")
    elif held_out == len(members):
        notes.append(
            "Everybody is left out for comparison: nobody is contacted. Add customers or leave out fewer."
        )
    else:
        share = figures.percent(held_out / len(members))
        notes.append(
            f"{figures.count(held_out)} of {figures.count(len(members))} customers ({share}) are left out for"
            " comparison: do not contact them in any other way either until the result is there."
        )
        notes.append(readout_words(declared))
    return tuple(notes)


def readout_words(declared: DeclaredReadout) -> str:
    """How the campaign will be read out, in one sentence."""
    error = declared.early_error + declared.final_error
    return (
        f"However often you look at the result, a campaign that changes nothing is called a success or a harm in at most"
        f" {figures.percent(error)} of cases. Of money a customer counts up to what {figures.percent(declared.cap_quantile)}"
        " of the buyers do not pass, so that a few large orders do not decide."
    )
