"""Objects of known classes <-> plain JSON values, arrays of numbers and files; nothing that is read can name a class."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import numpy as np

from churnkit.errors import ModelError

_NUMBERS = "biuf"


@dataclass(frozen=True)
class Kind:
    """How the objects of one class are written and made again.

    Attributes
    ----------
    of
        The class; its name is what the file says.
    write
        Object -> its attributes; values may be of any kind, lists, texts, numbers, arrays.
    read
        Attributes -> object. Raises ValueError where they do not fit each other.
    """

    of: type
    write: Callable[[Any, Writer], Mapping[str, object]]
    read: Callable[[Mapping[str, Any]], object]

    @property
    def name(self) -> str:
        """What stands in the file."""
        return self.of.__name__


def estimator(of: type, *fitted: str, check: Callable[[Any], None] | None = None, **fixed: object) -> Kind:
    """A scikit-learn estimator: its parameters and the fitted attributes that predicting needs.

    Parameters
    ----------
    fitted
        Names of attributes; one that an object lacks is left out.
    check
        Raises ValueError for what would make the library read outside its arrays.
    fixed
        Parameters that are written with these values instead of their own.
    """

    def write(made: Any, _: Writer) -> Mapping[str, object]:
        known = {name: getattr(made, name) for name in fitted if hasattr(made, name)}
        return {"params": {**made.get_params(deep=False), **fixed}, **known}

    def read(attributes: Mapping[str, Any]) -> object:
        made = of(**attributes["params"])
        return _with_attributes(made, attributes, fitted, check)

    return Kind(of, write, read)


def part(of: type) -> Kind:
    """A dataclass of ours: its fields."""
    names = [field.name for field in fields(of)]
    return Kind(
        of,
        lambda made, _: {name: getattr(made, name) for name in names},
        lambda attributes: of(**attributes),
    )


def attributes_of(of: type, *names: str) -> Kind:
    """A plain class of ours: attributes by name; one that an object lacks is left out."""
    return Kind(
        of,
        lambda made, _: {name: getattr(made, name) for name in names if hasattr(made, name)},
        lambda attributes: _with_attributes(object.__new__(of), attributes, names, None),
    )


def _with_attributes(
    made: Any, attributes: Mapping[str, Any], names: Sequence[str], check: Callable[[Any], None] | None
) -> object:
    for name in names:
        if name in attributes:
            setattr(made, name, attributes[name])
    if check is not None:
        check(made)
    return made


class Writer:
    """Collects arrays and files while objects become plain values.

    Attributes
    ----------
    arrays
        Arrays of numbers by the name that the values give them.
    files
        Contents by file name.
    """

    def __init__(self, kinds: Sequence[Kind]) -> None:
        self._kinds = {kind.of: kind for kind in kinds}
        self.arrays: dict[str, np.ndarray] = {}
        self.files: dict[str, bytes] = {}

    def file(self, content: bytes, suffix: str) -> Content:
        """Put ``content`` beside the values; what stands for it among the attributes of a kind."""
        name = f"booster_{len(self.files) + 1}{suffix}"
        self.files[name] = content
        return Content(content, name)

    def value(self, item: object) -> object:
        """The plain value of an object.

        Raises
        ------
        ModelError
            Its class is of no kind.
        """
        if item is None or isinstance(item, (bool, str)):
            return item
        if isinstance(item, (int, np.integer, np.bool_)):
            return item.item() if isinstance(item, np.generic) else item
        if isinstance(item, (float, np.floating)):
            return float(item) if math.isfinite(item) else {"float": repr(float(item))}
        if isinstance(item, np.ndarray):
            return self._array(item)
        if isinstance(item, (list, tuple)):
            values = [self.value(one) for one in item]
            return values if isinstance(item, list) else {"tuple": values}
        if isinstance(item, Mapping):
            return {"map": [[self.value(key), self.value(one)] for key, one in item.items()]}
        if isinstance(item, datetime):
            return {"instant": item.isoformat()}
        if isinstance(item, np.dtype) and item.kind in _NUMBERS:
            return {"dtype": item.name}
        if isinstance(item, Content):
            return {"file": item.name}
        return self._object(item)

    def _array(self, values: np.ndarray) -> object:
        if values.dtype.kind in _NUMBERS:
            name = f"a{len(self.arrays) + 1}"
            self.arrays[name] = values
            return {"array": name}
        if values.ndim == 1 and all(one is None or isinstance(one, (str, float)) for one in values.tolist()):
            return {"texts": [self.value(one) for one in values.tolist()]}
        raise ModelError(
            f"Writing a model without code: an array of {values.dtype} is neither numbers nor texts."
        )

    def _object(self, item: object) -> object:
        kind = self._kinds.get(type(item))
        if kind is None:
            raise ModelError(
                f"Writing a model without code: {type(item).__name__} is of no kind that is known.",
                "Add it to churnkit/tournament/portable/kinds.py.",
            )
        attributes = kind.write(item, self)
        return {"kind": kind.name, "with": {name: self.value(one) for name, one in attributes.items()}}


@dataclass(frozen=True)
class Content:
    """The bytes of a file beside the values."""

    content: bytes
    name: str


class Reader:
    """Makes objects of plain values; only classes among ``kinds`` can come of them.

    Raises KeyError, TypeError or ValueError (in ``value``) where the values do not fit.
    """

    def __init__(
        self, kinds: Sequence[Kind], arrays: Mapping[str, np.ndarray], files: Mapping[str, bytes]
    ) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        self._arrays = arrays
        self._files = files

    def value(self, plain: Any) -> Any:
        """The object that a plain value stands for."""
        if isinstance(plain, list):
            return [self.value(one) for one in plain]
        if not isinstance(plain, dict):
            return plain
        if "kind" in plain:
            attributes = {name: self.value(one) for name, one in plain["with"].items()}
            return self._kinds[plain["kind"]].read(attributes)
        ((what, inside),) = plain.items()
        return self._special(what, inside)

    def _special(self, what: str, inside: Any) -> Any:
        if what == "array":
            return self._arrays[inside]
        if what == "tuple":
            return tuple(self.value(one) for one in inside)
        if what == "map":
            return {self.value(key): self.value(one) for key, one in inside}
        if what == "texts":
            texts = np.empty(len(inside), dtype=object)
            texts[:] = [self.value(one) for one in inside]
            return texts
        if what == "float":
            return float(inside)
        if what == "instant":
            return datetime.fromisoformat(inside)
        if what == "dtype":
            return np.dtype(str(inside))
        if what == "file":
            return Content(self._files[inside], inside)
        raise ValueError(f"nothing is known of {what!r}")
