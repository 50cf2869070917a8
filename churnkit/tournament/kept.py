"""The competitors that did not win, kept as they were measured: any of them can score too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pandas as pd

from churnkit.tournament.baselines import BASELINES, fit_baseline
from churnkit.tournament.entrants import Entrant, params_of
from churnkit.tournament.model import ChurnModel, Member
from churnkit.tournament.preparation import Preparation
from churnkit.tournament.spaces import Params


@dataclass(frozen=True)
class KeptModel:
    """A competitor that can score.

    Attributes
    ----------
    model
        Fitted on the training rows of the last fold, with the calibration that it was measured with and the champion's
        level. Rules are fitted on the same rows.
    params
        What tuning chose, with the number of trees; empty for blends and rules.
    weights
        Of a blend's members, by name; empty for others.
    """

    model: ChurnModel
    params: Params
    weights: Mapping[str, float]


@dataclass(frozen=True)
class LastFold:
    """What the competitors of the last fold learned from.

    Attributes
    ----------
    preparation
        Fitted on ``train``.
    train
        Panel rows.
    valid_cutoff
        The date that it was validated at.
    """

    preparation: Preparation
    train: pd.DataFrame
    valid_cutoff: datetime


@dataclass(frozen=True)
class Kept:
    """Every competitor but the champion.

    Attributes
    ----------
    models
        By name, in the order of the entrants.
    champion_params
        What tuning chose for the champion; empty for blends and rules.
    learned_rows, validated_at
        How many past outcomes they learned from, and the date at which they were validated.
    """

    models: Mapping[str, KeptModel]
    champion_params: Params
    learned_rows: int
    validated_at: datetime


def kept_models(
    entrants: Mapping[str, Entrant], champion: str, fold: LastFold, horizon_days: int, level: float
) -> Kept:
    """Every entrant but the champion."""
    models = {
        name: _kept(entrant, entrants, fold, horizon_days, level)
        for name, entrant in entrants.items()
        if name != champion
    }
    won = entrants[champion]
    chosen = {} if won.members or won.name in BASELINES else params_of(won)
    return Kept(models, chosen, len(fold.train), fold.valid_cutoff)


def _kept(
    entrant: Entrant, entrants: Mapping[str, Entrant], fold: LastFold, horizon_days: int, level: float
) -> KeptModel:
    if entrant.name in BASELINES:
        rule = fit_baseline(entrant.name, fold.train, horizon_days)
        model = ChurnModel(entrant.name, horizon_days, None, (), rule, entrant.calibration.scaling, level)
        return KeptModel(model, {}, {})
    names, weights = entrant.members or (entrant.name,), entrant.weights or (1.0,)
    by = entrant.shift / sum(weights)
    members = tuple(
        _member(entrants[name], weight, by, fold, horizon_days)
        for name, weight in zip(names, weights, strict=True)
    )
    model = ChurnModel(entrant.name, horizon_days, fold.preparation, members, level=level)
    shares = dict(zip(entrant.members, weights, strict=True)) if entrant.members else {}
    return KeptModel(model, {} if entrant.members else params_of(entrant), shares)


def _member(entrant: Entrant, weight: float, shift: float, fold: LastFold, horizon_days: int) -> Member:
    scaling = entrant.calibration.scaling.shifted(shift)
    if entrant.fitted is not None:
        return Member(entrant.fitted, scaling, weight)
    return Member(fit_baseline(entrant.name, fold.train, horizon_days), scaling, weight)
