"""K-Means on recency, frequency, money and engagement: how many groups, how sharp, and whether they would come again."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, pairwise_distances

from churnkit.errors import ModelError
from churnkit.text import figures

LOGGED = ("recency_days", "order_count", "monetary_total", "tenure_days", "orders_decay_90d", "product_count")
PLAIN = ("active_month_share",)
FEATURES = (*LOGGED, *PLAIN)
CANDIDATES = tuple(range(3, 9))
MIN_CUSTOMERS = 50
MIN_SHARE = 0.02
FIT_ROWS = 10_000
JUDGED_ROWS = 4_000
RESAMPLES = 20
_STARTS = 5
_MAX_DEVIATIONS = 3.0


@dataclass(frozen=True)
class Clusters:
    """Groups that K-Means found.

    Attributes
    ----------
    labels
        Group of each customer, 0 to k - 1, the most valuable by mean spend first; shape (n,).
    features
        Figures that were used.
    silhouettes
        Mean silhouette by number of groups, -1 to 1; higher is sharper.
    rand
        Mean adjusted Rand index between the groups and those found in bootstrap resamples: 1 is the same again, 0 is
        chance.
    jaccard
        For each group, the mean share of customers that it has in common with the most similar group of a resample
        (intersection over union), shape (k,). Hennig (2007): below 0.6 it should not be trusted, from 0.75 on it is
        stable.
    """

    labels: np.ndarray
    features: tuple[str, ...]
    silhouettes: dict[int, float]
    rand: float
    jaccard: np.ndarray

    @property
    def k(self) -> int:
        """Number of groups."""
        return len(self.jaccard)


@dataclass(frozen=True)
class Judged:
    """How many groups a shop's customers fall into and how stable they are, as it was found at an earlier date.

    Attributes as of :class:`Clusters`.
    """

    k: int
    silhouettes: dict[int, float]
    rand: float
    jaccard: np.ndarray


def find_clusters(rows: pd.DataFrame, *, seed: int, judged: Judged | None = None) -> Clusters:
    """Cluster panel rows of one cutoff.

    Counts and money are taken in logs, every figure is centred and scaled to standard deviation 1, and values beyond
    three of them are drawn in, so that one wholesaler does not become a group of his own. The number of groups is the
    one of ``CANDIDATES`` with the highest silhouette among those whose smallest group holds 2 % of the customers.
    Above 10,000 customers a seeded sample decides on the groups, and everybody joins the nearest.

    Parameters
    ----------
    rows
        The columns of ``FEATURES``, any but the first three may be missing.
    seed
        Of sampling, starting points and resamples.
    judged
        Of an earlier date of the same shop: as many groups are made, and nothing is tried and resampled again.

    Raises
    ------
    ModelError
        With fewer than 50 customers, or fewer than four that differ.
    """
    features = tuple(name for name in FEATURES if name in rows.columns)
    points = scaled(rows, features)
    distinct = len(np.unique(points, axis=0))
    if len(rows) < MIN_CUSTOMERS or distinct <= CANDIDATES[0]:
        raise ModelError(
            f"Clustering customers: {MIN_CUSTOMERS} of them and more than {CANDIDATES[0]} different ones are needed,"
            f" found {figures.count(len(rows))} and {figures.count(distinct)}.",
            "Use the RFM segments, which need no minimum.",
        )
    rng = np.random.default_rng(seed)
    fitted = points[_some(rng, len(points), FIT_ROWS)]
    some = points[_some(rng, len(points), JUDGED_ROWS)]
    if judged is not None and judged.k < distinct:
        model = _k_means(judged.k, seed).fit(fitted)
        found, order = _in_order(rows, model, points)
        return Clusters(found, features, judged.silhouettes, judged.rand, judged.jaccard)
    candidates = [k for k in CANDIDATES if k < distinct]
    models = {k: _k_means(k, seed).fit(fitted) for k in candidates}
    # As far apart as they are whatever the number of groups.
    apart = pairwise_distances(some)
    silhouettes = _silhouettes({k: model.predict(some) for k, model in models.items()}, apart)
    model = models[_chosen(models, silhouettes)]
    rand, jaccard = _stability(some, model, rng)
    found, order = _in_order(rows, model, points)
    return Clusters(found, features, silhouettes, rand, jaccard[order])


def _in_order(rows: pd.DataFrame, model: KMeans, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The group of each customer, the most valuable one first, and the model's numbers of the groups in that order."""
    found = model.predict(points)
    order = _by_money(rows, found, model.n_clusters)
    return np.argsort(order)[found], order


def scaled(rows: pd.DataFrame, features: tuple[str, ...]) -> np.ndarray:
    """The figures as K-Means sees them, shape (n, features); a missing value is the median."""
    columns = []
    for name in features:
        values = rows[name].to_numpy(dtype=float, na_value=np.nan)
        values = np.where(
            np.isnan(values), np.nanmedian(values) if np.isfinite(values).any() else 0.0, values
        )
        values = np.log1p(np.maximum(values, 0.0)) if name in LOGGED else values
        spread = values.std()
        centred = (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)
        columns.append(np.clip(centred, -_MAX_DEVIATIONS, _MAX_DEVIATIONS))
    return np.column_stack(columns)


def _some(rng: np.random.Generator, count: int, at_most: int) -> np.ndarray:
    return np.sort(rng.choice(count, at_most, replace=False)) if count > at_most else np.arange(count)


def _k_means(k: int, seed: int, starts: int = _STARTS) -> KMeans:
    return KMeans(k, n_init=starts, random_state=seed)


def _silhouettes(labels: Mapping[int, np.ndarray], apart: np.ndarray) -> dict[int, float]:
    """Mean silhouette (Rousseeuw 1987) of each division of the same customers; -1 of a single group.

    One product of matrices gives everybody's distance to every group of every division; customer by customer, as
    scikit-learn does it, takes six times as long.

    Parameters
    ----------
    labels
        By division, the group of each customer, 0 to k - 1, shape (n,).
    apart
        How far the customers lie from each other, shape (n, n).
    """
    starts = np.cumsum([0, *(1 + int(one.max()) for one in labels.values())])
    everybody = np.arange(len(apart))
    members = np.zeros((len(apart), starts[-1]))
    for start, one in zip(starts[:-1], labels.values(), strict=True):
        members[everybody, start + one] = 1.0
    totals, sizes = apart @ members, members.sum(axis=0)
    parts = [slice(*ends) for ends in itertools.pairwise(starts.tolist())]
    return {
        k: _silhouette(one, totals[:, part], sizes[part])
        for (k, one), part in zip(labels.items(), parts, strict=True)
    }


def _silhouette(labels: np.ndarray, totals: np.ndarray, sizes: np.ndarray) -> float:
    """Of one division: ``totals`` (n, k) are distances to all customers of a group, ``sizes`` (k,) their numbers."""
    if np.count_nonzero(sizes) < 2:
        return -1.0
    everybody = np.arange(len(labels))
    others = sizes[labels] - 1
    own = totals[everybody, labels] / np.maximum(others, 1)
    means = np.where(sizes > 0, totals / np.maximum(sizes, 1), np.inf)
    means[everybody, labels] = np.inf
    nearest = means.min(axis=1)
    further = np.maximum(own, nearest)
    # Who is alone in a group, or nowhere else than the nearest one, counts 0.
    clear = (others > 0) & (further > 0)
    return float(np.where(clear, (nearest - own) / np.where(clear, further, 1.0), 0.0).mean())


def _chosen(models: dict[int, KMeans], silhouettes: dict[int, float]) -> int:
    """The sharpest number of groups none of which is tiny; the sharpest at all if each has a tiny one."""
    smallest = {k: np.bincount(m.labels_, minlength=k).min() / len(m.labels_) for k, m in models.items()}
    usable = [k for k in models if smallest[k] >= MIN_SHARE] or list(models)
    return max(usable, key=lambda k: silhouettes[k])


def _stability(points: np.ndarray, model: KMeans, rng: np.random.Generator) -> tuple[float, np.ndarray]:
    """Mean adjusted Rand index and mean Jaccard by group over bootstrap resamples of ``points``.

    Each resample is clustered anew, and all ``points`` join the nearest of its centres, so that the same customers
    are compared each time.
    """
    k = model.n_clusters
    here = model.predict(points)
    rand, jaccard = np.empty(RESAMPLES), np.empty((RESAMPLES, k))
    for number in range(RESAMPLES):
        drawn = points[rng.integers(len(points), size=len(points))]
        again = _k_means(k, number, starts=2).fit(drawn).predict(points)
        common = np.zeros((k, k))
        np.add.at(common, (here, again), 1.0)
        union = common.sum(axis=1)[:, None] + common.sum(axis=0)[None, :] - common
        rand[number] = adjusted_rand_score(here, again)
        jaccard[number] = (common / np.maximum(union, 1.0)).max(axis=1)
    return float(rand.mean()), jaccard.mean(axis=0)


def _by_money(rows: pd.DataFrame, labels: np.ndarray, k: int) -> np.ndarray:
    """Groups by mean spend, highest first; a group that only the sample had comes last."""
    spend = pd.Series(rows["monetary_total"].to_numpy(dtype=float)).groupby(labels).mean()
    return np.argsort(-spend.reindex(range(k)).fillna(-np.inf).to_numpy(), kind="stable")
