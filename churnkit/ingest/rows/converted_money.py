"""Orders in several currencies whose file has their money in one currency as well."""

from __future__ import annotations

from churnkit.ingest.cells import detect_number_format, number_sql, text_sql
from churnkit.ingest.columns import column_of
from churnkit.ingest.questions import Choice
from churnkit.ingest.rows.staged_rows import StagedRows

_AMOUNTS = (
    "Converted Amount",
    "Amount Converted",
    "Settlement Amount",
    "Base Amount",
    "Amount (Base)",
    "Total (Base)",
    "Amount (Base Currency)",
    "Total (Base Currency)",
    "Base Grand Total",
    "Base Total",
    "Amount in Base Currency",
    "Total in Base Currency",
    "Home Currency Amount",
    "Umgerechneter Betrag",
    "Montant converti",
    "Importe convertido",
    "Valor convertido",
)
_REFUNDS = ("Converted Amount Refunded", "Base Total Refunded")
_CURRENCIES = (
    "Converted Currency",
    "Settlement Currency",
    "Base Currency",
    "Base Currency Code",
    "Home Currency",
)


def converted_choice(staged: StagedRows) -> Choice | None:
    """The answer that takes the file's own conversion, where it is all in one currency."""
    raw = staged.plan.raw
    amount, currency = column_of(_AMOUNTS, raw.columns), column_of(_CURRENCIES, raw.columns)
    if amount is None or currency is None:
        return None
    fmt = detect_number_format(raw, amount)
    rows, orders, total, codes = raw.one(
        """
        SELECT count(value), count(DISTINCT order_id), sum(value), count(DISTINCT code)
        FROM (SELECT {row} AS source_row, {value} AS value, upper(trim({code})) AS code FROM {raw})
        JOIN {staged} USING (source_row) WHERE reason IS NULL AND value IS NOT NULL
        """,
        staged=staged.table,
        value=number_sql(amount, fmt),
        code=text_sql(currency),
    )
    if not rows or codes != 1:
        return None
    answer = {"amount": amount, "currency": currency}
    refunds = column_of(_REFUNDS, raw.columns)
    if refunds is not None:
        answer["refunded"] = refunds
    return Choice(f"All orders, in the one currency of {amount!r}", answer, rows, orders, total)
