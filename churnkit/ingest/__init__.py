"""A shop's order export -> the canonical transactions and the account of every row.

`inspect` looks at a file and proposes how to read it, `ingest` reads it; a `Reading` says what was asked. A file passes
four rooms, each of which imports from those before it: ``files`` makes a raw table of its bytes, ``cells`` knows how to
make values of text, ``columns`` says which column is what, ``rows`` keeps, mends or drops.
"""

from typing import TYPE_CHECKING

from churnkit.late_names import late_names

if TYPE_CHECKING:
    from churnkit.ingest.columns import (
        CONTACT_FIELDS,
        FIELDS,
        IDENTITY,
        MONEY,
        NO_PRESET,
        PRESETS,
        ColumnMapping,
        ExportGuide,
        Reading,
        Suggestion,
        answered,
        export_guides,
        read_answers,
        read_mapping,
    )
    from churnkit.ingest.ingestion import FileFacts, Ingested, ingest
    from churnkit.ingest.inspection import ColumnInfo, Inspection, column_names, inspect
    from churnkit.ingest.questions import Check, Choice, OpenQuestions, Question, answer_tree
    from churnkit.ingest.rows import (
        Ledger,
        LedgerEntry,
        LeftOut,
        MonthSeen,
        OrderSeen,
        Understood,
        ValueMeaning,
    )

__all__ = [
    "CONTACT_FIELDS",
    "FIELDS",
    "IDENTITY",
    "MONEY",
    "NO_PRESET",
    "PRESETS",
    "Check",
    "Choice",
    "ColumnInfo",
    "ColumnMapping",
    "ExportGuide",
    "FileFacts",
    "Ingested",
    "Inspection",
    "Ledger",
    "LedgerEntry",
    "LeftOut",
    "MonthSeen",
    "OpenQuestions",
    "OrderSeen",
    "Question",
    "Reading",
    "Suggestion",
    "Understood",
    "ValueMeaning",
    "answer_tree",
    "answered",
    "column_names",
    "export_guides",
    "ingest",
    "inspect",
    "read_answers",
    "read_mapping",
]

# The server speaks of a Reading from its first second and reads nothing itself: each name comes when it is used.
_MODULES = {
    "CONTACT_FIELDS": "columns",
    "Check": "questions",
    "Choice": "questions",
    "ColumnInfo": "inspection",
    "ColumnMapping": "columns",
    "ExportGuide": "columns",
    "FIELDS": "columns",
    "IDENTITY": "columns",
    "FileFacts": "ingestion",
    "Ingested": "ingestion",
    "Inspection": "inspection",
    "LeftOut": "rows",
    "Ledger": "rows",
    "LedgerEntry": "rows",
    "MONEY": "columns",
    "MonthSeen": "rows",
    "NO_PRESET": "columns",
    "PRESETS": "columns",
    "OpenQuestions": "questions",
    "OrderSeen": "rows",
    "Question": "questions",
    "Reading": "columns",
    "Suggestion": "columns",
    "Understood": "rows",
    "ValueMeaning": "rows",
    "answer_tree": "questions",
    "answered": "columns",
    "column_names": "inspection",
    "export_guides": "columns",
    "ingest": "ingestion",
    "inspect": "inspection",
    "read_answers": "columns",
    "read_mapping": "columns",
}

__getattr__ = late_names(__name__, _MODULES)
