"""How good and how fair an analysis is, as CSV for the command line: intervals, groups of customers, errors of value."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from churnkit.reports.csv_files import write_csv
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.rows import frame_of
from churnkit.results.value_errors import ValueErrors
from churnkit.services.analyse.analysis import Analysis
from churnkit.services.analyse.run_folder import write_run
from churnkit.services.decide.fairness_views import audit_of, audit_view
from churnkit.services.decide.measure_views import remeasured
from churnkit.services.decide.value_error_views import value_errors


def write_audit(analysis: Analysis, workdir: Path, folder: Path) -> list[Path]:
    """Write ``measures.csv``, ``fairness.csv`` and ``value_errors.csv`` where the past allows them; an earlier one goes.

    Parameters
    ----------
    workdir
        Where the analysis is written as a run in between.
    """
    run = workdir / "audited"
    write_run(analysis, run, workdir / "models")
    results = Results(run, analysis.ingested.currency)
    errors = value_errors(results)
    audit = audit_of(results)
    tables = {
        "measures.csv": _measures(results),
        "fairness.csv": audit_view(audit.value.groups) if isinstance(audit, Found) else None,
        "value_errors.csv": frame_of(ValueErrors, errors) if errors else None,
    }
    with TemporaryDirectory(dir=folder, prefix=".writing-") as temporary:
        draft = Path(temporary)
        for name, table in tables.items():
            if table is None:
                (folder / name).unlink(missing_ok=True)
            else:
                write_csv(table, draft / name)
        return [file.replace(folder / file.name) for file in sorted(draft.iterdir())]


def _measures(results: Results) -> pd.DataFrame | None:
    """One row per model and measure: the figure, its 95 % interval, and that of each fold."""
    again = remeasured(results)
    if isinstance(again, Missing):
        return None
    rows = [
        {
            "candidate": name,
            "measure": measure,
            "value": around.value,
            "low": around.low,
            "high": around.high,
            **{
                f"fold_{number}": fold.get(measure)
                for number, fold in enumerate(again.value.by_fold[name], start=1)
            },
        }
        for name, measures in again.value.intervals.items()
        for measure, around in measures.items()
    ]
    return pd.DataFrame(rows).round(6)
