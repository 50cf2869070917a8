"""What the page of customers by first purchase is given, and how it is drawn: figures by hand."""

import re
from datetime import datetime

import pandas as pd
import pytest

from churnkit.charts.cohort_charts import curves_chart
from churnkit.cohorts.triangle import complete
from churnkit.errors import DataError
from churnkit.services.decide.cohort_views import (
    ANYTHING,
    Wanted,
    beginnings,
    cohort_view,
    cohorts_of,
    named,
    of_everybody,
    periods,
)
from churnkit.text.figures import NARROW, UNKNOWN
from churnkit.ui.cohort_table import cohort_html

# Months since the year 0: December 2024, January and February 2025; March is not over.
DECEMBER, JANUARY, FEBRUARY = 24299, 24300, 24301


def cells(dimension: str = "all", item: str = "") -> pd.DataFrame:
    key = {"dimension": dimension, "item": item}
    found = pd.DataFrame(
        [
            (DECEMBER, 0, 10, 12, 200.0),
            (DECEMBER, 1, 4, 4, 60.0),
            (DECEMBER, 2, 2, 2, -10.0),
            (JANUARY, 0, 5, 5, 50.0),
            (JANUARY, 1, 1, 1, 25.0),
            (FEBRUARY, 0, 1, 1, 5.0),
        ],
        columns=["cohort", "age_months", "customers", "orders", "revenue"],
    ).assign(**key)
    sizes = pd.DataFrame({"cohort": [DECEMBER, JANUARY, FEBRUARY], "size": [10, 5, 1]}).assign(**key)
    return complete(found, sizes, datetime(2025, 3, 5)).assign(item_name=item.title())


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return pd.concat([cells(), cells("product", "tea")], ignore_index=True)


def rows(frame: pd.DataFrame) -> list[list[float]]:
    return [[float(value) for value in row if value == value] for row in frame.to_numpy(dtype=float)]


def test_margin_is_revenue_times_the_shops_margin(table: pd.DataFrame) -> None:
    found = cohort_view(table, Wanted(measure="margin", margin=0.4))
    assert rows(found.table) == [[80.0, 24.0, -4.0], [20.0, 10.0], [2.0]]
    assert found.average is None
    so_far = cohort_view(table, Wanted(measure="cumulative_margin", margin=0.4))
    assert rows(so_far.table) == [[8.0, 10.4, 10.0], [4.0, 6.0], [2.0]]
    # 0.4 x (255 / 16, then 85 / 15 more, then 10 / 10 less).
    assert so_far.average is not None
    assert so_far.average.tolist() == pytest.approx(
        [6.375, 6.375 + 0.4 * 85 / 15, 6.375 + 0.4 * (85 / 15 - 1)]
    )


def test_months_from_and_until(table: pd.DataFrame) -> None:
    assert cohorts_of(table, "month") == ["2024-12", "2025-01", "2025-02"]
    found = cohort_view(table, Wanted(first="2025-01", last="2025-01"))
    assert rows(found.table) == [[1.0, 0.2]]
    # All together are those that are chosen, and the first month of the file is not among them.
    assert found.average is not None and found.average.tolist() == [1.0, 0.2]
    assert "file begins" not in found.words
    assert "file begins" in cohort_view(table, Wanted()).words


def test_by_what_they_began_with(table: pd.DataFrame) -> None:
    assert beginnings(table) == {ANYTHING: ANYTHING, "product:tea": "product Tea (16 customers)"}
    assert rows(cohort_view(table, Wanted(began_with="product:tea")).table)[1] == [1.0, 0.2]
    with pytest.raises(DataError, match="no month was over"):
        cohort_view(table, Wanted(began_with="product:cup"))


def test_longer_periods_are_counted_in_their_own_steps(table: pd.DataFrame) -> None:
    quarters = table[table["dimension"] == "all"].assign(period="quarter")
    quarters = quarters[quarters["age_months"] == 0].assign(cohort=["2024-07", "2024-10", "2025-01"])
    later = quarters.iloc[:1].assign(age_months=6, customers=5)
    both = pd.concat([table, quarters, later], ignore_index=True)
    assert periods(table) == ["month"] and periods(both) == ["month", "quarter"]
    found = cohort_view(both, Wanted(period="quarter"))
    assert found.table.columns.tolist() == [0, 2]
    assert found.finding(None) == f"Share that came back, all together: 50{NARROW}% after 2 quarters."
    assert "may have bought before Dec 2024" in found.words and "a part alone" in found.words
    assert len(of_everybody(both)) == len(table) / 2
    assert [named("2024-10", period) for period in ("month", "quarter", "year")] == [
        "Oct 2024",
        "Q4 2024",
        "2024",
    ]


def test_the_table_has_every_figure_and_no_zero_for_what_is_not_over(table: pd.DataFrame) -> None:
    html = cohort_html(cohort_view(table, Wanted()), None)
    fields = [re.sub(r"<[^>]+>", "", one) for one in re.findall(r"<td.*?</td>", html)]
    assert [one.replace(NARROW, " ") for one in fields] == [
        *("100 %", "40 %", "20 %"),
        *("100 %", "20 %", ""),
        *("100 %", "", ""),
    ]
    # The first month has no colour, whatever it holds; the others from the lightest to the darkest.
    shades = re.findall(r"<td(?: class=\"first\"| style=\"background:(#\w+))?", html)
    assert shades == ["", "#164B58", "#EAF4F6", "", "#EAF4F6", "", "", "", ""]
    assert "Dec 2024<span>10 customers</span>" in html and "1 customer<" in html


def test_a_shop_of_one_month_has_a_table_without_a_scale(table: pd.DataFrame) -> None:
    view = cohort_view(table, Wanted(first="2025-02"))
    html = cohort_html(view, None)
    assert html.count("<td") == 1 and "ck-scale" not in html.partition("</style>")[2]
    assert [trace.name for trace in curves_chart(view, None).data] == ["all together"]
    assert UNKNOWN not in html and "nan" not in html


def test_curves_leave_out_the_month_that_is_everybodys(table: pd.DataFrame) -> None:
    found = curves_chart(cohort_view(table, Wanted()), None)
    assert [trace.name for trace in found.data] == ["Dec 2024", "all together"]
    assert list(found.data[0].x) == [1, 2] and list(found.data[0].y) == [0.4, 0.2]
    money = curves_chart(cohort_view(table, Wanted(measure="cumulative_value")), "EUR")
    assert list(money.data[0].y) == [20.0, 26.0, 25.0]
