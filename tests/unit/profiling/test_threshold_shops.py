"""What is proposed to shops of a known rhythm."""

from __future__ import annotations

from datetime import timedelta

import ibis
import pandas as pd
import pyarrow as pa
import pytest

from churnkit.config import ThresholdSettings
from churnkit.profiling import gaps
from churnkit.profiling.tables import small_frame
from churnkit.profiling.threshold import choose_threshold
from churnkit.results.profile import Threshold
from tests import rhythms

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")


def found(bought: pd.DataFrame, history_days: int) -> Threshold:
    days = ibis.memtable(pa.Table.from_pandas(bought.drop_duplicates()))
    end = rhythms.START + timedelta(days=history_days)
    spells, lifetimes = (small_frame(table(days, end)) for table in (gaps.spells, gaps.lifetimes))
    threshold, _balance = choose_threshold(spells, lifetimes, ThresholdSettings())
    return threshold


def came_back(threshold: Threshold, days: int) -> float:
    """Share of those silent for ``days`` who came back."""
    (share,) = (row.late_return_share for row in threshold.sensitivity if row.threshold_days == days)
    assert share is not None
    return share


def test_coffee_every_other_day():
    threshold = found(rhythms.coffee(), 365)
    assert (threshold.days, threshold.separates) == (30, True)
    assert "no threshold below 30 days is proposed" in threshold.reason


def test_a_subscription_box_a_month():
    threshold = found(rhythms.subscription(), 730)
    assert 35 <= threshold.days <= 60
    assert threshold.separates


def test_twenty_companies_and_how_little_it_rests_on():
    threshold = found(rhythms.wholesale(), 730)
    # An order that is left out makes a pause of some 70 days.
    assert 60 <= threshold.days <= 100
    assert threshold.separates
    assert threshold.pauses is not None
    assert threshold.pauses < 30
    assert f"({threshold.pauses} such pauses only)" in threshold.reason
    # Nine in ten of those silent for a month come back: no place for a threshold.
    assert came_back(threshold, 30) > 0.8


def test_a_garden_shop_is_not_cut_off_by_its_winter():
    threshold = found(rhythms.garden(), 1095)
    assert 120 <= threshold.days <= 200
    assert threshold.separates
    # Half of those silent for two months are only waiting for the spring.
    assert came_back(threshold, 60) > 0.4


def test_a_yearly_shop_over_three_years():
    threshold = found(rhythms.gifts(1125), 1125)
    assert 370 <= threshold.days <= 420
    assert threshold.separates


def test_a_yearly_shop_over_two_years_has_no_threshold_yet():
    threshold = found(rhythms.gifts(760), 760)
    assert threshold.separates is False
    assert threshold.returned_after_share is not None
    assert 0.55 < threshold.returned_after_share < 0.75
    assert threshold.days <= threshold.history_limit_days
    assert threshold.clipped_from is not None
    assert 370 <= threshold.clipped_from <= 420
    assert threshold.reason.startswith(
        "No threshold separates a pause from a loss: after 240 days of silence"
    )
    assert "would separate them" in threshold.reason
    assert "about a year after their last purchase" in threshold.reason
