"""Who is not contacted, and why: one reason each, the first that holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from churnkit.campaigns.contact_ids import address_of
from churnkit.errors import SettingsError

REASONS: dict[str, str] = {
    "do_not_contact": "on the list of those not to contact",
    "no_consent": "consent refused or not given, by the shop's own data",
    "in_campaign": "in another campaign that is still running",
    "contacted": "spoken to lately, by the work list",
    "same_address": "same e-mail address or phone number as another customer on the list",
    "below_value": "worth less than the least value set",
    "does_not_pay": "a contact is expected to cost more than it brings",
    "over_limit": "beyond the number of customers set",
}


@dataclass(frozen=True)
class Exclusions:
    """Rules by which candidates are left out; the defaults leave out nobody.

    Attributes
    ----------
    do_not_contact
        Customer ids.
    consent
        By customer id, whether they may be contacted, where the shop's data say so; None where they say nothing.
        Customers that it does not name count as not consenting: silence is no consent.
    addresses
        E-mail address or phone number by customer id, where the id itself is none.
    in_campaign
        Name of the running campaign by customer id: two campaigns at once could not be told apart.
    contacted
        The day, in words, of a contact that was lately, by customer id.
    value_floor
        Least value if kept, money.
    only_profitable
        Leave out who is expected to cost more than a contact brings.
    max_customers
        At most so many, best first, both arms together.
    """

    do_not_contact: frozenset[str] = frozenset()
    consent: Mapping[str, bool] | None = None
    addresses: Mapping[str, str] = field(default_factory=dict)
    in_campaign: Mapping[str, str] = field(default_factory=dict)
    contacted: Mapping[str, str] = field(default_factory=dict)
    value_floor: float | None = None
    only_profitable: bool = False
    max_customers: int | None = None

    def __post_init__(self) -> None:
        if self.max_customers is not None and self.max_customers < 1:
            raise SettingsError(
                f"Planning a campaign: it must have room for 1 customer or more, found {self.max_customers}."
            )
        if self.value_floor is not None and not self.value_floor >= 0:
            raise SettingsError(
                f"Planning a campaign: the least value must be 0 or more, found {self.value_floor}."
            )

    def reasons(self, ranked: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
        """Key in ``REASONS`` (None for who stays) and a detail in words, by candidate.

        Parameters
        ----------
        ranked
            Candidates, best first: ``customer_id``, ``clv_if_kept``, ``expected_gain`` (money).
        """
        ids = ranked["customer_id"]
        address = ids.map(self._address)
        reason = pd.Series(None, index=ranked.index, dtype=object)
        detail = pd.Series("", index=ranked.index, dtype=object)
        refused = {self._address(one) for one in self.do_not_contact} - {None}
        _mark(reason, "do_not_contact", ids.isin(self.do_not_contact) | address.isin(refused))
        if self.consent is not None:
            agreed = {one for one, said in self.consent.items() if said == 1}
            _mark(reason, "no_consent", ~ids.isin(agreed))
        busy = {self._address(one): name for one, name in self.in_campaign.items()}
        other = ids.map(self.in_campaign).fillna(address.map(busy, na_action="ignore"))
        _mark(reason, "in_campaign", other.notna(), detail, other)
        spoken = ids.map(self.contacted)
        _mark(reason, "contacted", spoken.notna(), detail, spoken)
        # Which of several customers with one address stays is decided among those who may be contacted at all.
        first = _first_with_address(ids[reason.isna()], address[reason.isna()]).reindex(ranked.index)
        _mark(reason, "same_address", first.notna(), detail, first)
        if self.value_floor is not None:
            _mark(reason, "below_value", ranked["clv_if_kept"] < self.value_floor)
        if self.only_profitable:
            _mark(reason, "does_not_pay", ranked["expected_gain"] <= 0)
        if self.max_customers is not None:
            _mark(reason, "over_limit", reason.isna().cumsum() > self.max_customers)
        return reason, detail

    def _address(self, customer_id: str) -> str | None:
        return address_of(self.addresses.get(customer_id, customer_id))


def counted(excluded: pd.DataFrame) -> dict[str, int]:
    """Customers by reason, in the order of ``REASONS``; reasons that nobody has are left out."""
    counts = excluded["reason"].value_counts()
    return {reason: int(counts[reason]) for reason in REASONS if reason in counts}


def _mark(
    reason: pd.Series,
    key: str,
    holds: pd.Series,
    detail: pd.Series | None = None,
    words: pd.Series | None = None,
) -> None:
    chosen = reason.isna() & holds.astype(bool)
    reason[chosen] = key
    if detail is not None and words is not None:
        detail[chosen] = words[chosen]


def _first_with_address(ids: pd.Series, address: pd.Series) -> pd.Series:
    """For each id whose address an earlier one has: that earlier id; other ids are left out."""
    known = address[address.notna()]
    if known.empty:
        return pd.Series(dtype=object)
    first = ids[known.index].groupby(known.to_numpy(), sort=False).transform("first")
    return first[known.duplicated()]
