"""Which of several sheets or files are one table, which are no orders, and when only the owner can say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from churnkit.errors import DataError
from churnkit.ingest.files.part_evidence import PartEvidence, key_of, stands_apart
from churnkit.ingest.files.table_part import TablePart, TableParts
from churnkit.ingest.files.unpacking import LeftOut
from churnkit.ingest.questions import Choice, OpenQuestions, Question
from churnkit.text.figures import count

_ALL = "all:"
_EVERY = "all:*"
_SHARED_OF_SMALLER = 0.8
_SHARED_OF_BOTH = 0.6
_LISTED = 12


@dataclass(frozen=True)
class WantedSheet:
    """The setting ``sheet``: a sheet or file by its name alone, or with all others of its header.

    ``2024`` is that sheet alone, ``all:2024`` it and every other with the same header, ``all:*`` every one with the
    header of the largest table. No sheet's title can hold a colon.
    """

    name: str
    and_alike: bool

    @classmethod
    def of(cls, setting: str | None) -> WantedSheet | None:
        """The setting in its parts; None where nothing is asked."""
        if setting is None:
            return None
        if setting.startswith(_ALL):
            return cls(setting.removeprefix(_ALL), and_alike=True)
        return cls(setting, and_alike=False)


@dataclass
class Group:
    """Parts with one header."""

    keys: set[str]
    is_apart: bool
    parts: list[TablePart] = field(default_factory=list)
    evidence: list[PartEvidence] = field(default_factory=list)

    def add(self, part: TablePart, seen: PartEvidence) -> None:
        """Take the part in; its columns are the group's from now on."""
        self.parts.append(part)
        self.evidence.append(seen)
        self.keys |= keys_of(part)

    @property
    def row_count(self) -> int:
        """Records of all parts."""
        return sum(part.row_count for part in self.parts)

    def takes(self, part: TablePart, seen: PartEvidence, *, is_apart: bool) -> bool:
        """Whether the part is one of this table by its header, or by its columns where it has none."""
        if is_apart != self.is_apart:
            return False
        if not has_header(part) and has_header(self.parts[0]):
            return _same_kinds(seen.kinds, self.evidence[0].kinds)
        return same_header(keys_of(part), self.keys)


def has_header(part: TablePart) -> bool:
    """Whether the part names its columns."""
    return part.raw.format.header_row > 0


def keys_of(part: TablePart) -> set[str]:
    """The header of a part, compared whatever the order and the writing of its columns."""
    return set(map(key_of, part.raw.columns))


def same_header(one: set[str], other: set[str]) -> bool:
    """Nearly all columns of the smaller table are in the larger one, and it has few others."""
    shared = len(one & other)
    return (
        shared > 1
        and shared >= _SHARED_OF_SMALLER * min(len(one), len(other))
        and shared >= _SHARED_OF_BOTH * len(one | other)
    )


def choose_parts(parts: TableParts, setting: str | None) -> TableParts:
    """The parts that are read as one table; the others are left out with a reason.

    Raises
    ------
    OpenQuestions
        Tables with different headers may be orders.
    DataError
        The sheet that is asked for does not exist.
    """
    if len(parts.found) == 1:
        return parts
    wanted = WantedSheet.of(setting)
    if wanted is not None and not wanted.and_alike:
        return _by_name(parts, wanted.name)
    groups = _groups(parts.found)
    if wanted is not None:
        chosen = _wanted_group(groups, wanted.name)
        if chosen is not None:
            return _without_others(parts, chosen)
    likely = [group for group in groups if any(seen.may_be_orders for seen in group.evidence)]
    if len(likely) > 1:
        orders = [group for group in likely if not all(seen.is_summary for seen in group.evidence)]
        likely = orders or likely
    if len(likely) > 1:
        raise OpenQuestions([_question(likely)], "Choosing the table")
    return _without_others(parts, likely[0] if likely else max(groups, key=_size))


def _size(group: Group) -> tuple[bool, int]:
    return has_header(group.parts[0]), group.row_count


def _groups(parts: Sequence[TablePart]) -> list[Group]:
    groups: list[Group] = []
    # A part without a header may stand before the one that has it, as sheets are sorted by name.
    for part in sorted(parts, key=lambda part: not has_header(part)):
        seen, is_apart = PartEvidence.of(part.raw), part.is_sheet and stands_apart(part.title)
        for group in groups:
            if group.takes(part, seen, is_apart=is_apart):
                group.add(part, seen)
                break
        else:
            group = Group(set(), is_apart)
            group.add(part, seen)
            groups.append(group)
    if len(groups) == 1 and groups[0].is_apart:
        groups[0].is_apart = False
    places = {part.name: place for place, part in enumerate(parts)}
    for group in groups:
        group.parts.sort(key=lambda part: places[part.name])
    return sorted(groups, key=lambda group: places[group.parts[0].name])


def _same_kinds(one: Sequence[str], other: Sequence[str]) -> bool:
    if len(one) != len(other):
        return False
    both = [(a, b) for a, b in zip(one, other, strict=True) if "blank" not in (a, b)]
    return bool(both) and all(a == b for a, b in both)


def _by_name(parts: TableParts, wanted: str) -> TableParts:
    plain = wanted.strip().casefold()
    found = [part for part in parts.found if plain in (part.name.casefold(), part.title.strip().casefold())]
    if not found:
        names = ", ".join(repr(part.name) for part in parts.found[:_LISTED])
        raise DataError(
            f"Choosing the table: there is no sheet or file {wanted!r} among {names}.",
            "Name one of these in the setting sheet, or leave it out to have it chosen.",
        )
    return TableParts(tuple(found), ())


def _wanted_group(groups: Sequence[Group], wanted: str) -> Group | None:
    """The group of the part so named; None where there is none, as in the next month's export."""
    if _ALL + wanted == _EVERY:
        largest = max(groups, key=lambda group: group.row_count)
        whole = Group(set(largest.keys), largest.is_apart)
        whole.parts = [
            part for group in groups if same_header(group.keys, largest.keys) for part in group.parts
        ]
        return whole
    plain = wanted.strip().casefold()
    for group in groups:
        if any(plain in (part.name.casefold(), part.title.strip().casefold()) for part in group.parts):
            return group
    return None


def _without_others(parts: TableParts, chosen: Group) -> TableParts:
    names = {part.name for part in chosen.parts}
    kept = [part for part in parts.found if part.name in names]
    others = [LeftOut(part.name, _why(part)) for part in parts.found if part.name not in names]
    return TableParts(tuple(kept), (*parts.left_out, *others))


def _why(part: TablePart) -> str:
    if not has_header(part):
        return "does not look like orders"
    return f"has other columns ({', '.join(part.raw.columns[:4])} …)"


def _question(groups: Sequence[Group]) -> Question:
    ranked = sorted(groups, key=lambda group: (group.is_apart, -group.row_count))
    listing = "; ".join(f"{_names(group)}: {_columns(group)}" for group in ranked)
    choices = [_choice(group) for group in ranked]
    first = ranked[0]
    if any(same_header(first.keys, group.keys) for group in ranked[1:]):
        rows = sum(group.row_count for group in ranked if same_header(first.keys, group.keys))
        choices.append(Choice(f"all with the columns of {_names(first)}", {"sheet": _EVERY}, rows=rows))
    choices += [
        Choice(f"{part.name} alone", {"sheet": part.name}, rows=part.row_count)
        for group in ranked
        if len(group.parts) > 1
        for part in group.parts[:_LISTED]
    ]
    return Question(
        "sheet",
        f"{len(groups)} tables may be the orders, and they are not one table: {listing}.",
        "Name the one to read: --sheet NAME, or --sheet all:NAME for it and all others with its columns.",
        tuple(choices),
        option="--sheet",
    )


def _choice(group: Group) -> Choice:
    first = group.parts[0]
    example = ", ".join(first.raw.columns[:8])
    if len(group.parts) == 1:
        return Choice(f"{first.name} alone", {"sheet": first.name}, rows=group.row_count, example=example)
    return Choice(
        f"all {count(len(group.parts))} tables like {first.name}",
        {"sheet": _ALL + first.name},
        rows=group.row_count,
        example=example,
    )


def _names(group: Group) -> str:
    names = [repr(part.name) for part in group.parts]
    if len(names) <= 3:
        return ", ".join(names)
    return f"{names[0]}, {names[1]} … {names[-1]} ({count(len(names))})"


def _columns(group: Group) -> str:
    columns = group.parts[0].raw.columns
    more = " …" if len(columns) > 6 else ""
    return f"{count(group.row_count)} rows of {', '.join(columns[:6])}{more}"
