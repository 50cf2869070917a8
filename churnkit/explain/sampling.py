"""Shapley values by sampling, for models whose form nothing else here knows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from churnkit.explain.catalogue import feature
from churnkit.explain.linear import input_features, standardised
from churnkit.tournament.candidates import Fitted

MAX_CALLS = 200


def sampled_contributions(
    fitted: Fitted, matrix: np.ndarray, features: Sequence[str], seed: int
) -> tuple[np.ndarray, float]:
    """Permutation sampling (Strumbelj and Kononenko 2014) against the training mean, on the margin.

    Features enter one after the other, in a random order that keeps the features of a group together (Owen values:
    features that say the same are not played off against each other); each is credited with the change of
    the margin. Every order is also walked backwards, which cancels most of the sampling error (Mitchell et al. 2022). Each
    walk adds up exactly. All customers share the orders, so the model is called at most ``MAX_CALLS`` times, or for
    one pair of walks when that takes more.

    The error falls with the square root of the number of pairs: on a model without interactions it is nil.

    Returns
    -------
    tuple
        Contributions (n, features) and the margin of the reference, before the model's offset is taken off.
    """
    pipeline = fitted.estimator
    inputs = standardised(pipeline, matrix)
    position = [name for name, _step in pipeline.steps].index("scale")
    behind = pipeline[position + 1 :]
    owner = input_features(pipeline, matrix.shape[1])
    count = len(features)
    pairs = max(1, MAX_CALLS // (2 * max(1, count)))
    rng = np.random.default_rng(seed)
    margin_of = Fitted(fitted.name, behind, 0.0, None).margin
    base = float(margin_of(np.zeros((1, inputs.shape[1])))[0])
    total = np.zeros(matrix.shape)
    for _pair in range(pairs):
        order = _grouped_order(features, rng)
        for walk in (order, order[::-1]):
            present = np.zeros_like(inputs)
            before = np.full(len(inputs), base)
            for player in walk:
                own = owner == player
                present[:, own] = inputs[:, own]
                now = margin_of(present)
                total[:, player] += now - before
                before = now
    return total / (2 * pairs), base


def _grouped_order(features: Sequence[str], rng: np.random.Generator) -> np.ndarray:
    """Positions of the features, groups in random order and features in random order inside them."""
    groups = np.array([feature(name).group for name in features])
    names = list(dict.fromkeys(groups))
    parts = [rng.permutation(np.flatnonzero(groups == names[k])) for k in rng.permutation(len(names))]
    return np.concatenate(parts) if parts else np.empty(0, dtype=int)
