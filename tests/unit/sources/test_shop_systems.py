"""Shopify and WooCommerce: paged, limited, broken off in the middle, and changing while they are read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from churnkit.config import PRIVATE_HOSTS
from churnkit.errors import ChurnkitError
from churnkit.ingest import Reading, ingest
from churnkit.sources import calls, shopify, woocommerce
from churnkit.sources.pulling import SourceFailed
from tests.fake_shops import FakeShopify, FakeWoo, shopify_order, woo_order
from tests.unit.sources.pulls import Puller

KEYS = {"consumer_key": "ck", "consumer_secret": "cs"}
LATER = "2026-01-06T00:00:00"


@pytest.fixture(autouse=True)
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long was waited, without waiting."""
    monkeypatch.setenv(PRIVATE_HOSTS, "127.0.0.1")
    waited: list[float] = []
    monkeypatch.setattr(calls, "pause", waited.append)
    monkeypatch.setattr("churnkit.sources.shopify_calls.pause", waited.append)
    monkeypatch.setattr(woocommerce, "PAGE", 3)
    monkeypatch.setattr(shopify, "PAGE", 4)
    return waited


@pytest.fixture
def woo() -> Iterator[FakeWoo]:
    with FakeWoo([woo_order(number) for number in range(1, 9)]) as fake:
        yield fake


def read(puller: Puller) -> list[tuple[Any, ...]]:
    """Order, customer, product and money of what was pulled, as it is read without anybody's answer."""
    (path,) = puller.out.iterdir()
    found = ingest(path, puller.folder / "work", Reading())
    rows = pd.read_parquet(found.transactions).sort_values(["order_id", "product_name"])
    columns = ["order_id", "customer_id", "product_name", "amount"]
    return [tuple(row) for row in rows[columns].round(2).itertuples(index=False)]


def woo_puller(woo: FakeWoo, folder: Path) -> Puller:
    return Puller(folder, "woocommerce", {"address": woo.url}, KEYS)


def ids(puller: Puller, name: str = "order_id") -> list[str]:
    return list(dict.fromkeys(row[name] for row in puller.rows()))


def test_woo_brings_every_page_with_its_lines(woo: FakeWoo, tmp_path: Path) -> None:
    woo.orders[1] = woo_order(2, status="refunded", refunds=[{"id": 1, "total": "-14.28"}])
    woo.orders[2] = woo_order(3, status="checkout-draft")
    woo.orders[3] = woo_order(4, prices_include_tax=False)
    puller = woo_puller(woo, tmp_path)
    found = puller.pull()
    assert found.words == "7 orders new or changed."
    assert found.files[0].knows_until == datetime(2026, 2, 1, 13)
    rows = puller.rows()
    assert ids(puller) == ["1", "2", "4", "5", "6", "7", "8"]
    first, second = rows[:2]
    assert (first["sku"], first["quantity"], first["line_total"], second["line_total"]) == (
        "T",
        "2",
        "11.9",
        "2.38",
    )
    assert first["date"] == "2026-01-04 09:00:00"
    assert [row["refunded_total"] for row in rows if row["order_id"] == "2"] == ["14.28", "14.28"]
    assert [row["line_total"] for row in rows if row["order_id"] == "4"] == ["10.0", "2.0"]


def test_woo_brings_later_what_changed_and_nothing_twice(woo: FakeWoo, tmp_path: Path) -> None:
    puller = woo_puller(woo, tmp_path)
    puller.pull()
    assert puller.pull().words == "Nothing new."
    woo.orders[4] = woo_order(5, "2099-01-01T00:00:00", status="refunded")
    puller.pull()
    assert ids(puller) == ["5"]
    # Within the overlap it is listed again, and known by the time of its change.
    assert not puller.pull().files


def test_woo_goes_on_where_it_broke_off(woo: FakeWoo, tmp_path: Path) -> None:
    puller = woo_puller(woo, tmp_path)

    def fail(page: int) -> None:
        if page == 2:
            woo.failures = [500] * 9

    woo.before_page = fail
    with pytest.raises(SourceFailed, match="stayed busy"):
        puller.pull()
        puller.pull()
    assert puller.cursor == {} and not list(puller.out.glob("*"))
    woo.before_page, woo.failures = lambda page: None, []
    woo.requests.clear()
    found = puller.pull()
    assert found.words == "8 orders new or changed."
    assert not any("page=1&" in one for one in woo.requests)


def test_woo_an_order_deleted_in_between_hides_none(woo: FakeWoo, tmp_path: Path) -> None:
    def delete(page: int) -> None:
        if page == 2 and woo.orders[0]["id"] == 1:
            del woo.orders[0]

    woo.before_page = delete
    puller = woo_puller(woo, tmp_path)
    puller.pull()
    assert ids(puller) == [str(number) for number in range(1, 9)]


def test_woo_waits_as_asked_and_survives_half_an_answer(
    woo: FakeWoo, tmp_path: Path, waits: list[float]
) -> None:
    woo.failures = [429, 0, 503]
    puller = woo_puller(woo, tmp_path)
    puller.pull()
    assert len(ids(puller)) == 8
    assert waits == [3.0, 4.0, 15.0]


def test_woo_says_what_is_wrong(woo: FakeWoo, tmp_path: Path) -> None:
    puller = Puller(tmp_path, "woocommerce", {"address": woo.url}, {**KEYS, "consumer_secret": "geheim"})
    with pytest.raises(SourceFailed, match="does not know these credentials") as failed:
        puller.pull()
    assert "geheim" not in str(failed.value)
    assert woo_puller(woo, tmp_path).pull(is_test=True).words == "It can be read: 8 orders in the shop."


@pytest.fixture
def shop() -> Iterator[FakeShopify]:
    with FakeShopify(
        [shopify_order(number, f"2026-01-05T10:0{number}:00Z") for number in range(1, 10)]
    ) as fake:
        yield fake


def shopify_puller(shop: FakeShopify, folder: Path, **credentials: str) -> Puller:
    return Puller(folder, "shopify", {"shop": shop.url}, credentials or {"token": "shpat_x"})


def test_shopify_writes_what_its_own_export_would(shop: FakeShopify, tmp_path: Path) -> None:
    shop.orders[1] |= {"test": True}
    puller = shopify_puller(shop, tmp_path, client_id="id", client_secret="secret")
    found = puller.pull()
    rows = puller.rows()
    assert found.words == "8 orders new or changed." and found.notes == ()
    assert len(rows) == 24, "all three lines of each order, though they come two at a time"
    assert "Customer ID" not in rows[0]
    first, second = rows[:2]
    assert first["Created at"] == "2026-01-05 00:30:00 +0100", "as the shop's admin shows it"
    assert (first["Name"], first["Subtotal"], first["Discount Amount"]) == ("#1", "13.00", "1.00")
    assert (second["Name"], second["Email"], second["Lineitem name"]) == ("#1", "", "Cup")


def test_shopify_brings_an_order_that_changes_while_it_is_read_as_it_is_in_the_end(
    shop: FakeShopify, tmp_path: Path
) -> None:
    def refund() -> None:
        shop.orders[0] = shopify_order(
            1, "2026-01-05T11:00:00Z", totalRefundedSet={"shopMoney": {"amount": "5.0"}}
        )

    shop.after_page = refund
    puller = shopify_puller(shop, tmp_path)
    puller.pull()
    assert next(row["Refunded Amount"] for row in puller.rows() if row["Name"] == "#1") == "5.0"
    assert len(ids(puller, "Name")) == 9
    assert not puller.pull().files
    shop.after_page = lambda: None
    shop.orders[3] = shopify_order(4, "2026-01-07T00:00:00Z")
    puller.pull()
    assert ids(puller, "Name") == ["#4"]


def test_shopify_asks_for_less_and_later_where_it_must(
    shop: FakeShopify, tmp_path: Path, waits: list[float]
) -> None:
    shop.most, shop.throttled = 1, 2
    puller = shopify_puller(shop, tmp_path)
    puller.pull()
    assert len(ids(puller, "Name")) == 9
    assert waits[:2] == [4.0, 4.0], "until 500 points are there, with 100 left and 100 a second"


def test_shopify_begins_a_new_list_before_the_old_one_ends(
    shop: FakeShopify, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shopify, "MOST_OF_A_LIST", 3)
    puller = shopify_puller(shop, tmp_path)
    puller.pull()
    assert len(ids(puller, "Name")) == 9
    assert len(puller.rows()) == 27


def test_shopify_goes_on_where_it_broke_off(shop: FakeShopify, tmp_path: Path) -> None:
    puller = shopify_puller(shop, tmp_path)

    pages: list[int] = []

    def fail() -> None:
        pages.append(1)
        shop.failures = [500] * 9 if len(pages) == 2 else []

    shop.after_page = fail
    with pytest.raises(ChurnkitError):
        puller.pull()
    shop.after_page, shop.failures = lambda: None, []
    before = len(shop.requests)
    puller.pull()
    assert len(ids(puller, "Name")) == 9
    # About the shop, two more pages, and the third lines of five orders.
    assert len(shop.requests) - before == 1 + 2 + 5, "the first page is not asked for again"


def test_shopify_says_what_it_does_not_show(shop: FakeShopify, tmp_path: Path) -> None:
    shop.scopes = ["read_orders"]
    shop.orders = [one | {"email": None} for one in shop.orders]
    puller = shopify_puller(shop, tmp_path)
    found = puller.pull()
    assert found.notes == (shopify.SIXTY_DAYS, shopify.NO_NAMES)
    assert puller.rows()[0]["Customer ID"] == "501"
    shop.scopes = ["read_products"]
    with pytest.raises(SourceFailed, match="read_orders"):
        puller.pull()
    with pytest.raises(SourceFailed, match="does not know"):
        shopify_puller(shop, tmp_path, token="wrong").pull()


def test_woo_is_read_without_a_question(woo: FakeWoo, tmp_path: Path) -> None:
    woo.orders = [
        woo_order(number, customer_id=number % 3, date_created=f"2025-{number:02}-13T10:00:00")
        for number in range(1, 11)
    ]
    woo.orders[1] |= {"status": "cancelled"}
    woo.orders[3] |= {"refunds": [{"id": 9, "total": "-7.14"}]}
    puller = woo_puller(woo, tmp_path)
    puller.pull()
    rows = read(puller)
    assert {row[0] for row in rows} == {str(number) for number in range(1, 11) if number != 2}
    assert [row[1:] for row in rows if row[0] == "1"] == [("1", "Cup", 2.38), ("1", "Tea", 11.9)]
    assert {row[1] for row in rows if row[0] == "3"} == {"c3@shop.example"}, "a guest is known by the address"
    assert sum(row[3] for row in rows if row[0] == "4") == pytest.approx(14.28 - 7.14, abs=0.02)


def test_shopify_is_read_without_a_question(shop: FakeShopify, tmp_path: Path) -> None:
    shop.orders = [shopify_order(number, createdAt=f"2025-0{number}-13T10:00:00Z") for number in range(1, 10)]
    shop.orders[1] |= {"cancelledAt": "2025-03-01T00:00:00Z"}
    shop.orders[3] |= {"totalRefundedSet": {"shopMoney": {"amount": "6.50"}}}
    for by_id in (False, True):
        if by_id:
            shop.orders = [one | {"email": None} for one in shop.orders]
        puller = shopify_puller(shop, tmp_path / str(by_id))
        (tmp_path / str(by_id)).mkdir()
        puller.pull()
        rows = read(puller)
        assert {row[0] for row in rows} == {f"#{number}" for number in range(1, 10) if number != 2}
        assert {row[1] for row in rows if row[0] == "#1"} == {"501" if by_id else "c1@shop.example"}
        # 2 x 5 + 2 + 2 less the discount of 1 is Shopify's subtotal of 13.
        assert sum(row[3] for row in rows if row[0] == "#1") == pytest.approx(13.0, abs=0.02)
        assert sum(row[3] for row in rows if row[0] == "#4") == pytest.approx(6.5, abs=0.02)
