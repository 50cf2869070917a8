"""Documents of an analysis in the locale of whoever reads them: their sentences, nothing else."""

from __future__ import annotations

from typing import Any

from churnkit.results.codec import JsonObject
from churnkit.text.locale import current
from churnkit.text.locale_table import DEFAULT
from churnkit.text.respelling import respelled

# Fields that hold sentences of ours; names, codes and parameters stand in others.
_NAMES = (
    "assumptions condition conditions data definition figure_definition headline horizon_reason interval_words"
    " limits missing notes population question reason sentences training verdict why words"
)
_SENTENCES = frozenset(_NAMES.split())


def in_readers_locale(content: JsonObject, currency: str | None) -> JsonObject:
    """A document's object with its sentences as the current locale writes them; amounts are in ``currency``."""
    if current() is DEFAULT:
        return content
    told: JsonObject = _told(content, False, currency)
    return told


def _told(value: Any, sentence: bool, currency: str | None) -> Any:
    if isinstance(value, str):
        return respelled(value, currency) if sentence else value
    if isinstance(value, list):
        return [_told(one, sentence, currency) for one in value]
    if isinstance(value, dict):
        return {key: _told(one, key in _SENTENCES, currency) for key, one in value.items()}
    return value
