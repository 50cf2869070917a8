"""A public experiment with 64,000 customers and two e-mails (Hillstrom 2008): effects, balance and readout."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from churnkit.experiments import difference_of_means, difference_of_proportions, sample_ratio
from churnkit.experiments.randomisation import balance
from churnkit.experiments.uplift import cross_fit, numeric_features, policy_table, qini_curve

MAILS = {"Mens E-Mail", "Womens E-Mail"}
FEATURES = ["recency", "history", "mens", "womens", "zip_code", "newbie", "channel"]


@pytest.fixture(scope="module")
def experiment(real_data: Path) -> pd.DataFrame:
    path = real_data / "hillstrom.csv"
    if not path.is_file():
        pytest.skip("hillstrom.csv not found: the MineThatData e-mail challenge of 2008, 64,000 rows")
    return pd.read_csv(path)


@pytest.mark.parametrize(
    ("mail", "visit", "conversion", "spend"),
    [("Mens E-Mail", 0.076590, 0.006805, 0.769827), ("Womens E-Mail", 0.045233, 0.003111, 0.424412)],
)
def test_average_effects_are_differences_in_means(experiment, mail, visit, conversion, spend) -> None:
    for column, expected in (("visit", visit), ("conversion", conversion)):
        one = experiment.loc[experiment["segment"] == mail, column]
        base = experiment.loc[experiment["segment"] == "No E-Mail", column]
        found = difference_of_proportions(int(one.sum()), len(one), int(base.sum()), len(base))
        assert found.value == pytest.approx(one.mean() - base.mean(), abs=1e-12)
        assert found.value == pytest.approx(expected, abs=5e-7)
        assert found.low > 0
    one, base = (
        experiment.loc[experiment["segment"] == arm, "spend"].to_numpy() for arm in (mail, "No E-Mail")
    )
    welch = difference_of_means(one, base)
    assert welch.interval.value == pytest.approx(one.mean() - base.mean(), abs=1e-12)
    assert welch.interval.value == pytest.approx(spend, abs=5e-7)
    assert welch.interval.low > 0


def test_arms_have_their_sizes_and_alike_customers(experiment) -> None:
    sizes = experiment["segment"].value_counts()
    found = sample_ratio(
        {str(arm): int(n) for arm, n in sizes.items()}, {str(arm): 1 / 3 for arm in sizes.index}
    )
    assert found.p_value == pytest.approx(0.904, abs=0.001)
    pair = experiment[experiment["segment"] != "Mens E-Mail"]
    table = balance(numeric_features(pair[FEATURES]), (pair["segment"] == "Womens E-Mail").to_numpy())
    assert table["difference"].abs().max() < 0.02


@pytest.mark.slow
@pytest.mark.parametrize("learner", ["two_model", "x_learner", "transformed"])
def test_uplift_averages_to_the_effect_and_ranks_the_womens_mail(experiment, learner) -> None:
    pair = experiment[experiment["segment"] != "Mens E-Mail"].reset_index(drop=True)
    treated = (pair["segment"] == "Womens E-Mail").to_numpy()
    features, visit = numeric_features(pair[FEATURES]), pair["visit"].to_numpy(dtype=float)
    found = cross_fit(features, treated, visit, treated_share=0.5, learner=learner, kind="linear")
    plain = visit[treated].mean() - visit[~treated].mean()
    assert found.uplift.mean() == pytest.approx(plain, abs=5e-4)
    curve = qini_curve(found.rank, treated, visit, cross_fitted=True, resamples=100)
    assert curve.beats_random
    assert curve.coefficient.value == pytest.approx(0.0079, abs=5e-4)
    assert curve.gain[-1] == pytest.approx(plain)
    money = policy_table(found.rank, treated, pair["spend"].to_numpy(), treated_share=0.5, contact_cost=0.1)
    spend = pair["spend"].to_numpy()
    assert money["per_1000"].iloc[-1] == pytest.approx(
        1000 * (spend[treated].mean() - spend[~treated].mean() - 0.1)
    )


@pytest.mark.slow
def test_shuffled_mail_ranks_nobody(experiment) -> None:
    """Eight draws after the fact: their mean is near 0, and hardly any claims to beat chance."""
    pair = experiment[experiment["segment"] != "Mens E-Mail"].reset_index(drop=True)
    features, visit = numeric_features(pair[FEATURES]), pair["visit"].to_numpy(dtype=float)
    heights, claims = [], 0
    for seed in range(8):
        mailed = (pair["segment"] == "Womens E-Mail").to_numpy()
        treated = np.random.default_rng(seed).permutation(mailed)
        found = cross_fit(features, treated, visit, treated_share=0.5, learner="two_model", kind="linear")
        curve = qini_curve(found.rank, treated, visit, cross_fitted=True, resamples=60)
        heights.append(curve.coefficient.value)
        claims += curve.beats_random
    assert abs(np.mean(heights)) < 3 * 0.00127 / np.sqrt(8)
    assert claims <= 1
