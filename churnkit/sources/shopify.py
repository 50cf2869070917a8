"""Orders of a Shopify shop, written as the shop's own export of orders writes them.

So they are read by the same rules as that export, and a shop may begin with one and go on with the other.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from churnkit.results.codec import JsonObject
from churnkit.results.pulled import Pulled
from churnkit.sources.partial import Partial
from churnkit.sources.pulling import SourceFailed, Task, cursor_text, file_of, utc_text
from churnkit.sources.settings import ShopifySettings
from churnkit.sources.shopify_calls import Shopify, TooMuchAtOnce
from churnkit.sources.shopify_queries import LINES, MORE, MORE_LINES, ORDERS, SHOP
from churnkit.text.figures import counted

PAGE = 50
OVERLAP = timedelta(minutes=2)
# Lists end at 25,000; a new one begins well before, at the last change that was read.
MOST_OF_A_LIST = 20_000
HEADER = (
    "Name",
    "Email",
    "Phone",
    "Customer ID",
    "Financial Status",
    "Created at",
    "Cancelled at",
    "Currency",
    "Subtotal",
    "Total",
    "Discount Amount",
    "Refunded Amount",
    "Lineitem quantity",
    "Lineitem name",
    "Lineitem price",
    "Lineitem sku",
)
SIXTY_DAYS = (
    "Shopify shows this app the orders of the last 60 days alone, as it has no read_all_orders. Give it that scope, or"
    " begin with the shop's own export of all orders and let the source go on from there."
)
NO_NAMES = (
    "Shopify shows this app no e-mail addresses, as it does on its smallest plan: customers are told apart by their"
    " Shopify ids. Lists for a mailing tool need the export from the shop's admin."
)


def pull(task: Task) -> Pulled:
    """Orders that are new or have changed since the last pull, with their lines, as one CSV file."""
    settings = task.settings
    assert isinstance(settings, ShopifySettings)
    shop = Shopify.sign_in(settings, task.credentials)
    about = shop.ask(SHOP)
    scopes = {one["handle"] for one in (about.get("currentAppInstallation") or {}).get("accessScopes") or ()}
    if not scopes & {"read_orders", "read_all_orders", "write_orders"}:
        raise SourceFailed(
            "Asking Shopify for orders: the app lacks the scope read_orders.", "Add it to the app."
        )
    notes = [] if "read_all_orders" in scopes else [SIXTY_DAYS]
    if task.is_test:
        return Pulled(
            words=f"It can be read: {about['shop']['name']}, in {about['shop']['currencyCode']}.",
            cursor=cursor_text(dict(task.cursor)),
            notes=tuple(notes),
        )
    since = task.cursor.get("updated_from")
    pages = Partial(task.keep, {"shop": settings.base, "since": since}, task.now, max_bytes=task.max_bytes)
    _read_all(shop, task, since, pages)
    return _written(task, pages, about["shop"], notes)


def _read_all(shop: Shopify, task: Task, since: str | None, pages: Partial) -> None:
    """Keep every page that is not there yet; each order with all its lines."""
    onward: JsonObject = pages.next or {"from": since, "after": None, "read": 0, "page": PAGE, "of_list": 0}
    while not onward.get("done"):
        task.say(f"{counted(onward['read'], 'order')} read")
        try:
            found = shop.ask(ORDERS, _variables(onward))["orders"]
        except TooMuchAtOnce:
            if onward["page"] <= 1:
                raise
            onward = {**onward, "page": max(1, onward["page"] // 2)}
            continue
        orders = [_with_all_lines(shop, one) for one in found["nodes"]]
        onward = _following(onward, found["pageInfo"], orders)
        pages.add(orders, onward)


def _variables(onward: JsonObject) -> JsonObject:
    query = f"updated_at:>='{onward['from']}'" if onward["from"] else None
    return {"first": onward["page"], "after": onward["after"], "query": query, "lines": LINES}


def _following(onward: JsonObject, info: JsonObject, orders: list[JsonObject]) -> JsonObject:
    read, of_list = onward["read"] + len(orders), onward["of_list"] + len(orders)
    following = {**onward, "read": read, "of_list": of_list, "after": info["endCursor"]}
    if not info["hasNextPage"]:
        following["done"] = True
    elif of_list >= MOST_OF_A_LIST and orders[-1]["updatedAt"] != onward["from"]:
        following |= {"from": orders[-1]["updatedAt"], "after": None, "of_list": 0}
    return following


def _with_all_lines(shop: Shopify, order: JsonObject) -> JsonObject:
    lines, info = list(order["lineItems"]["nodes"]), order["lineItems"]["pageInfo"]
    while info["hasNextPage"]:
        asked = {"id": order["id"], "first": MORE_LINES, "after": info["endCursor"]}
        more = shop.ask(MORE, asked)["order"]["lineItems"]
        lines += more["nodes"]
        info = more["pageInfo"]
    return {**{name: value for name, value in order.items() if name != "lineItems"}, "lines": lines}


def _written(task: Task, pages: Partial, shop: JsonObject, notes: list[str]) -> Pulled:
    since, seen = task.cursor.get("updated_from"), task.cursor.get("seen", {})
    by_id, last, fresh = task.cursor.get("by_id"), since or "", 0
    target = task.out / "file-0.csv"
    if by_id is None:
        # Once for good: a customer who changed names in between would be two.
        by_id = not any(one.get("email") or one.get("phone") for one in pages.newest("id", "updatedAt"))
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([name for name in HEADER if by_id or name != "Customer ID"])
        for order in pages.newest("id", "updatedAt"):
            changed = order["updatedAt"]
            last = max(last, changed)
            if seen.get(order["id"]) == changed or order.get("test"):
                continue
            fresh += 1
            writer.writerows(rows_of(order, shop, by_id=by_id))
    state = _state(pages, last, None if by_id and not fresh and since is None else by_id)
    pages.clear()
    if not fresh:
        target.unlink()
        return Pulled(words="Nothing new.", cursor=cursor_text(state), notes=tuple(notes))
    label = f"shopify-{task.now.date().isoformat()}.csv"
    return Pulled(
        files=(file_of(target, label, knows_until=task.local_now),),
        cursor=cursor_text(state),
        words=f"{counted(fresh, 'order')} new or changed.",
        notes=tuple([*notes, NO_NAMES] if by_id else notes),
    )


def _state(pages: Partial, last: str, by_id: bool | None) -> JsonObject:
    """Where the next pull goes on: a little before the last change, as what is found lags behind what is so."""
    if not last:
        return {"updated_from": None, "seen": {}, "by_id": by_id}
    onward = utc_text(datetime.fromisoformat(last.replace("Z", "+00:00")) - OVERLAP)
    seen = {
        one["id"]: one["updatedAt"] for one in pages.newest("id", "updatedAt") if one["updatedAt"] >= onward
    }
    return {"updated_from": onward, "seen": seen, "by_id": by_id}


def rows_of(order: JsonObject, shop: JsonObject, *, by_id: bool) -> Iterator[list[object]]:
    """The rows of an order as Shopify's export has them: what is the order's own stands on the first alone."""
    zone = _zone(shop.get("ianaTimezone"))
    head: list[object] = [
        order["name"],
        "" if by_id else order.get("email") or "",
        "" if by_id else order.get("phone") or "",
        *([((order.get("customer") or {}).get("id") or "").rpartition("/")[2]] if by_id else []),
        str(order.get("displayFinancialStatus") or "").lower(),
        _local(order["createdAt"], zone),
        _local(order.get("cancelledAt"), zone),
        shop.get("currencyCode") or "",
        _amount(order, "subtotalPriceSet"),
        _amount(order, "totalPriceSet"),
        _amount(order, "totalDiscountsSet"),
        _amount(order, "totalRefundedSet"),
    ]
    blank: list[object] = [order["name"], *[""] * (len(head) - 1)]
    for number, line in enumerate(order["lines"] or [{}]):
        yield [
            *(blank if number else head),
            line.get("quantity", ""),
            line.get("name", ""),
            _amount(line, "originalUnitPriceSet"),
            line.get("sku") or "",
        ]


def _amount(values: JsonObject, name: str) -> str:
    found: Any = (values.get(name) or {}).get("shopMoney") or {}
    return str(found.get("amount", ""))


def _local(text: str | None, zone: ZoneInfo) -> str:
    """A time as the shop's admin shows it."""
    if not text:
        return ""
    return (
        datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(zone).strftime("%Y-%m-%d %H:%M:%S %z")
    )


def _zone(name: object) -> ZoneInfo:
    try:
        return ZoneInfo(str(name))
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
