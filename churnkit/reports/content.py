"""What a report of an analysis is made from: all of it was computed before."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.config import Tiers
from churnkit.reports.group_content import GroupContent
from churnkit.results.customer import Customer
from churnkit.results.evidence import EvidenceDocument
from churnkit.results.leaderboard import LeaderboardRow
from churnkit.results.profile import Profile
from churnkit.results.summary import Summary
from churnkit.results.value_errors import ValueErrors

NO_FIGURES = "This analysis holds no figures for it."


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
        ``summary.json`` and ``evidence.json``.
    tier_limits
        Probabilities above which a customer is at medium and at high risk.
    profile
        With the currency of the analysis where its own rows name none.
    leaderboard
        Champion first; empty where nothing was trained.
    why_won
        How the champion came to be chosen, in sentences; empty where none competed.
    contact
        The customers to contact first, best first.
    customer_count
        How many customers were scored.
    notices
        That the shop is a sample, that the data are old: what must be read before anything else.
    value_errors
        MAE and RMSE of the value of a customer, by span and population.
    statement
        Titles and paragraphs of the statement on explainability.
    groups
        Groups, movements, cohorts and losses; None where the chosen sections show none of it.
    message
        Subject and body of what the recommended campaign says, with merge fields in braces.
    """

    name: str
    currency: str | None
    summary: Summary
    tier_limits: Tiers
    profile: Profile
    evidence: EvidenceDocument
    leaderboard: tuple[LeaderboardRow, ...]
    contact: tuple[Customer, ...]
    customer_count: int
    notices: tuple[str, ...] = ()
    value_errors: tuple[ValueErrors, ...] = ()
    statement: tuple[tuple[str, str], ...] = ()
    why_won: tuple[str, ...] = ()
    message: tuple[str, str] = ("", "")
    groups: GroupContent | None = None

    @property
    def horizon_days(self) -> int:
        """The churn threshold in days."""
        return self.summary.question.horizon_days
