"""Other assumptions about money on a finished analysis: what depends on them is worked out again beside the run.

A run's own files never change. Beside them, in ``priced/<digest of the assumptions>``, lie those that depend on money:
``customers.parquet``, ``summary.json``, ``evidence.json``, ``segments.json``. Everything else is read from the run. What
was tested at past dates, the tournament's choice by profit included, stays as it was tested.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import threading
import uuid
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from churnkit.config import Money
from churnkit.errors import disk_failures
from churnkit.results.codec import part_to_json
from churnkit.results.files import is_temporary, write_document, write_frame
from churnkit.results.folders import PRICED, SEGMENTS_FILE, Results
from churnkit.results.found import Found
from churnkit.roi import Uncertainty, uncertainty_from_backtest
from churnkit.text.figures import unit_around
from churnkit.text.locale import current, using

if TYPE_CHECKING:
    import pandas as pd

    from churnkit.results.evidence import EvidenceDocument
    from churnkit.results.money_strip import MoneyFigure
    from churnkit.results.summary import Summary

_MONEY_COLUMNS = ("clv", "clv_low", "clv_high", "clv_if_kept", "clv_if_lost", "value_at_risk")
# Two visitors who change assumptions at once are served one after the other; the later one's are kept.
_PRICING = threading.Lock()


def open_priced(folder: Path, currency: str | None, money: Money) -> Results:
    """A finished run under the assumptions ``money``, worked out now if that was not done before.

    A run of a version that did not know the active from the lapsed is worked out again under its own, too, and so is one
    whose currency was named after it was made: what it says about money then says in which.

    What depends on money is in memory when this returns, so that a reader goes on with it while somebody else changes
    the assumptions, and the older files are removed.

    Raises
    ------
    DataError
        A file of the run is missing or damaged.
    DiskError
        The disk is full, or the folder cannot be written.
    """
    with _PRICING:
        base = Results(folder, currency)
        target = priced_place(base, money)
        if target is not None and not target.exists():
            # Kept as an analysis writes it, for readers of every locale.
            with using(None):
                _price(Results(folder, currency), money, target)
        _remove_others(folder / PRICED, target)
        opened = base if target is None else Results(folder, currency, target)
        _ = opened.customers, opened.customers_path, opened.summary, opened.evidence, opened.segments
    return opened


def priced_place(base: Results, money: Money) -> Path | None:
    """Where a run under ``money`` lies; None for the run's own files, as it was made."""
    renamed = _renamed_currency(base)
    if money == base.summary.settings.money and base.tells_status and renamed is None:
        return None
    return base.folder / PRICED / digest(money, renamed)


def _renamed_currency(base: Results) -> str | None:
    """The currency that the owner named after the analysis was made: its sentences about money know another one, or none."""
    if base.facts.currency is not None or base.fallback_currency is None:
        return None
    advice = base.evidence.recommended
    told = [advice.value.words if isinstance(advice, Found) else advice.reason]
    if base.segments is not None:
        told += [one.words for one in base.segments.insights]
    with using(None):
        before, after = unit_around(base.fallback_currency, current())
    unit = (before or after).strip()
    return None if any(unit in words for words in told) else base.fallback_currency


def priced_folder(folder: Path) -> Path | None:
    """The assumptions under which a run was opened last; None for its own."""
    inside = folder / PRICED
    done = [path for path in inside.iterdir() if not is_temporary(path.name)] if inside.is_dir() else []
    return max(done, key=lambda path: path.stat().st_mtime_ns) if done else None


def digest(money: Money, currency: str | None = None) -> str:
    """A name for assumptions, and for a currency named later, that no others have."""
    text = json.dumps(part_to_json(money), sort_keys=True) + (currency or "")
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _price(base: Results, money: Money, target: Path) -> None:
    """Fill the folder ``target``: whole, or not at all."""
    draft = target.with_name(f".{uuid.uuid4().hex}.{PRICED}.{os.getpid()}.tmp")
    with disk_failures("Working out other assumptions"):
        draft.mkdir(parents=True)
        try:
            _write(base, money, draft)
            draft.replace(target)
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _write(base: Results, money: Money, draft: Path) -> None:
    # The server starts without the libraries that these bring.
    from churnkit.services.analyse.decisions.segment_findings import repriced_segments

    uncertainty = uncertainty_from_backtest(base.summary.backtest)
    factor = money.margin / base.summary.settings.money.margin
    customers = repriced_customers(base.customers, money, factor, base.currency, uncertainty)
    write_frame(customers, draft / "customers.parquet")
    write_document(_summary(base.summary, customers, money, factor), draft / "summary.json")
    write_document(_evidence(base, customers, money, factor), draft / "evidence.json", indent=None)
    segments = repriced_segments(Results(base.folder, base.currency, draft))
    if segments is not None:
        write_document(segments, draft / SEGMENTS_FILE, indent=None)


def repriced_customers(
    customers: pd.DataFrame, money: Money, factor: float, currency: str | None, uncertainty: Uncertainty
) -> pd.DataFrame:
    """The customers with their values times ``factor`` (new margin over old), in the order of the new worklist."""
    from churnkit.services.decide.worklist import rank_customers

    scaled = {name: (customers[name] * factor).round(2) for name in _MONEY_COLUMNS if name in customers}
    table = customers.assign(**scaled)
    table["rank"] = rank_customers(table, money, currency, uncertainty)
    return table.sort_values("rank", ignore_index=True)


def _summary(before: Summary, customers: pd.DataFrame, money: Money, factor: float) -> Summary:
    from churnkit.services.analyse.summing_up import customer_totals

    strip = before.money
    at_risk = strip.at_risk
    if isinstance(at_risk, Found):
        at_risk = Found(_times(at_risk.value, factor))
    return replace(
        before,
        customers=customer_totals(customers),
        money=replace(strip, at_risk=at_risk, margin=money.margin),
        settings=replace(before.settings, money=money),
    )


def _times(figure: MoneyFigure, factor: float) -> MoneyFigure:
    low, high = (None if end is None else end * factor for end in (figure.low, figure.high))
    return replace(figure, value=figure.value * factor, low=low, high=high)


def _evidence(base: Results, customers: pd.DataFrame, money: Money, factor: float) -> EvidenceDocument:
    from churnkit.forecast import past_survival
    from churnkit.services.analyse.evidence.ahead import Question, ahead
    from churnkit.services.analyse.evidence.standing import active_totals, tiers, warnings

    before, summary = base.evidence, base.summary
    past = summary.backtest
    uncertainty = uncertainty_from_backtest(past)
    proven = bool(customers["risk_tier"].notna().any())
    asked = Question(summary.question.cutoff, summary.question.horizon_days, base.currency)
    rows = base.scored().reset_index(drop=True)
    by_customer = customers.set_index("customer_id").loc[rows["customer_id"]].reset_index()
    settings = replace(summary.settings.analysis, money=money)
    survival = past_survival(base.silences(), asked.horizon_days)
    advice, months = ahead(settings, asked, rows, by_customer, uncertainty, proven=proven, survival=survival)
    winback = before.winback
    if isinstance(winback, Found):
        winback = Found(replace(winback.value, worth=winback.value.worth * factor))
    rate, risk = active_totals(customers, uncertainty if past else None)
    return replace(
        before,
        tiers=tiers(customers),
        churn_rate=rate,
        revenue_at_risk=Found(risk) if isinstance(before.revenue_at_risk, Found) else before.revenue_at_risk,
        warnings=warnings(customers, _compared_with(before), base.currency),
        winback=winback,
        recommended=advice,
        outlook=months,
    )


def _compared_with(before: EvidenceDocument) -> datetime | None:
    return before.warnings.value.cutoff_before if isinstance(before.warnings, Found) else before.test_cutoff


def _remove_others(folder: Path, kept: Path | None) -> None:
    """Assumptions that nobody holds any more, and what was left of pricing that broke off."""
    for path in folder.iterdir() if folder.is_dir() else ():
        if path != kept:
            shutil.rmtree(path, ignore_errors=True)
