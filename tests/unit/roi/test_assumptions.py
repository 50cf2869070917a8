"""Assumptions: checked when made, stored and read back, written out in words."""

import pytest

from churnkit.config import Money
from churnkit.errors import SettingsError
from churnkit.roi import Assumptions


def test_from_the_settings():
    money = Money(margin=0.4, save_rate=0.3, contact_cost=8.0, campaign_discount=0.2, gone_success=0.5)
    found = Assumptions.from_money(money, mean_order_value=99.0)
    assert found == Assumptions(contact_cost=8.0, save_rate=0.3, gone_success=0.5, discount=0.2, margin=0.4)


def test_an_unset_contact_cost_is_a_share_of_an_order():
    assert Assumptions.from_money(Money(), mean_order_value=60.0).contact_cost == pytest.approx(3.0)


def test_there_and_back():
    assumptions = Assumptions(contact_cost=2.5, save_rate=0.2, returns_anyway=0.1)
    assert Assumptions.from_dict({**assumptions.as_dict(), "of_another_version": 1}) == assumptions


def test_without_a_contact_cost_there_is_no_campaign():
    with pytest.raises(SettingsError, match="contact cost is missing"):
        Assumptions.from_dict({"save_rate": 0.2})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("save_rate", 1.01),
        ("gone_success", -0.1),
        ("discount", 1.5),
        ("stayers_redeem", float("nan")),
        ("reach", 2),
        ("margin", 0),
        ("returns_anyway", -1),
        ("contact_cost", -0.01),
        ("contact_cost", float("inf")),
        ("save_rate_weight", 0),
    ],
)
def test_out_of_range(name, value):
    with pytest.raises(SettingsError, match=name):
        Assumptions(**{"contact_cost": 1.0, name: value})


def test_words_name_every_assumption():
    words = dict(Assumptions(contact_cost=8.0).words("GBP"))
    assert words["Cost of a contact"] == "£8.00"
    assert len(words) == len(Assumptions(contact_cost=8.0).as_dict())


def test_margin_and_shares_go_up_to_one():
    assert Assumptions(contact_cost=0.0, margin=1.0, save_rate=1.0, reach=0.0).margin == 1.0
    with pytest.raises(SettingsError, match="margin"):
        Assumptions(contact_cost=0.0, margin=1.01)


def test_words_say_every_value():
    found = Assumptions(
        contact_cost=8.0,
        save_rate=0.21,
        gone_success=0.22,
        discount=0.23,
        stayers_redeem=0.24,
        reach=0.25,
        margin=0.26,
        returns_anyway=0.27,
        save_rate_weight=30.0,
    ).words("GBP")
    said = [value.replace("\u202f", " ") for _, value in found]
    assert said == [
        "£8.00",
        "21 %",
        "22 %",
        "as if measured on 30 customers",
        "23 %",
        "24 %",
        "25 %",
        "26 %",
        "27 %",
    ]
