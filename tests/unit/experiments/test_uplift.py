"""Uplift: learners, the Qini curve by hand, money by inverse probabilities, and refusal without randomisation."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from churnkit.errors import DataError, SettingsError
from churnkit.experiments import SampleRatioMismatch, difference_of_means
from churnkit.experiments.randomisation import NotRandomised
from churnkit.experiments.uplift import (
    LEARNERS,
    CrossFitted,
    Forecasts,
    Terms,
    analyse_uplift,
    cross_fit,
    cross_fits,
    numeric_features,
    policy_table,
    policy_value,
    qini_curve,
    uplift_by_group,
)


def experiment(
    seed: int, count: int, treated_share: float = 0.5
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray, np.ndarray]:
    """Features, who was contacted, what they spent, and the true effect: 4 where ``taste`` > 0, else 0."""
    rng = np.random.default_rng(seed)
    features = pd.DataFrame({"taste": rng.normal(size=count), "noise": rng.normal(size=count)})
    treated = rng.random(count) < treated_share
    effect = np.where(features["taste"] > 0, 4.0, 0.0)
    spend = 5 + 2 * features["noise"].to_numpy() + rng.normal(0, 2, count) + effect * treated
    return features, treated, spend, effect


@pytest.mark.parametrize("learner", LEARNERS)
@pytest.mark.parametrize(("kind", "least"), [("linear", 0.6), ("boosted", 0.8)])
def test_learners_find_who_is_moved(learner, kind, least) -> None:
    features, treated, spend, effect = experiment(1, 1500)
    found = cross_fit(features, treated, spend, treated_share=0.5, learner=learner, kind=kind)
    assert np.corrcoef(found.uplift, effect)[0, 1] > least
    assert found.uplift.mean() == pytest.approx(effect.mean(), abs=0.4)
    assert sorted(set(found.fold)) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("learner", LEARNERS)
def test_small_holdout_is_no_obstacle(learner) -> None:
    features, treated, spend, effect = experiment(2, 2500, treated_share=0.85)
    found = cross_fit(features, treated, spend, treated_share=0.85, learner=learner, kind="linear")
    assert np.corrcoef(found.uplift, effect)[0, 1] > 0.5
    assert found.uplift.mean() == pytest.approx(effect.mean(), abs=0.5)


@pytest.mark.parametrize("learner", LEARNERS)
def test_what_the_forecast_expected_is_noise_that_is_taken_out(learner) -> None:
    """Spend differs a lot between customers for reasons that the features lack and the outcome model knows."""
    sharper = []
    for seed in range(3):
        features, treated, spend, effect = experiment(seed, 600)
        known = 8 * np.random.default_rng(50 + seed).normal(size=600)
        with_it, without = (
            cross_fit(
                features,
                treated,
                spend + known,
                treated_share=0.5,
                learner=learner,
                kind="linear",
                expected=expected,
            ).uplift
            for expected in (known, None)
        )
        assert with_it.mean() == pytest.approx(effect.mean(), abs=0.6)
        sharper.append(np.corrcoef(with_it, effect)[0, 1] - np.corrcoef(without, effect)[0, 1])
    assert min(sharper) > 0 and np.mean(sharper) > 0.04
    # The same for everybody explains nothing.
    same, plain = (
        cross_fit(features, treated, spend, treated_share=0.5, learner=learner, kind="linear", expected=e)
        for e in (np.ones(600), None)
    )
    assert (same.uplift == plain.uplift).all()


@pytest.mark.parametrize(("plan", "beaten"), [("right", False), ("noise", True)])
def test_a_learned_ranking_has_to_beat_the_order_of_the_forecasts(plan: str, beaten: bool) -> None:
    features, treated, spend, effect = experiment(4, 1200)
    planned = effect if plan == "right" else features["noise"].to_numpy()
    found = analyse_uplift(
        features,
        treated,
        spend,
        Terms(0.5, 1.0),
        Forecasts(planned=planned),
        resamples=100,
    )
    assert found.curves[found.chosen].beats_random and found.beats_plan is beaten
    assert found.planned is not None and found.planned.beats_random is not beaten
    assert ("keep to it" in " ".join(found.words(None))) is not beaten


def test_shuffled_contact_has_no_uplift() -> None:
    """Ten shops whose contact was drawn after the fact: the mean Qini is near 0, and bands hold 0."""
    heights, beats = [], 0
    for seed in range(10):
        features, treated, spend, _ = experiment(seed, 600)
        again = np.random.default_rng(100 + seed).permutation(treated)
        found = cross_fit(features, again, spend, treated_share=0.5, learner="two_model", kind="linear")
        curve = qini_curve(found.rank, again, spend, cross_fitted=True, resamples=100)
        heights.append(curve.coefficient.value)
        beats += curve.beats_random
    assert abs(np.mean(heights)) < 4 * np.std(heights) / math.sqrt(10)
    assert beats <= 2
    features, treated, spend, _ = experiment(0, 600)
    real = cross_fit(features, treated, spend, treated_share=0.5, learner="two_model", kind="linear")
    assert qini_curve(real.rank, treated, spend, resamples=100).coefficient.value > 4 * np.std(heights)


def test_no_customer_is_predicted_by_a_model_that_saw_it() -> None:
    """One customer spends absurdly much; its own prediction must not know."""
    features, treated, spend, _ = experiment(3, 400)
    plain = cross_fit(features, treated, spend, treated_share=0.5, learner="two_model", kind="linear")
    position = int(np.flatnonzero(treated & (spend > 0))[0])
    changed = spend.copy()
    changed[position] = 1e4
    again = cross_fit(features, treated, changed, treated_share=0.5, learner="two_model", kind="linear")
    assert again.fold.tolist() == plain.fold.tolist()
    mates = plain.fold == plain.fold[position]
    assert again.uplift[mates].tolist() == plain.uplift[mates].tolist()
    assert not np.allclose(again.uplift[~mates], plain.uplift[~mates])


def test_rank_is_within_the_fold() -> None:
    found = CrossFitted(np.array([5.0, 6.0, 6.0, 1.0, 2.0]), np.array([0, 0, 0, 1, 1]))
    assert found.rank == pytest.approx([0.5 / 3, 2 / 3, 2 / 3, 0.25, 0.75])


def test_text_features_are_encoded() -> None:
    frame = pd.DataFrame({"recency": [1, 2, 3], "channel": ["web", "phone", "web"]})
    assert numeric_features(frame).to_dict("list") == {
        "recency": [1.0, 2.0, 3.0],
        "channel_web": [1.0, 0.0, 1.0],
    }


def test_impossible_fits_are_refused() -> None:
    features, treated, spend, _ = experiment(1, 200)
    with pytest.raises(SettingsError, match="must be one of two_model, x_learner, transformed"):
        cross_fit(features, treated, spend, treated_share=0.5, learner="forest")
    with pytest.raises(SettingsError, match="between 0 and 1"):
        cross_fits(features, treated, spend, treated_share=1.0)
    with pytest.raises(DataError, match="50 customers or more for 5 folds, found 20"):
        cross_fits(features, np.arange(200) < 20, spend, treated_share=0.1)


def test_qini_curve_by_hand() -> None:
    """Best first: t 1, c 0, t 1, c 1, t 0, c 1.

    Y_t - Y_c N_t / N_c = 1 (none spared yet), 1 - 0, 2 - 0, 2 - 1 x 2 / 2, 2 - 1 x 3 / 2, 2 - 2 x 3 / 3; over 3
    treated. Area by trapezia 0 1 1 2 1 0.5 0 / 18 = 5.5 / 18, less half of the last value, 0.
    """
    score = [6, 5, 4, 3, 2, 1]
    treated = [True, False, True, False, True, False]
    found = qini_curve(score, treated, [1, 0, 1, 1, 0, 1], points=6, resamples=10)
    assert found.share == pytest.approx(np.arange(7) / 6)
    assert found.gain * 3 == pytest.approx([0, 1, 1, 2, 1, 0.5, 0])
    assert found.coefficient.value == pytest.approx(5.5 / 18)
    assert found.random == pytest.approx(np.zeros(7))


def test_customers_with_one_score_come_together() -> None:
    found = qini_curve([2, 2, 1, 1], [True, False, True, False], [1, 0, 0, 0], points=4, resamples=5)
    assert found.share.tolist() == [0, 0.5, 1]
    assert found.gain.tolist() == [0, 0.5, 0.5]
    flat = qini_curve([1] * 4, [True, False, True, False], [1, 0, 0, 0], resamples=5)
    assert flat.coefficient.value == 0


def test_curve_ends_at_the_average_effect_and_reversal_mirrors_it() -> None:
    features, treated, spend, _ = experiment(5, 1000)
    score = features["taste"].to_numpy()
    found, reversed_ = (qini_curve(s, treated, spend, resamples=50) for s in (score, -score))
    assert found.gain[-1] == pytest.approx(spend[treated].mean() - spend[~treated].mean())
    assert found.beats_random
    assert not reversed_.beats_random
    assert reversed_.coefficient.value < -0.3
    assert (found.low <= found.gain + 1e-9)[1:].mean() > 0.9
    assert list(found.table()) == ["share", "gain", "low", "high", "random"]


def test_coefficient_of_cross_fitted_scores_is_less_sure() -> None:
    features, treated, spend, _ = experiment(5, 400)
    plain, wider = (
        qini_curve(features["noise"], treated, spend, cross_fitted=cross, resamples=50).coefficient
        for cross in (False, True)
    )
    assert plain.value == wider.value
    assert wider.value - wider.low == pytest.approx(math.sqrt(2) * (plain.value - plain.low))
    assert wider.high - wider.value == pytest.approx(math.sqrt(2) * (plain.high - plain.value))


def test_perfect_ranking_of_a_known_effect() -> None:
    """Half gain 4, nobody else anything: 2 on average. The curve rises to 2 at one half and stays: 0.5 above the line."""
    _, treated, _, effect = experiment(6, 20_000)
    found = qini_curve(effect, treated, effect * treated, resamples=20)
    assert found.coefficient.value == pytest.approx(0.5, abs=0.02)


def test_uplift_by_group_finds_the_halves() -> None:
    features, treated, spend, effect = experiment(7, 2000)
    table = uplift_by_group(features["taste"], treated, spend, effect, groups=4)
    assert table["group"].tolist() == [1, 2, 3, 4]
    assert table["customers"].tolist() == [500] * 4
    assert (table["treated"] + table["held_out"]).tolist() == [500] * 4
    assert table["uplift"].to_numpy() == pytest.approx([4, 4, 0, 0], abs=1.0)
    assert table["predicted"].to_numpy() == pytest.approx([4, 4, 0, 0], abs=0.6)
    assert ((table["low"] < table["uplift"]) & (table["uplift"] < table["high"])).all()


def test_group_of_one_arm_has_no_effect() -> None:
    table = uplift_by_group([2, 2, 1, 1], [True, True, True, False], [1, 1, 1, 1], groups=2)
    assert table["uplift"].isna().all()


@pytest.mark.parametrize(
    ("score", "treated", "outcome", "message"),
    [
        ([1, 2], [True, True], [1, 2], "found 2 contacted of 2"),
        ([1, 2, 3], [True, False], [1, 2], "must be as many"),
        ([1, np.nan], [True, False], [1, 2], "must be finite"),
    ],
)
def test_rankings_that_cannot_be_judged(score, treated, outcome, message) -> None:
    with pytest.raises(DataError, match=message):
        qini_curve(score, treated, outcome)


def test_policy_value_by_hand() -> None:
    """Chosen: treated 10 (chance 0.5) and 4 (0.25), others 2 (0.5 of being spared) and 6 (0.75).

    Weighted means (10 x 2 + 4 x 4) / 6 = 6 and (2 x 2 + 6 x 4 / 3) / (10 / 3) = 3.6; effect 2.4; half of it is
    profit, a contact costs 0.2: 1,000 per 1,000 contacted.
    """
    found = policy_value(
        [True, True, True, True, False],
        [True, True, False, False, True],
        [10, 4, 2, 6, 1e6],
        treated_share=[0.5, 0.25, 0.5, 0.25, 0.5],
        contact_cost=0.2,
        margin=0.5,
    )
    assert found.value == pytest.approx(1000 * (0.5 * 2.4 - 0.2))
    treated_variance = (2**2 * 4**2 + 4**2 * 2**2) / 6**2
    other_variance = (2**2 * 1.6**2 + (4 / 3) ** 2 * 2.4**2) / (10 / 3) ** 2
    assert found.high - found.value == pytest.approx(
        1.959964 * 500 * math.sqrt(treated_variance + other_variance)
    )


def test_contacting_everybody_is_worth_the_average_effect() -> None:
    features, treated, spend, _ = experiment(8, 2000)
    table = policy_table(features["taste"], treated, spend, treated_share=0.5, contact_cost=1.0)
    welch = difference_of_means(spend[treated], spend[~treated]).interval
    last = table.iloc[-1]
    assert (last["share"], last["customers"]) == (1.0, 2000)
    assert last["per_1000"] == pytest.approx(1000 * (welch.value - 1))
    assert (last["low"], last["high"]) == pytest.approx(
        (1000 * (welch.low - 1), 1000 * (welch.high - 1)), rel=0.01
    )
    assert last["total"] == pytest.approx(2 * last["per_1000"])
    assert table["per_1000"].iloc[0] == pytest.approx(3000, abs=800)
    assert table["total"].idxmax() in (3, 4, 5)


def test_rules_that_cannot_be_valued() -> None:
    with pytest.raises(DataError, match="some probabilities are 0 or 1"):
        policy_value([True], [True], [1.0], treated_share=1.0, contact_cost=0)
    with pytest.raises(DataError, match="the 1 chosen customers must be in both arms"):
        policy_value([True, False], [True, False], [1.0, 2.0], treated_share=0.5, contact_cost=0)


def test_analysis_of_a_random_contact() -> None:
    features, treated, spend, _ = experiment(9, 1200)
    found = analyse_uplift(
        features.assign(shop="web"),
        treated,
        spend,
        Terms(0.5, 1.0),
        Forecasts(p_churn=expit(features["noise"].to_numpy())),
        learners=("two_model", "transformed"),
        resamples=50,
    )
    assert set(found.curves) == {"two_model", "transformed"}
    assert found.curves[found.chosen].beats_random
    assert found.churn_policy is not None
    assert found.policy["per_1000"].iloc[2] > found.churn_policy["per_1000"].iloc[2]
    words = found.words("USD")
    assert words[0].startswith("Contacting everybody brings $")
    assert "beats a random one" in words[1]


def test_analysis_refuses_what_was_not_random() -> None:
    features, treated, spend, _ = experiment(10, 1200)
    chosen = features["taste"].to_numpy() + np.random.default_rng(1).normal(size=1200) > 0
    share = float(chosen.mean())
    with pytest.raises(NotRandomised):
        analyse_uplift(features, chosen, spend, Terms(share, 1.0))
    with pytest.raises(SampleRatioMismatch):
        analyse_uplift(features, treated, spend, Terms(0.8, 1.0))
