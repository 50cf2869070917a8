"""Scorecards of a shop's earlier runs, from the orders that a newer run knows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pandas as pd
from ibis.expr import types as ir

from churnkit.errors import ChurnkitError
from churnkit.monitoring.expected import expected_auc
from churnkit.monitoring.realised import MIN_CUSTOMERS, PastForecast, list_figures, population_card
from churnkit.monitoring.verdicts import judge
from churnkit.results.found import Found, Missing
from churnkit.results.scorecards import (
    PopulationCard,
    RunningForecast,
    Scorecard,
    ScorecardsDocument,
)
from churnkit.segments.standing import ACTIVE
from churnkit.services.monitor.past_runs import (
    PastRun,
    forecast_of,
    lines_of,
    of_window,
    outcomes_of,
)
from churnkit.text.figures import count, day, days, percent
from churnkit.windows import last_day, window_over


def scorecards_of(
    newest: PastRun, earlier: Sequence[Path], lines: ir.Table | None = None
) -> ScorecardsDocument:
    """What became of the ``earlier`` runs, and what is to be expected of those whose window still runs.

    A run that cannot be read is left out with a note; the others are judged.

    Parameters
    ----------
    newest
        The run whose transactions tell what happened; it ends the list of running forecasts.
    earlier
        Folders of runs of the same shop.
    lines
        The newest run's transactions with ``cancelled_at``, where they are open.
    """
    known_until = newest.cutoff
    runs, notes = _readable([path for path in earlier if path != newest.results.folder])
    over = [one for one in runs if window_over(one.cutoff, one.horizon_days, known_until)]
    running = [newest, *(one for one in runs if one not in over and one.cutoff < known_until)]
    came = _what_came(newest, over, known_until, lines)
    cards = []
    for one in over:
        try:
            cards.append(_card(one, of_window(came, one)))
        except ChurnkitError as error:
            notes.append(f"The run of {day(one.cutoff)} could not be judged. {error.message}")
    return ScorecardsDocument(
        known_until=known_until,
        scorecards=tuple(sorted(cards, key=lambda one: (one.cutoff, one.run_id), reverse=True)),
        running=tuple(
            _running(one, known_until) for one in sorted(running, key=lambda one: one.cutoff, reverse=True)
        ),
        notes=tuple(notes),
    )


def _readable(folders: Sequence[Path]) -> tuple[list[PastRun], list[str]]:
    runs, notes = [], []
    for folder in dict.fromkeys(folders):
        try:
            run = PastRun.of(folder)
            if run.results.tells_status:
                runs.append(run)
            else:
                notes.append(f"The run of {day(run.cutoff)} is of an early version and cannot be judged.")
        except ChurnkitError as error:
            notes.append(f"A run could not be judged. {error.message}")
    return runs, notes


def _what_came(
    newest: PastRun, over: Sequence[PastRun], known_until: datetime, lines: ir.Table | None
) -> pd.DataFrame:
    if not over:
        return pd.DataFrame(columns=["cutoff", "horizon_days"])
    with lines_of(newest, lines) as known:
        return outcomes_of(known, over, known_until)


def _card(run: PastRun, came: pd.DataFrame) -> Scorecard:
    past, gone, save_rate = forecast_of(run, came)
    listed = list_figures(past, save_rate)
    size = listed.value.contacted if isinstance(listed, Found) else None
    active = _population(past.among(past.active), "active customers", size)
    promised_auc, promised_ece = run.promised
    judgement = judge(active, promised_auc, run.cutoff, run.until)
    return Scorecard(
        run_id=run.run_id,
        scored_by=run.scored_by,
        champion=run.summary.champion,
        cutoff=run.cutoff,
        until=run.until,
        horizon_days=run.horizon_days,
        active=active,
        lapsed=_population(past.among(~past.active), "lapsed customers", None),
        listed=listed,
        gone=gone,
        promised_auc=promised_auc,
        promised_ece=promised_ece,
        **vars(judgement),
    )


def _population(past: PastForecast, who: str, lift_size: int | None) -> Found[PopulationCard] | Missing:
    size = len(past.churned)
    if size < MIN_CUSTOMERS:
        return Missing(f"There were {count(size)} {who} at the date: too few to judge a forecast by.")
    return Found(population_card(past, lift_size=lift_size))


def _running(run: PastRun, known_until: datetime) -> RunningForecast:
    customers = run.results.customers
    p = customers.loc[customers["status"] == ACTIVE, "p_churn"].to_numpy(dtype=float)
    auc = expected_auc(p)
    left = max(0, (run.until - known_until).days)
    rate = float(p.mean()) if len(p) else 0.0
    words = (
        f"If the model is still right, {count(rate * len(p))} of {count(len(p))} active customers"
        f" ({percent(rate)}) buy nothing until {day(last_day(run.until))}"
    )
    if auc == auc:
        words += f", and a leaver stands above a stayer in {percent(auc)} of all pairs"
    return RunningForecast(
        run_id=run.run_id,
        scored_by=run.scored_by,
        champion=run.summary.champion,
        cutoff=run.cutoff,
        until=run.until,
        days_left=left,
        customers=len(p),
        expected_churn_rate=rate,
        expected_auc=None if auc != auc else auc,
        words=f"{words}. {days(left)} are left before that can be checked.",
    )
