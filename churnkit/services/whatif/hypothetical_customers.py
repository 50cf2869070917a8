"""A file of customers who do not exist, scored as if they stood among the shop's: orders in, probabilities and value out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from churnkit.errors import DataError
from churnkit.ingest import CONTACT_FIELDS, ColumnMapping, Ingested, Reading, column_names, ingest
from churnkit.ingest.engine import backend_of, connect
from churnkit.results.folders import Results
from churnkit.services.decide.repricing import priced_folder
from churnkit.services.decide.run_background import Background
from churnkit.services.whatif.stored_model import stored_model
from churnkit.services.whatif.strangers import COLUMNS, Strangers
from churnkit.store import ModelSeal


def score_file(
    run_folder: Path, models_folder: Path, file: Path, workdir: Path, *, seal: ModelSeal | None
) -> pd.DataFrame:
    """Score the customers of a file by a stored run's champion, without training anything.

    The same features are computed at the run's own cutoff. Parameters of the purchase process, ranks and typical figures
    are the shop's. Whatever the file does not tell, or only the shop's own customers have, counts as unknown.

    Parameters
    ----------
    run_folder, models_folder
        The run and the folder of the model files.
    file
        Orders, any kind of file that can be uploaded. With the columns of the run's own file it is read as that was.
    workdir
        Folder for intermediate files.
    seal
        As for ``stored_model``.

    Returns
    -------
    pandas.DataFrame
        Columns ``strangers.COLUMNS``, riskiest first; money as in the run.

    Raises
    ------
    DataError, MappingError
        The file cannot be read, is in another currency, or has orders at or after the cutoff.
    ModelError
        The model file is missing or was changed.
    """
    results = Results(run_folder, priced=priced_folder(run_folder))
    ingested = _read(results, file, workdir)
    scorer = Strangers(Background(results), stored_model(results, models_folder, seal))
    with connect(workdir) as connection:
        lines = backend_of(connection).read_parquet(ingested.transactions, table_name="strangers")
        table = scorer.scored(lines, has_time=ingested.has_time)
    return table.sort_values(["p_churn", "customer_id"], ascending=[False, True], ignore_index=True)[
        list(COLUMNS)
    ]


def _read(results: Results, file: Path, workdir: Path) -> Ingested:
    """The file as canonical transactions, by the mapping of the run's own file where that fits."""
    facts = results.facts
    settings = replace(results.summary.settings.ingest, sheet=None, encoding=None)
    # Dates are held against the run's own cutoff below, more strictly.
    reading = Reading(settings=settings, one_day_is_enough=True, accepted=("dates_beyond",))
    columns = set(column_names(file, workdir, settings))
    needed = {name: column for name, column in facts.mapping.items() if name not in CONTACT_FIELDS}
    if set(needed.values()) <= columns:
        mapping = ColumnMapping(needed, day_first=facts.day_first)
        reading = replace(reading, mapping=mapping, preset=facts.preset)
    ingested = ingest(file, workdir, reading)
    if ingested.currency and results.currency and ingested.currency != results.currency:
        raise DataError(
            f"Scoring customers: their orders must be in the currency of the analysis, {results.currency}; they are in"
            f" {ingested.currency}.",
            f"Convert the amounts to {results.currency}.",
        )
    return ingested
