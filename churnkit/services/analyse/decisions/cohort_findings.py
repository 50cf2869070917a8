"""``cohorts.parquet``."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
from ibis.expr import types as ir

from churnkit.cohorts.build import cohort_table, item_names
from churnkit.results.files import write_frame
from churnkit.results.folders import Results

COHORTS = "cohorts.parquet"


def write_cohorts(results: Results, transactions: ir.Table) -> None:
    """Cells of all cohorts as ``cohorts.build.cohort_table`` returns them, with ``item_name``."""
    cutoff = datetime.fromisoformat(results.cutoff)
    table = cohort_table(transactions, cutoff)
    products = table.loc[table["dimension"] == "product", "item"].unique().tolist()
    names = item_names(transactions, products)
    is_product = table["dimension"] == "product"
    shown = [
        (names.get(item) or item) if product else item
        for item, product in zip(table["item"], is_product, strict=True)
    ]
    write_frame(table.assign(item_name=pd.array(shown, dtype="str")), results.folder / COHORTS)
