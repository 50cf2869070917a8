"""Members of a campaign as the tables that other tools import, with the arm, and nothing that the shop's data do not say."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from churnkit.campaigns.contact_ids import sha256_of
from churnkit.config import MEGABYTE
from churnkit.errors import DataError, SettingsError
from churnkit.text import figures

MAX_MAILCHIMP_BYTES = 255
MIN_META_PEOPLE = 100


@dataclass(frozen=True)
class ExportFormat:
    """A tool's file.

    Attributes
    ----------
    title
        The tool's name.
    needs
        Contact columns of which a row must have at least one; empty where the customer id is enough.
    columns
        Makes the table from members joined with contacts, campaign name and day of the scores.
    optional
        Columns left out when no row has a value, since a blank may overwrite what the tool knows.
    max_bytes, min_people
        The tool's limits, where it has them.
    """

    title: str
    needs: tuple[str, ...]
    columns: Callable[[pd.DataFrame, str, datetime], pd.DataFrame]
    optional: tuple[str, ...]
    max_bytes: int | None = None
    min_people: int = 1


@dataclass(frozen=True)
class Export:
    """A table to be written, how many members it leaves out for want of an address, and what to know about it."""

    table: pd.DataFrame
    left_out: int
    notes: tuple[str, ...]
    max_bytes: int | None


def export(
    key: str,
    members: pd.DataFrame,
    contacts: pd.DataFrame,
    *,
    campaign: str,
    scored_at: datetime,
) -> Export:
    """The members as the file of a tool.

    Parameters
    ----------
    key
        A key of ``EXPORTS``.
    members
        Rows of ``CampaignPlan.members``; pass those of the treatment arm to get a list to contact.
    contacts
        Of :func:`contacts_of`.

    Raises
    ------
    SettingsError
        If the format is unknown.
    DataError
        If the tool needs an address and no member has one.
    """
    if key not in EXPORTS:
        raise SettingsError(f"Exporting a campaign as {key!r}: it must be one of {', '.join(EXPORTS)}.")
    form = EXPORTS[key]
    rows = members.merge(contacts, on="customer_id", how="left", validate="one_to_one")
    if form.needs:
        reached = rows[list(form.needs)].notna().any(axis=1)
        reachable = rows[reached].reset_index(drop=True)
    else:
        reachable = rows
    left_out = len(rows) - len(reachable)
    if reachable.empty:
        raise DataError(
            f"Exporting a campaign for {form.title}: it needs {_either(form.needs)}, and none of"
            f" {figures.count(len(rows))} customers"
            f" has one: the shop's customer ids are of another kind{_example(rows)}.",
            "Add a list of contacts with the column customer_id, or take the plain list or the one for Braze.",
        )
    table = form.columns(reachable, campaign, scored_at)
    unknown = [c for c in form.optional if c in table and table[c].isna().all()]
    return Export(
        table.drop(columns=unknown), left_out, _notes(form, len(reachable), left_out), form.max_bytes
    )


def _either(columns: tuple[str, ...]) -> str:
    words = {"email": "an e-mail address", "phone": "a phone number with country code"}
    return " or ".join(words[c] for c in columns)


def _example(rows: pd.DataFrame) -> str:
    return "" if rows.empty else f" (for example {rows['customer_id'].iloc[0]!r})"


def _notes(form: ExportFormat, people: int, left_out: int) -> tuple[str, ...]:
    notes = []
    if left_out:
        notes.append(
            f"{figures.count(left_out)} of {figures.count(people + left_out)} customers are not in the file: no"
            f" {_either(form.needs).removeprefix('an ').removeprefix('a ')} is known of them."
        )
    if people < form.min_people:
        notes.append(
            f"The file has {figures.count(people)} people; {form.title} needs {figures.count(form.min_people)} or more."
        )
    return tuple(notes)


def _scores(rows: pd.DataFrame, scored_at: datetime) -> dict[str, object]:
    """Our columns, alike in every file: plain numbers without separators, the day in ISO form."""
    return {
        "churnkit_score": rows["p_churn"].round(4),
        "churnkit_tier": rows["risk_tier"],
        "churnkit_clv_365": _clv(rows),
        "churnkit_arm": rows["arm"],
        "churnkit_scored_at": scored_at.date().isoformat(),
    }


def _clv(rows: pd.DataFrame) -> pd.Series:
    return (rows["clv"] if "clv" in rows else rows["clv_if_kept"]).round(2)


def _klaviyo(rows: pd.DataFrame, campaign: str, scored_at: datetime) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "Email": rows["email"],
            "Phone Number": rows["phone"],
            "First Name": rows["first_name"],
            "Last Name": rows["last_name"],
            **_scores(rows, scored_at),
        }
    )


def _mailchimp(rows: pd.DataFrame, campaign: str, scored_at: datetime) -> pd.DataFrame:
    label = " ".join(campaign.replace(",", " ").replace('"', " ").split())
    table = pd.DataFrame(
        {
            "Email Address": rows["email"],
            "First Name": rows["first_name"],
            "Last Name": rows["last_name"],
            "Tags": [
                f"{label},churnkit {tier} risk,churnkit {arm}"
                for tier, arm in zip(rows["risk_tier"], rows["arm"], strict=True)
            ],
            **_scores(rows, scored_at),
        }
    )
    text = ["First Name", "Last Name", "Tags"]
    return table.assign(**{c: table[c].map(_within_255_bytes, na_action="ignore") for c in text})


def _within_255_bytes(text: str) -> str:
    return text.encode("utf-8")[:MAX_MAILCHIMP_BYTES].decode("utf-8", "ignore")


def _hubspot(rows: pd.DataFrame, campaign: str, scored_at: datetime) -> pd.DataFrame:
    # The lifecycle stage is the shop's own to set; a blank leaves it as it is.
    return pd.DataFrame(
        {
            "Email": rows["email"],
            "First name": rows["first_name"],
            "Last name": rows["last_name"],
            "Phone number": rows["phone"],
            "Lifecycle stage": None,
            **_scores(rows, scored_at),
        }
    )


def _meta(rows: pd.DataFrame, campaign: str, scored_at: datetime) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "email": rows["email"],
            "phone": rows["phone"],
            "fn": rows["first_name"],
            "ln": rows["last_name"],
            "ct": rows["city"],
            "st": rows["state"],
            "zip": rows["zip"],
            "country": rows["country"],
            "uid": rows["customer_id"],
            "value": _clv(rows).clip(lower=0),
            "churnkit_arm": rows["arm"],
        }
    )


def _google_ads(rows: pd.DataFrame, campaign: str, scored_at: datetime) -> pd.DataFrame:
    def hashed(column: str) -> pd.Series:
        return rows[column].map(sha256_of, na_action="ignore")

    return pd.DataFrame(
        {
            "Email": hashed("email"),
            "Phone": hashed("phone"),
            "First Name": hashed("first_name"),
            "Last Name": hashed("last_name"),
            "Country": rows["country"],
            "Zip": rows["zip"],
            "churnkit_arm": rows["arm"],
        }
    )


def _braze(rows: pd.DataFrame, campaign: str, scored_at: datetime) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "external_id": rows["customer_id"],
            "first_name": rows["first_name"],
            "last_name": rows["last_name"],
            "email": rows["email"],
            "phone": rows["phone"],
            "country": rows["country"],
            **_scores(rows, scored_at),
        }
    )


def _plain(rows: pd.DataFrame, campaign: str, scored_at: datetime) -> pd.DataFrame:
    chosen = [c for c in _PLAIN if c in rows]
    table = rows[chosen].assign(campaign=campaign, scored_at=scored_at.date().isoformat())
    rounded = {c: table[c].round(4) for c in table.select_dtypes("float").columns}
    return table.assign(**rounded)


_PLAIN = (
    "customer_id",
    "email",
    "phone",
    "customer_name",
    "first_name",
    "last_name",
    "arm",
    "stratum",
    "risk_tier",
    "p_churn",
    "clv",
    "clv_if_kept",
    "value_at_risk",
    "expected_gain",
    "segment",
    "recency_days",
    "order_count",
    "monetary_total",
    "factor_1",
)

EXPORTS: dict[str, ExportFormat] = {
    "plain": ExportFormat(
        "any tool (plain list)", (), _plain, ("email", "phone", "customer_name", "first_name", "last_name")
    ),
    "klaviyo": ExportFormat(
        "Klaviyo",
        ("email", "phone"),
        _klaviyo,
        ("Email", "Phone Number", "First Name", "Last Name"),
        max_bytes=50 * MEGABYTE,
    ),
    "mailchimp": ExportFormat("Mailchimp", ("email",), _mailchimp, ("First Name", "Last Name")),
    "hubspot": ExportFormat(
        "HubSpot", ("email",), _hubspot, ("First name", "Last name", "Phone number", "Lifecycle stage")
    ),
    "meta": ExportFormat(
        "Meta",
        ("email", "phone"),
        _meta,
        ("email", "phone", "fn", "ln", "ct", "st", "zip", "country"),
        min_people=MIN_META_PEOPLE,
    ),
    "google_ads": ExportFormat(
        "Google Ads",
        ("email", "phone"),
        _google_ads,
        ("Email", "Phone", "First Name", "Last Name", "Country", "Zip"),
    ),
    "braze": ExportFormat("Braze", (), _braze, ("first_name", "last_name", "email", "phone", "country")),
}
