"""Scenarios that a reader keeps by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from churnkit.errors import DataError
from churnkit.results.campaign_money import Assumptions, Outcome, Scenario, ScenarioFigures
from churnkit.results.codec import from_json, to_json
from churnkit.roi import by_size, presets
from churnkit.store import Store

MAX_NAME = 60
MAX_SAVED = 30


@dataclass(frozen=True)
class KeptScenarios:
    """The reader's own scenarios of an analysis, oldest first; ``damaged`` says by name why one cannot be opened."""

    scenarios: tuple[Scenario, ...]
    damaged: Mapping[str, DataError]


def saved_scenarios(store: Store, session_id: str) -> KeptScenarios:
    """Those that can be opened, and those that cannot."""
    found, damaged = [], {}
    for kept in store.scenarios.of_session(session_id):
        try:
            scenario = from_json(
                Scenario, kept.settings, title=f"the scenario {kept.name!r}", remedy="Delete it."
            )
            found.append(replace(scenario, name=kept.name))
        except DataError as error:
            damaged[kept.name] = error
    return KeptScenarios(tuple(found), damaged)


def save_scenario(store: Store, session_id: str, scenario: Scenario, outcome: Outcome) -> str:
    """Keep a scenario with the figures it has now; its name. One of the same name is replaced.

    Raises
    ------
    DataError
        If the name is empty, too long or taken by a ready-made one, or if there are ``MAX_SAVED`` others already.
    """
    name = " ".join(scenario.name.split())
    if not 1 <= len(name) <= MAX_NAME:
        raise DataError(
            f"Saving a scenario: its name must have 1 to {MAX_NAME} characters, found {len(name)}.",
            "Give it a shorter name." if name else "Give it a name.",
        )
    usual = Assumptions(contact_cost=0.0)
    if name.casefold() in {ready.name.casefold() for ready in (*presets(usual), *by_size(usual))}:
        raise DataError(f"Saving a scenario: {name!r} is a ready-made one.", "Choose another name.")
    others = [kept for kept in store.scenarios.of_session(session_id) if kept.name != name]
    if len(others) >= MAX_SAVED:
        raise DataError(f"Saving a scenario: there are {len(others)} already.", "Delete one first.")
    store.scenarios.save(
        session_id,
        name,
        settings=to_json(replace(scenario, name=name)),
        figures=to_json(ScenarioFigures(outcome=outcome)),
        created_at=datetime.now(UTC),
    )
    return name
