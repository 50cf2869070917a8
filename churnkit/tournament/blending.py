"""Several models as one: their plain average, an average weighted by what each is worth, and a model of models."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import minimize

from churnkit import metrics
from churnkit.config import TournamentSettings
from churnkit.tournament.baselines import PURCHASE_PROCESS
from churnkit.tournament.calibration import Calibration, Platt, calibrate_all_ways
from churnkit.tournament.candidates import CANDIDATES
from churnkit.tournament.entrants import Entrant, Validation
from churnkit.tournament.margins import to_probability
from churnkit.tournament.names import BLEND

WEIGHTED_BLEND, STACKING = "weighted_blend", "stacking"
LOGISTIC = "logistic_regression"
OF_MEMBERS = "of its members"
# More of it helped on no data set, see the guide.
PROCESS_SHARE = 0.2
# Members whose say is smaller are left out of a stack: they cost time to fit and to explain.
_LEAST_WEIGHT = 0.02
# Squared distance from equal weights, in rows: a stack of few rows stays near the plain average.
_PRIOR_ROWS = 100.0

_Learner = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""Members' log-odds (n, members) and outcomes (n,) in, weights (members,) out."""


def blends(
    models: Sequence[Entrant],
    baselines: Sequence[Entrant],
    validation: Validation,
    settings: TournamentSettings,
) -> list[Entrant]:
    """The plain blend, and those asked for; none where fewer than two could be averaged."""
    found = blend([*models, *baselines], validation)
    made = [found] if found else []
    pool = [*models, *(one for one in baselines if one.name == PURCHASE_PROCESS)]
    if len(pool) < 2:
        return made
    learners: dict[str, _Learner] = {WEIGHTED_BLEND: weights_by_worth, STACKING: stack_weights}
    asked = [name for name in learners if name in settings.extras]
    return [*made, *(_weighted(name, pool, validation, learners[name]) for name in asked)]


def blend(entrants: Sequence[Entrant], validation: Validation) -> Entrant | None:
    """The average, in calibrated log-odds, of logistic regression and boosted models with a fifth of the process.

    A smooth and a stepwise model err differently, so their plain average beats either (see README); the
    purchase process, which needs no labels, steadies both where they had few. The weights are fixed: chosen on a
    shop's validation rows they gained nothing on later windows. Members are limited to what adds up over features in
    log-odds. None where the logistic regression or both boosted models have stepped aside.
    """
    by_name = {e.name: e for e in entrants}
    boosted = [c.name for c in CANDIDATES if c.boosted and c.name in by_name]
    if LOGISTIC not in by_name or not boosted:
        return None
    shares = {LOGISTIC: 0.5, **dict.fromkeys(boosted, 0.5 / len(boosted))}
    if PURCHASE_PROCESS in by_name:
        shares = {name: (1 - PROCESS_SHARE) * share for name, share in shares.items()}
        shares[PURCHASE_PROCESS] = PROCESS_SHARE
    members, weights = [by_name[name] for name in shares], np.array(list(shares.values()))
    margin = np.column_stack([one.margin for one in members]) @ weights
    return _entrant(BLEND, members, margin, weights, validation)


def _weighted(name: str, pool: Sequence[Entrant], validation: Validation, learn: _Learner) -> Entrant:
    """Members weighted by what the other folds say; the final weights come from all of them.

    The level of the plain average is kept: that of the validation windows is not that of the next one.
    """
    margins, churned = np.column_stack([one.margin for one in pool]), validation.churned
    mixed = np.empty(len(margins))
    for k in np.unique(validation.fold):
        others = validation.fold != k
        weights = learn(margins[others], churned[others])
        level = float(margins[others].mean() - (margins[others] @ weights).mean())
        mixed[~others] = margins[~others] @ weights + level
    weights = learn(margins, churned)
    kept = np.flatnonzero(weights >= _LEAST_WEIGHT)
    weights = weights[kept] * (weights.sum() / weights[kept].sum())
    shift = float(margins.mean() - (margins[:, kept] @ weights).mean())
    return _entrant(name, [pool[int(place)] for place in kept], mixed, weights, validation, shift)


def weights_by_worth(margins: np.ndarray, churned: np.ndarray) -> np.ndarray:
    """Weights that sum to 1, in proportion to how far a member's log loss lies below that of the base rate.

    One that is no better than the base rate has no say; where none is better, all have the same.
    """
    base = metrics.log_loss(churned, np.full(len(churned), churned.mean()))
    losses = [metrics.log_loss(churned, to_probability(margin)) for margin in margins.T]
    worth = np.maximum(base - np.array(losses), 0.0)
    return worth / worth.sum() if worth.sum() > 0 else np.full(len(worth), 1 / len(worth))


def stack_weights(margins: np.ndarray, churned: np.ndarray) -> np.ndarray:
    """Stacking (Wolpert 1992) by a logistic regression on the members' log-odds, weights 0 or more (Breiman 1996).

    The weights are drawn to those of the plain average by a prior worth a hundred rows.
    """
    members = margins.shape[1]
    equal = np.full(members, 1 / members)
    usual = to_probability(margins @ equal)
    prior = _PRIOR_ROWS * float(margins.var() * np.mean(usual * (1 - usual)))

    def loss(theta: np.ndarray) -> tuple[float, np.ndarray]:
        weights, level = theta[:-1], theta[-1]
        z = margins @ weights + level
        miss = to_probability(z) - churned
        away = weights - equal
        value = float(np.sum(np.logaddexp(0.0, z) - churned * z) + 0.5 * prior * away @ away)
        return value, np.append(margins.T @ miss + prior * away, miss.sum())

    bounds = [(0.0, None)] * members + [(None, None)]
    best = minimize(loss, np.append(equal, 0.0), jac=True, method="L-BFGS-B", bounds=bounds).x[:-1]
    return best if best.max() >= _LEAST_WEIGHT else equal


def _entrant(
    name: str,
    members: Sequence[Entrant],
    margin: np.ndarray,
    weights: np.ndarray,
    validation: Validation,
    shift: float = 0.0,
) -> Entrant:
    """A blend as it competes: with the calibration of its members; the other ways are kept to be looked at."""
    options = calibrate_all_ways(margin, validation.churned, validation.fold, native_odds=True).options
    equal = len({round(float(weight), 9) for weight in weights}) == 1
    return Entrant(
        name=name,
        kind="blend",
        calibration=Calibration(margin, Platt(), OF_MEMBERS, options),
        params={} if equal else {one.name: float(w) for one, w in zip(members, weights, strict=True)},
        fit_seconds=sum(one.fit_seconds for one in members),
        members=tuple(one.name for one in members),
        weights=tuple(float(weight) for weight in weights),
        shift=shift,
    )
