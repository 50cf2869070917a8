"""The one table of order exports of known shop systems, by family: header, columns and the rules of their rows."""

from __future__ import annotations

from churnkit.ingest.columns.export_rules import Preset
from churnkit.ingest.columns.presets import (
    back_office,
    hosted,
    marketplaces,
    own_server,
    payments,
    shopify,
    tills,
    woocommerce,
)

PRESETS: tuple[Preset, ...] = (
    *shopify.PRESETS,
    *woocommerce.PRESETS,
    *tills.PRESETS,
    *payments.PRESETS,
    *marketplaces.PRESETS,
    *own_server.PRESETS,
    *hosted.PRESETS,
    *back_office.PRESETS,
)
