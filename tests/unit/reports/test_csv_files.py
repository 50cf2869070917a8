"""Tables as CSV: instants, days, and cells that a spreadsheet would run."""

from __future__ import annotations

import pandas as pd

from churnkit.reports.csv_files import to_csv


def test_an_instant_has_its_hour_and_a_day_has_none() -> None:
    frame = pd.DataFrame(
        {
            "customer_id": ["a", "=1+1"],
            "expected_next_order": pd.Series(pd.to_datetime(["2026-12-09", ""])),
            "last_purchase_at": pd.to_datetime(["2026-01-02 03:04", "2026-01-02 00:00"]),
        }
    )
    assert to_csv(frame).splitlines() == [
        "customer_id,expected_next_order,last_purchase_at",
        "a,2026-12-09,2026-01-02T03:04:00",
        "'=1+1,,2026-01-02T00:00:00",
    ]
