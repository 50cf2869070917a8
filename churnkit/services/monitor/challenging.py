"""A newly trained run beside the model that scores the shop, on windows that closed after that was trained."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

from churnkit.features.indicators import known_indicators
from churnkit.features.product_factors import FACTOR_PREFIX
from churnkit.ingest import Reading
from churnkit.ingest.engine import backend_of, connect
from churnkit.monitoring.challenge import Paired, decide, measured, paired_gain, profit_of
from churnkit.results.challenge import ChallengeDocument, Contender
from churnkit.results.interval import Interval
from churnkit.roi import with_contact_cost
from churnkit.segments.standing import is_active
from churnkit.services.analyse.history import build_panel, open_history
from churnkit.services.monitor.past_runs import PastRun, transactions_in
from churnkit.services.score.newer_file import complete
from churnkit.services.score.scorer import Scorer
from churnkit.services.score.stored_scorer import scorer_of_run
from churnkit.store import ModelSeal
from churnkit.windows import plan_cutoffs

_KEYS = ["cutoff", "customer_id"]


def challenge_of(
    challenger: PastRun,
    champion: PastRun,
    models: Path,
    seal: ModelSeal | None,
    reading: Reading,
    learned_from: str = "",
) -> ChallengeDocument:
    """Compare what both said of the active customers at past dates whose outcome is known.

    The new model's forecasts are those of its own replay: made at each date by models that had seen earlier outcomes only.
    The present model's are its own at dates from its training on.

    Parameters
    ----------
    seal, reading
        The store's word on the champion's file, and how its file was read.

    Raises
    ------
    ModelError, DataError
        The champion cannot be opened or does not fit the orders.
    """
    past = challenger.results.past
    dates = [one.to_pydatetime() for one in pd.DatetimeIndex(past["cutoff"].unique())]
    windows = sorted(one for one in dates if one >= champion.cutoff)
    same = champion.horizon_days == challenger.horizon_days
    scorer = scorer_of_run(champion.results.folder, models, seal, reading)
    said = _said_by(scorer, challenger, windows if same else [])
    rows = past[past["cutoff"].isin(windows)] if same else past.head(0)
    rows = rows[is_active(rows["recency_days"].to_numpy(), challenger.horizon_days)]
    both = rows.merge(said, on=_KEYS, how="inner")
    pair = Paired(
        both["customer_id"].to_numpy(dtype=str),
        *(both[name].to_numpy(dtype=float) for name in ("churned", "p_champion", "p_churn")),
    )
    gain: Interval | None = paired_gain(pair) if len(both) and len(windows) else None
    now = said[said["cutoff"] == challenger.cutoff]
    first = _contender(champion, challenger, both, "p_champion", now)
    second = _contender(challenger, challenger, both, "p_churn", None)
    whole = bool(challenger.results.customers["p_churn"].between(0, 1).all())
    verdict, words, advice = decide(first, second, gain, len(both), whole)
    return ChallengeDocument(
        champion=first,
        challenger=second,
        windows=tuple(windows) if same else (),
        customers=len(both),
        gain=gain,
        verdict=verdict,
        words=words if same else f"The two models answer for different churn thresholds. {words}",
        advice=advice,
        learned_from=learned_from,
    )


def _said_by(scorer: Scorer, challenger: PastRun, windows: list[datetime]) -> pd.DataFrame:
    """The champion's probabilities at dates of the new history and today: ``cutoff, customer_id, p_champion, active``."""
    summary = challenger.summary
    with TemporaryDirectory(prefix="churnkit-") as workdir, connect(Path(workdir)) as connection:
        database = backend_of(connection)
        lines = transactions_in(database, challenger.results.folder)
        history = open_history(database, lines, challenger.cutoff, has_time=summary.file.has_time)
        horizon = scorer.facts.horizon_days
        plan = plan_cutoffs(history.first_purchase, history.scoring, horizon)
        plan = replace(plan, labelled=tuple(windows))
        settings = scorer.facts.settings
        panel = build_panel(
            history, plan, seed=settings.tournament.seed, products=scorer.learned.products
        ).panel
    if scorer.learned.products is None:
        panel = panel.drop(columns=[name for name in panel.columns if name.startswith(FACTOR_PREFIX)])
    rows, _absent = complete(known_indicators(panel, settings.indicators), scorer)
    p = np.concatenate([_p_churn(scorer, rows, part) for _date, part in rows.groupby("cutoff", sort=False)])
    ordered = pd.concat([part[_KEYS] for _date, part in rows.groupby("cutoff", sort=False)])
    active = pd.concat([part["recency_days"] for _date, part in rows.groupby("cutoff", sort=False)])
    return ordered.assign(p_champion=p, active=is_active(active.to_numpy(), horizon))


def _p_churn(scorer: Scorer, every: pd.DataFrame, rows: pd.DataFrame) -> np.ndarray:
    """Of one date's rows, at the level of that date: of the rows of ``every`` date those count that were over by then."""
    date = rows["cutoff"].iloc[0].to_pydatetime()
    then, _steps = scorer.at(date, rows, every)
    return then.learned.model.p_churn(rows)


def _contender(
    run: PastRun, challenger: PastRun, both: pd.DataFrame, column: str, now: pd.DataFrame | None
) -> Contender:
    p = both[column].to_numpy(dtype=float)
    churned = both["churned"].to_numpy(dtype=float)
    customers = challenger.results.customers
    money = with_contact_cost(
        challenger.summary.settings.money,
        customers["mean_order_value"],
        customers["order_count"],
        challenger.currency,
    )
    limit = challenger.summary.settings.tiers.high
    if now is None:
        there = customers.loc[customers["status"] == "active", "p_churn"]
    else:
        there = now.loc[now["active"], "p_champion"]
    return Contender(
        run_id=run.run_id,
        champion=run.summary.champion,
        trained=run.cutoff,
        **measured(churned, p),
        profit=profit_of(
            p,
            churned,
            both["value_at_stake"].to_numpy(dtype=float),
            money.contact_cost or 0.0,
            money.save_rate,
        ),
        high_share=float((there > limit).mean()) if len(there) else 0.0,
    )
