"""Orders of a WooCommerce shop through its REST API (https://woocommerce.github.io/woocommerce-rest-api-docs)."""

from __future__ import annotations

import base64
import csv
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

from churnkit.outgoing import Address, Answer
from churnkit.results.codec import JsonObject
from churnkit.results.pulled import Pulled
from churnkit.sources.calls import call_json
from churnkit.sources.partial import Partial
from churnkit.sources.pulling import SourceFailed, Task, cursor_text, file_of, utc_text
from churnkit.sources.settings import WooSettings
from churnkit.text.figures import counted

PAGE = 100
# Orders that change while others are read may carry the second in which the pull began.
OVERLAP = timedelta(minutes=2)
_MOST_STEPS_BACK = 50
HEADER = (
    "order_id",
    "order_number",
    "date",
    "status",
    "order_currency",
    "customer_user",
    "billing_email",
    "billing_phone",
    "product_id",
    "sku",
    "product_name",
    "quantity",
    "line_total",
    "refunded_total",
)
# Orders that nobody has placed yet.
_NO_ORDERS = frozenset({"checkout-draft", "auto-draft", "trash"})


def pull(task: Task) -> Pulled:
    """Orders that are new or have changed since the last pull, with their lines, as one CSV file."""
    settings = task.settings
    assert isinstance(settings, WooSettings)
    since = task.cursor.get("modified_after")
    if task.is_test:
        _, answer = _page(settings, task, None, 1, 1)
        return Pulled(
            words=f"It can be read: {counted(_total(answer), 'order')} in the shop.",
            cursor=cursor_text(dict(task.cursor)),
        )
    pages = Partial(task.keep, {"address": settings.base, "since": since}, task.now, max_bytes=task.max_bytes)
    began = _read_all(settings, task, since, pages)
    seen: dict[str, str] = task.cursor.get("seen", {})
    onward = began - OVERLAP
    orders, late = 0, {}
    target = task.out / "file-0.csv"
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for order in pages.newest("id", "date_modified_gmt"):
            changed = str(order.get("date_modified_gmt") or "")
            if changed >= onward.replace(tzinfo=None).isoformat(timespec="seconds"):
                late[str(order["id"])] = changed
            if seen.get(str(order["id"])) == changed or order.get("status") in _NO_ORDERS:
                continue
            orders += 1
            writer.writerows(rows_of(order))
    cursor = cursor_text({"modified_after": utc_text(onward), "seen": late})
    pages.clear()
    if not orders:
        target.unlink()
        return Pulled(words="Nothing new.", cursor=cursor)
    label = f"woocommerce-{task.now.date().isoformat()}.csv"
    return Pulled(
        files=(file_of(target, label, knows_until=task.local_now),),
        cursor=cursor,
        words=f"{counted(orders, 'order')} new or changed.",
    )


def _read_all(settings: WooSettings, task: Task, since: str | None, pages: Partial) -> datetime:
    """Keep every page that is not there yet; when the shop's own clock stood as the first was asked for."""
    onward: Mapping[str, Any] = pages.next or {"page": 1, "total": None, "began": None, "back": 0}
    while onward["page"] is not None:
        number = int(onward["page"])
        task.say(f"Reading page {number}")
        orders, answer = _page(settings, task, since, number, PAGE)
        total = _total(answer)
        began = onward["began"] or _shop_time(answer, task.now).isoformat()
        shrunk = onward["total"] is not None and total < onward["total"]
        back = int(onward["back"]) + shrunk
        if back > _MOST_STEPS_BACK:
            raise SourceFailed("Reading the orders: they are deleted faster than they can be read.")
        # Where orders were deleted in between, later ones have moved to pages that were read before.
        fewer = onward["total"] - total if shrunk else 0
        following: int | None = max(1, number - -(-fewer // PAGE)) if shrunk else number + 1
        if not shrunk and len(orders) < PAGE:
            following = None
        onward = {"page": following, "total": total, "began": began, "back": back}
        pages.add(orders, dict(onward))
    return datetime.fromisoformat(str(onward["began"]))


def _page(
    settings: WooSettings, task: Task, since: str | None, number: int, size: int
) -> tuple[list[JsonObject], Answer]:
    query = {
        "per_page": size,
        "page": number,
        "orderby": "id",
        "order": "asc",
        "status": "any",
        "dates_are_gmt": "true",
        **({"modified_after": since} if since else {}),
    }
    pair = f"{task.credentials.get('consumer_key', '')}:{task.credentials.get('consumer_secret', '')}"
    authorization = "Basic " + base64.b64encode(pair.encode()).decode()
    url = f"{settings.base}/wp-json/wc/v3/orders?{urlencode(query)}"
    found, answer = call_json("GET", url, {"Authorization": authorization})
    if not isinstance(found, list) or any(not isinstance(one, dict) or "id" not in one for one in found):
        raise SourceFailed(
            f"Asking {Address.parse(settings.base).host} for orders: the answer is no list of orders."
        )
    return found, answer


def _total(answer: Answer) -> int:
    text = answer.headers.get("x-wp-total", "")
    if not text.isdigit():
        raise SourceFailed(
            "Asking for orders: the answer does not say how many there are (X-WP-Total).",
            "A cache or firewall before the shop may take it away.",
        )
    return int(text)


def _shop_time(answer: Answer, now: datetime) -> datetime:
    """The shop's clock may not be ours."""
    try:
        return parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)
    except (KeyError, ValueError):
        return now


def rows_of(order: JsonObject) -> Iterator[tuple[object, ...]]:
    """One row for each line of an order; the money as the shop shows it, without shipping and fees."""
    billing = order.get("billing") or {}
    refunded = -sum(float(one.get("total") or 0) for one in order.get("refunds") or ())
    head = (
        order["id"],
        order.get("number") or order["id"],
        str(order.get("date_created") or "").replace("T", " "),
        order.get("status") or "",
        order.get("currency") or "",
        order.get("customer_id") or 0,
        billing.get("email") or "",
        billing.get("phone") or "",
    )
    with_tax = bool(order.get("prices_include_tax"))
    lines = order.get("line_items") or [{"total": "0", "quantity": 1, "name": "Order without products"}]
    for line in lines:
        total = float(line.get("total") or 0) + (float(line.get("total_tax") or 0) if with_tax else 0.0)
        yield (
            *head,
            line.get("product_id") or "",
            line.get("sku") or "",
            line.get("name") or "",
            line.get("quantity") or "",
            str(round(total, 4)),
            str(round(refunded, 4)) if refunded else "",
        )
