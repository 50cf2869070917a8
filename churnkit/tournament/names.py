"""Models and rules as a reader calls them, and what each of them does."""

from __future__ import annotations

BLEND = "blend"
NOTHING_TELLS = "nothing tells who will leave"
"""How the verdict ends where nobody told customers apart beyond chance."""

NAMES: dict[str, tuple[str, str]] = {
    "blend": ("Blend", "the average, in log-odds, of the models named as its members"),
    "weighted_blend": (
        "Weighted blend",
        "the average of the models, each counting for as much as it beats the base rate on past dates",
    ),
    "stacking": ("Stacking", "a small model on top, which learns from past dates how much each model counts"),
    "logistic_regression": ("Logistic regression", "a weighted sum of all features"),
    "random_forest": (
        "Random forest",
        "the mean of many decision trees, each grown on some customers and features",
    ),
    "xgboost": ("XGBoost", "small decision trees, each mending what the ones before it got wrong"),
    "lightgbm": ("LightGBM", "small decision trees, each mending what the ones before it got wrong"),
    "svm": ("Support vector machine", "a smooth border between customers who left and who stayed"),
    "decision_tree": ("Decision tree", "a handful of yes-or-no questions, one after the other"),
    "small_network": (
        "Small neural network",
        "one layer of 4 to 32 units between the features and the answer",
    ),
    "base_rate": ("Everybody alike", "gives every customer the churn rate of the latest past window"),
    "recency_rule": ("Bought within the threshold or not", "two groups, each at its past churn rate"),
    "recency_frequency_logistic": (
        "Recency and number of orders",
        "a logistic regression on the days since the last purchase and the number of orders",
    ),
    "mbg_nbd": (
        "Purchase process (MBG/NBD)",
        "customers buy at a pace of their own until they drop out; learns from purchases alone",
    ),
    "return_curve": (
        "Return curve",
        "how many of the shop's customers ever came back after so many days of silence",
    ),
}
"""Name in the leaderboard -> name on screen, and what it does."""


def model_label(name: str) -> str:
    """The name on screen; an unknown one is spelt out."""
    return NAMES[name][0] if name in NAMES else name.replace("_", " ").capitalize()


def model_meaning(name: str) -> str:
    """What the model or rule does, to be read after its name; empty for an unknown one."""
    return NAMES[name][1] if name in NAMES else ""
