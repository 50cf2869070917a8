"""Contacts from the shop's own file, put beside lists of customers."""

from __future__ import annotations

import pandas as pd

_SHOWN = ("email", "phone", "customer_name", "first_name", "last_name", "city", "country", "consent")
_CONSENT = {True: "yes", False: "no"}


def with_contacts(rows: pd.DataFrame, contacts: pd.DataFrame | None) -> pd.DataFrame:
    """A list of customers with how to reach them, after ``customer_id``; as it is where the file says nothing.

    Parameters
    ----------
    rows
        Has ``customer_id``; its order stays.
    contacts
        Of ``Look.contacts``. Of its columns those are taken of which some row of the list has a value; ``consent`` as
        ``yes`` or ``no``, blank where the file does not say.
    """
    if contacts is None or rows.empty:
        return rows
    known = contacts[["customer_id", *(name for name in _SHOWN if name in contacts)]]
    if "consent" in known:
        known = known.assign(consent=known["consent"].map(_CONSENT))
    fresh = [name for name in known.columns if name not in rows or name == "customer_id"]
    joined = rows.merge(known[fresh], on="customer_id", how="left", validate="many_to_one")
    joined.index = rows.index
    added = [name for name in fresh if name != "customer_id" and joined[name].notna().any()]
    names = list(rows.columns)
    place = names.index("customer_id") + 1
    return joined[[*names[:place], *added, *names[place:]]]


def consent_of(contacts: pd.DataFrame | None) -> dict[str, bool] | None:
    """By customer id whether they agreed to be written to, those of whom the file says it; None where it never does."""
    if contacts is None or "consent" not in contacts:
        return None
    said = contacts[contacts["consent"].notna()]
    return {one: bool(yes) for one, yes in zip(said["customer_id"], said["consent"], strict=True)}


def joined_contacts(listed: pd.DataFrame | None, own: pd.DataFrame | None) -> pd.DataFrame | None:
    """A list that somebody handed in, cell by cell before what the shop's own file says; None where there is neither."""
    if listed is None or own is None:
        return own if listed is None else listed
    first = listed.assign(customer_id=listed["customer_id"].astype(str)).set_index("customer_id")
    return first.combine_first(own.set_index("customer_id")).rename_axis("customer_id").reset_index()


def contact_words(contacts: pd.DataFrame | None, customer_id: str) -> list[tuple[str, str]]:
    """What is known of how to reach one customer: title and value."""
    if contacts is None:
        return []
    found = contacts[contacts["customer_id"] == customer_id]
    titles = {
        "customer_name": "Name",
        "first_name": "First name",
        "last_name": "Last name",
        "email": "E-mail",
        "phone": "Phone",
        "city": "City",
        "country": "Country",
        "channel": "Bought last through",
        "consent": "Agreed to be written to",
    }
    values = found.iloc[0].to_dict() if len(found) else {}
    if not pd.isna(values.get("consent")):
        values["consent"] = _CONSENT[bool(values["consent"])]
    return [(title, str(values[name])) for name, title in titles.items() if not pd.isna(values.get(name))]
