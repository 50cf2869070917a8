"""The gate: what looks wrong about a reading as a whole stops it until somebody says that it is right."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from churnkit.ingest import Ingested, OpenQuestions, Reading, ingest, read_mapping
from churnkit.ingest.rows.check_sums import subtotals

MAP = {"customer_id": "who", "order_id": "order", "order_datetime": "when", "amount": "money"}
FIRST = dt.date(2024, 1, 1)
SAMPLES = Path(__file__).resolve().parents[4] / "data" / "samples"

Order = tuple[str, str, str, str]


def orders(count: int = 300, customers: int = 60) -> list[Order]:
    """Orders of customers over 600 days: who, order, when, money."""
    return [
        (
            f"c{place * 7 % customers}",
            str(place),
            (FIRST + dt.timedelta(days=place * 600 // count)).isoformat(),
            f"{10 + place * 37 % 91}.{place * 13 % 100:02d}",
        )
        for place in range(count)
    ]


def changed(places: Sequence[int], **cells: str) -> list[Order]:
    """`orders` with other cells in some places."""
    rows = [dict(zip(("who", "order", "when", "money"), row, strict=True)) for row in orders()]
    for place in places:
        rows[place].update(cells)
    return [(row["who"], row["order"], row["when"], row["money"]) for row in rows]


def with_subtotals(rows: list[Order], every: int) -> list[Order]:
    """The rows with the sum of each few behind them, as a row of its own."""
    found = []
    for start in range(0, len(rows), every):
        part = rows[start : start + every]
        total = sum(float(money) for *_, money in part)
        found += [*part, (part[0][0], f"S{start}", part[-1][2], f"{total:.2f}")]
    return found


def with_order_totals(rows: list[Order]) -> list[Order]:
    """Three rows an order and a row with their total before them."""
    found = []
    for start in range(0, len(rows) - 2, 3):
        who, order, when, _ = rows[start]
        part = [money for *_, money in rows[start : start + 3]]
        total = f"{sum(map(float, part)):.2f}"
        found += [(who, order, when, money) for money in (total, *part)]
    return found


def text_of(rows: Sequence[Order]) -> str:
    return "who,order,when,money\n" + "".join(",".join(row) + "\n" for row in rows)


WRONG: dict[str, tuple[str, list[Order], str]] = {
    "dates are none": ("rows_kept", changed(range(0, 300, 3), when="soon"), "unparseable_date"),
    "no amounts": ("rows_kept", changed(range(0, 300, 2), money="0"), "zero_amount"),
    "customers on some rows only": (
        "rows_kept",
        [
            (who if place % 3 == 0 else "", order, when, money)
            for place, (who, order, when, money) in enumerate(orders())
        ],
        "no_customer",
    ),
    "the large orders have no date": (
        "money_kept",
        changed(range(0, 300, 8), when="?", money="2000"),
        "unparseable_date",
    ),
    "the till is a customer": ("one_customer", changed(range(0, 300, 3), who="till 1"), "till 1"),
    "a flag is the customer": (
        "few_customers",
        [("ab"[place % 2], *row[1:]) for place, row in enumerate(orders())],
        "2 customers",
    ),
    "a number is no money": ("one_order", changed([150], money="491701234567"), "row 151"),
    "two shops number alike": (
        "shared_numbers",
        [(who, str(place % 150), when, money) for place, (who, _, when, money) in enumerate(orders())],
        "several customers on different days",
    ),
    "payouts": ("returns", changed(range(1, 300, 2), money="-40"), "below zero"),
    "subtotals": ("sums_above", with_subtotals(orders(), 5), "look like subtotals"),
    "a total at the end": (
        "sums_above",
        [*orders(), ("c1", "T", "2025-08-01", "16000.00")],
        "sum of all rows above",
    ),
    "totals of orders beside their lines": (
        "sums_above",
        with_order_totals(orders()),
        "order's total beside its lines",
    ),
    "dates to come": ("dates_beyond", changed(range(290, 300), when="2027-05-05"), "after today"),
    "one date is a year late": ("dates_beyond", changed([200], when="2026-09-05"), "after all others"),
    "no days after the twelfth": (
        "days_of_month",
        [(who, order, f"{when[:8]}{1 + int(order) % 12:02d}", money) for who, order, when, money in orders()],
        "after the twelfth",
    ),
}
total = sum(round(100 * float(money)) for *_, money in orders())
WRONG["a total at the end"][1][-1] = ("c1", "T", "2025-08-01", f"{total / 100:.2f}")


@pytest.mark.parametrize("kind", WRONG)
def test_what_looks_wrong_is_asked_and_can_be_accepted(read_text: Callable[..., object], kind: str) -> None:
    name, rows, words = WRONG[kind]
    with pytest.raises(OpenQuestions) as asked:
        read_text(text_of(rows), mapping=MAP)
    found = {question.choices[-1].answer["accept"][0]: question for question in asked.value.questions}
    assert name in found
    assert words in found[name].message
    assert found[name].remedy
    assert (found[name].field, found[name].option) == ("accept", "--answers")
    read = read_text(text_of(rows), mapping=MAP, accepted=tuple(found))
    assert {check.name for check in read.result.checks if check.accepted} == set(found)  # type: ignore[attr-defined]


def test_numbers_of_several_shops_make_no_order_of_two_customers(read_text: Callable[..., object]) -> None:
    _, rows, _ = WRONG["two shops number alike"]
    read = read_text(text_of(rows), mapping=MAP, accepted=("shared_numbers",)).result  # type: ignore[attr-defined]
    assert read.understood.orders == len({(who, when) for who, _, when, _ in rows})
    assert any("are those of several orders" in note for note in read.notes)


@pytest.mark.parametrize(("names", "asked"), [(50, True), (290, False)])
def test_a_new_address_with_every_order_is_asked_about(
    read_text: Callable[..., object], names: int, asked: bool
) -> None:
    rows = "".join(
        f"o{place}@mask.example,{'abcdefghij'[place % names % 10]}{'klmnopqrst'[place % names // 10 % 10]} "
        f"{'uvwxyz'[place % names // 100]},{order},{when},{money}\n"
        for place, (_, order, when, money) in enumerate(orders())
    )
    text = f"email,customer name,order,date,money\n{rows}"
    if not asked:
        assert read_text(text)
        return
    with pytest.raises(OpenQuestions, match="'customer name' holds 50 names"):
        read_text(text)


def test_one_far_above_all_others_may_be_nobody(read_text: Callable[..., object]) -> None:
    rows = [
        ("till" if place % 11 == 0 else who, order, when, money)
        for place, (who, order, when, money) in enumerate(orders(600, 120))
    ]
    with pytest.raises(OpenQuestions, match="'till'"):
        read_text(text_of(rows), mapping=MAP)


FINE: dict[str, list[Order]] = {
    "as it is": orders(),
    "a tiny shop": orders(12, 2),
    "a shop of few": orders(60, 6),
    "walk-ins without a name": changed(range(0, 300, 4), who=""),
    "a few slips": changed([5, 80, 200], when="?"),
    "some samples for free": changed(range(0, 300, 8), money="0"),
    "a tenth is given back": changed(range(0, 300, 10), money="-20"),
    "orders of equal price": changed(range(300), money="9.90"),
    "a shop for Christmas": [
        (who, order, f"{int(order) % 3 + 2022}-12-{int(order) % 20 + 1:02d}", money)
        for who, order, _, money in orders()
    ],
    "the season begins again": [
        (who, order, f"{2022 + int(order) // 100}-12-{int(order) % 100 // 5 + 1:02d}", money)
        for who, order, _, money in orders(301)
    ],
    "once a month on the first": changed([], when="")
    and [(who, order, f"{when[:8]}01", money) for who, order, when, money in orders()],
}


@pytest.mark.parametrize("kind", FINE)
def test_what_shops_are_like_passes(read_text: Callable[..., object], kind: str) -> None:
    read = read_text(text_of(FINE[kind]), mapping=MAP)
    checks = read.result.checks  # type: ignore[attr-defined]
    assert len(checks) >= 9
    assert all(check.passed for check in checks)


def read_parts(folder: Path, *parts: Sequence[Order]) -> Ingested:
    """Several files read as one table."""
    paths = [folder / f"part_{place}.csv" for place in range(len(parts))]
    for path, rows in zip(paths, parts, strict=True):
        path.write_text(text_of(rows), encoding="utf-8")
    reading = Reading(mapping=read_mapping(MAP))
    return ingest(paths, folder / "work", reading, now=dt.datetime(2026, 11, 20))


def months(rows: Sequence[Order], first: int, last: int) -> list[Order]:
    """The orders from one month of the history to another, counted from 0."""
    return [row for row in rows if first <= int(row[2][:4]) * 12 + int(row[2][5:7]) - 1 - 2024 * 12 <= last]


def test_parts_that_follow_each_other_pass(tmp_path: Path) -> None:
    read = read_parts(tmp_path, months(orders(), 0, 6), months(orders(), 7, 30))
    assert [check.name for check in read.checks if not check.passed] == []


def renumbered(rows: Sequence[Order]) -> list[Order]:
    return [(who, f"N{order}", when, money) for who, order, when, money in rows]


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (renumbered(months(orders(), 5, 30)), "counts twice"),
        (months(orders(), 8, 30), "no orders from"),
        ([(*row[:3], row[3].replace(".", "")) for row in months(orders(), 7, 30)], "another unit"),
    ],
)
def test_parts_that_do_not_fit_together_are_asked_about(
    tmp_path: Path, second: list[Order], words: str
) -> None:
    with pytest.raises(OpenQuestions, match=words):
        read_parts(tmp_path, months(orders(), 0, 6), second)


def test_a_placeholder_is_left_out_by_its_choice(read_text: Callable[..., object]) -> None:
    text = text_of(changed(range(0, 300, 3), who="Till 1"))
    with pytest.raises(OpenQuestions) as asked:
        read_text(text, mapping=MAP)
    (question,) = asked.value.questions
    choice = question.choices[0]
    assert (choice.answer, choice.orders) == ({"nobody": ["Till 1"]}, 100)
    read = read_text(text, mapping=MAP, answers=choice.answer)
    assert len(read.rows) == 200  # type: ignore[attr-defined]
    assert read.dropped() == {"placeholder_customer": 100}  # type: ignore[attr-defined]


def stripe_with_a_total(times: float) -> str:
    """Charges with a column of totals that is so many times the amount."""
    header = "id,Created date (UTC),Amount,Amount Refunded,Currency,Captured,Status,Customer Email,Total\n"
    return header + "".join(
        f"ch_{order},{when} 10:00:00,{money},0,eur,true,Paid,{who}@example.org,{times * float(money):.2f}\n"
        for who, order, when, money in orders()
    )


def test_a_total_far_from_the_money_taken_is_asked_about(read_text: Callable[..., object]) -> None:
    fine = read_text(stripe_with_a_total(1.19), preset="stripe")
    assert all(check.passed for check in fine.result.checks)  # type: ignore[attr-defined]
    with pytest.raises(OpenQuestions, match="'Total' says") as asked:
        read_text(stripe_with_a_total(10), preset="stripe")
    (question,) = asked.value.questions
    choice = question.choices[0]
    total = sum(10 * float(money) for *_, money in orders())
    assert (choice.answer, round(choice.amount or 0, 2)) == ({"order_total": "Total"}, round(total, 2))
    read = read_text(stripe_with_a_total(10), preset="stripe", answers=choice.answer)
    assert read.rows["amount"].sum() == pytest.approx(total)  # type: ignore[attr-defined]


def test_double_orders_and_other_currencies_are_explained(read_text: Callable[..., object]) -> None:
    rows = [f"{','.join(row)},{'EUR' if place % 2 else 'USD'}" for place, row in enumerate(orders())]
    read = read_text(
        "who,order,when,money,currency\n" + "\n".join([*rows, *rows]) + "\n",
        mapping=MAP | {"currency": "EUR"},
    )
    assert all(check.passed for check in read.result.checks)  # type: ignore[attr-defined]


def test_most_orders_void_by_a_word_are_asked_about(read_text: Callable[..., object]) -> None:
    def text(void: int) -> str:
        return "who,order,when,money,status\n" + "".join(
            f"{','.join(row)},{'cancelled' if place % 10 < void else 'complete'}\n"
            for place, row in enumerate(orders())
        )

    with pytest.raises(OpenQuestions, match="cancelled"):
        read_text(text(6), mapping={**MAP, "status": "status"})
    read = read_text(text(4), mapping={**MAP, "status": "status"})
    assert len(read.rows) == 180  # type: ignore[attr-defined]


@pytest.mark.parametrize("sample", sorted(path.name for path in SAMPLES.glob("*.csv")))
def test_samples_pass(sample: str, tmp_path: Path) -> None:
    read = ingest(SAMPLES / sample, tmp_path, Reading(), now=dt.datetime(2026, 11, 20))
    assert [check.name for check in read.checks if not check.passed] == []


def test_a_run_of_subtotals_leaves_no_row_out() -> None:
    assert subtotals([100, 250, 350, 40, 60, 100, 7]) == [2, 5]
    assert subtotals([100, 100, 100]) == []
    assert subtotals([]) == []


def test_a_total_beside_the_money_is_looked_at_whatever_the_columns_are_called(
    read_text: Callable[..., object],
) -> None:
    rows = "".join(f"{who},{order},{when},{money},{money}\n" for who, order, when, money in orders())
    read = read_text("customer_id,order_id,date,total_paid,subtotal\n" + rows)
    assert len(read.rows) == 300  # type: ignore[attr-defined]


def with_credit_notes(kept: Sequence[int]) -> str:
    """Orders of which each thirtieth was refunded and has a credit note; of ``kept`` the status says nothing of it."""
    rows = ["customer_id,order_id,date,status,total"]
    for place, (who, order, when, money) in enumerate(orders()):
        back = place % 30 == 0
        status = "refunded" if back and place not in kept else "completed"
        rows.append(f"{who},{order},{when},{status},{money}")
        if back:
            rows.append(f"{who},R{order},{when},completed,-{money}")
    return "\n".join(rows) + "\n"


def test_orders_left_out_as_refunded_are_not_given_back_again(read_text: Callable[..., object]) -> None:
    text = with_credit_notes(kept=())
    with pytest.raises(OpenQuestions) as raised:
        read_text(text)
    (question,) = raised.value.questions
    assert "10 credit notes" in question.message and "twice" in question.message
    (answer,) = [choice.answer for choice in question.choices if "statuses" in choice.answer]
    assert answer == {"statuses": {"refunded": "counts"}}
    read = read_text(text, answers=answer)
    sold = sum(float(money) for place, (*_, money) in enumerate(orders()) if place % 30)
    assert read.rows["amount"].sum() == pytest.approx(sold)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("kept", "asked"), [(range(0, 210, 30), True), (range(0, 240, 30), False)])
def test_two_equal_amounts_are_chance(read_text: Callable[..., object], kept: range, asked: bool) -> None:
    if asked:
        with pytest.raises(OpenQuestions, match="3 credit notes"):
            read_text(with_credit_notes(kept))
    else:
        read_text(with_credit_notes(kept))


@pytest.mark.parametrize("number", ["manual", "0"])
def test_a_number_of_many_customers_and_days_numbers_no_order(
    read_text: Callable[..., object], number: str
) -> None:
    rows = changed(range(0, 210, 7), order=number)
    text = "customer_id,order_id,date,total\n" + "".join(",".join(row) + "\n" for row in rows)
    read = read_text(text)
    assert read.rows["order_id"].nunique() == 300  # type: ignore[attr-defined]
    assert read.mended() == {"order_id_made": 30}  # type: ignore[attr-defined]
    (note,) = [note for note in read.result.notes if "numbers no order" in note]  # type: ignore[attr-defined]
    assert repr(number) in note


@pytest.mark.parametrize(("customers", "numbers"), [(9, 292), (10, 300)])
def test_a_number_of_a_few_customers_stays_one(
    read_text: Callable[..., object], customers: int, numbers: int
) -> None:
    rows = changed(range(0, 7 * customers, 7), order="manual")
    text = "customer_id,order_id,date,total\n" + "".join(",".join(row) + "\n" for row in rows)
    assert read_text(text).rows["order_id"].nunique() == numbers  # type: ignore[attr-defined]
