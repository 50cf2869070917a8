"""``whatif``: a campaign on paper, for customers that an analysis has scored."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.errors import DataError
from churnkit.text import figures

if TYPE_CHECKING:
    import pandas as pd

    from churnkit.results.campaign_money import Assumptions, Outcome
    from churnkit.results.whom import Grouping, Whom
    from churnkit.services.whatif.played import GroupEffect


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Enter the command."""
    parser = commands.add_parser(
        "whatif",
        help="what a campaign for some of the customers would cost, keep and bring",
        description="Use it before money is spent: “20 % off for the segment At risk: how many stay, what is a customer"
        " worth then, and what does that hang on?” Shares are given as 0..1.",
    )
    parser.add_argument("folder", type=Path, metavar="DIR", help="what analyze --output has written")
    whom = parser.add_mutually_exclusive_group()
    whom.add_argument("--tier", choices=("high", "medium", "low"), help="customers of this risk tier")
    whom.add_argument("--segment", metavar="NAME", help="customers of this RFM segment, as “At risk”")
    parser.add_argument("--lapsed", action="store_true", help="the lapsed too, to win them back")
    parser.add_argument("--customers", type=int, metavar="N", help="the best N of them (default: all)")
    parser.add_argument("--budget", type=float, metavar="MONEY", help="contacts and discounts at most")
    parser.add_argument("--discount", type=float, metavar="S", help="given away on the next order")
    parser.add_argument(
        "--save-rate", type=float, metavar="S", help="of those who would leave, the share that stays"
    )
    parser.add_argument("--contact-cost", type=float, metavar="MONEY", help="for each customer")
    parser.add_argument("--targets", type=Path, metavar="CSV", help="write whom to contact, best first")
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    from churnkit.reports.csv_files import write_csv
    from churnkit.results.campaign_money import Scenario
    from churnkit.services.decide.chosen_customers import whom_words
    from churnkit.services.whatif.analysed_folder import open_analysed
    from churnkit.services.whatif.hangs_on import swing_table, swings_of, widest_words
    from churnkit.services.whatif.simulate import Desk

    analysed = open_analysed(options.folder)
    desk, currency = Desk(analysed), analysed.currency
    scenario = Scenario(
        name="",
        customers=options.customers,
        budget=options.budget,
        whom=_whom(options),
        assumptions=_assumed(desk.defaults, options),
    )
    _require_somebody(scenario.whom, desk.customers, int(desk.among(scenario.whom).sum()))
    play = desk.play(scenario)
    print(f"{whom_words(scenario.whom)}.")
    for line in _lines(play.outcome, play.group, currency):
        print(f"  {line}")
    swings = swings_of(desk, scenario)
    print(widest_words(swings, play.outcome.net.value, currency))
    for row in swing_table(swings, currency).to_dict("records"):
        ends = " to ".join(figures.short_money(row[name], currency) for name in ("net_low", "net_high"))
        print(f"  {row['what']}, {row['low']} to {row['high']} ({row['kind']}): net {ends}")
    if options.targets is not None:
        write_csv(desk.targets(scenario, None), options.targets)
        print(f"Written: {options.targets}")
    return 0


def _whom(options: argparse.Namespace) -> Whom:
    from churnkit.results.whom import Whom

    if options.tier:
        return Whom(kind="tier", name=options.tier)
    kind: Grouping = "segment" if options.segment else "everybody"
    return Whom(kind=kind, name=options.segment or "", lapsed=options.lapsed)


def _assumed(usual: Assumptions, options: argparse.Namespace) -> Assumptions:
    given = {name: getattr(options, name) for name in ("discount", "save_rate", "contact_cost")}
    return replace(usual, **{name: value for name, value in given.items() if value is not None})


def _require_somebody(whom: Whom, customers: pd.DataFrame, chosen: int) -> None:
    """Stop where nobody comes into question, with the segments there are."""
    if chosen:
        return
    there = ", ".join(sorted(set(customers["segment"].dropna())))
    raise DataError(
        f"Planning a campaign: somebody must be among those chosen from, but {whom.name or 'the shop'} has no"
        " such customer; the"
        f" segments of the active are {there}.",
        "Choose one of them, or take the lapsed too: --lapsed.",
    )


def _lines(outcome: Outcome, group: GroupEffect, currency: str | None) -> Iterator[str]:
    cash, (year, year_with) = partial(figures.short_money, currency=currency), group.year_each()
    contacted = f"contacted {figures.count(outcome.contacted)} of {figures.count(group.customers)}"
    yield f"{contacted}, cost {cash(outcome.cost.value)}"
    yield (
        f"stay: {figures.people(group.stay)} without it, {figures.people(group.stay_with.value)} with it"
        f" (80 %: {figures.people(group.stay_with.low)} to {figures.people(group.stay_with.high)})"
    )
    yield f"a customer's year: {cash(year)} without it, {cash(year_with.value)} with it, cost taken off"
    yield f"net {cash(outcome.net.value)} (80 %: {cash(outcome.net.low)} to {cash(outcome.net.high)})"
    if outcome.break_even_save_rate is not None:
        yield f"pays from a success rate of {figures.percent(outcome.break_even_save_rate)} on"
