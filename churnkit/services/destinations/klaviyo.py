"""Klaviyo: custom properties of profiles (https://developers.klaviyo.com/en/reference/create_or_update_profile)."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.outgoing import post
from churnkit.services.destinations.places import NOTHING, PushFailed, PushReport, PushRow
from churnkit.services.destinations.tool_calls import Post, ToolCalls

BASE = "https://a.klaviyo.com"
REVISION = "2026-07-15"
_IMPORT = "/api/profile-import"


class Klaviyo:
    """Profiles, one request each: only so a property can be taken away again. It takes some 700 a minute.

    A profile that is made this way has given no consent and is on no list.

    Parameters
    ----------
    key
        A private key with the scope ``profiles:write``.
    by_email
        Whether profiles are known by e-mail address, else by ``external_id``.
    """

    most_rows = 20
    is_whole = False

    def __init__(self, key: str, *, by_email: bool = True, base: str = BASE, send: Post = post) -> None:
        headers = {
            "Authorization": f"Klaviyo-API-Key {key}",
            "revision": REVISION,
            "Content-Type": "application/vnd.api+json",
            "Accept": "application/vnd.api+json",
        }
        self._calls = ToolCalls("Klaviyo", base, headers, send=send)
        self._name = "email" if by_email else "external_id"

    def prepare(self) -> None:
        """Nothing: properties come with their first value."""

    def push(self, rows: Sequence[PushRow]) -> PushReport:
        """Make or update profiles; after a failure in the middle the report says what had arrived."""
        sent: list[str] = []
        refused: dict[str, list[str]] = {}
        for row in rows:
            try:
                status, _ = self._calls.post(_IMPORT, {"data": self._profile(row)})
            except PushFailed:
                if not sent:
                    raise
                # The caller sends the rest again, which meets the same if it lasts.
                return PushReport(sent, refused)
            if 200 <= status < 300:
                sent.append(row.customer_id)
            else:
                refused.setdefault(f"Klaviyo answered with status {status}", []).append(row.customer_id)
        return PushReport(sent, refused)

    def _profile(self, row: PushRow) -> dict[str, object]:
        given = {name: value for name, value in row.properties.items() if value is not None}
        gone = [name for name in NOTHING if name not in given]
        profile: dict[str, object] = {
            "type": "profile",
            "attributes": {self._name: row.known_as, "properties": given},
        }
        if gone:
            profile["meta"] = {"patch_properties": {"unset": gone}}
        return profile
