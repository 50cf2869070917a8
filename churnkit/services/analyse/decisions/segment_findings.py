"""``segments.json``, and each customer's found group and value band in ``actions.parquet``."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
import pandas as pd

from churnkit.errors import ModelError
from churnkit.explain.catalogue import feature
from churnkit.results.files import write_document, write_frame
from churnkit.results.folders import SEGMENTS_FILE, Results
from churnkit.results.found import Found, Missing
from churnkit.results.rows import rows_of
from churnkit.results.segments import (
    BandLimits,
    FoundGroup,
    FoundGroups,
    GroupFeature,
    GroupFigures,
    RiskValueField,
    SegmentFlow,
    SegmentsDocument,
    Silhouette,
    Stability,
)
from churnkit.segments import describe_groups, risk_value_grid, value_band
from churnkit.segments.clusters import FEATURES, Clusters, Judged, find_clusters
from churnkit.segments.naming import group_names, profile_words
from churnkit.services.analyse.decisions.basket_findings import ACTIONS, add_columns
from churnkit.services.decide.insights import insights
from churnkit.services.decide.segment_views import Rfm, grouped_customers, rfm
from churnkit.text import figures

STABLE, DOUBTFUL = 0.75, 0.6
NO_DATE_BEFORE = (
    "The history has no date one threshold before the last one, so nobody's movement can be seen."
)


def write_segments(results: Results, judged: Judged | None = None) -> None:
    """Groups of a finished run; needs ``actions.parquet``, or makes one; ``judged`` as for ``find_clusters``."""
    folder, settings = results.folder, results.summary.settings
    customers = results.customers
    segments = rfm(results)
    rows = results.scored("customer_id", *FEATURES)
    rows = rows.set_index("customer_id").loc[customers["customer_id"]].reset_index()
    cluster = np.full(len(customers), None, dtype=object)
    groups: Found[FoundGroups] | Missing
    try:
        found = find_clusters(rows, seed=settings.tournament.seed, judged=judged)
    except ModelError as too_few:
        groups = Missing(f"{too_few.message} {too_few.remedy}")
    else:
        names = group_names(rows, found.labels, found.k)
        cluster = np.array(names, dtype=object)[found.labels]
        groups = Found(_found_groups(found, names, customers, results.currency))
    band = value_band(customers["clv_if_kept"].to_numpy(dtype=float))
    if not (folder / ACTIONS).exists():
        write_frame(customers[["customer_id"]], folder / ACTIONS)
    added = customers[["customer_id"]].assign(
        cluster=pd.array(cluster, dtype="str"), value_band=pd.array(band, dtype="str")
    )
    add_columns(folder, added)
    document = SegmentsDocument(
        bands=BandLimits(**{name: tuple(limits) for name, limits in segments.bands.as_dict().items()}),
        groups=rows_of(GroupFigures, segments.groups),
        cutoff_before=segments.cutoff_before,
        movement=_movement(segments),
        grid=rows_of(RiskValueField, risk_value_grid(customers)),
        clusters=groups,
        insights=tuple(insights(results, segments)),
    )
    write_document(document, folder / SEGMENTS_FILE, indent=None)


def repriced_segments(results: Results) -> SegmentsDocument | None:
    """The segments of a run whose customers were priced again: the same groups, what they are worth now.

    None in a run from before there were any.
    """
    before = results.segments
    if before is None:
        return None
    segments = rfm(results)
    return replace(
        before,
        groups=rows_of(GroupFigures, segments.groups),
        movement=_movement(segments),
        grid=rows_of(RiskValueField, risk_value_grid(results.customers)),
        clusters=_repriced_groups(before.clusters, results),
        insights=tuple(insights(results, segments)),
    )


def _repriced_groups(before: Found[FoundGroups] | Missing, results: Results) -> Found[FoundGroups] | Missing:
    if isinstance(before, Missing):
        return before
    customers, old = grouped_customers(results), before.value.groups
    labels, names = customers["cluster"].to_numpy(dtype=object), [one.group for one in old]
    figures_now = rows_of(GroupFigures, describe_groups(customers, labels, order=names))
    by_name = {one.group: one for one in figures_now}
    groups = tuple(
        replace(one, **asdict(by_name[one.group]), words=profile_words(by_name[one.group], results.currency))
        for one in old
    )
    return Found(replace(before.value, groups=groups))


def judged_groups(segments: SegmentsDocument | None) -> Judged | None:
    """How a run's groups were found and tested, for a later date of the same shop; None where there are none."""
    if segments is None or isinstance(segments.clusters, Missing):
        return None
    found = segments.clusters.value
    return Judged(
        k=found.k,
        silhouettes={one.k: one.silhouette for one in found.silhouettes},
        rand=found.rand,
        jaccard=np.array([one.jaccard for one in found.groups]),
    )


def _movement(segments: Rfm) -> Found[tuple[SegmentFlow, ...]] | Missing:
    return Missing(NO_DATE_BEFORE) if segments.flows is None else Found(rows_of(SegmentFlow, segments.flows))


def _found_groups(
    found: Clusters, names: list[str], customers: pd.DataFrame, currency: str | None
) -> FoundGroups:
    labels = np.array(names, dtype=object)[found.labels]
    stability = dict(zip(names, found.jaccard.tolist(), strict=True))
    groups = tuple(
        FoundGroup(
            **asdict(figures_of),
            words=profile_words(figures_of, currency),
            jaccard=stability[figures_of.group],
            stability=_stability(stability[figures_of.group]),
        )
        for figures_of in rows_of(GroupFigures, describe_groups(customers, labels, order=names))
    )
    silhouette = found.silhouettes[found.k]
    return FoundGroups(
        k=found.k,
        features=tuple(GroupFeature(feature=name, label=feature(name).label) for name in found.features),
        silhouettes=tuple(Silhouette(k=k, silhouette=value) for k, value in found.silhouettes.items()),
        rand=found.rand,
        groups=groups,
        words=(
            f"{found.k} groups are the sharpest division of 3 to 8 (silhouette {figures.decimal(silhouette)}, of 1 at most)"
            " that leaves no group with fewer than 2 % of the customers. In resamples of the customers the same groups come"
            f" again with an adjusted Rand index of {figures.decimal(found.rand)}: 1 is always, 0 is chance."
        ),
    )


def _stability(jaccard: float) -> Stability:
    """Hennig's reading of the mean Jaccard index."""
    if jaccard >= STABLE:
        return "stable"
    return "a tendency" if jaccard >= DOUBTFUL else "doubtful"
