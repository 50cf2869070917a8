"""Which column is what: a raw table and a `Reading` go in, a mapping and the rules of its export come out.

`choose_mapping` takes a mapping file before a known export, and that before suggestions by headers and cells. What it
cannot tell is a `Question`, never a guess.
"""

from typing import TYPE_CHECKING

from churnkit.late_names import late_names

if TYPE_CHECKING:
    from churnkit.ingest.columns.answers import answered, read_answers
    from churnkit.ingest.columns.block_filling import EDGE_ROWS, FILLED_ROWS
    from churnkit.ingest.columns.cell_evidence import Evidence, gather
    from churnkit.ingest.columns.column_pairs import ColumnPairs
    from churnkit.ingest.columns.contact_columns import reach_columns, with_contact_columns
    from churnkit.ingest.columns.date_order import DateColumn, Dating
    from churnkit.ingest.columns.export_advice import ExportGuide, export_guides
    from churnkit.ingest.columns.export_rules import Rules, column_of
    from churnkit.ingest.columns.flag_columns import is_yes
    from churnkit.ingest.columns.grouped_blocks import fill_blocks
    from churnkit.ingest.columns.mapping import (
        CONTACT_FIELDS,
        FIELDS,
        IDENTITY,
        MONEY,
        ColumnMapping,
        require_complete,
    )
    from churnkit.ingest.columns.mapping_choice import MappingChoice, choose_mapping
    from churnkit.ingest.columns.mapping_file import read_mapping
    from churnkit.ingest.columns.mixed_dates import UNCLEAR, MixCause
    from churnkit.ingest.columns.named_totals import columns_named_total
    from churnkit.ingest.columns.preset_lookup import NO_PRESET
    from churnkit.ingest.columns.presets import PRESETS
    from churnkit.ingest.columns.reading import Reading, RowKindAnswer, StatusAnswer
    from churnkit.ingest.columns.state_columns import StateColumns, find_state_columns
    from churnkit.ingest.columns.suggested_mapping import Suggestion
    from churnkit.ingest.columns.synonyms import normalise_header

__all__ = [
    "CONTACT_FIELDS",
    "EDGE_ROWS",
    "FIELDS",
    "FILLED_ROWS",
    "IDENTITY",
    "MONEY",
    "NO_PRESET",
    "PRESETS",
    "UNCLEAR",
    "ColumnMapping",
    "ColumnPairs",
    "DateColumn",
    "Dating",
    "Evidence",
    "ExportGuide",
    "MappingChoice",
    "MixCause",
    "Reading",
    "RowKindAnswer",
    "Rules",
    "StateColumns",
    "StatusAnswer",
    "Suggestion",
    "answered",
    "choose_mapping",
    "column_of",
    "columns_named_total",
    "export_guides",
    "fill_blocks",
    "find_state_columns",
    "gather",
    "is_yes",
    "normalise_header",
    "reach_columns",
    "read_answers",
    "read_mapping",
    "require_complete",
    "with_contact_columns",
]

# As in the package above: a Reading comes without what suggests columns.
_MODULES = {
    "CONTACT_FIELDS": "mapping",
    "ColumnMapping": "mapping",
    "ColumnPairs": "column_pairs",
    "DateColumn": "date_order",
    "Dating": "date_order",
    "EDGE_ROWS": "block_filling",
    "Evidence": "cell_evidence",
    "ExportGuide": "export_advice",
    "FIELDS": "mapping",
    "FILLED_ROWS": "block_filling",
    "IDENTITY": "mapping",
    "MONEY": "mapping",
    "MappingChoice": "mapping_choice",
    "MixCause": "mixed_dates",
    "NO_PRESET": "preset_lookup",
    "PRESETS": "presets",
    "Reading": "reading",
    "RowKindAnswer": "reading",
    "Rules": "export_rules",
    "StateColumns": "state_columns",
    "StatusAnswer": "reading",
    "Suggestion": "suggested_mapping",
    "UNCLEAR": "mixed_dates",
    "answered": "answers",
    "choose_mapping": "mapping_choice",
    "column_of": "export_rules",
    "export_guides": "export_advice",
    "fill_blocks": "grouped_blocks",
    "find_state_columns": "state_columns",
    "gather": "cell_evidence",
    "columns_named_total": "named_totals",
    "is_yes": "flag_columns",
    "normalise_header": "synonyms",
    "reach_columns": "contact_columns",
    "read_answers": "answers",
    "read_mapping": "mapping_file",
    "require_complete": "mapping",
    "with_contact_columns": "contact_columns",
}

__getattr__ = late_names(__name__, _MODULES)
