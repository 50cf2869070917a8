"""Calls of Shopify's GraphQL API: a token, the points that a call costs, and what it refuses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from churnkit.outgoing import Address
from churnkit.results.codec import JsonObject
from churnkit.sources.calls import call_json, pause
from churnkit.sources.pulling import SourceFailed
from churnkit.sources.settings import ShopifySettings
from churnkit.sources.shopify_queries import VERSION

_MOST_TRIES = 8
_TOO_MUCH = "MAX_COST_EXCEEDED"


class TooMuchAtOnce(SourceFailed):
    """One call asks for more than Shopify allows."""


@dataclass(frozen=True)
class Shopify:
    """A shop that is asked with a token."""

    base: str
    token: str

    @classmethod
    def sign_in(cls, settings: ShopifySettings, credentials: Mapping[str, str]) -> Shopify:
        """Begin with the token that was given, or with one of an app's id and secret, which lasts a day.

        Raises
        ------
        SourceFailed
            The shop does not know them.
        """
        if token := credentials.get("token"):
            return cls(settings.base, token)
        body = {
            "grant_type": "client_credentials",
            "client_id": credentials.get("client_id", ""),
            "client_secret": credentials.get("client_secret", ""),
        }
        found, _ = call_json("POST", f"{settings.base}/admin/oauth/access_token", {}, body)
        token = found.get("access_token") if isinstance(found, dict) else None
        if not isinstance(token, str) or not token:
            raise SourceFailed(
                f"Signing in at {Address.parse(settings.base).host}: no token came back.",
                "The app must be installed in this shop, and belong to the same organisation.",
            )
        return cls(settings.base, token)

    def ask(self, query: str, variables: JsonObject | None = None) -> JsonObject:
        """The data that a query finds.

        Raises
        ------
        TooMuchAtOnce
            The query costs more than one may.
        SourceFailed
            The shop refused it, or stayed busy.
        """
        url = f"{self.base}/admin/api/{VERSION}/graphql.json"
        for _ in range(_MOST_TRIES):
            body = {"query": query, "variables": variables or {}}
            found, _answer = call_json("POST", url, {"X-Shopify-Access-Token": self.token}, body)
            errors = found.get("errors") if isinstance(found, dict) else "no object"
            if not errors:
                _leave_points(found)
                complete: JsonObject = found["data"]
                return complete
            codes = _codes(errors)
            if "THROTTLED" in codes:
                pause(_seconds_until_affordable(found))
                continue
            if _TOO_MUCH in codes:
                raise TooMuchAtOnce(f"Asking {self._host}: {_TOO_MUCH}.")
            partial = found.get("data") if isinstance(found, dict) else None
            # Plans that may not see names and addresses get null for them, and an error beside the data.
            if codes == {"ACCESS_DENIED"} and isinstance(partial, dict) and partial.get("orders"):
                return partial
            raise self._refused(codes, errors)
        raise SourceFailed(f"Asking {self._host} for orders: it stayed busy.", "Pull again later.")

    @property
    def _host(self) -> str:
        return Address.parse(self.base).host

    def _refused(self, codes: set[str], errors: Any) -> SourceFailed:
        if "ACCESS_DENIED" in codes:
            return SourceFailed(
                f"Asking {self._host} for orders: the app may not read them.",
                "Give it the scopes read_orders, read_all_orders, read_customers and read_products, and install it again.",
            )
        first = errors[0].get("message", "") if isinstance(errors, list) and errors else errors
        return SourceFailed(f"Asking {self._host} for orders: it answered {str(first)[:200]!r}.")


def _codes(errors: Any) -> set[str]:
    if not isinstance(errors, list):
        return set()
    return {str((one.get("extensions") or {}).get("code", "")) for one in errors if isinstance(one, dict)}


def _status(found: JsonObject) -> tuple[float, float, float]:
    """(points of the call, points left, points that come back each second)."""
    cost = (found.get("extensions") or {}).get("cost") or {}
    status = cost.get("throttleStatus") or {}
    return (
        float(cost.get("requestedQueryCost") or 0),
        float(status.get("currentlyAvailable", 1e9)),
        float(status.get("restoreRate") or 50),
    )


def _seconds_until_affordable(found: JsonObject) -> float:
    asked, left, rate = _status(found)
    return max(1.0, (asked - left) / rate)


def _leave_points(found: JsonObject) -> None:
    """Wait where the next call of the same cost would be refused."""
    asked, left, rate = _status(found)
    if left < asked:
        pause((asked - left) / rate)
