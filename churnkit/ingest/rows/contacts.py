"""How each customer is reached and where they buy, from the shop's own file: a table beside the transactions.

No forecast reads it; lists of people to contact and the audit of fairness do.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from churnkit.ingest.cells import CONSENT_GIVEN, CONSENT_REFUSED, trimmed_sql
from churnkit.ingest.columns import reach_columns
from churnkit.ingest.engine import compose, quote_identifier
from churnkit.ingest.files import SOURCE_ROW
from churnkit.ingest.rows.bound_values import BoundValues
from churnkit.ingest.rows.reading_plan import ReadingPlan
from churnkit.ingest.rows.staged_rows import StagedRows
from churnkit.ingest.rows.typed_cells import CellQueries
from churnkit.text.figures import count

CONTACT_TITLES = {
    "email": "e-mail addresses",
    "phone": "phone numbers",
    "customer_name": "names",
    "first_name": "first names",
    "last_name": "last names",
    "city": "cities",
    "state": "states",
    "zip": "postcodes",
    "country": "countries",
    "channel": "sales channels",
}
"""Columns of the table besides ``customer_id`` and ``consent`` (true, false, or NULL where the file does not say)."""


@dataclass(frozen=True)
class Contacts:
    """What was written of whom.

    Attributes
    ----------
    path
        Parquet, one row per customer of whom something is known: of every field the latest that is not blank.
    note
        How many customers have what, in a sentence.
    """

    path: Path
    note: str


def write_contacts(staged: StagedRows, target: Path) -> Contacts | None:
    """Write the contacts of the rows to keep to ``target``; None, and no file, where the file has none."""
    plan = staged.plan
    bound = BoundValues()
    cells = _cells(plan, bound)
    if not cells:
        return None
    latest = ", ".join(
        f"arg_max({name}, (ordered_at, source_row)) FILTER (WHERE {name} IS NOT NULL) AS {name}"
        for name in cells
    )
    staged.connection.execute(
        compose(
            """
            COPY (
                WITH cells AS (SELECT {row} AS source_row, {identities}, {own} FROM {raw}),
                people AS ({people})
                SELECT * FROM (
                    SELECT staged.customer_id, {latest}
                    FROM (SELECT * REPLACE ({real}) FROM people) JOIN {staged} AS staged USING (source_row)
                    WHERE staged.reason IS NULL GROUP BY staged.customer_id
                ) WHERE coalesce({texts}) IS NOT NULL ORDER BY customer_id
            ) TO $target (FORMAT parquet)
            """,
            row=quote_identifier(SOURCE_ROW),
            raw=plan.raw.source,
            identities=CellQueries(plan, bound).identities(),
            own=", ".join(f"{sql} AS {name}" for name, sql in cells.items()),
            people=CellQueries(plan, bound, staged.people).real_people(),
            real=_real(plan, cells),
            latest=latest,
            staged=staged.table,
            texts=", ".join(f"CAST({name} AS VARCHAR)" for name in cells),
        ),
        {**bound.values, **plan.raw.bound, "target": str(target)},
    )
    return Contacts(target, _note(staged, target, list(cells)))


def _cells(plan: ReadingPlan, bound: BoundValues) -> dict[str, str]:
    """SQL on the raw table by field."""
    raw, columns = plan.raw, plan.mapping.columns
    found = {name: column for name, column in reach_columns(raw, columns).items() if column}
    found |= {name: columns[name] for name in CONTACT_TITLES if name not in found and name in columns}
    cells = {name: trimmed_sql(raw, column) for name, column in found.items()}
    if "consent" in columns:
        said = f"lower({trimmed_sql(raw, columns['consent'])})"
        yes = bound.is_one_of(said, "consent_given", tuple(sorted(CONSENT_GIVEN)))
        no = bound.is_one_of(said, "consent_refused", tuple(sorted(CONSENT_REFUSED)))
        cells["consent"] = f"CASE WHEN {yes} THEN true WHEN {no} THEN false END"
    return cells


def _real(plan: ReadingPlan, cells: dict[str, str]) -> str:
    """An address or number that names customers is one only where it names somebody."""
    real = [f"real_{name} AS {name}" for name in ("email", "phone") if name in cells and plan.has(name)]
    return ", ".join([*real, "source_row AS source_row"])


def _note(staged: StagedRows, target: Path, names: list[str]) -> str:
    parts = ", ".join(f"count({name})" for name in names)
    counts = staged.connection.execute(
        compose("SELECT {parts} FROM read_parquet($target)", parts=parts), {"target": str(target)}
    ).fetchall()[0]
    known = dict(zip(names, counts, strict=True))
    words = [
        f"{CONTACT_TITLES[name]} of {count(known[name])}"
        for name in names
        if name in CONTACT_TITLES and known[name]
    ]
    consent = (
        f", and whether {count(known['consent'])} agreed to be written to" if known.get("consent") else ""
    )
    return (
        f"Of customers the file also tells {', '.join(words)}{consent}. That goes to lists of people to contact and to the"
        " audit of fairness, never into a forecast."
    )
