"""Segments and product rules, as every version wrote them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from churnkit.errors import DataError
from churnkit.results.baskets import BasketsDocument
from churnkit.results.codec import from_json, to_json
from churnkit.results.found import Found, Missing
from churnkit.results.segments import CustomerFilter, SegmentsDocument

GROUP = {
    "group": "Champions",
    "customers": 2,
    "share": 1.0,
    "monetary_total": 20.5,
    "monetary_total_share": 1.0,
    "clv": 3.0,
    "clv_share": 1.0,
    "value_at_risk": 1.0,
    "value_at_risk_share": 1.0,
    "expected_leavers": 0.5,
    "mean_p_churn": 0.25,
    "mean_clv": 1.5,
    "mean_order_value": 5.0,
    "median_recency_days": 10.0,
    "median_order_count": 2.0,
    "median_monetary_total": 10.0,
}
SEGMENTS: dict[str, Any] = {
    "missing": {"movement": "No earlier date.", "clusters": "Too few customers."},
    "bands": {"recency_days": [1.0, 2.0, 3.0, None], "order_count": [1.0] * 4, "monetary_total": [1.0] * 4},
    "groups": [GROUP],
    "cutoff_before": None,
    "movement": None,
    "grid": [],
    "clusters": None,
    "insights": [
        {
            "kind": "diagnostic",
            "words": "One.",
            "definition": "Of all.",
            "filter": {"tiers": ["high"], "bought_until": "2026-06-03"},
            "customers": None,
        },
        {"kind": "predictive", "words": "Two.", "definition": "Sum.", "filter": {}, "customers": 2},
    ],
}
BASKETS: dict[str, Any] = {
    "missing": {"rules": "The export names no products."},
    "rules": None,
    "due": {"horizon_days": 60, "levels": [0.1, 0.5, 0.9], "checked": None, "words": "Not checked."},
}


def test_segments_of_the_first_version() -> None:
    document = from_json(SegmentsDocument, json.loads(json.dumps(SEGMENTS)))
    assert document.movement == Missing("No earlier date.")
    assert document.clusters == Missing("Too few customers.")
    assert document.bands.recency_days == (1.0, 2.0, 3.0, None)
    first, second = document.insights
    assert first.filter is not None and first.filter.tiers == ("high",)
    assert str(first.filter.bought_until) == "2026-06-03"
    assert second.filter is None
    assert from_json(SegmentsDocument, to_json(document)) == document
    assert to_json(document)["version"] == 3


def test_a_filter_that_says_nothing_finds_everybody() -> None:
    assert CustomerFilter() == CustomerFilter(search="", tiers=(), segments=())


def test_baskets_of_the_first_version() -> None:
    document = from_json(BasketsDocument, json.loads(json.dumps(BASKETS)))
    assert document.rules == Missing("The export names no products.")
    assert isinstance(document.due, Found) and document.due.value.levels == (0.1, 0.5, 0.9)
    assert from_json(BasketsDocument, to_json(document)) == document


@pytest.mark.parametrize(("kind", "content"), [(SegmentsDocument, SEGMENTS), (BasketsDocument, BASKETS)])
def test_half_a_document_is_refused(kind: Any, content: dict[str, Any]) -> None:
    half = dict(list(content.items())[: len(content) // 2])
    with pytest.raises(DataError, match=f"Reading {kind.title}: it is damaged"):
        from_json(kind, half)
