"""What one analysis says in all its places: every figure that occurs on more than one page, or in a file too.

A place writes its figure as it shows it; a file's number is written the way that its page writes it. Whatever does not
agree is a question with two answers.
"""

from __future__ import annotations

import io
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import openpyxl
import pandas as pd
from streamlit.testing.v1 import AppTest

from churnkit.reports.document import Block, KeyFigure, KeyFigures
from churnkit.results.campaign_money import Scenario
from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.services.decide.next_best_action import TODAY, ActionDesk
from churnkit.services.decide.reach import reach_of
from churnkit.services.deliver.report_files import build_report, document
from churnkit.services.whatif.simulate import Desk
from churnkit.text.figures import count, money, short_money

PAGES_WITH_MONEY = ("dashboard", "customers", "actions", "whatif", "campaigns", "segments", "reports")
_TIERS = ("high", "medium", "low")

Answers = dict[str, dict[str, str]]
"""Question -> place -> what it says."""


def differences(found: Answers) -> Answers:
    """The questions with more than one answer."""
    return {question: places for question, places in found.items() if len(set(places.values())) > 1}


def answers(app: AppTest, results: Results) -> Answers:
    """Every question that has an answer in two places or more.

    Parameters
    ----------
    app
        On an analysis with proof, run once.
    results
        That analysis.
    """
    found: Answers = defaultdict(dict)
    sources = (
        _pages(app, results),
        _documents(results),
        _tables(results),
        _workbook(results),
        _report(results),
        _desks(results),
    )
    for source in sources:
        for question, place, text in source:
            found[question][place] = plain(text)
    return dict(found)


def plain(text: str) -> str:
    """Without Markdown's marks and with one kind of space."""
    return re.sub(r"\s+", " ", text.replace("\\", "").replace("*", "")).strip()


Said = Iterator[tuple[str, str, str]]


def open_page(app: AppTest, name: str) -> AppTest:
    app.switch_page(f"pages/{name}.py").run()
    assert not app.exception, (name, app.exception)
    return app


def metrics(app: AppTest) -> dict[str, str]:
    return {str(metric.label): str(metric.value) for metric in app.metric}


def _pages(app: AppTest, results: Results) -> Said:
    yield from _home(open_page(app, "dashboard"))
    # Home shows last year and the next side by side to experts alone.
    app.session_state["expert"] = True
    for name in PAGES_WITH_MONEY:
        open_page(app, name)
        strip = [str(part.value) for part in app.markdown if str(part.value).startswith(":small[")]
        assert len(strip) == 4, (name, strip)
        yield "last year and the next", name, " | ".join(strip)
        if name == "dashboard":
            yield "active customers", "Home, expert", metrics(app)["Active customers"]
            yield "leavers", "Home, expert", metrics(app)["Expected to leave"]
        elif name == "customers":
            (totals,) = [str(p.value) for p in app.markdown if "expected to leave" in str(p.value)]
            numbers = re.findall(r"\*\*(.+?)\*\*", totals)
            yield "customers", name, numbers[0]
            yield "leavers", name, numbers[1]
            yield "at risk, in full", name, numbers[2]
            yield "first customer", name, _first(app)
        elif name == "actions":
            shown = metrics(app)
            yield "net of the first hundred", name, shown["Net in a year"]
            yield "cost of the first hundred", name, shown["Cost"]
            yield "first customer", name, _first(app)
        elif name == "whatif":
            yield from _what_if(app, results)
        elif name == "campaigns":
            yield "first customer", name, _first(app)


def _first(app: AppTest) -> str:
    return str(app.dataframe[0].value["customer_id"].iloc[0])


def _home(app: AppTest) -> Said:
    shown = metrics(app)
    words = plain(" ".join(str(part.value) for part in app.markdown))
    (active,) = re.findall(r"Of (\S+) active customers? ", words)
    (money_words,) = re.findall(r"costs about (\S+) and brings (\S+) net", words)
    yield "active customers", "Home", active
    yield "leavers", "Home", shown["Expected to leave"]
    yield "at risk", "Home", shown["Revenue at risk"]
    yield "contacts", "Home", shown["Recommended"].removeprefix("contact ")
    yield "cost", "Home", money_words[0]
    yield "net", "Home", money_words[1]


def _what_if(app: AppTest, results: Results) -> Said:
    app.button(key="take_recommended").click().run()
    shown = metrics(app)
    yield "cost", "whatif", shown["Cost"]
    yield "net", "whatif", shown["Net in a year"]
    app.number_input(key="plan_exact").set_value(_worth_a_contact(results)).run()
    shown = metrics(app)
    yield "cost of the first hundred", "whatif", shown["Cost"]
    yield "net of the first hundred", "whatif", shown["Net in a year"]
    app.session_state["whatif_tab"] = "Value at risk"
    app.run()
    table = app.dataframe[0].value
    added, whole = float(table["value_at_risk"].sum()), float(results.customers["value_at_risk"].sum())
    # Each row is shown in whole units, so it is off by half of one at most.
    total = whole if abs(added - whole) <= len(table) / 2 else added
    yield "at risk, in full", "whatif by tier", money(total, results.currency)


def _worth_a_contact(results: Results) -> int:
    """As many as the page of actions lists: a hundred, or fewer where fewer are expected to pay."""
    desk = ActionDesk(results, reach_of(results))
    return len(desk.rank(desk.usual, min(TODAY, len(desk.customers))).table)


def _documents(results: Results) -> Said:
    summary, evidence, currency = results.summary, results.evidence, results.currency
    assert isinstance(summary.money.at_risk, Found)
    assert isinstance(evidence.revenue_at_risk, Found)
    assert isinstance(evidence.recommended, Found)
    totals = summary.customers
    yield "customers", "summary.json", count(totals.count)
    yield "active customers", "summary.json", count(totals.active.customers)
    yield "leavers", "summary.json", count(totals.active.expected_leavers)
    yield "at risk", "summary.json", short_money(summary.money.at_risk.value.value, currency)
    yield "at risk, in full", "summary.json, active", money(totals.active.value_at_risk, currency)
    yield "at risk", "evidence.json", short_money(evidence.revenue_at_risk.value.value, currency)
    outcome = evidence.recommended.value.outcome
    yield "contacts", "evidence.json", count(outcome.contacted)
    yield "net", "evidence.json", short_money(outcome.net.value, currency)
    yield "cost", "evidence.json", short_money(outcome.cost.value, currency)
    yield (
        "contact cost",
        "evidence.json",
        money(evidence.recommended.value.assumptions.contact_cost, currency),
    )
    if evidence.recommended.value.first is not None and _worth_a_contact(results) == TODAY:
        first = evidence.recommended.value.first
        yield "net of the first hundred", "evidence.json", short_money(first.net.value, currency)
        yield "cost of the first hundred", "evidence.json", short_money(first.cost.value, currency)
    for tier in evidence.tiers:
        total = getattr(totals.tiers, tier.tier)
        yield f"{tier.tier} risk", "evidence.json", count(tier.customers)
        yield f"{tier.tier} risk", "summary.json", count(total.customers)
        yield f"at {tier.tier} risk", "evidence.json", money(tier.value_at_risk, currency)
        yield f"at {tier.tier} risk", "summary.json", money(total.value_at_risk, currency)


def _tables(results: Results) -> Said:
    scores = pd.read_csv(io.BytesIO(build_report(results, "scores", "x")), dtype={"customer_id": str})
    assert scores["rank"].tolist() == list(range(1, len(scores) + 1))
    active = scores[scores["status"] == "active"]
    yield "customers", "scores.csv", count(len(scores))
    yield "active customers", "scores.csv", count(len(active))
    yield "leavers", "scores.csv", count(float(active["p_churn"].sum()))
    yield "at risk", "scores.csv", short_money(float(scores["value_at_risk"].sum()), results.currency)
    yield "at risk, in full", "scores.csv", money(float(scores["value_at_risk"].sum()), results.currency)
    yield "first customer", "scores.csv", str(scores["customer_id"].iloc[0])
    for tier in _TIERS:
        some = scores[scores["risk_tier"] == tier]
        yield f"{tier} risk", "scores.csv", count(len(some))
        yield f"at {tier} risk", "scores.csv", money(float(some["value_at_risk"].sum()), results.currency)
    if results.segments is not None:
        groups = results.segments.groups
        yield "customers", "segments", count(sum(group.customers for group in groups))
        yield "active customers", "segments", count(sum(group.active for group in groups))
        yield "leavers", "segments", count(sum(group.expected_leavers for group in groups))
        at_risk = sum(group.value_at_risk for group in groups)
        yield "at risk, in full", "segments", money(at_risk, results.currency)
        grid = results.segments.grid
        for tier in _TIERS:
            inside = sum(field.customers for field in grid if field.tier == tier)
            yield f"{tier} risk", "segments' grid", count(inside)


def _workbook(results: Results) -> Said:
    book = openpyxl.load_workbook(io.BytesIO(build_report(results, "xlsx", "x")), read_only=True)
    rows: dict[str, Any] = {}
    for row in book["Summary"].iter_rows(values_only=True):
        if len(row) > 1:
            rows.setdefault(str(row[0]).strip(), row[1])
    yield "customers", "workbook", count(rows["Customers"])
    yield "active customers", "workbook", count(rows["Active customers"])
    yield "at risk", "workbook", short_money(rows["Revenue at risk"], results.currency)
    yield "contacts", "workbook", count(rows["Customers to contact"])
    yield "net", "workbook", short_money(rows["Net gain"], results.currency)
    for tier in _TIERS:
        yield f"{tier} risk", "workbook", count(rows[f"{tier.capitalize()} risk: active customers"])
    lines = list(book["Customers"].iter_rows(values_only=True))
    header = next(i for i, line in enumerate(lines) if "Customer" in line)
    yield "first customer", "workbook", str(lines[header + 1][lines[header].index("Customer")])


def _report(results: Results) -> Said:
    report = document(results, "x")
    said: dict[str, KeyFigure] = {}
    for section in report.sections:
        for figure in _key_figures(section.blocks):
            said.setdefault(figure.label, figure)
    yield "active customers", "report", said["Active customers"].value
    yield "leavers", "report", said["Expected to leave"].value
    yield "at risk", "report", said["Revenue at risk"].value
    yield "contacts", "report", said["Customers to contact"].value
    yield "net", "report", said["Net gain"].value
    yield "cost", "report", said["Cost"].value


def _key_figures(blocks: tuple[Block, ...]) -> Iterator[KeyFigure]:
    for block in blocks:
        if isinstance(block, KeyFigures):
            yield from block.cards


def _desks(results: Results) -> Said:
    desk, actions = Desk(results), ActionDesk(results, reach_of(results))
    usual = Scenario(name="", customers=_worth_a_contact(results), assumptions=desk.defaults)
    targets = desk.targets(usual, None)
    yield "first customer", "targets.csv", str(targets["customer_id"].iloc[0])
    yield "active customers", "whatif", count(desk.count)
    yield "contact cost", "whatif", money(desk.defaults.contact_cost, results.currency)
    yield "the first hundred", "targets.csv", " ".join(targets["customer_id"])
    listed = actions.rank(actions.usual, len(targets)).table["customer_id"]
    yield "the first hundred", "actions", " ".join(listed)
    first = results.customers.sort_values("rank")["customer_id"].head(len(listed))
    yield "the first hundred", "scores.csv", " ".join(first)
