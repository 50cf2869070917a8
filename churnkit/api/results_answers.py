"""What an opened run says, put into the shape of answers: nothing is computed here."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.api.models.figures import Range
from churnkit.api.models.results_models import (
    Advice,
    AnalysisResults,
    AssumptionFigures,
    FeatureImportance,
    FoundGroup,
    Grade,
    Group,
    Headline,
    Importance,
    Leaderboard,
    LeaderboardEntry,
    Metrics,
    OutcomeFigures,
    PastTest,
    Performance,
    Scorecard,
    Segments,
    TierSummary,
)
from churnkit.api.opened import OpenedRun
from churnkit.errors import NotFoundError
from churnkit.results.evidence.standing_now import Estimate
from churnkit.results.found import Found, Missing
from churnkit.results.money_strip import MoneyFigure
from churnkit.results.summary import Summary
from churnkit.tournament.names import model_label

STRONGEST = 10


def results_answer(run: OpenedRun) -> AnalysisResults:
    """The whole of it in one answer."""
    results = run.results
    summary, evidence = results.summary, results.evidence
    missing = {
        name: part.reason
        for name, part in (
            ("revenue_at_risk", evidence.revenue_at_risk),
            ("recommendation", evidence.recommended),
        )
        if isinstance(part, Missing)
    }
    return AnalysisResults(
        analysis_id=run.session.session_id,
        run_id=run.run_id,
        name=run.session.name or "orders",
        currency=run.currency,
        scored_at=summary.question.cutoff,
        data_ends=summary.data_ends,
        horizon_days=summary.question.horizon_days,
        method=summary.method,
        champion=results.champion,
        champion_title=evidence.champion_title,
        champion_words=evidence.champion_words,
        summary=_headline(run),
        performance=performance_of(summary),
        trust=Grade.model_validate(evidence.trust),
        importance=_importance(run)[:STRONGEST],
        tiers=tiers_of(run),
        recommendation=_advice(run),
        missing=missing,
        notes=summary.notes,
    )


def performance_of(summary: Summary) -> Performance | None:
    """The champion on the test window, else on the validation dates; None where nothing competed."""
    contest = summary.tournament
    if contest is None:
        return None
    measured = vars(contest.test or contest.validation)
    known = {name: value for name, value in measured.items() if name in Performance.model_fields}
    return Performance(measured_on="test" if contest.test else "validation", **known)


def importance_answer(run: OpenedRun) -> Importance:
    """Every feature."""
    return Importance(analysis_id=run.session.session_id, run_id=run.run_id, features=_importance(run))


def segments_answer(run: OpenedRun) -> Segments:
    """Groups of customers.

    Raises
    ------
    NotFoundError
        The run is of a version that found no segments.
    """
    found = run.results.segments
    if found is None:
        raise NotFoundError(
            "Reading segments: this analysis was made before there were any.", "Start it again to get them."
        )
    groups: Sequence[object] = ()
    missing = {}
    match found.clusters:
        case Found(clusters):
            groups = clusters.groups
        case Missing(reason):
            missing["found_groups"] = reason
    return Segments(
        analysis_id=run.session.session_id,
        run_id=run.run_id,
        currency=run.currency,
        tiers=tiers_of(run),
        segments=[Group.model_validate(one) for one in found.groups],
        found_groups=[FoundGroup.model_validate(one) for one in groups],
        missing=missing,
    )


def leaderboard_answer(run: OpenedRun) -> Leaderboard:
    """Who competed."""
    return Leaderboard(
        analysis_id=run.session.session_id,
        run_id=run.run_id,
        champion=run.results.champion,
        method=run.results.summary.method,
        entries=[
            LeaderboardEntry.model_validate({**vars(row), "label": model_label(row.candidate)})
            for row in run.results.leaderboard
        ],
    )


def scorecard_answer(run: OpenedRun) -> Scorecard:
    """The forecast against the past."""
    return Scorecard(
        analysis_id=run.session.session_id,
        run_id=run.run_id,
        currency=run.currency,
        trust=Grade.model_validate(run.results.evidence.trust),
        dates=[PastTest.model_validate(one) for one in run.results.summary.backtest],
    )


def metrics_answer(run: OpenedRun) -> Metrics:
    """Figures of merit."""
    results = run.results
    return Metrics(
        analysis_id=run.session.session_id,
        run_id=run.run_id,
        champion=results.champion,
        performance=performance_of(results.summary),
        trust=Grade.model_validate(results.evidence.trust),
        customers=results.summary.customers.count,
        churn_rate=_estimate(results.evidence.churn_rate),
    )


def tiers_of(run: OpenedRun) -> list[TierSummary]:
    """The risk tiers, high first."""
    return [TierSummary.model_validate(one) for one in run.results.evidence.tiers]


def outcome_figures(outcome: object) -> OutcomeFigures:
    """A campaign's outcome."""
    return OutcomeFigures.model_validate(outcome)


def _importance(run: OpenedRun) -> list[FeatureImportance]:
    return [FeatureImportance.model_validate(one) for one in run.results.evidence.importance]


def _headline(run: OpenedRun) -> Headline:
    summary, evidence = run.results.summary, run.results.evidence
    at_risk = evidence.revenue_at_risk
    return Headline(
        customers=summary.customers.count,
        active=summary.customers.active.customers,
        lapsed=summary.customers.lapsed.customers,
        churn_rate=_estimate(evidence.churn_rate),
        expected_leavers=summary.customers.active.expected_leavers,
        revenue_at_risk=_estimate(at_risk.value) if isinstance(at_risk, Found) else None,
        revenue=summary.money.revenue.value,
        revenue_days=summary.money.days,
        forecast=_estimate(summary.money.forecast),
    )


def _estimate(figure: Estimate | MoneyFigure) -> Range:
    return Range(value=figure.value, low=figure.low, high=figure.high)


def _advice(run: OpenedRun) -> Advice | None:
    found = run.results.evidence.recommended
    if isinstance(found, Missing):
        return None
    return Advice(
        words=found.value.words,
        outcome=outcome_figures(found.value.outcome),
        assumptions=AssumptionFigures.model_validate(found.value.assumptions),
    )
