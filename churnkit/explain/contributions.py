"""How much each feature adds to a customer's log-odds of churn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from churnkit.errors import ModelError
from churnkit.explain.members import BASELINE_FEATURES, ROUNDING, MemberParts, baselines_of, member_parts
from churnkit.explain.process_parts import ProcessOfAll
from churnkit.text.figures import significant
from churnkit.tournament.calibration import Platt, Scaling
from churnkit.tournament.margins import to_probability
from churnkit.tournament.model import ChurnModel

# Log-odds below which a customer is at the reference.
_NO_MOVE = 1e-9
# Customers that are explained at once: the tables in between are some five times the size of the result.
CHUNK_ROWS = 50_000
# Their contributions are worked on together: less than a megabyte.
_ROWS_IN_CACHE = 1_000


@dataclass(frozen=True)
class Contributions:
    """Log-odds of customers, taken apart by feature.

    Attributes
    ----------
    values
        Contributions, shape (n, features), in log-odds of churn; rows 0..n-1 in the order of the explained rows.
    base
        Log-odds of the reference: ``base + values.sum(axis=1)`` is the model's calibrated, levelled margin.
    matrix
        What the model saw, same shape as ``values``, NaN where missing; the favourite category as its churn rate.
    """

    values: pd.DataFrame
    base: float
    matrix: pd.DataFrame

    @property
    def margin(self) -> np.ndarray:
        """Log-odds of churn, shape (n,)."""
        log_odds: np.ndarray = self.base + self.values.to_numpy().sum(axis=1)
        return log_odds

    @property
    def p_churn(self) -> np.ndarray:
        """Probability of churn in (0, 1), shape (n,)."""
        return to_probability(self.margin)

    def take(self, positions: np.ndarray) -> Contributions:
        """The same for some of the customers, by position."""
        return Contributions(
            self.values.iloc[positions].reset_index(drop=True),
            self.base,
            self.matrix.iloc[positions].reset_index(drop=True),
        )


def contributions(
    model: ChurnModel, rows: pd.DataFrame, *, seed: int = 42, process: ProcessOfAll | None = None
) -> Contributions:
    """Contribution of every feature to every customer's log-odds.

    =====================  ====================================  ==========================================
    model                  method                                error
    =====================  ====================================  ==========================================
    logistic regression    coefficient x distance from the mean  none
    XGBoost, LightGBM      TreeSHAP, from tables of answers      none (XGBoost itself adds in single precision)
    random forest          TreeSHAP of the churn rate, stretched  none
    SVM                    integral of the multilinear extension  quadrature, closed to the margin
    blend                  weighted sum of its members'          none
    purchase process       all coalitions of its three inputs    none; one feature unless the rows are a whole cutoff
    other baselines        their one or two features             none
    any other pipeline     sampled orders of features            sampling; adds up
    =====================  ====================================  ==========================================

    The references differ by a constant per model (mean row for linear and kernel models, mean output for
    trees) and go into ``base`` with intercepts, offsets and the level. Sources: Lundberg and Lee 2017 (SHAP),
    Lundberg et al. 2018 (TreeSHAP), Owen 1972 (extension), Strumbelj and Kononenko 2014 (sampling).

    Parameters
    ----------
    model
        Fitted champion.
    rows
        Panel rows, any index.
    seed
        Used where features' orders are sampled, nowhere else.
    process
        Of all customers of the cutoff, where ``rows`` are some of them.

    Raises
    ------
    ModelError
        If the rows lack columns of the model, or the parts do not add up to the model's margin.
    """
    _require_columns(model, rows)
    # The purchase process as a champion needs all customers of a cutoff together.
    step = CHUNK_ROWS if model.baseline is None else max(1, len(rows))
    names, matrix, parts = member_parts(model, rows.iloc[:step], seed, process)
    # What moves nobody is that of the first customers for all: one base, to which everybody's parts are closed.
    references = [part.reference for part in parts]
    base = model.level
    for part, reference in zip(parts, references, strict=True):
        base += part.weight * float(part.scaling.apply(np.array(reference)))
    values = np.empty((len(rows), len(names)))
    values[:step] = _closed(model, parts, references, base, len(names))
    if len(rows) > step:
        first, matrix = matrix, np.empty((len(rows), len(names)))
        matrix[:step] = first
        for start in range(step, len(rows), step):
            some = slice(start, start + step)
            _names, matrix[some], parts = member_parts(model, rows.iloc[some], seed, process)
            values[some] = _closed(model, parts, references, base, len(names))
    return Contributions(
        pd.DataFrame(values, columns=names, copy=False), base, pd.DataFrame(matrix, columns=names, copy=False)
    )


def _slopes(scaling: Scaling, values: np.ndarray, reference: float) -> np.ndarray | float:
    """What calibration makes of one log-odds of a member, one for all or shape (n, 1).

    A curve has no one slope: there each customer gets that of the chord between the reference and the customer, which
    keeps signs and proportions (the rescale rule, as for forests).
    """
    if isinstance(scaling, Platt):
        return scaling.slope
    moved = values.sum(axis=1)
    risen = scaling.apply(reference + moved) - scaling.apply(np.array(reference))
    slopes: np.ndarray = np.divide(risen, moved, out=np.zeros_like(moved), where=np.abs(moved) > _NO_MOVE)
    return slopes[:, None]


def _require_columns(model: ChurnModel, rows: pd.DataFrame) -> None:
    needed = [] if model.preparation is None else list(model.preparation.features)
    for baseline in baselines_of(model):
        needed += [name for name in BASELINE_FEATURES.get(baseline.name, []) if name not in needed]
    missing = [name for name in needed if name not in rows.columns]
    if missing:
        raise ModelError(
            f"Explaining customers: the panel must hold all {len(needed)} features that {model.name} was fitted on;"
            f" {len(missing)} are missing, e.g. {missing[0]!r}.",
            "Compute the panel with the settings of the session in which the model was trained.",
        )


def _closed(
    model: ChurnModel, parts: list[MemberParts], references: list[float], base: float, features: int
) -> np.ndarray:
    """Contributions (n, features) of all members together, with the rounding of single-precision trees and quadrature
    spread over them in proportion."""
    count = len(parts[0].margin) if parts else 0
    total, margin = np.zeros((count, features)), np.full(count, model.level)
    for part, reference in zip(parts, references, strict=True):
        margin += part.weight * part.scaling.apply(part.margin)
        slopes = part.weight * _slopes(part.scaling, part.added, reference)
        # Trees add by feature, linear models by customer: where a part fits into the cache that costs nothing.
        for start in range(0, count, _ROWS_IN_CACHE):
            some = slice(start, start + _ROWS_IN_CACHE)
            scaled = part.added[some] * (slopes if isinstance(slopes, float) else slopes[some])
            if part.columns == list(range(features)):
                total[some] += scaled
            else:
                total[some, part.columns] += scaled
    if not count:
        return total
    rest = margin - base - total.sum(axis=1)
    worst = float(np.abs(rest).max())
    if worst > ROUNDING:
        raise ModelError(
            f"Explaining customers: the parts must add up to the log-odds of {model.name}; they miss them by up to"
            f" {significant(worst)} in row {int(np.abs(rest).argmax())} of {count}.",
            "Reinstall the versions of the libraries that the model was saved with, or train again.",
        )
    for start in range(0, count, _ROWS_IN_CACHE):
        some = slice(start, start + _ROWS_IN_CACHE)
        size = np.abs(total[some])
        whole = size.sum(axis=1)
        size *= np.divide(rest[some], whole, out=np.zeros_like(whole), where=whole > 0)[:, None]
        total[some] += size
    return total
