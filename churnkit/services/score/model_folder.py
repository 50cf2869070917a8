"""``model/``: a scorer as a folder that runs no code when it is read, with its card."""

from __future__ import annotations

import io
import shutil
import zipfile
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

from churnkit.clv import ValueModel
from churnkit.clv.bands import Bands, BuyerBands
from churnkit.clv.conditional import ConditionalSpend
from churnkit.errors import ModelError
from churnkit.features.product_factors import ProductBasis
from churnkit.results.codec import from_text, to_text
from churnkit.roi import Uncertainty
from churnkit.services.score.scorer import Learned, Scorer, ScorerFacts
from churnkit.tournament.later_levels import Levels
from churnkit.tournament.model import ChurnModel
from churnkit.tournament.portable.files import MODEL_FILE, from_folder, to_files
from churnkit.tournament.portable.kinds import KINDS
from churnkit.tournament.portable.plain import Kind, part
from churnkit.tournament.portable.probe import Probe, probe_of
from churnkit.tournament.residuals import Spacing

FACTS_FILE = "scoring.json"
CARD_FILE = "card.md"
# Rounding of another processor or library; a model that is off by more is not the one that was saved.
_SAME = 1e-6


def _value_model(attributes: Mapping[str, Any]) -> ValueModel:
    """Its measures on past dates stay behind: they forecast nothing."""
    return ValueModel(errors=pd.DataFrame(), **attributes)


_VALUE_ATTRIBUTES = ("method", "scale", "conditional", "bands", "season", "buyers")
PART_KINDS: tuple[Kind, ...] = (
    *KINDS,
    Kind(
        ValueModel,
        lambda made, _: {name: getattr(made, name) for name in _VALUE_ATTRIBUTES},
        _value_model,
    ),
    part(ConditionalSpend),
    part(Bands),
    part(BuyerBands),
    part(ProductBasis),
    part(Spacing),
    part(Levels),
)
"""What a scorer's parts beside the churn model are made of."""
_KINDS: tuple[Kind, ...] = (*PART_KINDS, part(Uncertainty), part(Learned), part(Probe))


def model_files(scorer: Scorer, card: str) -> Mapping[str, bytes]:
    """The folder's files, contents by name.

    Parameters
    ----------
    card
        Markdown, see ``card_text``.

    Raises
    ------
    ModelError
        The model holds something that cannot be written without code.
    """
    root = {"learned": scorer.learned, "probe": probe_of(scorer.learned.model)}
    return {
        **to_files(root, _KINDS),
        FACTS_FILE: to_text(scorer.facts, indent=1).encode(),
        CARD_FILE: card.encode(),
    }


def write_model_folder(files: Mapping[str, bytes], folder: Path) -> Path:
    """Write :func:`model_files` into ``folder``, as a whole; a model that stands there is replaced.

    Raises
    ------
    ModelError
        ``folder`` holds something else than a model.
    """
    if folder.exists() and not (folder.is_dir() and (_is_model(folder) or not any(folder.iterdir()))):
        raise ModelError(
            f"Writing the model into {folder}: only a model may stand there, and it holds other files.",
            "Choose another output folder, or move what is in it.",
        )
    folder.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=folder.parent, prefix=".writing-") as temporary:
        draft, before = Path(temporary) / "new", Path(temporary) / "before"
        draft.mkdir()
        for name, content in files.items():
            (draft / name).parent.mkdir(exist_ok=True)
            (draft / name).write_bytes(content)
        if folder.exists():
            folder.rename(before)
        draft.rename(folder)
        shutil.rmtree(before, ignore_errors=True)
    return folder


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip archive that unpacks to ``model/``."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in sorted(files.items()):
            archive.writestr(f"model/{name}", content)
    return buffer.getvalue()


def read_model_folder(folder: Path) -> Scorer:
    """The scorer that a folder holds; nothing in it is run.

    Raises
    ------
    ModelError
        It is no model, damaged, of a newer version, or gives other probabilities here than where it was saved.
    DataError
        ``scoring.json`` is damaged or of a newer version.
    """
    root = from_folder(folder, _KINDS)
    learned = root.get("learned") if isinstance(root, dict) else None
    probe = root.get("probe") if isinstance(root, dict) else None
    if (
        not isinstance(learned, Learned)
        or not isinstance(learned.model, ChurnModel)
        or not isinstance(probe, Probe)
    ):
        raise ModelError(
            f"Loading the model in {folder}: {MODEL_FILE} holds no churn model.",
            "Copy the folder again, or train again.",
        )
    off = probe.difference(learned.model)
    if not off <= _SAME:
        raise ModelError(
            f"Loading the model in {folder}: it must give the probabilities that it gave where it was saved; they are"
            f" off by {np.format_float_scientific(off, 1)}.",
            "Install the versions of the libraries that model.json names, or train again.",
        )
    try:
        facts = (folder / FACTS_FILE).read_bytes()
    except OSError as error:
        raise ModelError(
            f"Loading the model in {folder}: {FACTS_FILE} cannot be read ({error.strerror}).",
            "Copy the folder again, or train again.",
        ) from error
    return Scorer(from_text(ScorerFacts, facts), learned)


def _is_model(folder: Path) -> bool:
    return (folder / MODEL_FILE).is_file() and (folder / FACTS_FILE).is_file()
