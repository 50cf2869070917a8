"""``segments.json``, and each customer's found group and value band in ``actions.parquet``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from churnkit.errors import ModelError
from churnkit.explain import feature
from churnkit.results.files import write_frame, write_json
from churnkit.results.folders import Results
from churnkit.segments import describe_groups, risk_value_grid, value_band
from churnkit.segments.clusters import Clusters, find_clusters
from churnkit.segments.naming import group_names, profile_words
from churnkit.services.analyse.decisions.baskets import ACTIONS, add_columns
from churnkit.services.decide.insights import insights
from churnkit.services.decide.segment_views import Rfm, rfm
from churnkit.services.workspace.stored_settings import settings_from_json
from churnkit.text import figures

SEGMENTS_FILE = "segments.json"
STABLE, DOUBTFUL = 0.75, 0.6
NO_DATE_BEFORE = (
    "The history has no date one threshold before the last one, so nobody's movement can be seen."
)


def write_segments(folder: Path) -> None:
    """Groups of a finished run; needs ``actions.parquet``, or makes one."""
    results = Results(folder)
    settings = settings_from_json(results.summary["settings"])
    customers = results.customers
    segments = rfm(results)
    told: dict[str, Any] = {"missing": {}, **_rfm_told(segments)}
    if segments.flows is None:
        told["missing"]["movement"] = NO_DATE_BEFORE
    told["grid"] = risk_value_grid(customers).to_dict("records")
    rows = results.scored().set_index("customer_id").loc[customers["customer_id"]].reset_index()
    cluster = np.full(len(customers), None, dtype=object)
    try:
        found = find_clusters(rows, seed=settings.tournament.seed)
    except ModelError as too_few:
        told["clusters"] = None
        told["missing"]["clusters"] = f"{too_few.message} {too_few.remedy}"
    else:
        names = group_names(rows, found.labels, found.k)
        cluster = np.array(names, dtype=object)[found.labels]
        told["clusters"] = _clusters_told(found, names, customers, results.currency)
    band = value_band(customers["clv_if_kept"].to_numpy(dtype=float))
    if not (folder / ACTIONS).exists():
        write_frame(customers[["customer_id"]], folder / ACTIONS)
    added = customers[["customer_id"]].assign(
        cluster=pd.array(cluster, dtype="str"), value_band=pd.array(band, dtype="str")
    )
    add_columns(folder, added)
    told["insights"] = [one.as_dict() for one in insights(results, segments)]
    write_json(told, folder / SEGMENTS_FILE, indent=None)


def _rfm_told(segments: Rfm) -> Mapping[str, Any]:
    return {
        "bands": segments.bands.as_dict(),
        "groups": segments.groups.to_dict("records"),
        "cutoff_before": segments.cutoff_before,
        "movement": None if segments.flows is None else segments.flows.to_dict("records"),
    }


def _clusters_told(
    found: Clusters, names: list[str], customers: pd.DataFrame, currency: str | None
) -> Mapping[str, Any]:
    labels = np.array(names, dtype=object)[found.labels]
    table = describe_groups(customers, labels, order=names)
    stability = dict(zip(names, found.jaccard.tolist(), strict=True))
    groups = [
        {
            **row,
            "words": profile_words(pd.Series(row), currency),
            "jaccard": stability[row["group"]],
            "stability": _stability(stability[row["group"]]),
        }
        for row in table.to_dict("records")
    ]
    silhouette = found.silhouettes[found.k]
    return {
        "k": found.k,
        "features": [{"feature": name, "label": feature(name).label} for name in found.features],
        "silhouettes": [{"k": k, "silhouette": value} for k, value in found.silhouettes.items()],
        "rand": found.rand,
        "groups": groups,
        "words": (
            f"{found.k} groups are the sharpest division of 3 to 8 (silhouette {figures.decimal(silhouette)}, of 1 at most)"
            " that leaves no group with fewer than 2 % of the customers. In resamples of the customers the same groups come"
            f" again with an adjusted Rand index of {figures.decimal(found.rand)}: 1 is always, 0 is chance."
        ),
    }


def _stability(jaccard: float) -> str:
    """Hennig's reading of the mean Jaccard index."""
    if jaccard >= STABLE:
        return "stable"
    return "a tendency" if jaccard >= DOUBTFUL else "doubtful"
