"""Why a feature of the panel was not learned from, in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from churnkit.explain.catalogue import feature_label
from churnkit.features.feature_selection import SEASON_REASON


@dataclass(frozen=True)
class LeftOut:
    """A feature that was on offer and was not used.

    Attributes
    ----------
    name, label
        Column of the panel, and its name on screen.
    cause
        The kind of reason, in a few words.
    words
        The reason in a sentence.
    """

    name: str
    label: str
    cause: str
    words: str


def _copy(match: re.Match[str]) -> tuple[str, str]:
    return (
        "Says the same as another",
        f"It orders the customers as “{feature_label(match['like'])}” does, which stays (rank correlation"
        f" {match['figure']}).",
    )


def _missing(match: re.Match[str]) -> tuple[str, str]:
    return "Mostly unknown", f"It is unknown for {match['share']} of the past rows, too many to learn from."


def _constant(match: re.Match[str]) -> tuple[str, str]:
    return "Equal for everybody", "It has one value only, so it tells nobody from anybody."


def _leak(match: re.Match[str]) -> tuple[str, str]:
    return (
        "Knows the outcome",
        f"Alone it tells who left almost without error (normalised Gini {match['figure']}): it must have been written"
        " down afterwards.",
    )


def _season(_: re.Match[str]) -> tuple[str, str]:
    return (
        "Season seen once",
        "The time of year is learned from two years of history on: before, a season cannot be told from a single event.",
    )


def _other(match: re.Match[str]) -> tuple[str, str]:
    return "Not used", f"{match[0][:1].upper()}{match[0][1:]}."


# As ``features.feature_selection`` and ``tournament.knockout`` write their reasons.
_REASONS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[str, str]]], ...] = (
    (re.compile(r"correlation (?P<figure>\S+) with (?P<like>.+)"), _copy),
    (re.compile(r"(?P<share>.+) missing"), _missing),
    (re.compile(r"no variance"), _constant),
    (re.compile(r"leakage screen: normalised Gini (?P<figure>\S+) alone"), _leak),
    (re.compile(re.escape(SEASON_REASON)), _season),
    (re.compile(r".+", re.DOTALL), _other),
)


def left_out(reasons: Mapping[str, str]) -> tuple[LeftOut, ...]:
    """Features and why each was left out, those with a reason of one kind together, then by name on screen.

    Examples
    --------
    >>> left_out({"gross_total": "correlation 0.99 with monetary_total"})[0].words
    'It orders the customers as “Money spent, returns taken off” does, which stays (rank correlation 0.99).'
    """
    found = [LeftOut(name, feature_label(name), *_in_words(reason)) for name, reason in reasons.items()]
    return tuple(sorted(found, key=lambda one: (one.cause, one.label)))


def _in_words(reason: str) -> tuple[str, str]:
    for pattern, words in _REASONS:
        match = pattern.fullmatch(reason)
        if match:
            return words(match)
    return "Not used", ""
