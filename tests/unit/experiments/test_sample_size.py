"""Sample sizes by hand, and what they imply."""

from __future__ import annotations

import pytest

from churnkit.errors import SettingsError
from churnkit.experiments import Sizes, detectable_rate, power_of, sizes
from churnkit.experiments.sample_size import _up


def test_sample_size_by_hand() -> None:
    """(1.95996 + 0.84162)^2 = 7.84888; 0.1 x 0.9 + 0.12 x 0.88 = 0.1956; 7.84888 x 0.1956 / 0.0004 = 3838.1."""
    assert sizes(0.10, 0.12, 0.5) == sizes(0.12, 0.10, 0.5) == Sizes(3839, 3839)


def test_small_holdout_needs_more_customers_in_all() -> None:
    """7.84888 x (0.09 / 0.2 + 0.1056 / 0.8) / 0.0004 = 11,420.1 in all, a fifth of them held out."""
    found = sizes(0.10, 0.12, 0.2)
    assert (found.held_out, found.treated, found.total) == (2285, 9137, 11422)


def test_detectable_rate_undoes_the_sample_size() -> None:
    assert detectable_rate(0.10, 3838, 3838) == pytest.approx(0.12, abs=1e-5)
    assert detectable_rate(0.10, 9136, 2284) == pytest.approx(0.12, abs=1e-5)


def test_tiny_arms_detect_nothing() -> None:
    assert detectable_rate(0.5, 4, 4) is None


def test_detectable_rate_from_nothing() -> None:
    """At base rate 0: d^2 = z^2 d (1 - d) / n, so d = z^2 / (n + z^2) = 7.84888 / 107.84888."""
    assert detectable_rate(0.0, 100, 100) == pytest.approx(0.0727766, abs=1e-6)


def test_power_at_the_sample_size_is_the_one_asked_for() -> None:
    assert power_of(0.10, 0.12, 3839, 3839) == pytest.approx(0.8, abs=1e-3)
    assert power_of(0.10, 0.10, 500, 500) == pytest.approx(0.05)
    assert power_of(0.0, 1.0, 5, 5) == 1.0
    assert power_of(1.0, 1.0, 5, 5) == 0.05


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sizes(0.1, 0.1, 0.5), "must differ"),
        (lambda: sizes(-0.1, 0.1, 0.5), "base rate must be between 0 and 1"),
        (lambda: sizes(0.1, 1.5, 0.5), "target rate must be between 0 and 1"),
        (lambda: sizes(0.1, 0.2, 0.5, power=1.0), "power must be between 0 and 1"),
        (lambda: sizes(0.1, 0.2, 0.5, alpha=0.0), "alpha must be between 0 and 1"),
        (lambda: sizes(0.1, 0.2, 0.0), "share held out"),
        (lambda: detectable_rate(0.1, 10, 0), "found 10 and 0"),
    ],
)
def test_impossible_plans_are_refused(call, message) -> None:
    with pytest.raises(SettingsError, match=message):
        call()


def test_what_rounding_adds_is_no_customer() -> None:
    assert [_up(49.9999999999), _up(50.0000000001), _up(50.00001), _up(0.0)] == [50, 50, 51, 1]


def test_one_customer_an_arm_is_allowed_and_none_is_not() -> None:
    # With one in each arm no rate can be told from any other.
    assert detectable_rate(0.5, 1, 1) is None
    for treated, held_out in ((0, 1), (1, 0)):
        with pytest.raises(SettingsError, match="each arm must have 1 customer or more"):
            detectable_rate(0.5, treated, held_out)
