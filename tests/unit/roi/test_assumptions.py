"""Assumptions: from the settings, checked when made, written out in words."""

from dataclasses import fields

import pytest

from churnkit.config import Money
from churnkit.errors import SettingsError
from churnkit.results.campaign_money import Assumptions
from churnkit.roi import assumption_words, assumptions_from_money, with_contact_cost


def test_from_the_settings():
    money = Money(margin=0.4, save_rate=0.3, contact_cost=8.0, campaign_discount=0.2, gone_success=0.5)
    found = assumptions_from_money(money)
    assert found == Assumptions(contact_cost=8.0, save_rate=0.3, gone_success=0.5, discount=0.2, margin=0.4)


@pytest.mark.parametrize(
    ("currency", "mean", "cost"),
    # A twentieth of (2 x 5.17 + 40) / 3 = 16.78 is 0.839; the smallest coin is a yen, a cent, a fils.
    [
        ("EUR", 5.174, 0.84),
        (None, 5.174, 0.84),
        ("KWD", 5.174, 0.839),
        ("JPY", 5.174, 1.0),
        ("JPY", 1.0, 1.0),
    ],
)
def test_an_unset_contact_cost_is_a_share_of_an_order_in_whole_coins(currency, mean, cost):
    priced = with_contact_cost(Money(), [mean, 40.0], [2, 1], currency)
    assert priced.contact_cost == cost
    assert assumptions_from_money(priced).contact_cost == cost


def test_a_contact_cost_that_is_set_stays_as_it_is():
    money = Money(contact_cost=0.004)
    assert with_contact_cost(money, [60.0], [1], "EUR") == money
    assert with_contact_cost(Money(), [0.0], [1], "EUR").contact_cost == 0
    with pytest.raises(SettingsError, match="must be set first"):
        assumptions_from_money(Money())


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
    words = dict(assumption_words(Assumptions(contact_cost=8.0), "GBP"))
    assert words["Cost of a contact"] == "£8.00"
    # What comes back anyway is in the value already, and is named where somebody sets more.
    assert len(words) == len(fields(Assumptions)) - 1
    assert len(assumption_words(Assumptions(contact_cost=8.0, returns_anyway=0.1), "GBP")) == len(words) + 1


def test_margin_and_shares_go_up_to_one():
    assert Assumptions(contact_cost=0.0, margin=1.0, save_rate=1.0, reach=0.0).margin == 1.0
    with pytest.raises(SettingsError, match="margin"):
        Assumptions(contact_cost=0.0, margin=1.01)


def test_words_say_every_value():
    assumed = Assumptions(
        contact_cost=8.0,
        save_rate=0.21,
        gone_success=0.22,
        discount=0.23,
        stayers_redeem=0.24,
        reach=0.25,
        margin=0.26,
        returns_anyway=0.27,
        save_rate_weight=30.0,
    )
    said = [value.replace("\u202f", " ") for _, value in assumption_words(assumed, "GBP")]
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


def test_success_with_the_gone_is_named_only_where_they_can_be_told():
    assumed = Assumptions(contact_cost=8.0)
    named = {label for label, _ in assumption_words(assumed, "GBP")}
    without = {label for label, _ in assumption_words(assumed, "GBP", tells_gone=False)}
    assert named - without == {"Success with those who are gone already, as a share of that"}
