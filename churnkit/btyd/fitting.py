"""Maximum likelihood for the BG/NBD and the MBG/NBD."""

from __future__ import annotations

import math
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike

from churnkit.btyd.histories import FloatArray, Histories
from churnkit.btyd.likelihood import log_likelihood_and_score
from churnkit.btyd.maximise import Objective, maximise
from churnkit.btyd.models import BgNbd, MbgNbd, _DropoutNbd
from churnkit.errors import ModelError
from churnkit.text.figures import count

Model = TypeVar("Model", bound=_DropoutNbd)

# Wide enough for every shop, narrow enough that the likelihood stays well conditioned at the limits of equal
# rates (r and alpha large together), equal drop-out (a and b large) and polarised drop-out (both small).
_LOG_BOUNDS = [(-9.0, 9.0), (-12.0, 12.0), (-12.0, 9.0), (-9.0, 12.0)]
_NO_DROPOUT = (-math.inf, 0.0)
_DROPOUT_STARTS = [(1.0, 3.0), (0.1, 0.3), (3.0, 3.0)]
# Above so many different histories the starts compete on customers merged by a fiftieth of the mean age; where the best
# of them ends, the fit on all of them begins.
_MANY_HISTORIES = 3_000
_COARSE_STEP = 0.02
# A likelihood ratio this small is no evidence of drop-out; the simpler model is then returned.
_MIN_GAIN = 1e-3


def fit_bgnbd(
    repeat_count: ArrayLike, t_x_days: ArrayLike, age_days: ArrayLike, *, weights: ArrayLike | None = None
) -> BgNbd:
    """Maximum-likelihood BG/NBD.

    Parameters
    ----------
    repeat_count, t_x_days, age_days
        Shape (n,): repeat purchase days, days from first to last purchase, days from first purchase to the
        end of the observation.
    weights
        Shape (n,), >= 0: customers that each row stands for; 1 when None.

    Returns
    -------
    BgNbd
        With ``a = 0`` (plain NBD) when drop-out does not raise the log-likelihood; ``tells_dropout`` says whether it
        raises it by more than chance does. Data that cannot tell the
        customers apart (one customer, or all alike) give the limit of equal rates: r and alpha_days at their
        bound, their ratio right.

    Raises
    ------
    ModelError
        Impossible histories (see ``Histories.read``), no customer, nobody with a repeat purchase.
    """
    return _fit(BgNbd, Histories.read(repeat_count, t_x_days, age_days, weights))


def fit_mbgnbd(
    repeat_count: ArrayLike, t_x_days: ArrayLike, age_days: ArrayLike, *, weights: ArrayLike | None = None
) -> MbgNbd:
    """Maximum-likelihood MBG/NBD: parameters, limits and errors as in ``fit_bgnbd``."""
    return _fit(MbgNbd, Histories.read(repeat_count, t_x_days, age_days, weights))


def _fit(model: type[Model], histories: Histories) -> Model:
    repeats = float(np.sum(histories.weight * histories.x))
    if repeats == 0:
        raise ModelError(
            f"Fitting {model.__name__}: at least one customer must have bought on two different days,"
            f" found none among {count(int((histories.weight > 0).sum()))} customers.",
            "Use a longer history, or check that customer ids repeat across orders.",
        )
    time_unit = float(np.average(histories.age, weights=histories.weight))
    data = histories.aggregated(time_unit)
    extra_flip = model._extra_flip
    # Without drop-out the time of the last purchase says nothing.
    never_gone = _objective(data.without_recency(), extra_flip, _NO_DROPOUT)
    nbd, nbd_value = maximise(never_gone, [_nbd_start(data)], _LOG_BOUNDS[:2])
    starts = [np.append(nbd, np.log(dropout)) for dropout in _DROPOUT_STARTS]
    if data.x.size > _MANY_HISTORIES:
        near, _ = maximise(_objective(data.coarse(_COARSE_STEP), extra_flip), starts, _LOG_BOUNDS)
        starts = [near]
    full, full_value = maximise(_objective(data, extra_flip), starts, _LOG_BOUNDS)
    gain = max(0.0, (full_value - nbd_value) * float(data.weight.sum()))
    has_dropout = gain >= _MIN_GAIN
    log_params = full if has_dropout else np.append(nbd, _NO_DROPOUT)
    r, alpha, a, b = (float(value) for value in np.exp(log_params))
    return model(r=r, alpha_days=alpha * time_unit, a=a, b=b, dropout_evidence=2 * gain)


def _nbd_start(data: Histories) -> FloatArray:
    """Log of shape 1 and of the rate alpha that gives the observed mean number of purchases per time."""
    rate = float(np.sum(data.weight * data.x) / np.sum(data.weight * data.age))
    return np.array([0.0, -math.log(rate)])


def _objective(data: Histories, extra_flip: int, fixed: tuple[float, ...] = ()) -> Objective:
    """Mean log-likelihood over the customers as a function of the log-parameters that precede ``fixed``."""
    share = data.weight / data.weight.sum()
    free = len(_LOG_BOUNDS) - len(fixed)

    def mean_log_likelihood(point: FloatArray) -> tuple[float, FloatArray]:
        value, score = log_likelihood_and_score(np.append(point, fixed), data, extra_flip)
        return float(share @ value), score[:free] @ share

    return mean_log_likelihood
