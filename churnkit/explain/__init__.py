"""Why a customer's probability is what it is: contributions, importance, reasons in words."""

from churnkit.explain.catalogue import GROUPS, Feature, feature, feature_label, feature_value
from churnkit.explain.contributions import Contributions, contributions
from churnkit.explain.importance import importance
from churnkit.explain.ranking import Drivers, Shop, describe_shop, drivers
from churnkit.explain.reasons import reasons

__all__ = [
    "GROUPS",
    "Contributions",
    "Drivers",
    "Feature",
    "Shop",
    "contributions",
    "describe_shop",
    "drivers",
    "feature",
    "feature_label",
    "feature_value",
    "importance",
    "reasons",
]
