"""Panels of groups: drivers, distinctions, what could be kept, what to do, and all of it in words."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from churnkit.config import Money, Tiers
from churnkit.results.found import Found, Missing
from churnkit.results.group_panels import GroupPanel
from churnkit.roi import Uncertainty
from churnkit.segments import SEGMENTS
from churnkit.segments.grid import ADVICE
from churnkit.segments.group_actions import SEGMENT_ACTIONS, group_action
from churnkit.services.campaign.language_model import LanguageModel
from churnkit.services.decide.group_panel_words import two_values
from churnkit.services.decide.group_panels import ALL_LAPSED, TOO_FEW, panel_table, segment_panels
from churnkit.services.decide.panel_source import PanelSource
from churnkit.services.decide.panel_wording import WordingRefused, checked_wording, word_panel
from churnkit.services.decide.recoverable import recoverable
from churnkit.text.figures import percent

COUNTS = {"Champions": 40, "About to sleep": 40, "Can't lose": 25, "New": 10}


def source(no_risk: str | None = None, no_advice: str | None = None) -> PanelSource:
    """Champions bought lately and are pushed to stay, who is about to sleep is pushed to leave, "Can't lose" has lapsed."""
    segment = np.repeat(np.array(list(COUNTS), dtype=object), list(COUNTS.values()))
    n, rng = len(segment), np.random.default_rng(7)
    asleep, lapsed = segment == "About to sleep", segment == "Can't lose"
    recency = np.select([asleep, lapsed], [50.0, 200.0], 5.0) + rng.integers(0, 5, n)
    p = np.select([asleep, lapsed], [0.8, 0.95], 0.1)
    customers = pd.DataFrame(
        {
            "customer_id": [f"c{k}" for k in range(n)],
            "status": np.where(lapsed, "lapsed", "active"),
            "segment": segment,
            "risk_tier": pd.Series(np.select([lapsed, asleep], ["none", "high"], "low")).replace(
                "none", None
            ),
            "p_churn": p,
            "recency_days": recency,
            "order_count": 3,
            "monetary_total": 300.0,
            "mean_order_value": 100.0,
            "clv": 100.0 * (1 - p),
            "clv_if_kept": 100.0,
            "clv_if_lost": 0.0,
            "value_at_risk": np.where(lapsed, 0.0, 100.0 * p),
        }
    )
    rows = customers[["recency_days", "order_count", "monetary_total"]].assign(
        weekend_share=np.where(asleep, 0.6, 0.1) + rng.uniform(0, 0.1, n)
    )
    contributions = pd.DataFrame({"recency_days": np.where(asleep, 1.0, -1.0) + rng.normal(0, 0.1, n)})
    return PanelSource(
        customers, rows, contributions, "EUR", Money(), Tiers(), Uncertainty(), no_risk, no_advice
    )


def panel(name: str, **reasons: str) -> GroupPanel:
    return next(one for one in segment_panels(source(**reasons)) if one.group == name)


def test_one_for_each_segment_that_has_customers() -> None:
    panels = segment_panels(source())
    assert [one.group for one in panels] == [name for name in SEGMENTS if name in COUNTS]
    assert all(len(one.words) == 5 and "nan" not in " ".join(one.words) for one in panels)
    assert len(panel_table(panels)) == 4


def test_drivers_against_the_other_active() -> None:
    asleep = panel("About to sleep")
    assert asleep.population == "active" and isinstance(asleep.drivers, Found)
    (driver,) = asleep.drivers.value
    # +1 against -1 in log-odds, give or take the noise: about e² = 7.4.
    assert driver.push == pytest.approx(2.0, abs=0.1)
    assert driver.odds == f"×\u00a0{np.exp(driver.push):.1f}"
    assert driver.fact == "Days since the last purchase"
    assert driver.own.startswith("5") and driver.others in ("6 days", "7 days")


def test_what_sets_apart_is_not_what_the_group_is_made_by() -> None:
    (only,) = panel("About to sleep").distinctions
    assert only.label == "Share of orders at weekends" and only.p_above == 1.0


def test_recoverable_is_the_usual_range_until_something_is_known() -> None:
    asleep = panel("About to sleep")
    assert isinstance(asleep.recoverable, Found)
    # 40 customers at 0.8 x 100.
    assert asleep.figures.value_at_risk == pytest.approx(3200)
    assert (asleep.recoverable.value.low, asleep.recoverable.value.high) == pytest.approx((960.0, 1280.0))
    assert "assumption until" in asleep.words[3]


def test_recoverable_by_the_owners_rate_and_by_the_measured_one() -> None:
    given = recoverable(Money(save_rate=0.2, given=("save_rate",)), 1000.0)
    assert isinstance(given, Found) and given.value.low == given.value.high == pytest.approx(200.0)
    assert given.value.source == "your setting"
    measured = recoverable(Money(save_rate=0.2, save_rate_weight=400.0, measured=("save_rate",)), 1000.0)
    assert isinstance(measured, Found) and measured.value.source == "measured"
    # Standard deviation of the beta: sqrt(.2 x .8 / 401) = .02; 80 % are 1.28 of them.
    assert (measured.value.low, measured.value.high) == pytest.approx((174.4, 225.6), abs=2)


def test_the_lapsed_are_compared_with_the_lapsed_and_cost_nothing() -> None:
    gone = panel("Can't lose")
    assert gone.population == "lapsed" and gone.drivers == Missing(TOO_FEW)
    assert isinstance(gone.recoverable, Missing) and gone.outcome == Missing(ALL_LAPSED)
    assert gone.words[4].startswith(SEGMENT_ACTIONS["Can't lose"])


def test_without_proof_nothing_is_promised() -> None:
    asleep = panel("About to sleep", no_risk="Not proven.", no_advice="Nobody is named.")
    assert asleep.recoverable == Missing("Not proven.") and asleep.outcome == Missing("Nobody is named.")
    assert asleep.words[3] == "Not proven." and asleep.words[4].endswith("Nobody is named.")


def test_a_small_group_has_no_drivers() -> None:
    assert panel("New").drivers == Missing(TOO_FEW)


def test_every_segment_says_what_to_do() -> None:
    assert set(SEGMENT_ACTIONS) == set(SEGMENTS)


def test_what_to_do_about_a_found_group() -> None:
    assert group_action(0.9, "high", "high") == ADVICE["high", "high"]
    assert group_action(0.0, None, "middle").startswith("Make a comeback offer")
    both = group_action(0.2, "medium", "low")
    assert both.startswith("For the active: leave them in the newsletter. For the lapsed: an automatic")
    # Where nothing is proven, risk plays no part.
    assert group_action(0.9, None, "high") == ADVICE["low", "high"]


def test_usual_values_are_medians_else_means() -> None:
    assert two_values("order_count", pd.Series([1, 2, 9]), pd.Series([3, 4, 9]), None) == ("2", "4")
    shares = pd.Series([0.0, 0.0, 0.9]), pd.Series([0.0, 0.0, 0.3])
    assert two_values("weekend_share", *shares, None) == (percent(0.3), percent(0.1))
    assert two_values("order_count", pd.Series([2, 2]), pd.Series([2, 2]), None) == ("", "")
    assert two_values("order_count", pd.Series([np.nan]), pd.Series([2.0]), None) == ("", "")


class Told(LanguageModel):
    """A model that keeps what it is told and repeats its first line."""

    def complete(self, system: str, user: str) -> str:
        object.__setattr__(self, "heard", f"{system}\n{user}")
        return user.splitlines()[1]


def test_a_language_model_is_told_the_panel_and_of_no_customer() -> None:
    model, asleep = Told("https://host/v1", "secret", "m"), panel("About to sleep")
    assert word_panel(model, asleep) == asleep.words[0]
    heard = str(vars(model)["heard"])
    assert all(sentence in heard for sentence in asleep.words)
    assert not any(name in heard for name in source().customers["customer_id"] if len(name) > 2)


@pytest.mark.parametrize(
    ("answer", "refused"),
    [
        ("Their 40 customers bring 3,200 €.", None),
        ("Their 40 customers bring 3,300 €.", "3,300"),
        ("About 3200 € is at risk.", "3200"),
        ("  ", "empty"),
        ("See www.example.org", "link"),
        ("word " * 400, "too long"),
    ],
)
def test_a_language_model_may_use_no_figure_of_its_own(answer: str, refused: str | None) -> None:
    told = "About to sleep: 40 customers. 3,200 € of their value is at risk."
    if refused is None:
        assert checked_wording(answer, told) == answer
    else:
        with pytest.raises(WordingRefused, match=re.escape(refused)):
            checked_wording(answer, told)
