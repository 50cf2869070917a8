"""What every setting is held to when it is built."""

from __future__ import annotations

from churnkit.errors import SettingsError


def require(holds: bool, name: str, value: object, rule: str) -> None:
    if not holds:
        raise SettingsError(f"Setting {name} = {value!r}: it must be {rule}.")
