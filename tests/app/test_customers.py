"""The list of customers, one customer's page, campaign lists."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from churnkit import ui
from churnkit.services.decide.contact_lists import add_to_list, list_names
from churnkit.services.decide.saved_filters import saved_filters
from churnkit.store import Store
from churnkit.text.columns import CUSTOMERS
from churnkit.text.figures import escape_markdown
from tests.app.conftest import Shop

PAGE = "pages/customers.py"
HOSTILE = "<script>alert(1)</script>"


def opened(app: AppTest) -> AppTest:
    app.run()
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def run(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception
    return app


def words(app: AppTest) -> str:
    return "\n".join(str(part.value) for part in [*app.markdown, *app.caption, *app.text])


def table(app: AppTest) -> pd.DataFrame:
    return app.dataframe[0].value


def select(app: AppTest, row: int, column: str = "p_churn") -> AppTest:
    """Choose a cell of the list."""
    app.session_state["customer_table_1"] = {
        "selection": {"rows": [], "columns": [], "cells": [(row, column)]}
    }
    return run(app)


def customer(app: AppTest, customer_id: str, **address: str) -> AppTest:
    """A customer's page, as its address opens it."""
    app.run()
    for name, value in {"customer": customer_id, **address}.items():
        app.query_params[name] = value
    app.switch_page("pages/customer.py").run()
    assert not app.exception
    return app


def ranked(shop: Shop) -> list[str]:
    """The ids of the customers, first of the work list first."""
    [found] = [*shop.data.rglob("customers.parquet"), *shop.models.rglob("customers.parquet")]
    return pd.read_parquet(found).sort_values("rank")["customer_id"].tolist()


def test_empty(empty_app: AppTest) -> None:
    assert "Nothing to look at yet" in words(opened(empty_app))


@pytest.mark.parametrize("name", ["full_app", "small_app"])
def test_everybody_is_listed_once(name: str, request: pytest.FixtureRequest) -> None:
    app = opened(request.getfixturevalue(name))
    total = 300 if name == "full_app" else 40
    assert f"**{total}** customers" in words(app)
    assert len(table(app)) == min(50, total)
    assert table(app)["rank"].tolist() == list(range(1, min(50, total) + 1))
    assert table(app)["status"].is_monotonic_increasing


def test_every_column_of_customers_is_registered(full_shop: Shop) -> None:
    [found] = [*full_shop.data.rglob("customers.parquet"), *full_shop.models.rglob("customers.parquet")]
    assert set(pd.read_parquet(found).columns) <= {one.name for one in CUSTOMERS}


def test_search_and_filters(full_app: AppTest) -> None:
    app = opened(full_app)
    app.text_input(key="q").set_value("SCRIPT")
    run(app)
    assert table(app)["customer_id"].tolist() == [HOSTILE]
    app.text_input(key="q").set_value("")
    app.multiselect(key="risk").set_value(["low"])
    run(app)
    assert set(table(app)["risk_tier"]) == {"low"}
    app.text_input(key="q").set_value("nobody at all")
    run(app)
    assert "Nobody matches" in words(app)


def test_a_customer_opens_with_reasons_that_are_text(full_app: AppTest) -> None:
    app = opened(full_app)
    app.text_input(key="q").set_value("script")
    run(app)
    app = select(app, 0)
    assert app.title[0].value == "\\<script\\>alert\\(1\\)\\</script\\>"
    assert HOSTILE not in words(app)
    labels = {metric.label for metric in app.metric}
    assert {"Churn probability", "Value of a year", "Last purchase"} <= labels


def test_why_opens_each_theme_into_facts(full_app: AppTest, full_shop: Shop) -> None:
    app = customer(full_app, ranked(full_shop)[0], view="Why")
    drawers = [
        drawer for drawer in app.expander if "odds of leaving" in drawer.label or "change" in drawer.label
    ]
    assert 1 <= len(drawers) <= 8
    assert all("(typical " in drawer.markdown[0].value for drawer in drawers)
    assert "other facts" not in words(app)


def test_a_second_opinion_is_asked_for_and_held_against_the_first(full_app: AppTest, full_shop: Shop) -> None:
    full_app.session_state["expert"] = True
    app = customer(full_app, ranked(full_shop)[0], view="Why")
    assert "ups and downs" not in words(app)
    app.toggle(key="second_opinion").set_value(True)
    run(app)
    told = words(app)
    assert "of the forecast's ups and downs around this customer" in told
    assert "LIME borrowed the figures of" in told


def asked(app: AppTest, **address: str | list[str]) -> AppTest:
    """The list, as an address opens it."""
    app.run()
    for name, value in address.items():
        app.query_params[name] = value
    app.switch_page(PAGE).run()
    assert not app.exception
    return app


def taken(app: AppTest, monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """The file that the list hands out."""
    files: list[bytes] = []
    real = ui.download

    def kept(label: str, make: Callable[[], bytes], *args: str, **named: Any) -> None:
        if named["key"] == "customers_csv":
            files.append(make())
        real(label, make, *args, **named)

    monkeypatch.setattr(ui, "download", kept)
    run(app)
    return pd.read_csv(BytesIO(files[-1]), dtype={"customer_id": str})


def test_the_file_is_the_list_on_screen(full_app: AppTest, monkeypatch: pytest.MonkeyPatch) -> None:
    app = asked(
        full_app,
        status="active",
        sort="Value of a year",
        order="high first",
        rows="25",
        columns=["Customer", "Value of a year", "Orders"],
    )
    first = table(app)
    assert list(first)[1:] == ["customer_id", "clv", "order_count"]
    total = int(re.findall(r"\*\*(\d+)\*\* customers", words(app))[0])
    file = taken(app, monkeypatch)
    assert list(file) == ["customer_id", "clv", "order_count", "currency"]
    assert set(file["currency"]) == {"EUR"}
    assert len(file) == total > 25
    shown = pd.concat([first, *pages_after(app, total, 25)], ignore_index=True)
    assert shown["customer_id"].tolist() == [one.removeprefix("'") for one in file["customer_id"]]
    assert shown["clv"].tolist() == pytest.approx(file["clv"].tolist())
    assert shown["clv"].is_monotonic_decreasing


def pages_after(app: AppTest, total: int, rows: int) -> Iterator[pd.DataFrame]:
    for number in range(2, -(-total // rows) + 1):
        app.session_state["page"] = number
        yield table(run(app))


def test_the_address_opens_the_same_list(full_app: AppTest) -> None:
    app = asked(full_app, risk=["high", "low"], q="1", rows="25", order="high first")
    assert app.multiselect(key="risk").value == ["high", "low"]
    assert app.text_input(key="q").value == "1"
    assert set(table(app)["risk_tier"]) <= {"high", "low"}
    assert table(app)["rank"].is_monotonic_decreasing
    assert "Clear 2 filters" in {button.label for button in app.button}
    app.button(key="clear_filters").click()
    run(app)
    assert "**300** customers" in words(app)
    assert table(app)["rank"].is_monotonic_decreasing


@pytest.mark.parametrize(
    "address",
    [
        {"status": "<script>alert(1)</script>", "risk": "enormous", "segment": "'; DROP TABLE x"},
        {"page": "9999", "rows": "7", "sort": "password", "order": "sideways", "columns": "nope"},
        {"bought_from": "not-a-date", "value_from": "much", "recency": "9", "rule": "drop>=1"},
        {"page": "-1", "bought_to": "9999-99-99", "kept_from": "inf", "rule": "recency_days>=x"},
    ],
)
def test_what_an_address_says_wrong_is_left_aside(full_app: AppTest, address: dict[str, str]) -> None:
    app = asked(full_app, **address)
    assert "**300** customers" in words(app)
    assert table(app)["rank"].is_monotonic_increasing


def test_a_list_is_kept_under_a_name(full_app: AppTest, store: Store) -> None:
    app = asked(full_app, risk="low", sort="Value of a year")
    app.text_input(key="filter_name").set_value("Small worries")
    app.button(key="filter_save").click()
    run(app)
    assert saved_filters(store)["Small worries"].wanted.tiers == ("low",)
    app.multiselect(key="risk").set_value([])
    app.selectbox(key="sort").set_value("rank")
    run(app)
    assert "**300** customers" in words(app)
    app.button(key="filter_use_Small worries").click()
    run(app)
    assert set(table(app)["risk_tier"]) == {"low"}
    assert app.selectbox(key="sort").value == "clv"
    app.button(key="filter_delete_Small worries").click()
    run(app)
    assert saved_filters(store) == {}


def test_a_customer_stands_in_the_list_as_it_was_filtered(full_app: AppTest) -> None:
    app = asked(full_app, status="active", sort="Value of a year", order="high first")
    ids = table(app)["customer_id"].tolist()
    app = customer(app, ids[1], list="status=active&sort=Value+of+a+year&order=high+first")
    assert any(one.value.startswith("2 of ") for one in app.caption)
    app.button(key="customer_step_next").click().run()
    assert not app.exception
    assert app.title[0].value == escape_markdown(ids[2])
    app.button(key="customer_step_previous").click().run()
    app.button(key="customer_step_previous").click().run()
    assert app.title[0].value == escape_markdown(ids[0])
    assert app.button(key="customer_step_previous").disabled


@pytest.mark.parametrize(
    "customer_id", ["nobody", "<script>alert(2)</script>", "a/b?c#d&e=f", "😀", "n" * 300, "../../etc", ""]
)
def test_an_address_may_name_nobody(full_app: AppTest, customer_id: str) -> None:
    app = customer(full_app, customer_id, list="risk=%zz&sort=<b>", view="<i>", back="<u>")
    assert "Nobody with this id" in words(app)
    assert not app.metric


def test_no_view_but_what_if_loads_the_model(
    full_app: AppTest, full_shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = []

    def noted(*args: Any) -> None:
        loaded.append(args)

    monkeypatch.setattr("churnkit.ui.customer_view.scorer", noted)
    app = customer(full_app, ranked(full_shop)[0])
    for view in ("Overview", "Why", "History", "Contacts", "What if"):
        app.session_state["view"] = view
        run(app)
        assert app.session_state["view"] == view
        assert bool(loaded) == (view == "What if"), view


def test_a_customers_page_tells_what_was_done(full_app: AppTest, full_shop: Shop, store: Store) -> None:
    (session,) = store.sessions.all()
    one = ranked(full_shop)[0]
    app = customer(full_app, one, view="Contacts")
    assert "No campaign has had this customer" in words(app)
    app.button(key="customer_to_work").click().run()
    assert not app.exception
    assert [entry.customer_id for entry in store.worklist.of_shop(session.session_id)] == [one]
    assert "Stands there: to do." in words(app)
    app.session_state["view"] = "History"
    run(app)
    assert "Work list: to do" in words(app).replace("\\", "")
    assert "Bought" in words(app)


def test_a_rule_is_a_filter(shell: None, full_app: AppTest) -> None:
    app = opened(full_app)
    app.session_state["customer_rules"] = True
    run(app)
    chosen = app.selectbox(key="customer_bounds")
    assert chosen.options[0] == "everybody"
    rules = [option for option in chosen.options if option != "everybody"]
    assert rules, "no rule was found to filter by"
    everybody = words(app)
    app.selectbox(key="customer_bounds").select(rules[0])
    run(app)
    assert words(app) != everybody
    assert len(table(app)) > 0
    found = words(app)
    app.switch_page("pages/actions.py").run()
    app.switch_page(PAGE).run()
    # Whoever comes back by the sidebar, whose links say nothing of it, finds it as it was.
    assert found.splitlines()[0] == words(app).splitlines()[0]
    assert app.button(key="clear_filters").label == "Clear 1 filter"
    app.button(key="clear_filters").click()
    run(app)
    assert "rule" not in app.query_params and "clear_filters" not in [one.key for one in app.button]


@pytest.mark.slow
def test_a_filtered_list_becomes_a_campaign(full_app: AppTest, store: Store) -> None:
    app = opened(full_app)
    app.multiselect(key="risk").set_value(["high"]).run()
    app.button(key="filter_whatif").click().run()
    assert not app.exception
    assert app.selectbox(key="plan_whom").value == "Risk tier: high"
    app.switch_page(PAGE).run()
    app.number_input(key="kept_from").set_value(1.0).run()
    ids = set(table(app)["customer_id"])
    app.button(key="filter_campaign").click().run()
    assert not app.exception and not app.error
    (listed,) = store.contact_lists.of_session(store.sessions.all()[0].session_id)
    assert app.selectbox(key="campaign_whom").value == f"List: {listed.name}"
    assert ids <= set(store.contact_lists.customers(listed.list_id))


def test_lists_are_begun_extended_and_deleted(full_app: AppTest, store: Store) -> None:
    app = opened(full_app)
    app.multiselect(key="risk").set_value(["low"])
    run(app)
    session = store.sessions.all()[0]
    add_to_list(store, session.session_id, "Spring", table(app)["customer_id"].head(3).tolist())
    app.session_state["customer_lists"] = True
    run(app)
    app.button(key="list_delete_Spring").click()
    run(app)
    assert list_names(store, session.session_id) == []


def test_customers_most_like_a_group(full_app: AppTest) -> None:
    app = opened(full_app)
    choices = app.selectbox(key="alike_whom").options
    assert choices
    assert "Everybody" not in choices
    shown = []
    for choice in choices:
        app.selectbox(key="alike_whom").set_value(choice).run()
        assert not app.exception
        tested = [str(part.value) for part in [*app.markdown, *app.warning] if "Tested on" in str(part.value)]
        few = [part for part in app.markdown if "fewer than 10 members" in str(part.value)]
        assert tested or few or app.error
        shown += [one for one in app.dataframe if "why" in one.value.columns]
    assert shown
    assert all(one.value["likeness"].between(0, 1).all() for one in shown)
