"""Scaling before linear and kernel models."""

from __future__ import annotations

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.impute import SimpleImputer
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

_LONG_TAIL = 5.0


class SignedLog(TransformerMixin, BaseEstimator):
    """sign(x) log(1 + |x|) for columns that reach beyond 5 in training: money, counts and days have long tails."""

    def fit(self, X: np.ndarray, y: object = None) -> SignedLog:
        values = np.abs(np.asarray(X, dtype=float))
        self.long_ = np.nanmax(values, axis=0, initial=0.0) > _LONG_TAIL
        return self

    def transform(self, X: np.ndarray) -> np.ndarray:
        values = np.array(X, dtype=float)
        tail = values[:, self.long_]
        values[:, self.long_] = np.sign(tail) * np.log1p(np.abs(tail))
        return values


def linear_steps() -> list[tuple[str, object]]:
    """Steps before a linear or kernel model: tails pulled in, median imputed with a missing flag, standardised."""
    return [
        ("tails", SignedLog()),
        ("impute", SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)),
        ("scale", StandardScaler()),
    ]


def linear_pipeline(model: BaseEstimator, *extra: tuple[str, object]) -> Pipeline:
    """A model behind :func:`linear_steps`; ``extra`` steps stand just before the model."""
    return Pipeline([*linear_steps(), *extra, ("model", model)])
