"""Planning a campaign on an analysis, freezing it and opening it again."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pandas as pd

from churnkit.campaigns import CampaignPlan, Exclusions, contacts_of, plan_campaign
from churnkit.errors import DataError
from churnkit.results.campaign_facts import DEFAULT_HOLDOUT_SHARE, CampaignFacts, CampaignSettings
from churnkit.results.campaign_money import Assumptions
from churnkit.results.codec import from_json, to_json
from churnkit.results.folders import Results
from churnkit.results.whom import EVERYBODY, Whom
from churnkit.services.decide.chosen_customers import is_among, listed_customers
from churnkit.services.decide.contacts import consent_of
from churnkit.services.whatif.simulate import USUAL_SIZE, Desk
from churnkit.services.worklist.left_alone import left_alone
from churnkit.text import figures

if TYPE_CHECKING:
    from churnkit.store import FrozenCampaign, Store

_SEED_BYTES = 6


@dataclass(frozen=True)
class Wish:
    """What a reader asks of a campaign.

    Attributes
    ----------
    whom
        Who comes into question.
    max_customers
        At most so many, both arms together, best first; None for all.
    holdout_share
        Share not contacted.
    value_floor
        Least value if kept, money; None for none.
    only_profitable
        Leave out whoever is expected to cost more than a contact brings.
    do_not_contact
        Ids to leave out.
    only_consenting
        Leave out whoever did not agree to be written to, where the shop's file says who did: silence is no consent.
    """

    name: str
    whom: Whom = EVERYBODY
    max_customers: int | None = USUAL_SIZE
    holdout_share: float = DEFAULT_HOLDOUT_SHARE
    value_floor: float | None = None
    only_profitable: bool = True
    do_not_contact: frozenset[str] = frozenset()
    only_consenting: bool = True


def draft_campaign(
    store: Store, session_id: str, results: Results, desk: Desk, wish: Wish, assumptions: Assumptions
) -> CampaignPlan:
    """The campaign as wished, not kept yet; the same wish gives the same arms.

    Raises
    ------
    SettingsError
        If the wish is impossible.
    DataError
        If nobody is left.
    """
    settings = CampaignSettings(
        name=" ".join(wish.name.split()),
        scored_at=datetime.fromisoformat(results.cutoff),
        horizon_days=results.horizon_days,
        holdout_share=wish.holdout_share,
        seed=_seed(session_id, wish.name),
    )
    alone = left_alone(store, session_id)
    rules = Exclusions(
        do_not_contact=wish.do_not_contact,
        consent=consent_of(results.contacts) if wish.only_consenting else None,
        addresses=_addresses(results.contacts),
        in_campaign=alone.in_campaign,
        contacted={one: figures.day(day) for one, day in alone.contacted.items()},
        value_floor=wish.value_floor,
        only_profitable=wish.only_profitable,
        max_customers=wish.max_customers,
    )
    taking = desk.taking(wish.whom)
    chosen = is_among(taking.customers, wish.whom, listed_customers(store, session_id, wish.whom))
    return plan_campaign(taking.customers, taking.planner, assumptions, settings, rules, chosen)


def keep_campaign(store: Store, session_id: str, run_id: str, plan: CampaignPlan) -> FrozenCampaign:
    """Freeze a draft.

    Raises
    ------
    DataError
        If a campaign of the workspace has that name already, or a customer has come into another one meanwhile.
    """
    name = plan.settings.name
    if any(other.name.casefold() == name.casefold() for other in store.campaigns.all()):
        raise DataError(f"Saving a campaign: there is one called {name!r} already.", "Give it another name.")
    busy = store.campaigns.busy_customers()
    taken = [one for one in plan.members["customer_id"] if one in busy]
    if taken:
        raise DataError(
            f"Saving a campaign: {figures.count(len(taken))} of its customers have come into another one meanwhile, first"
            f" {taken[0]!r} ({busy[taken[0]]!r}).",
            "Reload the page and plan it again.",
        )
    return store.campaigns.freeze(
        session_id,
        name,
        run_id=run_id,
        facts=to_json(plan.facts()),
        members=plan.members,
        excluded=plan.excluded,
        created_at=datetime.now(UTC),
    )


def open_campaign(store: Store, campaign_id: str) -> CampaignPlan:
    """A kept campaign as it was planned.

    Raises
    ------
    DataError
        It is damaged, or of a newer version.
    """
    kept = store.campaigns.get(campaign_id)
    facts = from_json(
        CampaignFacts,
        kept.facts,
        title=f"the campaign {kept.name!r}",
        remedy="Restore the data folder from a backup, or delete the campaign.",
    )
    return CampaignPlan(
        settings=facts.settings,
        assumptions=facts.assumptions,
        members=store.campaigns.members(campaign_id),
        excluded=store.campaigns.exclusions(campaign_id),
        promise=facts.promise,
        notes=facts.notes,
        declared=facts.declared,
    )


def _addresses(contacts: pd.DataFrame | None) -> dict[str, str]:
    if contacts is None:
        return {}
    found = contacts_of(contacts["customer_id"], contacts)
    address = found["email"].where(found["email"].notna(), found["phone"])
    known = address.notna()
    return dict(zip(found["customer_id"][known], address[known], strict=True))


def _seed(session_id: str, name: str) -> int:
    """A seed of the campaign's own, so that campaign after campaign does not spare the same customers."""
    digest = hashlib.sha256(f"{session_id}\n{' '.join(name.split())}".encode()).digest()
    return int.from_bytes(digest[:_SEED_BYTES])
