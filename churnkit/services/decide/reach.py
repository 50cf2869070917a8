"""Through which channels a shop can reach its customers: what its file holds, and what the owner has elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, get_args

import pandas as pd

from churnkit.results.look_folder import Look

Channel = Literal["e-mail", "phone", "letter", "till"]

CHANNELS: dict[Channel, str] = {
    "e-mail": "by e-mail",
    "phone": "by phone",
    "letter": "by letter",
    "till": "at the till or with the next parcel",
}
"""How a customer is reached, in words; the first that a shop has is its usual one, and the calls are apart."""

# A share of ids that are addresses, above which the shop is known to reach its customers by them.
_MOST = 0.8
_ADDRESSES = "e-mail addresses"


@dataclass(frozen=True)
class Reach:
    """The channels that can be used, best first; ``words`` say where that is known from."""

    channels: tuple[Channel, ...]
    words: str

    @property
    def usual(self) -> Channel:
        """The channel of a message to many: a call is none."""
        return next(one for one in self.channels if one != "phone")


def found_channels(mapping: Mapping[str, str], addresses_share: float = 0.0) -> tuple[Channel, ...]:
    """Those that a file's own columns offer.

    Parameters
    ----------
    mapping
        Columns of the file by field.
    addresses_share
        Share of the customer ids that are e-mail addresses, 0 to 1.

    Examples
    --------
    >>> found_channels({"customer_id": "Loyalty Card ID"}), found_channels({"email": "Customer Email"})
    (('till',), ('e-mail', 'till'))
    """
    has_mail = "email" in mapping or addresses_share >= _MOST
    there: dict[Channel, bool] = {"e-mail": has_mail, "phone": "phone" in mapping, "till": True}
    return tuple(channel for channel, holds in there.items() if holds)


def reach_of(look: Look, elsewhere: Iterable[str] = ()) -> Reach:
    """The channels of the file that was looked at, and those for which the owner has addresses ``elsewhere``."""
    kinds = look.profile.identity.customer_id_kinds
    share = sum(one.share for one in kinds if one.kind == _ADDRESSES)
    # An address is also found beside the column that names customers.
    told_by_file = {**look.facts.mapping, **_reached(look.contacts)}
    found = found_channels(told_by_file, share)
    told = frozenset(elsewhere)
    channels = tuple(one for one in get_args(Channel) if one in found or one in told)
    return Reach(channels, _words(found, [one for one in channels if one not in found]))


def _reached(contacts: pd.DataFrame | None) -> dict[str, str]:
    known = () if contacts is None else contacts.columns
    return {name: name for name in ("email", "phone") if name in known}


def _words(found: tuple[Channel, ...], told: list[Channel]) -> str:
    missing = [
        name
        for channel, name in (("e-mail", "e-mail addresses"), ("phone", "telephone numbers"))
        if channel not in found
    ]
    words = (
        f"The file holds no {' and no '.join(missing)}"
        if missing
        else "The file holds e-mail addresses and telephone numbers"
    )
    if "e-mail" not in found and "phone" not in found:
        words += ": its customers can be reached at the till or with the next parcel"
    if told:
        words += f"; you said that you reach them {' and '.join(CHANNELS[one] for one in told)}"
    return f"{words}."
