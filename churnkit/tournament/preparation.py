"""Panel rows -> the numeric matrices that the candidates learn from. Everything here is fitted on training rows."""

from __future__ import annotations

import numpy as np
import pandas as pd
from sklearn.preprocessing import TargetEncoder

from churnkit.errors import ModelError
from churnkit.features.column_names import CATEGORY_COLUMNS
from churnkit.features.feature_selection import FeatureSelector

_CATEGORY_FOLDS = 5


class Preparation:
    """Feature selection and category encoding: fit once a fold, shared by all candidates.

    Parameters
    ----------
    columns
        Feature columns on offer.
    seed
        Seed of the cross-fitting inside the category encoder.
    """

    def __init__(self, columns: list[str], seed: int) -> None:
        self.columns = list(columns)
        self.seed = seed

    def fit_transform(self, rows: pd.DataFrame, churned: np.ndarray) -> pd.DataFrame:
        """Fit on training rows; the category column becomes a churn rate that is cross-fitted over customers.

        So no row sees its own label, nor those of its customer at other cutoffs.

        Raises
        ------
        ModelError
            If no feature survives selection.
        """
        self.selector = FeatureSelector().fit(rows[self.columns])
        if not self.selector.kept_:
            raise ModelError(
                f"Training models: at least one feature must differ among {len(rows)} rows, but all"
                f" {len(self.columns)} are constant or mostly missing.",
                "Check the mapping: dates or amounts that are all equal leave nothing to learn from.",
            )
        self.categories = [c for c in self.selector.kept_ if c in CATEGORY_COLUMNS]
        numeric = self._numeric(rows)
        if self.categories:
            self.encoder = TargetEncoder(
                target_type="binary", cv=_customer_splits(rows["customer_id"], self.seed)
            )
            encoded = self.encoder.fit_transform(self._text(rows), churned.astype(int))
            numeric[self.categories] = encoded
            # The splits name rows of the training set; nothing after the fit needs them, and they are large.
            self.encoder.cv = _CATEGORY_FOLDS
        return numeric

    def transform(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Matrix of rows that were not fitted on; shape (n, features), float64, NaN where missing."""
        numeric = self._numeric(rows)
        if self.categories:
            numeric[self.categories] = self.encoder.transform(self._text(rows))
        return numeric

    @property
    def features(self) -> list[str]:
        """Names of the matrix's columns."""
        return self.selector.kept_

    def _numeric(self, rows: pd.DataFrame) -> pd.DataFrame:
        kept = [c for c in self.selector.kept_ if c not in self.categories]
        return rows[kept].astype(float).reset_index(drop=True)

    def _text(self, rows: pd.DataFrame) -> np.ndarray:
        return rows[self.categories].astype(object).fillna("(none)").to_numpy(dtype=object)


def _customer_splits(customer_ids: pd.Series, seed: int) -> list[tuple[np.ndarray, np.ndarray]]:
    """Positions (others, group) for each of five random groups of customers."""
    codes, customers = pd.factorize(customer_ids, sort=True)
    groups = (np.random.default_rng(seed).permutation(len(customers)) % _CATEGORY_FOLDS)[codes]
    return [(np.flatnonzero(groups != k), np.flatnonzero(groups == k)) for k in np.unique(groups)]
