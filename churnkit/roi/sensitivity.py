"""What a campaign's net hangs on: each assumption moved by itself over its range, the rest as it is.

The success rate goes over the 80 % interval that its weight gives it; the level of churn and the value of customers over
the 80 % interval of the errors at the shop's own past dates; what nobody has measured by a quarter down and up. The
discount is a decision and not an uncertainty: moving it alone, as if it did not change the success, would say nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from churnkit.results.campaign_money import Assumptions
from churnkit.roi.draws import FloatArray, beta_quantiles
from churnkit.roi.outcome import COVERAGE
from churnkit.roi.planner import Planner
from churnkit.roi.sums import widening

QUARTER = 0.25
LEVEL, VALUE = "level", "value"
"""What the data tell with an error; every other name is that of an assumption."""
_MOVED = ("contact_cost", "gone_success", "stayers_redeem", "reach", "returns_anyway", "margin")
_TAIL = (1 - COVERAGE) / 2
_Z = NormalDist().inv_cdf(1 - _TAIL)
_LOGIT_LIMIT = 1e-6
# Money that no coin stands for.
_NOTHING = 0.005


@dataclass(frozen=True)
class Swing:
    """The expected net (money) at both ends of one assumption's range.

    Attributes
    ----------
    name
        A field of :class:`Assumptions`, ``LEVEL`` or ``VALUE``.
    low, high
        The ends: of an assumption its values, of ``LEVEL`` the share of the contacted that would leave, of ``VALUE`` a
        factor of everybody's value.
    net_low, net_high
        Expected net at ``low`` and at ``high``.
    """

    name: str
    low: float
    high: float
    net_low: float
    net_high: float

    @property
    def width(self) -> float:
        """How far the ends lie apart, money."""
        return abs(self.net_high - self.net_low)


def tornado(planner: Planner, assumptions: Assumptions, chosen: np.ndarray) -> tuple[Swing, ...]:
    """What the net of contacting the customers in ``chosen`` hangs on, the widest swing first.

    Assumptions that change nothing are left out.

    Parameters
    ----------
    chosen
        Booleans, shape (n,).
    """
    some = _Contacted(planner, chosen)
    found = [
        *some.swings_of_level(assumptions, planner.uncertainty.level_sd * widening(planner.p_churn)),
        *some.swings_of_value(assumptions, planner.uncertainty.value_log_sd),
        *_swings(some, assumptions),
    ]
    moving = [swing for swing in found if swing.width >= _NOTHING]
    return tuple(sorted(moving, key=lambda swing: -swing.width))


class _Contacted:
    """The contacted customers, whose net is one sum."""

    def __init__(self, planner: Planner, chosen: np.ndarray) -> None:
        rows = np.flatnonzero(chosen)
        self._p, self._gone = planner.p_churn[rows], planner.gone_share[rows]
        self._value, self._order = planner.value[rows], planner.order_value[rows]
        self._uncertainty, self._success = planner.uncertainty, planner.success[rows]

    def net(self, assumptions: Assumptions, p: FloatArray | None = None, factor: float = 1.0) -> float:
        """Expected net, money."""
        p_churn = self._p if p is None else p
        moved = Planner(
            p_churn, self._gone, factor * self._value, self._order, self._uncertainty, self._success
        )
        return float(moved.gains(assumptions).sum())

    def swings_of_level(self, assumptions: Assumptions, sd: float) -> Iterator[Swing]:
        """More or fewer of them would leave."""
        if not len(self._p):
            return
        clipped = np.clip(self._p, _LOGIT_LIMIT, 1 - _LOGIT_LIMIT)
        logit = np.log(clipped / (1 - clipped))
        low, high = (1 / (1 + np.exp(-(logit + shift))) for shift in (-_Z * sd, _Z * sd))
        ends = float(low.mean()), float(high.mean())
        yield Swing(LEVEL, *ends, self.net(assumptions, low), self.net(assumptions, high))

    def swings_of_value(self, assumptions: Assumptions, log_sd: float) -> Iterator[Swing]:
        """Each of them is worth more or less."""
        low, high = float(np.exp(-_Z * log_sd)), float(np.exp(_Z * log_sd))
        nets = (self.net(assumptions, factor=factor) for factor in (low, high))
        yield Swing(VALUE, low, high, *nets)


def _swings(some: _Contacted, assumed: Assumptions) -> Iterator[Swing]:
    for name, low, high in _ranges(assumed):
        nets = (some.net(replace(assumed, **{name: end})) for end in (low, high))
        yield Swing(name, low, high, *nets)


def _ranges(assumed: Assumptions) -> Iterator[tuple[str, float, float]]:
    tails = np.array([_TAIL, 1 - _TAIL])
    low, high = beta_quantiles(assumed.save_rate, assumed.save_rate_weight, tails)
    yield "save_rate", float(low), float(high)
    for name in _MOVED:
        value = getattr(assumed, name)
        most = np.inf if name == "contact_cost" else 1.0
        yield name, (1 - QUARTER) * value, float(min((1 + QUARTER) * value, most))
