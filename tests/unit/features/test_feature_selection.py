"""Feature selection inside a fold, and the screen that finds features which know the outcome."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from churnkit.features.column_names import feature_columns
from churnkit.features.feature_selection import EXCLUDED_GINI, FeatureSelector, leakage_screen

ROWS = 400


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def partly_missing(values: np.ndarray, missing: int) -> np.ndarray:
    return np.where(np.arange(len(values)) < missing, np.nan, values)


def test_keys_and_outcomes_are_no_features() -> None:
    columns = ["customer_id", "cutoff", "recency_days", "churned", "orders_next", "spend_next", "p_alive"]
    assert feature_columns(pd.DataFrame(columns=columns)) == ["recency_days", "p_alive"]


def test_mostly_missing_columns_go_and_the_share_is_recorded(rng: np.random.Generator) -> None:
    frame = pd.DataFrame(
        {
            "at the limit": partly_missing(rng.normal(size=ROWS), 320),
            "above it": partly_missing(rng.normal(size=ROWS), 321),
            "all missing": np.full(ROWS, np.nan),
        }
    )
    selector = FeatureSelector(max_null_share=0.8).fit(frame)
    assert selector.kept_ == ["at the limit"]
    assert selector.dropped_ == {"above it": "80\u202f% missing", "all missing": "100\u202f% missing"}


def test_constant_columns_go_but_a_constant_with_gaps_says_something(rng: np.random.Generator) -> None:
    frame = pd.DataFrame(
        {
            "constant": np.ones(ROWS),
            "sometimes": partly_missing(np.ones(ROWS), 200),
            "free": rng.normal(size=ROWS),
        }
    )
    selector = FeatureSelector().fit(frame)
    assert selector.dropped_ == {"constant": "no variance"}
    assert set(selector.kept_) == {"sometimes", "free"}


def test_of_near_copies_the_earlier_column_stays(rng: np.random.Generator) -> None:
    first = rng.normal(size=ROWS)
    frame = pd.DataFrame(
        {
            "first": first,
            "any increasing map of it": np.exp(3 * first),
            "reversed": -first,
            "related": first + rng.normal(size=ROWS),
        }
    )
    selector = FeatureSelector().fit(frame)
    assert selector.kept_ == ["first", "related"]
    assert selector.dropped_ == {
        "any increasing map of it": "correlation 1.00 with first",
        "reversed": "correlation 1.00 with first",
    }
    assert FeatureSelector().fit(frame[["reversed", "first"]]).kept_ == ["reversed"]


def test_the_correlation_limit_is_that_of_ranks(rng: np.random.Generator) -> None:
    # Ten values with the last two ranks exchanged: rho = 1 - 6 * 2 / (10 * 99).
    frame = pd.DataFrame({"a": np.arange(10.0), "b": [0.0, 1, 2, 3, 4, 5, 6, 7, 9, 8]})
    rho = 1 - 12 / 990
    assert FeatureSelector(max_correlation=rho + 1e-9).fit(frame).kept_ == ["a", "b"]
    assert FeatureSelector(max_correlation=rho - 1e-9).fit(frame).kept_ == ["a"]


def test_a_copy_of_a_dropped_copy_is_compared_with_the_kept_ones_only() -> None:
    """Correlation is not transitive: what is close to a dropped column may be far enough from the kept one."""
    ranks = np.arange(100.0)
    near, far = ranks.copy(), ranks.copy()
    near[::10] = near[::10][::-1]
    far[::10], far[5::10] = near[::10], far[5::10][::-1]
    frame = pd.DataFrame({"kept": ranks, "near": near, "far": far})
    rho = frame.corr(method="spearman")
    limit = (max(rho["far"]["kept"], 0) + min(rho["near"]["kept"], rho["far"]["near"])) / 2
    assert FeatureSelector(max_correlation=limit).fit(frame).kept_ == ["kept", "far"]


def test_text_columns_are_neither_ranked_nor_lost() -> None:
    frame = pd.DataFrame(
        {
            "favourite_category": ["tea", "beans", None, "tea"],
            "orders_30d": [1.0, 2.0, 3.0, 4.0],
            "lines_30d": [1.0, 2.0, 3.0, 5.0],
        }
    )
    selector = FeatureSelector().fit(frame)
    assert selector.kept_ == ["orders_30d", "favourite_category"]
    assert list(selector.transform(frame).columns) == selector.kept_
    assert FeatureSelector().fit(frame[["favourite_category"]]).kept_ == ["favourite_category"]


def test_nothing_left_is_no_failure() -> None:
    frame = pd.DataFrame({"constant": np.ones(10), "missing": np.full(10, np.nan)})
    selector = FeatureSelector().fit(frame)
    assert selector.kept_ == []
    assert selector.transform(frame).shape == (10, 0)


def test_every_column_is_either_kept_or_has_a_reason(rng: np.random.Generator) -> None:
    frame = pd.DataFrame(rng.normal(size=(50, 6)), columns=list("abcdef")).assign(g=1.0, h=np.nan)
    frame["c"] = frame["a"] * 2
    selector = FeatureSelector().fit(frame)
    assert sorted([*selector.kept_, *selector.dropped_]) == sorted(frame.columns)
    assert list(selector.dropped_) == ["g", "h", "c"]


def test_selection_looks_at_training_rows_only(rng: np.random.Generator) -> None:
    train = pd.DataFrame({"a": rng.normal(size=50), "b": rng.normal(size=50)})
    later = pd.DataFrame({"a": [1.0, 1.0], "b": [np.nan, np.nan]})
    selector = FeatureSelector().fit(train)
    assert list(selector.transform(later).columns) == ["a", "b"]


def labelled_panel(rng: np.random.Generator) -> pd.DataFrame:
    churned = (rng.random(ROWS) < 0.4).astype(float)
    churned[-50:] = np.nan
    return pd.DataFrame(
        {
            "customer_id": [f"{i}" for i in range(ROWS)],
            "cutoff": pd.Timestamp("2024-07-01"),
            "recency_days": rng.integers(1, 400, ROWS) + 50 * np.nan_to_num(churned),
            "favourite_category": "tea",
            "churned": churned,
            "orders_next": 1 - churned,
            "spend_next": 10 * (1 - churned),
        }
    )


def verdicts(panel: pd.DataFrame) -> dict[str, str]:
    screen = leakage_screen(panel)
    return dict(zip(screen["feature"], screen["verdict"], strict=True))


def test_a_planted_leak_is_excluded_whatever_its_sign(rng: np.random.Generator) -> None:
    panel = labelled_panel(rng)
    outcome = panel["churned"].fillna(0)
    panel["leak"] = outcome + rng.normal(scale=0.05, size=ROWS)
    panel["reversed leak"] = -panel["leak"]
    flipped = outcome.where(rng.random(ROWS) > 0.05, 1 - outcome)
    panel["mostly"] = flipped + rng.normal(scale=0.05, size=ROWS)
    assert verdicts(panel) == {
        "leak": "excluded",
        "reversed leak": "excluded",
        "mostly": "suspicious",
        "recency_days": "ok",
    }
    screen = leakage_screen(panel)
    assert screen["gini"].is_monotonic_decreasing
    assert screen["gini"].between(0, 1).all()


def test_a_feature_that_is_missing_for_one_outcome_only_leaks_by_its_gaps(rng: np.random.Generator) -> None:
    panel = labelled_panel(rng)
    panel["days to the next order"] = np.where(panel["churned"] == 0, rng.integers(1, 30, ROWS), np.nan)
    assert verdicts(panel)["days to the next order"] == "excluded"


def test_recency_is_no_leak_where_most_churners_left_long_ago(rng: np.random.Generator) -> None:
    """A subscription shop: members renew every month, and four in five have left for good."""
    rows = 4000
    left, leaves = rng.random(rows) < 0.8, rng.random(rows) < 0.06
    churned = (left | leaves).astype(float)
    recency = np.where(left, rng.integers(40, 900, rows), rng.integers(1, 32, rows))
    leak = churned + rng.normal(scale=0.05, size=rows)
    panel = pd.DataFrame({"recency_days": recency, "leak": leak, "churned": churned})
    screen = leakage_screen(panel).set_index("feature")
    assert screen["gini"]["recency_days"] > EXCLUDED_GINI
    assert screen.loc["recency_days", "verdict"] == "ok"
    assert screen.loc["leak", "verdict"] == "excluded"


def test_one_outcome_only_leaves_nothing_to_screen(rng: np.random.Generator) -> None:
    panel = labelled_panel(rng)
    panel["churned"] = 1.0
    screen = leakage_screen(panel)
    assert screen.empty
    assert {"feature", "gini", "verdict"} <= set(screen.columns)


def test_gaps_without_meaning_do_not_matter(rng: np.random.Generator) -> None:
    panel = labelled_panel(rng)
    panel["sparse"] = np.where(rng.random(ROWS) < 0.3, rng.normal(size=ROWS), np.nan)
    panel["nothing"] = np.nan
    screen = leakage_screen(panel).set_index("feature")
    assert screen.loc["sparse", "verdict"] == "ok"
    assert screen.loc["nothing", "gini"] == 0


def test_the_screen_ignores_rows_without_a_label(rng: np.random.Generator) -> None:
    panel = labelled_panel(rng)
    panel["marks unlabelled rows"] = panel["churned"].isna().astype(float)
    assert verdicts(panel)["marks unlabelled rows"] == "ok"
