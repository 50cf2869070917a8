"""The values of each customer that a destination gets, from a finished run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from churnkit.campaigns import contacts_of
from churnkit.results.destination import Audience, DestinationSettings
from churnkit.services.destinations.places import PushRow, Values

if TYPE_CHECKING:
    from churnkit.results.folders import Results

NO_ADDRESS = "no e-mail address is known"
SAME_ADDRESS = "another customer has the same e-mail address"
_TIERS: dict[Audience, tuple[str, ...]] = {"high": ("high",), "high_and_medium": ("high", "medium")}


def rows_of(
    results: Results, settings: DestinationSettings, *, nameless: bool
) -> tuple[list[PushRow], dict[str, int]]:
    """Rows to send in the order of their rank, and how many customers there are none of, by reason.

    Parameters
    ----------
    nameless
        Whether a customer without an e-mail address is sent too, as a line of a file.
    """
    names = ["customer_id", "p_churn", "risk_tier", "status", "expected_next_order", "rank"]
    frame = results.customers.reset_index()
    frame = frame[[name for name in names if name in frame]].sort_values("rank", kind="stable")
    if settings.audience in _TIERS:
        frame = frame[frame["risk_tier"].isin(_TIERS[settings.audience])]
    known = _known_as(frame["customer_id"], results, settings)
    rows: list[PushRow] = []
    taken: set[str] = set()
    left_out: dict[str, int] = {}
    records: list[dict[str, Any]] = [
        {str(key): value for key, value in record.items()} for record in frame.to_dict("records")
    ]
    for record, name in zip(records, known, strict=True):
        reason = None if nameless else _reason(name, taken)
        if reason is not None:
            left_out[reason] = left_out.get(reason, 0) + 1
            continue
        taken.add(name.lower())
        rows.append(PushRow(str(record["customer_id"]), name, _values(record)))
    return rows, left_out


def _reason(name: str, taken: set[str]) -> str | None:
    if not name:
        return NO_ADDRESS
    return SAME_ADDRESS if name.lower() in taken else None


def _known_as(customer_ids: pd.Series, results: Results, settings: DestinationSettings) -> list[str]:
    if settings.known_by == "customer_id":
        return [str(one) for one in customer_ids]
    found = contacts_of(customer_ids, results.contacts)["email"]
    return ["" if pd.isna(one) else str(one) for one in found]


def _values(record: dict[str, Any]) -> Values:
    def text(name: str) -> str | None:
        value = record.get(name)
        return None if value is None or pd.isna(value) else str(value)

    next_order = record.get("expected_next_order")
    score = record.get("p_churn")
    return {
        "churnkit_score": None if score is None or pd.isna(score) else round(float(score), 4),
        "churnkit_tier": text("risk_tier"),
        "churnkit_status": text("status"),
        "churnkit_next_order": None if next_order is None or pd.isna(next_order) else str(next_order)[:10],
    }
