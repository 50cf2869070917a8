"""A shop's orders over time: files are folded in one after the other, and every earlier state can be had again.

The history is a folder: ``lines.parquet`` has every line that was ever known, with the versions that it was true for
(a long one leaves most of it in ``older_lines.parquet``, with what came since in ``newer_lines.parquet``);
``tellings.parquet`` says which files hold an order; ``contacts.parquet`` how customers are reached; ``account.json`` is
about the files. `first_state` begins one, `fold` adds a file, `take_back` undoes the last, `assemble` gives the
transactions of any version to all that analyses an export.
"""

from churnkit.shops.another_shop import require_believable, require_same_shop
from churnkit.shops.assembling import assemble
from churnkit.shops.first_state import first_state
from churnkit.shops.folding import fold
from churnkit.shops.history_files import LINES, TELLINGS, account_of
from churnkit.shops.missing_orders import MISSING_ORDERS
from churnkit.shops.newer_file import NewerFile
from churnkit.shops.taking_back import take_back
from churnkit.shops.unchanged import repeat

__all__ = [
    "LINES",
    "MISSING_ORDERS",
    "TELLINGS",
    "NewerFile",
    "account_of",
    "assemble",
    "first_state",
    "fold",
    "repeat",
    "require_believable",
    "require_same_shop",
    "take_back",
]
