"""Sizes of a campaign that are worth a click: the recommended one, the one that can be read out, the best hundred."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from churnkit.errors import DataError
from churnkit.results.campaign_money import Assumptions
from churnkit.results.folders import Results
from churnkit.results.whom import EVERYBODY, Whom
from churnkit.roi import ProfitCurve
from churnkit.services.campaign.campaign_plans import Wish, draft_campaign
from churnkit.services.campaign.readable_size import USUAL_POWER, Ranked, ReadableSize
from churnkit.services.decide.recommendation import FIRST, recommended_count
from churnkit.services.whatif.simulate import USUAL_SIZE, Desk

if TYPE_CHECKING:
    from churnkit.store import Store


@dataclass(frozen=True)
class StartingSize:
    """What the form of a campaign begins with.

    Attributes
    ----------
    customers
        Both arms together, 1 or more.
    only_profitable
        Whether all of them are expected to bring more than they cost.
    """

    customers: int
    only_profitable: bool


@dataclass(frozen=True)
class CampaignSizes:
    """Sizes among those who come into question, both arms together.

    Attributes
    ----------
    recommended
        The fewest who bring most of what can be expected; 0 when no contact pays.
    readable
        The fewest whose readout shows the assumed success rate, at the share held out that was asked for.
    first
        The best ``FIRST``; None when there are no more of them.
    paying
        So many are expected to bring more than a contact costs.
    is_recommended_readable
        Whether the readout of the recommended ones shows the assumed success rate often enough.
    """

    recommended: int
    readable: ReadableSize
    first: int | None
    paying: int
    is_recommended_readable: bool

    @property
    def start(self) -> StartingSize | None:
        """The recommended where they can be read out, else the fewest who can and still pay, else the recommended."""
        size = self.recommended
        if not self.is_recommended_readable and self.readable.customers is not None and self.readable.pays:
            size = self.readable.customers
        return StartingSize(size, size <= self.paying) if size else None


def campaign_sizes(
    store: Store, session_id: str, results: Results, desk: Desk, wish: Wish, assumptions: Assumptions
) -> CampaignSizes:
    """The sizes among the wish's candidates who may be contacted, whether they pay or not.

    Raises
    ------
    DataError, SettingsError
        As :func:`~churnkit.services.campaign.campaign_plans.draft_campaign`.
    """
    all_of_them = replace(wish, max_customers=None, only_profitable=False)
    members = draft_campaign(store, session_id, results, desk, all_of_them, assumptions).members
    gains = members["expected_gain"].to_numpy(dtype=float)
    recommended = recommended_count(ProfitCurve(np.concatenate([[0.0], np.cumsum(gains)])))
    ranked = Ranked.of_members(members, assumptions)
    return CampaignSizes(
        recommended=recommended,
        readable=ranked.readable(wish.holdout_share),
        first=FIRST if len(members) > FIRST else None,
        paying=int((gains > 0).sum()),
        is_recommended_readable=ranked.power(recommended, wish.holdout_share) >= USUAL_POWER,
    )


def starting_size(
    store: Store,
    session_id: str,
    results: Results,
    desk: Desk,
    assumptions: Assumptions,
    whom: Whom = EVERYBODY,
) -> StartingSize:
    """The size that the form begins with; the usual one where no contact pays or nobody may be contacted."""
    usual = StartingSize(min(USUAL_SIZE, desk.taking(whom).count), only_profitable=True)
    try:
        sizes = campaign_sizes(store, session_id, results, desk, Wish("to begin with", whom), assumptions)
    except DataError:
        # The draft of the form says why.
        return usual
    return sizes.start or usual
