"""The finished example: an analysis of nobody's workspace, which opens to everybody as a link does."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import streamlit as st

from churnkit.accounts import SYSTEM, Action, Actor
from churnkit.errors import NotFoundError
from churnkit.jobs import Platform
from churnkit.jobs.example import ARCHIVE, EXAMPLE_TENANT, unpack
from churnkit.results.evidence.standing_now import TierFigures
from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.store import Session, Store

# What everybody may do with the example.
_SHOWN = frozenset({Action.READ, Action.EXPORT})


def the_example(platform: Platform) -> tuple[Store, Session]:
    """The example's analysis, and the store as its visitors see it.

    Raises
    ------
    DataError
        Its file is missing or damaged.
    """
    store, session = platform.example()
    return _visited(store, session)


def open_example(platform: Platform, session_id: str) -> tuple[Store, Session] | None:
    """The example as its visitors see it, if it is the analysis with this id."""
    store = platform.store_for(EXAMPLE_TENANT, SYSTEM)
    try:
        return _visited(store, store.sessions.get(session_id))
    except NotFoundError:
        return None


def is_example(store: Store) -> bool:
    """Whether an analysis that is seen through ``store`` is the example."""
    return store.tenant_id == EXAMPLE_TENANT


def _visited(store: Store, session: Session) -> tuple[Store, Session]:
    visitor = Actor("link", name="example", rights=_SHOWN, only=session.session_id)
    return store.for_tenant(EXAMPLE_TENANT, visitor), session


@dataclass(frozen=True)
class Picture:
    """What the first page shows of the example; figures that it does not have are None.

    Attributes
    ----------
    expected_leavers, contacted
        Customers: of the active, those who are expected to leave; whom to write to.
    """

    horizon_days: int
    currency: str | None
    active: int
    expected_leavers: float
    at_risk: float | None
    contacted: int | None
    net: float | None
    tiers: tuple[TierFigures, ...]


def example_picture() -> Picture | None:
    """The figures of the bundled example; None where a copy of the program has none."""
    if not ARCHIVE.exists():
        return None
    return _picture(str(ARCHIVE), ARCHIVE.stat().st_mtime_ns)


@st.cache_resource(max_entries=1, show_spinner=False)
def _picture(archive: str, stamp: int) -> Picture:
    with TemporaryDirectory(prefix="churnkit-example-") as folder:
        unpack("run", Path(folder), Path(archive))
        results = Results(Path(folder))
        evidence, active = results.evidence, results.summary.customers.active
        risk, advice = evidence.revenue_at_risk, evidence.recommended
        outcome = advice.value.outcome if isinstance(advice, Found) else None
        return Picture(
            horizon_days=results.horizon_days,
            currency=results.currency,
            active=active.customers,
            expected_leavers=active.expected_leavers,
            at_risk=risk.value.value if isinstance(risk, Found) else None,
            contacted=outcome.contacted if outcome else None,
            net=outcome.net.value if outcome else None,
            tiers=evidence.tiers,
        )
