"""A look at a file and a finished analysis as folders of files: written in the worker, read by ``results.folders``.

A **look** holds ``transactions.parquet`` (canonical), ``ledger.parquet``, ``profile.json`` and ``look.json``, and
``contacts.parquet`` where the file says how customers are reached (``results.contacts``); where nobody was erased also
``reading.json``, from which an analysis of the file goes on (``services.look.kept_reading``). A **run** holds the same and

==========================  ===========================================================================================
``summary.json``            what was read, decided, proven and found (``results.summary``)
``customers.parquet``       one row per customer, by rank (columns: ``services.analyse.customer_details``)
``panel.parquet``           panel rows of all cutoffs; of a refresh, those that it added (``results.panel_files``)
``learned_panel.parquet``   in a refresh alone: the panel of the run that trained its model, the same file
``scored.parquet``          those of the scoring cutoff, sorted by customer
``contributions.parquet``   ``customer_id`` and one column per feature in log-odds (float32), sorted by customer
``leaderboard.parquet``     the tournament's leaderboard, champion first
``validation.parquet``      what every entrant said of the validation customers (``tournament.validated``)
``year_tests.parquet``      forecasts of the year at earlier dates against what came, by customer
``trials.parquet``          every set of parameters that was tried (``tournament.tuning.Trial``)
``backtest.parquet``        past forecasts against outcomes by cutoff and decile
``past.parquet``            past forecasts against outcomes by customer
``evidence.json``           curves, rules, drivers, words (``results.evidence``)
``model.json``              the champion's file, hash and figures; ``null`` where nothing was trained
``candidates.json``         files, hashes and parameters of the models that competed (``results.candidate_models``); absent
                            where nothing was trained, and in older runs
``learned/``                value model, product factors' basis, levels (``services.score.learned_folder``);
                            absent in older runs
``segments.json``           RFM groups and their movement, found groups, risk against value, insights (``results.segments``)
``cohorts.parquet``         cells of the cohort triangles, with the items' names
``baskets.json``            product rules, their held-out test, how well due dates were forecast (``results.baskets``)
``actions.parquet``         one row per customer: found group, value band, suggestions, when the next order is due
``indicators.json``         how the outside figures did on past dates; only where some were given
==========================  ===========================================================================================

``segments.json`` to ``actions.parquet`` are written by ``services.analyse.decisions``; runs from before there were such
files lack them.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pandas as pd

from churnkit.clv import YearModel
from churnkit.results.candidate_models import CANDIDATES
from churnkit.results.codec import part_to_json, to_text
from churnkit.results.files import LARGE_ROW_GROUP_ROWS, write_document, write_frame, write_text_whole
from churnkit.results.folders import INDICATORS_FILE, TRIALS_FILE, VALIDATION_FILE, YEAR_TESTS_FILE
from churnkit.results.indicators import IndicatorsDocument
from churnkit.results.model_record import Hyperparameters, ModelMetadata, ModelRecord
from churnkit.results.summary import ScoredBy
from churnkit.services.analyse.analysis import Analysis
from churnkit.services.analyse.candidate_files import figures_of, save_candidates
from churnkit.services.analyse.customer_details import customer_details, forecast_before
from churnkit.services.analyse.decisions import write_decisions
from churnkit.services.analyse.evidence.gathering import gather_evidence
from churnkit.services.analyse.history import History
from churnkit.services.analyse.levels import levels_of
from churnkit.services.analyse.summing_up import leaderboard_table, summarise
from churnkit.services.look.first_look import write_look
from churnkit.services.score.learned_folder import write_learned
from churnkit.tournament.backtest import backtest_table
from churnkit.tournament.persistence import save_model
from churnkit.tournament.progress import Progress, Stage, silent

PAST_COLUMNS = (
    "cutoff",
    "customer_id",
    "p_churn",
    "churned",
    "expected_spend",
    "actual_spend",
    "value_at_stake",
    "recency_days",
)


def write_run(
    analysis: Analysis,
    folder: Path,
    models_folder: Path,
    progress: Progress = silent,
    *,
    scored_by: ScoredBy | None = None,
    history: History | None = None,
) -> ModelRecord | None:
    """Write the files of a run into ``folder`` and the champion into ``models_folder``; returns ``model.json``.

    Parameters
    ----------
    progress
        Told of the stages, see ``tournament.progress``.
    scored_by
        Where this takes the place of scores by an earlier run's model: which, and why it could not.
    history
        What the analysis was made of, where it is still open; else the transactions are read once more.

    Raises
    ------
    ModelError
        If the model file cannot be written.
    """
    progress(Stage.WRITE, 0.0)
    write_look(analysis.ingested, analysis.profile, folder, counted=history.counted_days if history else None)
    scored = analysis.scored_rows
    write_frame(analysis.panel, folder / "panel.parquet", row_group_rows=LARGE_ROW_GROUP_ROWS)
    write_frame(scored, folder / "scored.parquet")
    write_frame(_contributions(analysis), folder / "contributions.parquet")
    write_frame(leaderboard_table(analysis), folder / "leaderboard.parquet")
    if analysis.tournament is not None:
        write_frame(analysis.tournament.validation, folder / VALIDATION_FILE)
        write_frame(analysis.tournament.trials, folder / TRIALS_FILE)
    outcomes = analysis.past.outcomes if analysis.past else ()
    write_frame(backtest_table(outcomes), folder / "backtest.parquet")
    write_frame(past_table(analysis), folder / "past.parquet")
    write_frame(year_tests_table(analysis.year_model), folder / YEAR_TESTS_FILE)
    customers = customer_details(analysis, forecast_before(analysis), progress, history=history)
    write_frame(customers, folder / "customers.parquet")
    write_document(gather_evidence(analysis, customers, progress), folder / "evidence.json", indent=None)
    write_document(replace(summarise(analysis), scored_by=scored_by), folder / "summary.json")
    write_indicators(analysis, folder)
    write_learned(folder, analysis.value_model, analysis.products, levels_of(analysis))
    model = _save_model(analysis, models_folder)
    if analysis.tournament is not None:
        candidates = save_candidates(analysis.tournament, analysis.plan, models_folder)
        write_document(candidates, folder / CANDIDATES)
    write_text_whole(folder / "model.json", to_text(model, indent=1) if model else "null\n")
    write_decisions(folder, progress, transactions=history.transactions if history else None)
    progress(Stage.WRITE, 1.0)
    return model


def write_indicators(analysis: Analysis, folder: Path) -> None:
    """Write ``indicators.json`` where the analysis was given outside figures."""
    given = analysis.settings.indicators
    if given is not None:
        document = IndicatorsDocument(lag_days=given.lag_days, trials=analysis.indicator_trials)
        write_document(document, folder / INDICATORS_FILE)


def _contributions(analysis: Analysis) -> pd.DataFrame:
    values = analysis.contributions.values.astype("float32")  # noqa: PD011 - a frame of contributions
    values.insert(0, "customer_id", analysis.scored_rows["customer_id"].to_numpy())
    return values


def past_table(analysis: Analysis) -> pd.DataFrame:
    """Forecast and outcome of every customer at every past cutoff, columns ``PAST_COLUMNS``; empty without a past."""
    if analysis.past is None:
        return pd.DataFrame(columns=list(PAST_COLUMNS)).astype({"cutoff": "datetime64[us]"})
    ids = analysis.panel[["cutoff", "customer_id"]].sort_values(["cutoff", "customer_id"])
    tables = [
        pd.DataFrame(
            {
                "cutoff": np.datetime64(outcome.cutoff, "us"),
                "customer_id": ids.loc[ids["cutoff"] == outcome.cutoff, "customer_id"].to_numpy(),
                "p_churn": outcome.p_churn,
                "churned": outcome.churned,
                "expected_spend": outcome.expected_spend,
                "actual_spend": outcome.actual_spend,
                "value_at_stake": outcome.stakes.value,
                "recency_days": outcome.recency_days,
            },
            columns=list(PAST_COLUMNS),
        )
        for outcome in analysis.past.outcomes
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(PAST_COLUMNS))


def year_tests_table(model: YearModel) -> pd.DataFrame:
    """One row per test and customer: ``cutoff``, ``days``, ``forecast``, ``actual``, ``repeat``, ``recency_days``."""
    columns = ("days", "forecast", "actual", "repeat", "recency_days")
    tables = [
        pd.DataFrame(
            {
                "cutoff": np.datetime64(test.cutoff, "us"),
                **{name: getattr(test, name) for name in columns},
            },
            index=range(len(test.actual)),
        )
        for test in model.tests
    ]
    return pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=["cutoff", *columns])


def _save_model(analysis: Analysis, models_folder: Path) -> ModelRecord | None:
    if analysis.tournament is None:
        return None
    now = datetime.now(UTC)
    champion = analysis.tournament.champion
    metadata = ModelMetadata(
        champion=str(champion["candidate"]),
        horizon_days=analysis.plan.horizon_days,
        cutoff=analysis.plan.scoring,
        features=tuple(analysis.model.preparation.features) if analysis.model.preparation else (),
    )
    saved = save_model(analysis.model, models_folder, metadata=part_to_json(metadata), created_at=now)
    return ModelRecord(
        file_path=str(saved.path),
        sha256=saved.sha256,
        model_type=metadata.champion,
        trained_at=now,
        figures=figures_of(champion),
        hyperparameters=Hyperparameters(params=str(champion["params"]), members=str(champion["members"])),
        metadata=metadata,
    )
