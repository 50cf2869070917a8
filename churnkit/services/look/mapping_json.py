"""Which column is what, as JSON: the same object in the app, in a file and behind ``--map`` and ``--answers``."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from churnkit.errors import MappingError
from churnkit.ingest import ColumnMapping, Reading, answered, read_mapping
from churnkit.services.look.given_answers import BY_HAND, GivenAnswer
from churnkit.text.figures import size

MAPPING_FILE = "mapping.json"
MAX_BYTES = 100_000
_WHAT = "Reading the mapping"
_EXAMPLE = '{"customer_id": "Customer", "order_datetime": "Date", "order_total": "Total"}'
# What decides how the header is read must be known before there is one.
_BEFORE_THE_HEADER = ("sheet", "encoding", "delimiter", "preset")
_OTHER_ANSWERS = ("returns", "duplicates", "statuses", "row_kinds", "nobody", "accept")


def mapping_text(mapping: ColumnMapping) -> str:
    """A mapping as ``--map`` reads it.

    Examples
    --------
    >>> print(mapping_text(ColumnMapping({"customer_id": "Buyer"}, day_first=True)))
    {
      "customer_id": "Buyer",
      "day_first": true
    }
    """
    settings: dict[str, object] = {"day_first": mapping.day_first, "decimal": mapping.decimal}
    if "currency" not in mapping.columns:
        settings["currency"] = mapping.currency
    content = {**mapping.columns, **{name: value for name, value in settings.items() if value is not None}}
    return json.dumps(content, indent=2, ensure_ascii=False)


def mapping_answer(text: str | bytes, columns: Sequence[str]) -> GivenAnswer:
    """What somebody pasted or loaded, as an answer about a file with these columns.

    Parameters
    ----------
    text
        One JSON object: fields and their columns as in a mapping file, and any answers of an answers file but those that
        are needed before the header can be read.

    Raises
    ------
    MappingError
        It is none, names an unknown field, or a column that the file does not have; the message says which.
    """
    content = _object(text)
    early = [name for name in _BEFORE_THE_HEADER if name in content]
    if early:
        raise MappingError(
            f"{_WHAT}: {early[0]} is settled before the columns are known.",
            "Leave it out here and choose it under “How the file is read”.",
        )
    others = {name: content[name] for name in _OTHER_ANSWERS if name in content}
    # Whatever is wrong with them is said now, and not when the file is read.
    answered(Reading(), others)
    fields = {name: value for name, value in content.items() if name not in others}
    mapping = read_mapping(fields).fitted(columns)
    if not (mapping.columns or others):
        raise MappingError(f"{_WHAT}: it names no column.", f"It should look like {_EXAMPLE}.")
    said = json.loads(mapping_text(mapping))
    return GivenAnswer(BY_HAND, "Columns by a mapping in JSON", {**said, **others})


def _object(text: str | bytes) -> Mapping[str, Any]:
    written = text.encode("utf-8", "replace") if isinstance(text, str) else text
    if len(written) > MAX_BYTES:
        raise MappingError(
            f"{_WHAT}: it must have {size(MAX_BYTES)} at most, it has {size(len(written))}.",
            f"It should look like {_EXAMPLE}.",
        )
    try:
        content = json.loads(written.decode("utf-8-sig"))
    except UnicodeDecodeError as problem:
        raise MappingError(f"{_WHAT}: it is not UTF-8 text.", "Save it as UTF-8.") from problem
    except json.JSONDecodeError as problem:
        raise MappingError(
            f"{_WHAT}: it is no valid JSON, {problem.msg} in line {problem.lineno}.",
            f"It should look like {_EXAMPLE}.",
        ) from problem
    except (RecursionError, ValueError) as problem:
        raise MappingError(
            f"{_WHAT}: it is no mapping ({problem}).", f"It should look like {_EXAMPLE}."
        ) from problem
    if not isinstance(content, dict):
        raise MappingError(
            f"{_WHAT}: it must be one JSON object, found a {type(content).__name__}.",
            f"It should look like {_EXAMPLE}.",
        )
    return content
