"""What other tools know a customer by: an e-mail address or a phone number, taken from the shop's data or left empty."""

from __future__ import annotations

import hashlib
import re

import pandas as pd

from churnkit.errors import DataError
from churnkit.text.figures import count

CONTACT_COLUMNS = (
    "customer_id",
    "email",
    "phone",
    "customer_name",
    "first_name",
    "last_name",
    "city",
    "state",
    "zip",
    "country",
)
# The first character keeps addresses out that a spreadsheet would take for a formula.
_EMAIL = re.compile(
    r"[A-Za-z0-9_][A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}"
)
_MAX_EMAIL = 254
_PHONE_MARKS = re.compile(r"[\s.\-/()\u00a0\u202f]+")
_E164 = re.compile(r"\+[1-9][0-9]{7,14}")
_TRUNK_ZERO = "(0)"


def email_of(text: object) -> str | None:
    """The e-mail address that ``text`` is, without spaces around it and otherwise as written; None if it is none."""
    if not isinstance(text, str):
        return None
    address = text.strip()
    local = address.partition("@")[0]
    dotted = ".." in local or local.endswith(".")
    return address if len(address) <= _MAX_EMAIL and not dotted and _EMAIL.fullmatch(address) else None


def phone_of(text: object) -> str | None:
    """The phone number that ``text`` is, in E.164 (``+447911123456``), or None.

    Only a number with ``+`` and its country code is unambiguous: bare digits may be a customer number, and which
    country ``0`` or ``00`` stand for is not written down. Nor is what ``(0)`` means in every country.
    """
    if not isinstance(text, str):
        return None
    written = text.strip().removeprefix("'")
    if _TRUNK_ZERO in written:
        return None
    number = _PHONE_MARKS.sub("", written)
    return number if _E164.fullmatch(number) else None


def address_of(text: object) -> str | None:
    """One text for all spellings of an address (e-mail in lower case, phone in E.164); None for any other id."""
    # Most ids are neither, and there may be many.
    if not isinstance(text, str) or not ("@" in text or "+" in text):
        return None
    email = email_of(text)
    return email.lower() if email else phone_of(text)


def sha256_of(text: str) -> str:
    """SHA-256 in hexadecimal after trim and lower case, as Google Ads wants addresses and names."""
    return hashlib.sha256(text.strip().lower().encode("utf-8")).hexdigest()


def contacts_of(customer_ids: pd.Series, known: pd.DataFrame | None = None) -> pd.DataFrame:
    """How each customer can be reached: ``CONTACT_COLUMNS``, None where the shop's data do not say.

    Parameters
    ----------
    customer_ids
        Ids that are e-mail addresses or phone numbers are used as such.
    known
        The shop's own list of contacts: ``customer_id`` and any of the other columns. It goes before the id.
        Addresses that are none, and phone numbers without a country code, are left empty.

    Returns
    -------
    DataFrame
        One row per customer, in the order given.

    Raises
    ------
    DataError
        If the list has no ``customer_id`` or names a customer twice.
    """
    found = pd.DataFrame({"customer_id": customer_ids.astype(str).to_numpy()})
    listed = found.merge(_checked(known), on="customer_id", how="left", validate="many_to_one")
    listed = listed.reindex(columns=list(CONTACT_COLUMNS)).astype(object)
    listed = listed.where(listed.notna(), None)
    for column, read in (("email", email_of), ("phone", phone_of)):
        own = listed["customer_id"].map(read)
        given = listed[column].map(read)
        listed[column] = given.where(given.notna(), own)
    for column in CONTACT_COLUMNS[3:]:
        listed[column] = listed[column].map(_text)
    return listed.astype(object).where(listed.notna(), None)


def _checked(known: pd.DataFrame | None) -> pd.DataFrame:
    if known is None:
        return pd.DataFrame({"customer_id": pd.Series(dtype=str)})
    if "customer_id" not in known:
        raise DataError(
            f"Reading a list of contacts: it must have a column customer_id, found {', '.join(map(str, known.columns))}.",
            "Name the column that holds the customer's id customer_id.",
        )
    chosen = known[[c for c in CONTACT_COLUMNS if c in known]]
    chosen = chosen.assign(customer_id=chosen["customer_id"].astype(str))
    twice = chosen["customer_id"].duplicated()
    if twice.any():
        example = chosen["customer_id"][twice].iloc[0]
        raise DataError(
            f"Reading a list of contacts: each customer must stand there once, but {count(int(twice.sum()))}"
            " rows repeat one,"
            f" first {example!r}.",
            "Keep one row for each customer.",
        )
    return chosen


def _text(value: object) -> str | None:
    text = "" if value is None else " ".join(str(value).split())
    return text or None
