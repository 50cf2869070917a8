"""MBG/CNBD-k: the MBG/NBD for shops whose customers buy at regular gaps rather than by pure chance.

Gaps of a customer are Erlang: the sum of ``k`` waiting times, each exponential with the customer's own rate. So a silence
that is long for this customer says more than it does under the MBG/NBD, which is the case ``k = 1`` and knows no
"overdue". Platzer and Reutterer (2016), Ticking away the moments: timing regularity helps to better predict customer
activity, Marketing Science 35(5).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln, digamma, gammaln, logsumexp

from churnkit.btyd.histories import FloatArray, Histories
from churnkit.btyd.maximise import maximise

MAX_K = 3
"""More regular gaps than this are told no better: a higher k gained nothing on any shop."""
MIN_GAP_CUSTOMERS = 30
"""Customers with two gaps or more that the regularity is judged from."""
_LOG_BOUNDS = [(-9.0, 9.0), (-12.0, 12.0), (-12.0, 9.0), (-9.0, 12.0)]
_MANY_HISTORIES = 3_000
_COARSE_STEP = 0.02
_SOME_DROPOUT = (0.1, 2.0)


@dataclass(frozen=True)
class Rhythm:
    """A fitted MBG/CNBD-k.

    Parameters
    ----------
    r, alpha_days
        Of the gamma that the customers' rates come from; ``k`` waiting times at such a rate make a gap.
    a, b
        Of the beta that the probability to drop out after a purchase comes from.
    k
        2 or more.
    """

    r: float
    alpha_days: float
    a: float
    b: float
    k: int

    def p_alive(self, repeat_count: ArrayLike, t_x_days: ArrayLike, age_days: ArrayLike) -> FloatArray:
        """Probability in [0, 1] that the customer has not dropped out yet, shape (n,)."""
        alive, gone = self._parts(Histories.read(repeat_count, t_x_days, age_days))
        share: FloatArray = np.exp(alive - np.logaddexp(alive, gone))
        return share

    def p_no_purchase(
        self, horizon_days: float, repeat_count: ArrayLike, t_x_days: ArrayLike, age_days: ArrayLike
    ) -> FloatArray:
        """Probability in [0, 1] of no purchase in the next ``horizon_days``, shape (n,).

        Of the two ways to be silent until now, having dropped out stays as likely as it is; being alive with a gap that
        lasts on has the density of a history that ends ``horizon_days`` later.
        """
        histories = Histories.read(repeat_count, t_x_days, age_days)
        alive, gone = self._parts(histories)
        silent, _ = self._parts(histories, horizon_days)
        share: FloatArray = np.exp(np.logaddexp(gone, silent) - np.logaddexp(alive, gone))
        return share

    def _parts(self, histories: Histories, longer: float = 0.0) -> tuple[FloatArray, FloatArray]:
        log_params = np.log([self.r, self.alpha_days, self.a, self.b])
        stages = _stages(log_params, histories, self.k, longer)
        alive, gone = _survival(log_params, histories)
        return alive + logsumexp(stages, axis=0), gone + _stopped(log_params, histories, self.k)


def regularity(repeat_count: ArrayLike, t_x_days: ArrayLike, gap_last_days: ArrayLike) -> int:
    """The ``k`` of 1 .. ``MAX_K`` under which the customers' last gaps are likeliest; 1 with too few to tell.

    Of x Erlang-k gaps that add up to ``t_x``, whatever the customer's rate, the share of the last one is
    beta(k, k (x - 1)).
    """
    x, t_x, last = (np.asarray(v, dtype=float) for v in (repeat_count, t_x_days, gap_last_days))
    told = (x >= 2) & (last > 0) & (last < t_x)
    if told.sum() < MIN_GAP_CUSTOMERS:
        return 1
    share, others = last[told] / t_x[told], x[told] - 1
    fits = [
        float(np.sum((k - 1) * np.log(share) + (k * others - 1) * np.log1p(-share) - betaln(k, k * others)))
        for k in range(1, MAX_K + 1)
    ]
    return 1 + int(np.argmax(fits))


def fit_rhythm(
    repeat_count: ArrayLike, t_x_days: ArrayLike, age_days: ArrayLike, k: int, start: FloatArray
) -> Rhythm:
    """Maximum-likelihood MBG/CNBD-k for a given ``k``.

    Parameters
    ----------
    repeat_count, t_x_days, age_days
        Shape (n,), as for ``fit_mbgnbd``.
    start
        r, alpha_days, a and b of the MBG/NBD of the same histories, shape (4,).
    """
    histories = Histories.read(repeat_count, t_x_days, age_days)
    time_unit = float(np.average(histories.age))
    data = histories.aggregated(time_unit)
    r, alpha_days, a, b = (float(value) for value in start)
    # Chance gaps may hide all drop-out, which regular ones then show: a start without any would stay there.
    dropout = (a, b) if a > 0 else _SOME_DROPOUT
    # k waiting times make a gap: each takes a k-th of it.
    begin = np.log([r, alpha_days / (k * time_unit), *dropout])
    if data.x.size > _MANY_HISTORIES:
        begin, _ = _best(data.coarse(_COARSE_STEP), k, begin)
    best, _ = _best(data, k, begin)
    r, alpha, a, b = (float(value) for value in np.exp(best))
    return Rhythm(r, alpha * time_unit, a, b, k)


def _best(data: Histories, k: int, start: FloatArray) -> tuple[FloatArray, float]:
    share = data.weight / data.weight.sum()

    def mean_log_likelihood(point: FloatArray) -> tuple[float, FloatArray]:
        value, score = log_likelihood_and_score(point, data, k)
        return float(share @ value), score @ share

    return maximise(mean_log_likelihood, [start], _LOG_BOUNDS)


def log_likelihood_and_score(
    log_params: FloatArray, histories: Histories, k: int
) -> tuple[FloatArray, FloatArray]:
    """Log-likelihood (n,) of each customer up to a constant, and its derivatives (4, n) by log r, alpha, a, b."""
    r, alpha, a, b = np.exp(log_params)
    unique, index = histories.x_unique, histories.x_index
    stages = _stages(log_params, histories, k)
    survived, dropped = _survival(log_params, histories)
    while_alive = logsumexp(stages, axis=0)
    alive = survived + while_alive
    gone = dropped + _stopped(log_params, histories, k)
    value = np.logaddexp(alive, gone)
    p_alive, p_gone = np.exp(alive - value), np.exp(gone - value)
    by_stage = np.exp(stages - while_alive) * p_alive
    j = np.arange(k)[:, None]
    shapes, rates = r + k * histories.x + j, digamma(r + k * unique + j)[:, index]
    now, before = alpha + histories.age, alpha + histories.t_x
    both = (digamma(a + b) - digamma(a + b + unique + 1))[index]
    of_b = (digamma(b + unique) - digamma(b))[index]
    score = np.empty((4, index.size))
    # Stage by stage the weights add up to p_alive.
    counted = (by_stage * rates).sum(axis=0) - p_alive * np.log(now) + p_gone * (rates[0] - np.log(before))
    score[0] = r * (log_params[1] - digamma(r) + counted)
    score[1] = r - alpha * ((by_stage * shapes).sum(axis=0) / now + p_gone * shapes[0] / before)
    score[2] = a * both + p_gone
    score[3] = b * (both + of_b + p_alive / (b + histories.x))
    return value, score


def _stages(log_params: FloatArray, histories: Histories, k: int, longer: float = 0.0) -> FloatArray:
    """Log of the parts (k, n) of the density of being alive at the end: so many waiting times of the open gap are over."""
    r, alpha = np.exp(log_params[:2])
    j = np.arange(k)[:, None]
    open_gap = np.log(np.maximum(histories.age - histories.t_x + longer, 1e-12))
    counts = r * log_params[1] - gammaln(r) + gammaln(r + k * histories.x_unique + j) - gammaln(j + 1)
    parts: FloatArray = (
        counts[:, histories.x_index]
        + j * open_gap
        - (r + k * histories.x + j) * np.log(alpha + histories.age + longer)
    )
    return parts


def _stopped(log_params: FloatArray, histories: Histories, k: int) -> FloatArray:
    """Log of the density (n,) of the purchases alone, without the silence after the last."""
    r, alpha = np.exp(log_params[:2])
    counts = r * log_params[1] - gammaln(r) + gammaln(r + k * histories.x_unique)
    density: FloatArray = counts[histories.x_index] - (r + k * histories.x) * np.log(alpha + histories.t_x)
    return density


def _survival(log_params: FloatArray, histories: Histories) -> tuple[FloatArray, FloatArray]:
    """Log of the chance to outlast all ``x + 1`` purchases, and to drop out after the last of them; (n,) each."""
    a, b = np.exp(log_params[2:])
    x = histories.x_unique
    outlasts, drops = betaln(a, b + x + 1) - betaln(a, b), betaln(a + 1, b + x) - betaln(a, b)
    return outlasts[histories.x_index], drops[histories.x_index]
