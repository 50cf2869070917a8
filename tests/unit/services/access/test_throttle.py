"""Those who guess wait longer and longer; a quarter of an hour later all is forgotten."""

from __future__ import annotations

from churnkit.services.access.throttle import (
    FREE_PER_ACCOUNT,
    FREE_PER_ADDRESS,
    MOST_AT_ONCE,
    MOST_SECONDS,
    WINDOW_SECONDS,
    Throttle,
)


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_the_first_tries_do_not_wait_and_later_ones_wait_up_to_the_most() -> None:
    throttle, waits = Throttle(Clock()), []
    for _ in range(FREE_PER_ACCOUNT + 8):
        waits.append(throttle.seconds("ann", "a"))
        throttle.failed("ann", "a")
    assert waits == [0] * FREE_PER_ACCOUNT + [1, 2, 4, 8, 16, MOST_SECONDS, MOST_SECONDS, MOST_SECONDS]


def test_the_account_waits_wherever_the_guesses_come_from_and_others_do_not() -> None:
    throttle = Throttle(Clock())
    for number in range(FREE_PER_ACCOUNT):
        throttle.failed("ann", f"a{number}")
    assert throttle.seconds("ann", "elsewhere") == 1
    assert throttle.seconds("bob", "a0") == 0


def test_an_address_that_tries_many_accounts_waits_with_each() -> None:
    throttle = Throttle(Clock())
    for number in range(FREE_PER_ADDRESS):
        assert throttle.seconds(f"p{number}", "a") == 0
        throttle.failed(f"p{number}", "a")
    assert throttle.seconds("new", "a") == 1
    assert throttle.seconds("new", "b") == 0


def test_failures_count_for_a_quarter_of_an_hour() -> None:
    clock = Clock()
    throttle = Throttle(clock)
    for _ in range(FREE_PER_ACCOUNT):
        throttle.failed("ann", "a")
    clock.seconds = WINDOW_SECONDS - 1
    assert throttle.seconds("ann", "a") == 1
    clock.seconds = WINDOW_SECONDS
    assert throttle.seconds("ann", "a") == 0


def test_coming_in_clears_the_account_and_takes_one_from_the_address() -> None:
    throttle = Throttle(Clock())
    for _ in range(FREE_PER_ADDRESS):
        throttle.failed("ann", "a")
    throttle.succeeded("ann", "a")
    assert throttle.seconds("ann", "b") == 0
    assert throttle.seconds("ann", "a") == 0
    throttle.failed("other", "a")
    assert throttle.seconds("ann", "a") == 1


def test_an_address_has_so_many_tries_under_way_at_once() -> None:
    throttle = Throttle(Clock())
    assert all(throttle.begin("a") for _ in range(MOST_AT_ONCE))
    assert not throttle.begin("a")
    assert throttle.begin("b")
    throttle.end("a")
    assert throttle.begin("a")


def test_it_remembers_no_more_than_it_can_hold() -> None:
    throttle = Throttle(Clock())
    for number in range(30_000):
        throttle.failed(f"p{number}", "a")
    assert len(throttle._failures) <= 20_000
