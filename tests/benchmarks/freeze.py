"""Freeze and forecast on real data: python tests/benchmarks/freeze.py [--data DIR] [--cells NAME ...] [--save DIR]
    [--against DIR]

For every cell the engine gets the rows before T only, forecasts the next h days, and is held against what
happened. T is the last date minus h, T2 the last date minus 2 h. The base rate, an RFM logistic regression and
our MBG/NBD stand beside it, on the same customers. Spend is net of returns. ``--save`` keeps what was said of each
customer; ``--against`` a folder that an earlier version saved prints the paired differences: of log loss and of AUC, each
with its standard error, by cell and on average. Seconds are CPU seconds.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(name, "1")

REPOSITORY = Path(__file__).resolve().parents[2]
# In the place of this folder, whose coverage.py numba would take for the package of that name.
sys.path[0] = str(REPOSITORY)

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

from churnkit import metrics  # noqa: E402
from churnkit.config import AnalysisSettings, TournamentSettings  # noqa: E402
from churnkit.ingest import Reading, ingest  # noqa: E402
from churnkit.services.analyse.analysis import Analysis, analyze  # noqa: E402

RFM = ["recency_days", "order_count", "monetary_total", "tenure_days"]


@dataclass(frozen=True)
class Cell:
    file: str
    horizon_days: int
    windows_back: int
    auc: float
    log_loss: float

    @property
    def name(self) -> str:
        short = self.file.partition(".")[0].removesuffix("_master")
        return f"{short}-{self.horizon_days}-{'T' if self.windows_back == 1 else 'T2'}"


# The best of BG/NBD, Pareto/NBD, RFM logistic, XGBoost, FLAML, AutoGluon and stacked LightGBM, chosen per cell
# in hindsight.
CELLS = (
    Cell("online_retail.parquet", 30, 1, 0.747, 0.539),
    Cell("online_retail.parquet", 30, 2, 0.746, 0.515),
    Cell("online_retail.parquet", 60, 1, 0.748, 0.585),
    Cell("online_retail.parquet", 60, 2, 0.762, 0.563),
    Cell("online_retail.parquet", 90, 1, 0.749, 0.599),
    Cell("online_retail.parquet", 90, 2, 0.764, 0.585),
    Cell("cdnow_master.txt", 90, 1, 0.840, 0.297),
    Cell("cdnow_master.txt", 90, 2, 0.807, 0.345),
    Cell("cdnow_master.txt", 180, 1, 0.807, 0.413),
    Cell("grocery.parquet", 30, 1, 0.955, 0.147),
    Cell("grocery.parquet", 30, 2, 0.958, 0.158),
    Cell("grocery.parquet", 90, 1, 0.951, 0.209),
    Cell("grocery.parquet", 90, 2, 0.949, 0.211),
    Cell("apparel.parquet", 180, 1, 0.920, 0.225),
    Cell("apparel.parquet", 180, 2, 0.927, 0.224),
)


def outcomes(transactions: Path, cutoff: datetime, horizon_days: int) -> pd.DataFrame:
    """Buyers, gross and net spend in the window, by customer."""
    rows = pd.read_parquet(transactions, columns=["customer_id", "ordered_at", "amount"])
    inside = rows[
        (rows["ordered_at"] >= cutoff) & (rows["ordered_at"] < cutoff + timedelta(days=horizon_days))
    ]
    gross = inside[inside["amount"] > 0].groupby("customer_id")["amount"].sum()
    net = inside.groupby("customer_id")["amount"].sum()
    return pd.DataFrame({"gross": gross, "net": net}).fillna(0.0)


def rfm_logistic(analysis: Analysis) -> np.ndarray:
    """Single-cutoff logistic regression on recency, frequency, monetary value and tenure."""
    panel = analysis.panel
    latest = panel[panel["cutoff"] == analysis.plan.labelled[-1]]
    scored = analysis.scored_rows

    def matrix(rows: pd.DataFrame) -> np.ndarray:
        return np.log1p(rows[RFM].clip(lower=0).to_numpy(dtype=float))

    model = make_pipeline(StandardScaler(), LogisticRegression())
    model.fit(matrix(latest), latest["churned"].to_numpy(dtype=int))
    return model.predict_proba(matrix(scored))[:, 1]


def share_of_top(value: np.ndarray, score: np.ndarray, share: float) -> float:
    """Share of the total value that the customers with the highest scores hold."""
    top = np.argsort(-score, kind="stable")[: metrics.top_count(len(score), share)]
    return float(value[top].sum() / value.sum())


def auc_difference_error(y: np.ndarray, a: np.ndarray, b: np.ndarray) -> float:
    """Standard error of AUC(a) - AUC(b) on the same customers (DeLong, DeLong and Clarke-Pearson 1988)."""
    placements = [_placements(y, score) for score in (a, b)]
    churners = placements[0][0] - placements[1][0]
    stayers = placements[0][1] - placements[1][1]
    return float(np.sqrt(churners.var(ddof=1) / len(churners) + stayers.var(ddof=1) / len(stayers)))


def _placements(y: np.ndarray, score: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    def midrank(values: np.ndarray) -> np.ndarray:
        return pd.Series(values).rank(method="average").to_numpy()

    everybody = midrank(score)
    churners, stayers = score[y == 1], score[y == 0]
    of_churners = (everybody[y == 1] - midrank(churners)) / len(stayers)
    of_stayers = 1 - (everybody[y == 0] - midrank(stayers)) / len(churners)
    return of_churners, of_stayers


def against(said: pd.DataFrame, earlier: pd.DataFrame) -> dict[str, float]:
    """Differences of log loss and AUC to an earlier version's answers for the same customers, with standard errors."""
    both = said.merge(earlier, on="customer_id", suffixes=("", "_before"), validate="one_to_one")
    y, p, before = (both[name].to_numpy(dtype=float) for name in ("churned", "p_churn", "p_churn_before"))
    losses = [-np.log(np.where(y == 1, one, 1 - one)) for one in (p, before)]
    difference = losses[0] - losses[1]
    return {
        "log_loss_change": float(difference.mean()),
        "log_loss_change_se": float(difference.std(ddof=1) / np.sqrt(len(difference))),
        "auc_change": metrics.roc_auc(y, p) - metrics.roc_auc(y, before),
        "auc_change_se": auc_difference_error(y, p, before),
    }


def cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def run(
    cell: Cell, data: Path, truth: Path, last_day: datetime, budget_seconds: float
) -> tuple[dict[str, object], pd.DataFrame]:
    """Figures of a cell, and what was said of each customer: ``customer_id``, ``churned``, ``p_churn``."""
    cutoff = last_day - timedelta(days=cell.horizon_days * cell.windows_back)
    settings = AnalysisSettings(
        horizon_days=cell.horizon_days,
        tournament=TournamentSettings(budget_seconds=budget_seconds),
    )
    started = cpu_seconds()
    with TemporaryDirectory() as folder:
        analysis = analyze(data / cell.file, Path(folder), Reading(as_of=cutoff), settings)
    seconds = cpu_seconds() - started
    found = outcomes(truth, cutoff, cell.horizon_days)
    scored = analysis.scored_rows.sort_values("customer_id")
    ours = analysis.customers.set_index("customer_id").loc[scored["customer_id"]]
    actual = found.reindex(scored["customer_id"]).fillna(0.0)
    y = (actual["gross"] == 0).to_numpy(dtype=float)
    p = ours["p_churn"].to_numpy()
    rfm = rfm_logistic(analysis)[np.argsort(analysis.scored_rows["customer_id"].to_numpy(), kind="stable")]
    mbg = scored["btyd_p_no_purchase"].to_numpy(dtype=float)
    base = analysis.panel.loc[analysis.panel["cutoff"] == analysis.plan.labelled[-1], "churned"].mean()
    spend = ours["expected_spend"].to_numpy()
    auc = metrics.roc_auc(y, p)
    row: dict[str, object] = {
        "cell": cell.name,
        "customers": len(y),
        "churned": y.mean(),
        "champion": analysis.tournament.champion["candidate"] if analysis.tournament else analysis.method,
        "auc": auc,
        "auc_bar": cell.auc,
        "log_loss": metrics.log_loss(y, p),
        "log_loss_bar": cell.log_loss,
        "ece": metrics.ece(y, p),
        "mean_p": p.mean(),
        "spend_ratio_net": spend.sum() / actual["net"].sum(),
        "spend_ratio_gross": spend.sum() / actual["gross"].sum(),
        "spend_mae": np.abs(spend - actual["net"]).mean(),
        "top20_share": share_of_top(actual["gross"].to_numpy(), spend, 0.2),
        "covered_80": float(
            (
                (actual["net"] >= ours["expected_spend_low"].to_numpy() - 0.01)
                & (actual["net"] <= ours["expected_spend_high"].to_numpy() + 0.01)
            ).mean()
        ),
        "spend_method": analysis.value_model.method,
        "seconds": seconds,
    }
    for name, other in (("mbg", mbg), ("rfm", rfm)):
        other_auc = metrics.roc_auc(y, other)
        row[f"{name}_auc"] = other_auc
        row[f"{name}_log_loss"] = metrics.log_loss(y, other)
        row[f"gain_over_{name}"] = auc - other_auc
        row[f"gain_over_{name}_se"] = auc_difference_error(y, p, other)
    row["base_log_loss"] = metrics.log_loss(y, np.full(len(y), base))
    return row, pd.DataFrame({"customer_id": scored["customer_id"], "churned": y, "p_churn": p})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--cells", nargs="*", default=None)
    parser.add_argument("--budget-seconds", type=float, default=60.0)
    parser.add_argument("--csv", type=Path, default=None)
    parser.add_argument("--save", type=Path, default=None)
    parser.add_argument("--against", type=Path, default=None)
    options = parser.parse_args()
    data = options.data or Path(os.environ.get("CHURNKIT_REAL_DATA", REPOSITORY.parent / "shared" / "data"))
    rows = []
    with TemporaryDirectory() as folder:
        truths: dict[str, tuple[Path, datetime]] = {}
        for cell in CELLS:
            if options.cells and cell.name not in options.cells:
                continue
            if cell.file not in truths:
                whole = ingest(data / cell.file, Path(folder) / cell.file)
                last = pd.read_parquet(whole.transactions, columns=["ordered_at"])["ordered_at"].max()
                truths[cell.file] = (whole.transactions, last.normalize().to_pydatetime())
            row, said = run(cell, data, *truths[cell.file], options.budget_seconds)
            rows.append(row)
            if options.save:
                options.save.mkdir(parents=True, exist_ok=True)
                said.to_parquet(options.save / f"{cell.name}.parquet")
            print(
                f"{row['cell']:<21} {row['champion']:<20} AUC {row['auc']:.4f} ({row['auc_bar']:.3f})"
                f"  log loss {row['log_loss']:.4f} ({row['log_loss_bar']:.3f})  ECE {row['ece']:.3f}"
                f"  p {row['mean_p']:.3f}/{row['churned']:.3f}  spend x{row['spend_ratio_net']:.2f}"
                f" gross x{row['spend_ratio_gross']:.2f} {row['spend_method']}"
                f" MAE {row['spend_mae']:.1f} top20 {row['top20_share']:.3f} in80 {row['covered_80']:.2f}"
                f" {row['seconds']:.0f}s\n{'':<21} MBG/NBD AUC {row['mbg_auc']:.4f} (gain {row['gain_over_mbg']:+.4f}"
                f" ± {row['gain_over_mbg_se']:.4f}) log loss {row['mbg_log_loss']:.4f};  RFM logistic AUC"
                f" {row['rfm_auc']:.4f} (gain {row['gain_over_rfm']:+.4f} ± {row['gain_over_rfm_se']:.4f}) log loss"
                f" {row['rfm_log_loss']:.4f};  base rate log loss {row['base_log_loss']:.4f}",
                flush=True,
            )
            if options.against:
                row |= against(said, pd.read_parquet(options.against / f"{cell.name}.parquet"))
                print(
                    f"{'':<21} against before: log loss {row['log_loss_change']:+.4f} ± {row['log_loss_change_se']:.4f},"
                    f" AUC {row['auc_change']:+.4f} ± {row['auc_change_se']:.4f}",
                    flush=True,
                )
    if options.against and len(rows) > 1:
        changes = pd.DataFrame(rows)[["log_loss_change", "auc_change"]]
        mean, error = changes.mean(), changes.std(ddof=1) / np.sqrt(len(changes))
        print(
            f"Over {len(changes)} cells against before: log loss {mean['log_loss_change']:+.4f} ±"
            f" {error['log_loss_change']:.4f}, AUC {mean['auc_change']:+.4f} ± {error['auc_change']:.4f}"
        )
    if options.csv:
        pd.DataFrame(rows).to_csv(options.csv, index=False)


if __name__ == "__main__":
    main()
