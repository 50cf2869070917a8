"""The report on Mondays: a PDF of who moved and whom to contact first, queued as mail for whoever wants it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd

from churnkit.alerts.digest import one_line
from churnkit.config import MailSettings
from churnkit.errors import ConflictError
from churnkit.reports.code_words import TIER_WORDS
from churnkit.reports.document import (
    Block,
    Callout,
    Heading,
    KeyFigure,
    KeyFigures,
    ReportDocument,
    Section,
    Table,
    TableColumn,
    Text,
)
from churnkit.reports.mail import Mail, MailItem, MailPart, render_mail
from churnkit.reports.sections.registry_table import registry_table
from churnkit.results.folders import Results
from churnkit.services.alerts.letters import ends_of, message_id_of
from churnkit.services.alerts.subscribing import require_mail
from churnkit.services.decide.freshness import SAMPLE, Stale, freshness
from churnkit.services.decide.short_history import short_history
from churnkit.services.look.sample_shops import is_sample
from churnkit.services.since.changes import Changes, compare_runs
from churnkit.services.since.earlier_runs import earlier_runs, is_same_model
from churnkit.services.worklist.left_alone import left_alone
from churnkit.services.worklist.listed import worklist_rows
from churnkit.services.workspace.brand import load_brand
from churnkit.services.workspace.workspace_preferences import load_preferences
from churnkit.store import NewMessage, Run, Store, Subscription
from churnkit.text import figures
from churnkit.text.locale import using

MOST_CONTACTS = 25
_CONTACTS = {
    "customer_id": 2.9,
    "p_churn": 0.8,
    "risk_tier": 1.1,
    "value_at_risk": 1.1,
    "last_purchase_at": 1.2,
    "factor_1": 3.0,
}
FolderOf = Callable[[Run], Path]


@dataclass(frozen=True)
class Report:
    """A shop's report: the document, and what the mail around it says in sentences."""

    document: ReportDocument
    lines: tuple[str, ...]


def send_report(
    store: Store, shop_id: str, folder_of: FolderOf, *, at: datetime, only: str | None = None
) -> int:
    """Queue a shop's report for everybody who wants it; how many mails. On one day it goes to nobody twice.

    Parameters
    ----------
    store
        A tenant's, as the program sees it.
    only
        A subscription that alone gets it.

    Raises
    ------
    ConflictError
        Nobody wants a report, or the shop has no results yet.
    SettingsError
        The server sends no mail.
    """
    settings = require_mail()
    wanted = [
        one
        for tenant_id, one in store.mailbox.subscriptions()
        if tenant_id == store.tenant_id
        and one.with_report
        and one.shop_id in (None, shop_id)
        and only in (None, one.subscription_id)
    ]
    if not wanted:
        raise ConflictError(
            "Sending the report: nobody has asked for it.",
            "Enter an address under Settings, Alerts, and tick the report.",
        )
    with using(load_preferences(store).locale):
        report = report_of(store, shop_id, folder_of, today=at)
        pdf = _pdf(report.document)
        return sum(
            store.mailbox.queue(
                store.tenant_id, one.subscription_id, _message(one, shop_id, report, pdf, settings, at), at=at
            )
            for one in wanted
        )


def report_of(store: Store, shop_id: str, folder_of: FolderOf, *, today: datetime) -> Report:
    """What the report of a shop says.

    Raises
    ------
    ConflictError
        The shop has no results yet.
    DataError
        A file of its results is missing or damaged.
    """
    shop = store.shops.get(shop_id)
    runs = [run for run in store.runs.of_session(shop_id) if not run.is_challenger]
    session = store.sessions.get(shop_id)
    shown = next((run for run in runs if run.run_id == session.run_id), None)
    if shown is None:
        raise ConflictError("Making the report: the shop has no results yet.", "Run its analysis first.")
    told = load_preferences(store).currency
    now = Results(folder_of(shown), told)
    before = next(iter(earlier_runs(runs, shown)), None)
    changes = (
        None
        if before is None
        else compare_runs(Results(folder_of(before), told), now, same_model=is_same_model(before, shown))
    )
    notices = _notices(now, store.uploads.get(session.upload_id).filename, today)
    lines = (*notices, *_lines(now, changes))
    sections = (
        Section("moved", "What moved", tuple(_moved(now, changes, notices))),
        Section("contact", "Whom to contact first", tuple(_contacts(store, shop_id, now, today))),
    )
    title = f"Report of {figures.day(today)}"
    facts = (f"Customers as of {figures.day(now.cutoff)}, threshold {figures.days(now.horizon_days)}.",)
    document = ReportDocument(title, shop.name, facts, sections, f"{title}: {shop.name}")
    return Report(document.of_shop("", load_brand(store).logo), lines)


def _notices(now: Results, filename: str, today: datetime) -> tuple[str, ...]:
    age = freshness(now.summary.question.cutoff.date(), now.horizon_days, today.date())
    if is_sample(filename):
        return (SAMPLE,)
    short = short_history(now.summary)
    return (*((age.words,) if isinstance(age, Stale) else ()), *(() if short is None else (short,)))


def _lines(now: Results, changes: Changes | None) -> tuple[str, ...]:
    """What happened, in sentences without any customer."""
    if changes is None:
        active = now.summary.customers.active.customers
        return (
            f"{figures.counted(active, 'customer')} active. There is no earlier version to compare with yet.",
        )
    lines = [
        f"{figures.counted(changes.active, 'customer')} active, {figures.count(changes.active_before)} as of"
        f" {figures.day(changes.before)}.",
    ]
    if changes.tells_tiers:
        lines.append(
            f"{figures.count(changes.leaving)} at high risk, {figures.count(changes.leaving_before)} then."
        )
    lines += [
        f"{row['title']}: {figures.count(row['customers'])}."
        for row in changes.moves.to_dict("records")
        if not row["move"].startswith("still_")
    ]
    return (*lines, *changes.notes)


def _moved(now: Results, changes: Changes | None, notices: tuple[str, ...]) -> list[Block]:
    blocks: list[Block] = [Callout("Before you act", notices, "weak")] if notices else []
    if changes is None:
        return [*blocks, Text(_lines(now, None)[0], "lead")]
    cards = [
        KeyFigure(
            "Active customers", figures.count(changes.active), f"{figures.count(changes.active_before)} then"
        ),
    ]
    if changes.tells_tiers:
        cards.append(
            KeyFigure(
                "At high risk",
                figures.count(changes.leaving),
                f"{figures.count(changes.leaving_before)} then",
            )
        )
    if changes.at_risk is not None:
        then = (
            ""
            if changes.at_risk_before is None
            else figures.short_money(changes.at_risk_before, now.currency)
        )
        cards.append(
            KeyFigure(
                "Value at risk", figures.short_money(changes.at_risk, now.currency), then and f"{then} then"
            )
        )
    rows = tuple(
        (
            row["title"],
            figures.count(row["customers"]),
            figures.money(row["spent_since"], now.currency),
            figures.money(row["clv"], now.currency),
        )
        for row in changes.moves.to_dict("records")
    )
    heads = ("Customers", "Spent since", "Worth in the next year")
    columns = (TableColumn("", weight=2), *(TableColumn(head, "right") for head in heads))
    since = f"Since {figures.day(changes.before)}"
    return [
        *blocks,
        KeyFigures(tuple(cards)),
        Heading(since),
        Table(columns, rows),
        *(Text(note, "soft") for note in changes.notes),
    ]


def _contacts(store: Store, shop_id: str, now: Results, today: datetime) -> list[Block]:
    """Who stands on the work list to be contacted, else the first by rank whom nobody has contacted lately."""
    listed = worklist_rows(store, shop_id, now)
    rows = listed[(listed["state"] == "to_do") & listed["p_churn"].notna()]
    words = "These customers stand on the work list to be contacted; those with most at risk come first."
    if rows.empty:
        away = left_alone(store, shop_id, today.date())
        ranked = now.customers[now.customers["risk_tier"].notna()].sort_values("rank")
        rows = ranked[away.others(ranked["customer_id"])]
        words = (
            "Nobody stands on the work list to be contacted. These are the first by what a contact is expected to gain;"
            " customers of campaigns under way, and those contacted lately, are left out."
        )
    if rows.empty:
        return [Text("There is nobody to contact.", "soft")]
    table = registry_table(
        _CONTACTS,
        rows.head(MOST_CONTACTS).to_dict("records"),
        currency=now.currency,
        titles={"p_churn": "Churn", "risk_tier": "Tier"},
        risk_tier=lambda tier: "lapsed" if pd.isna(tier) else TIER_WORDS[tier].removesuffix(" risk"),
    )
    return [Text(words), table]


def _message(
    subscription: Subscription, shop_id: str, report: Report, pdf: bytes, settings: MailSettings, at: datetime
) -> NewMessage:
    url = settings.url.rstrip("/")
    name = one_line(report.document.subtitle)
    subject = f"{name}: {report.document.title}"
    item = MailItem("Since last time", report.lines)
    part = MailPart(name, (item,), f"{url}/dashboard?analysis={shop_id}", "Open the shop")
    closing = ("The PDF beside this names customers: keep it to whoever may see them.",)
    plain, html = render_mail(Mail(subject, (part,), closing, *ends_of(subscription, url)))
    day = at.astimezone(ZoneInfo(subscription.time_zone)).date().isoformat()
    key = message_id_of(subscription.subscription_id, f"report {shop_id} {day}")
    return NewMessage(key, shop_id, subject, plain, html, pdf, f"report-{day}.pdf")


def _pdf(document: ReportDocument) -> bytes:
    from churnkit.reports.pdf import render_pdf

    return render_pdf(document)
