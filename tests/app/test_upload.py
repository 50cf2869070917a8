"""The upload page: empty, with a file to confirm, with a file that was read, with a file that is none."""

from __future__ import annotations

import json
import re
import time
from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import NumberInput, Selectbox

from churnkit.config import AnalysisSettings
from churnkit.errors import ChurnkitError
from churnkit.ingest import Choice, Inspection, OpenQuestions, Question, Reading, ValueMeaning
from churnkit.jobs import Platform
from churnkit.jobs.request import stored_request
from churnkit.store import Store, Upload
from churnkit.ui import answering
from churnkit.ui.inspecting import inspected as really_inspected

FILE = "Customer,Date,Total\n" + "\n".join(
    f"C{i % 40:03d},2026-0{1 + i % 6}-1{i % 9},{10 + i}.50" for i in range(200)
)


def words(app: AppTest) -> str:
    parts = [*app.markdown, *app.caption, *app.title, *app.text, *app.success, *app.warning, *app.error]
    return "\n".join(str(part.value) for part in parts)


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    if not app.file_uploader:
        start(app)
    app.file_uploader[0].set_value((name, content, "text/csv"))
    return run(app)


def start(app: AppTest) -> AppTest:
    """The page of files, where the bare address leads somebody who hands one over."""
    app.query_params["upload"] = "new"
    return run(app)


def page(app: AppTest) -> AppTest:
    """The page on the analysis that is there."""
    return run(run(app).switch_page("pages/upload.py"))


def field(app: AppTest, title: str) -> Selectbox:
    (found,) = [one for one in app.selectbox if one.label == title]
    return found


def test_an_empty_workspace_invites(empty_app: AppTest) -> None:
    app = start(empty_app)
    assert "Your order export" in app.title[0].value
    assert {button.key for button in app.button} >= {
        "sample_coffee_shop",
        "sample_ecommerce",
        "sample_subscription",
    }


def test_a_file_is_described_and_its_columns_are_suggested(empty_app: AppTest, store: Store) -> None:
    app = upload(empty_app, "my <b>orders.csv", FILE.encode())
    (kept,) = store.uploads.all()
    assert kept.filename == "my <b>orders.csv"
    assert "orders" not in kept.file_path.name
    assert "comma\\-separated text" in words(app)
    assert "\\<b\\>orders" in words(app)
    assert field(app, "Customer").value == "Customer"
    assert field(app, "Order date").value == "Date"
    assert "The file can be read" in words(app)
    assert not app.button(key="read_file").disabled


def test_a_mapping_without_money_cannot_be_read(empty_app: AppTest) -> None:
    app = upload(empty_app, "orders.csv", FILE.encode())
    for title in ("Amount of the row", "Total of the order"):
        field(app, title).set_value("–")
    run(app)
    assert "Choose the column with the money" in words(app)
    assert app.button(key="read_file").disabled


def test_what_was_understood_is_shown_before_the_file_is_read(empty_app: AppTest) -> None:
    app = upload(empty_app, "orders.csv", FILE.encode())
    figures = {metric.label: metric.value for metric in app.metric}
    assert (figures["Orders"], figures["Customers"]) == ("200", "40")
    assert "compare with your shop's own" in words(app)
    assert "No row is left out" in words(app)
    orders = next(table.value for table in app.dataframe if "customer_id" in table.value)
    assert orders["customer_id"].iloc[0] == "C000" and len(orders) == 5


TWO_CURRENCIES = "Customer,Date,Total,Currency\n" + "\n".join(
    f"C{i % 40:03d},2026-0{1 + i % 6}-1{i % 9},{10 + i}.50,{'GBP' if i % 4 else 'EUR'}" for i in range(200)
)


def test_a_question_is_answered_by_one_click_and_not_asked_again(empty_app: AppTest, store: Store) -> None:
    app = upload(empty_app, "orders.csv", TWO_CURRENCIES.encode())
    assert app.button(key="read_file").disabled
    (label,) = [button.label for button in app.button if button.key == "answer_0_0"]
    app.button(key="answer_0_0").click()
    run(app)
    assert not app.button(key="read_file").disabled
    chip = app.button(key="given_0")
    assert label in chip.label
    # The next export of the same shop asks nothing.
    app.button(key="other_file").click().run()
    app = upload(app, "later.csv", (TWO_CURRENCIES + "\nC001,2026-07-01,5.00,EUR").encode())
    assert len(store.uploads.all()) == 2
    assert not app.button(key="read_file").disabled
    assert "As you answered for your last export" in words(app)
    # Taken back, it is asked again.
    app.button(key="given_0").click()
    run(app)
    assert app.button(key="read_file").disabled
    assert app.button(key="answer_0_0").label == label
    app.button(key="answer_0_1").click()
    run(app)
    app.button(key="read_file").click()
    run(app)
    (session,) = store.sessions.all()
    (job,) = store.jobs.of_session(session.session_id)
    assert stored_request(job.request).reading.settings.currency == "EUR"


def test_columns_chosen_by_hand_are_an_answer(empty_app: AppTest) -> None:
    app = upload(
        empty_app,
        "orders.csv",
        FILE.replace("Date,Total", "Date,Total,Points").replace(".50", ".50,7").encode(),
    )
    (money,) = [one for one in app.selectbox if one.value == "Total"]
    money.set_value("Points")
    run(app)
    assert "Columns chosen by hand" in app.button(key="given_0").label
    assert [one.value for one in app.selectbox if one.label == money.label] == ["Points"]
    app.button(key="forget_answers").click()
    run(app)
    assert [one.value for one in app.selectbox if one.label == money.label] == ["Total"]


def test_a_status_is_changed_in_place(empty_app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Reading] = []

    def inspected(upload: Upload, reading: Reading) -> Inspection | ChurnkitError:
        asked.append(reading)
        found = really_inspected(upload, reading)
        assert isinstance(found, Inspection) and found.understood is not None
        meaning = reading.statuses.get("on *hold*", "left_out")
        held = ValueMeaning("status", "Status", "On *hold*", 12, 12, 250.0, meaning, "word")
        return replace(found, understood=replace(found.understood, meanings=(held,)))

    monkeypatch.setattr(answering, "inspected", inspected)
    app = upload(empty_app, "orders.csv", FILE.encode())
    assert "**On \\*hold\\*** · 12 orders · 250" in words(app)
    (control,) = app.segmented_control
    assert control.value == "left_out"
    control.set_value("counts")
    run(app)
    assert dict(asked[-1].statuses) == {"on *hold*": "counts"}
    assert app.segmented_control[0].value == "counts"
    assert app.button(key="given_0").label == "On \\*hold\\*\\: counts"


def test_what_looks_wrong_stops_the_file_until_somebody_says_that_it_is_right(empty_app: AppTest) -> None:
    lines = [f"C000,2026-0{1 + i % 6}-{1 + i % 28:02d},{i}.25" for i in range(120)]
    app = upload(empty_app, "orders.csv", "\n".join([FILE, *lines]).encode())
    assert app.button(key="read_file").disabled
    assert "Something looks wrong" in words(app)
    # The figures stand beside the doubt.
    assert {metric.label for metric in app.metric} >= {"Orders", "Customers"}
    (right,) = [one for one in app.button if "right" in one.label and str(one.key).startswith("answer_")]
    right.click()
    run(app)
    assert not app.button(key="read_file").disabled
    assert "One customer" in app.warning[0].value


def test_several_files_are_read_as_one(empty_app: AppTest, store: Store) -> None:
    header, *lines = FILE.splitlines()
    parts = ["\n".join([header, *lines[:90]]), "\n".join([header, *lines[90:]])]
    app = start(empty_app)
    app.file_uploader[0].set_value(
        [(f"2026-{n}.csv", part.encode(), "text/csv") for n, part in enumerate(parts)]
    )
    run(app)
    (kept,) = store.uploads.all()
    assert kept.filename == "2026-0.csv and 1 more file"
    assert {metric.label: metric.value for metric in app.metric}["Orders"] == "200"


def test_an_empty_file_among_several_is_named(empty_app: AppTest, store: Store) -> None:
    app = start(empty_app)
    app.file_uploader[0].set_value([("a.csv", FILE.encode(), "text/csv"), ("b.csv", b"", "text/csv")])
    run(app)
    assert "b\\.csv" in app.error[0].value
    assert store.uploads.all() == []


HOSTILE = "[x](javascript:alert(1)) $y$ :red[z] <b>"


def test_questions_and_choices_show_what_a_file_holds_as_text(
    empty_app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    choices = tuple(Choice(f"{n} {HOSTILE}", {"amount": HOSTILE}, 3, 2, 1.5, HOSTILE) for n in range(8))
    asked = Question("amount", HOSTILE, HOSTILE, choices)
    refused = Question("customer_id", HOSTILE, HOSTILE, refusal="customer_list")
    monkeypatch.setattr(
        answering, "inspected", lambda *_: OpenQuestions([asked, refused], "Opening the file")
    )
    app = upload(empty_app, "orders.csv", FILE.encode())
    labels = [button.label for button in app.button if str(button.key).startswith("answer_")]
    assert len(labels) == 8
    for text in (words(app), *labels):
        assert "<b>" not in text.replace("\\<b", "")
        assert "$y" not in text.replace("\\$y", "")
        assert "[x]" not in text.replace("\\[x", "")
        assert ":red" not in text.replace("\\:red", "")
    assert "This is not the file that is needed" in words(app)
    assert any(box.label == "Your shop system" for box in app.selectbox)
    # An answer about what stands before the header is asked with the file's first bytes alone.
    app.button(key="answer_0_0").click()
    run(app)
    assert "\\[x\\]" in app.button(key="given_0").label


def test_a_file_of_another_kind_is_refused_with_the_way_to_the_right_one(
    empty_app: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def inspected(upload: Upload, reading: Reading) -> Inspection | ChurnkitError:
        found = really_inspected(upload, reading)
        assert isinstance(found, Inspection)
        refused = Question(
            "customer_id", "This is a list of customers.", "Export orders.", refusal="customer_list"
        )
        return replace(found, understood=None, questions=(refused, refused))

    monkeypatch.setattr(answering, "inspected", inspected)
    app = upload(empty_app, "customers.csv", FILE.encode())
    assert "This is a list of customers" in words(app)
    assert [button.key for button in app.button] == ["other_file"]
    assert [box.label for box in app.selectbox].count("Your shop system") == 1


def test_the_way_to_an_export_is_told(empty_app: AppTest) -> None:
    app = run(empty_app)
    (guide,) = [box for box in app.selectbox if box.label == "Your shop system"]
    guide.set_value(guide.options[0])
    run(app)
    assert "\n1. " in "\n" + words(app)


def test_a_file_that_is_no_table_says_so(empty_app: AppTest) -> None:
    app = upload(empty_app, "broken.xlsx", b"PK\x03\x04 this is no workbook")
    assert len(app.error) == 1
    assert "broken" in app.error[0].value or "Opening" in app.error[0].value


def test_an_empty_file_is_refused_and_leaves_nothing(empty_app: AppTest, store: Store) -> None:
    app = upload(empty_app, "empty.csv", b"")
    assert len(app.error) == 1
    assert store.uploads.all() == []


def test_a_file_is_read_and_looked_at(
    shell: None, empty_app: AppTest, platform: Platform, store: Store
) -> None:
    app = upload(empty_app, "orders.csv", FILE.encode())
    app.button(key="read_file").click()
    run(app)
    (session,) = store.sessions.all()
    assert app.query_params["analysis"] == session.session_id
    deadline = time.monotonic() + 60
    while (
        platform.look_folder(store.sessions.get(session.session_id)) is None and time.monotonic() < deadline
    ):
        time.sleep(0.2)
    run(app)
    assert "With" in words(app)
    assert app.metric[0].value == "200"


def test_a_file_that_was_read_with_questions_open_leads_back_to_them(
    empty_app: AppTest, platform: Platform, store: Store
) -> None:
    app = upload(empty_app, "orders.csv", TWO_CURRENCIES.encode())
    (kept,) = store.uploads.all()
    session = platform.start_look(store, kept.upload_id, Reading(), AnalysisSettings())
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        job = platform.progress(store, session.session_id)
        if job is not None and not job.is_active:
            break
        time.sleep(0.2)
    del app.query_params["upload"]
    app.query_params["analysis"] = session.session_id
    run(app)
    assert "several currencies" in app.error[0].value
    app.button(key="configure_again").click()
    run(app)
    assert app.button(key="answer_0_0").label == "The orders in GBP"


def test_an_upload_of_somebody_else_is_not_found(empty_app: AppTest) -> None:
    empty_app.query_params["upload"] = "0" * 32
    app = run(empty_app)
    assert "there is none" in app.error[0].value
    assert app.file_uploader


def test_what_was_read(full_app: AppTest) -> None:
    app = page(full_app)
    assert app.title[0].value == "What was read"
    assert "orders of \\<my\\> shop" in words(app)
    slider = app.slider[0]
    before = words(app)
    assert isinstance(slider.value, int)
    slider.set_value(slider.value + 30)
    run(app)
    assert words(app) != before
    assert f"With {slider.value} days" in words(app)
    assert re.search(rf"% came back\*\*  \nof those silent for {slider.value} days", words(app))


def any_days(app: AppTest) -> NumberInput:
    """The field beside the slider."""
    return next(one for one in app.number_input if str(one.key).endswith("_any"))


def test_any_threshold_is_accepted(full_app: AppTest) -> None:
    app = page(full_app)
    any_days(app).set_value(7)
    run(app)
    assert "With 7 days" in words(app)
    any_days(app).set_value(3000)
    run(app)
    assert "no complete window of 3,000 days" in words(app)


def test_a_new_file_can_follow(full_app: AppTest) -> None:
    app = page(full_app)
    app.button(key="new_file").click()
    run(app)
    assert app.file_uploader
    assert any("Earlier uploads" in str(one.label) for one in app.expander)


def test_a_mapping_can_be_pasted_loaded_and_saved(empty_app: AppTest) -> None:
    app = upload(empty_app, "orders.csv", FILE.encode())
    (area,) = app.text_area
    assert json.loads(area.value or "")["customer_id"] == "Customer"
    use = next(button for button in app.button if button.label == "Use this mapping")
    area.set_value('{"customer_id": "Nobody"}')
    use.click()
    run(app)
    assert "no column 'Nobody'" in app.error[0].value.replace("\\", "")
    (area,) = app.text_area
    area.set_value('{"email": "Customer"}')
    next(button for button in app.button if button.label == "Use this mapping").click()
    run(app)
    assert field(app, "E-mail").value == "Customer"
    assert json.loads(app.text_area[0].value or "")["email"] == "Customer"
    loaded = ("mapping.json", b'{"phone": "Customer"}', "application/json")
    app.file_uploader[0].set_value(loaded)
    next(button for button in app.button if button.label == "Use this mapping").click()
    run(app)
    assert field(app, "Phone").value == "Customer"


def test_a_sample_is_read_at_once_and_asks_nothing(
    empty_app: AppTest, store: Store, platform: Platform
) -> None:
    app = start(empty_app)
    app.button(key="sample_coffee_shop").click().run()
    assert not app.exception
    (session,) = store.sessions.all()
    deadline = time.monotonic() + 60
    while store.sessions.get(session.session_id).look_id is None and time.monotonic() < deadline:
        time.sleep(0.2)
    run(app)
    assert "**3 Your shop** · **4 When is a customer lost?** · :gray[5 Running]" in words(app)
    assert not [one for one in app.number_input if str(one.key).startswith("ask_")]
    assert not app.button(key="start_analysis").disabled


def test_each_page_of_the_way_says_where_it_is(empty_app: AppTest) -> None:
    app = start(empty_app)
    assert "**1 File** · :gray[2 Understood]" in words(app)
    app = upload(app, "orders.csv", FILE.encode())
    assert ":green[:material/check:] File · **2 Understood** · :gray[3 Your shop]" in words(app)
