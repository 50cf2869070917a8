"""The champion of a stored run, on every rung."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from churnkit.clv import VALUE_COLUMNS, SpendPast, ValueModel, fit_value_model
from churnkit.errors import ModelError
from churnkit.ingest.engine import backend_of, connect
from churnkit.results.folders import Results
from churnkit.results.panel_files import panel_rows
from churnkit.services.analyse.history import open_history
from churnkit.services.analyse.rungs import process_model, rule_model
from churnkit.store import ModelSeal
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.persistence import load_model
from churnkit.windows import outcome_end


def stored_model(results: Results, models_folder: Path, seal: ModelSeal | None) -> ChurnModel:
    """What scored the customers of a run: loaded where it was trained, otherwise made once more as it was then.

    Of a refresh it is at the level of that run's date.

    Parameters
    ----------
    models_folder
        Where the model files are.
    seal
        The run's model as the store knows it (``Store.runs.seal``): only a file with that hash is opened. What
        ``model.json`` says is a description, which whoever can write to the folder can change.

    Raises
    ------
    ModelError
        The model file is missing, was changed, or holds something else.
    """
    method, horizon_days = results.summary.method, results.horizon_days
    if seal is not None:
        path = models_folder / Path(seal.file_name).name
        model = load_model(path, expected_sha256=seal.sha256, folder=models_folder)
        if not isinstance(model, ChurnModel):
            raise ModelError(
                f"Loading the model of an analysis: {path.name} holds a {type(model).__name__}, no churn model.",
                "Start the analysis again.",
            )
        by = results.summary.scored_by
        return model if by is None or by.level is None else model.at_level(by.level)
    if method == "models":
        raise ModelError(
            "Loading the model of an analysis: the database knows of none that was trained for it.",
            "Start the analysis again.",
        )
    scored = results.scored()
    process = process_model(scored, horizon_days) if method == "btyd" else None
    if process is not None:
        return process
    return rule_of_run(results)


def rule_of_run(results: Results) -> ChurnModel:
    """The shop's own return curve as it was at a run's cutoff: what scores where there is no model to ask."""
    scored, cutoff = results.scored(), datetime.fromisoformat(results.cutoff)
    with TemporaryDirectory(prefix="churnkit-") as workdir, connect(Path(workdir)) as connection:
        transactions = backend_of(connection).read_parquet(results.transactions_path)
        history = open_history(transactions.get_backend(), transactions, cutoff, has_time=False)
        return rule_model(history, scored, results.horizon_days)


def stored_value_model(results: Results) -> ValueModel:
    """The value model of a run, learned once more from its panel and its past forecasts; without its date's season."""
    panel = panel_rows(results, VALUE_COLUMNS)
    # A refresh knows outcomes that the model it was scored by did not.
    learned_from = panel["cutoff"].isin(results.summary.question.labelled_cutoffs)
    labelled = panel[panel["churned"].notna() & learned_from]
    over = {
        cutoff: outcome_end(cutoff.to_pydatetime(), results.horizon_days)
        for cutoff in labelled["cutoff"].unique()
    }
    past = []
    for cutoff in sorted(results.past["cutoff"].unique()):
        forecast = results.past.loc[results.past["cutoff"] == cutoff, "p_churn"].to_numpy(dtype=float)
        known = [earlier for earlier, end in over.items() if end <= cutoff]
        rows = labelled[labelled["cutoff"] == cutoff].sort_values("customer_id")
        train = labelled[labelled["cutoff"].isin(known)]
        past.append(SpendPast(cutoff.to_pydatetime(), rows, forecast, train))
    return fit_value_model(labelled, past)
