"""A campaign's files: the list to contact for other tools, the list to spare, the sheet for results."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from churnkit.campaigns import EXPORTS, CampaignPlan, contacts_of, export
from churnkit.reports.csv_files import to_csv
from churnkit.services.look.small_tables import renamed

_CONTACT_NAMES = {
    "customerid": "customer_id",
    "customer": "customer_id",
    "id": "customer_id",
    "email": "email",
    "emailaddress": "email",
    "mail": "email",
    "phone": "phone",
    "phonenumber": "phone",
    "mobile": "phone",
    "name": "customer_name",
    "fullname": "customer_name",
    "firstname": "first_name",
    "lastname": "last_name",
    "surname": "last_name",
    "city": "city",
    "state": "state",
    "zip": "zip",
    "zipcode": "zip",
    "postcode": "zip",
    "country": "country",
}


@dataclass(frozen=True)
class ExportFile:
    """A file to hand out."""

    name: str
    data: bytes


def read_contacts(table: pd.DataFrame) -> pd.DataFrame:
    """A shop's list of contacts, as text: ``customer_id`` and any of e-mail, phone, names, city, state, zip, country.

    Raises
    ------
    DataError
        If it has no ``customer_id`` or names a customer twice.
    """
    found = renamed(table, _CONTACT_NAMES)
    contacts_of(pd.Series(dtype=str), found)
    return found


def contact_files(
    plan: CampaignPlan, key: str, contacts: pd.DataFrame | None = None, *, with_holdout: bool = False
) -> tuple[list[ExportFile], tuple[str, ...]]:
    """The list to contact in a tool's format, and what to know about it; several files where the tool has a limit.

    Parameters
    ----------
    key
        A key of ``campaigns.EXPORTS``.
    contacts
        Of :func:`read_contacts`; None uses ids that are addresses.
    with_holdout
        Also the customers who must not be contacted, told by the arm: for tools that do the splitting.

    Raises
    ------
    DataError
        If the tool needs addresses and there are none.
    """
    rows = plan.members if with_holdout else plan.treated
    known = contacts_of(rows["customer_id"], contacts)
    made = export(key, rows, known, campaign=plan.settings.name, scored_at=plan.settings.scored_at)
    stem = f"{_file_stem(plan.settings.name)}-{key}"
    return _parts(made.table, stem, made.max_bytes), made.notes


def holdout_file(plan: CampaignPlan) -> ExportFile:
    """The customers not to contact: for lists of exclusions, and for the readout."""
    known = contacts_of(plan.held_out["customer_id"])
    made = export(
        "plain", plan.held_out, known, campaign=plan.settings.name, scored_at=plan.settings.scored_at
    )
    return ExportFile(f"{_file_stem(plan.settings.name)}-holdout.csv", _bytes(made.table))


def results_template(plan: CampaignPlan) -> ExportFile:
    """Every member with blank results, to be filled in for the readout."""
    table = plan.members[["customer_id", "arm"]].assign(converted="", revenue="")
    return ExportFile(f"{_file_stem(plan.settings.name)}-results.csv", _bytes(table))


def export_titles() -> dict[str, str]:
    """Formats by key, as a person calls them."""
    return {key: form.title for key, form in EXPORTS.items()}


def _file_stem(name: str) -> str:
    safe = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
    return "-".join(part for part in safe.split("-") if part) or "campaign"


def _bytes(table: pd.DataFrame) -> bytes:
    return to_csv(table).encode("utf-8", "replace")


def _parts(table: pd.DataFrame, stem: str, max_bytes: int | None) -> list[ExportFile]:
    whole = _bytes(table)
    if max_bytes is None or len(whole) <= max_bytes:
        return [ExportFile(f"{stem}.csv", whole)]
    # A header in each, and rows of unequal length: a little less than the limit allows on average.
    count = math.ceil(1.1 * len(whole) / max_bytes)
    rows = math.ceil(len(table) / count)
    return [
        ExportFile(f"{stem}-{number + 1}.csv", _bytes(table.iloc[number * rows : (number + 1) * rows]))
        for number in range(count)
    ]
