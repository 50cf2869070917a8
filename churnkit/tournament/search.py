"""Which set of parameters is tried next: by chance, by a grid, or by Optuna."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from churnkit.config import Search
from churnkit.errors import ModelError
from churnkit.tournament.spaces import Params, Range, Space

# Sets that Optuna draws by chance, the default among them, before it learns from what it was told.
_STARTUP_TRIALS = 4


class Searcher(Protocol):
    """Proposes sets of one family, one after the other; the default set is always the first."""

    def propose(self) -> Params | None:
        """The next set; None where there is no other."""

    def tell(self, losses: Sequence[float], *, complete: bool) -> None:
        """How the last set did: its log loss after each step so far, and whether it was tried on every fold."""


def searcher(search: Search, space: Space, seed: Sequence[int]) -> Searcher:
    """A searcher of that kind; the same seed proposes the same sets.

    Raises
    ------
    ModelError
        Optuna was asked for and is not installed.
    """
    if search == "optuna":
        return _ByOptuna(space, seed)
    return _ByGrid(space, seed) if search == "grid" else _ByChance(space, seed)


def require_search(search: Search) -> None:
    """Refuse a search whose package is missing, before any work is done.

    Raises
    ------
    ModelError
        Optuna was asked for and is not installed.
    """
    if search == "optuna":
        _optuna()


class _ByChance:
    """Independent draws (Bergstra and Bengio 2012)."""

    def __init__(self, space: Space, seed: Sequence[int]) -> None:
        self._space = space
        self._rng = np.random.default_rng(list(seed))
        self._begun = False

    def propose(self) -> Params | None:
        if self._begun:
            return self._space.draw(self._rng)
        self._begun = True
        return self._space.default

    def tell(self, losses: Sequence[float], *, complete: bool) -> None:
        """Nothing is learned."""


class _ByGrid:
    """Every set of the grid, in an order by chance: where time ends it early, what was tried lies all over the grid."""

    def __init__(self, space: Space, seed: Sequence[int]) -> None:
        others = [params for params in space.grid() if params != space.default]
        order = np.random.default_rng(list(seed)).permutation(len(others))
        self._sets = iter([space.default, *(others[place] for place in order)])

    def propose(self) -> Params | None:
        return next(self._sets, None)

    def tell(self, losses: Sequence[float], *, complete: bool) -> None:
        """Nothing is learned."""


class _ByOptuna:
    """Tree-structured Parzen estimator (Bergstra et al. 2011) of Optuna (Akiba et al. 2019), told of pruned sets too."""

    def __init__(self, space: Space, seed: Sequence[int]) -> None:
        optuna = _optuna()
        state = int(np.random.default_rng(list(seed)).integers(2**31))
        self._space = space
        self._done = optuna.trial.TrialState
        self._study = optuna.create_study(
            sampler=optuna.samplers.TPESampler(seed=state, n_startup_trials=_STARTUP_TRIALS)
        )
        self._study.enqueue_trial({name: space.default[name] for name in space.ranges})
        self._ranges = {name: _distribution(optuna, tuned) for name, tuned in space.ranges.items()}

    def propose(self) -> Params | None:
        self._trial = self._study.ask(self._ranges)
        return {**self._space.default, **self._trial.params}

    def tell(self, losses: Sequence[float], *, complete: bool) -> None:
        for step, loss in enumerate(losses):
            self._trial.report(loss, step)
        if complete:
            self._study.tell(self._trial, losses[-1])
        else:
            self._study.tell(self._trial, state=self._done.PRUNED if losses else self._done.FAIL)


def _optuna() -> Any:
    try:
        import optuna
    except ImportError as error:
        raise ModelError(
            "Tuning models with Optuna: the package optuna must be installed, it is not.",
            "Run pip install optuna, or choose the search random or grid.",
        ) from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna


def _distribution(optuna: Any, tuned: Range) -> Any:
    if tuned.whole:
        return optuna.distributions.IntDistribution(int(tuned.low), int(tuned.high))
    return optuna.distributions.FloatDistribution(tuned.low, tuned.high, log=tuned.log)
