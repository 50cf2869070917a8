"""How the orders are exported from the known shop systems: what the app tells before a file is chosen."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from churnkit.ingest.columns.export_steps import STEPS
from churnkit.ingest.columns.presets import PRESETS


@dataclass(frozen=True)
class ExportGuide:
    """The way to the orders of one shop system.

    Attributes
    ----------
    name, title
        ``etsy``, and what a person reads.
    steps
        What to open and to click, one sentence each, in this order.
    file
        What comes out and what must be in it.
    presets
        Names of the presets that read it; none where the columns are judged by their contents.
    proven
        A real file of this system was read.
    """

    name: str
    title: str
    steps: tuple[str, ...]
    file: str
    presets: tuple[str, ...] = ()
    proven: bool = False

    def path(self) -> str:
        """The steps in one line, for the end of a message."""
        return f"{self.title}: {' '.join(self.steps)}"


@cache
def export_guides() -> tuple[ExportGuide, ...]:
    """All guides, by title."""
    readers = {preset.name: preset for preset in PRESETS if not preset.refusal}
    guides = []
    for name, (title, steps, file, names) in STEPS.items():
        presets = tuple(names.split())
        proven = any(readers[preset].proven for preset in presets)
        guides.append(ExportGuide(name, title, steps, file, presets, proven))
    return tuple(sorted(guides, key=lambda guide: guide.title.lower()))


def export_guide(name: str) -> ExportGuide:
    """The guide of that name, which must exist."""
    return next(guide for guide in export_guides() if guide.name == name)
