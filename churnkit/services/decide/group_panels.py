"""A panel for each group of customers of a run: what drives it, what sets it apart, what could be kept, what to do.

Nothing of it is stored: contributions, features and customers lie in the run, and all groups together take a few tenths
of a second.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace

import numpy as np
import pandas as pd

from churnkit.explain.catalogue import GROUPS, feature, same_for_everybody
from churnkit.explain.group_push import GroupPushes, ThemePush
from churnkit.results.campaign_money import Outcome
from churnkit.results.folders import Results
from churnkit.results.found import Found, Missing
from churnkit.results.group_panels import Distinction, GroupDriver, GroupPanel, Population
from churnkit.results.rows import rows_of
from churnkit.results.segments import GroupFigures
from churnkit.roi import Planner
from churnkit.segments import SEGMENTS, describe_groups, value_band
from churnkit.segments.bands import FIGURES
from churnkit.segments.distinctions import Apart, distinctions
from churnkit.segments.group_actions import SEGMENT_ACTIONS, group_action
from churnkit.segments.significance import holm, welch
from churnkit.segments.standing import ACTIVE, risk_tier
from churnkit.services.decide.group_panel_words import panel_words, two_values
from churnkit.services.decide.panel_source import PanelSource, panel_source
from churnkit.services.decide.recommendation import default_assumptions
from churnkit.services.decide.recoverable import recoverable

MIN_COMPARED = 20
MOST_DRIVERS, MOST_DISTINCTIONS = 3, 4
LEVEL = 0.05
TOO_FEW = (
    f"Fewer than {MIN_COMPARED} of its customers, or of the others, have the same status: too few to say what drives"
    " them."
)
ALIKE = "No theme moves their probability of leaving beyond chance away from that of the others."
# Of the future, or no figure at all.
_WORDLESS = ("cutoff", "customer_id", "churned", "orders_next", "spend_next")
# Windows of days say when, as recency does; ranks and tastes say nothing that reads.
_NO_NEWS = re.compile(r".*_\d+d|.*_rank|product_factor_\d+|btyd_.*")
ALL_LAPSED = (
    "What a contact with the lapsed brings is not known before a campaign with customers left out for comparison has"
    " measured it."
)


def segment_panels(source: PanelSource, segment: np.ndarray | None = None) -> tuple[GroupPanel, ...]:
    """Of the RFM segments that have customers, the best first.

    Parameters
    ----------
    segment
        Segments by a reader's own bands, shape (n,) in the order of the customers; the run's own by default.
    """
    groups = source.customers["segment"].to_numpy(dtype=object) if segment is None else segment
    return _Desk(source, groups, FIGURES).panels(SEGMENTS, SEGMENT_ACTIONS)


def found_group_panels(results: Results) -> tuple[GroupPanel, ...]:
    """Of the groups that K-Means found, in their order; empty where there are none."""
    told, actions = results.segments, results.actions
    if told is None or actions is None or isinstance(told.clusters, Missing):
        return ()
    found = told.clusters.value
    cluster = actions.set_index("customer_id")["cluster"]
    groups = results.customers["customer_id"].map(cluster).to_numpy(dtype=object)
    made_by = [one.feature for one in found.features]
    return _Desk(panel_source(results), groups, made_by).panels(
        {one.group: one.words for one in found.groups}, {}
    )


class _Desk:
    """Customers with what every panel needs."""

    def __init__(self, source: PanelSource, groups: np.ndarray, made_by: Sequence[str]) -> None:
        self.source, self.groups, self.made_by = source, groups, made_by
        self.customers, self.rows, self.money = source.customers, source.rows, source.money
        self.active = (self.customers["status"] == ACTIVE).to_numpy()
        among: dict[Population, np.ndarray] = {"active": self.active, "lapsed": ~self.active}
        self.pushes = {
            name: GroupPushes(source.contributions[some], self.rows[some]) for name, some in among.items()
        }
        self.assumptions = default_assumptions(self.customers, self.money, source.currency)
        self.planner = Planner.of(
            self.customers[self.active], source.uncertainty, self.money.margin, self.money.success_by_tier
        )
        self.gains = self.planner.gains(self.assumptions)

    def panels(self, about: Mapping[str, str], actions: Mapping[str, str]) -> tuple[GroupPanel, ...]:
        """One for each group of ``about`` that has customers, in its order; ``actions`` by name, else by risk and value."""
        table = describe_groups(self.customers, self.groups, order=list(about))
        apart = distinctions(self.rows, self.groups, self._told_apart_by(), self.made_by)
        return tuple(
            self._panel(one, about[one.group], actions.get(one.group), apart[one.group])
            for one in rows_of(GroupFigures, table)
        )

    def _told_apart_by(self) -> list[str]:
        names = [
            str(name)
            for name in self.rows.columns
            if name not in _WORDLESS and not same_for_everybody(str(name))
        ]
        return [n for n in names if feature(n).kind != "category" and not _NO_NEWS.fullmatch(n)]

    def _panel(
        self, figures_of: GroupFigures, about: str, action: str | None, apart: Sequence[Apart]
    ) -> GroupPanel:
        inside = self.groups == figures_of.group
        population, drivers = self._drivers(inside)
        panel = GroupPanel(
            figures=figures_of,
            about=about,
            population=population,
            drivers=drivers,
            distinctions=self._distinctions(inside, apart),
            recoverable=recoverable(self.money, figures_of.value_at_risk, self.source.no_risk),
            action=action or self._action(figures_of, inside),
            outcome=self._outcome(inside),
            words=(),
        )
        return replace(panel, words=panel_words(panel, self.source.currency))

    def _drivers(self, inside: np.ndarray) -> tuple[Population, Found[tuple[GroupDriver, ...]] | Missing]:
        """Themes that move the group's probability beyond chance: Welch's test, corrected by Holm."""
        is_active = bool((inside & self.active).sum() >= MIN_COMPARED)
        population: Population = "active" if is_active else "lapsed"
        among = self.active if is_active else ~self.active
        own = inside[among]
        if min(own.sum(), (~own).sum()) < MIN_COMPARED:
            return population, Missing(TOO_FEW)
        pushes = self.pushes[population].of(own)
        p_values = np.array([welch(one.each_own, one.each_other).p_value for one in pushes])
        sure = [one for one, p in zip(pushes, holm(p_values), strict=True) if p < LEVEL]
        if not sure:
            return population, Missing(ALIKE)
        rows = self.rows[among]
        return population, Found(tuple(self._driver(one, rows, own) for one in sure[:MOST_DRIVERS]))

    def _driver(self, push: ThemePush, rows: pd.DataFrame, own: np.ndarray) -> GroupDriver:
        values, name = ("", ""), push.fact
        if name is not None:
            values = two_values(name, rows.loc[own, name], rows.loc[~own, name], self.source.currency)
        return GroupDriver(
            theme=GROUPS[push.theme],
            push=push.push,
            fact=feature(name).label if name and values[0] else "",
            own=values[0],
            others=values[1],
        )

    def _distinctions(self, inside: np.ndarray, apart: Sequence[Apart]) -> tuple[Distinction, ...]:
        """The clearest one of each theme."""
        clearest: dict[str, Apart] = {}
        for one in apart:
            clearest.setdefault(feature(one.name).group, one)
        told = []
        for one in clearest.values():
            column = self.rows[one.name]
            own, others = two_values(one.name, column[inside], column[~inside], self.source.currency)
            if own != others:
                label = feature(one.name).label
                told.append(Distinction(label=label, own=own, others=others, p_above=one.p_above))
        return tuple(told[:MOST_DISTINCTIONS])

    def _action(self, figures_of: GroupFigures, inside: np.ndarray) -> str:
        """By the tier of the mean probability and the band of the mean value if kept."""
        proven = self.source.no_risk is None
        mean_p = np.array([figures_of.mean_p_churn])
        tier = risk_tier(mean_p, np.array([True]), self.source.tiers, proven=proven)[0]
        kept = self.customers["clv_if_kept"].to_numpy(dtype=float)
        value = value_band(np.append(kept, kept[inside].mean()))[-1]
        return group_action(figures_of.active / figures_of.customers, tier, str(value))

    def _outcome(self, inside: np.ndarray) -> Found[Outcome] | Missing:
        if self.source.no_advice is not None:
            return Missing(self.source.no_advice)
        if not inside[self.active].any():
            return Missing(ALL_LAPSED)
        pays = inside[self.active] & (self.gains > 0)
        if not pays.any():
            return Missing("Contacting any of them is not expected to bring more than it costs.")
        return Found(self.planner.outcome_of(self.assumptions, pays))


def panel_table(panels: Sequence[GroupPanel]) -> pd.DataFrame:
    """Panels as a table for a file, one row a group: figures, what could be kept, what a contact brings, the sentences."""
    return pd.DataFrame([_row(panel) for panel in panels])


def _row(panel: GroupPanel) -> dict[str, object]:
    kept = panel.recoverable.value if isinstance(panel.recoverable, Found) else None
    outcome = panel.outcome.value if isinstance(panel.outcome, Found) else None
    sentences = dict(zip(("who", "drivers", "apart", "money", "to_do"), panel.words, strict=True))
    return {
        **asdict(panel.figures),
        "recoverable_low": kept.low if kept else None,
        "recoverable_high": kept.high if kept else None,
        "recoverable_rate_from": kept.source if kept else None,
        "contacts_that_pay": outcome.contacted if outcome else None,
        "net_of_contacts": outcome.net.value if outcome else None,
        **sentences,
    }
