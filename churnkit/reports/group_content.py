"""What a report shows of groups of customers, of who moved, of cohorts and of the months' losses."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from churnkit.results.found import Found, Missing
from churnkit.results.group_panels import GroupPanel
from churnkit.results.loss_path import LossPath
from churnkit.results.segments import SegmentFlow


@dataclass(frozen=True)
class GroupContent:
    """Computed before, see ``services.deliver.group_content``.

    Attributes
    ----------
    panels
        Of the RFM segments, the best first.
    found
        Of the groups that K-Means found, with how sharp they are in words.
    rfm_cells
        Rows of ``segments.rfm_map``.
    flows
        Between the segments of ``cutoff_before`` and of now, largest first.
    cohorts
        Cells of everybody's cohort triangles (``cohorts.build``).
    loss
        The churn rate and the loss of the months ahead.
    """

    panels: tuple[GroupPanel, ...]
    found: Found[tuple[GroupPanel, ...]] | Missing
    found_words: str
    rfm_cells: pd.DataFrame
    flows: Found[tuple[SegmentFlow, ...]] | Missing
    cutoff_before: str | None
    cohorts: Found[pd.DataFrame] | Missing
    loss: LossPath
