"""``challenge.json``: a newly trained model beside the one that scores, on windows that neither had seen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from churnkit.results.codec import Step
from churnkit.results.interval import Interval

CHALLENGE_FILE = "challenge.json"

ChallengeVerdict = Literal["better", "as_good", "worse", "unfit", "not_yet"]
"""``better`` beyond chance and in no respect worse; ``as_good`` within chance; ``unfit`` fails a check of its scores;
``not_yet``: no window has closed since the present model was trained."""


@dataclass(frozen=True, kw_only=True)
class Contender:
    """One of the two on the active customers of the closed windows.

    Attributes
    ----------
    log_loss, roc_auc, ece
        NaN where nothing can be measured.
    profit
        Of contacting those who promise more than they cost, in money, by who then left.
    high_share
        Share of the active customers of the newest date above the limit of the high tier.
    """

    run_id: str
    champion: str
    trained: datetime
    log_loss: float
    roc_auc: float
    ece: float
    profit: float
    high_share: float


@dataclass(frozen=True, kw_only=True)
class ChallengeDocument:
    """The comparison.

    Attributes
    ----------
    windows
        Dates of the forecasts compared, ascending.
    customers
        Active customers at these dates, each counted at each date.
    gain
        Log loss of the present model less that of the new one, nats a customer; above 0 the new one is better. The 95 %
        interval is over customers drawn anew, each with all dates.
    learned_from
        How far back the new model learns from, and why, in a sentence.
    """

    title: ClassVar[str] = "the comparison of two models"
    steps: ClassVar[tuple[Step, ...]] = ()

    champion: Contender
    challenger: Contender
    windows: tuple[datetime, ...]
    customers: int
    gain: Interval | None
    verdict: ChallengeVerdict
    words: str
    advice: str
    learned_from: str
