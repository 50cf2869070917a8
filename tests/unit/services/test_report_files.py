"""Downloads of an analysis that lies on disk."""

from __future__ import annotations

import csv
import html
import io
import json
import re
from pathlib import Path

import pandas as pd
import pytest
from pypdf import PdfReader

from churnkit.errors import DataError
from churnkit.results.codec import to_json
from churnkit.results.files import write_document
from churnkit.results.folders import Results
from churnkit.results.leaderboard import LeaderboardRow
from churnkit.results.rows import frame_of
from churnkit.services.analyse.run_folder import PAST_COLUMNS
from churnkit.services.decide.why_champion import why_champion
from churnkit.services.deliver import report_content as contents
from churnkit.services.deliver.downloads import DOWNLOADS, file_name
from churnkit.services.deliver.report_content import first_to_contact, report_content
from churnkit.services.deliver.report_files import build_profile, build_report, first_rows
from tests.made_evidence import made_evidence
from tests.made_groups import made_groups
from tests.made_look import made_facts
from tests.made_report import made_leaderboard, made_profile, made_summary

pytestmark = pytest.mark.filterwarnings("ignore:fetch_arrow_table:DeprecationWarning")


def customer_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "customer_id": ["00123", "=1+1", "c", "d"],
            "rank": [3, 1, 2, 4],
            "status": ["active", "active", "active", "lapsed"],
            "p_churn": [0.9, 0.8, 0.5, 0.1],
            "risk_tier": ["high", "high", "medium", None],
            "value_at_risk": [10.0, 50.0, 50.0, 900.0],
            "last_purchase_at": pd.to_datetime(["2025-04-30", "2025-05-01", "2025-05-02", "2025-06-01"]),
            "order_count": [1, 2, 3, 4],
            "factor_1": ["a", "b", None, "d"],
        }
    )


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Results:
    """A folder with what most files need; groups, which need a whole run, are made up."""
    monkeypatch.setattr(contents, "group_content", lambda _: made_groups())
    values = {
        "profile.json": to_json(made_profile(currency=None)),
        "look.json": to_json(made_facts(currency="EUR")),
    }
    for name, value in values.items():
        (tmp_path / name).write_text(json.dumps(value), encoding="utf-8")
    write_document(made_summary(), tmp_path / "summary.json")
    write_document(made_evidence(), tmp_path / "evidence.json")
    scored = pd.DataFrame(
        {
            "customer_id": ["00123"],
            "recency_days": [62],
            "churned": [None],
            "orders_next": [None],
            "spend_next": [None],
        }
    )
    ledger = pd.DataFrame({"reason": ["no_customer"], "rows": [5], "explanation": ["@evil"]})
    frames = {
        "customers": customer_frame(),
        "leaderboard": frame_of(LeaderboardRow, made_leaderboard()),
        "backtest": pd.DataFrame(),
        "past": pd.DataFrame(columns=list(PAST_COLUMNS)),
        "scored": scored,
        "ledger": ledger,
    }
    for name, frame in frames.items():
        frame.to_parquet(tmp_path / f"{name}.parquet", index=False)
    return Results(tmp_path)


def test_every_kind_is_made(results: Results) -> None:
    assert build_report(results, "pdf", "orders.csv").startswith(b"%PDF")
    assert build_report(results, "html", "orders.csv").startswith(b"<!doctype html>")
    assert build_report(results, "xlsx", "orders.csv").startswith(b"PK")
    assert build_profile(results, "profile_pdf", "orders.csv").startswith(b"%PDF")
    assert b"<html" in build_profile(results, "profile_html", "orders.csv")


def test_the_analysis_currency_reaches_the_profile(results: Results) -> None:
    assert report_content(results, "o").profile.scope.currency == "EUR"
    assert results.profile.scope.currency is None
    text = PdfReader(io.BytesIO(build_profile(results, "profile_pdf", "o"))).pages[0].extract_text()
    assert "Amounts in EUR." in text
    found = {check.code: check.words for check in report_content(results, "o").profile.checks}
    assert "€" in found["DQ-401"] and "€" in found["DQ-402"]
    assert "€" not in " ".join(check.words for check in results.profile.checks)


def test_a_short_history_is_the_first_to_know(results: Results, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        contents, "short_history", lambda summary: f"{summary.question.horizon_days} days: too few"
    )
    (*_, last) = report_content(results, "o").notices
    assert last == f"{results.summary.question.horizon_days} days: too few"


def test_the_report_says_why_the_champion_won(results: Results) -> None:
    page = build_report(results, "html", "o", ["models"]).decode()
    assert "Why the champion won" in page
    assert html.unescape(re.sub("<[^>]*>", "", page)).count(why_champion(results)[0]) == 1


def test_scores_keep_ids_and_run_nothing(results: Results) -> None:
    rows = list(csv.DictReader(io.StringIO(build_report(results, "scores", "o").decode())))
    assert [row["customer_id"] for row in rows] == ["00123", "'=1+1", "c", "d"]
    assert rows[0]["last_purchase_at"] == "2025-04-30T00:00:00"
    assert rows[2]["factor_1"] == ""
    assert {row["currency"] for row in rows} == {"EUR"}


def test_features_hold_nothing_of_the_future(results: Results) -> None:
    assert build_report(results, "features", "o").decode() == "customer_id,recency_days\n00123,62\n"
    typed = pd.read_parquet(io.BytesIO(build_report(results, "features_parquet", "o")))
    assert typed.to_dict("list") == {"customer_id": ["00123"], "recency_days": [62]}


def test_ledger(results: Results) -> None:
    assert build_profile(results, "ledger", "o").decode() == "reason,rows,explanation\nno_customer,5,'@evil\n"


def test_sections_are_chosen(results: Results) -> None:
    page = build_report(results, "html", "o", ["models", "unknown"]).decode()
    assert 'id="models"' in page
    assert 'id="quality"' not in page


@pytest.mark.parametrize("sections", [[], ["unknown"]])
def test_no_known_section_is_refused(results: Results, sections: list[str]) -> None:
    with pytest.raises(DataError, match="at least one section") as caught:
        build_report(results, "pdf", "o", sections)
    assert "recommendations" in caught.value.remedy


def test_a_missing_file_is_named(results: Results) -> None:
    (results.folder / "evidence.json").unlink()
    with pytest.raises(DataError, match=r"evidence\.json"):
        build_report(results, "pdf", "o")


def test_contacts_are_the_first_of_the_worklist() -> None:
    found = first_to_contact(customer_frame(), 2)
    assert len(first_to_contact(customer_frame())) == 3
    assert [one.customer_id for one in found] == ["=1+1", "c"]


def test_previews(results: Results) -> None:
    assert len(first_rows(results, "scores", 2)) == 2
    assert "churned" not in first_rows(results, "features")
    assert first_rows(results, "ledger")["reason"].tolist() == ["no_customer"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("orders.csv", "orders-churn-report.pdf"),
        ("my orders 2025.xlsx", "my-orders-2025-churn-report.pdf"),
        ("../../etc/passwd", "passwd-churn-report.pdf"),
        ('a"b;c\r\nd.csv', "a-b-c-d-churn-report.pdf"),
        ("заказы.csv", "заказы-churn-report.pdf"),
        ("...", "analysis-churn-report.pdf"),
        ("x" * 500 + ".csv", "x" * 60 + "-churn-report.pdf"),
    ],
)
def test_file_names_are_safe(name: str, expected: str) -> None:
    assert file_name("pdf", name) == expected


def test_every_download_has_words() -> None:
    for kind, download in DOWNLOADS.items():
        assert file_name(kind, "a").endswith(download.ending)
        assert download.label
        assert download.words
        assert "/" in download.mime
