"""What an analysis leaves behind for the level of later dates."""

from __future__ import annotations

from churnkit.services.analyse.analysis import Analysis
from churnkit.tournament.later_levels import Levels
from churnkit.tournament.residuals import Spacing


def levels_of(analysis: Analysis) -> Levels | None:
    """Misses of finished windows and what was learned from them; None where a rule of the shop's past scores, or no
    window of the past was over."""
    past, plan, tournament = analysis.past, analysis.plan, analysis.tournament
    if past is None or past.totals is None or not plan.labelled:
        return None
    rule = tournament.level_rule if tournament else None
    return Levels(
        Spacing(plan.step_days, plan.horizon_days),
        last=plan.labelled[-1],
        churn=dict(rule.residuals) if rule else {},
        totals=dict(past.totals.residuals),
        churn_weight=rule.process_weight if rule else 0.0,
        total_weight=past.totals.weight(plan.scoring),
    )
