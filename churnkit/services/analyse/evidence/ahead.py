"""What to do and what it would change: the recommended campaign and the next months with and without it."""

from __future__ import annotations

import pandas as pd

from churnkit.forecast import outlook
from churnkit.results.campaign_money import Outcome
from churnkit.results.codec import part_to_json
from churnkit.results.recommended import Recommendation
from churnkit.roi import Uncertainty
from churnkit.services.analyse.analysis import Analysis
from churnkit.services.analyse.evidence.gathered import Part
from churnkit.services.decide.recommendation import recommend, recommended_targets


def ahead(analysis: Analysis, rows: pd.DataFrame, customers: pd.DataFrame, uncertainty: Uncertainty) -> Part:
    """``recommended`` and ``outlook``, the latter with the recommended campaign as the action.

    Parameters
    ----------
    rows, customers
        Panel rows of the scoring cutoff and the customers' details, one row per customer each.
    """
    settings, plan, currency = analysis.settings, analysis.plan, analysis.ingested.currency
    return {
        "recommended": _columns(recommend(customers, settings, plan.horizon_days, currency, uncertainty)),
        "outlook": outlook(
            rows,
            customers,
            plan.horizon_days,
            plan.scoring,
            currency,
            uncertainty.total_log_sd,
            recommended_targets(customers, settings, uncertainty),
            settings.money.save_rate,
            margin=settings.money.margin,
            gone_success=settings.money.gone_success,
        ),
    }


def _columns(found: Recommendation) -> Part:
    """In the spelling that the evidence has kept so far; ``results.recommended`` knows the way back."""
    values = {name: value for name, value in part_to_json(found).items() if name != "outcome"}
    first = None if found.first is None else _outcome(found.first)
    return {**_outcome(found.outcome), **values, "first": first}


def _outcome(found: Outcome) -> Part:
    columns: dict[str, float | None] = {"customers": found.contacted}
    spelled = {"cost": found.cost, "expected_saves": found.saves, "net": found.net, "roi": found.roi}
    for name, interval in (spelled | {"revenue_protected": found.revenue_protected}).items():
        value, low, high = (
            (None, None, None) if interval is None else (interval.value, interval.low, interval.high)
        )
        columns |= {name: value, f"{name}_low": low, f"{name}_high": high}
    return {**columns, "break_even_save_rate": found.break_even_save_rate, "p_profit": found.p_profit}
