"""HubSpot: properties of contacts (https://developers.hubspot.com/docs/api-reference/crm-contacts-v3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from churnkit.outgoing import post
from churnkit.services.destinations.places import PROPERTIES, PushFailed, PushReport, PushRow
from churnkit.services.destinations.tool_calls import Post, ToolCalls

BASE = "https://api.hubapi.com"
_PROPERTIES = "/crm/v3/properties/contacts"
_UPSERT = "/crm/v3/objects/contacts/batch/upsert"
_FORMS = {"number": ("number", "number"), "text": ("string", "text"), "day": ("date", "date")}


class HubSpot:
    """Contacts that are known by their e-mail address, or by a property of the shop's own with unique values.

    Parameters
    ----------
    token
        Of a private app with the scopes ``crm.objects.contacts.write`` and ``crm.schemas.contacts.write``.
    """

    most_rows = 100
    is_whole = False

    def __init__(
        self, token: str, *, id_property: str = "email", base: str = BASE, send: Post = post
    ) -> None:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._calls = ToolCalls("HubSpot", base, headers, send=send)
        self._id_property = id_property

    def prepare(self) -> None:
        """Make the properties, unless they are there."""
        for name, label, form in PROPERTIES:
            kind, field = _FORMS[form]
            status, answer = self._calls.post(
                _PROPERTIES,
                {
                    "name": name,
                    "label": f"churnkit: {label}",
                    "type": kind,
                    "fieldType": field,
                    "groupName": "contactinformation",
                },
            )
            # 409: it is there.
            if status not in (200, 201, 409):
                raise PushFailed(
                    f"Making the property {name} in HubSpot: it was refused ({_message(answer, status)}).",
                    "Give the private app the scope crm.schemas.contacts.write, or make the property yourself.",
                    is_final=True,
                )

    def push(self, rows: Sequence[PushRow]) -> PushReport:
        """Make or update contacts; a batch that is refused as a whole is sent in halves, to find who is to blame."""
        status, answer = self._calls.post(_UPSERT, {"inputs": [self._input(row) for row in rows]})
        if status == 207:
            return self._partly(rows, answer)
        if 200 <= status < 300:
            return PushReport([row.customer_id for row in rows])
        if len(rows) == 1:
            return PushReport([], {_message(answer, status): [rows[0].customer_id]})
        half = len(rows) // 2
        first, second = self.push(rows[:half]), self.push(rows[half:])
        reasons = dict(first.refused)
        for reason, ids in second.refused.items():
            reasons[reason] = [*reasons.get(reason, ()), *ids]
        return PushReport([*first.sent, *second.sent], reasons)

    def _input(self, row: PushRow) -> dict[str, Any]:
        # An empty text takes a value away.
        values = {name: "" if value is None else str(value) for name, value in row.properties.items()}
        return {"idProperty": self._id_property, "id": row.known_as, "properties": values}

    def _partly(self, rows: Sequence[PushRow], answer: Any) -> PushReport:
        """Some arrived: errors name the ids of those that did not."""
        by_name = {row.known_as: row.customer_id for row in rows}
        refused: dict[str, list[str]] = {}
        errors = answer.get("errors") if isinstance(answer, dict) else None
        for error in errors if isinstance(errors, list) else []:
            context = error.get("context") if isinstance(error, dict) else None
            ids = context.get("ids", []) if isinstance(context, dict) else []
            refused.setdefault(_message(error, 207), []).extend(by_name[one] for one in ids if one in by_name)
        gone = {one for ids in refused.values() for one in ids}
        return PushReport([row.customer_id for row in rows if row.customer_id not in gone], refused)


def _message(answer: Any, status: int) -> str:
    """The tool's own words, without what they may say of a person."""
    category = answer.get("category") if isinstance(answer, dict) else None
    known = {
        "VALIDATION_ERROR": "HubSpot takes it for no valid contact",
        "CONFLICT": "another contact has it",
    }
    return known.get(str(category), f"HubSpot answered with status {status}")
