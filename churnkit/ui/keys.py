"""Keys of the session state that more than one place reads or writes."""

from __future__ import annotations

# The filter of the customers page, set from elsewhere by ``ui.customer_link``.
CUSTOMER_SEARCH = "customer_search"
CUSTOMER_TIERS = "customer_tiers"
CUSTOMER_SEGMENTS = "customer_segments"
CUSTOMER_CLV_LOW = "customer_clv_low"
CUSTOMER_CLV_HIGH = "customer_clv_high"
CUSTOMER_FROM = "customer_from"
CUSTOMER_UNTIL = "customer_until"
CUSTOMER_MOVED = "customer_moved"
CUSTOMER_PAGE = "customer_page"
# How often a customer was opened: the table forgets the clicked row under a new key.
CUSTOMER_CLICKS = "customer_clicks"


def text_draft(intervention: str, *, with_product: bool) -> str:
    """The words that a language model has written for an intervention."""
    return f"text_draft_{intervention}_{with_product}"
