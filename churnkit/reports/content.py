"""What a report of an analysis is made from: plain values that were computed before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from churnkit.config import Tiers
from churnkit.results.profile import Profile
from churnkit.results.summary import Summary
from churnkit.tournament.names import model_label

MISSING = "This analysis holds no figures for it."


@dataclass(frozen=True)
class ReportContent:
    """Everything that a report may show; the keys are those of the run folder (``services.analyse.run_folder``).

    Attributes
    ----------
    name
        What the analysis is called: the uploaded file's name.
    currency
        Code of the currency, None where the file names none.
    summary, evidence
        ``summary.json`` and ``evidence.json``. Any key of the evidence may be absent or None.
    tier_limits
        Probabilities above which a customer is at medium and at high risk.
    profile
        With the currency of the analysis where its own rows name none.
    leaderboard
        One dict per candidate and rule, champion first; empty where nothing was trained.
    contact
        The customers to contact first, best first: columns of ``customers.parquet``.
    customer_count
        How many customers were scored.
    """

    name: str
    currency: str | None
    summary: Summary
    tier_limits: Tiers
    profile: Profile
    evidence: Mapping[str, Any]
    leaderboard: Sequence[Mapping[str, Any]]
    contact: Sequence[Mapping[str, Any]]
    customer_count: int

    def found(self, key: str) -> Any:
        """A key of the evidence, None where it has no figures."""
        return self.evidence.get(key) or None

    def why_missing(self, key: str) -> str:
        """One sentence on why a key of the evidence has no figures."""
        missing: Mapping[str, str] = self.evidence.get("missing") or {}
        return missing.get(key) or MISSING

    @property
    def horizon_days(self) -> int:
        """The churn threshold in days."""
        return self.summary.question.horizon_days

    @property
    def champion(self) -> str:
        """The code of what scored the customers."""
        return self.summary.champion

    @property
    def champion_title(self) -> str:
        """Its name on screen."""
        return str(self.found("champion_title") or model_label(self.champion))
