"""Rows of some customers in, their scores out: what every machine does by itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

import numpy as np
import pandas as pd
import pyarrow as pa

from churnkit.engines.features import SPEND, Extent
from churnkit.engines.package import Package, opened
from churnkit.engines.rank_tables import with_ranks
from churnkit.engines.reference import Reference, worklist_gains
from churnkit.errors import DataError
from churnkit.explain.contributions import contributions
from churnkit.explain.reasons import reasons
from churnkit.features.column_names import CATEGORY_COLUMNS
from churnkit.features.indicators import known_indicators
from churnkit.features.purchase_process import describe_with, histories
from churnkit.forecast.process_ahead import Pace
from churnkit.segments.standing import ACTIVE
from churnkit.services.analyse.scored_customers import scored_customers
from churnkit.services.deliver.command_files import CUSTOMER_COLUMNS
from churnkit.services.score.newer_file import complete
from churnkit.services.score.scorer import Scorer
from churnkit.windows import CutoffPlan

# Rows that are scored at once: reasons take some 5 kB a row.
CHUNK_ROWS = 20_000

_TEXTS = ("customer_id", "status", "risk_tier", "factor_1", "factor_2", "factor_3")
_COUNTS = ("rank", "recency_days", "order_count")
_KINDS: dict[str, pa.DataType] = {
    **dict.fromkeys(CUSTOMER_COLUMNS, pa.float64()),
    **dict.fromkeys(_TEXTS, pa.string()),
    **dict.fromkeys(_COUNTS, pa.int64()),
    "expected_next_order": pa.date32(),
}
BUCKET, GAIN = "bucket", "gain"
FINAL = pa.schema([(name, _KINDS[name]) for name in CUSTOMER_COLUMNS])
"""Types of the columns of ``customers.csv``."""
UNRANKED = pa.schema(
    [*(field for field in FINAL if field.name != "rank"), (BUCKET, pa.int64()), (GAIN, pa.float64())]
)
"""What a chunk gives: the same before the rank is known, and what the rank goes by."""


def score_batches(
    batches: Iterable[pa.RecordBatch], package: Package, extent: Extent
) -> Iterator[pa.RecordBatch]:
    """Score the customers of a partition, ``CHUNK_ROWS`` of them at once; batches of the schema ``UNRANKED``."""
    waiting: list[pa.RecordBatch] = []
    for batch in batches:
        waiting.append(batch)
        if sum(one.num_rows for one in waiting) >= CHUNK_ROWS:
            yield from _scored(waiting, package, extent)
            waiting = []
    yield from _scored(waiting, package, extent)


def _scored(batches: list[pa.RecordBatch], package: Package, extent: Extent) -> Iterator[pa.RecordBatch]:
    rows = pa.Table.from_batches(batches).to_pandas() if batches else pd.DataFrame()
    if not len(rows):
        return
    scores = score_rows(rows, package, extent)
    if len(scores) != len(rows) or scores["customer_id"].duplicated().any():
        raise DataError(
            f"Scoring on an engine: each of {len(rows)} customers must get one row; {len(scores)} came out."
        )
    yield from pa.Table.from_pandas(scores, schema=UNRANKED, preserve_index=False).to_batches()


def score_rows(rows: pd.DataFrame, package: Package, extent: Extent) -> pd.DataFrame:
    """``rows`` of ``features.customer_rows``, any customers, in; the columns ``UNRANKED``, in any order of rows, out."""
    scorer, reference = opened(package)
    facts, learned = scorer.facts, scorer.learned
    plan = CutoffPlan(extent.scoring, (), facts.horizon_days, 1, extent.first_purchase)
    spent = rows.set_index("customer_id")[SPEND].fillna(0.0)
    rows, _ = complete(_described(rows.drop(columns=SPEND), scorer, reference, extent.scoring), scorer)
    p_churn = learned.model.p_churn(rows)
    parts = contributions(learned.model, rows, process=reference.process_of_all)
    scored = scored_customers(
        rows,
        p_churn,
        scorer.value_model_at(extent.scoring),
        scorer.year_model,
        reasons(learned.model, rows, parts, shop=reference.shop, currency=facts.currency),
        facts.settings,
        plan,
        learned.uncertainty,
        proven=facts.proven,
        spend_last_year=spent,
        currency=facts.currency,
        pace=Pace(reference.process, histories(rows), p_churn, facts.horizon_days),
    )
    gain = worklist_gains(scored, scorer, reference.assumptions)
    lapsed = (scored["status"] != ACTIVE).to_numpy()
    # The first share of the worklist is the active with most to gain.
    share = len(reference.edges) - np.searchsorted(reference.edges, gain, side="right")
    return scored.drop(columns="rank").assign(
        **{BUCKET: lapsed * (len(reference.edges) + 1) + share, GAIN: gain}
    )


def _described(rows: pd.DataFrame, scorer: Scorer, reference: Reference, scoring: datetime) -> pd.DataFrame:
    """With the columns that come from what the run knows of all its customers."""
    texts = {name: rows[name].astype("str") for name in CATEGORY_COLUMNS if name in rows.columns}
    ranked = with_ranks(rows.assign(cutoff=pd.Timestamp(scoring).as_unit("us"), **texts), reference.ranks)
    process = describe_with(ranked, reference.process, reference.order_value, scorer.facts.horizon_days)
    return known_indicators(ranked.join(process), scorer.facts.settings.indicators)
