"""What has changed between two runs of a shop, from their folders."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime

import numpy as np
import pandas as pd
from ibis.expr import types as ir

from churnkit.explain.catalogue import same_for_everybody
from churnkit.features.product_factors import FACTOR_PREFIX
from churnkit.monitoring.movements import weeks_before
from churnkit.monitoring.stability import habit, habit_pairs, is_large, shifted
from churnkit.monitoring.triggers import is_worth_it, triggers, words_for
from churnkit.results.drift import ColumnGap, DriftDocument, FeatureShift, Movement, ScoreShift
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.panel_files import panel_names
from churnkit.results.scorecards import Scorecard
from churnkit.segments.standing import ACTIVE, is_active
from churnkit.services.analyse.run_transactions import transactions_of
from churnkit.services.monitor.order_movements import column_gaps, history_start, movements_of
from churnkit.services.monitor.past_runs import PastRun
from churnkit.text.figures import count, counted, day

SETTLED_DAYS = 180
"""Before that, what customers did since a history began tells of its length more than of them."""
_AGEING = "lifetime"
TIERS = ("high", "medium", "low")


def drift_of(
    newest: PastRun,
    reference: PastRun,
    *,
    is_training: bool,
    cards: Sequence[Scorecard],
    lines: ir.Table | None = None,
) -> DriftDocument:
    """The active customers and the orders of two dates beside each other.

    Parameters
    ----------
    is_training
        Whether ``reference`` trained the model that scored ``newest``.
    cards
        Of runs that the same model scored, newest first; only where it was trained before.
    lines
        The newer run's transactions, where they are open.
    """
    asked = [one.feature for one in newest.results.evidence.importance if one.share > 0]
    there = {name: _active_rows(run, asked) for name, run in (("before", reference), ("now", newest))}
    score = _score_shift(newest, reference)
    features = _feature_shifts(newest, reference, there, factors=is_training)
    weeks = weeks_before(reference.cutoff, newest.cutoff)
    movements, gaps = _of_orders(newest, reference, lines)
    found = triggers(score, features, gaps, cards, reference.cutoff, newest.cutoff) if is_training else ()
    step_days = -(-reference.horizon_days // 2)
    return DriftDocument(
        reference_run=reference.run_id,
        reference_cutoff=reference.cutoff,
        cutoff=newest.cutoff,
        is_training=is_training,
        customers_before=len(there["before"]),
        customers_now=len(there["now"]),
        score=score,
        features=features,
        weeks_from=weeks[1].start if weeks else None,
        movements=movements,
        gaps=gaps,
        triggers=found,
        headline=_headline(score, features, movements, gaps, reference.cutoff),
        retrain_words=words_for(found, reference.cutoff, newest.cutoff, step_days),
        is_worth_it=is_worth_it(reference.cutoff, newest.cutoff, step_days),
    )


def _active_rows(run: PastRun, features: Sequence[str]) -> pd.DataFrame:
    rows = run.results.scored("recency_days", *features)
    return rows[is_active(rows["recency_days"].to_numpy(), run.horizon_days)]


def _score_shift(newest: PastRun, reference: PastRun) -> ScoreShift:
    before, now = (_active_customers(run.results) for run in (reference, newest))
    found, chance = shifted(before["p_churn"], now["p_churn"])
    usual = _usual_of_scores(reference, newest)
    return ScoreShift(
        psi=found.psi,
        chance=chance,
        usual=usual,
        # Another threshold is another question: its probabilities are spread otherwise, whatever the customers do.
        moved=reference.horizon_days == newest.horizon_days and is_large(found.psi, chance, usual),
        mean_before=float(before["p_churn"].mean()),
        mean_now=float(now["p_churn"].mean()),
        tiers_before=_tiers(before),
        tiers_now=_tiers(now),
    )


def _active_customers(results: Results) -> pd.DataFrame:
    customers = results.customers
    return customers[customers["status"] == ACTIVE]


def _tiers(customers: pd.DataFrame) -> tuple[float, ...] | None:
    if not customers["risk_tier"].notna().any():
        return None
    return tuple(float((customers["risk_tier"] == tier).mean()) for tier in TIERS)


def _usual_of_scores(reference: PastRun, newest: PastRun) -> float | None:
    past = reference.results.past
    past = past[past["recency_days"] <= reference.horizon_days]
    return habit(past["p_churn"], past["cutoff"], _pairs(past, reference, newest))


def _feature_shifts(
    newest: PastRun, reference: PastRun, there: Mapping[str, pd.DataFrame], *, factors: bool
) -> tuple[FeatureShift, ...]:
    """Of numbers that both runs know; product tastes are comparable where one model knows them only."""
    before, now = there["before"], there["now"]
    weights = [
        one
        for one in newest.results.evidence.importance
        if one.share > 0
        and not same_for_everybody(one.feature)
        and (factors or not one.feature.startswith(FACTOR_PREFIX))
        and all(
            one.feature in rows and pd.api.types.is_numeric_dtype(rows[one.feature]) for rows in (before, now)
        )
    ]
    past = _past_rows(reference, [one.feature for one in weights])
    pairs = _pairs(past, reference, newest)
    found = []
    for one in weights:
        first, second = before[one.feature], now[one.feature]
        index, chance = shifted(first, second)
        usual = habit(past[one.feature], past["cutoff"], pairs) if one.feature in past else None
        found.append(
            FeatureShift(
                feature=one.feature,
                label=one.label,
                importance=one.share,
                psi=index.psi,
                chance=chance,
                usual=usual,
                # How long somebody has been a customer grows with the history, in every shop.
                moved=is_large(index.psi, chance, usual) and (usual is not None or one.group != _AGEING),
                before=float(np.nanmedian(first)) if first.notna().any() else float("nan"),
                now=float(np.nanmedian(second)) if second.notna().any() else float("nan"),
                unknown_before=float(first.isna().mean()),
                unknown_now=float(second.isna().mean()),
            )
        )
    return tuple(sorted(found, key=lambda one: -one.psi * one.importance))


def _past_rows(reference: PastRun, features: Sequence[str]) -> pd.DataFrame:
    """Active customers at all dates of the reference's panel."""
    known = set(panel_names(reference.results))
    names = [name for name in dict.fromkeys(("recency_days", *features)) if name in known]
    rows = reference.results.panel_columns(*names)
    return rows[is_active(rows["recency_days"].to_numpy(), reference.horizon_days)]


def _pairs(past: pd.DataFrame, reference: PastRun, newest: PastRun) -> tuple[tuple[datetime, datetime], ...]:
    """Earlier dates as far apart as both runs, from when on the history was long enough to tell customers apart."""
    start = reference.summary.profile.scope.first_order
    dates = [one.to_pydatetime() for one in pd.DatetimeIndex(past["cutoff"].unique())]
    settled = [one for one in dates if (one.date() - start).days >= SETTLED_DAYS]
    return habit_pairs(settled, newest.cutoff - reference.cutoff)


def _of_orders(
    newest: PastRun, reference: PastRun, lines: ir.Table | None
) -> tuple[Found[tuple[Movement, ...]] | Missing, tuple[ColumnGap, ...]]:
    weeks = weeks_before(reference.cutoff, newest.cutoff)
    if weeks is None:
        return Missing("The two dates lie less than two weeks apart: too close to compare orders."), ()
    before, now = weeks
    with nullcontext(lines) if lines is not None else transactions_of(newest.results.folder) as known:
        start = history_start(known)
        if before.start < start:
            return Missing("The history does not reach back far enough before the earlier date."), ()
        found = movements_of(known, before, now, start, newest.currency)
        return Found(found), column_gaps(known, before, now)


def _headline(
    score: ScoreShift,
    features: Sequence[FeatureShift],
    movements: Found[tuple[Movement, ...]] | Missing,
    gaps: Sequence[ColumnGap],
    since: datetime,
) -> str:
    moved = [one for one in features if one.moved]
    parts = ["how the probabilities are spread"] if score.moved else []
    if moved:
        parts.append(f"{count(len(moved))} of {counted(len(features), 'figure')} of the customers")
    if isinstance(movements, Found) and any(one.moved for one in movements.value):
        parts.append("the orders themselves")
    if gaps:
        parts.append("how complete the export is")
    if not parts:
        return f"Nothing that matters has moved since {day(since)}, beyond chance and what is usual in this shop."
    return f"Since {day(since)} these have moved, beyond chance and what is usual in this shop: {'; '.join(parts)}."
