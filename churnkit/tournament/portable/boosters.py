"""Boosted trees in the formats of their own libraries: XGBoost's JSON, LightGBM's text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lightgbm import Booster, LGBMClassifier
from lightgbm.basic import LightGBMError
from xgboost import XGBClassifier

from churnkit.tournament.portable.plain import Kind, Writer


def _write_xgboost(model: Any, writer: Writer) -> Mapping[str, object]:
    content = bytes(model.get_booster().save_raw(raw_format="json"))
    return {"params": model.get_params(deep=False), "booster": writer.file(content, ".json")}


def _read_xgboost(attributes: Mapping[str, Any]) -> object:
    made = XGBClassifier(**attributes["params"])
    made.load_model(bytearray(attributes["booster"].content))
    return made


def _write_lightgbm(model: Any, writer: Writer) -> Mapping[str, object]:
    content = model.booster_.model_to_string().encode()
    return {
        "params": model.get_params(deep=False),
        "booster": writer.file(content, ".txt"),
        "features": int(model.n_features_in_),
        "classes": model.classes_,
    }


def _read_lightgbm(attributes: Mapping[str, Any]) -> object:
    made = LGBMClassifier(**attributes["params"])
    try:
        booster = Booster(model_str=attributes["booster"].content.decode())
    except LightGBMError as error:
        raise ValueError(f"LightGBM cannot read its booster ({error})") from error
    if booster.num_feature() != attributes["features"]:
        raise ValueError("the booster was fitted on other features")
    # What ``fit`` leaves behind; the library has no way of its own from a booster to its estimator.
    for name, value in {
        "_Booster": booster,
        "_n_features": attributes["features"],
        "_n_features_in": attributes["features"],
        "_classes": attributes["classes"],
        "_n_classes": len(attributes["classes"]),
        "_objective": "binary",
        "_best_iteration": booster.best_iteration,
        "fitted_": True,
    }.items():
        setattr(made, name, value)
    return made


BOOSTERS = (
    Kind(XGBClassifier, _write_xgboost, _read_xgboost),
    Kind(LGBMClassifier, _write_lightgbm, _read_lightgbm),
)
"""Kinds of boosted trees."""
