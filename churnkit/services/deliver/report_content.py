"""An analysis' files -> what its report is made from."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pandas as pd

from churnkit.reports.content import ReportContent
from churnkit.results.customer import Customer
from churnkit.results.folders import Results
from churnkit.results.found import Missing
from churnkit.results.look_folder import Look
from churnkit.results.profile import BEYOND_DEVIATIONS, OUTSIDE_FENCES, Profile
from churnkit.services.campaign.campaign_text import usual_message
from churnkit.services.decide.freshness import SAMPLE, Stale, freshness
from churnkit.services.decide.reach import Reach, reach_of
from churnkit.services.decide.short_history import short_history
from churnkit.services.decide.value_error_views import value_errors
from churnkit.services.decide.why_champion import why_champion
from churnkit.services.deliver.group_content import group_content
from churnkit.services.look.sample_shops import is_sample
from churnkit.services.score.statement import statement, stewardship

CONTACTS_SHOWN = 25


def report_content(
    results: Results,
    name: str,
    reach: Reach | None = None,
    *,
    today: date | None = None,
    with_groups: bool = True,
    model_owner: str = "",
) -> ReportContent:
    """Read what a report shows.

    Parameters
    ----------
    name
        What the analysis is called: the uploaded file's name.
    reach
        How the customers can be reached; what the file says unless given.
    today
        The day that the report is made on; the present one unless given.
    with_groups
        Whether segments, cohorts or the months' losses are shown: they take about a second.
    model_owner
        Who answers for the model; empty where nobody is named.

    Raises
    ------
    DataError
        If a file of the analysis is missing.
    """
    question = results.summary.question
    age = freshness(question.cutoff.date(), question.horizon_days, today or date.today())
    is_old = isinstance(age, Stale)
    discount = results.summary.settings.money.campaign_discount
    draft = usual_message(discount, (reach or reach_of(results)).usual, dated=not is_old)
    return ReportContent(
        name=name,
        currency=results.currency,
        summary=results.summary,
        tier_limits=results.summary.settings.tiers,
        profile=profile_of(results),
        evidence=results.evidence,
        leaderboard=results.leaderboard,
        why_won=why_champion(results),
        contact=first_to_contact(results.customers),
        customer_count=len(results.customers),
        notices=tuple(
            words
            for words in (
                SAMPLE if is_sample(name) else None,
                age.words if is_old else None,
                short_history(results.summary),
            )
            if words is not None
        ),
        value_errors=value_errors(results),
        statement=statement(
            results.evidence.model_card, stewardship(question.cutoff, question.horizon_days, model_owner)
        ),
        message=(draft.subject, draft.body),
        groups=group_content(results) if with_groups else None,
    )


def profile_of(look: Look) -> Profile:
    """The profile, with the analysis currency where its own rows name none: in its checks too."""
    profile = look.profile
    if profile.scope.currency is not None or look.currency is None:
        return profile
    profile = replace(profile, scope=replace(profile.scope, currency=look.currency))
    if isinstance(profile.outliers, Missing):
        return profile
    found = profile.outliers.value
    words = {
        BEYOND_DEVIATIONS: found.z_score.words(look.currency),
        OUTSIDE_FENCES: found.iqr.words(look.currency),
    }
    checks = tuple(replace(one, words=words.get(one.code, one.words)) for one in profile.checks)
    why = {one.code: one.cost_words for one in checks if one.code in words}
    lost = tuple(replace(one, why=why.get(one.code, one.why)) for one in profile.score.deductions)
    return replace(profile, checks=checks, score=replace(profile.score, deductions=lost))


def first_to_contact(customers: pd.DataFrame, number: int = CONTACTS_SHOWN) -> tuple[Customer, ...]:
    """The first of the worklist; nobody where nothing is proven."""
    named = customers[customers["risk_tier"].notna()].sort_values("rank")
    rows = named.head(number).to_dict("records")
    return tuple(Customer.of_row({str(key): value for key, value in row.items()}) for row in rows)
