"""A refresh from a history to its folder; where the model cannot score, the shop's own return curve does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from churnkit.ingest import Ingested, Reading
from churnkit.ingest.engine import connect
from churnkit.results.folders import Results
from churnkit.services.analyse.analysis import analysed
from churnkit.services.analyse.run_folder import write_run
from churnkit.services.decide.quarter_change import write_quarter_change
from churnkit.services.look.first_look import Clock
from churnkit.services.monitor.writing import write_monitoring
from churnkit.services.refresh.refreshed_folder import scored_by, write_refresh
from churnkit.services.refresh.refreshing import CannotScoreError, refreshed
from churnkit.services.score.stored_scorer import scorer_of_run
from churnkit.store import ModelSeal
from churnkit.text.figures import day


def refresh_run(
    ingested: Ingested,
    workdir: Path,
    *,
    trained: Path,
    models: Path,
    seal: ModelSeal | None,
    reading: Reading,
    out: Path,
    staged_models: Path,
    clock: Clock,
    earlier: Sequence[Path] = (),
    run_id: str | None = None,
) -> None:
    """Score a history by an earlier run's model and write the run's folder ``out``, the shop's past beside it.

    Parameters
    ----------
    trained, seal, reading
        Folder of the run that trained the model, the store's word on its file, and how that run's file was read.
    staged_models
        Where a run of rules would put models; it has none.
    earlier
        Folders of the shop's other runs, newest first, which are judged by what the new one knows.
    run_id
        What the new run will be called; the name of ``out`` unless given.

    Raises
    ------
    DataError
        The history cannot be used, or the earlier run's files are damaged.
    """
    results = Results(trained)
    try:
        with connect(workdir, ingested.row_count_kept) as connection:
            found = refreshed(
                ingested, connection, results, lambda: scorer_of_run(trained, models, seal, reading), clock
            )
            write_refresh(found, results, out, clock.progress)
            lines = found.history.lines
            write_monitoring(out, earlier, trained, run_id=run_id, lines=lines)
            write_quarter_change(out, lines)
    except CannotScoreError as error:
        summary = results.summary
        because = (
            f"The model of {day(summary.question.cutoff)} could not score the customers: {error.reason} The shop's own"
            " return curve, a simple rule, did instead: nobody is named, and no money is said to be at risk. Train again."
        )
        settings = summary.settings.analysis
        pinned = replace(settings, horizon_days=results.horizon_days)
        with analysed(ingested, workdir, pinned, clock, rule_because=because) as then:
            why = scored_by(results, fallback=error.reason)
            write_run(then.analysis, out, staged_models, clock.progress, scored_by=why, history=then.history)
            lines = then.history.lines
            write_monitoring(out, earlier, trained, run_id=run_id, lines=lines)
            write_quarter_change(out, lines)
