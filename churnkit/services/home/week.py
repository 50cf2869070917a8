"""What to do this week: those who wait on the work list, else the contacts that the figures recommend."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pandas as pd

from churnkit.config import AssumptionKind
from churnkit.results.found import Found, Missing
from churnkit.results.recommended import Recommendation
from churnkit.segments.standing import ACTIVE
from churnkit.services.home.answer import Answer, Way
from churnkit.services.home.earlier import most_at_risk
from churnkit.services.home.questions import named
from churnkit.services.worklist.left_alone import LeftAlone
from churnkit.store import WorkEntry
from churnkit.text import figures
from churnkit.text.kinds import Kind

_KINDS: dict[AssumptionKind, str] = {"assumed": "assumed", "given": "your setting", "measured": "measured"}


def this_week(
    recommended: Found[Recommendation] | Missing,
    customers: pd.DataFrame,
    entries: Sequence[WorkEntry],
    alone: LeftAlone,
    save_rate_kind: AssumptionKind,
    currency: str | None,
    *,
    stale: bool,
) -> Answer:
    """One list and the way to it.

    Parameters
    ----------
    customers
        Of the version on screen.
    entries, alone
        Who stands on the work list, and who is left alone for now; empty for whoever may not see them.
    save_rate_kind
        How the success rate behind the advice is known.
    stale
        Whether the orders are too old to act on.
    """
    waiting = {one.customer_id for one in entries if one.state == "to_do"}
    if waiting:
        return _listed(recommended, customers, waiting, currency, stale=stale)
    if isinstance(recommended, Missing):
        return Answer(
            question="week",
            label="Recommended",
            figure="no advice",
            words=recommended.reason,
            way=Way(label="How far to trust this", page="monitoring"),
        )
    outcome = recommended.value.outcome
    kind: Kind = "forecast" if save_rate_kind == "measured" else "assumed"
    if not outcome.contacted:
        return Answer(
            question="week",
            label="Recommended",
            figure="wait",
            words="No contact is expected to bring more than it costs. A cheaper contact or a smaller discount may.",
            kind=kind,
            way=Way(label="Try a plan", page="whatif"),
        )
    return Answer(
        question="week",
        label="Recommended",
        figure=f"contact {figures.count(outcome.contacted)}",
        words=_first(stale) + _advice(recommended.value, save_rate_kind, currency),
        kind=kind,
        term="net",
        people=named("Begin with", _ranked(customers, alone, outcome.contacted)),
        way=Way(label="Make a campaign of it", page="campaigns", campaign_size=outcome.contacted),
    )


def _advice(advice: Recommendation, kind: AssumptionKind, currency: str | None) -> str:
    outcome, cash = advice.outcome, partial(figures.short_money, currency=currency)
    if kind == "measured":
        rests = "the share that a campaign of yours was seen to keep"
    else:
        rests = f"{figures.percent(advice.assumptions.save_rate)} of those who would leave ({_KINDS[kind]})"
    return (
        f"Contacting them costs about {cash(outcome.cost.value)} and brings {cash(outcome.net.value)} net in a year (in 8 of"
        f" 10 cases {cash(outcome.net.low)} to {cash(outcome.net.high)}), if it keeps {rests}."
    )


def _first(stale: bool) -> str:
    return "Add newer orders first: these are too old. " if stale else ""


def _ranked(customers: pd.DataFrame, alone: LeftAlone, contacted: int) -> list[str]:
    """The best customers of the advice, without those who are left alone for now."""
    active = customers[customers["status"] == ACTIVE].nsmallest(contacted, "rank")
    free = active[alone.others(active["customer_id"])]
    return [str(one) for one in free["customer_id"]]


def _listed(
    recommended: Found[Recommendation] | Missing,
    customers: pd.DataFrame,
    waiting: set[str],
    currency: str | None,
    *,
    stale: bool,
) -> Answer:
    rows = customers[customers["customer_id"].isin(waiting)]
    risk = float(rows["value_at_risk"].sum())
    worth = f", with {figures.short_money(risk, currency)} at risk" if risk > 0 else ""
    more = ""
    if isinstance(recommended, Found) and recommended.value.outcome.contacted:
        outcome = recommended.value.outcome
        more = (
            f" The advice is to contact {figures.count(outcome.contacted)} in all, for about"
            f" {figures.short_money(outcome.net.value, currency)} net in a year."
        )
    return Answer(
        question="week",
        label="To do",
        figure=f"speak to {figures.count(len(waiting))}",
        words=f"{_first(stale)}Those on your work list{worth}.{more}",
        kind="measured",
        people=named("Most at risk of them", most_at_risk(rows)),
        way=Way(label="Open the work list", page="worklist"),
    )
