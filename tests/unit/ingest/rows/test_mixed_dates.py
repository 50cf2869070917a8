"""Files whose dates have day and month in both orders, or whose dates are none."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable

import pytest

from churnkit.ingest import OpenQuestions

MAP = {"customer_id": "who", "order_id": "order", "order_datetime": "when", "amount": "money"}
FIRST = dt.date(2025, 1, 1)


def days(count: int, *, seed: int = 3, sorted_by_date: bool = True) -> list[dt.date]:
    """Dates over 400 days."""
    chance = random.Random(seed)
    found = [FIRST + dt.timedelta(days=chance.randrange(400)) for _ in range(count)]
    return sorted(found) if sorted_by_date else found


def by_day(date: dt.date) -> str:
    return date.strftime("%d/%m/%Y")


def by_month(date: dt.date) -> str:
    return date.strftime("%m/%d/%Y")


def file_of(dates: Iterable[str], offices: Iterable[str] | None = None, customers: int = 20) -> str:
    """An export of one row an order, with a column of offices if there are any."""
    lines = [
        f"c{place % customers},{place},{text},10,{office or 'x'}"
        for place, (text, office) in enumerate(zip(dates, offices or ["x"] * 10_000, strict=False))
    ]
    return "who,order,when,money,office\n" + "\n".join(lines) + "\n"


def read_dates(read) -> list[dt.date]:
    return [moment.date() for moment in read.rows["ordered_at"]]


def test_a_column_that_goes_with_one_order_decides_row_by_row(read_text):
    dates = days(300, sorted_by_date=False)
    offices = ["Boston" if place % 3 == 0 else "Leeds" for place in range(300)]
    texts = [
        by_month(d) if office == "Boston" else by_day(d) for d, office in zip(dates, offices, strict=True)
    ]
    read = read_text(file_of(texts, offices), mapping=MAP)
    assert read_dates(read) == dates
    turned = sum(office == "Boston" and d.day != d.month for d, office in zip(dates, offices, strict=True))
    assert read.mended()["date_other_order"] == turned
    assert read.dropped() == {}
    assert any("'office' goes with one order" in note for note in read.result.notes)


def test_the_notation_of_the_date_decides_row_by_row(read_text):
    dates = days(300, sorted_by_date=False)
    texts = [by_month(d) if place % 3 else by_day(d).replace("/", ".") for place, d in enumerate(dates)]
    read = read_text(file_of(texts), mapping=MAP)
    assert read_dates(read) == dates
    assert any("the notation of the date goes with one order" in note for note in read.result.notes)


@pytest.mark.parametrize("newest_first", [False, True])
def test_the_order_of_the_file_decides_row_by_row(read_text, newest_first):
    dates = days(300)
    if newest_first:
        dates.reverse()
    chance = random.Random(1)
    texts = [by_month(d) if chance.random() < 0.3 else by_day(d) for d in dates]
    read = read_text(file_of(texts), mapping=MAP)
    assert read_dates(read) == dates
    assert any("the file is sorted by date" in note for note in read.result.notes)


def test_both_orders_that_nothing_tells_apart_are_refused(read_text):
    dates = days(300, sorted_by_date=False)
    chance = random.Random(1)
    texts = [by_month(d) if chance.random() < 0.3 else by_day(d) for d in dates]
    with pytest.raises(OpenQuestions) as refused:
        read_text(file_of(texts), mapping=MAP)
    (question,) = refused.value.questions
    assert (question.refusal, question.choices) == ("mixed_dates", ())
    assert "can only be day/month" in question.message
    assert "ISO" in question.remedy


def test_a_rare_second_order_is_asked_about_with_what_would_be_lost(read_text):
    dates = days(600, sorted_by_date=False)
    chance = random.Random(1)
    texts = [by_month(d) if chance.random() < 0.03 else by_day(d) for d in dates]
    with pytest.raises(OpenQuestions) as asked:
        read_text(file_of(texts), mapping=MAP)
    (question,) = asked.value.questions
    first, second = question.choices
    assert (first.answer, second.answer) == ({"day_first": True}, {"day_first": False})
    assert (first.rows or 0) > (second.rows or 0) > 0
    assert "are no dates then and are left out" in first.label
    read = read_text(file_of(texts), mapping={**MAP, "day_first": True})
    assert len(read.rows) == first.rows


def test_slips_of_the_keyboard_are_read_and_told(read_text):
    dates = days(900, sorted_by_date=False)
    texts = list(map(by_day, dates))
    slip = next(place for place, d in enumerate(dates) if d.day > 12)
    texts[slip] = by_month(dates[slip])
    read = read_text(file_of(texts), mapping=MAP)
    assert read_dates(read) == dates
    assert read.mended()["date_other_order"] == 1


def test_dates_that_a_spreadsheet_swapped_are_put_back(read_text):
    dates = days(200, sorted_by_date=False)
    texts = [
        f"{by_day(d)}" if d.day > 12 else dt.date(d.year, d.day, d.month).isoformat() + " 00:00:00"
        for d in dates
    ]
    read = read_text(file_of(texts), mapping=MAP)
    assert read_dates(read) == dates
    assert read.mended()["date_swapped"] == sum(d.day <= 12 and d.day != d.month for d in dates)
    assert any("A spreadsheet swapped" in note for note in read.result.notes)


def test_dates_in_two_notations_are_no_swap(read_text):
    dates = days(200, sorted_by_date=False)
    texts = [by_day(d) if place % 2 else d.isoformat() for place, d in enumerate(dates)]
    read = read_text(file_of(texts), mapping=MAP)
    assert read_dates(read) == dates
    assert read.mended() == {}


def test_a_mixed_file_is_read_alike_before_a_date(read_text):
    dates = days(300, sorted_by_date=False)
    offices = ["Boston" if place % 3 == 0 else "Leeds" for place in range(300)]
    texts = [
        by_month(d) if office == "Boston" else by_day(d) for d, office in zip(dates, offices, strict=True)
    ]
    end = dt.datetime(2025, 2, 10)
    read = read_text(file_of(texts, offices), mapping=MAP, as_of=end)
    assert read_dates(read) == [d for d in dates if d < end.date()]


def test_an_open_order_is_asked_with_both_spans(read_text):
    texts = ["01/02/2025", "03/04/2025", "05/02/2025", "02/06/2025"]
    with pytest.raises(OpenQuestions) as asked:
        read_text(file_of(texts), mapping=MAP)
    (question,) = asked.value.questions
    assert question.field == "day_first"
    assert {choice.answer["day_first"] for choice in question.choices} == {True, False}
    assert any("from 2 Jan 2025 to 2 May 2025" in choice.label for choice in question.choices) or any(
        "to 2 Jun 2025" in choice.label for choice in question.choices
    )


def test_day_numbers_are_refused(read_text):
    text = "household,basket,DAY,sales\n" + "".join(f"h{n % 9},{n},{1 + n % 300},5.5\n" for n in range(400))
    mapping = {"customer_id": "household", "order_id": "basket", "order_datetime": "DAY", "amount": "sales"}
    for given in (mapping, None):
        with pytest.raises(OpenQuestions) as refused:
            read_text(text, mapping=given)
        assert "day_numbers" in [question.refusal for question in refused.value.questions]


def several_dates(header: str, *shifts: int, rows: int = 60) -> str:
    """Orders with several dates, each so many days after a day in 2025; from 900 on it is the day of the export."""
    lines = [
        ",".join(
            [f"c{n % 9}", str(n)]
            + [
                (FIRST + dt.timedelta(days=5 * n + shift if shift < 900 else 600)).isoformat()
                for shift in shifts
            ]
            + ["10"]
        )
        for n in range(rows)
    ]
    return f"customer_id,order_id,{header},amount\n" + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("header", "shifts", "date"),
    [
        ("created at,paid at,shipped at", (0, 1, 3), "created at"),
        ("shipped at,paid at,order date", (3, 1, 0), "order date"),
        ("date,exported", (0, 900), "date"),
        ("date,kaufmoment", (900, 0), "kaufmoment"),
        ("moment a,moment b", (4, 0), "moment b"),
    ],
)
def test_of_several_dates_the_order_has_its_own(read_text, header, shifts, date):
    read = read_text(several_dates(header, *shifts))
    assert read.result.mapping.columns["ordered_at"] == date


def test_two_dates_of_which_neither_is_earlier_are_asked_about(read_text):
    text = several_dates("moment a,moment b", 0, 0).splitlines()
    text[1:30] = [line.replace("2025-", "2024-", 1) for line in text[1:30]]
    rows = [line.split(",") for line in text]
    for row in rows[31:50]:
        row[3] = row[3].replace("2025", "2024")
    with pytest.raises(OpenQuestions) as asked:
        read_text("\n".join(",".join(row) for row in rows) + "\n")
    (question,) = asked.value.questions
    assert [choice.answer for choice in question.choices] == [
        {"ordered_at": "moment a"},
        {"ordered_at": "moment b"},
    ]


def test_a_date_in_three_columns_is_refused(read_text):
    text = "customer_id,order_id,year,month,day,amount\n"
    text += "".join(f"c{n % 9},{n},2024,{1 + n % 12},{1 + n % 28},5.5\n" for n in range(90))
    with pytest.raises(OpenQuestions) as refused:
        read_text(text)
    assert "split_dates" in [question.refusal for question in refused.value.questions]
