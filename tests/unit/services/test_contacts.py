"""Contacts beside lists of customers."""

from __future__ import annotations

import pandas as pd

from churnkit.services.decide.contacts import consent_of, contact_words, joined_contacts, with_contacts

OWN = pd.DataFrame(
    {
        "customer_id": ["1", "2", "3"],
        "email": ["a@x.com", None, "c@x.com"],
        "phone": [None, None, None],
        "country": ["GB", "FR", "GB"],
        "consent": [True, False, None],
    }
)


def test_they_stand_beside_the_customer_in_the_order_of_the_list():
    rows = pd.DataFrame(
        {"rank": [1, 2, 3], "customer_id": ["3", "9", "1"], "clv": [5.0, 4.0, 3.0]}, index=[7, 8, 9]
    )
    found = with_contacts(rows, OWN)
    assert list(found.columns) == ["rank", "customer_id", "email", "country", "consent", "clv"]
    assert found["customer_id"].tolist() == ["3", "9", "1"]
    assert found["email"].tolist()[::2] == ["c@x.com", "a@x.com"]
    assert found["consent"].tolist()[2] == "yes"
    assert pd.isna(found["consent"].iloc[0])
    assert found.index.tolist() == [7, 8, 9]


def test_a_list_stays_as_it_is_where_the_file_says_nothing():
    rows = pd.DataFrame({"customer_id": ["1"]})
    assert with_contacts(rows, None) is rows


def test_consent_is_of_those_of_whom_it_is_said():
    assert consent_of(OWN) == {"1": True, "2": False}
    assert consent_of(OWN.drop(columns="consent")) is None
    assert consent_of(None) is None


def test_a_list_that_was_handed_in_goes_before_the_file():
    listed = pd.DataFrame({"customer_id": ["1", "2"], "email": ["new@x.com", None], "city": ["Leeds", None]})
    joined = joined_contacts(listed, OWN)
    assert joined is not None
    found = joined.set_index("customer_id")
    assert found.loc["1", "email"] == "new@x.com"
    assert found.loc["3", "email"] == "c@x.com"
    assert found.loc["2", "country"] == "FR"
    assert found.loc["1", "city"] == "Leeds"
    assert joined_contacts(listed, None) is listed


def test_what_is_known_of_one_customer_in_words():
    assert contact_words(OWN, "2") == [("Country", "FR"), ("Agreed to be written to", "no")]
    assert contact_words(OWN, "9") == []
