"""A finished analysis in one document, and its leaderboard as a table."""

from __future__ import annotations

from dataclasses import fields

import pandas as pd

import churnkit
from churnkit.ingest import Ingested
from churnkit.results.found import Found
from churnkit.results.look_facts import MonthTotal
from churnkit.results.measures import ChosenBy, Measures
from churnkit.results.rows import rows_of
from churnkit.results.run_settings import RunSettings
from churnkit.results.summary import (
    ChurnQuestion,
    Contest,
    CustomerTotals,
    FoldSize,
    SourceFile,
    SpendErrors,
    StatusTotal,
    Summary,
    SuspectFeature,
    TierTotal,
    TierTotals,
    ValueForecast,
)
from churnkit.roi import uncertainty_from_backtest
from churnkit.segments.standing import ACTIVE, LAPSED
from churnkit.services.analyse.analysis import Analysis
from churnkit.services.analyse.revenue import money_strip
from churnkit.tournament.backtest import backtest_summary
from churnkit.tournament.knockout import Tournament
from churnkit.tournament.quality import quality_by_status
from churnkit.windows import last_day

LEADERBOARD_COLUMNS = ("candidate", "kind", "is_champion", "eligible", "score", "verdict")


def leaderboard_table(analysis: Analysis) -> pd.DataFrame:
    """The leaderboard with its deciding columns first; no rows where no tournament took place."""
    if analysis.tournament is None:
        return pd.DataFrame(columns=list(LEADERBOARD_COLUMNS))
    board = analysis.tournament.leaderboard
    return board[[*LEADERBOARD_COLUMNS, *(c for c in board.columns if c not in LEADERBOARD_COLUMNS)]].round(6)


def summarise(analysis: Analysis) -> Summary:
    """What was read, decided, proven and found."""
    reading = analysis.ingested.reading
    outcomes = analysis.past.outcomes if analysis.past else ()
    ends = last_day(analysis.plan.scoring)
    past = backtest_summary(outcomes, analysis.plan.horizon_days)
    return Summary(
        churnkit_version=churnkit.__version__,
        file=source_file(analysis.ingested),
        question=_question(analysis),
        method=analysis.method,
        notes=tuple(analysis.notes),
        data_ends=ends,
        analysed_on=analysis.analysed_on,
        data_age_days=max((analysis.analysed_on - ends).days, 0),
        customers=customer_totals(analysis.customers),
        money=money_strip(
            analysis.customers,
            analysis.past_revenue,
            uncertainty_from_backtest(past) if past else None,
            Found(analysis.year_model.forecast),
            analysis.settings.money,
        ),
        quality=quality_by_status(outcomes, analysis.plan.horizon_days),
        value=_value(analysis),
        tournament=_contest(analysis.tournament) if analysis.tournament else None,
        backtest=past,
        settings=RunSettings.of(analysis.settings, reading.settings, reading.as_of),
        profile=analysis.profile,
    )


def source_file(ingested: Ingested) -> SourceFile:
    """What was read, as the summary tells it."""
    return SourceFile(
        format=ingested.format_words,
        preset=ingested.preset,
        mapping=dict(ingested.mapping.columns),
        rows_in=ingested.row_count_in,
        rows_kept=ingested.row_count_kept,
        currency=ingested.currency,
        returns=ingested.reading.settings.returns,
        has_order_id=ingested.has_order_id,
        has_time=ingested.has_time,
        notes=tuple(ingested.notes),
        monthly_totals=tuple(MonthTotal(**vars(month)) for month in ingested.understood.months),
    )


def _question(analysis: Analysis) -> ChurnQuestion:
    plan = analysis.plan
    return ChurnQuestion(
        cutoff=plan.scoring,
        horizon_days=plan.horizon_days,
        horizon_reason=analysis.profile.threshold.reason,
        return_share=analysis.profile.threshold.returned_after_share,
        labelled_cutoffs=tuple(plan.labelled),
        population="every customer with a purchase before the cutoff",
    )


def customer_totals(customers: pd.DataFrame) -> CustomerTotals:
    """Sums over all customers, by status and by tier."""
    tiers = {tier: customers[customers["risk_tier"] == tier] for tier in ("high", "medium", "low")}
    return CustomerTotals(
        count=len(customers),
        active=_status(customers[customers["status"] == ACTIVE]),
        lapsed=_status(customers[customers["status"] == LAPSED]),
        mean_p_churn=float(customers["p_churn"].mean()),
        tiers=TierTotals(**{tier: _tier(rows) for tier, rows in tiers.items()}),
        expected_orders=float(customers["expected_orders"].sum()),
        expected_spend=float(customers["expected_spend"].sum()),
        clv=float(customers["clv"].sum()),
    )


def _status(rows: pd.DataFrame) -> StatusTotal:
    return StatusTotal(
        customers=len(rows),
        mean_p_churn=float(rows["p_churn"].mean()) if len(rows) else None,
        expected_leavers=float(rows["p_churn"].sum()),
        expected_orders=float(rows["expected_orders"].sum()),
        expected_spend=float(rows["expected_spend"].sum()),
        clv=float(rows["clv"].sum()),
        value_at_risk=float(rows["value_at_risk"].sum()),
    )


def _tier(rows: pd.DataFrame) -> TierTotal:
    return TierTotal(
        customers=len(rows),
        expected_spend=float(rows["expected_spend"].sum()),
        clv=float(rows["clv"].sum()),
        value_at_risk=float(rows["value_at_risk"].sum()),
    )


def _value(analysis: Analysis) -> ValueForecast:
    model = analysis.value_model
    return ValueForecast(
        method=model.method,
        scale=float(model.scale),
        past_errors=rows_of(SpendErrors, model.errors) if len(model.errors) else (),
        year=Found(analysis.year_model.forecast),
    )


def _contest(tournament: Tournament) -> Contest:
    champion = tournament.champion
    preparation = tournament.model.preparation
    doubtful = tournament.screen[tournament.screen["verdict"] != "ok"]
    return Contest(
        champion=champion["candidate"],
        verdict=champion["verdict"],
        members=champion["members"],
        threshold=tournament.threshold,
        validation=ChosenBy(**{field.name: float(champion[field.name]) for field in fields(ChosenBy)}),
        test=champion_on_test(tournament),
        level=tournament.level.words(),
        folds=tuple(
            FoldSize(validation_cutoff=f.valid_cutoff, train_rows=len(f.train), valid_rows=len(f.valid))
            for f in tournament.folds.folds
        ),
        outcomes_kept_apart=tournament.folds.purged,
        features_kept=tuple(preparation.features) if preparation else (),
        features_dropped=dict(tournament.dropped_features),
        leakage_screen=rows_of(SuspectFeature, doubtful),
    )


def champion_on_test(tournament: Tournament) -> Measures | None:
    """The champion's measures on the test cutoff, None where nothing could be tested."""
    champion = tournament.champion
    if "test_log_loss" not in champion.index:
        return None
    return Measures(**{field.name: float(champion[f"test_{field.name}"]) for field in fields(Measures)})
