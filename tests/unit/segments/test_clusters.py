"""K-Means finds groups that are there, says how stable they are, and names them."""

import numpy as np
import pandas as pd
import pytest

from churnkit.errors import ModelError
from churnkit.results.rows import rows_of
from churnkit.results.segments import GroupFigures
from churnkit.segments.clusters import CANDIDATES, _silhouettes, find_clusters, scaled
from churnkit.segments.groups import describe_groups
from churnkit.segments.naming import group_names, profile_words

KINDS = {
    "regulars": (10.0, 30.0, 3000.0, 600.0),
    "lapsed": (400.0, 2.0, 40.0, 650.0),
    "newcomers": (15.0, 1.0, 30.0, 16.0),
}


def three_kinds(each: int, spread: float = 0.15, seed: int = 0) -> tuple[pd.DataFrame, np.ndarray]:
    """Customers of three kinds, each figure scattered around its kind's by a factor."""
    rng = np.random.default_rng(seed)
    kind = np.repeat(np.arange(3), each)
    names = ["recency_days", "order_count", "monetary_total", "tenure_days"]
    centres = np.array(list(KINDS.values()))[kind]
    rows = pd.DataFrame(centres * np.exp(rng.normal(0, spread, centres.shape)), columns=names)
    return rows, kind


def test_three_kinds_are_found_and_come_again():
    rows, kind = three_kinds(60)
    found = find_clusters(rows, seed=42)
    assert found.k == 3 and max(found.silhouettes, key=found.silhouettes.__getitem__) == 3
    # The most valuable come first: regulars, then lapsed, then newcomers.
    assert (found.labels == kind).all()
    assert found.rand > 0.98 and (found.jaccard > 0.95).all()
    assert list(found.silhouettes) == list(CANDIDATES)


def test_noise_is_called_unstable():
    rng = np.random.default_rng(1)
    rows = pd.DataFrame(
        {name: np.exp(rng.normal(0, 1, 300)) for name in ("recency_days", "order_count", "monetary_total")}
    )
    found = find_clusters(rows, seed=42)
    assert found.jaccard.min() < 0.8 and found.rand < 0.9


def test_the_same_seed_gives_the_same_groups_in_any_order_of_rows():
    rows, _ = three_kinds(40, spread=0.5)
    first, again = (find_clusters(rows, seed=7) for _ in range(2))
    assert (first.labels == again.labels).all() and (first.jaccard == again.jaccard).all()
    order = np.random.default_rng(2).permutation(len(rows))
    shuffled = find_clusters(rows.iloc[order], seed=7)
    assert np.mean(shuffled.labels == first.labels[order]) > 0.95


def test_scaling_by_hand():
    rows = pd.DataFrame({"order_count": [0.0, np.e - 1], "active_month_share": [0.2, 0.4], "x": [1, 1]})
    points = scaled(
        rows.assign(tenure_days=[5.0, np.nan]), ("order_count", "active_month_share", "tenure_days")
    )
    assert points == pytest.approx(np.array([[-1.0, -1.0, 0.0], [1.0, 1.0, 0.0]]))


def test_one_giant_is_drawn_in():
    rows = pd.DataFrame({"monetary_total": [*np.exp(np.linspace(0, 1, 200)), 1e12]})
    assert scaled(rows, ("monetary_total",)).max() == 3.0


@pytest.mark.parametrize("rows", [three_kinds(16)[0], pd.concat([three_kinds(1)[0]] * 30)])
def test_too_few_customers(rows):
    with pytest.raises(ModelError, match="Clustering customers"):
        find_clusters(rows, seed=1)


def test_names_say_what_the_groups_are():
    rows, kind = three_kinds(60)
    assert group_names(rows, kind, 3) == [
        "Active regulars, high spend",
        "Lapsed repeat buyers, middling spend",
        "Newer customers, low spend",
    ]


def test_like_groups_get_names_of_their_own():
    rows, kind = three_kinds(60)
    twice = np.where(kind == 0, np.arange(180) % 2, kind + 1)
    assert group_names(rows, twice, 4)[:2] == [
        "Active regulars, high spend (1)",
        "Active regulars, high spend (2)",
    ]
    variety = np.where(twice == 0, 50.0, 3.0)
    assert group_names(rows.assign(product_count=variety), twice, 4)[:2] == [
        "Active regulars, high spend, many products",
        "Active regulars, high spend",
    ]


def test_profile_in_words():
    customers = pd.DataFrame(
        {
            "status": ["active", "lapsed"],
            "p_churn": [0.5, 0.1],
            "recency_days": [12, 300],
            "order_count": [1, 9],
            "mean_order_value": [5.0, 5.0],
            "monetary_total": [30.0, 900.0],
            "clv": [25.0, 75.0],
            "value_at_risk": [1.0, 1.0],
        }
    )
    table = describe_groups(customers, np.array(["a", "b"]), order=["a", "b"])
    assert profile_words(rows_of(GroupFigures, table)[0], "EUR") == (
        "Half of them bought within the last 12 days, placed 1 order or more and spent €30.00 or more. They are 50\u202f% of"
        " the customers and 25\u202f% of the expected value of a year."
    )


def test_silhouettes_are_those_of_scikit_learn_with_groups_of_one_and_of_nobody():
    from sklearn.metrics import pairwise_distances, silhouette_score

    rng = np.random.default_rng(3)
    points = rng.normal(size=(60, 2))
    points[1] = points[0]
    divisions = {k: rng.integers(k, size=60) for k in (2, 3, 5)}
    divisions[5][:] = np.where(divisions[5] == 2, 4, divisions[5])
    divisions[3][7] = 3
    found = _silhouettes({**divisions, 1: np.zeros(60, dtype=int)}, pairwise_distances(points))
    assert found.pop(1) == -1.0
    assert found == pytest.approx({k: silhouette_score(points, of) for k, of in divisions.items()}, abs=1e-12)
