"""BG/NBD and MBG/NBD: what a customer's purchase history says about the next days."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import ClassVar

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from churnkit.btyd.expectation import expected_while_alive
from churnkit.btyd.histories import FloatArray, Histories, distinct
from churnkit.btyd.likelihood import log_likelihood_and_score, log_odds_dead
from churnkit.btyd.rhythm import Rhythm
from churnkit.errors import ModelError
from churnkit.text.figures import count

MAX_HORIZON_DAYS = 1_000_000
# 95 % quantile of chi-square with two degrees of freedom, a and b. Without drop-out a lies on the border and b has no
# meaning, which makes the true quantile smaller (Self and Liang 1987, JASA 82(398)): the test errs to "cannot be told".
DROPOUT_EVIDENCE = 5.991


@dataclass(frozen=True)
class _DropoutNbd:
    """What both models share; they differ in the number of coin flips a history has survived.

    While alive a customer buys at random with an own rate ~ gamma(shape r, rate alpha_days); after a purchase
    the customer drops out for good with an own probability ~ beta(a, b). ``a = 0`` is the plain NBD: nobody
    ever drops out (b is then without meaning).

    ``dropout_evidence`` is the likelihood ratio against the plain NBD on the histories it was fitted to: twice the
    log-likelihood that drop-out adds, 0 at least; infinite for parameters that were not fitted.

    Every method takes ``repeat_count`` (whole, >= 0), ``t_x_days`` (first to last purchase) and ``age_days``
    (first purchase to now), each of shape (n,) or a scalar, and returns shape (n,). They raise ModelError for
    histories that cannot be (see ``Histories.read``) and for a horizon outside 0 .. ``MAX_HORIZON_DAYS``.
    """

    r: float
    alpha_days: float
    a: float
    b: float
    dropout_evidence: float = field(default=math.inf, compare=False)

    _extra_flip: ClassVar[int]

    def __post_init__(self) -> None:
        values = (self.r, self.alpha_days, self.a, self.b)
        if not all(map(math.isfinite, values)) or min(self.r, self.alpha_days, self.b) <= 0 or self.a < 0:
            raise ModelError(
                f"{type(self).__name__} parameters must be finite, r, alpha_days and b above 0, a at least 0;"
                f" found r={self.r!r}, alpha_days={self.alpha_days!r}, a={self.a!r}, b={self.b!r}."
            )

    @property
    def has_dropout(self) -> bool:
        """False in the NBD limit, where ``p_alive`` is 1 for everybody."""
        return self.a > 0

    @property
    def tells_dropout(self) -> bool:
        """Whether the histories tell the gone from the slow; where not, ``p_alive`` is near 1 however long the silence."""
        return self.has_dropout and self.dropout_evidence >= DROPOUT_EVIDENCE

    def _log_params(self) -> FloatArray:
        log_a = math.log(self.a) if self.a > 0 else -math.inf
        return np.array([math.log(self.r), math.log(self.alpha_days), log_a, math.log(self.b)])

    def log_likelihood(self, repeat_count: ArrayLike, t_x_days: ArrayLike, age_days: ArrayLike) -> FloatArray:
        """Log-likelihood of each customer, time in days: sum it for the model's."""
        histories = Histories.read(repeat_count, t_x_days, age_days)
        return log_likelihood_and_score(self._log_params(), histories, self._extra_flip)[0]

    def p_alive(self, repeat_count: ArrayLike, t_x_days: ArrayLike, age_days: ArrayLike) -> FloatArray:
        """Probability in [0, 1] that the customer has not dropped out yet."""
        histories = Histories.read(repeat_count, t_x_days, age_days)
        return self._p_alive(histories)

    def _p_alive(self, histories: Histories) -> FloatArray:
        alive: FloatArray = expit(-log_odds_dead(self._log_params(), histories, self._extra_flip))
        return alive

    def expected_orders(
        self, horizon_days: float, repeat_count: ArrayLike, t_x_days: ArrayLike, age_days: ArrayLike
    ) -> FloatArray:
        """Expected number (>= 0) of purchases in the next ``horizon_days``, given the history.

        p_alive times the expectation of a customer who is alive, whose rate is gamma(r + x, alpha + T) and
        whose drop-out probability is beta(a, b + m) after m survived flips (Fader, Hardie and Lee 2005,
        equation 10, with m = x; see ``expected_while_alive`` for how it is computed). For a customer who
        bought for the first time today give zeros.
        """
        horizon = _checked_horizon(horizon_days)
        histories = Histories.read(repeat_count, t_x_days, age_days)
        # The part that costs depends on (x, age) only, and shops have few distinct pairs of them.
        ages, age_index = histories.ages
        pairs, index = distinct((histories.x_index * len(ages) + age_index).astype(np.float64))
        of_x, of_age = np.divmod(pairs.astype(np.intp), len(ages))
        x, age = histories.x_unique[of_x], ages[of_age]
        while_alive = expected_while_alive(
            self.r + x, self.alpha_days + age, horizon, self.a, self.b + x + self._extra_flip
        )
        return self._p_alive(histories) * while_alive[index]

    def p_no_purchase(
        self, horizon_days: float, repeat_count: ArrayLike, t_x_days: ArrayLike, age_days: ArrayLike
    ) -> FloatArray:
        """Probability in [0, 1] of no purchase in the next ``horizon_days``: churn as this package labels it.

        A customer who is alive at T drops out only right after a purchase, so up to the next one nothing but
        the rate matters: given the rate no purchase comes with probability exp(-rate h). Over the rate's
        posterior, gamma(r + x, alpha + T), that averages to ((alpha + T) / (alpha + T + h))^(r + x), its
        Laplace transform. A customer who is gone buys nothing. Together:
        ``p_alive * ((alpha + T) / (alpha + T + h))^(r + x) + 1 - p_alive``.
        """
        horizon = _checked_horizon(horizon_days)
        histories = Histories.read(repeat_count, t_x_days, age_days)
        p_buys_if_alive = -np.expm1(
            -(self.r + histories.x) * np.log1p(horizon / (self.alpha_days + histories.age))
        )
        return 1.0 - self._p_alive(histories) * p_buys_if_alive


class BgNbd(_DropoutNbd):
    """Beta-geometric / NBD (Fader, Hardie and Lee 2005, Marketing Science 24(2)).

    Drop-out is possible after each repeat purchase, not after the first one: ``p_alive`` is exactly 1 for
    every one-time buyer however long ago, so ``1 - p_alive`` is no churn risk. Use ``p_no_purchase``.
    """

    _extra_flip = 0


@dataclass(frozen=True)
class MbgNbd(_DropoutNbd):
    """Modified BG/NBD (Batislam, Denizel and Filiztekin 2007; Hoppe and Wagner 2007).

    Drop-out is possible after the first purchase too, so a one-time buyer can be gone.

    Attributes
    ----------
    rhythm
        The same histories with regular gaps, for :meth:`p_silent`; None where customers buy by chance.

    Examples
    --------
    >>> model = MbgNbd(r=0.5, alpha_days=30.0, a=1.0, b=2.0)
    >>> model.p_alive(repeat_count=[0, 0], t_x_days=[0, 0], age_days=[0, 300]).round(3).tolist()
    [0.667, 0.376]
    """

    rhythm: Rhythm | None = None

    _extra_flip: ClassVar[int] = 1

    def p_silent(
        self, horizon_days: float, repeat_count: ArrayLike, t_x_days: ArrayLike, age_days: ArrayLike
    ) -> FloatArray:
        """As :meth:`p_no_purchase`, by the regularity of the gaps where there is one."""
        known = (repeat_count, t_x_days, age_days)
        if self.rhythm is None:
            return self.p_no_purchase(horizon_days, *known)
        return self.rhythm.p_no_purchase(_checked_horizon(horizon_days), *known)


def _checked_horizon(horizon_days: float) -> float:
    horizon = float(horizon_days)
    if not 0 <= horizon <= MAX_HORIZON_DAYS:
        raise ModelError(
            f"Forecasting purchases: horizon_days must lie between 0 and {count(MAX_HORIZON_DAYS)},"
            f" found {horizon_days!r}."
        )
    return horizon
