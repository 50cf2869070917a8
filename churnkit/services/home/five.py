"""All five questions of an owner, answered from what is known of a version of the shop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from churnkit.config import Money
from churnkit.results.folders import Results
from churnkit.results.quarter import QuarterChange
from churnkit.services.decide.freshness import Stale, freshness
from churnkit.services.home.answer import Answer
from churnkit.services.home.earlier import Earlier, newly_since_a_threshold_ago
from churnkit.services.home.questions import at_stake, is_fresh, who_leaves
from churnkit.services.home.week import this_week
from churnkit.services.home.worked import did_it_work
from churnkit.services.since.campaign_states import CampaignState
from churnkit.services.worklist.left_alone import LeftAlone
from churnkit.store import WorkEntry


@dataclass(frozen=True, kw_only=True)
class Known:
    """What the answers are made of.

    Attributes
    ----------
    results, held
        The version on screen under the assumptions in force, and these.
    sample, mine
        Whether the shop is made up, and whether who reads may work on it.
    earlier, quarter
        The version before, and where there is none the changes against a quarter ago.
    campaigns, entries, alone
        The shop's campaigns, its work list and who is left alone for now.
    """

    results: Results
    held: Money
    sample: bool
    mine: bool
    earlier: Earlier | None
    quarter: QuarterChange | None
    campaigns: Sequence[CampaignState]
    entries: Sequence[WorkEntry]
    alone: LeftAlone


def home_answers(known: Known, today: date) -> tuple[Answer, ...]:
    """The answers in the order of the questions."""
    results, earlier, quarter = known.results, known.earlier, known.quarter
    summary, evidence, currency = results.summary, results.evidence, results.currency
    question = summary.question
    since = None if earlier is None else (earlier.cutoff - timedelta(days=1)).date()
    stale = isinstance(freshness(question.cutoff.date(), question.horizon_days, today), Stale)
    newly = () if earlier is not None else newly_since_a_threshold_ago(results.customers)
    return (
        is_fresh(summary, sample=known.sample, mine=known.mine, since=since, today=today),
        who_leaves(summary, evidence, earlier, quarter, newly),
        at_stake(summary, evidence, known.held, currency, earlier, quarter),
        this_week(
            evidence.recommended,
            results.customers,
            known.entries,
            known.alone,
            known.held.kind("save_rate"),
            currency,
            stale=stale and not known.sample,
        ),
        did_it_work(known.campaigns, known.entries, currency),
    )
