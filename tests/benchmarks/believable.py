"""Figures that an owner can check: last year against the next, who is at risk, the same answer everywhere.

    python -m tests.benchmarks.believable [FILE ...]

Analyses each file as the app does, on the three samples and, where it is, online_retail by default, and prints a table:
shares and ratios that an owner would laugh at if they were wrong. Takes some minutes a file.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest

from churnkit.accounts import OWNER
from churnkit.config import AnalysisSettings
from churnkit.ingest import Reading
from churnkit.jobs import Platform
from churnkit.results.folders import Results
from churnkit.results.found import Found
from churnkit.server.navigation import declare_navigation
from churnkit.text import figures
from tests.app.answers import answers, differences
from tests.app.conftest import SHELL, TENANT, InlineWorkers, settle

SAMPLES = ("coffee_shop_demo.csv", "subscription_demo.csv", "ecommerce_demo.csv")


@dataclass(frozen=True)
class Checked:
    """One shop's figures, by what they are called in the table."""

    name: str
    lines: dict[str, str]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", nargs="*", type=Path)
    files = parser.parse_args().files or usual_files()
    checked = []
    for file in files:
        print(f"… {file.name}", file=sys.stderr)
        with TemporaryDirectory(prefix="churnkit-believable-") as folder:
            checked.append(check(file, Path(folder)))
    print(table(checked))
    return 0


def usual_files() -> list[Path]:
    repository = Path(__file__).resolve().parents[2]
    samples = repository / "data" / "samples"
    real = Path(os.environ.get("CHURNKIT_REAL_DATA", repository.parent / "shared" / "data"))
    retail = real / "online_retail.parquet"
    return [*(samples / name for name in SAMPLES), *([retail] if retail.exists() else [])]


def check(file: Path, folder: Path) -> Checked:
    """Analyse ``file`` in ``folder`` and hold its figures against each other."""
    platform = Platform(folder / "data", folder / "models", workers=InlineWorkers(), slots=1)
    store = platform.store_for(TENANT, OWNER)
    with file.open("rb") as stream:
        upload = platform.receive_upload(store, stream, file.name, 10**9)
    session = platform.start_look(store, upload.upload_id, Reading(), AnalysisSettings())
    settle(platform)
    platform.start_analysis(store, session.session_id, AnalysisSettings())
    settle(platform)
    run = platform.run_folder(store.sessions.get(session.session_id))
    platform.close()
    if run is None:
        raise SystemExit(f"{file.name}: the analysis did not finish; see its look in the app")
    results = Results(run)
    return Checked(file.stem, {**money_lines(results), **one_answer(results, folder)})


def money_lines(results: Results) -> dict[str, str]:
    """What can be checked without a page."""
    summary, customers = results.summary, results.customers
    strip, totals, threshold = summary.money, summary.customers, summary.question
    at_risk = customers["value_at_risk"].sum()
    lapsed = customers.loc[customers["status"] == "lapsed", "value_at_risk"].sum()
    clv = customers["clv"].to_numpy(dtype=float) / strip.margin
    return {
        "customers active / lapsed": f"{figures.count(totals.active.customers)} / {figures.count(totals.lapsed.customers)}",
        "grade": results.evidence.trust.grade,
        "churn threshold": figures.days(threshold.horizon_days),
        "of them come back after so many days": figures.percent(threshold.return_share),
        "share of value at risk from the lapsed": figures.percent(lapsed / at_risk) if at_risk > 0 else "–",
        f"revenue of the last {strip.days} days": figures.short_money(strip.revenue.value, results.currency),
        "forecast of the active / their last year": ratio(strip.forecast.value, strip.revenue_active.value),
        "forecast of all / last year": ratio(clv.sum(), strip.revenue.value),
        "at risk / forecast of the active": ratio(at_risk, totals.active.clv),
        "highest value of a year / own last year, from the median spender on": highest(customers, clv),
        "value of whoever spent nothing on balance, at most": worth_of_nothing(customers, results.currency),
        "year tested on the past": year_test(results),
    }


def ratio(part: float, whole: float) -> str:
    return figures.decimal(part / whole) if whole > 0 and math.isfinite(part) else "–"


def highest(customers: pd.DataFrame, clv: np.ndarray) -> str:
    """Of who spent at least the shop's median: what a newcomer of yesterday spent says little of a year."""
    spent = customers["spend_last_year"].to_numpy(dtype=float)
    known = spent >= max(float(np.median(spent[spent > 0])), 0.01) if (spent > 0).any() else spent > 0
    found = clv[known] / spent[known]
    return figures.decimal(float(found.max())) if len(found) else "–"


def worth_of_nothing(customers: pd.DataFrame, currency: str | None) -> str:
    some = customers.loc[customers["monetary_total"] <= 0, "clv"]
    return figures.money(float(some.max()), currency) if len(some) else "nobody"


def year_test(results: Results) -> str:
    year = results.summary.value.year
    tests = year.value.backtests if isinstance(year, Found) else ()
    if not tests:
        return "history too short"
    longest = tests[0]
    return (
        f"{figures.days(longest.days)}: forecast {figures.decimal(longest.ratio)} of what came, off by"
        f" {figures.money(longest.mae)} a customer (repetition {figures.money(longest.mae_repeat)}),"
        f" {figures.percent(longest.inside)} inside"
    )


def one_answer(results: Results, folder: Path) -> dict[str, str]:
    """Pages and files held against each other; without proof there are no figures of risk to compare."""
    if not isinstance(results.evidence.recommended, Found):
        return {"questions with two answers": "nothing is proven"}
    os.environ |= {
        "CHURNKIT_DATA_DIR": str(folder / "data"),
        "CHURNKIT_MODELS_DIR": str(folder / "models"),
        "CHURNKIT_WORKSPACES": "shared",
    }
    original = PagesManager.__init__

    def declared(self: PagesManager, *values: object, **named: object) -> None:
        original(self, *values, **named)  # type: ignore[arg-type]
        declare_navigation()

    PagesManager.__init__ = declared  # type: ignore[method-assign]
    try:
        app = AppTest.from_file(str(SHELL), default_timeout=120).run()
        found = answers(app, results)
    finally:
        PagesManager.__init__ = original  # type: ignore[method-assign]
    apart = differences(found)
    for question, places in apart.items():
        print(f"{question}: {places}", file=sys.stderr)
    asked = sum(len(places) > 1 for places in found.values())
    return {"questions with two answers": f"{len(apart)} of {asked}"}


def table(checked: list[Checked]) -> str:
    """Markdown: a line a figure, a column a shop."""
    names = list(dict.fromkeys(name for one in checked for name in one.lines))
    head = ["| |", *(f" {one.name} |" for one in checked)]
    rows = [
        "| " + " | ".join([name, *(one.lines.get(name, "–") for one in checked)]) + " |" for name in names
    ]
    return "\n".join(["".join(head), "|---" * (len(checked) + 1) + "|", *rows])


if __name__ == "__main__":
    sys.exit(main())
