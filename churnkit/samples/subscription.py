"""A subscription service's payments: one row per charge, with pauses, failed cards, upgrades and refunds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from churnkit.samples.portable_draws import BoolArray, FloatArray, IntArray, PortableDraws
from churnkit.samples.product_range import discount_cents, money
from churnkit.samples.simulation import DAYS, FIRST_DAY, SeasonalClock, arrivals, day_number

HEADER = ("customer_id", "invoice_id", "paid_at", "plan", "amount", "discount", "currency", "status")
CUSTOMERS = 2_600
PLANS = ("Starter", "Plus", "Pro")
PLAN_CENTS = np.array([990, 1990, 3990])
PRICE_RISE_DAY = day_number("2025-10-01")
RISEN_CENTS = np.array([1190, 1990, 4290])
CYCLE_DAYS = 30
PROMO_MONTHS, PROMO_PERCENT = 3, 50
# European summer time changes at 01:00 UTC; local time is an hour ahead of UTC, in summer two.
SUMMERS = (("2024-03-31", "2024-10-27"), ("2025-03-30", "2025-10-26"), ("2026-03-29", "2026-10-25"))


@dataclass(frozen=True)
class Subscribers:
    """Traits of n subscribers, one array entry each."""

    first_day: IntArray
    plan: IntArray
    promo: BoolArray
    leave_chance: FloatArray
    card_trouble: FloatArray
    pause_chance: FloatArray
    ambition: FloatArray
    charge_second: IntArray


@dataclass
class Charges:
    """Attempts to charge, as parallel lists of arrays with one entry per month of life."""

    customer: list[IntArray]
    day: list[IntArray]
    plan: list[IntArray]
    percent: list[IntArray]
    failed: list[BoolArray]

    def add(self, customer: IntArray, day: IntArray, plan: IntArray, percent: IntArray, failed: bool) -> None:
        self.customer.append(customer)
        self.day.append(day)
        self.plan.append(plan)
        self.percent.append(percent)
        self.failed.append(np.full(customer.size, failed))


def rows(seed: int) -> list[tuple[str, ...]]:
    """Rows of the file in the order of payment, header not included."""
    draws = PortableDraws(seed, stream=3)
    subscribers = _subscribers(draws)
    charges = _simulate_charges(draws, subscribers)
    customer, day, plan, percent = (
        np.concatenate(parts) for parts in (charges.customer, charges.day, charges.plan, charges.percent)
    )
    failed = np.concatenate(charges.failed)
    price = np.where(day >= PRICE_RISE_DAY, RISEN_CENTS[plan], PLAN_CENTS[plan])
    discount = discount_cents(price, percent)
    second = subscribers.charge_second[customer] + draws.integers(0, 240, customer.size)
    status = np.where(failed, "failed", "paid")

    refunded = np.flatnonzero(draws.chance(0.006, customer.size) & ~failed)
    refund_day = day[refunded] + draws.integers(1, 13, refunded.size)
    refunded, refund_day = refunded[refund_day < DAYS], refund_day[refund_day < DAYS]
    columns = (customer, plan, price - discount, discount, second)
    customer, plan, amount, discount, second = (np.concatenate([part, part[refunded]]) for part in columns)
    day = np.concatenate([day, refund_day])
    status = np.concatenate([status, np.full(refunded.size, "refunded")])
    amount[status == "refunded"] *= -1
    discount[status == "refunded"] *= -1
    return _print(customer, day, second, plan, amount, discount, status)


def _subscribers(draws: PortableDraws) -> Subscribers:
    ambition = draws.normal(CUSTOMERS)
    plan = np.digitize(ambition + draws.normal(CUSTOMERS), [0.4, 1.7]).astype(np.int64)
    promo = draws.chance(0.35, CUSTOMERS)
    clock = SeasonalClock(
        month_factors=[1.6, 1.1, 1.0, 0.9, 0.9, 0.8, 0.7, 0.8, 1.3, 1.1, 1.0, 0.8],
        weekday_profiles=[[1.2, 1.1, 1.1, 1.0, 0.9, 0.7, 1.0]],
    )
    arrival = arrivals(draws, CUSTOMERS, established_share=0.25, established_days=12.0, growth=1.5)
    return Subscribers(
        first_day=clock.day(arrival, np.zeros(CUSTOMERS, dtype=np.int64)),
        plan=plan,
        promo=promo,
        leave_chance=draws.beta(0.9, 13.0, CUSTOMERS),
        card_trouble=draws.beta(0.4, 9.0, CUSTOMERS),
        pause_chance=draws.beta(0.6, 8.0, CUSTOMERS),
        ambition=ambition,
        charge_second=draws.integers(6 * 3600, 22 * 3600, CUSTOMERS),
    )


def _simulate_charges(draws: PortableDraws, subscribers: Subscribers) -> Charges:
    charges = Charges([], [], [], [], [])
    active = np.arange(CUSTOMERS)
    due = subscribers.first_day.copy()
    plan = subscribers.plan.copy()
    pauses = np.zeros(CUSTOMERS)
    month = 0
    while active.size:
        active = active[due[active] < DAYS]
        percent = np.where(subscribers.promo[active] & (month < PROMO_MONTHS), PROMO_PERCENT, 0)
        active, percent, troubled = _charge(draws, subscribers, charges, active, due, plan, percent)

        leaves = _leaves(draws, subscribers, active, due, plan, pauses, troubled, month)
        active = active[~leaves]
        paused = draws.chance(subscribers.pause_chance[active], active.size)
        pauses[active] = 0.6 * pauses[active] + paused
        skipped = np.where(paused, draws.integers(1, 4, active.size), 0)
        due[active] += CYCLE_DAYS * (1 + skipped) + draws.integers(0, 2, active.size)
        _change_plans(draws, subscribers, active, plan)
        month += 1
    return charges


def _charge(
    draws: PortableDraws,
    subscribers: Subscribers,
    charges: Charges,
    active: IntArray,
    due: IntArray,
    plan: IntArray,
    percent: IntArray,
) -> tuple[IntArray, IntArray, BoolArray]:
    """Charge everybody who is due; a failed card is tried again days later, and some never mend it."""
    troubled = draws.chance(subscribers.card_trouble[active], active.size)
    charges.add(active[troubled], due[active][troubled], plan[active][troubled], percent[troubled], True)
    wait = draws.integers(2, 6, active.size)
    due[active] += np.where(troubled, wait, 0)
    mended = ~troubled | draws.chance(0.75, active.size)
    paying = mended & (due[active] < DAYS)
    charges.add(active[paying], due[active][paying], plan[active][paying], percent[paying], False)
    return active[paying], percent[paying], troubled[paying]


def _leaves(
    draws: PortableDraws,
    subscribers: Subscribers,
    active: IntArray,
    due: IntArray,
    plan: IntArray,
    pauses: FloatArray,
    troubled: BoolArray,
    month: int,
) -> BoolArray:
    since_rise = due[active] - PRICE_RISE_DAY
    fresh_rise = (since_rise >= -CYCLE_DAYS) & (since_rise < 2 * CYCLE_DAYS)
    promo_over = subscribers.promo[active] & (month >= PROMO_MONTHS - 1) & (month <= PROMO_MONTHS)
    log_hazard = (
        -0.5 * plan[active]
        - 0.3 * subscribers.ambition[active]
        + 0.9 * pauses[active]
        + 0.7 * troubled
        + 1.0 * (fresh_rise & (plan[active] == 0))
        + 1.5 * promo_over
        + 0.4 * (month < 2)
    )
    stay = (1.0 - subscribers.leave_chance[active]) ** np.exp(log_hazard)
    return draws.chance(1.0 - stay, active.size)


def _change_plans(draws: PortableDraws, subscribers: Subscribers, active: IntArray, plan: IntArray) -> None:
    luck = draws.uniform(active.size)
    up = luck < 0.025 * np.exp(0.5 * subscribers.ambition[active])
    down = luck > 1.0 - 0.012 * np.exp(-0.5 * subscribers.ambition[active])
    plan[active] = np.clip(plan[active] + up - down, 0, len(PLANS) - 1)


def _print(
    customer: IntArray,
    day: IntArray,
    second: IntArray,
    plan: IntArray,
    amount: IntArray,
    discount: IntArray,
    status: np.ndarray,
) -> list[tuple[str, ...]]:
    shown = np.lexsort((customer, second, day))
    midnight = (FIRST_DAY + day[shown]).astype("datetime64[s]")
    local = midnight + second[shown].astype("timedelta64[s]")
    summer = np.zeros(local.size, dtype=bool)
    for starts, ends in SUMMERS:
        summer |= (local >= np.datetime64(f"{starts}T03:00:00")) & (local < np.datetime64(f"{ends}T03:00:00"))
    times = np.datetime_as_string(local).tolist()
    offsets = np.where(summer, "+02:00", "+01:00").tolist()
    return [
        (
            f"cus_{_code(int(customer[row]))}",
            f"INV-{number:06d}",
            time + offset,
            PLANS[plan[row]],
            money(int(amount[row])),
            money(int(discount[row])),
            "EUR",
            str(status[row]),
        )
        for number, (row, time, offset) in enumerate(
            zip(shown.tolist(), times, offsets, strict=True), start=1
        )
    ]


def _code(customer: int) -> str:
    """Six characters that look random and are unique: a multiplication modulo a prime, in base 36."""
    value = (customer + 1) * 1_234_567_891 % 2_147_483_647
    digits = ""
    for _ in range(6):
        value, digit = divmod(value, 36)
        digits += "0123456789abcdefghijklmnopqrstuvwxyz"[digit]
    return digits
