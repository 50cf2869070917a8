"""How the evidence that an earlier version wrote becomes the present one."""

from __future__ import annotations

from typing import Any

from churnkit.results.codec import JsonObject
from churnkit.results.past_dates import without_active
from churnkit.results.recommended import nested_recommendation

OF_ALL_ONLY = (
    "An earlier version made this analysis and judged the forecast on all customers together, the long gone among them:"
    " run it again to see how good it is for the active ones."
)
_PARTS = ("backtest", "warnings", "drivers", "rules", "permutation", "controllable")
_OF_THE_WINDOW = ("roc", "precision_recall", "calibration", "confusion", "profit")


def with_parts(content: JsonObject) -> JsonObject:
    """Version 1 to 2.

    What could not be had was null, with its reason under ``missing``; the figures of the test window stood among the
    others; curves and points were lists of objects.
    """
    missing = content["missing"]
    kept = {key: value for key, value in content.items() if key not in ("missing", *_OF_THE_WINDOW)}
    rate, card = dict(content["churn_rate"]), content["model_card"]
    return {
        **kept,
        **{key: content[key] if content[key] is not None else {"missing": missing[key]} for key in _PARTS},
        "churn_rate": {"value": rate.pop("mean"), **rate},
        "model_card": {**card, "test": card["test"] or None},
        "window": {"missing": missing["roc"]} if content["roc"] is None else _window(content),
        "shap_summary": [_points(one, "x", "push", "rank") for one in content["shap_summary"]["features"]],
        "dependence": [_points(one, "x", "push") for one in content["dependence"]],
        "recommended": nested_recommendation(content["recommended"]),
    }


def with_active(content: JsonObject) -> JsonObject:
    """Version 2 to 3: past forecasts were held against all customers only, and the grade with them."""
    trust, window, backtest = content["trust"], content["window"], content["backtest"]
    said = {key: value for key, value in trust.items() if key != "figures"}
    missing = {"missing": OF_ALL_ONLY}
    return {
        **content,
        "trust": {
            **said,
            "sentences": [*said["sentences"], OF_ALL_ONLY],
            "quality": {"active": missing, "all": missing},
        },
        "window": window if "missing" in window else {**window, "quality": None},
        "window_active": missing,
        "winback": missing,
        "backtest": without_active(backtest) if isinstance(backtest, list) else backtest,
    }


def _window(content: JsonObject) -> JsonObject:
    return {
        **{key: content[key] for key in _OF_THE_WINDOW},
        "roc": _curves(content["roc"], "fpr", "tpr"),
        "precision_recall": _curves(content["precision_recall"], "recall", "precision"),
    }


def _curves(by_model: JsonObject, *names: str) -> JsonObject:
    baselines = {key: _columns(points, *names) for key, points in by_model["baselines"].items()}
    return {"champion": _columns(by_model["champion"], *names), "baselines": baselines}


def _points(feature: JsonObject, *names: str) -> JsonObject:
    rest = {key: value for key, value in feature.items() if key != "points"}
    return {**rest, **_columns(feature["points"], *names)}


def _columns(points: list[JsonObject], *names: str) -> dict[str, list[Any]]:
    return {name: [point[name] for point in points] for name in names}


def without_texts(content: JsonObject) -> JsonObject:
    """Version 3 to 4: what to write depends on the day and on how customers are reached, so it is not kept."""
    kept = {key: value for key, value in content["recommended"].items() if key not in ("subject", "body")}
    return {**content, "recommended": kept}
