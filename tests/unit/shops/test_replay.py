"""A shop exported piece by piece ends in the same transactions as its whole file; the cutter is a tool of this test."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import pandas as pd
import pytest

from churnkit.config import IngestSettings
from churnkit.ingest import Ingested, Reading, ingest
from churnkit.shops import NewerFile, assemble, first_state, fold, require_same_shop

READING = Reading(
    settings=IngestSettings(), one_day_is_enough=True, accepted=("one_order", "one_customer", "returns")
)
COMPARED = [
    "order_id",
    "customer_id",
    "ordered_at",
    "amount",
    "product_id",
    "quantity",
    "unit_price",
    "is_return",
]
PIECES = 12


@pytest.fixture(scope="module")
def lines(real_data: Path) -> pd.DataFrame:
    """A tenth of the customers of online_retail, and the rows without one."""
    whole = pd.read_parquet(real_data / "online_retail.parquet")
    return whole[(whole["CustomerID"].isna() & (whole.index % 20 == 0)) | (whole["CustomerID"] % 10 == 3)]


def _read(frame: pd.DataFrame, folder: Path) -> Ingested:
    folder.mkdir()
    frame.to_csv(folder / "orders.csv", index=False)
    return ingest(folder / "orders.csv", folder, READING)


def _replayed(pieces: Sequence[pd.DataFrame], folder: Path) -> pd.DataFrame:
    history = folder / "h0"
    for number, piece in enumerate(pieces):
        file = NewerFile.of(_read(piece, folder / f"f{number}"), f"export {number}")
        if number == 0:
            first_state(file, history)
            continue
        require_same_shop(history, file, folder)
        before, history = history, folder / f"h{number}"
        fold(before, file, history)
    return _sorted(assemble(history, len(pieces), folder / "w").transactions)


def _sorted(path: Path) -> pd.DataFrame:
    return pd.read_parquet(path)[COMPARED].sort_values(COMPARED, ignore_index=True)


def _edges(lines: pd.DataFrame, pieces: int) -> pd.DatetimeIndex:
    first, last = lines["InvoiceDate"].min(), lines["InvoiceDate"].max()
    return pd.date_range(first.normalize(), last.normalize() + pd.Timedelta(days=1), periods=pieces + 1)


@pytest.mark.slow
def test_exports_one_after_the_other_make_the_whole_file(lines: pd.DataFrame, tmp_path: Path) -> None:
    edges = _edges(lines, PIECES)
    pieces = [
        lines[(lines["InvoiceDate"] >= begin) & (lines["InvoiceDate"] < end)]
        for begin, end in pairwise(edges)
    ]
    whole = _sorted(_read(lines, tmp_path / "whole").transactions)
    pd.testing.assert_frame_equal(_replayed(pieces, tmp_path), whole)


@pytest.mark.slow
def test_overlapping_exports_take_later_refunds_and_edits_over(lines: pd.DataFrame, tmp_path: Path) -> None:
    """Each export holds all from the beginning; each later one knows of edits of earlier orders."""
    edges = _edges(lines, 6)
    edited = lines.copy()
    known = lines["CustomerID"].notna()
    edited.loc[known & (lines.index % 7 == 0), "Quantity"] *= 2
    early = lines[lines["InvoiceDate"] < edges[3]]
    pieces = [early, edited[edited["InvoiceDate"] < edges[5]], edited[edited["InvoiceDate"] >= edges[2]]]
    whole = _sorted(_read(edited, tmp_path / "whole").transactions)
    pd.testing.assert_frame_equal(_replayed(pieces, tmp_path), whole)
