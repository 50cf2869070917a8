"""Scorecards and drift as tables and words of a screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from churnkit.explain.catalogue import feature_value
from churnkit.results.challenge import ChallengeDocument
from churnkit.results.drift import DriftDocument
from churnkit.results.found import Found
from churnkit.results.scorecards import Scorecard, ScorecardsDocument, Verdict
from churnkit.text.figures import score
from churnkit.tournament.names import model_label

VERDICTS: Mapping[Verdict, str] = MappingProxyType(
    {
        "held": "held",
        "level_off": "level off",
        "weaker": "weaker",
        "order_lost": "order lost",
        "few": "too few to tell",
    }
)


def scorecards_view(found: ScorecardsDocument) -> pd.DataFrame:
    """One row for each forecast that could be judged, newest first; of the active unless a column says lapsed."""
    return pd.DataFrame([_row(one) for one in found.scorecards])


def _row(card: Scorecard) -> dict[str, object]:
    active = card.active.value if isinstance(card.active, Found) else None
    listed = card.listed.value if isinstance(card.listed, Found) else None
    lapsed = card.lapsed.value if isinstance(card.lapsed, Found) else None
    auc = active.roc_auc if active else None
    return {
        "run_id": card.run_id,
        "cutoff": card.cutoff,
        "until": card.until,
        "verdict": VERDICTS[card.verdict],
        "champion": model_label(card.champion),
        "customers": active and active.customers,
        "expected_churn_rate": active and active.expected_churn_rate,
        "actual_churn_rate": active and active.actual_churn_rate.value,
        "auc": auc and auc.value,
        "auc_between": f"{score(auc.low, 2)} to {score(auc.high, 2)}" if auc else "",
        "promised": card.promised_auc,
        "log_loss": active and active.log_loss.value,
        "ece": active and active.ece,
        "ece_by_chance": active and active.ece_by_chance,
        "lift": active.lift.value if active and active.lift else None,
        "expected_spend": active and active.expected_spend,
        "actual_spend": active and active.actual_spend.value,
        "contacted": listed and listed.contacted,
        "left": listed and listed.left,
        "brought": listed and listed.brought.value,
        "lapsed_customers": lapsed and lapsed.customers,
        "lapsed_expected_churn_rate": lapsed and lapsed.expected_churn_rate,
        "lapsed_actual_churn_rate": lapsed and lapsed.actual_churn_rate.value,
        "lapsed_auc": lapsed.roc_auc.value if lapsed and lapsed.roc_auc else None,
        "lapsed_log_loss": lapsed and lapsed.log_loss.value,
        "lapsed_expected_spend": lapsed and lapsed.expected_spend,
        "lapsed_actual_spend": lapsed and lapsed.actual_spend.value,
    }


def drift_view(found: DriftDocument, currency: str | None) -> pd.DataFrame:
    """One row for each feature, by PSI times weight; medians as the feature's values are written."""
    return pd.DataFrame(
        [
            {
                **vars(one),
                "before": feature_value(one.feature, one.before, currency),
                "now": feature_value(one.feature, one.now, currency),
            }
            for one in found.features
        ]
    )


def challenge_view(found: ChallengeDocument) -> pd.DataFrame:
    """The present model and the new one, a row each."""
    return pd.DataFrame(
        [
            {**vars(one), "name": f"{name}: {model_label(one.champion)}"}
            for name, one in (("Present", found.champion), ("New", found.challenger))
        ]
    )


def versus_view(cards: Sequence[Scorecard], challenger: str) -> pd.DataFrame:
    """Scorecards of dates that the challenger and another model have both forecast, newest first."""
    his = {one.cutoff for one in cards if one.scored_by == challenger}
    others = {one.cutoff for one in cards if one.scored_by != challenger}
    return pd.DataFrame([_row(one) for one in cards if one.cutoff in his & others])
