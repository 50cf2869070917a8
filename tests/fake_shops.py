"""Shop systems on this machine that page, limit, fail in the middle and change their orders."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Fake:
    """A server whose ``answer(method, path, headers, body)`` says (status, headers, body).

    Attributes
    ----------
    failures
        Statuses that the next requests get instead of an answer; 0 breaks the answer off in the middle.
    """

    def __init__(self) -> None:
        self.failures: list[int] = []
        self.requests: list[str] = []
        handler = type("Handler", (_Handler,), {"fake": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        raise NotImplementedError

    def __enter__(self) -> Any:
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    fake: Fake

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _do(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.fake.requests.append(f"{self.command} {self.path}")
        failure = self.fake.failures.pop(0) if self.fake.failures else None
        if failure:
            status, headers, content = failure, {"Retry-After": "3"}, b"{}"
        else:
            sent = {name.lower(): value for name, value in self.headers.items()}
            status, headers, content = self.fake.answer(self.command, self.path, sent, body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content[: len(content) // 2] if failure == 0 else content)

    do_GET = do_POST = _do


class FakeFiles(Fake):
    """``pages`` by path: status, headers and body."""

    def __init__(self, pages: dict[str, tuple[int, dict[str, str], bytes]]) -> None:
        super().__init__()
        self.pages = pages
        self.sent: list[dict[str, str]] = []

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        self.sent.append(headers)
        status, told, content = self.pages.get(path, (404, {}, b""))
        if told.get("ETag") and headers.get("if-none-match") == told["ETag"]:
            return 304, told, b""
        return status, told, content


class FakeWoo(Fake):
    """A WooCommerce shop; ``before_page`` is called with the number of each page that is asked for."""

    def __init__(self, orders: list[dict[str, Any]]) -> None:
        super().__init__()
        self.orders = orders
        self.before_page: Callable[[int], None] = lambda page: None

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        pair = base64.b64decode(headers.get("authorization", "Basic ").removeprefix("Basic ")).decode()
        if pair != "ck:cs":
            return 401, {}, b"{}"
        query = parse_qs(urlsplit(path).query)
        page, size = int(query["page"][0]), int(query["per_page"][0])
        self.before_page(page)
        since = query.get("modified_after", [""])[0].rstrip("Z")
        found = sorted(
            (one for one in self.orders if one["date_modified_gmt"] > since), key=lambda one: one["id"]
        )
        content = json.dumps(found[(page - 1) * size : page * size]).encode()
        return 200, {"X-WP-Total": str(len(found)), "Content-Type": "application/json"}, content


def woo_order(number: int, modified: str = "2026-01-05T10:00:00", **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "number": str(number),
        "status": "completed",
        "currency": "EUR",
        "date_created": "2026-01-04T09:00:00",
        "date_modified_gmt": modified,
        "customer_id": 7,
        "billing": {"email": f"c{number}@shop.example", "phone": ""},
        "prices_include_tax": True,
        "total": "15.00",
        "refunds": [],
        "line_items": [
            {
                "name": "Tea",
                "product_id": 1,
                "sku": "T",
                "quantity": 2,
                "total": "10.00",
                "total_tax": "1.90",
            },
            {"name": "Cup", "product_id": 2, "sku": "C", "quantity": 1, "total": "2.00", "total_tax": "0.38"},
        ],
        **more,
    }


class FakeShopify(Fake):
    """A Shopify shop that allows ``most`` orders a page, and lists lines two at a time."""

    def __init__(self, orders: list[dict[str, Any]], *, most: int = 50) -> None:
        super().__init__()
        self.orders = orders
        self.most = most
        self.scopes = ["read_orders", "read_all_orders"]
        self.throttled = 0
        self.after_page: Callable[[], None] = lambda: None

    def answer(
        self, method: str, path: str, headers: dict[str, str], body: bytes
    ) -> tuple[int, dict[str, str], bytes]:
        asked = json.loads(body)
        if path == "/admin/oauth/access_token":
            good = asked["client_id"] == "id" and asked["client_secret"] == "secret"
            return (200, {}, b'{"access_token": "day"}') if good else (401, {}, b"{}")
        if headers.get("x-shopify-access-token") not in ("day", "shpat_x"):
            return 401, {}, b"{}"
        return 200, {}, json.dumps(self._graphql(asked["query"], asked["variables"])).encode()

    def _graphql(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        if "accessScopes" in query:
            shop = {"name": "Tea", "currencyCode": "EUR", "ianaTimezone": "Europe/Berlin"}
            scopes = [{"handle": one} for one in self.scopes]
            return {"data": {"shop": shop, "currentAppInstallation": {"accessScopes": scopes}}}
        if "order(id" in query:
            order = next(one for one in self.orders if one["id"] == variables["id"])
            return {"data": {"order": {"lineItems": _lines(order, int(variables["after"]))}}}
        if self.throttled:
            self.throttled -= 1
            return _refusal("THROTTLED")
        if variables["first"] > self.most:
            return _refusal("MAX_COST_EXCEEDED")
        return {"data": {"orders": self._page(variables)}}

    def _page(self, variables: dict[str, Any]) -> dict[str, Any]:
        since = (variables["query"] or "updated_at:>=''").split("'")[1]
        found = sorted(
            (one for one in self.orders if one["updatedAt"] >= since),
            key=lambda one: (one["updatedAt"], one["id"]),
        )
        after = tuple(json.loads(variables["after"])) if variables["after"] else ("", "")
        rest = [one for one in found if (one["updatedAt"], one["id"]) > after]
        page = rest[: variables["first"]]
        last = page[-1] if page else None
        nodes = [
            {**{k: v for k, v in one.items() if k != "lines"}, "lineItems": _lines(one, 0)} for one in page
        ]
        self.after_page()
        cursor = json.dumps([last["updatedAt"], last["id"]]) if last else None
        return {"pageInfo": {"hasNextPage": len(rest) > len(page), "endCursor": cursor}, "nodes": nodes}


def _lines(order: dict[str, Any], start: int) -> dict[str, Any]:
    lines, end = order["lines"], start + 2
    return {
        "pageInfo": {"hasNextPage": end < len(lines), "endCursor": str(end)},
        "nodes": lines[start:end],
    }


def _refusal(code: str) -> dict[str, Any]:
    cost = {
        "requestedQueryCost": 500,
        "throttleStatus": {"maximumAvailable": 1000, "currentlyAvailable": 100, "restoreRate": 100},
    }
    return {"errors": [{"message": "no", "extensions": {"code": code}}], "extensions": {"cost": cost}}


def shopify_order(number: int, updated: str = "2026-01-05T10:00:00Z", **more: Any) -> dict[str, Any]:
    return {
        "id": f"gid://shopify/Order/{number}",
        "name": f"#{number}",
        "email": f"c{number}@shop.example",
        "phone": None,
        "createdAt": "2026-01-04T23:30:00Z",
        "updatedAt": updated,
        "cancelledAt": None,
        "test": False,
        "displayFinancialStatus": "PAID",
        "currencyCode": "EUR",
        "subtotalPriceSet": _money("13.00"),
        "totalPriceSet": _money("17.00"),
        "totalDiscountsSet": _money("1.00"),
        "totalRefundedSet": _money("0.0"),
        "customer": {"id": f"gid://shopify/Customer/{number + 500}"},
        "lines": [
            {"name": "Tea", "sku": "T", "quantity": 2, "originalUnitPriceSet": _money("5.00")},
            {"name": "Cup", "sku": None, "quantity": 1, "originalUnitPriceSet": _money("2.00")},
            {"name": "Pot", "sku": "P", "quantity": 1, "originalUnitPriceSet": _money("2.00")},
        ],
        **more,
    }


def _money(amount: str) -> dict[str, Any]:
    return {"shopMoney": {"amount": amount}}
