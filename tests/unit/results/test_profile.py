"""The profile as a document: what the first version wrote opens, and what is damaged is one sentence."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date, datetime

import pytest

from churnkit.errors import DataError
from churnkit.results.codec import JsonObject, from_json, from_text, to_json, to_text
from churnkit.results.found import Found, Missing
from churnkit.results.profile import (
    FenceOutliers,
    ForestOutliers,
    LargeOrder,
    Outliers,
    Profile,
    Silence,
    ValueOutliers,
)
from tests.made_look import small_profile, stored_profile

LARGE = LargeOrder(order_id="A1", customer_id="00123", day=date(2025, 3, 1), value=812.5)


def with_outliers() -> JsonObject:
    """The example of the first version as the present one writes it, with the outliers of more orders."""
    found = Outliers(
        z_score=ValueOutliers(limit=50.0, orders=1, share=0.01, revenue_share=0.2),
        iqr=FenceOutliers(low=1.0, high=30.0, orders=2, share=0.02),
        isolation_forest=ForestOutliers(sampled=100, orders=0, share=0.0, score_limit=0.65, examples=()),
        largest_orders=(LARGE,),
    )
    return {**to_json(small_profile()), "outliers": to_json_part(found)}


def to_json_part(found: Outliers) -> JsonObject:
    return {
        "z_score": vars(found.z_score),
        "iqr": vars(found.iqr),
        "isolation_forest": {**vars(found.isolation_forest), "examples": []},
        "largest_orders": [{**vars(LARGE), "day": "2025-03-01"}],
    }


def test_a_profile_of_the_first_version_opens() -> None:
    found = small_profile()
    assert found.scope.cutoff == datetime(2024, 12, 1)
    assert found.rows.in_ == 2
    assert found.outliers == Missing("2 orders found, 50 are needed to say what is usual.")
    assert found.largest_orders == ()
    assert found.time.per_hour is None
    assert found.time.silences == (Silence(from_=date(2024, 2, 2), to=date(2024, 11, 30), days=303),)
    assert found.products is not None
    assert found.products.products is None


def test_only_the_number_of_the_version_and_what_is_missing_are_written_otherwise() -> None:
    old = stored_profile()
    new = to_json(from_json(Profile, copy.deepcopy(old)))
    assert list(new) == ["version", *list(old)[1:]]
    assert new == {
        **{key: value for key, value in old.items() if key != "schema_version"},
        "version": 3,
        "threshold": {
            **{key: value for key, value in old["threshold"].items() if key != "elbow_days"},
            "curve": [{"days": 0, "returned_share": 0.0, "late_return_share": None}],
            **dict.fromkeys(("returned_after_share", "max_return_share", "separates", "pauses")),
        },
        "outliers": {"missing": "2 orders found, 50 are needed to say what is usual."},
    }
    # Whole numbers among the figures stay whole.
    assert '"figure": 2,' in to_text(from_json(Profile, old))


def test_a_threshold_at_the_bend_was_found() -> None:
    old = stored_profile()
    old["threshold"].update(method="elbow", elbow_days=42)
    found = from_json(Profile, old).threshold
    assert (found.method, found.days, found.separates, found.returned_after_share) == (
        "found",
        90,
        None,
        None,
    )


def test_a_profile_of_this_version_comes_back() -> None:
    found = from_json(Profile, with_outliers())
    assert isinstance(found.outliers, Found)
    assert found.largest_orders == (LARGE,)
    assert from_text(Profile, to_text(found)) == found


Change = Callable[[JsonObject], object]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda p: p.pop("scope"), "scope is missing"),
        (lambda p: p["rows"].pop("in"), r"in is missing @ \$\.rows\.in"),
        (lambda p: p["time"].update(per_week=None), "a list is needed, found None"),
        (lambda p: p["checks"][0].update(outcome="bad"), r"found 'bad' @ \$\.checks\[0\]\.outcome"),
        (lambda p: p.update(version=4), "it has version 4, this churnkit knows it up to 3"),
        (lambda p: p.update(mood="good"), "nobody knows mood"),
    ],
)
def test_a_damaged_profile_is_refused(change: Change, words: str) -> None:
    content = with_outliers()
    change(content)
    with pytest.raises(DataError, match=f"Reading the profile: .*{words}"):
        from_json(Profile, content)


def test_a_first_version_without_its_checks_is_refused() -> None:
    content = stored_profile()
    del content["checks"]
    with pytest.raises(DataError, match="version 1 cannot be read"):
        from_json(Profile, content)
