"""An analysis as files: all of them or none."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import pandas as pd

from churnkit.ingest import Ingested
from churnkit.reports.csv_files import write_csv
from churnkit.reports.profile_html import render_profile_html
from churnkit.results.files import write_document, write_frame, write_text_whole
from churnkit.results.profile import Profile
from churnkit.services.analyse.analysis import Analysis
from churnkit.services.analyse.evidence.model_card import model_card
from churnkit.services.analyse.run_folder import write_indicators
from churnkit.services.analyse.summing_up import leaderboard_table, summarise
from churnkit.services.decide.feature_views import left_out_table
from churnkit.services.deliver.report_files import known_features
from churnkit.services.look.closer import look_closer
from churnkit.services.look.mapping_json import MAPPING_FILE, mapping_text
from churnkit.services.look.reading_document import ReadingDocument, document_of
from churnkit.services.score.card_text import card_text
from churnkit.services.score.model_folder import model_files, write_model_folder
from churnkit.services.score.scorer import scorer_of
from churnkit.services.score.statement import stewardship
from churnkit.tournament.backtest import backtest_table

READING = "reading.json"
MODEL = "model"
CUSTOMER_COLUMNS = (
    "customer_id",
    "rank",
    "status",
    "p_churn",
    "p_alive",
    "risk_tier",
    "value_at_risk",
    "recency_days",
    "order_count",
    "monetary_total",
    "spend_last_year",
    "mean_order_value",
    "expected_next_order",
    "expected_orders",
    "expected_spend",
    "expected_spend_low",
    "expected_spend_high",
    "clv",
    "clv_low",
    "clv_high",
    "clv_if_kept",
    "clv_if_lost",
    "factor_1",
    "factor_2",
    "factor_3",
)


FeatureFormat = Literal["csv", "parquet"]


def write_outputs(
    analysis: Analysis, folder: Path, *, features: Sequence[FeatureFormat] = (), model_owner: str = ""
) -> list[Path]:
    """Write ``customers.csv``, ``summary.json``, ``tournament.csv``, ``trials.csv``, ``backtest.csv``, ``ledger.csv``,
    ``profile.html``
    and the folder ``model``, by which ``score`` scores a newer file.

    Where the file says how customers are reached, ``contacts.csv`` as well: joined to ``customers.csv`` by customer_id it
    is a list of people to contact.

    With outside figures ``indicators.json`` says how they did on past dates. The files are written beside the folder's
    others and moved in place at the end, so that a failure leaves what was there before.

    Parameters
    ----------
    features
        Formats in which the features of every customer are written too (``features.csv``, ``features.parquet``), with
        ``features_left_out.csv``, those that nothing was learned from and why.
    model_owner
        Who answers for the model, as its card names them; empty where nobody is named.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".writing-") as temporary:
        draft = Path(temporary)
        write_csv(analysis.customers[list(CUSTOMER_COLUMNS)], draft / "customers.csv")
        write_csv(leaderboard_table(analysis), draft / "tournament.csv")
        if analysis.tournament is not None:
            write_csv(_rounded(analysis.tournament.trials), draft / "trials.csv")
        outcomes = analysis.past.outcomes if analysis.past else ()
        write_csv(_rounded(backtest_table(outcomes)), draft / "backtest.csv")
        write_csv(analysis.ingested.ledger.to_frame(), draft / "ledger.csv")
        _write_contacts(analysis.ingested, draft)
        _write_profile_html(analysis.profile, draft)
        write_document(summarise(analysis), draft / "summary.json", indent=2)
        write_indicators(analysis, draft)
        _write_features(analysis, features, draft)
        steward = stewardship(analysis.plan.scoring, analysis.plan.horizon_days, model_owner)
        files = model_files(scorer_of(analysis), card_text(model_card(analysis), steward))
        return [*_move(draft, folder), write_model_folder(files, folder / MODEL)]


def _write_features(analysis: Analysis, formats: Sequence[FeatureFormat], draft: Path) -> None:
    rows = known_features(analysis.scored_rows)
    if "csv" in formats:
        write_csv(rows, draft / "features.csv")
    if "parquet" in formats:
        write_frame(rows, draft / "features.parquet")
    if formats:
        reasons = analysis.tournament.dropped_features if analysis.tournament else {}
        write_csv(left_out_table(reasons), draft / "features_left_out.csv")


def write_profile(ingested: Ingested, profile: Profile, folder: Path) -> list[Path]:
    """Write ``profile.html``, ``profile.json``, ``closer_look.json`` and ``ledger.csv``."""
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".writing-") as temporary:
        draft = Path(temporary)
        write_csv(ingested.ledger.to_frame(), draft / "ledger.csv")
        _write_profile_html(profile, draft)
        write_document(profile, draft / "profile.json", indent=2)
        look = look_closer(ingested.transactions, profile.scope.cutoff)
        write_document(look, draft / "closer_look.json", indent=2)
        return _move(draft, folder)


def write_reading(ingested: Ingested, files: Sequence[str], folder: Path) -> list[Path]:
    """Write ``transactions.parquet``, ``ledger.csv`` and ``reading.json``; ``mapping.json`` for ``--map``, and
    ``contacts.csv`` where the file has contacts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder, prefix=".writing-") as temporary:
        draft = Path(temporary)
        ingested.transactions.replace(draft / "transactions.parquet")
        write_csv(ingested.ledger.to_frame(), draft / "ledger.csv")
        _write_contacts(ingested, draft)
        write_text_whole(draft / MAPPING_FILE, mapping_text(ingested.mapping) + "\n")
        write_document(document_of(ingested, files), draft / READING, indent=2)
        return _move(draft, folder)


def write_open_reading(document: ReadingDocument, folder: Path) -> Path:
    """Write ``reading.json`` of a file that is not read; what an earlier reading left beside one goes."""
    if (folder / READING).exists():
        for name in ("transactions.parquet", "ledger.csv", MAPPING_FILE, "contacts.csv"):
            (folder / name).unlink(missing_ok=True)
    write_document(document, folder / READING, indent=2)
    return folder / READING


def _write_contacts(ingested: Ingested, draft: Path) -> None:
    if ingested.contacts is None:
        # Those of another file that was read into the same folder would be taken for this one's.
        (draft.parent / "contacts.csv").unlink(missing_ok=True)
    else:
        write_csv(pd.read_parquet(ingested.contacts), draft / "contacts.csv")


def _write_profile_html(profile: Profile, draft: Path) -> None:
    (draft / "profile.html").write_text(render_profile_html(profile), encoding="utf-8")


def _move(draft: Path, folder: Path) -> list[Path]:
    return [file.replace(folder / file.name) for file in sorted(draft.iterdir())]


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    floats = frame.select_dtypes("float").columns
    return frame.assign(**{c: frame[c].round(4) for c in floats})
