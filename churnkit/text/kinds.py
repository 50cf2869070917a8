"""How a figure is known: the word that stands beside it on every page and in every file."""

from __future__ import annotations

from typing import Literal

Kind = Literal["tested", "forecast", "assumed", "measured"]

KINDS: dict[Kind, str] = {
    "tested": "A forecast that was made in the same way at earlier dates of this shop, and held against what then happened.",
    "forecast": "What the models expect. It was not, or could not be, held against what happened before.",
    "assumed": "It rests on assumptions, such as the success rate and the margin: nobody has measured them in this shop.",
    "measured": "Counted in the file, or measured by a campaign with customers left out for comparison.",
}
"""Each with what it means."""
