"""Every reason for leaving a feature out is said in words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from churnkit.explain.left_out import left_out
from churnkit.features.feature_selection import SEASON_REASON, FeatureSelector


def test_every_reason_of_the_selection_has_words_of_its_own() -> None:
    values = np.arange(40.0)
    rows = pd.DataFrame(
        {
            "monetary_total": values,
            "gross_total": values * 1.01,
            "refund_total": np.zeros(40),
            "discount_total": np.where(values < 4, 1.0, np.nan),
        }
    )
    reasons = FeatureSelector().fit(rows).dropped_
    found = {one.name: one for one in left_out(reasons)}
    assert set(found) == {"gross_total", "refund_total", "discount_total"}
    assert found["gross_total"].label == "Money spent before returns"
    assert "“Money spent, returns taken off”" in found["gross_total"].words
    assert "rank correlation 1.00" in found["gross_total"].words
    assert found["refund_total"].cause == "Equal for everybody"
    assert "90 % of the past rows" in found["discount_total"].words.replace("\u202f", " ")
    assert not [one for one in found.values() if one.cause == "Not used"]


def test_reasons_of_the_tournament() -> None:
    reasons = {
        "visits_soon": "leakage screen: normalised Gini 0.98 alone",
        "cutoff_month_sin": SEASON_REASON,
        "strange": "a reason of a later version",
    }
    found = {one.name: one for one in left_out(reasons)}
    assert "Gini 0.98" in found["visits_soon"].words
    assert found["cutoff_month_sin"].cause == "Season seen once"
    assert found["strange"].words == "A reason of a later version."


def test_equal_causes_stand_together() -> None:
    found = left_out({"tenure_days": "no variance", "orders_30d": "85 % missing", "hour_mean": "no variance"})
    assert [one.cause for one in found] == ["Equal for everybody", "Equal for everybody", "Mostly unknown"]
