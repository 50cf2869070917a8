"""The list of customers, one customer's page, campaign lists."""

from __future__ import annotations

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from churnkit.services.decide.contact_lists import add_to_list, list_names
from churnkit.store import Store
from churnkit.text.columns import CUSTOMERS
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


def test_a_rule_is_a_filter(full_app: AppTest) -> None:
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
