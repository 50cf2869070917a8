"""Every column of every table, once: its title, kind, unit, help and width.

Pages build their tables from it (`churnkit.ui.table`), so do the Excel workbook and the tables of a report. A column is
found by its key, :func:`column`; the tuples say which ones belong together, in the order of the workbook.
"""

from churnkit.text.columns.access_columns import LOG
from churnkit.text.columns.column import Column, Kind
from churnkit.text.columns.customer_columns import ACTIONS, CAMPAIGN_MEMBERS, CUSTOMERS, LOOKALIKES, ORDERS
from churnkit.text.columns.data_columns import (
    CHECKS,
    DEDUCTIONS,
    DEFINITIONS,
    LEDGER,
    MONTHS,
    SEEN,
    SOLD,
    SUMMARY,
    THRESHOLDS,
)
from churnkit.text.columns.group_columns import COHORTS, COMPARISON, FLOWS, GROUPS, LOSSES, PRODUCTS
from churnkit.text.columns.model_columns import (
    AUDIT,
    BACKTEST,
    DRIVERS,
    LEADERBOARD,
    LEFT_OUT,
    MEASURES,
    OUTSIDE,
    RANKING,
    TENTHS,
    TRIALS,
    VERSIONS,
)
from churnkit.text.columns.money_columns import (
    BUDGETS,
    OFFERS,
    READOUTS,
    RISK,
    SCENARIOS,
    SWINGS,
    VALUE_ERRORS,
    YEARS,
)
from churnkit.text.columns.monitor_columns import CONTENDERS, DRIFT, EVENTS, SCORECARDS
from churnkit.text.columns.since_columns import CAME_TRUE, MOVES, WORK_LIST

__all__ = ["COLUMNS", "CUSTOMERS", "Column", "Kind", "column"]

_ALL = (
    *CUSTOMERS,
    *ORDERS,
    *ACTIONS,
    *LOOKALIKES,
    *CAMPAIGN_MEMBERS,
    *GROUPS,
    *FLOWS,
    *COHORTS,
    *LOSSES,
    *COMPARISON,
    *PRODUCTS,
    *LEADERBOARD,
    *MEASURES,
    *RANKING,
    *AUDIT,
    *TRIALS,
    *BACKTEST,
    *TENTHS,
    *VERSIONS,
    *DRIVERS,
    *LEFT_OUT,
    *OUTSIDE,
    *SCENARIOS,
    *BUDGETS,
    *OFFERS,
    *SWINGS,
    *RISK,
    *YEARS,
    *VALUE_ERRORS,
    *READOUTS,
    *MOVES,
    *CAME_TRUE,
    *WORK_LIST,
    *LEDGER,
    *CHECKS,
    *DEDUCTIONS,
    *THRESHOLDS,
    *SOLD,
    *MONTHS,
    *SEEN,
    *SUMMARY,
    *DEFINITIONS,
    *SCORECARDS,
    *DRIFT,
    *CONTENDERS,
    *EVENTS,
    *LOG,
)
COLUMNS = {one.key: one for one in _ALL}


def column(key: str) -> Column:
    """The column of this key.

    Raises
    ------
    KeyError
        If there is none: a slip of the author, who finds how to add one in CONTRIBUTING.

    Examples
    --------
    >>> column("p_churn").title, column("ledger.reason").name
    ('Churn probability', 'reason')
    """
    try:
        return COLUMNS[key]
    except KeyError:
        like = [known for known in COLUMNS if known.rpartition(".")[2] == key.rpartition(".")[2]]
        hint = f"; did you mean {' or '.join(like)}?" if like else ": add it to churnkit/text/columns."
        raise KeyError(f"No column is called {key!r}{hint}") from None
