"""Files for other tools: their headers, the arm, and blanks where nothing is known."""

from __future__ import annotations

from datetime import datetime

import pandas as pd
import pytest

from churnkit.campaigns import EXPORTS, contacts_of, export
from churnkit.errors import DataError, SettingsError

SCORED_AT = datetime(2026, 1, 5, 0, 0)
OURS = ["churnkit_score", "churnkit_tier", "churnkit_clv_365", "churnkit_arm", "churnkit_scored_at"]
FULL = {
    "klaviyo": ["Email", "Phone Number", "First Name", "Last Name", *OURS],
    "mailchimp": ["Email Address", "First Name", "Last Name", "Tags", *OURS],
    "hubspot": ["Email", "First name", "Last name", "Phone number", *OURS],
    "meta": ["email", "phone", "fn", "ln", "ct", "st", "zip", "country", "uid", "value", "churnkit_arm"],
    "google_ads": ["Email", "Phone", "First Name", "Last Name", "Country", "Zip", "churnkit_arm"],
    "braze": ["external_id", "first_name", "last_name", "email", "phone", "country", *OURS],
}


@pytest.fixture
def members() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": ["example@gmail.com", "+447911123456", "00123"],
            "arm": ["treatment", "holdout", "treatment"],
            "stratum": "1 high, value 5 of 5",
            "risk_tier": ["high", "medium", "low"],
            "p_churn": [0.912345, 0.5, 0.1],
            "clv": [12345.678, 20.0, -3.0],
            "clv_if_kept": [20000.0, 25.0, 4.0],
            "expected_gain": [1.0, 2.0, 3.0],
        }
    )


@pytest.fixture
def contacts() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": ["00123"],
            "email": ["zoe@example.com"],
            "phone": ["+14155552671"],
            "first_name": [" Zoe "],
            "last_name": ["Ng"],
            "city": ["Leeds"],
            "state": ["WY"],
            "zip": ["LS1"],
            "country": ["GB"],
        }
    )


def made(key: str, members: pd.DataFrame, known: pd.DataFrame | None = None) -> pd.DataFrame:
    found = contacts_of(members["customer_id"], known)
    return export(key, members, found, campaign='Winter, "big"', scored_at=SCORED_AT).table


@pytest.mark.parametrize("key", FULL)
def test_headers_are_those_of_the_tool(key: str, members, contacts) -> None:
    assert list(made(key, members, contacts)) == FULL[key]


def test_klaviyo_scores_and_arm(members) -> None:
    table = made("klaviyo", members)
    assert list(table) == ["Email", "Phone Number", *OURS]
    assert table.iloc[0].tolist() == [
        "example@gmail.com",
        None,
        0.9123,
        "high",
        12345.68,
        "treatment",
        "2026-01-05",
    ]
    assert table["Phone Number"].tolist() == [None, "+447911123456"]


def test_klaviyo_of_phones_alone_begins_with_the_phone(members) -> None:
    assert next(iter(made("klaviyo", members.iloc[[1]]))) == "Phone Number"


def test_left_out_customers_are_counted_and_named(members) -> None:
    found = export(
        "mailchimp", members, contacts_of(members["customer_id"]), campaign="W", scored_at=SCORED_AT
    )
    assert found.left_out == 2
    assert found.notes == ("2 of 3 customers are not in the file: no e-mail address is known of them.",)


def test_mailchimp_tags_hold_no_stray_comma_and_fit(members) -> None:
    table = made("mailchimp", members)
    assert table["Tags"].tolist() == ["Winter big,churnkit high risk,churnkit treatment"]
    long = members.assign(customer_id=["a@example.com", "b@example.com", "c@example.com"])
    known = pd.DataFrame({"customer_id": long["customer_id"], "first_name": "é" * 200})
    names = made("mailchimp", long, known)["First Name"]
    assert {len(name.encode()) for name in names} == {254}


def test_google_ads_hashes_addresses_and_names_but_not_country_and_zip(members, contacts) -> None:
    table = made("google_ads", members, contacts)
    assert table["Email"].iloc[0] == "264e53d93759bde067fd01ef2698f98d1253c730d12f021116f02eebcfa9ace6"
    # printf '+447911123456' | sha256sum; printf zoe | sha256sum
    assert table["Phone"].iloc[1] == "20b18ac9de7b3aad174961827d8e451c410af9aedfd1d699927f4b29b81aa1fa"
    assert table["First Name"].iloc[2] == "9d017e2681b7f31725e1c0fbe2612e89079c22806b02cf7a894b500dd5a219c1"
    assert table[["Country", "Zip"]].iloc[2].tolist() == ["GB", "LS1"]
    plain = table.to_csv()
    assert "example" not in plain
    assert "4479" not in plain


def test_meta_says_when_there_are_too_few_people_and_has_no_negative_value(members) -> None:
    known = contacts_of(members["customer_id"])
    found = export("meta", members, known, campaign="W", scored_at=SCORED_AT)
    assert found.notes[1] == "The file has 2 people; Meta needs 100 or more."
    assert found.table["value"].min() >= 0
    assert found.table["uid"].tolist() == ["example@gmail.com", "+447911123456"]


def test_braze_takes_every_customer_with_its_id_as_text(members) -> None:
    table = made("braze", members)
    assert table["external_id"].tolist() == ["example@gmail.com", "+447911123456", "00123"]


def test_plain_list_has_the_frozen_scores(members) -> None:
    table = made("plain", members)
    assert table["customer_id"].tolist() == members["customer_id"].tolist()
    assert {"arm", "stratum", "p_churn", "expected_gain", "campaign", "scored_at"} <= set(table)
    assert "first_name" not in table


@pytest.mark.parametrize("key", EXPORTS)
def test_no_format_states_consent(key: str, members, contacts) -> None:
    header = " ".join(made(key, members, contacts).columns).lower()
    assert not any(word in header for word in ("consent", "accept", "opt", "subscri", "permission"))


@pytest.mark.parametrize("key", EXPORTS)
def test_every_format_carries_the_arm(key: str, members) -> None:
    everybody = members.assign(customer_id=["a@example.com", "b@example.com", "c@example.com"])
    arm = made(key, everybody)["arm" if key == "plain" else "churnkit_arm"]
    assert arm.tolist() == ["treatment", "holdout", "treatment"]


def test_ids_that_are_no_addresses_cannot_go_to_a_mailing_tool(members) -> None:
    numbers = members.assign(customer_id=["1", "2", "3"])
    with pytest.raises(
        DataError, match=r"Klaviyo: it needs an e-mail address or a phone number .* none of 3"
    ):
        made("klaviyo", numbers)


def test_unknown_format_is_refused(members) -> None:
    with pytest.raises(SettingsError, match="must be one of plain, klaviyo"):
        made("outlook", members)
