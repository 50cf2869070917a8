"""The bundled demo files: what the generator writes, and that it writes exactly the committed bytes."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from churnkit.samples import SAMPLES, Sample, ecommerce, write_samples
from churnkit.samples.portable_draws import PortableDraws
from churnkit.samples.product_range import discount_cents, fill_baskets, money
from churnkit.samples.simulation import DAYS, FIRST_DAY, SeasonalClock, simulate_orders

Rows = list[dict[str, str]]


def read(path: Path) -> Rows:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def coffee(samples: Path) -> Rows:
    return read(samples / "coffee_shop_demo.csv")


@pytest.fixture(scope="module")
def shop(samples: Path) -> Rows:
    return read(samples / "ecommerce_demo.csv")


@pytest.fixture(scope="module")
def payments(samples: Path) -> Rows:
    return read(samples / "subscription_demo.csv")


def test_generator_reproduces_the_committed_files(tmp_path: Path, samples: Path) -> None:
    written = write_samples(tmp_path)

    assert [path.name for path in written] == [sample.file_name for sample in SAMPLES]
    assert sorted(path.name for path in samples.glob("*.csv")) == sorted(path.name for path in written)
    for path in written:
        assert path.read_bytes() == (samples / path.name).read_bytes(), path.name


def test_another_seed_writes_other_customers(tmp_path: Path, samples: Path) -> None:
    for path in write_samples(tmp_path / "made" / "on the way", seed=7):
        assert path.read_bytes() != (samples / path.name).read_bytes()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file_name)
def test_size_customers_and_months(sample: Sample, samples: Path) -> None:
    name = sample.file_name
    rows = read(samples / name)
    identity = {"coffee": "Loyalty Card ID", "ecommerce": "Customer Email", "subscription": "customer_id"}
    dates = {"coffee": "Date", "ecommerce": "Order Date", "subscription": "paid_at"}
    kind = name.split("_")[0]
    customers = {row[identity[kind]].strip().lower() for row in rows} - {""}
    days = [parse_date(row[dates[kind]]) for row in rows]
    months = {(day.year, day.month) for day in days if day is not None}

    assert 1_000_000 <= (samples / name).stat().st_size <= 3_000_000
    assert 1_000 <= len(customers) <= 4_000
    assert 12 <= len(months) <= 24


def parse_date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        pass
    try:
        return datetime.strptime(text, "%m/%d/%Y %I:%M %p")
    except ValueError:
        return None


def test_coffee_shop_has_the_look_of_a_till(coffee: Rows) -> None:
    cards = {row["Loyalty Card ID"] for row in coffee}
    assert all(len(card) == 5 and card.isdigit() for card in cards - {""})
    assert any(card.startswith("00") for card in cards)
    assert 0.02 < sum(row["Loyalty Card ID"] == "" for row in coffee) / len(coffee) < 0.06
    assert all(datetime.fromisoformat(f"{row['Date']}T{row['Time']}") for row in coffee)
    for row in coffee:
        net = float(row["Qty"]) * float(row["Unit Price"]) - float(row["Discount"])
        assert net == pytest.approx(float(row["Net Sales"]), abs=1e-9)
    refunds = [row for row in coffee if float(row["Net Sales"]) < 0]
    assert 20 < len(refunds) < 0.02 * len(coffee)
    receipts = [row["Receipt No"] for row in coffee]
    assert receipts == sorted(receipts)
    assert {row["Receipt No"] for row in refunds}.isdisjoint(
        row["Receipt No"] for row in coffee if float(row["Net Sales"]) > 0
    )


def test_ecommerce_has_the_mess_of_a_real_export(shop: Rows) -> None:
    emails = [row["Customer Email"] for row in shop]
    assert 0.01 < emails.count("") / len(emails) < 0.04
    assert any(email != email.strip() for email in emails)
    assert any(email != email.lower() for email in emails)
    assert len({email.strip().lower() for email in emails}) < len(set(emails))

    broken = [row["Order Date"] for row in shop if parse_date(row["Order Date"]) is None]
    assert 10 <= len(broken) <= 20
    assert set(broken) == set(ecommerce.NO_DATES)
    assert any(int(row["Order Date"].split("/")[1]) > 12 for row in shop if parse_date(row["Order Date"]))

    repeats = Counter(tuple(row.values()) for row in shop)
    assert 30 < sum(count - 1 for count in repeats.values()) < 0.01 * len(shop)
    statuses = Counter(row["Status"] for row in shop)
    assert set(statuses) == {"Completed", "Cancelled", "Failed", "Refunded"}
    assert 0.8 < statuses["Completed"] / len(shop) < 0.98
    assert any(row["Unit Price"] == "$0.00" for row in shop)
    assert any("," in row["Unit Price"] for row in shop)
    assert all(row["Line Total"].startswith(("$", "-$")) for row in shop)


def test_ecommerce_refunds_come_after_their_order(shop: Rows) -> None:
    ordered = {
        (row["Order Number"], row["SKU"]): parse_date(row["Order Date"])
        for row in shop
        if int(row["Qty"]) > 0
    }
    refunds = [row for row in shop if row["Status"] == "Refunded"]
    assert len(refunds) > 100
    compared = 0
    for row in refunds:
        sold, returned = ordered[row["Order Number"], row["SKU"]], parse_date(row["Order Date"])
        assert int(row["Qty"]) < 0
        if sold is not None and returned is not None:
            compared += 1
            assert 3 <= (returned - sold).days <= 24
    assert compared > 100


def test_ecommerce_customers_fade_before_they_leave() -> None:
    draws = PortableDraws(42, stream=2)
    customers = ecommerce._customers(draws)
    orders = simulate_orders(draws, customers, ecommerce.behaviour(), ecommerce.CLOCK)
    lines = fill_baskets(
        draws,
        ecommerce.CATALOGUE,
        customers,
        orders,
        mean_extra_lines=1.0,
        loyalty=0.8,
        second_piece_chance=0.15,
    )
    fading = orders.fading > 0
    assert 0.15 < fading.mean() < 0.4

    in_turn = np.lexsort((orders.day, orders.customer))
    gap = np.diff(orders.day[in_turn], prepend=0).astype(float)
    gap[np.diff(orders.customer[in_turn], prepend=-1) != 0] = np.nan
    last = orders.fading[in_turn] == ecommerce.FAREWELL.orders
    own = {
        state: np.nanmedian(gap[chosen]) for state, chosen in (("steady", ~fading[in_turn]), ("last", last))
    }
    assert own["last"] > 2 * own["steady"]
    for event in (orders.discounted, orders.returned):
        assert event[fading].mean() > 1.3 * event[~fading].mean()
    items = np.bincount(lines.order, minlength=len(orders))
    assert items[fading].mean() < 0.9 * items[~fading].mean()

    categories = np.array([product.category for product in ecommerce.CATALOGUE.products])
    favourite = {
        customer: Counter(categories[lines.product[chosen]]).most_common(1)[0][0]
        for customer in range(60)
        if (chosen := (orders.customer[lines.order] == customer) & ~fading[lines.order]).sum() > 8
    }
    share = {True: [0, 0], False: [0, 0]}
    for order, product in zip(lines.order.tolist(), lines.product.tolist(), strict=True):
        liked = favourite.get(int(orders.customer[order]))
        if liked is not None:
            share[bool(fading[order])][0] += categories[product] == liked
            share[bool(fading[order])][1] += 1
    assert share[True][0] / share[True][1] < 0.7 * share[False][0] / share[False][1]


def test_without_a_farewell_nobody_fades() -> None:
    draws = PortableDraws(1, stream=9)
    quiet = replace(ecommerce.behaviour(), farewell=None)
    assert not simulate_orders(draws, ecommerce._customers(draws), quiet, ecommerce.CLOCK).fading.any()


def test_ecommerce_addresses_are_unique() -> None:
    addresses = {ecommerce._address(customer) for customer in range(ecommerce.CUSTOMERS)}
    assert len(addresses) == ecommerce.CUSTOMERS


def test_subscription_has_pauses_failures_and_upgrades(payments: Rows) -> None:
    statuses = Counter(row["status"] for row in payments)
    assert set(statuses) == {"paid", "failed", "refunded"}
    assert len({row["invoice_id"] for row in payments}) == len(payments)
    offsets = {row["paid_at"][-6:] for row in payments}
    assert offsets == {"+01:00", "+02:00"}
    assert all(float(row["amount"]) < 0 for row in payments if row["status"] == "refunded")

    paid: dict[str, Rows] = {}
    for row in payments:
        if row["status"] == "paid":
            paid.setdefault(row["customer_id"], []).append(row)
    plans = ("Starter", "Plus", "Pro")
    steps, gaps_days = [], []
    for history in paid.values():
        for before, after in pairwise(history):
            steps.append(plans.index(after["plan"]) - plans.index(before["plan"]))
            gap = datetime.fromisoformat(after["paid_at"]) - datetime.fromisoformat(before["paid_at"])
            gaps_days.append(gap.total_seconds() / 86_400)
    assert steps.count(1) > 100
    assert steps.count(-1) > 30
    assert np.median(gaps_days) == pytest.approx(30.5, abs=1.0)
    assert sum(gap > 55 for gap in gaps_days) > 100


@pytest.mark.parametrize(
    ("identity", "order", "file_name"),
    [
        ("Loyalty Card ID", "Receipt No", "coffee_shop_demo.csv"),
        ("Customer Email", "Order Number", "ecommerce_demo.csv"),
        ("customer_id", "invoice_id", "subscription_demo.csv"),
    ],
)
def test_a_share_of_customers_buys_once(identity: str, order: str, file_name: str, samples: Path) -> None:
    orders: dict[str, set[str]] = {}
    for row in read(samples / file_name):
        orders.setdefault(row[identity].strip().lower(), set()).add(row[order])
    orders.pop("", None)
    once = sum(len(numbers) == 1 for numbers in orders.values()) / len(orders)
    assert 0.1 < once < 0.55


def test_draws_have_the_moments_of_their_distributions() -> None:
    draws = PortableDraws(0, stream=0)
    assert draws.gamma(1.5, 200_000).mean() == pytest.approx(1.0, abs=0.01)
    assert draws.beta(1.0, 3.0, 200_000).mean() == pytest.approx(0.25, abs=0.005)
    assert draws.exponential(200_000).mean() == pytest.approx(1.0, abs=0.01)
    normal = draws.normal(200_000)
    assert (normal.mean(), normal.std()) == pytest.approx((0.0, 1.0), abs=0.01)
    stages = np.full(100_000, 3)
    assert draws.erlang(stages).std() == pytest.approx(3**-0.5, abs=0.01)
    picked = draws.pick(np.log(np.tile([1.0, 3.0], (100_000, 1))))
    assert picked.mean() == pytest.approx(0.75, abs=0.01)
    assert set(draws.integers(2, 5, 1_000).tolist()) == {2, 3, 4}


def test_clock_runs_faster_on_busy_days() -> None:
    # 2024-09-01 is a Sunday: with Sundays at rest no shop time passes on it.
    clock = SeasonalClock([1.0] * 12, [[1, 1, 1, 1, 1, 1, 0]])
    days = clock.day(np.array([0.0, 1e-9, DAYS - 1e-6, DAYS + 5.0]), np.zeros(4, dtype=np.int64))
    assert np.datetime64("2024-09-01") == FIRST_DAY
    assert days.tolist() == [1, 1, DAYS - 1, DAYS]


def test_money_is_rounded_in_whole_cents() -> None:
    assert discount_cents(np.array([990, 1250, 10]), np.array([15, 10, 5])).tolist() == [149, 125, 1]
    assert [money(cents) for cents in (-5, 0, 7, 1234, -1234)] == ["-0.05", "0.00", "0.07", "12.34", "-12.34"]
