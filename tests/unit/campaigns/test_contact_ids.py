"""Addresses are recognised where they are certain, and never made up."""

from __future__ import annotations

import pandas as pd
import pytest

from churnkit.campaigns import contacts_of, email_of, phone_of, sha256_of
from churnkit.errors import DataError


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ann@example.com", "ann@example.com"),
        ("  Ann.B+shop@Example.co.uk ", "Ann.B+shop@Example.co.uk"),
        ("ann@example", None),
        ("ann@@example.com", None),
        ("ann smith@example.com", None),
        ("a..b@example.com", None),
        ("ann.@example.com", None),
        ("ann@-example.com", None),
        ("=ann@example.com", None),
        ("-ann@example.com", None),
        ("17850", None),
        ("", None),
        (None, None),
        (17850, None),
        ("a" * 250 + "@example.com", None),
    ],
)
def test_email(text: object, address: str | None) -> None:
    assert email_of(text) == address


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+447911123456", "+447911123456"),
        ("'+44 7911 123456", "+447911123456"),
        ("+1 (415) 555-2671", "+14155552671"),
        ("+49.30.901820", "+4930901820"),
        ("07911 123456", None),
        ("00447911123456", None),
        ("447911123456", None),
        ("+44 (0)20 7946 0958", None),
        ("+0447911123456", None),
        ("+1234567", None),
        ("+1234567890123456", None),
        ("+1 415 555 2671 x12", None),
        (None, None),
    ],
)
def test_phone_only_where_the_country_is_certain(text: object, number: str | None) -> None:
    assert phone_of(text) == number


def test_hash_is_that_of_google_ads() -> None:
    assert (
        sha256_of(" Example@Gmail.com ") == "264e53d93759bde067fd01ef2698f98d1253c730d12f021116f02eebcfa9ace6"
    )


def test_ids_that_are_addresses_are_used_and_other_ids_are_not() -> None:
    found = contacts_of(pd.Series(["ann@example.com", "+447911123456", "00123"]))
    assert found["customer_id"].tolist() == ["ann@example.com", "+447911123456", "00123"]
    assert found["email"].tolist() == ["ann@example.com", None, None]
    assert found["phone"].tolist() == [None, "+447911123456", None]
    assert found[["first_name", "last_name", "city", "state", "zip", "country"]].isna().all(axis=None)


def test_list_of_contacts_goes_before_the_id_and_bad_addresses_stay_empty() -> None:
    known = pd.DataFrame(
        {
            "customer_id": ["1", "a@example.com", "3"],
            "email": ["one@example.com", "other@example.com", "none"],
            "phone": ["0123", "+447911123456", None],
            "first_name": ["  Ann  ", None, ""],
            "loyalty": ["x", "y", "z"],
        }
    )
    found = contacts_of(pd.Series(["a@example.com", "1", "3", "b@example.com"]), known)
    assert found["email"].tolist() == ["other@example.com", "one@example.com", None, "b@example.com"]
    assert found["phone"].tolist() == ["+447911123456", None, None, None]
    assert found["first_name"].tolist() == [None, "Ann", None, None]
    assert "loyalty" not in found


def test_list_of_contacts_must_be_clear() -> None:
    with pytest.raises(DataError, match="must have a column customer_id, found id, email"):
        contacts_of(pd.Series(["1"]), pd.DataFrame({"id": ["1"], "email": ["a@example.com"]}))
    with pytest.raises(DataError, match="1 rows repeat one, first '1'"):
        contacts_of(pd.Series(["1"]), pd.DataFrame({"customer_id": ["1", "1"]}))
