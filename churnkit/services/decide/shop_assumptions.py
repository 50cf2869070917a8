"""What money rests on in a finished analysis: our defaults, what the owner has said, what a campaign has measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, ClassVar

from churnkit.config import Money
from churnkit.errors import DataError, SettingsError
from churnkit.experiments import with_save_rate
from churnkit.experiments.verdict import tier_words
from churnkit.results.campaign_money import Assumptions
from churnkit.results.codec import Step, from_json, to_json
from churnkit.results.readout_figures import Readout, SaveRate, TierRate
from churnkit.text import figures

if TYPE_CHECKING:
    from churnkit.store import Store, StoredReadout

_KEY = "assumptions"
EDITABLE = (
    "save_rate",
    "gone_success",
    "contact_cost",
    "stayers_redeem",
    "campaign_discount",
    "margin",
    "call_cost",
)
"""Values of ``config.Money`` that can be changed without a new run."""


@dataclass(frozen=True)
class ShopAssumptions:
    """The assumptions in force.

    Attributes
    ----------
    money
        With ``kind`` of each value.
    save_rate_words
        Where the success rate comes from.
    """

    money: Money
    save_rate_words: str


@dataclass(frozen=True, kw_only=True)
class _Edits:
    """What the owner has said of one analysis; ``despite`` is the readout that his success rate stands against."""

    title: ClassVar[str] = "the assumptions of an analysis"
    steps: ClassVar[tuple[Step, ...]] = ()
    values: Mapping[str, float] = field(default_factory=dict)
    despite: str | None = None


def shop_assumptions(store: Store, session_id: str, base: Money) -> ShopAssumptions:
    """The assumptions of an analysis that was made with ``base``.

    A success rate that a campaign of the workspace has measured takes the place of an assumed one, the owner's included,
    until he says another one after that.

    Raises
    ------
    DataError
        What was kept cannot be read.
    """
    edits = _edits(store, session_id)
    money = base.told(**edits.values)
    assumed = f"A success rate of {figures.percent(money.save_rate)} is " + (
        "your setting" if money.kind("save_rate") == "given" else "assumed"
    )
    latest = store.readouts.latest_complete()
    if latest is None:
        return ShopAssumptions(money, f"{assumed}: no campaign of this workspace has measured it yet.")
    name = store.readouts.campaign_name(latest.readout_id)
    try:
        readout = readout_figures(latest, name)
    except DataError as error:
        # Advice can do without; whoever opens that readout is told the same.
        return ShopAssumptions(money, f"{assumed}. {error.message}")
    measured = readout.save_rate
    if measured is None:
        return ShopAssumptions(money, f"{assumed}: no campaign of this workspace has measured it yet.")
    words = _measured_words(measured, name)
    if edits.despite == latest.readout_id:
        return ShopAssumptions(money, f"{assumed}. {words}")
    if readout.by_tier:
        words = f"{words} {tier_words(readout.by_tier)}"
    return ShopAssumptions(_with_measured(money, measured, readout.by_tier), words)


def say_assumptions(
    store: Store, session_id: str, base: Money, changes: Mapping[str, float | None]
) -> ShopAssumptions:
    """Keep what the owner says of an analysis; None takes a value back to what the run was made with.

    Raises
    ------
    SettingsError
        A value is out of range, or none of ``EDITABLE``.
    """
    unknown = sorted(set(changes) - set(EDITABLE))
    if unknown:
        raise SettingsError(
            f"Assumptions: one of {', '.join(EDITABLE)} can be changed, found {unknown[0]!r}."
        )
    edits = _edits(store, session_id)
    values = {name: value for name, value in edits.values.items() if name not in changes}
    values |= {name: value for name, value in changes.items() if value is not None}
    base.told(**values)
    despite = edits.despite
    if "save_rate" in changes:
        latest = store.readouts.latest_complete()
        despite = latest.readout_id if latest is not None and "save_rate" in values else None
    store.preferences.set(f"{_KEY}/{session_id}", to_json(_Edits(values=values, despite=despite)))
    return shop_assumptions(store, session_id, base)


def forget_assumptions(store: Store, session_id: str) -> None:
    """Go back to what the run was made with, and to what was measured."""
    store.preferences.delete(f"{_KEY}/{session_id}")


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
        title=f"the result of {name!r} of {figures.day(readout.looked_at)}",
        remedy="Compare its customers again under Did it work?.",
    )


def _edits(store: Store, session_id: str) -> _Edits:
    return from_json(_Edits, store.preferences.get(f"{_KEY}/{session_id}") or to_json(_Edits()))


def _with_measured(money: Money, measured: SaveRate, by_tier: Sequence[TierRate]) -> Money:
    held = with_save_rate(Assumptions(contact_cost=0.0), measured)
    return replace(
        money,
        save_rate=held.save_rate,
        save_rate_weight=held.save_rate_weight,
        success_by_tier=tuple((one.tier, one.success) for one in by_tier),
        given=tuple(name for name in money.given if name != "save_rate"),
        measured=("save_rate",),
    )


def _measured_words(measured: SaveRate, name: str) -> str:
    held = with_save_rate(Assumptions(contact_cost=0.0), measured)
    return (
        f"The success rate of {figures.percent(held.save_rate)} was measured by the campaign {name!r}"
        f" ({figures.percent(measured.rate.low)} to {figures.percent(measured.rate.high)})."
    )
