"""``learned/`` in a run: what it learned beside the churn model, so that later dates need not learn it once more."""

from __future__ import annotations

import logging
from pathlib import Path

from churnkit.clv import ValueModel
from churnkit.errors import ModelError
from churnkit.features.product_factors import ProductBasis
from churnkit.services.score.model_folder import PART_KINDS
from churnkit.tournament.later_levels import Levels
from churnkit.tournament.portable.files import from_folder, to_files

LEARNED = "learned"

_log = logging.getLogger(__name__)


def write_learned(
    run_folder: Path, value_model: ValueModel, products: ProductBasis | None, levels: Levels | None
) -> None:
    """Put them into a run's folder, as files that run no code."""
    folder = run_folder / LEARNED
    folder.mkdir()
    learned = {"value_model": value_model, "products": products, "levels": levels}
    for name, content in to_files(learned, PART_KINDS).items():
        (folder / name).write_bytes(content)


def read_learned(run_folder: Path) -> tuple[ValueModel, ProductBasis | None, Levels | None] | None:
    """What :func:`write_learned` put there; None in older runs, and where it cannot be read: it is learned again then."""
    folder = run_folder / LEARNED
    if not folder.is_dir():
        return None
    try:
        found = from_folder(folder, PART_KINDS)
    except ModelError:
        _log.warning("reading what a run learned", exc_info=True)
        return None
    if not isinstance(found, dict):
        return None
    value_model, products, levels = (found.get(name) for name in ("value_model", "products", "levels"))
    if not isinstance(value_model, ValueModel) or not isinstance(products, ProductBasis | None):
        return None
    return value_model, products, levels if isinstance(levels, Levels) else None
