"""A run's files -> what its report shows of groups, movements, cohorts and losses: about a second."""

from __future__ import annotations

from churnkit.reports.group_content import GroupContent
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.services.decide.cohort_views import of_everybody
from churnkit.services.decide.group_panels import found_group_panels, segment_panels
from churnkit.services.decide.loss_path import loss_path
from churnkit.services.decide.panel_source import panel_source
from churnkit.services.decide.segment_views import scored_map

_OLDER = "This analysis was made before there were {}. Start it again to get them."
NO_MONTH = "No calendar month of purchases was over yet."


def group_content(results: Results) -> GroupContent:
    """Read and work out; parts that an earlier run lacks say so.

    Raises
    ------
    DataError
        If a file of the analysis is missing.
    """
    told, cohorts = results.segments, results.cohorts
    found = found_group_panels(results)
    clusters = Missing(_OLDER.format("found groups")) if told is None else told.clusters
    if cohorts is not None:
        cohorts = of_everybody(cohorts)
    return GroupContent(
        panels=segment_panels(panel_source(results)),
        found=clusters if isinstance(clusters, Missing) else Found(found),
        found_words="" if isinstance(clusters, Missing) else clusters.value.words,
        rfm_cells=scored_map(results),
        flows=Missing(_OLDER.format("movements")) if told is None else told.movement,
        cutoff_before=None if told is None else told.cutoff_before,
        cohorts=Missing(_OLDER.format("cohorts"))
        if cohorts is None
        else Found(cohorts)
        if len(cohorts)
        else Missing(NO_MONTH),
        loss=loss_path(results),
    )
