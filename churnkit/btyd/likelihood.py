"""Log-likelihood and score of the BG/NBD and the MBG/NBD, in one parametrisation and without overflow."""

from __future__ import annotations

import numpy as np
from scipy.special import digamma, expit, gammaln

from churnkit.btyd.histories import FloatArray, Histories


def log_odds_dead(log_params: FloatArray, histories: Histories, extra_flip: int) -> FloatArray:
    """Log odds, shape (n,), of having dropped out by the end of the observation, given the history.

    With ``m = x + extra_flip`` survived coin flips the odds are
    ``a / (b + m - 1) * ((alpha + T) / (alpha + t_x)) ** (r + x)``. Without the flip at time zero a customer
    with no repeat purchase cannot have dropped out: the log odds are then ``-inf``.
    """
    r, alpha, _, b = np.exp(log_params)
    flips = histories.x + extra_flip
    can_be_dead = flips > 0
    denominator = np.where(can_be_dead, b + flips - 1, 1.0)
    waiting = np.log1p((histories.age - histories.t_x) / (alpha + histories.t_x))
    log_odds = log_params[2] - np.log(denominator) + (r + histories.x) * waiting
    return np.where(can_be_dead, log_odds, -np.inf)


def log_likelihood_and_score(
    log_params: FloatArray, histories: Histories, extra_flip: int
) -> tuple[FloatArray, FloatArray]:
    """Log-likelihood of each customer, and its derivatives with respect to the logarithms of r, alpha, a, b.

    Given the rate and the drop-out probability p, a history with m survived flips has density
    ``(1-p)^m rate^x exp(-rate T) + [m > 0] p (1-p)^(m-1) rate^x exp(-rate t_x)``, where m = x for the BG/NBD
    (Fader, Hardie and Lee 2005, equation 3) and m = x + 1 for the MBG/NBD (Batislam, Denizel and
    Filiztekin 2007). Integrating over gamma(r, alpha) and beta(a, b) and taking out the first term leaves
    ``log Gamma(r+x)/Gamma(r) + r log alpha - (r+x) log(alpha+T) + log B(a, b+m)/B(a, b) + log(1 + odds)``
    with the odds of ``log_odds_dead``. As a goes to 0 (log a = -inf is allowed) this is the plain NBD.

    Parameters
    ----------
    log_params
        Shape (4,): log r, log alpha (in the unit of time of ``histories``), log a, log b.
    histories
        n histories.
    extra_flip
        0 for the BG/NBD, 1 for the MBG/NBD.

    Returns
    -------
    tuple
        Shapes (n,) and (4, n).
    """
    r, alpha, a, b = np.exp(log_params)
    x, index = histories.x, histories.x_index
    shape = r + histories.x_unique
    flips = histories.x_unique + extra_flip
    dead_denominator = np.where(flips > 0, b + flips - 1, 1.0)
    # Days are few as well: what depends on one of the times alone is looked up.
    (ages, of_age), (last_times, of_last) = histories.ages, histories.last_times
    log_decay = -np.log1p(ages / alpha)[of_age]
    waiting = -log_decay - np.log1p(last_times / alpha)[of_last]
    log_odds_of_flips = np.where(flips > 0, log_params[2] - np.log(dead_denominator), -np.inf)
    log_odds = log_odds_of_flips[index] + (r + x) * waiting
    p_dead = expit(log_odds)

    log_counts = gammaln(shape) - gammaln(r) - histories.x_unique * log_params[1]
    log_survival = gammaln(b + flips) - gammaln(b) - gammaln(a + b + flips) + gammaln(a + b)
    value = (log_counts + log_survival)[index] + (r + x) * log_decay + np.logaddexp(0.0, log_odds)

    both = digamma(a + b) - digamma(a + b + flips)
    survival_b = digamma(b + flips) - digamma(b) + both
    alive_rate, dead_rate = (1 / (alpha + ages))[of_age], (1 / (alpha + last_times))[of_last]
    score = np.empty((4, x.size))
    score[0] = r * ((digamma(shape) - digamma(r))[index] + log_decay + p_dead * waiting)
    score[1] = r - alpha * (r + x) * ((1 - p_dead) * alive_rate + p_dead * dead_rate)
    score[2] = a * both[index] + p_dead
    score[3] = b * (survival_b[index] - p_dead * (1 / dead_denominator)[index])
    return value, score
