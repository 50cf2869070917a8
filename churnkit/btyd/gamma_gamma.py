"""Gamma-Gamma: the mean value of a customer's orders, shrunk towards the shop's."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, gammaln, log_expit

from churnkit.btyd.histories import FloatArray, as_vector, distinct, require_all
from churnkit.btyd.maximise import Objective, maximise
from churnkit.errors import ModelError
from churnkit.text.figures import count

_LOG_BOUNDS = [(-6.0, 9.0), (-6.0, 9.0), (-14.0, 14.0)]
_STARTS = [(1.0, 2.0, 1.0), (5.0, 4.0, 0.6), (0.5, 1.0, 2.0)]
# Above so many customers like ones are merged: by 1/200 of the log mean a forecast moves by some millionths; by 1/20 it
# is known which start leads highest.
_MANY_CUSTOMERS = 3_000
_FINE_STEP, _COARSE_STEP = 0.005, 0.05
_MAX_MEAN_RATIO = 3.0
_REMEDY = "Leave out customers without a repeat purchase and order values that are not positive."


@dataclass(frozen=True)
class GammaGamma:
    """Gamma-Gamma model of spend per order (Fader and Hardie 2005; note of 2013, "The gamma-gamma model").

    Order values of a customer are gamma(shape p, rate nu) and nu ~ gamma(shape q, rate gamma) over customers,
    independent of how often they buy.

    Attributes
    ----------
    p, q
        Shapes, above 0. ``q <= 1`` means that the mean over customers is infinite.
    gamma
        Rate of nu, in money, above 0.
    observed_mean
        Mean order value of the customers it was fitted on, in money, above 0: stands in for the model's mean
        where that is infinite or absurd.
    """

    p: float
    q: float
    gamma: float
    observed_mean: float

    def __post_init__(self) -> None:
        values = (self.p, self.q, self.gamma, self.observed_mean)
        if not all(math.isfinite(value) and value > 0 for value in values):
            raise ModelError(f"GammaGamma parameters must be finite and above 0; found {self!r}.")

    @property
    def has_finite_mean(self) -> bool:
        """Whether the mean over customers, p gamma / (q - 1), is finite and within 3 x the observed one."""
        return self.q > 1 and self.p * self.gamma <= _MAX_MEAN_RATIO * self.observed_mean * (self.q - 1)

    @property
    def population_mean(self) -> float:
        """Expected order value of a customer without history: the model's mean, else the observed one."""
        return self.p * self.gamma / (self.q - 1) if self.has_finite_mean else self.observed_mean

    def log_likelihood(self, repeat_count: ArrayLike, monetary_mean: ArrayLike) -> FloatArray:
        """Log-likelihood, shape (n,), of customers with ``repeat_count >= 1`` and ``monetary_mean > 0``."""
        x, mean = _read(repeat_count, monetary_mean)
        log_params = np.log([self.p, self.q, self.gamma])
        return _log_likelihood_and_score(log_params, x, np.log(mean))[0]

    def expected_order_value(self, repeat_count: ArrayLike, monetary_mean: ArrayLike) -> FloatArray:
        """Expected value of a customer's future orders: above 0 and finite, shape (n,), in money.

        ``(q - 1) / (p x + q - 1) * population mean + p x / (p x + q - 1) * monetary_mean`` (Fader and Hardie
        2013, equation 5). Where the model's mean does not exist (q <= 1), or exceeds three times the observed
        mean because q is barely above 1, the weight ``q - 1`` becomes q and the population mean the observed
        one: still a weighted mean of the customer's own and the shop's, so never negative nor infinite.

        Parameters
        ----------
        repeat_count
            Shape (n,), >= 0: the orders behind ``monetary_mean``.
        monetary_mean
            Shape (n,), above 0; ignored (NaN allowed) where ``repeat_count`` is 0.

        Raises
        ------
        ModelError
            Values outside these ranges.

        Examples
        --------
        >>> model = GammaGamma(p=2.0, q=3.0, gamma=20.0, observed_mean=20.0)
        >>> model.expected_order_value([0, 1, 9], [float("nan"), 40.0, 40.0]).tolist()
        [20.0, 30.0, 38.0]
        """
        x = as_vector(repeat_count, "repeat_count")
        mean = as_vector(monetary_mean, "monetary_mean")
        _require_equal_size(x, mean)
        has_history = x > 0
        usable = np.isfinite(x) & (x >= 0) & (~has_history | (np.isfinite(mean) & (mean > 0)))
        require_all(
            usable,
            "repeat_count >= 0 and a monetary_mean above 0 where it is positive",
            _REMEDY,
            repeat_count=x,
            monetary_mean=mean,
        )
        prior_weight = self.q - 1 if self.has_finite_mean else self.q
        own_share = self.p * x / (self.p * x + prior_weight)
        return self.population_mean + own_share * (np.where(has_history, mean, 0.0) - self.population_mean)


def fit_gamma_gamma(
    repeat_count: ArrayLike,
    monetary_mean: ArrayLike,
    *,
    weights: ArrayLike | None = None,
    p: float | None = None,
) -> GammaGamma:
    """Maximum-likelihood Gamma-Gamma, without a penalty (a penalty pushes q below 1).

    Parameters
    ----------
    repeat_count
        Shape (n,), >= 1: number of orders that ``monetary_mean`` averages.
    monetary_mean
        Shape (n,), above 0, in money.
    weights
        Shape (n,), >= 0: customers that each row stands for; 1 when None.
    p
        The shape of a customer's own orders where it is known from them (:func:`churnkit.btyd.own_shape`), above 0; means
        alone hardly tell it from how far customers lie apart.

    Returns
    -------
    GammaGamma
        Equal values throughout, or a single customer, give the limit of no spread: p and q at their bound
        and every expectation at the observed value.

    Raises
    ------
    ModelError
        No customer, or values outside these ranges.
    """
    x, mean = _read(repeat_count, monetary_mean)
    weight = np.ones_like(x) if weights is None else as_vector(weights, "weights")
    _require_equal_size(x, weight)
    require_all(np.isfinite(weight) & (weight >= 0), "finite weights >= 0", _REMEDY, weights=weight)
    if not weight.sum() > 0:
        raise ModelError(
            f"Fitting GammaGamma: at least one customer with a repeat purchase is needed, found {count(x.size)}.",
            "Use a longer history; until then the mean order value is the best forecast.",
        )
    share = weight / weight.sum()
    money_unit = float(np.sum(share * mean))
    log_mean = np.log(mean) - math.log(money_unit)
    known = np.array([] if p is None else np.clip([math.log(p)], *_LOG_BOUNDS[0]))
    bounds, starts = _LOG_BOUNDS[known.size :], np.log(_STARTS)[:, known.size :]
    if x.size > _MANY_CUSTOMERS:
        near, _ = maximise(_objective(*_merged(x, log_mean, share, _COARSE_STEP), known), starts, bounds)
        starts = near[None, :]
        x, log_mean, share = _merged(x, log_mean, share, _FINE_STEP)
    best, _ = maximise(_objective(x, log_mean, share, known), starts, bounds)
    shape, q, gamma = (float(value) for value in np.exp(np.concatenate([known, best])))
    return GammaGamma(p=shape, q=q, gamma=gamma * money_unit, observed_mean=money_unit)


def _objective(x: FloatArray, log_mean: FloatArray, share: FloatArray, known: FloatArray) -> Objective:
    """Mean log-likelihood over the customers as a function of the log-parameters after ``known``; ``share`` sums to 1."""

    def mean_log_likelihood(point: FloatArray) -> tuple[float, FloatArray]:
        value, score = _log_likelihood_and_score(np.concatenate([known, point]), x, log_mean)
        return float(share @ value), (score @ share)[known.size :]

    return mean_log_likelihood


def _merged(
    x: FloatArray, log_mean: FloatArray, share: FloatArray, step: float
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Customers of equal x whose log mean lies in the same ``step``, as one at their mean log, shares added."""
    cell = np.floor(log_mean / step)
    cell -= cell.min()
    key, which = distinct(x * (cell.max() + 1) + cell)
    shares: FloatArray = np.bincount(which, share, key.size).astype(np.float64)
    counts = np.zeros(key.size)
    counts[which] = x
    weighted = shares > 0
    means = np.bincount(which, share * log_mean, key.size)[weighted] / shares[weighted]
    return counts[weighted], means, shares[weighted]


def _log_likelihood_and_score(
    log_params: FloatArray, x: FloatArray, log_mean: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Log density of each mean of x values (Fader and Hardie 2013, equation 1a) and its derivatives.

    The derivatives, shape (3, n), are with respect to the logarithms of p, q and gamma.
    """
    p, q = np.exp(log_params[:2])
    x_unique, index = distinct(x)
    px = p * x_unique
    # The posterior's balance between the customer's total spend and the prior's gamma, as log shares.
    log_ratio = np.log(x) + log_mean - log_params[2]
    log_own, log_prior = log_expit(log_ratio), log_expit(-log_ratio)
    log_constant = gammaln(px + q) - gammaln(px) - gammaln(q)
    value = log_constant[index] + px[index] * log_own + q * log_prior - log_mean
    psi = digamma(px + q)
    score = np.empty((3, x.size))
    score[0] = px[index] * ((psi - digamma(px))[index] + log_own)
    score[1] = q * (psi[index] - digamma(q) + log_prior)
    score[2] = q - (px[index] + q) * np.exp(log_prior)
    return value, score


def _read(repeat_count: ArrayLike, monetary_mean: ArrayLike) -> tuple[FloatArray, FloatArray]:
    x = as_vector(repeat_count, "repeat_count")
    mean = as_vector(monetary_mean, "monetary_mean")
    _require_equal_size(x, mean)
    columns = {"repeat_count": x, "monetary_mean": mean}
    require_all(np.isfinite(x) & (x >= 1), "repeat_count >= 1", _REMEDY, **columns)
    require_all(np.isfinite(mean) & (mean > 0), "monetary_mean above 0", _REMEDY, **columns)
    return x, mean


def _require_equal_size(first: FloatArray, second: FloatArray) -> None:
    if first.size != second.size:
        raise ModelError(f"Order values: columns must be equally long, found {first.size} and {second.size}.")
