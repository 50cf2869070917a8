"""The address of the list of customers: what is written comes back, and nothing else gets in."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as some

from churnkit.results.segments import CustomerFilter, FigureBound
from churnkit.services.decide.customer_query import LIST_COLUMNS, MORE_COLUMNS, USUAL_COLUMNS
from churnkit.services.decide.list_view import (
    ListView,
    bounds_of,
    query_of,
    rule_text,
    text_of,
    titles,
    view_in,
    view_of,
)

EVERYTHING = ListView(
    CustomerFilter(
        search="a&b=c#<i>",
        tiers=("high", "low"),
        segments=("At risk", "Can't lose"),
        clv_low=-1.5,
        clv_high=1e6,
        bought_from=date(2025, 1, 2),
        bought_until=date(2025, 12, 31),
        moved_up=True,
        statuses=("active",),
        kept_from=0.0,
        bounds=(
            FigureBound(feature="recency_days", operator=">=", value=40.0),
            FigureBound(feature="gap_mean_days", operator="<=", value=1e-07),
        ),
        r_scores=(5, 1),
        f_scores=(3,),
        found_groups=("Newer, low spend",),
    ),
    order_by="clv",
    descending=True,
    page=3,
    rows=100,
    columns=("customer_id", "factor_1", "clv"),
)


def test_an_address_says_all_that_a_list_is() -> None:
    assert view_in(text_of(EVERYTHING)) == EVERYTHING
    assert view_of(query_of(EVERYTHING)) == EVERYTHING


def test_the_usual_list_has_a_bare_address() -> None:
    assert query_of(ListView()) == {}
    assert view_in("") == ListView()
    assert ListView().columns == USUAL_COLUMNS


def test_no_two_columns_are_called_the_same() -> None:
    assert len(set(titles().values())) == len({*LIST_COLUMNS, *MORE_COLUMNS})


@pytest.mark.parametrize(
    "text",
    [
        "status=<script>alert(1)</script>",
        "risk=enormous&sort=DROP+TABLE&order=sideways",
        "page=-1&rows=1000000",
        "page=99999999999999999999&rows=NaN",
        "page=one&bought_from=not-a-date&value_from=much&kept_from=inf&value_to=nan",
        "recency=6&frequency=x&moved=perhaps&columns=password",
        "rule=1;DROP TABLE x>=1",
        "rule=recency_days>=1e999",
        "rule=recency_days==1",
        "&&&===%zz",
    ],
)
def test_what_is_not_known_is_left_aside(text: str) -> None:
    assert view_in(text) == ListView()


def test_a_long_rule_and_a_thousand_names_are_none() -> None:
    assert bounds_of(",".join(["recency_days>=1"] * 13)) == ()
    assert len(bounds_of(",".join(["recency_days>=1"] * 12))) == 12
    assert view_in("&".join(f"status{n}=active" for n in range(1000))) == ListView()


def test_a_rule_is_written_as_it_is_read() -> None:
    assert rule_text(EVERYTHING.wanted.bounds) == "recency_days>=40.0,gap_mean_days<=1e-07"
    assert bounds_of(rule_text(EVERYTHING.wanted.bounds)) == EVERYTHING.wanted.bounds


@given(some.text(max_size=80))
def test_any_text_is_an_address_of_some_list(text: str) -> None:
    view = view_in(text)
    assert view.page >= 1
    assert view.columns


@given(some.text(min_size=1, max_size=60).filter(lambda one: one.isprintable()))
def test_any_search_comes_back(text: str) -> None:
    view = ListView(CustomerFilter(search=text))
    assert view_in(text_of(view)) == view
