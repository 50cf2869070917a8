"""The scorer of a stored run: its model by the store's hash, the rest as the run wrote it, or learned once more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from churnkit.errors import ModelError
from churnkit.features.product_factors import FACTOR_PREFIX, ProductBasis, fit_product_basis
from churnkit.ingest import ColumnMapping, Reading
from churnkit.ingest.engine import backend_of, connect
from churnkit.results.folders import Results
from churnkit.results.found import Missing
from churnkit.roi import uncertainty_from_backtest
from churnkit.services.decide.repricing import priced_folder
from churnkit.services.score.learned_folder import read_learned
from churnkit.services.score.scorer import Learned, Scorer, ScorerFacts
from churnkit.services.whatif.stored_model import stored_model, stored_value_model
from churnkit.store import ModelSeal


def scorer_of_run(run_folder: Path, models_folder: Path, seal: ModelSeal | None, reading: Reading) -> Scorer:
    """What scored the customers of a run, or another model that was fitted for it.

    Parameters
    ----------
    seal
        File and hash of the model as the store knows it; None where the run trained none.
    reading
        How the run's file was read, as its request says.

    Raises
    ------
    ModelError
        The model file is missing or was changed, or the run is of an early version and lacks what scoring takes.
    """
    results = Results(run_folder, priced=priced_folder(run_folder))
    facts, summary = results.facts, results.summary
    year = summary.value.year
    if isinstance(year, Missing):
        raise ModelError(
            "Scoring a newer file: this analysis is from before the value of a year was learned.",
            "Start the analysis again.",
        )
    model = stored_model(results, models_folder, seal)
    said = ScorerFacts(
        churnkit_version=summary.churnkit_version,
        model=model.name,
        cutoff=summary.question.cutoff,
        horizon_days=results.horizon_days,
        currency=results.currency,
        proven=bool(results.customers["risk_tier"].notna().any()),
        reading=replace(
            reading,
            mapping=ColumnMapping(facts.mapping, day_first=facts.day_first),
            preset=facts.preset,
            as_of=None,
        ),
        settings=summary.settings.analysis,
        year=year.value,
    )
    value_model, products, levels = read_learned(run_folder) or (
        stored_value_model(results),
        _products(results),
        None,
    )
    learned = Learned(
        model,
        value_model,
        products,
        uncertainty_from_backtest(summary.backtest),
        levels,
    )
    return Scorer(said, learned)


def _products(results: Results) -> ProductBasis | None:
    """The basis of the run's product factors, from the same purchases before its earliest date."""
    if f"{FACTOR_PREFIX}1" not in results.scored_columns():
        return None
    question = results.summary.question
    first: datetime = min([*question.labelled_cutoffs, question.cutoff])
    seed = results.summary.settings.analysis.tournament.seed
    with TemporaryDirectory(prefix="churnkit-") as workdir, connect(Path(workdir)) as connection:
        transactions = backend_of(connection).read_parquet(results.transactions_path)
        return fit_product_basis(transactions, first, seed=seed)
