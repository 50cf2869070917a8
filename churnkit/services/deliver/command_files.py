"""An analysis as files: all of them or none."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pandas as pd

import churnkit
from churnkit.ingest import Ingested
from churnkit.reports.csv_files import write_csv
from churnkit.reports.profile_html import render_profile_html
from churnkit.results.codec import plain
from churnkit.services.analyse.analysis import Analysis
from churnkit.tournament.backtest import backtest_summary, backtest_table

CUSTOMER_COLUMNS = (
    "customer_id",
    "p_churn",
    "p_alive",
    "risk_tier",
    "recency_days",
    "order_count",
    "monetary_total",
    "expected_orders",
    "expected_spend",
    "expected_spend_low",
    "expected_spend_high",
    "clv",
    "factor_1",
    "factor_2",
    "factor_3",
)
LEADERBOARD_COLUMNS = ("candidate", "kind", "is_champion", "eligible", "score", "verdict")


def write_outputs(analysis: Analysis, folder: Path) -> list[Path]:
    """Write ``customers.csv``, ``summary.json``, ``tournament.csv``, ``backtest.csv``, ``ledger.csv``, ``profile.html``.

    The files are written beside the folder's others and moved in place at the end, so that a failure leaves what
    was there before.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".writing-") as temporary:
        draft = Path(temporary)
        write_csv(analysis.customers[list(CUSTOMER_COLUMNS)], draft / "customers.csv")
        write_csv(leaderboard_table(analysis), draft / "tournament.csv")
        outcomes = analysis.past.outcomes if analysis.past else ()
        write_csv(_rounded(backtest_table(outcomes)), draft / "backtest.csv")
        write_csv(analysis.ingested.ledger.to_frame(), draft / "ledger.csv")
        _write_profile_html(analysis.profile, draft)
        _write_json(summarise(analysis), draft / "summary.json")
        return _move(draft, folder)


def write_profile(ingested: Ingested, profile: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write ``profile.html``, ``profile.json`` and ``ledger.csv``."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".writing-") as temporary:
        draft = Path(temporary)
        write_csv(ingested.ledger.to_frame(), draft / "ledger.csv")
        _write_profile_html(profile, draft)
        _write_json(profile, draft / "profile.json")
        return _move(draft, folder)


def _write_profile_html(profile: Mapping[str, Any], draft: Path) -> None:
    (draft / "profile.html").write_text(render_profile_html(dict(profile)), encoding="utf-8")


def _write_json(value: Mapping[str, Any], path: Path) -> None:
    text = json.dumps(plain(value), indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def _move(draft: Path, folder: Path) -> list[Path]:
    return [file.replace(folder / file.name) for file in sorted(draft.iterdir())]


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    floats = frame.select_dtypes("float").columns
    return frame.assign(**{c: frame[c].round(4) for c in floats})


def leaderboard_table(analysis: Analysis) -> pd.DataFrame:
    """The leaderboard with its deciding columns first; no rows where no tournament took place."""
    if analysis.tournament is None:
        return pd.DataFrame(columns=list(LEADERBOARD_COLUMNS))
    board = analysis.tournament.leaderboard
    return board[[*LEADERBOARD_COLUMNS, *(c for c in board.columns if c not in LEADERBOARD_COLUMNS)]].round(6)


def summarise(analysis: Analysis) -> dict[str, Any]:
    """``summary.json``: what was read, decided, proven and found. No clock readings: the same run gives the same file."""
    ingested, plan, customers = analysis.ingested, analysis.plan, analysis.customers
    return {
        "churnkit_version": churnkit.__version__,
        "file": {
            "format": ingested.format_words,
            "preset": ingested.preset,
            "mapping": dict(ingested.mapping.columns),
            "rows_in": ingested.row_count_in,
            "rows_kept": ingested.row_count_kept,
            "currency": ingested.currency,
            "returns": ingested.returns_treatment,
            "has_order_id": ingested.has_order_id,
            "has_time": ingested.has_time,
            "notes": ingested.notes,
            "monthly_totals": ingested.monthly_totals.to_dict("records"),
        },
        "question": {
            "cutoff": plan.scoring,
            "horizon_days": plan.horizon_days,
            "horizon_reason": analysis.profile["threshold"]["reason"],
            "labelled_cutoffs": plan.labelled,
            "population": "every customer with a purchase before the cutoff",
        },
        "method": analysis.method,
        "notes": analysis.notes,
        "customers": {
            "count": len(customers),
            "mean_p_churn": customers["p_churn"].mean(),
            "tiers": _tiers(customers),
            "expected_orders": customers["expected_orders"].sum(),
            "expected_spend": customers["expected_spend"].sum(),
            "clv": customers["clv"].sum(),
        },
        "value": {
            "method": analysis.value_model.method,
            "scale": analysis.value_model.scale,
            "past_errors": analysis.value_model.errors.to_dict("records"),
        },
        "tournament": _tournament(analysis),
        "backtest": backtest_summary(analysis.past.outcomes) if analysis.past else [],
        "settings": analysis.settings.as_dict(),
        "profile": analysis.profile,
    }


def _tiers(customers: pd.DataFrame) -> dict[str, Any]:
    return {
        tier: {
            "customers": len(rows),
            "expected_spend": rows["expected_spend"].sum(),
            "clv": rows["clv"].sum(),
            "clv_at_risk": (rows["clv"] * rows["p_churn"]).sum(),
        }
        for tier in ("high", "medium", "low")
        for rows in [customers[customers["risk_tier"] == tier]]
    }


def _tournament(analysis: Analysis) -> dict[str, Any] | None:
    t = analysis.tournament
    if t is None:
        return None
    champion = t.champion
    return {
        "champion": champion["candidate"],
        "verdict": champion["verdict"],
        "members": champion["members"],
        "threshold": t.threshold,
        "validation": {
            k: champion[k] for k in ("f1", "f1_everybody", "recall", "roc_auc", "log_loss", "ece")
        },
        "test": {
            k.removeprefix("test_"): champion[k] for k in t.leaderboard.columns if k.startswith("test_")
        },
        "level": t.level.words(),
        "folds": [
            {"validation_cutoff": f.valid_cutoff, "train_rows": len(f.train), "valid_rows": len(f.valid)}
            for f in t.folds.folds
        ],
        "outcomes_kept_apart": t.folds.purged,
        "features_kept": t.model.preparation.features if t.model.preparation else [],
        "features_dropped": dict(t.dropped_features),
        "leakage_screen": t.screen[t.screen["verdict"] != "ok"].to_dict("records"),
    }
