"""Orders that stand out by value, or by value and size together."""

from __future__ import annotations

import ibis
import numpy as np
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.profiling.checks import CheckSpec
from churnkit.profiling.tables import SEED, one_row, records, sampled, small_frame
from churnkit.results.found import Found, Missing
from churnkit.results.profile import (
    BEYOND_DEVIATIONS,
    OUTSIDE_FENCES,
    Check,
    FenceOutliers,
    ForestOutliers,
    LargeOrder,
    OddOrder,
    OrderValue,
    Outliers,
    ValueOutliers,
)
from churnkit.text.figures import count, counted

GROUP = "Outliers"
MIN_ORDERS = 50
Z_LIMIT = 3.0
IQR_FENCE = 1.5
SAMPLE_ORDERS = 10_000
ANOMALY_SCORE = 0.65
EXAMPLES = 5

REMEDY = (
    "Look at the largest orders: typing errors must be mended, wholesale buyers are better analysed apart."
)
Z_SCORE = CheckSpec(BEYOND_DEVIATIONS, "Unusually large orders", GROUP, "share of revenue", REMEDY)
# Costs no points: a shop with a few price points has orders outside the fences that are nothing unusual.
IQR = CheckSpec(
    OUTSIDE_FENCES,
    "Orders far from the usual values",
    GROUP,
    "share of orders",
    REMEDY,
    warn_points=0.0,
)
FOREST = CheckSpec("DQ-403", "Orders of an unusual make-up", GROUP, "share of sampled orders", REMEDY)


def find(
    order_table: ir.Table, value: OrderValue, currency: str | None = None
) -> tuple[list[Check], Found[Outliers] | Missing]:
    """Count outliers among orders with a purchase; ``value`` describes theirs, ``currency`` is written beside money."""
    bought = order_table.filter(_.gross > 0)
    z_limit = value.mean + Z_LIMIT * value.sd
    spread = value.p75 - value.p25
    low, high = value.p25 - IQR_FENCE * spread, value.p75 + IQR_FENCE * spread
    counts = one_row(
        bought.aggregate(
            orders=_.count(),
            gross=_.gross.sum(),
            z_orders=_.count(where=_.gross > z_limit),
            z_gross=ibis.ifelse(_.gross > z_limit, _.gross, 0.0).sum(),
            low_orders=_.count(where=_.gross < low),
            high_orders=_.count(where=_.gross > high),
        )
    )
    if counts["orders"] < MIN_ORDERS:
        why = f"{counted(counts['orders'], 'order')} found, {MIN_ORDERS} are needed to say what is usual."
        return [spec.skipped(why) for spec in (Z_SCORE, IQR, FOREST)], Missing(why)
    outside = counts["low_orders"] + counts["high_orders"]
    found = Outliers(
        z_score=ValueOutliers(
            limit=z_limit,
            orders=counts["z_orders"],
            share=counts["z_orders"] / counts["orders"],
            revenue_share=counts["z_gross"] / counts["gross"],
        ),
        iqr=FenceOutliers(low=low, high=high, orders=outside, share=outside / counts["orders"]),
        isolation_forest=isolation_forest(sample(bought, counts["orders"])),
        largest_orders=_largest(bought),
    )
    return _checks(found, currency), Found(found)


def sample(bought: ir.Table, orders: int) -> pd.DataFrame:
    """Value, lines and units of a bounded sample of orders, sorted by their ids."""
    measures = [name for name in ("gross", "lines", "units") if name in bought.columns]
    drawn = sampled(bought, orders, SAMPLE_ORDERS).select("customer_id", "order_id", *measures)
    return small_frame(drawn).sort_values(["order_id", "customer_id"], ignore_index=True)


def isolation_forest(frame: pd.DataFrame) -> ForestOutliers:
    """Anomaly scores of Liu, Ting and Zhou (2008, ICDM): 0.5 is average, towards 1 easily isolated.

    Value, lines and units enter as logarithms, else every large order would be called odd. Where all
    orders are alike, each is average.
    """
    from sklearn.ensemble import IsolationForest

    measures = [name for name in ("gross", "lines", "units") if name in frame.columns]
    matrix = np.log1p(frame[measures].fillna(0.0).clip(lower=0.0).to_numpy(dtype=float))
    varied = matrix[:, (matrix != matrix[:1]).any(axis=0)]
    if varied.size == 0:
        scores = np.full(len(frame), 0.5)
    else:
        forest = IsolationForest(n_estimators=100, max_samples="auto", random_state=SEED, n_jobs=1).fit(
            varied
        )
        scores = -forest.score_samples(varied)
    odd = frame.assign(score=scores)[scores > ANOMALY_SCORE]
    odd = odd.sort_values(["score", "order_id"], ascending=[False, True])
    return ForestOutliers(
        sampled=len(frame),
        orders=len(odd),
        share=len(odd) / max(1, len(frame)),
        score_limit=ANOMALY_SCORE,
        examples=tuple(
            OddOrder(order_id=str(row["order_id"]), value=float(row["gross"]), score=float(row["score"]))
            for row in odd.head(EXAMPLES).to_dict("records")
        ),
    )


def _largest(bought: ir.Table) -> tuple[LargeOrder, ...]:
    top = bought.order_by([_.gross.desc(), _.order_id, _.customer_id]).limit(EXAMPLES)
    chosen = top.select("order_id", "customer_id", day=_.ordered_at.date(), value=_.gross)
    return tuple(LargeOrder(**line) for line in records(chosen))


def _checks(found: Outliers, currency: str | None) -> list[Check]:
    z_score, iqr, forest = found.z_score, found.iqr, found.isolation_forest
    forest_words = (
        f"{counted(forest.orders, 'order')} of {count(forest.sampled)} sampled with an unusual combination"
        f" of value and size (isolation score above {forest.score_limit})."
    )
    return [
        Z_SCORE.graded(z_score.revenue_share, z_score.words(currency), warn_above=0.2),
        IQR.graded(iqr.share, iqr.words(currency), warn_above=0.1),
        FOREST.graded(forest.share, forest_words, warn_above=0.05),
    ]
