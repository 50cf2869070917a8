"""Groups added up by hand, flows between two dates, the grid of risk and value."""

import numpy as np
import pandas as pd
import pytest

from churnkit.errors import SettingsError
from churnkit.segments import NOT_YET, ValueBands, describe_groups, movement, risk_value_grid, value_band
from churnkit.segments.grid import ADVICE, TIERS, VALUES

CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "c", "d"],
        "status": ["active"] * 4,
        "p_churn": [0.9, 0.5, 0.2, 0.4],
        "risk_tier": ["high", "medium", "low", "low"],
        "recency_days": [100, 40, 5, 10],
        "order_count": [1, 2, 9, 4],
        "mean_order_value": [10.0, 20.0, 30.0, 40.0],
        "monetary_total": [10.0, 40.0, 270.0, 80.0],
        "clv": [1.0, 20.0, 200.0, 79.0],
        "clv_if_kept": [10.0, 40.0, 250.0, 100.0],
        "value_at_risk": [9.0, 20.0, 50.0, 40.0],
    }
)


def test_groups_by_hand():
    table = describe_groups(CUSTOMERS, np.array(["x", "x", "y", "x"]))
    assert table["group"].tolist() == ["x", "y"]
    x = table.iloc[0]
    assert (x["customers"], x["share"]) == (3, 0.75)
    assert x["clv"] == pytest.approx(100.0) and x["clv_share"] == pytest.approx(1 / 3)
    assert x["value_at_risk"] == pytest.approx(69.0) and x["value_at_risk_share"] == pytest.approx(69 / 119)
    assert x["monetary_total_share"] == pytest.approx(130 / 400)
    assert x["expected_leavers"] == pytest.approx(1.8) and x["mean_p_churn"] == pytest.approx(0.6)
    assert (x["median_recency_days"], x["median_order_count"], x["mean_order_value"]) == (40, 2, 70 / 3)
    for share in ("share", "clv_share", "value_at_risk_share", "monetary_total_share"):
        assert table[share].sum() == pytest.approx(1.0)


def test_leavers_of_a_group_are_active():
    lapsed = CUSTOMERS.assign(status=["lapsed", "active", "active", "active"])
    x, y = describe_groups(lapsed, np.array(["x", "x", "y", "x"])).to_dict("records")
    assert (x["customers"], x["active"], x["expected_leavers"]) == (3, 2, pytest.approx(0.9))
    assert (y["customers"], y["active"], y["mean_p_churn"]) == (1, 1, pytest.approx(0.2))


def test_groups_keep_a_given_order_and_have_no_share_of_nothing():
    table = describe_groups(
        CUSTOMERS.assign(clv=0.0), np.array(["x", "x", "y", "x"]), order=["y", "nobody", "x"]
    )
    assert table["group"].tolist() == ["y", "x"]
    assert table["clv_share"].tolist() == [0.0, 0.0]


def after(segments: list[str], known: list[bool]) -> pd.DataFrame:
    return CUSTOMERS[["customer_id", "clv", "value_at_risk"]].assign(
        segment=segments, known_before=known, spend_between=[0.0, 0.0, 5.0, 7.0]
    )


def figures(flows: pd.DataFrame, key: object, columns: list[str]) -> list[float]:
    return flows.loc[[key], columns].to_numpy()[0].tolist()


def test_flows_by_hand():
    before = pd.DataFrame(
        {
            "customer_id": ["a", "b", "c"],
            "segment": ["Loyal", "Loyal", "New"],
            "spend_between": [3.0, 4.0, 5.0],
        }
    )
    flows = movement(before, after(["At risk", "Loyal", "Loyal", "New"], [True, True, True, False]))
    assert flows["customers"].sum() == 4
    found = flows.set_index(["from_segment", "to_segment"])
    assert figures(found, ("Loyal", "At risk"), ["customers", "spend_between", "clv", "share_of_from"]) == [
        1,
        3.0,
        1.0,
        0.5,
    ]
    assert found.loc[("New", "Loyal"), "value_at_risk"] == 50.0
    assert figures(found, (NOT_YET, "New"), ["customers", "spend_between", "share_of_from"]) == [
        1,
        7.0,
        1.0,
    ]


def test_followed_customers_count_for_those_who_were_not():
    before = pd.DataFrame({"customer_id": ["a"], "segment": ["Loyal"], "spend_between": [3.0]})
    flows = movement(before, after(["At risk"] * 4, [True, True, True, False]))
    found = flows.set_index("from_segment")
    assert figures(found, "Loyal", ["customers", "spend_between"]) == [3.0, 9.0]
    assert found.loc[NOT_YET, "customers"] == 1.0


def test_nobody_was_a_customer_then():
    nobody = pd.DataFrame({"customer_id": [], "segment": [], "spend_between": []}).astype(
        {"customer_id": "str", "segment": "str", "spend_between": "float64"}
    )
    flows = movement(nobody, after(["New"] * 4, [False] * 4))
    assert flows[["from_segment", "to_segment", "customers"]].values.tolist() == [[NOT_YET, "New", 4.0]]  # noqa: PD011


def test_value_bands_by_hand():
    # The best 20 % of ten are two, the next 30 % three.
    assert value_band(np.arange(10.0)).tolist() == ["low"] * 5 + ["middle"] * 3 + ["high"] * 2
    assert value_band(np.zeros(5)).tolist() == ["high"] * 5
    assert value_band(np.array([1.0, 1.0, 3.0]), ValueBands(0.3, 0.4)).tolist() == [
        "middle",
        "middle",
        "high",
    ]


def test_the_grid_holds_everybody_once():
    grid = risk_value_grid(CUSTOMERS)
    assert list(zip(grid["tier"], grid["value"], strict=True)) == [(t, v) for t in TIERS for v in VALUES]
    assert grid["customers"].sum() == 4 and grid["share"].sum() == pytest.approx(1.0)
    assert grid["value_at_risk"].sum() == pytest.approx(119.0)
    low_high = grid[(grid["tier"] == "low") & (grid["value"] == "high")].iloc[0]
    # Above a quarter of four: c alone is worth more than all but 20 %.
    assert (low_high["customers"], low_high["clv"], low_high["value_from"]) == (1, 200.0, 250.0)
    assert set(grid["advice"]) == set(ADVICE.values())


def test_shares_that_leave_nobody_low():
    with pytest.raises(SettingsError, match=r"found 0.6 and 0.4"):
        ValueBands(0.6, 0.4)
