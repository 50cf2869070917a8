"""What an owner reads of forecasts whose time is over, of those still running, and of a model that waits."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from churnkit.results.challenge import ChallengeVerdict
from churnkit.results.drift import Trigger, TriggerKind
from churnkit.results.found import Found, Missing
from churnkit.results.interval import Interval
from churnkit.results.scorecards import (
    ListFigures,
    RunningForecast,
    Scorecard,
    ScorecardsDocument,
    Tenth,
    Verdict,
)
from churnkit.services.monitor.owner_words import (
    asks_for_training,
    checked,
    moved_orders,
    new_model_words,
    nothing_checked,
    reasons_to_train,
    score_of,
    waiting_words,
)
from tests.unit.monitoring.test_verdicts import CUTOFF, GOOD, UNTIL

ACTIVE = replace(
    GOOD,
    tenths=tuple(
        Tenth(decile=k, customers=40, expected_churners=22.0 - 2 * k, actual_churners=24 - 2 * k)
        for k in range(1, 11)
    ),
)
LISTED = ListFigures(
    contacted=30,
    expected_leavers=14.2,
    left=17,
    brought=Interval(1, 0, 2),
    at_random=0.0,
    longest_silent=0.0,
    save_rate=0.3,
)
CARD = Scorecard(
    run_id="r1",
    scored_by="r1",
    champion="blend",
    cutoff=CUTOFF,
    until=UNTIL,
    horizon_days=90,
    active=Found(ACTIVE),
    lapsed=Missing("Nobody."),
    listed=Found(LISTED),
    gone=0,
    promised_auc=0.74,
    promised_ece=0.02,
    verdict="held",
    words="Of 400 …",
    advice="Go on.",
)
MEASURES = ("AUC", "ECE", "PSI", "log loss", "pairs", "calibrat", "nan")


def test_a_finished_forecast_in_counts() -> None:
    told = checked(CARD)
    assert (told.title, told.verdict, told.advice) == ("The forecast of 1 Jan 2025", "It held", "Go on.")
    first, second, third = told.sentences
    assert first == (
        "Of 400 customers who were active on 1 Jan 2025, 100 were expected to buy nothing until 31 Mar 2025. 130 bought"
        " nothing."
    )
    assert second == (
        "Of the 80 whom it named first 42 left; of as many drawn by chance it would have been 21."
    )
    assert third == (
        "The list that was recommended then held 30 customers: 17 of them left, 14 were expected to."
    )
    assert [round(share, 3) for _, share in told.bars] == [0.525, 0.475, 0.26]
    assert told.alt.startswith("Share who left. Named first: left: 52")


@pytest.mark.parametrize("verdict", get_args(Verdict))
def test_every_verdict_has_words_of_an_owner(verdict: Verdict) -> None:
    told = checked(replace(CARD, verdict=verdict))
    assert told.verdict and not any(word in " ".join(told.sentences) for word in MEASURES)


def test_a_level_that_is_off_says_which_way() -> None:
    off = replace(CARD, verdict="level_off")
    assert checked(off).verdict == "More left than expected"
    fewer = replace(ACTIVE, actual_churn_rate=Interval(0.15, 0.1, 0.2))
    assert checked(replace(off, active=Found(fewer))).verdict == "Fewer left than expected"


def test_nobody_to_count_leaves_the_words_that_stand_there() -> None:
    told = checked(replace(CARD, verdict="few", active=Missing("Nobody was active."), listed=Missing("-")))
    assert told.sentences == ("Of 400 …",) and told.bars == ()


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(1, 60), st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=10))
def test_shares_of_the_picture_are_shares(drawn: list[tuple[int, float, float]]) -> None:
    tenths = tuple(
        Tenth(decile=k, customers=n, expected_churners=n * p, actual_churners=int(n * came))
        for k, (n, p, came) in enumerate(drawn, start=1)
    )
    customers, left = sum(one.customers for one in tenths), sum(one.actual_churners for one in tenths)
    rate = left / customers
    some = replace(ACTIVE, customers=customers, tenths=tenths, actual_churn_rate=Interval(rate, rate, rate))
    told = checked(replace(CARD, active=Found(some)))
    assert all(-1e-9 <= share <= 1 + 1e-9 for _, share in told.bars)
    assert f"{left:,} bought nothing." in told.sentences[0]


RUNNING = RunningForecast(
    run_id="r2",
    scored_by="r1",
    champion="blend",
    cutoff=CUTOFF,
    until=UNTIL,
    days_left=14,
    customers=689,
    expected_churn_rate=0.2606,
    expected_auc=0.86,
    words="If the model …",
)


def test_a_running_forecast_says_what_it_waits_for() -> None:
    said = waiting_words(RUNNING).replace("\u202f", " ").replace("\u00a0", " ")
    assert "expects 180 of 689 active customers to buy nothing until 31 Mar 2025" in said
    assert "14 days of orders are missing" in said
    assert "the next orders will do" in waiting_words(replace(RUNNING, days_left=0))


def test_nothing_over_yet_says_when() -> None:
    later = replace(RUNNING, until=UNTIL + timedelta(days=30))
    found = ScorecardsDocument(known_until=CUTOFF, scorecards=(), running=(later, RUNNING))
    assert "orders up to 31 Mar 2025" in nothing_checked(found)
    assert nothing_checked(replace(found, running=())).endswith("to be checked yet.")


def test_forecasts_together() -> None:
    cards = [replace(CARD, verdict=verdict) for verdict in ("held", "level_off", "weaker", "few")]
    assert score_of(cards).startswith("Of 3 forecasts whose time is over, 2 named the leavers as well")
    assert score_of(cards[:1]) == ""


def test_the_newest_that_could_be_judged_asks_for_training() -> None:
    few, held, lost = (replace(CARD, verdict=verdict) for verdict in ("few", "held", "order_lost"))
    for cards, asked in (((few, lost, held), True), ((held, lost), False), ((few,), False), ((), False)):
        found = ScorecardsDocument(known_until=CUTOFF, scorecards=cards, running=())
        assert asks_for_training(found) == asked


def drift(*kinds: TriggerKind, movements: Any = None) -> Any:
    return SimpleNamespace(
        triggers=tuple(Trigger(kind=kind, words="PSI 0.4") for kind in kinds),
        movements=movements or Missing("Too few weeks."),
    )


def test_each_kind_of_reason_is_told_once_and_plainly() -> None:
    said = reasons_to_train(drift(*get_args(TriggerKind), "gaps"))
    assert len(said) == len(get_args(TriggerKind))
    assert not any(word in " ".join(said) for word in MEASURES)
    assert reasons_to_train(drift()) == ()


def test_only_what_moved_in_the_orders_is_told() -> None:
    moves = Found(
        (
            SimpleNamespace(words="Orders a day fell.", advice="Check the export.", moved=True),
            SimpleNamespace(words="Prices as before.", advice="", moved=False),
        )
    )
    assert moved_orders(drift(movements=moves)) == (("Orders a day fell.", "Check the export."),)
    assert moved_orders(drift()) == ()


@pytest.mark.parametrize("verdict", get_args(ChallengeVerdict))
def test_every_outcome_of_a_comparison_has_plain_words(verdict: ChallengeVerdict) -> None:
    windows = () if verdict == "not_yet" else (datetime(2025, 1, 1),)
    said = new_model_words(SimpleNamespace(verdict=verdict, windows=windows, customers=1204))  # type: ignore[arg-type]
    assert not any(word in said for word in MEASURES)
    assert ("1,204 forecasts" in said) == bool(windows)
