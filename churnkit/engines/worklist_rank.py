"""Places in the worklist without sorting everybody: each share of it is put in order by itself."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate

import ibis
import pandas as pd
from ibis import _
from ibis.expr import types as ir

from churnkit.engines.chunk import BUCKET, FINAL, GAIN


def ranked(scored: ir.Table, sizes: Mapping[int, int]) -> ir.Table:
    """The columns of ``customers.csv`` of ``scored`` (``chunk.UNRANKED``), with ``rank`` as ``rank_customers`` gives it.

    ``sizes`` says how many customers each share holds; a share with a smaller number comes before.
    """
    shares = sorted(sizes)
    before = accumulate((sizes[share] for share in shares[:-1]), initial=0)
    start = ibis.memtable(pd.DataFrame({BUCKET: shares, "before": list(before)}, dtype="int64"))
    inside = ibis.window(group_by=BUCKET, order_by=[ibis.desc(GAIN), ibis.asc("customer_id")])
    placed = scored.mutate(place=ibis.row_number().over(inside)).inner_join(start, BUCKET)
    return placed.mutate(rank=(_.place + _.before + 1).cast("int64")).select(*FINAL.names)
