"""The folder of a refresh: every file of a run (``services.analyse.run_folder``), so that all that reads runs reads it.

Made anew: transactions, ledger, profile and contacts; today's rows, contributions and customers; the summary; groups,
cohorts, baskets and suggestions. Carried over from the run that trained the model, since they were measured then: past
dates and their panel (one file for both), the leaderboard, validation and trials, tests of the year, the models' records.
"""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pandas as pd

import churnkit
from churnkit.results.candidate_models import CANDIDATES
from churnkit.results.files import write_document, write_frame
from churnkit.results.folders import INDICATORS_FILE, TRIALS_FILE, VALIDATION_FILE, YEAR_TESTS_FILE, Results
from churnkit.results.found import Found
from churnkit.results.run_settings import RunSettings
from churnkit.results.summary import Contest, ScoredBy, Summary
from churnkit.services.analyse.customer_details import customer_details
from churnkit.services.analyse.decisions import judged_groups, write_decisions
from churnkit.services.analyse.revenue import money_strip
from churnkit.services.analyse.summing_up import customer_totals, source_file
from churnkit.services.look.first_look import write_look
from churnkit.services.refresh.carried_evidence import carried_evidence
from churnkit.services.refresh.carried_panel import write_panel
from churnkit.services.refresh.refreshing import Refreshed
from churnkit.services.score.learned_folder import LEARNED
from churnkit.tournament.progress import Progress, Stage, silent
from churnkit.windows import last_day

_CARRIED = ("leaderboard.parquet", "backtest.parquet", "past.parquet", "model.json")
_CARRIED_WHERE_THERE = (VALIDATION_FILE, TRIALS_FILE, YEAR_TESTS_FILE, CANDIDATES, INDICATORS_FILE)


def write_refresh(found: Refreshed, trained: Results, folder: Path, progress: Progress = silent) -> None:
    """Write all files of a refresh into ``folder``."""
    progress(Stage.WRITE, 0.0)
    write_look(found.ingested, found.profile, folder, counted=found.history.counted_days)
    for name in _CARRIED:
        with trained.reading(name) as path:
            shutil.copyfile(path, folder / name)
    for name in _CARRIED_WHERE_THERE:
        if trained.path(name).exists():
            shutil.copyfile(trained.path(name), folder / name)
    if trained.path(LEARNED).is_dir():
        shutil.copytree(trained.path(LEARNED), folder / LEARNED)
    dates = write_panel(found, trained, folder)
    write_frame(found.rows, folder / "scored.parquet")
    write_frame(_contributions(found), folder / "contributions.parquet")
    customers = customer_details(found, found.earlier, progress, history=found.history)
    write_frame(customers, folder / "customers.parquet")
    progress(Stage.EVIDENCE, 0.0)
    evidence = carried_evidence(found, customers, trained, dates)
    write_document(evidence, folder / "evidence.json", indent=None)
    progress(Stage.EVIDENCE, 1.0)
    write_document(_summary(found, trained), folder / "summary.json")
    write_decisions(
        folder, progress, judged=judged_groups(trained.segments), transactions=found.history.transactions
    )
    progress(Stage.WRITE, 1.0)


def scored_by(trained: Results, fallback: str | None = None) -> ScoredBy:
    """What a run without training says of the one whose model scored it, or should have."""
    summary = trained.summary
    return ScoredBy(
        run_id=trained.folder.name,
        cutoff=summary.question.cutoff,
        trained_on=summary.analysed_on,
        fallback=fallback,
    )


def _contributions(found: Refreshed) -> pd.DataFrame:
    values = found.parts.values.astype("float32")  # noqa: PD011 - a frame of contributions
    values.insert(0, "customer_id", found.rows["customer_id"].to_numpy())
    return values


def _contest(then: Contest | None, found: Refreshed) -> Contest | None:
    """As it was, with the level of today's date."""
    if then is None or found.steps is None:
        return then
    return replace(then, level=found.steps.level.words())


def _summary(found: Refreshed, trained: Results) -> Summary:
    before, plan, ingested = trained.summary, found.plan, found.ingested
    ends, today = last_day(plan.scoring), found.made_at.date()
    return replace(
        before,
        churnkit_version=churnkit.__version__,
        file=source_file(ingested),
        question=replace(before.question, cutoff=plan.scoring),
        tournament=_contest(before.tournament, found),
        notes=found.notes,
        data_ends=ends,
        analysed_on=today,
        data_age_days=max((today - ends).days, 0),
        customers=customer_totals(found.customers),
        money=money_strip(
            found.customers,
            found.past_revenue,
            found.scorer.learned.uncertainty if before.backtest else None,
            Found(found.scorer.facts.year),
            found.settings.money,
        ),
        settings=RunSettings.of(found.settings, ingested.reading.settings, ingested.reading.as_of),
        profile=found.profile,
        scored_by=replace(scored_by(trained), level=found.model.level),
    )
