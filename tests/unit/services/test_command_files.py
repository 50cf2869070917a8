"""JSON values and spreadsheet-safe tables."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from churnkit.reports.csv_files import harmless, write_csv
from churnkit.results.codec import plain


def test_plain_turns_what_json_has_no_form_for_into_what_it_has():
    value = {
        1: np.float64("nan"),
        "when": datetime(2026, 3, 1, 12),
        "many": (np.int64(3), float("inf"), {"deep": np.array([1.5])}),
        "flag": np.bool_(True),
    }
    assert plain(value) == {
        "1": None,
        "when": "2026-03-01T12:00:00",
        "many": [3, None, {"deep": [1.5]}],
        "flag": True,
    }


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("\t=1", "'\t=1"),
        ("+44 20 7946 0958", "+44 20 7946 0958"),
        ("-12.50", "-12.50"),
        ("00123", "00123"),
        ("a=b", "a=b"),
        (7, 7),
    ],
)
def test_harmless(cell, shown):
    assert harmless(cell) == shown


def test_write_csv_keeps_ids_and_missing_cells(tmp_path):
    frame = pd.DataFrame({"customer_id": ["00123", "=2", None], "p_churn": [0.25, float("nan"), 1.0]})
    write_csv(frame, tmp_path / "t.csv")
    assert (tmp_path / "t.csv").read_text() == "customer_id,p_churn\n00123,0.25\n'=2,\n,1.0\n"
