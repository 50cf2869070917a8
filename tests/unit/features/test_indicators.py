"""Outside figures as of the cutoff: what was published by then, and nothing older than it should be."""

from __future__ import annotations

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

from churnkit.config import Indicators
from churnkit.errors import SettingsError
from churnkit.features.indicators import as_of_the_shop, known_at, known_indicators, with_indicators

MONTHS = Indicators(
    ("mood", "trade"),
    (date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31)),
    ((1.0, 10.0), (2.0, None), (3.0, 30.0)),
)


@pytest.mark.parametrize(
    ("cutoff", "known"),
    [
        (datetime(2025, 1, 31), (np.nan, np.nan)),
        (datetime(2025, 1, 31, 23, 59), (np.nan, np.nan)),
        (datetime(2025, 2, 1), (1.0, 10.0)),
        # What February lacks is as it was in January.
        (datetime(2025, 3, 1), (2.0, 10.0)),
        (datetime(2025, 4, 1), (3.0, 30.0)),
    ],
)
def test_the_last_row_before_the_day_of_the_cutoff_counts(
    cutoff: datetime, known: tuple[float, float]
) -> None:
    np.testing.assert_array_equal(known_at(MONTHS, cutoff), known)


def test_a_row_counts_from_its_publication_on() -> None:
    later = Indicators(MONTHS.names, MONTHS.days, MONTHS.values, lag_days=15)
    assert known_at(later, datetime(2025, 3, 15)) == (1.0, 10.0)
    assert known_at(later, datetime(2025, 3, 16)) == (2.0, 10.0)


def test_a_figure_that_was_not_renewed_is_unknown() -> None:
    # A month is 31 and 28 days here, so nothing older than 59 days counts.
    assert known_at(MONTHS, datetime(2025, 5, 29)) == (3.0, 30.0)
    assert np.isnan(known_at(MONTHS, datetime(2025, 5, 30))).all()


def test_the_panel_gets_a_column_for_each_figure() -> None:
    panel = pd.DataFrame(
        {
            "customer_id": ["a", "b", "a"],
            "cutoff": pd.to_datetime(["2025-02-01", "2025-02-01", "2025-03-01"]).astype("datetime64[us]"),
        }
    )
    joined = with_indicators(panel, MONTHS)
    assert joined["indicator_mood"].tolist() == [1.0, 1.0, 2.0]
    assert joined["indicator_trade"].tolist() == [10.0, 10.0, 10.0]
    assert with_indicators(panel, None) is panel


def test_figures_that_are_old_everywhere_are_no_columns() -> None:
    panel = pd.DataFrame(
        {"customer_id": ["a"], "cutoff": pd.to_datetime(["2025-03-01"]).astype("datetime64[us]")}
    )
    assert "indicator_mood" in known_indicators(panel, MONTHS)
    late = panel.assign(cutoff=panel["cutoff"] + pd.Timedelta(days=365))
    assert list(known_indicators(late, MONTHS)) == ["customer_id", "cutoff"]


def test_customers_who_do_not_exist_live_in_the_shops_time() -> None:
    shop = pd.DataFrame({"recency_days": [1, 2], "indicator_mood": [5.0, 5.0]})
    rows = pd.DataFrame({"recency_days": [9], "indicator_mood": [np.nan]})
    assert as_of_the_shop(rows, shop).to_dict("list") == {"recency_days": [9], "indicator_mood": [5.0]}


@pytest.mark.parametrize(
    "given",
    [
        {"names": ()},
        {"names": ("a", "a")},
        {"days": (date(2025, 1, 2), date(2025, 1, 1), date(2025, 1, 3))},
        {"days": (date(2025, 1, 1), date(2025, 1, 1), date(2025, 1, 3))},
        {"values": ((1.0, 2.0),)},
        {"values": ((1.0,), (1.0,), (1.0,))},
        {"values": ((float("inf"), 1.0), (1.0, 1.0), (1.0, 1.0))},
        {"lag_days": -1},
        {"lag_days": 367},
    ],
)
def test_settings_that_cannot_be(given: dict[str, object]) -> None:
    whole = {"names": MONTHS.names, "days": MONTHS.days, "values": MONTHS.values, **given}  # noqa: PD011 - no frame
    with pytest.raises(SettingsError):
        Indicators(**whole)  # type: ignore[arg-type]
