"""What a finished run's folder gets for decisions: groups, cohorts, baskets, and what could be offered to whom.

=====================  =================================================================================================
``segments.json``      RFM groups and their movement, found groups, risk against value, insights
``cohorts.parquet``    cells of the cohort triangles (``cohorts.triangle``), with the items' names
``baskets.json``       rules, their held-out test, how well due dates were forecast
``actions.parquet``    one row per customer: found group, value band, suggestions, when the next order is due
=====================  =================================================================================================

Each file is written beside its place and moved there at the end. Readers take a missing one for an older run.
"""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path

from ibis.expr import types as ir

from churnkit.results.folders import Results
from churnkit.segments.clusters import Judged
from churnkit.services.analyse.decisions.basket_findings import write_baskets
from churnkit.services.analyse.decisions.cohort_findings import write_cohorts
from churnkit.services.analyse.decisions.segment_findings import judged_groups, write_segments
from churnkit.services.analyse.run_transactions import transactions_of
from churnkit.tournament.progress import Progress, Stage, silent

__all__ = ["judged_groups", "write_baskets", "write_cohorts", "write_decisions", "write_segments"]


def write_decisions(
    folder: Path,
    progress: Progress = silent,
    *,
    judged: Judged | None = None,
    transactions: ir.Table | None = None,
) -> None:
    """Add all of these files to a finished run's folder.

    Parameters
    ----------
    judged
        Of an earlier date of the shop: how many groups its customers fall into and how stable they are.
    transactions
        The run's, where they are open; else they are opened once for all of it.
    """
    progress(Stage.DECISIONS, 0.0)
    # One reading of the run's customers for all.
    results = Results(folder)
    with nullcontext(transactions) if transactions is not None else transactions_of(folder) as read:
        write_cohorts(results, read)
        progress(Stage.DECISIONS, 0.3)
        write_baskets(results, read)
    progress(Stage.DECISIONS, 0.7)
    write_segments(results, judged)
    progress(Stage.DECISIONS, 1.0)
