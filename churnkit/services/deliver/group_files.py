"""Groups, movements, cohorts and the months ahead of an analysis as CSV, for the command line."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from churnkit.reports.csv_files import write_csv
from churnkit.reports.group_content import GroupContent
from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.results.loss_path import MonthLost
from churnkit.results.rows import frame_of
from churnkit.results.segments import SegmentFlow
from churnkit.services.analyse.analysis import Analysis
from churnkit.services.analyse.run_folder import write_run
from churnkit.services.decide.group_panels import panel_table
from churnkit.services.deliver.group_content import group_content


def write_groups(analysis: Analysis, workdir: Path, folder: Path) -> list[Path]:
    """Write ``segments.csv`` and ``months_ahead.csv``, and ``found_groups.csv``, ``movements.csv`` and ``cohorts.csv``
    where the history holds any; what is left of an earlier analysis goes.

    Parameters
    ----------
    workdir
        Where the analysis is written as a run in between.
    """
    run = workdir / "run"
    write_run(analysis, run, workdir / "models")
    tables = _tables(group_content(Results(run, analysis.ingested.currency)))
    with TemporaryDirectory(dir=folder, prefix=".writing-") as temporary:
        draft = Path(temporary)
        for name, table in tables.items():
            if table is None:
                (folder / name).unlink(missing_ok=True)
            else:
                write_csv(table, draft / name)
        return [file.replace(folder / file.name) for file in sorted(draft.iterdir())]


def _tables(groups: GroupContent) -> dict[str, pd.DataFrame | None]:
    found, flows, cohorts = groups.found, groups.flows, groups.cohorts
    return {
        "segments.csv": panel_table(groups.panels),
        "found_groups.csv": panel_table(found.value) if isinstance(found, Found) else None,
        "movements.csv": frame_of(SegmentFlow, flows.value) if isinstance(flows, Found) else None,
        "cohorts.csv": cohorts.value if isinstance(cohorts, Found) else None,
        "months_ahead.csv": frame_of(MonthLost, groups.loss.months),
    }
