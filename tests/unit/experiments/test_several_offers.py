"""Several offers against none: costs by hand, all pairs counted, and no offer that wins by being one of many."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from churnkit.campaigns.offers import NOTHING, draw_offers
from churnkit.errors import DataError
from churnkit.experiments import SampleRatioMismatch, difference_of_proportions
from churnkit.experiments.several_offers import compare_offers
from churnkit.services.campaign.several_offers import (
    OfferColumns,
    drawn_offers,
    drawn_words,
    offers_table,
    read_offers,
    waiting_table,
)


def table_of(**arms: tuple[int, int]) -> pd.DataFrame:
    """Customers by arm: how many, and how many of them bought."""
    rows = [
        {
            "arm": name,
            "bought": int(place < bought),
            "day": 3.0 * (place + 1) / bought if place < bought else np.nan,
        }
        for name, (customers, bought) in arms.items()
        for place in range(customers)
    ]
    return pd.DataFrame(rows)


def test_what_a_buyer_costs_by_hand() -> None:
    table = table_of(none=(1000, 100), mail=(1000, 150), call=(1000, 160))
    found = compare_offers(
        table["arm"].to_numpy(), table["bought"].to_numpy() > 0, "none", {"mail": 0.5, "call": 6.0}
    )
    call, mail = found.offers
    assert (call.offer, mail.offer, found.base.cost) == ("call", "mail", 0.0)
    assert mail.cost == 500.0
    assert mail.cost_each == pytest.approx(500 / 150)
    # 50 more bought than would have without it.
    assert mail.cost_extra is not None and mail.cost_extra.value == pytest.approx(10.0)
    assert mail.difference is not None and mail.cost_extra.high == pytest.approx(0.5 / mail.difference.low)
    # Three pairs of arms.
    wide = difference_of_proportions(150, 1000, 100, 1000, alpha=0.05 / 3)
    assert mail.difference == wide
    assert "“call” and “mail”" in found.words()[0]
    assert "cannot be told from these numbers" in found.words()[1]


def test_no_effect_has_no_price() -> None:
    table = table_of(none=(200, 30), mail=(200, 28), letter=(200, 33))
    found = compare_offers(table["arm"].to_numpy(), table["bought"].to_numpy() > 0, "none", {"letter": 1.0})
    letter, mail = found.offers
    assert mail.cost_extra is None
    assert letter.cost_extra is not None and math.isinf(letter.cost_extra.high)
    assert found.words()[0].startswith("None of 2 offers")
    rows = offers_table(found)
    assert math.isnan(rows["cost_extra_high"].iloc[1]) and math.isnan(rows["difference"].iloc[0])


def test_many_offers_that_do_nothing_seldom_win() -> None:
    rng = np.random.default_rng(8)
    names = np.repeat(["none", "a", "b", "c", "d"], 300)
    wins = 0
    for _ in range(150):
        found = compare_offers(names, rng.random(1500) < 0.3, "none", {})
        wins += any(one.difference is not None and one.difference.excludes_zero for one in found.offers)
    # 5 % at most, and room for chance: 3 standard errors of 150 draws.
    assert wins <= 16


def test_a_table_with_days_is_read_out() -> None:
    table = table_of(none=(100, 20), mail=(100, 40))
    columns = OfferColumns(arm="arm", base="none", outcome="bought", days="day", followed_days=30.0)
    found = read_offers(table, columns)
    assert set(found.by_arm) == {"none", "mail"}
    shown = waiting_table(found.by_arm).set_index(["offer", "day"])["share"]
    assert shown[("mail", 10)] == pytest.approx(0.4) and shown[("none", 30)] == pytest.approx(0.2)
    assert ("mail", 60) not in shown.index
    assert found.same_time_p is not None and found.same_time_p < 0.01
    assert "differ in when customers buy" in found.words()[-1]
    with pytest.raises(DataError, match="nobody can have bought after the 2 days"):
        read_offers(table, OfferColumns("arm", "none", "bought", days="day", followed_days=2.0))


def test_arms_that_no_fair_draw_made_are_refused() -> None:
    table = table_of(none=(100, 20), mail=(400, 80))
    with pytest.raises(SampleRatioMismatch):
        read_offers(table, OfferColumns("arm", "none", "bought"))
    assert read_offers(table, OfferColumns("arm", "none", "bought", equal=False)).by_arm == {}
    with pytest.raises(DataError, match="there must be customers without an offer"):
        read_offers(table, OfferColumns("arm", "nobody", "bought", equal=False))


def test_offers_are_drawn_alike_in_every_stratum() -> None:
    ids = pd.Series([f"{n:04d}" for n in range(901)])
    stratum = pd.Series(np.where(np.arange(901) % 3 == 0, "1 high", "2 low"))
    arms = draw_offers(ids, stratum, [" Mail ", "Call"], seed=7)
    counted = pd.crosstab(arms, stratum)
    assert sorted(counted.index) == ["Call", "Mail", NOTHING]
    for name in ("1 high", "2 low"):
        assert counted[name].max() - counted[name].min() <= 2
    assert (draw_offers(ids, stratum, ["Mail", "Call"], seed=7) == arms).all()
    assert (draw_offers(ids, stratum, ["Mail", "Call"], seed=8) != arms).any()
    for names in ([], ["Mail", "Mail"], [NOTHING]):
        with pytest.raises(DataError, match="Drawing offers"):
            draw_offers(ids, stratum, names, seed=7)


def test_a_drawn_list_says_what_it_can_show() -> None:
    rng = np.random.default_rng(2)
    targets = pd.DataFrame(
        {
            "customer_id": [f"{n:04d}" for n in range(600)],
            "risk_tier": rng.choice(["high", "medium"], 600),
            "clv_if_kept": rng.gamma(2, 50, 600),
            "p_churn": 0.7,
        }
    )
    drawn = drawn_offers(targets, ["Day 10", "Day 20"], "session")
    assert drawn["offer"].value_counts().tolist() == [200, 200, 200]
    words = drawn_words(drawn)
    assert words.startswith(
        "3 groups of about 200 customers, one of them left alone. 30\u202f% are forecast to buy"
    )
    assert "shows in 4 of 5" in words
    few = drawn_words(drawn_offers(targets.head(6), ["Day 10", "Day 20"], "session"))
    assert "can show nothing" in few
