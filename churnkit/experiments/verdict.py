"""A readout in words: first what to believe, then why, then the money."""

from __future__ import annotations

from collections.abc import Sequence

from churnkit.results.campaign_money import Assumptions, Outcome
from churnkit.results.found import Found
from churnkit.results.interval import Interval
from churnkit.results.readout_figures import Effect, Readout, TierRate
from churnkit.text import figures

HEADLINES = {
    "worked": "The campaign kept customers.",
    "harmed": "The campaign drove customers away.",
    "unclear": "No effect can be told from chance.",
}
# An adjustment that takes out less of the variance is not told.
_WORTH_A_WORD = 0.01


def verdict(
    readout: Readout, assumptions: Assumptions, promise: Outcome, currency: str | None
) -> tuple[str, ...]:
    """Sentences for the reader, the headline first."""
    told = [_headline(readout), _conversion(readout)]
    if readout.revenue is not None:
        told.append(_revenue(readout.revenue, readout.complete, currency))
    told.append(_against_promise(readout, promise, currency))
    if readout.save_rate is not None:
        told.append(_save_rate(readout.save_rate.rate, assumptions))
    if readout.by_tier:
        told.append(f"{tier_words(readout.by_tier)} The next plan counts with each tier's own.")
    return (*told, *readout.notes)


def _headline(readout: Readout) -> str:
    headline = HEADLINES[readout.grade]
    if readout.complete:
        return headline
    day = figures.count(int(readout.elapsed_days))
    so_far = {
        "unclear": f"Too early to tell: day {day} of {readout.horizon_days}.",
        "worked": f"{headline} That holds already on day {day} of {readout.horizon_days}.",
        "harmed": f"{headline} That holds already on day {day} of {readout.horizon_days}: stop it.",
    }
    return so_far[readout.grade]


def _conversion(readout: Readout) -> str:
    found = readout.conversion
    interval = found.interval(readout.complete)
    return (
        f"{figures.percent(found.treated)} of {figures.count(readout.treated)} contacted customers bought, against"
        f" {figures.percent(found.held_out)} of {figures.count(readout.held_out)} left out for comparison:"
        f" {_points(interval)}{'' if readout.complete else ', however often one looks'}."
    )


def _revenue(found: Effect, complete: bool, currency: str | None) -> str:
    interval = found.interval(complete)
    text = (
        f"Revenue per customer is {figures.money(found.treated, currency)} against"
        f" {figures.money(found.held_out, currency)}: {_signed_money(interval.value, currency)}"
        f" ({_range_money(interval, currency)})."
    )
    if found.cap is not None:
        text += f" A customer counts up to {figures.money(found.cap, currency)}, so that a few large buyers do not decide."
    match found.adjusted:
        case Found(adjusted) if adjusted.variance_reduction > _WORTH_A_WORD:
            text += (
                f" With what was known of each customer before taken into account, it is"
                f" {_signed_money(adjusted.effect.value, currency)}"
                f" ({_range_money(adjusted.effect, currency)};"
                f" {figures.percent(adjusted.variance_reduction)} less noise)."
            )
    return text


def _against_promise(readout: Readout, promise: Outcome, currency: str | None) -> str:
    money = readout.realised
    text = (
        f"Expected were {_customers(promise.saves.value)} who stay because of it and"
        f" {figures.money(promise.net.value, currency)} net over 365 days; measured are {_customers(money.saves.value)}"
        f" ({_range_count(money.saves)})"
    )
    text += f", worth {figures.money(money.year_net.value, currency)} net on the same terms"
    text += f" (return on cost {figures.percent(money.year_roi)})" if money.year_roi is not None else ""
    if money.window_net is not None:
        text += (
            f". In the window itself the contacts brought {figures.money(money.window_net.value, currency)} net"
            f" ({_range_money(money.window_net, currency)})"
        )
        if money.window_discounts:
            text += f", after an expected {figures.money(money.window_discounts, currency)} of discounts"
    return text + "."


def _save_rate(rate: Interval, assumptions: Assumptions) -> str:
    return (
        f"Of those about to leave, {figures.percent(rate.value)} were kept ({figures.percent(rate.low)} to"
        f" {figures.percent(rate.high)}); {figures.percent(assumptions.save_rate)} had been assumed. The next plan"
        " starts from the measured rate."
    )


def tier_words(rates: Sequence[TierRate]) -> str:
    """Save rates by tier as they were measured, in one sentence."""
    told = [
        f"{figures.percent(one.rate.value)} of the {one.tier} tier ({figures.percent(one.rate.low)} to"
        f" {figures.percent(one.rate.high)})"
        for one in rates
    ]
    return f"The risk tiers differ by more than chance: kept were {', '.join(told)}."


def _points(interval: Interval) -> str:
    def written(share: float) -> str:
        return figures.points(share)

    return (
        f"{written(interval.value)} percentage points ({written(interval.low)} to {written(interval.high)})"
    )


def _customers(count: float) -> str:
    return f"{figures.decimal(count, 1)} customers"


def _range_count(interval: Interval) -> str:
    return f"{figures.decimal(interval.low, 1)} to {figures.decimal(interval.high, 1)}"


def _signed_money(value: float, currency: str | None) -> str:
    return ("+" if value > 0 else "") + figures.money(value, currency)


def _range_money(interval: Interval, currency: str | None) -> str:
    return f"{figures.money(interval.low, currency)} to {figures.money(interval.high, currency)}"
