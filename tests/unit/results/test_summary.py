"""The summary of an analysis as a document."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from typing import Any

import pytest

from churnkit.errors import DataError
from churnkit.results.codec import from_json, from_text, to_json, to_text
from churnkit.results.found import Missing
from churnkit.results.summary import Summary
from tests.made_evidence import made_past_date
from tests.made_report import made_summary

WHOLE = replace(made_summary(), backtest=(made_past_date(), made_past_date(roc_auc=None)))


def old() -> dict[str, Any]:
    """As it was written before documents had a version."""
    return before_status(to_json(WHOLE))


def before_status(content: dict[str, Any]) -> dict[str, Any]:
    """Without what the version that tells the active from the lapsed has added."""
    for name in ("version", "data_ends", "analysed_on", "data_age_days", "money", "quality"):
        del content[name]
    del content["value"]["year"]
    del content["question"]["return_share"], content["customers"]["active"], content["customers"]["lapsed"]
    for tier in content["customers"]["tiers"].values():
        tier["clv_at_risk"] = tier.pop("value_at_risk")
    return content


def without_news(summary: Summary) -> Summary:
    """What both versions tell."""
    whole = made_summary()
    return replace(
        summary,
        question=replace(summary.question, return_share=None),
        **{
            name: getattr(whole, name)
            for name in ("data_ends", "analysed_on", "data_age_days", "money", "quality", "value")
        },
        customers=replace(
            summary.customers,
            tiers=whole.customers.tiers,
            active=whole.customers.active,
            lapsed=whole.customers.lapsed,
        ),
    )


def test_it_comes_back_as_it_was() -> None:
    assert from_text(Summary, to_text(WHOLE)) == WHOLE
    content = to_json(WHOLE)
    assert list(content)[:4] == ["version", "churnkit_version", "file", "question"]
    assert content["question"]["cutoff"] == "2025-07-01T00:00:00"
    assert content["tournament"]["test"]["roc_auc"] == 0.812
    assert content["backtest"][1]["roc_auc"] is None


def test_one_without_a_version_opens() -> None:
    found = from_json(Summary, json.loads(json.dumps(old())))
    assert without_news(found) == without_news(WHOLE)
    assert (found.customers.tiers.high.customers, found.customers.active.customers) == (12, 0)
    assert isinstance(found.money.at_risk, Missing) and isinstance(found.value.year, Missing)
    assert math.isnan(found.money.revenue.value)
    assert (str(found.data_ends), found.data_age_days) == ("2025-07-01", 0)


def test_an_old_test_without_figures_is_none() -> None:
    content = old()
    content["tournament"]["test"] = {}
    contest = from_json(Summary, content).tournament
    assert contest is not None
    assert contest.test is None


def test_below_the_rung_of_models_there_is_no_tournament() -> None:
    rules = made_summary("rules")
    content = before_status(to_json(rules))
    assert without_news(from_json(Summary, content)) == without_news(rules)
    assert (rules.champion, WHOLE.champion) == ("rules", "blend")


@pytest.mark.parametrize(
    ("where", "value", "words"),
    [
        ("method", "magic", "one of models, btyd, rules is needed, found 'magic' @ $.method"),
        ("customers", None, "version 1 cannot be read"),
        ("question", {"cutoff": "2025-07-01"}, "horizon_days is missing"),
        ("tournament", [], "version 1 cannot be read"),
    ],
)
def test_a_broken_one_is_refused_in_a_sentence(where: str, value: object, words: str) -> None:
    with pytest.raises(DataError, match="Reading the summary of an analysis") as refused:
        from_json(Summary, {**old(), where: value})
    assert words in refused.value.message
