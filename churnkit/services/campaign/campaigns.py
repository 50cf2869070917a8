"""Planning a campaign on an analysis, keeping it, and its files for other tools."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
import pandas as pd

from churnkit.campaigns import EXPORTS, CampaignPlan, Exclusions, contacts_of, export, plan_campaign
from churnkit.errors import DataError
from churnkit.experiments import Sizes, detectable_rate, power_of, sizes, with_save_rate
from churnkit.reports.csv_files import to_csv
from churnkit.results.campaign_facts import CampaignFacts, CampaignSettings
from churnkit.results.campaign_money import Assumptions
from churnkit.results.codec import from_json, to_json
from churnkit.results.folders import Results
from churnkit.results.readout_figures import Readout
from churnkit.roi import Planner
from churnkit.services.look.small_tables import renamed
from churnkit.services.whatif.simulate import Desk
from churnkit.store import FrozenCampaign, Store, StoredReadout
from churnkit.text import figures

EVERYBODY, HIGH_RISK = "everybody", "high risk"
_UNMEASURED = "no campaign of this workspace has measured it yet."
_SEED_BYTES = 6
_CONTACT_NAMES = {
    "customerid": "customer_id",
    "customer": "customer_id",
    "id": "customer_id",
    "email": "email",
    "emailaddress": "email",
    "mail": "email",
    "phone": "phone",
    "phonenumber": "phone",
    "mobile": "phone",
    "firstname": "first_name",
    "lastname": "last_name",
    "surname": "last_name",
    "city": "city",
    "state": "state",
    "zip": "zip",
    "zipcode": "zip",
    "postcode": "zip",
    "country": "country",
}


@dataclass(frozen=True)
class Wish:
    """What a reader asks of a campaign.

    Attributes
    ----------
    whom
        ``EVERYBODY``, ``HIGH_RISK`` or the name of one of the reader's lists: who comes into question.
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
    contacts
        The shop's list of contacts, to find one person under two ids; None where there is none.
    """

    name: str
    whom: str = EVERYBODY
    max_customers: int | None = 100
    holdout_share: float = 0.15
    value_floor: float | None = None
    only_profitable: bool = True
    do_not_contact: frozenset[str] = frozenset()
    contacts: pd.DataFrame | None = None


@dataclass(frozen=True)
class Strength:
    """What the campaign's sizes can show.

    Attributes
    ----------
    base_rate
        Share forecast to buy without a contact.
    expected_rate
        Share expected to buy among the contacted, by the assumed save rate.
    detectable_save_rate
        The smallest save rate that shows in 4 of 5 such campaigns; None when none up to 100 % does.
    power
        Chance that the assumed save rate shows, in [0, 1]; None without a holdout.
    needed
        Sizes that would show it in 4 of 5, with the same share held out; None without a holdout or effect.
    """

    base_rate: float
    expected_rate: float
    detectable_save_rate: float | None
    power: float | None
    needed: Sizes | None

    def words(self, save_rate: float) -> str:
        """What that means for the plan."""
        if self.power is None:
            return "Without a holdout nothing can be measured."
        rate = figures.percent(save_rate)
        text = f"If the success rate is {rate}, the readout shows it in {figures.percent(self.power)} of such campaigns."
        if self.detectable_save_rate is None:
            text += " So few customers cannot show even a success rate of 100 %."
        else:
            text += f" A success rate from {figures.percent(self.detectable_save_rate)} on shows in 4 of 5."
        if self.needed is not None and self.power < 0.8:
            text += f" For {rate} that takes {figures.count(self.needed.total)} customers with the same share held out."
        return text


@dataclass(frozen=True)
class ExportFile:
    """A file to hand out."""

    name: str
    data: bytes


def starting_assumptions(store: Store, desk: Desk) -> tuple[Assumptions, str]:
    """The settings of the analysis, with the save rate that the workspace's latest finished campaign measured.

    The words say where the save rate comes from.
    """
    assumed = f"A success rate of {figures.percent(desk.defaults.save_rate)} is assumed"
    latest = store.readouts.latest_complete()
    if latest is None:
        return desk.defaults, f"{assumed}: {_UNMEASURED}"
    name = store.campaigns.get(latest.campaign_id).name
    try:
        measured = readout_figures(latest, name).save_rate
    except DataError as error:
        # A plan can do without; whoever opens that readout is told the same.
        return desk.defaults, f"{assumed}. {error.message}"
    if measured is None:
        return desk.defaults, f"{assumed}: {_UNMEASURED}"
    assumptions = with_save_rate(desk.defaults, measured)
    return assumptions, (
        f"The success rate of {figures.percent(assumptions.save_rate)} was measured by the campaign {name!r}"
        f" ({figures.percent(measured.rate.low)} to {figures.percent(measured.rate.high)})."
    )


def readout_figures(readout: StoredReadout, name: str) -> Readout:
    """What was read out of the campaign called ``name``.

    Raises
    ------
    DataError
        It is damaged, or of a newer version.
    """
    return from_json(
        Readout,
        readout.figures,
        title=f"the readout of {name!r} of {figures.day(readout.looked_at)}",
        remedy="Read it out again.",
    )


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
    rules = Exclusions(
        do_not_contact=wish.do_not_contact,
        addresses=_addresses(wish.contacts),
        in_campaign=store.campaigns.busy_customers(),
        value_floor=wish.value_floor,
        only_profitable=wish.only_profitable,
        max_customers=wish.max_customers,
    )
    planner = Planner.of(desk.customers, desk.uncertainty, desk.settings.money.margin)
    return plan_campaign(
        desk.customers, planner, assumptions, settings, rules, _candidates(store, session_id, desk, wish.whom)
    )


def strength(plan: CampaignPlan) -> Strength:
    """What can be seen with the plan's arms."""
    base, saved = plan.expected_base_rate, _reached_save(plan)
    expected = min(base + saved * plan.assumptions.save_rate, 1.0)
    treated, held_out = len(plan.treated), len(plan.held_out)
    if min(treated, held_out) == 0 or saved == 0:
        return Strength(base, expected, None, None, None)
    rate = detectable_rate(base, treated, held_out)
    least = None if rate is None else (rate - base) / saved
    share = held_out / (treated + held_out)
    return Strength(
        base_rate=base,
        expected_rate=expected,
        detectable_save_rate=least if least is not None and least <= 1 else None,
        power=power_of(base, expected, treated, held_out),
        needed=sizes(base, expected, share) if expected > base else None,
    )


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
    )


def read_contacts(table: pd.DataFrame) -> pd.DataFrame:
    """A shop's list of contacts, as text: ``customer_id`` and any of e-mail, phone, names, city, state, zip, country.

    Raises
    ------
    DataError
        If it has no ``customer_id`` or names a customer twice.
    """
    found = renamed(table, _CONTACT_NAMES)
    contacts_of(pd.Series(dtype=str), found)
    return found


def contact_files(
    plan: CampaignPlan, key: str, contacts: pd.DataFrame | None = None, *, with_holdout: bool = False
) -> tuple[list[ExportFile], tuple[str, ...]]:
    """The list to contact in a tool's format, and what to know about it; several files where the tool has a limit.

    Parameters
    ----------
    key
        A key of ``campaigns.EXPORTS``.
    contacts
        Of :func:`read_contacts`; None uses ids that are addresses.
    with_holdout
        Also the customers who must not be contacted, told by the arm: for tools that do the splitting.

    Raises
    ------
    DataError
        If the tool needs addresses and there are none.
    """
    rows = plan.members if with_holdout else plan.treated
    known = contacts_of(rows["customer_id"], contacts)
    made = export(key, rows, known, campaign=plan.settings.name, scored_at=plan.settings.scored_at)
    stem = f"{_file_stem(plan.settings.name)}-{key}"
    return _parts(made.table, stem, made.max_bytes), made.notes


def holdout_file(plan: CampaignPlan) -> ExportFile:
    """The customers not to contact: for lists of exclusions, and for the readout."""
    known = contacts_of(plan.held_out["customer_id"])
    made = export(
        "plain", plan.held_out, known, campaign=plan.settings.name, scored_at=plan.settings.scored_at
    )
    return ExportFile(f"{_file_stem(plan.settings.name)}-holdout.csv", _bytes(made.table))


def results_template(plan: CampaignPlan) -> ExportFile:
    """Every member with blank results, to be filled in for the readout."""
    table = plan.members[["customer_id", "arm"]].assign(converted="", revenue="")
    return ExportFile(f"{_file_stem(plan.settings.name)}-results.csv", _bytes(table))


def export_titles() -> dict[str, str]:
    """Formats by key, as a person calls them."""
    return {key: form.title for key, form in EXPORTS.items()}


def _candidates(store: Store, session_id: str, desk: Desk, whom: str) -> np.ndarray | None:
    if whom == EVERYBODY:
        return None
    if whom == HIGH_RISK:
        return desk.high_risk
    listed = next((one for one in store.contact_lists.of_session(session_id) if one.name == whom), None)
    if listed is None:
        raise DataError(f"Planning a campaign: the list {whom!r} is not there.", "Choose another one.")
    on_list = set(store.contact_lists.customers(listed.list_id))
    return desk.customers["customer_id"].isin(on_list).to_numpy()


def _reached_save(plan: CampaignPlan) -> float:
    """By how much the share that buys rises for each point of the save rate."""
    members = plan.members
    return plan.assumptions.reach * float((members["p_churn"] * members["savable"]).mean())


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


def _file_stem(name: str) -> str:
    safe = "".join(c if c.isascii() and c.isalnum() else "-" for c in name.lower())
    return "-".join(part for part in safe.split("-") if part) or "campaign"


def _bytes(table: pd.DataFrame) -> bytes:
    return to_csv(table).encode("utf-8", "replace")


def _parts(table: pd.DataFrame, stem: str, max_bytes: int | None) -> list[ExportFile]:
    whole = _bytes(table)
    if max_bytes is None or len(whole) <= max_bytes:
        return [ExportFile(f"{stem}.csv", whole)]
    # A header in each, and rows of unequal length: a little less than the limit allows on average.
    count = math.ceil(1.1 * len(whole) / max_bytes)
    rows = math.ceil(len(table) / count)
    return [
        ExportFile(f"{stem}-{number + 1}.csv", _bytes(table.iloc[number * rows : (number + 1) * rows]))
        for number in range(count)
    ]
