"""Getting ready what the first forecast on demand would otherwise wait for."""

from __future__ import annotations

import importlib

from churnkit.accounts import SYSTEM
from churnkit.config import data_dir, models_dir
from churnkit.errors import ChurnkitError

FORECASTS_NEED = ("churnkit.services.whatif.known_customers", "xgboost", "lightgbm")


def get_forecasts_ready() -> bool:
    """Load the libraries of models, and say so, where somebody has a key: who has none does not pay for them."""
    if not _has_keys():
        return False
    for name in FORECASTS_NEED:
        importlib.import_module(name)
    return True


def _has_keys() -> bool:
    # The server names this module before it listens, and the platform brings pandas.
    from churnkit.jobs import open_platform
    from churnkit.services.access.keys import are_keys_in_use
    from churnkit.store import LOCAL_TENANT

    try:
        return are_keys_in_use(open_platform(data_dir(), models_dir()).store_for(LOCAL_TENANT, SYSTEM))
    except ChurnkitError:
        # Every page says so itself.
        return False
