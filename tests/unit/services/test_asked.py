"""Questions about a file and what was understood of it, in words."""

from __future__ import annotations

from datetime import datetime

from churnkit.ingest import Choice, LeftOut, Question, Understood, ValueMeaning
from churnkit.services.look.asked import (
    MEANINGS,
    choice_words,
    chosen,
    column_words,
    left_out_reasons,
    left_out_words,
    question_title,
    value_answer,
    value_tables,
    value_words,
)

HELD = ValueMeaning("status", "Status", " On Hold ", 12, 9, 250.0, "left_out", "nothing")
PAID = ValueMeaning("status", "Status", "Paid", 300, 300, 9000.0, "counts", "word")
VIEW = ValueMeaning("row_kind", "Event", "view", 40, 40, None, "left_out", "word")


def seen(*left_out: LeftOut) -> Understood:
    return Understood(10, 4, 9, 99.5, datetime(2026, 1, 1), datetime(2026, 6, 1), "EUR", left_out=left_out)


def test_a_choice_says_what_it_comes_to() -> None:
    assert (
        choice_words(Choice("Total", {"amount": "Total"}, 1204, 980, 45210.0))
        == "1,204 rows · 980 orders · 45,210"
    )
    assert choice_words(Choice("Total", {}, amount=12.5), "EUR") == "€12.50"
    assert choice_words(Choice("Total", {})) == ""


def test_a_question_has_a_title_and_its_choice_is_an_answer() -> None:
    question = Question(
        "amount", "Two columns hold money.", "Choose one.", (Choice("Total", {"amount": "T"}),)
    )
    assert question_title(question) == "Amount of the row"
    given = chosen(question, question.choices[0], early=False)
    assert (given.field, given.label, given.answer) == ("amount", "Amount of the row: Total", {"amount": "T"})
    refused = Question("customer_id", "It lists customers.", "Export orders.", refusal="customer_list")
    assert question_title(refused) == "This is not the file that is needed"


def test_values_are_a_table_for_each_column_with_the_most_rows_first() -> None:
    tables = value_tables([HELD, PAID, VIEW])
    assert [(table.kind, table.values) for table in tables] == [
        ("status", (PAID, HELD)),
        ("row_kind", (VIEW,)),
    ]
    assert value_words(HELD, "EUR") == "9 orders · 12 rows · €250.00"
    assert value_words(VIEW, "EUR") == "40 rows"
    assert value_answer(HELD, "counts").answer == {"statuses": {"on hold": "counts"}}
    assert value_answer(VIEW, "sale").answer == {"row_kinds": {"view": "sale"}}
    assert set(MEANINGS) == {"status", "row_kind"}


def test_what_is_left_out_has_its_money() -> None:
    both = seen(LeftOut("cancelled", 20, 300.25), LeftOut("no_customer", 1, None))
    assert left_out_words(both) == "21 rows left out, worth €300.25."
    first, second = left_out_reasons(both)
    assert first == ("20 rows · €300.25", "The order or line was cancelled, or refunded in full.")
    assert second[0] == "1 row"
    assert left_out_words(seen()) == "No row is left out."


def test_columns_are_named_in_the_order_of_an_order() -> None:
    assert column_words({"amount": "Sum", "email": "Mail", "discount": "Rebate"}) == (
        "E-mail: “Mail”, Amount of the row: “Sum”"
    )
