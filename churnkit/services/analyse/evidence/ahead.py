"""What to do and what it would change: the recommended campaign and the next months with and without it."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

import pandas as pd

from churnkit.clv import discount_factor
from churnkit.config import AnalysisSettings
from churnkit.forecast import PastSurvival, outlook
from churnkit.results.evidence.months_ahead import Outlook
from churnkit.results.found import Found, Missing
from churnkit.results.recommended import Recommendation
from churnkit.roi import Uncertainty
from churnkit.services.decide.recommendation import recommend, recommended_targets

NO_ADVICE = (
    "Nothing in this shop's past proves that the forecast tells who leaves, so nobody is named to contact first and no"
    " gain is promised. More history, or another churn threshold, may change that."
)


class Question(NamedTuple):
    """What was asked: the instant of scoring, how far ahead, and in which currency."""

    cutoff: datetime
    horizon_days: int
    currency: str | None


def ahead(
    settings: AnalysisSettings,
    question: Question,
    rows: pd.DataFrame,
    customers: pd.DataFrame,
    uncertainty: Uncertainty,
    *,
    proven: bool,
    survival: PastSurvival | None,
) -> tuple[Found[Recommendation] | Missing, Outlook]:
    """The campaign, and the months with it as the action; without proof there is neither advice nor action.

    Parameters
    ----------
    rows, customers
        Panel rows of the scoring cutoff and the customers' details, one row per customer each.
    survival
        How a day's customers became fewer in the past (:func:`churnkit.forecast.past_survival`).
    """
    advice: Found[Recommendation] | Missing = Missing(NO_ADVICE)
    targets: list[str] = []
    if proven:
        advice = Found(recommend(customers, settings, question.horizon_days, question.currency, uncertainty))
        targets = recommended_targets(customers, settings, question.currency, uncertainty)
    months = outlook(
        rows,
        customers,
        question.horizon_days,
        question.cutoff,
        question.currency,
        uncertainty.total_log_sd,
        targets,
        settings.money.save_rate,
        margin=settings.money.margin,
        gone_success=settings.money.gone_success,
        survival=survival,
        year_revenue=float(customers["clv"].sum())
        / (settings.money.margin * discount_factor(settings.money)),
    )
    return advice, months
