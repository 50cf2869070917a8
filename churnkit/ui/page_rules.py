"""What somebody must be allowed to do to open a page; a page that stands here nowhere opens to nobody.

What a page lets them do beyond that is asked where it is done: the store, the platform and :mod:`churnkit.services`
refuse by themselves.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from churnkit.accounts import Action
from churnkit.ui.chosen import store_here

PAGES: Mapping[str, Action] = MappingProxyType(
    {
        "start": Action.READ,
        "upload": Action.READ,
        "data_quality": Action.READ,
        "progress": Action.READ,
        "history": Action.READ,
        "dashboard": Action.READ,
        "since": Action.READ,
        "compare": Action.READ,
        "worklist": Action.READ,
        "customers": Action.READ,
        "customer": Action.READ,
        "models": Action.READ,
        "monitoring": Action.READ,
        "segments": Action.READ,
        "cohorts": Action.READ,
        "actions": Action.READ,
        "whatif": Action.READ,
        "campaigns": Action.READ,
        "readout": Action.READ,
        "reports": Action.READ,
        "settings": Action.READ,
        "help": Action.READ,
    }
)


def require_page(stem: str) -> None:
    """See that whoever asks may open the page of a file.

    Raises
    ------
    AccessError
        They may not.
    KeyError
        The page has no rule.
    """
    store_here().actor.require(PAGES[stem])
