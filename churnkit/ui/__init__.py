"""What pages share: the workspace, the analysis being looked at, and the few parts every page is made of."""

from churnkit.text.terms import TERMS, term
from churnkit.ui.as_of import as_of
from churnkit.ui.chosen import store_here
from churnkit.ui.customer_table import customer_table
from churnkit.ui.expert_view import is_expert
from churnkit.ui.money_strip import money_strip
from churnkit.ui.opened import Opened, OpenedLook, open_look, open_results, scorer
from churnkit.ui.page_rules import require_page
from churnkit.ui.parts import (
    Card,
    Colour,
    card,
    cards,
    chart,
    csv_bytes,
    definitions,
    download,
    empty,
    guarded,
    note,
    show_error,
    title,
    value_or_note,
)
from churnkit.ui.proof_needed import unproven
from churnkit.ui.rights import may, needs
from churnkit.ui.shell import sidebar
from churnkit.ui.tables import table
from churnkit.ui.workspace import Workspace, leave, workspace

__all__ = [
    "TERMS",
    "Card",
    "Colour",
    "Opened",
    "OpenedLook",
    "Workspace",
    "as_of",
    "card",
    "cards",
    "chart",
    "csv_bytes",
    "customer_table",
    "definitions",
    "download",
    "empty",
    "guarded",
    "is_expert",
    "leave",
    "may",
    "money_strip",
    "needs",
    "note",
    "open_look",
    "open_results",
    "require_page",
    "scorer",
    "show_error",
    "sidebar",
    "store_here",
    "table",
    "term",
    "title",
    "unproven",
    "value_or_note",
    "workspace",
]
