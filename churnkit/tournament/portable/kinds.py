"""Every class that may stand in a model's files, with what of it is written.

A new candidate whose estimator is no class of this list adds a line: :func:`estimator` with the fitted attributes that
predicting needs, :func:`part` for a dataclass of ours. ``tests/unit/tournament/test_portable.py`` fails until it does.
"""

from __future__ import annotations

from typing import Any

from sklearn.impute import MissingIndicator, SimpleImputer
from sklearn.isotonic import IsotonicRegression
from sklearn.kernel_approximation import Nystroem
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import LabelBinarizer, StandardScaler, TargetEncoder
from sklearn.svm import SVC, LinearSVC

from churnkit.features.feature_selection import FeatureSelector
from churnkit.features.scaling import MedianImputer, SignedLog
from churnkit.tournament.baselines import FittedBaseline, ReturnCurveRule
from churnkit.tournament.calibration import Isotonic, Platt
from churnkit.tournament.candidates import Fitted
from churnkit.tournament.model import ChurnModel, Member
from churnkit.tournament.portable.boosters import BOOSTERS
from churnkit.tournament.portable.plain import Kind, attributes_of, estimator, part
from churnkit.tournament.portable.trees import TREES
from churnkit.tournament.preparation import Preparation

_IMPUTED = ("statistics_", "indicator_", "n_features_in_", "_fit_dtype", "_fill_dtype")
_LINEAR = ("classes_", "coef_", "intercept_", "n_features_in_")


def _support_vectors_fit(model: Any) -> None:
    """libsvm trusts these sizes."""
    count, width = model.support_vectors_.shape
    weights = model._dual_coef_.shape == (1, count) == model.dual_coef_.shape
    if not (weights and model._n_support.shape == (2,) and int(model._n_support.sum()) == count):
        raise ValueError("the support vectors do not fit their weights")
    if not (len(model.support_) == count and model._intercept_.shape == (1,) and len(model.classes_) == 2):
        raise ValueError("the support vectors do not fit their classes")
    if model.shape_fit_[1] != width or model.n_features_in_ != width:
        raise ValueError("the support vectors do not fit the features")


def _isotonic_function(model: Any) -> None:
    """Fitted thresholds become a function again, as after unpickling."""
    model._build_f(model.X_thresholds_, model.y_thresholds_)


ESTIMATORS: tuple[Kind, ...] = (
    estimator(Pipeline),
    estimator(SignedLog, "long_"),
    estimator(SimpleImputer, *_IMPUTED),
    estimator(MedianImputer, *_IMPUTED),
    estimator(MissingIndicator, "features_", "n_features_in_", "_n_features", "_precomputed"),
    estimator(StandardScaler, "mean_", "var_", "scale_", "n_features_in_", "n_samples_seen_"),
    # Its folds, positions of customers, are of no use after the fit.
    estimator(
        TargetEncoder,
        "categories_",
        "encodings_",
        "target_mean_",
        "target_type_",
        "classes_",
        "n_features_in_",
        "_infrequent_enabled",
        cv=5,
    ),
    estimator(LogisticRegression, *_LINEAR),
    estimator(LinearSVC, *_LINEAR),
    estimator(Ridge, "coef_", "intercept_", "n_features_in_"),
    estimator(
        Nystroem, "components_", "normalization_", "component_indices_", "n_features_in_", "_n_features_out"
    ),
    estimator(
        SVC,
        *("support_", "support_vectors_", "dual_coef_", "intercept_", "classes_", "class_weight_"),
        *("shape_fit_", "fit_status_", "n_features_in_", "_sparse", "_gamma", "_n_support"),
        *("_dual_coef_", "_intercept_", "_probA", "_probB", "_effective_probability"),
        check=_support_vectors_fit,
    ),
    estimator(
        MLPClassifier,
        *("coefs_", "intercepts_", "classes_", "n_layers_", "n_outputs_", "out_activation_"),
        *("n_features_in_", "_label_binarizer"),
    ),
    estimator(LabelBinarizer, "classes_", "y_type_", "sparse_input_"),
    estimator(
        IsotonicRegression,
        *("X_thresholds_", "y_thresholds_", "X_min_", "X_max_", "increasing_"),
        check=_isotonic_function,
    ),
    *TREES,
    *BOOSTERS,
)

PARTS: tuple[Kind, ...] = (
    part(ChurnModel),
    part(Member),
    part(Fitted),
    part(FittedBaseline),
    part(ReturnCurveRule),
    part(Platt),
    part(Isotonic),
    attributes_of(Preparation, "columns", "seed", "selector", "categories", "encoder"),
    estimator(FeatureSelector, "kept_", "dropped_"),
)

KINDS: tuple[Kind, ...] = (*ESTIMATORS, *PARTS)
