"""Each question has one figure and one way on; what is not proven is not said, and what is old says so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pandas as pd
import pytest

from churnkit.config import Money
from churnkit.results.evidence import EvidenceDocument
from churnkit.results.found import Found, Missing
from churnkit.results.quarter import Change, QuarterChange
from churnkit.results.summary import Summary
from churnkit.services.home.answer import NO_CHANGE, Answer
from churnkit.services.home.earlier import Earlier, earlier_standing, newly_since_a_threshold_ago
from churnkit.services.home.questions import at_stake, is_fresh, who_leaves
from churnkit.services.home.week import this_week
from churnkit.services.home.worked import did_it_work
from churnkit.services.since.campaign_states import campaign_states
from churnkit.services.since.readouts_due import read_out_over
from churnkit.services.worklist.left_alone import LeftAlone
from churnkit.store import Store, WorkEntry, WorkState
from tests.made_evidence import bare_evidence, made_evidence, made_recommendation
from tests.made_report import made_summary
from tests.unit.services.since.test_readouts_due import SENT, planned, run_until
from tests.unit.services.since.two_versions import NOW, THEN, both, version
from tests.unit.store.filled import begin

SCORED = date(2025, 7, 1)
NOBODY = LeftAlone({}, {}, 30)
EARLIER = Earlier(
    cutoff=datetime(2025, 6, 1), leaver_share=0.4, at_risk=4000.0, newly_at_risk=(), same_model=True
)


def fresh(today: date, *, sample: bool = False, mine: bool = True, since: date | None = None) -> Answer:
    return is_fresh(made_summary(), sample=sample, mine=mine, since=since, today=today)


def test_orders_of_these_days_are_fresh_and_older_ones_are_not() -> None:
    found = fresh(date(2025, 7, 4))
    assert (found.figure, found.badge, found.mood, found.way.page) == (
        "30 Jun 2025", "Fresh", "good", "history"
    )  # fmt: skip
    assert "4 days old" in found.words
    assert fresh(date(2025, 7, 4), since=date(2025, 5, 31)).way.page == "since"
    old = fresh(date(2025, 9, 1), since=date(2025, 5, 31))
    assert (old.badge, old.mood, old.way.page) == ("Too old to act on", "bad", "history")
    assert "end 2 months ago" in old.words and "who has bought since is not known" in old.words
    assert "end 15 years ago" in fresh(date(2040, 6, 1)).words
    # Somebody else's cannot be brought up to date, and a sample is not one's own.
    assert fresh(date(2025, 9, 1), mine=False).way.page == "data_quality"
    sample = fresh(date(2025, 9, 1), sample=True)
    assert (sample.badge, sample.way.page) == ("Sample", "upload")
    assert "none of its customers is real" in sample.words


def leaves(
    evidence: EvidenceDocument | None = None,
    earlier: Earlier | None = None,
    quarter: QuarterChange | None = None,
    newly: tuple[str, ...] = (),
    summary: Summary | None = None,
) -> Answer:
    return who_leaves(summary or made_summary(), evidence or made_evidence(), earlier, quarter, newly)


def test_who_is_about_to_leave_is_counted_of_the_active() -> None:
    found = leaves(earlier=replace(EARLIER, newly_at_risk=tuple("abcdefg")))
    assert (found.figure, found.kind, found.change, found.since) == (
        "16", "tested", "+1.2 points", datetime(2025, 6, 1)
    )  # fmt: skip
    assert found.words.startswith("Of 40 active customers 41\u202f% are expected to buy nothing")
    assert "35\u202f% to 47\u202f%" in found.words
    assert found.people is not None
    assert found.people.words == "7 new at high risk since 1 Jun 2025"
    assert (found.people.customer_ids, found.people.rest) == (tuple("abcde"), 2)
    assert found.way.customers is not None and found.way.customers.tiers == ("high",)
    summary = made_summary()
    few = replace(summary.customers.tiers, high=replace(summary.customers.tiers.high, customers=1))
    summary = replace(summary, customers=replace(summary.customers, tiers=few))
    way = leaves(summary=summary, earlier=EARLIER).way
    assert way.label == "See the 9 most at risk"
    assert way.customers is not None and way.customers.tiers == ("high", "medium")
    assert leaves(earlier=replace(EARLIER, leaver_share=0.4122)).change == NO_CHANGE
    other = leaves(earlier=replace(EARLIER, same_model=False, newly_at_risk=None))
    assert "Another model scored then" in other.change_note
    assert other.people is None, "a version without comparable tiers names nobody"


def test_without_an_earlier_version_a_quarter_ago_stands_in() -> None:
    missing = Missing("Too short.")
    since = datetime(2025, 4, 1)
    quarter = QuarterChange(
        missing, missing, Found(Change(0.412, 0.5, since)), Found(Change(110, 100, since)), 0.4
    )
    found = leaves(quarter=quarter, newly=("x", "y"))
    assert (found.change, found.since) == ("-8.8 points", since)
    assert found.people is not None and found.people.words == "2 new at high risk since 1 Jun 2025"
    risk = at_stake(made_summary(), made_evidence(), Money(), "EUR", None, quarter)
    assert (risk.change, risk.since) == ("+10\u202f%", since)
    assert "known at both dates" in risk.change_note
    assert leaves(quarter=QuarterChange(missing, missing, missing, missing, None)).change == ""


def test_what_is_not_proven_names_nobody_and_no_money() -> None:
    bare, summary = bare_evidence("Only 12 days of history."), made_summary("rules")
    nobody = replace(summary.customers.tiers.high, customers=0)
    tiers = replace(summary.customers.tiers, high=nobody, medium=nobody, low=nobody)
    summary = replace(summary, customers=replace(summary.customers, tiers=tiers))
    found = leaves(bare, newly=("a",), summary=summary)
    assert found.kind == "forecast" and found.people is None
    assert "so nobody is named" in found.words
    assert found.way.customers is not None and found.way.customers.tiers == ()
    risk = at_stake(summary, bare, Money(), "EUR", EARLIER, None)
    assert (risk.figure, risk.kind, risk.change) == ("not known", None, "")
    assert "Only 12 days of history." in risk.words and "€3,000" in risk.words
    assert week(bare.recommended).figure == "no advice"


def test_a_shop_without_active_customers_says_so() -> None:
    summary = made_summary()
    active, lapsed = (replace(summary.customers.active, customers=n) for n in (0, 1))
    summary = replace(summary, customers=replace(summary.customers, active=active, lapsed=lapsed))
    found = leaves(summary=summary)
    assert found.figure == "0" and "Nobody is active: 1 customer bought nothing" in found.words
    assert found.way.customers is not None and found.way.customers.statuses == ("lapsed",)


def test_what_is_at_stake_stands_beside_last_year() -> None:
    found = at_stake(made_summary(), made_evidence(), Money(), "EUR", EARLIER, None)
    assert (found.figure, found.kind, found.change) == ("€4,711", "forecast", "+17.8\u202f%")
    assert "€4,000 to €5,400" in found.words
    assert "The last 365 days brought €3,000, €2,900 of it from customers active today." in found.words
    assert "No margin is set" in found.words
    money = Money().told(margin=0.4)
    summary = replace(made_summary(), money=replace(made_summary().money, margin=0.4))
    told = at_stake(summary, made_evidence(), money, "EUR", None, None)
    assert "The profit that would leave" in told.words
    assert "€1,200 of it profit at a margin of 40\u202f% (your setting)" in told.words


CUSTOMERS = pd.DataFrame(
    {
        "customer_id": ["a", "b", "c", "d"],
        "status": ["active", "active", "lapsed", "active"],
        "rank": [2, 1, 3, 4],
        "risk_tier": ["high", "high", None, "high"],
        "risk_tier_before": ["low", "high", None, "medium"],
        "value_at_risk": [50.0, 80.0, 0.0, 60.0],
    }
)


def week(
    recommended: object = None, entries: tuple[WorkEntry, ...] = (), alone: LeftAlone = NOBODY, **more: bool
) -> Answer:
    advice = recommended or Found(made_recommendation(contacted=2))
    return this_week(advice, CUSTOMERS, entries, alone, "assumed", "EUR", **{"stale": False, **more})  # type: ignore[arg-type]


def entry(customer: str, state: WorkState, contacted: date | None = None) -> WorkEntry:
    at = datetime(2025, 7, 1, tzinfo=UTC)
    return WorkEntry("s", customer, state, "", contacted, datetime(2025, 6, 30), "", False, at)


def test_this_week_is_the_advice_or_the_work_list() -> None:
    found = week()
    assert (found.figure, found.kind, found.way.campaign_size) == ("contact 2", "assumed", 2)
    assert "about €15.00 and brings €610.00 net in a year" in found.words
    assert found.people is not None and found.people.customer_ids == ("b", "a")
    alone = week(alone=LeftAlone({"b": date(2025, 6, 30)}, {}, 30)).people
    assert alone is not None and alone.customer_ids == ("a",)
    assert week(stale=True).words.startswith("Add newer orders first")
    assert week(Found(made_recommendation(contacted=0))).figure == "wait"
    listed = week(entries=(entry("a", "to_do"), entry("d", "to_do"), entry("b", "gave_up")))
    assert (listed.figure, listed.kind, listed.way.page) == ("speak to 2", "measured", "worklist")
    assert "€110.00 at risk" in listed.words and "contact 2 in all" in listed.words
    assert listed.people is not None and listed.people.customer_ids == ("d", "a")


def test_who_came_to_high_risk_is_found_in_both_ways(tmp_path: Path) -> None:
    assert newly_since_a_threshold_ago(CUSTOMERS) == ("d", "a")
    before, now = both(tmp_path)
    found = earlier_standing(before, now, same_model=True)
    # Ann slipped, Hal is a new customer; Bob and Gus were at high risk then.
    assert found.newly_at_risk == ("ann", "hal")
    assert found.at_risk == 350
    assert found.leaver_share == pytest.approx((0.1 + 0.8 + 0.2 + 0.5 + 0.7) / 5)
    other = version(tmp_path / "other", datetime(2025, 3, 1), THEN, horizon=30)
    found = earlier_standing(other, now, same_model=True)
    assert (found.newly_at_risk, found.at_risk, found.leaver_share) == (None, None, None)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "churnkit.duckdb") as opened:
        yield opened


def test_nothing_done_says_how_to_begin() -> None:
    found = did_it_work([], (entry("a", "to_do"),), "EUR")
    assert (found.figure, found.way.page, found.kind) == ("none yet", "campaigns", None)
    spoken = (
        entry("a", "back", date(2025, 6, 1)),
        entry("b", "contacted", date(2025, 6, 2)),
        entry("c", "back"),
    )
    found = did_it_work([], spoken, "EUR")
    assert (found.figure, found.kind) == ("1 of 2", "measured")
    assert "would have come back anyway" in found.words
    assert "2 customers of the list bought again in all" in found.words


def test_a_campaign_is_told_from_plan_to_result(store: Store, tmp_path: Path) -> None:
    shop = begin(store).session_id
    campaign = planned(store, shop, "May")
    early = datetime(2025, 4, 20)
    _, folder = run_until(tmp_path / "early", shop, early, [])

    def told(until: datetime, folder: Path) -> Answer:
        return did_it_work(campaign_states(store, shop, folder / "transactions.parquet", until), (), "EUR")

    found = told(early, folder)
    assert (found.label, found.figure, found.way.page) == ("May", "not sent yet", "campaigns")
    store.campaigns.start(campaign, SENT)
    found = told(early, folder)
    assert (found.figure, found.badge) == ("under way", "until 29 Apr 2025")
    assert "only then can be said what it changed" in found.words
    members = store.campaigns.members(campaign)
    treated = members[members["arm"] == "treatment"]["customer_id"].tolist()
    run, folder = run_until(tmp_path / "now", shop, NOW, treated[:60])
    read_out_over(store, run, folder)
    found = told(NOW, folder)
    assert (found.badge, found.mood, found.way.campaign_id) == ("Kept customers", "good", campaign)
    assert found.figure.startswith("kept ")
    assert "60\u202f% of those contacted bought, and 0\u202f% of those left out" in found.words
    planned(store, shop, "June")
    assert told(NOW, folder).label == "May", "what is read out comes before what is merely planned"


def test_a_campaign_that_cannot_be_read_out_says_why(store: Store, tmp_path: Path) -> None:
    shop = begin(store).session_id
    store.campaigns.start(planned(store, shop, "All", holdout_share=0.0), SENT)
    _, folder = run_until(tmp_path / "now", shop, NOW, [])
    states = campaign_states(store, shop, folder / "transactions.parquet", NOW)
    found = did_it_work(states, (), "EUR")
    assert (found.figure, found.kind) == ("not known", None)
    assert found.words.startswith("It is over, but cannot be read out.")
