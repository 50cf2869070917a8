"""Values that a statement binds, under names of their own."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class BoundValues:
    """Gathers what the parts of one statement bind."""

    values: dict[str, object] = field(default_factory=dict)

    def add(self, name: str, value: object) -> str:
        """SQL for the value."""
        self.values[name] = value
        return f"${name}"

    def is_one_of(self, expression: str, name: str, values: tuple[str, ...]) -> str:
        """SQL condition: the text is one of the values; false for NULL."""
        if not values:
            return "false"
        return f"coalesce(list_contains({self.add(name, list(values))}, {expression}), false)"
