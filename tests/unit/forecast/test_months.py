"""Whole calendar months ahead."""

from datetime import datetime

import pytest

from churnkit.forecast.months import months_after


def test_from_the_middle_of_a_month_the_rest_of_it_is_left_out():
    first, second = months_after(datetime(2011, 12, 10), 2)
    assert (first.label, first.start_days, first.end_days) == ("2012-01", 22, 53)
    assert (second.label, second.start_days, second.end_days) == ("2012-02", 53, 82)


def test_from_a_months_first_midnight_that_month_counts():
    assert [m.label for m in months_after(datetime(2011, 12, 1), 3)] == ["2011-12", "2012-01", "2012-02"]
    assert months_after(datetime(2011, 12, 1), 1)[0].start_days == 0


@pytest.mark.parametrize(
    ("instant", "label", "start"), [((2012, 2, 29, 12), "2012-03", 0.5), ((2012, 12, 31), "2013-01", 1)]
)
def test_ends_of_months_and_years(instant, label, start):
    month = months_after(datetime(*instant), 1)[0]
    assert (month.label, month.start_days) == (label, start)
