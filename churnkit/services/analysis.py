"""From a file to scored customers: the one use case everything else builds on."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb
import ibis
import pandas as pd

from churnkit.clv import ValueModel, fit_value_model
from churnkit.config import AnalysisSettings
from churnkit.errors import ModelError
from churnkit.explain import Contributions, contributions, reasons
from churnkit.ingest import ColumnMapping, Ingested, ingest
from churnkit.ingest.engine import connect
from churnkit.profiling import Rung, ladder, profile
from churnkit.services.history import History, build_panel, open_history, plan_for
from churnkit.services.scoring import Past, customer_table, process_model, replay, rule_model
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.names import model_label
from churnkit.tournament.progress import Progress, silent
from churnkit.tournament.run import Tournament, run_tournament
from churnkit.windows import CutoffPlan


@dataclass(frozen=True)
class Analysis:
    """Everything that one analysis found.

    Attributes
    ----------
    ingested, profile
        The account of the file and the profile of its transactions.
    plan, panel
        Cutoffs and the panel of all of them.
    method
        The rung that scored the customers: "models", "btyd" or "rules".
    model
        What scored them, on every rung.
    customers
        The columns of ``customers.csv``, riskiest first.
    contributions
        Log-odds of every customer by feature, in the order of ``scored_rows``.
    tournament, past
        None below the rung "models".
    notes
        What weakens the result, in plain sentences.
    seconds
        Wall clock per stage.
    """

    settings: AnalysisSettings
    ingested: Ingested
    profile: dict[str, Any]
    plan: CutoffPlan
    panel: pd.DataFrame
    method: str
    model: ChurnModel
    customers: pd.DataFrame
    contributions: Contributions
    tournament: Tournament | None
    past: Past | None
    value_model: ValueModel
    notes: tuple[str, ...]
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def scored_rows(self) -> pd.DataFrame:
        """Panel rows of the scoring cutoff."""
        return self.panel[self.panel["cutoff"] == self.plan.scoring]


@dataclass
class _Stage:
    """What a stage tells those who watch, see ``Progress``."""

    found: str = ""
    count: tuple[int, int] | None = None


class _Clock:
    def __init__(self, progress: Progress) -> None:
        self.seconds: dict[str, float] = {}
        self.progress = progress

    @contextmanager
    def stage(self, name: str) -> Iterator[_Stage]:
        self.progress(name, 0.0)
        started = time.perf_counter()
        stage = _Stage()
        yield stage
        self.seconds[name] = round(time.perf_counter() - started, 3)
        self.progress(name, 1.0, found=stage.found, count=stage.count)


def analyze(
    path: Path,
    workdir: Path,
    settings: AnalysisSettings | None = None,
    *,
    mapping: ColumnMapping | None = None,
    preset: str | None = None,
    progress: Progress = silent,
) -> Analysis:
    """Read a shop's export and score every customer.

    Parameters
    ----------
    path
        The export.
    workdir
        Folder for intermediate files; the caller removes it.
    mapping, preset
        Override the detection of columns (see ``ingest.ingest``).
    progress
        Called with the stage in words and the share of it that is done.

    Raises
    ------
    DataError, MappingError, WindowError
        If the file cannot be used; the message says how to mend it.
    """
    settings = settings or AnalysisSettings()
    clock = _Clock(progress)
    ingested = _read(path, workdir, settings, mapping, preset, clock)
    with connect(workdir) as connection:
        history = _open(connection, ingested, settings, clock)
        summary = _profile(history, ingested, settings, clock)
        plan = plan_for(history, int(summary["threshold"]["days"]))
        with clock.stage("building features") as stage:
            panel = build_panel(history, plan, seed=settings.tournament.seed)
            stage.found = f"{len(panel):,} rows: each customer at up to {len(plan.all)} dates"
        return _score(settings, ingested, summary, history, plan, panel, clock)


def profile_file(
    path: Path,
    workdir: Path,
    settings: AnalysisSettings | None = None,
    *,
    mapping: ColumnMapping | None = None,
    preset: str | None = None,
    progress: Progress = silent,
) -> tuple[Ingested, dict[str, Any]]:
    """Read and profile a file without training anything; parameters and errors as for :func:`analyze`."""
    settings = settings or AnalysisSettings()
    clock = _Clock(progress)
    ingested = _read(path, workdir, settings, mapping, preset, clock)
    with connect(workdir) as connection:
        history = _open(connection, ingested, settings, clock)
        return ingested, _profile(history, ingested, settings, clock)


def _read(
    path: Path,
    workdir: Path,
    settings: AnalysisSettings,
    mapping: ColumnMapping | None,
    preset: str | None,
    clock: _Clock,
) -> Ingested:
    with clock.stage("reading the file") as stage:
        ingested = ingest(
            path, workdir, settings.ingest, mapping=mapping, preset=preset, as_of=settings.as_of
        )
        stage.found = f"{ingested.row_count_in:,} rows read, {ingested.row_count_kept:,} kept"
        stage.count = (ingested.row_count_kept, ingested.row_count_in)
    return ingested


def _open(
    connection: duckdb.DuckDBPyConnection, ingested: Ingested, settings: AnalysisSettings, clock: _Clock
) -> History:
    with clock.stage("opening the history") as stage:
        backend = ibis.duckdb.from_connection(connection)
        transactions = backend.read_parquet(ingested.transactions)
        history = open_history(backend, transactions, settings.as_of, has_time=ingested.has_time)
        stage.found = f"{ingested.row_count_in:,} rows read, {history.customers:,} customers"
    return history


def _profile(
    history: History, ingested: Ingested, settings: AnalysisSettings, clock: _Clock
) -> dict[str, Any]:
    with clock.stage("profiling") as stage:
        summary = profile(
            history.transactions,
            cutoff=history.scoring,
            ledger=ingested.ledger.to_frame(),
            rows_in=ingested.row_count_in,
            gates=settings.gates,
            threshold=settings.threshold,
            horizon_days=settings.horizon_days,
        )
        score, days = summary["score"], summary["threshold"]["days"]
        stage.found = f"quality {score['value']:.1f} of {score['out_of']:g}, churn after {days} days"
    return summary


def _score(
    settings: AnalysisSettings,
    ingested: Ingested,
    summary: dict[str, Any],
    history: History,
    plan: CutoffPlan,
    panel: pd.DataFrame,
    clock: _Clock,
) -> Analysis:
    rung = ladder(history.row_count, history.customers, history.history_days, settings.gates)
    rows = panel[panel["cutoff"] == plan.scoring]
    tournament, notes = _try_tournament(rung, panel, plan, settings, clock)
    past: Past | None = None
    if tournament is not None:
        method, model = "models", tournament.model
        notes = (*notes, *tournament.notes)
        with clock.stage("replaying the past") as stage:
            past = replay(tournament, panel, plan, settings)
            stage.found = f"{len(past.outcomes)} past dates forecast and compared with what happened"
        value_model = past.value_model
    else:
        process = process_model(rows, plan.horizon_days) if rung.name != "rules" else None
        method = "rules" if process is None else "btyd"
        model = process or rule_model(history, rows, plan.horizon_days)
        value_model = fit_value_model(panel[panel["churned"].notna()], [])
    with clock.stage("explaining"):
        parts = contributions(model, rows)
        why = reasons(model, rows, parts, currency=ingested.currency)
    return Analysis(
        settings=settings,
        ingested=ingested,
        profile=summary,
        plan=plan,
        panel=panel,
        method=method,
        model=model,
        customers=customer_table(rows, model.p_churn(rows), value_model, why, settings, plan.horizon_days),
        contributions=parts,
        tournament=tournament,
        past=past,
        value_model=value_model,
        notes=notes,
        seconds=clock.seconds,
    )


def _try_tournament(
    rung: Rung, panel: pd.DataFrame, plan: CutoffPlan, settings: AnalysisSettings, clock: _Clock
) -> tuple[Tournament | None, tuple[str, ...]]:
    if rung.name != "models":
        return None, (rung.words,)
    if not plan.labelled:
        return None, (
            f"The history of {plan.observation_days(plan.scoring)} days is too short for a past window of"
            f" {plan.horizon_days} days, so no model could be trained; the purchase process scores the customers.",
        )
    try:
        with clock.stage("tournament") as stage:
            tournament = run_tournament(panel, plan, settings.tournament, settings.money, clock.progress)
            champion = tournament.champion
            stage.found = (
                f"champion: {model_label(str(champion['candidate']))}, AUC {champion['roc_auc']:.2f}"
            )
            return tournament, ()
    except ModelError as error:
        return None, (f"No model could be trained. {error.message}",)
