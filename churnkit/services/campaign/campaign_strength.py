"""What the sizes of a campaign's arms can show."""

from __future__ import annotations

from dataclasses import dataclass

from churnkit.campaigns import CampaignPlan
from churnkit.experiments import detectable_rate, power_of
from churnkit.results.campaign_facts import DeclaredReadout
from churnkit.services.campaign.readable_size import USUAL_POWER
from churnkit.text import figures

# Below that, seeing nothing is the rule even where the campaign works.
_PERHAPS = 0.5


@dataclass(frozen=True)
class Strength:
    """What the campaign's sizes can show.

    Attributes
    ----------
    detectable_save_rate
        The smallest save rate that shows in 4 of 5 such campaigns; None when none up to 100 % does.
    power
        Chance that the assumed save rate shows, in [0, 1]; None without a holdout.
    """

    detectable_save_rate: float | None
    power: float | None

    @property
    def is_enough(self) -> bool:
        """Whether the assumed save rate shows often enough to plan with."""
        return self.power is not None and self.power >= USUAL_POWER

    @property
    def answer(self) -> str:
        """Whether the result will show, in a word or two."""
        if self.power is None:
            return "Cannot be seen"
        if self.is_enough:
            return "Yes"
        return "Perhaps" if self.power >= _PERHAPS else "Hardly"

    def words(self, save_rate: float) -> str:
        """What that means for the plan."""
        if self.power is None:
            return "With nobody left out for comparison nothing can be measured."
        rate = figures.percent(save_rate)
        text = f"If the success rate is {rate}, {figures.percent(self.power)} of such campaigns show it."
        if self.detectable_save_rate is None:
            return f"{text} So few customers cannot show even a success rate of 100 %."
        return f"{text} A success rate from {figures.percent(self.detectable_save_rate)} on shows in 4 of 5."


def strength(plan: CampaignPlan) -> Strength:
    """What can be seen with the plan's arms."""
    base, saved = plan.expected_base_rate, _reached_save(plan)
    expected = min(base + saved * plan.assumptions.save_rate, 1.0)
    treated, held_out = len(plan.treated), len(plan.held_out)
    if min(treated, held_out) == 0 or saved == 0:
        return Strength(None, None)
    # What decides is the interval of the look at the end.
    error = (plan.declared or DeclaredReadout()).final_error
    rate = detectable_rate(base, treated, held_out, alpha=error)
    least = None if rate is None else (rate - base) / saved
    return Strength(
        detectable_save_rate=least if least is not None and least <= 1 else None,
        power=power_of(base, expected, treated, held_out, alpha=error),
    )


def _reached_save(plan: CampaignPlan) -> float:
    """By how much the share that buys rises for each point of the save rate."""
    members = plan.members
    return plan.assumptions.reach * float((members["p_churn"] * members["savable"]).mean())
