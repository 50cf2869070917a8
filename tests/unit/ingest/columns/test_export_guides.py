"""How orders are exported: every preset that can be read has a guide, and every guide names presets that exist."""

from __future__ import annotations

from churnkit.ingest.columns.export_advice import export_guide, export_guides
from churnkit.ingest.columns.presets import PRESETS


def test_every_preset_that_is_read_has_a_guide_and_no_guide_names_another():
    read = {preset.name for preset in PRESETS if not preset.refusal} - {"online_retail"}
    named = [name for guide in export_guides() for name in guide.presets]
    assert sorted(named) == sorted(read)


def test_guides_stand_by_title_and_say_what_to_do():
    guides = export_guides()
    assert [guide.title.lower() for guide in guides] == sorted(guide.title.lower() for guide in guides)
    assert all(guide.steps and guide.file for guide in guides)


def test_a_guide_is_proven_by_a_real_file_of_one_of_its_presets():
    assert export_guide("etsy").proven
    assert not export_guide("wix").proven
    assert not export_guide("sumup").proven
    assert export_guide("shopify").path().startswith("Shopify: Open Orders")
