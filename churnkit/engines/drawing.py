"""Whole customers drawn from all, in strata, by the engine: every part of the shop has its share in the sample."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import ibis
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.engines.engine import Engine
from churnkit.errors import DataError

STRATUM = "stratum"
# Two hexadecimal digits more than this order those of a share that is only taken in part.
_SHARE_DIGITS = 3
_RECENCY_STEPS = 12
_ORDER_STEPS = 3


@dataclass(frozen=True)
class Drawn:
    """Who was drawn.

    Attributes
    ----------
    lines
        All lines of the customers who were.
    customers, of
        How many they are, and how many customers with a purchase there were.
    strata
        Groups that each gave their share.
    """

    lines: ir.Table
    customers: int
    of: int
    strata: int


def draw(engine: Engine, lines: ir.Table, at: datetime, customers: int, seed: int) -> Drawn:
    """Draw ``customers`` whole customers by chance, of each stratum the same share.

    Strata are what decides whether somebody comes back, seen from ``at``: days since the last purchase in steps of the
    square root of 2, which also tells whether they bought in the window before, and one, two, or more days with purchases.
    The same customers are drawn on every engine: their order is that of the MD5 of seed and id.

    Raises
    ------
    DataError
        Nobody has bought anything.
    """
    known = engine.keep(_strata(lines, at, seed), "strata")
    sizes = {str(one[STRATUM]): int(one["customers"]) for one in engine.rows_of(_sizes(known))}
    total = sum(sizes.values())
    if not total:
        raise DataError("Drawing customers: no purchase with a positive amount is in the files.")
    share = min(1.0, customers / total)
    if share == 1.0:
        return Drawn(lines.semi_join(known, "customer_id"), total, total, len(sizes))
    chosen = engine.keep(_chosen(engine, known, _quotas(sizes, customers)), "drawn")
    (found,) = engine.rows_of(chosen.aggregate(customers=_.count()))
    return Drawn(lines.semi_join(chosen, "customer_id"), int(found["customers"]), total, len(sizes))


def _strata(lines: ir.Table, at: datetime, seed: int) -> ir.Table:
    """Each customer's stratum, and the place that chance gives them."""
    bought = lines.filter((_.amount > 0) & (_.ordered_at < ibis.timestamp(at.isoformat(sep=" "))))
    days = bought.mutate(day=_.ordered_at.date())
    own = days.group_by("customer_id").aggregate(last=_.day.max(), days=_.day.nunique())
    recency = ibis.date(at.date().isoformat()).delta(own["last"], unit="day").cast("float64")
    step = ((recency + 1.0).ln() / ibis.literal(0.5 * 0.6931471805599453)).floor().cast("int64")
    step = ibis.least(step, ibis.literal(2 * _RECENCY_STEPS, type="int64"))
    often = ibis.least(own["days"].cast("int64"), ibis.literal(_ORDER_STEPS, type="int64"))
    place = (ibis.literal(f"{seed}:") + own["customer_id"]).hexdigest("md5")
    return own.select(
        customer_id=own["customer_id"],
        stratum=(step * 10 + often).cast("string"),
        place=place,
        share=place.left(_SHARE_DIGITS),
    )


def _sizes(known: ir.Table) -> ir.Table:
    return known.group_by(STRATUM).aggregate(customers=_.count())


def _quotas(sizes: dict[str, int], customers: int) -> dict[str, int]:
    """How many of each stratum, by largest remainders: together ``customers``."""
    total = sum(sizes.values())
    exact = {name: size * customers / total for name, size in sizes.items()}
    quotas = {name: int(value) for name, value in exact.items()}
    by_rest = sorted(sizes, key=lambda name: (quotas[name] - exact[name], name))
    for name in by_rest[: customers - sum(quotas.values())]:
        quotas[name] += 1
    return quotas


def _chosen(engine: Engine, known: ir.Table, quotas: dict[str, int]) -> ir.Table:
    """The first of each stratum by their places; only those of one share of it are put in order."""
    counted = engine.rows_of(known.group_by([STRATUM, "share"]).aggregate(customers=_.count()))
    whole: list[tuple[str, str, int]] = []
    left = dict(quotas)
    for one in sorted(counted, key=lambda one: (str(one[STRATUM]), str(one["share"]))):
        stratum, size = str(one[STRATUM]), int(one["customers"])
        taken = min(size, left[stratum])
        if taken:
            whole.append((stratum, str(one["share"]), taken))
            left[stratum] -= taken
    frame = pd.DataFrame(whole, columns=[STRATUM, "share", "taken"])
    inside = ibis.window(group_by=[STRATUM, "share"], order_by=["place", "customer_id"])
    placed = known.inner_join(ibis.memtable(frame), [STRATUM, "share"])
    return (
        placed.mutate(number=ibis.row_number().over(inside)).filter(_.number < _.taken).select("customer_id")
    )
