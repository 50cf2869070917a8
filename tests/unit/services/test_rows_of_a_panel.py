"""The panel of a refresh: what its model learned from lies in the other run's file, and the rows of today in its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pytest

from churnkit.errors import DataError
from churnkit.results.files import table_writer, write_document, write_frame
from churnkit.results.folders import Results
from churnkit.results.panel_files import LEARNED_PANEL, PANEL, panel_names, panel_rows
from churnkit.results.summary import ScoredBy
from tests.made_report import made_summary

FIRST, SECOND, LEARNED, TODAY, LATER = (datetime(2024, month, 1) for month in (1, 2, 3, 4, 5))


def rows(*dates: datetime, **columns: float | None) -> pd.DataFrame:
    frame = pd.DataFrame({"customer_id": [f"c{date:%m}" for date in dates], "cutoff": list(dates)})
    return frame.assign(**columns)


@pytest.fixture
def refresh(tmp_path: Path) -> Results:
    summary = made_summary()
    told = ScoredBy(run_id="r", cutoff=LEARNED, trained_on=TODAY.date(), fallback=None)
    question = replace(summary.question, cutoff=TODAY)
    write_document(replace(summary, question=question, scored_by=told), tmp_path / "summary.json")
    write_frame(rows(FIRST, SECOND, LEARNED, LATER, orders=1, rank=2), tmp_path / LEARNED_PANEL)
    write_frame(rows(TODAY, orders=None, factor=0.5), tmp_path / PANEL)
    return Results(tmp_path)


def test_dates_before_today_are_those_learned_from_without_the_day_that_run_scored(refresh: Results) -> None:
    found = panel_rows(refresh)

    assert found["cutoff"].tolist() == [FIRST, SECOND, TODAY]
    assert found["orders"].tolist()[:2] == [1, 1] and found["orders"].isna().tolist() == [False, False, True]
    assert panel_names(refresh) == ["customer_id", "cutoff", "orders", "rank", "factor"]


def test_columns_and_conditions_hold_for_both_files(refresh: Results) -> None:
    found = panel_rows(refresh, ["customer_id", "factor"], [("cutoff", ">", FIRST)])

    assert found["customer_id"].tolist() == ["c02", "c04"]
    assert found["factor"].isna().tolist() == [True, False]
    assert refresh.panel_at(LEARNED).empty and refresh.panel_at(TODAY)["customer_id"].tolist() == ["c04"]


def test_a_run_of_its_own_has_one_file(refresh: Results) -> None:
    (refresh.folder / LEARNED_PANEL).unlink()

    assert panel_rows(refresh)["cutoff"].tolist() == [TODAY]


def test_a_panel_that_is_gone_is_said(refresh: Results) -> None:
    (refresh.folder / PANEL).unlink()

    with pytest.raises(DataError, match=r"panel\.parquet is missing"):
        panel_rows(refresh)


def test_what_goes_wrong_while_a_table_is_written_leaves_no_file(tmp_path: Path) -> None:
    table = pa.table({"row": [0, 1]})
    with pytest.raises(DataError), table_writer(table.schema, tmp_path / "panel.parquet") as writer:
        writer.write_table(table)
        raise DataError("Broken.", "Mend it.")
    assert not list(tmp_path.iterdir())
