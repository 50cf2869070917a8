"""Why the champion won, told by the rule that chose it, with the figures that look as if somebody else should have."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from churnkit.results.folders import Results
from churnkit.results.leaderboard import LeaderboardRow
from churnkit.services.decide.measure_views import Gate, gate_of, weights_words
from churnkit.text.figures import count, counted, percent, score
from churnkit.tournament.names import BLEND, NOTHING_TELLS, model_label

CHOSEN_BEFORE = (
    "The winner was chosen by validation dates alone. The test window came after that, once and for all of them, and"
    " changes nothing: who picked the winner by the test would have no test left."
)


def why_champion(results: Results) -> tuple[str, ...]:
    """How it won, who stands above it in a column all the same and why that did not count; empty where none competed."""
    rows = [row for row in results.leaderboard if not math.isnan(row.log_loss)]
    gate = gate_of(results)
    champion = next((row for row in rows if row.is_champion), None)
    if champion is None:
        return ()
    if gate is None:
        return (f"No model could be fitted, so the best simple rule scores: {_name(champion)}.",)
    said = [_how(champion, rows, gate), *_above(champion, rows, gate)]
    if champion.kind != "baseline" and any(row.eligible and not row.is_champion for row in rows):
        weights = results.summary.settings.tournament.weights
        said.append(f"The score counts {weights_words(weights)}.")
    if results.evidence.trust.grade == "none":
        said.append("The best of them, and still not proven on this shop's past: see above.")
    return tuple(said)


def untested_words(results: Results) -> str:
    """Why cells of the test are empty; nothing where none is."""
    competed = [row for row in results.leaderboard if not math.isnan(row.log_loss)]
    lacking = [row for row in competed if math.isnan(row.test_log_loss)]
    if not lacking:
        return ""
    if len(lacking) == len(competed):
        return "A dash: the history is too short for a window that no choice has seen, so nobody could be tested on one."
    if all(row.kind != "baseline" and not row.is_champion for row in lacking) and len(lacking) == sum(
        row.kind != "baseline" and not row.is_champion for row in competed
    ):
        return (
            "A dash: an earlier version made this analysis and tested the champion and the simple rules only. Analyse the"
            " file again to see all of them tested."
        )
    return f"A dash: {_listed(lacking)} could not be fitted to what was known at the test window."


def _how(champion: LeaderboardRow, rows: Sequence[LeaderboardRow], gate: Gate) -> str:
    """The rule of the choice, as it came out."""
    name, loss = _name(champion), score(champion.log_loss, 4)
    pool = [row for row in rows if row.eligible]
    if champion.verdict.endswith(NOTHING_TELLS):
        return (
            f"{name} scores: every customer gets the churn rate, because {NOTHING_TELLS}. The"
            " forecasts of whoever won the validation put customers in no better order than a coin at past dates, or were"
            " nearer to what came than that rate neither there nor in validation, beyond two standard errors of either."
            " Without past dates validation alone decides."
        )
    if champion.kind == "baseline":
        best = min((row for row in rows if row.kind != "baseline"), key=lambda row: row.log_loss)
        return (
            f"{name} scores, a simple rule: no model's probabilities were nearer to what came. The best model's log loss,"
            f" {_name(best)}'s, is {score(best.log_loss, 4)}; that of the best rule {loss}, and lower is better."
        )
    rivals = [row for row in pool if not row.is_champion]
    if gate.has_default and not rivals:
        return _of_the_default(champion, rows)
    if not rivals:
        return (
            f"{name} won because it alone passed the gate: its log loss of {loss} lies below the best simple rule's"
            f" ({gate.best_rule}: {score(gate.best_rule_loss, 4)}), and no other came within {percent(gate.tolerance)} of"
            " it."
        )
    leader = max(pool, key=lambda row: row.score)
    passed = f"Of the {count(len(pool))} that passed the gate (log loss below {score(_limit(gate), 4)})"
    if "ties" in champion.verdict:
        tied = (
            f"{_name(leader)} has the highest score ({score(leader.score)}), {name}'s is {score(champion.score)}, and the"
            " difference is no more than chance"
            if leader is not champion
            else f"{name} has the highest score ({score(champion.score)}), and others are behind by no more than chance"
        )
        return f"{passed}, {tied}. Among such equals the lowest log loss wins, and that is {name}'s: {loss}."
    second = max(rivals, key=lambda row: row.score)
    return (
        f"{passed}, {name} has the highest score: {score(champion.score)}, before {_name(second)} with"
        f" {score(second.score)}."
    )


def _of_the_default(champion: LeaderboardRow, rows: Sequence[LeaderboardRow]) -> str:
    """Of one that was alone in being allowed to win, where the blend is the default."""
    name, loss = _name(champion), score(champion.log_loss, 4)
    if champion.candidate != BLEND:
        return (
            f"{name} won because it alone is better than the blend, the default, beyond chance, and the blend itself is too"
            f" far behind to win: its log loss is {loss}."
        )
    near = min((row for row in rows if not row.is_champion), key=lambda row: row.log_loss, default=None)
    others = f"; the nearest, {_name(near)}, has {score(near.log_loss, 4)}" if near else ""
    return (
        f"{name} scores as the default: an average of unlike models errs least on dates to come, and nobody's log loss lies"
        f" below its {loss} by more than chance{others}."
    )


def _limit(gate: Gate) -> float:
    """What a log loss had to stay below."""
    return min(gate.best_rule_loss, gate.best_model_loss * (1 + gate.tolerance))


@dataclass(frozen=True)
class _Look:
    """A column in which somebody may stand above the champion; ``digits`` of its figures."""

    title: str
    value: Callable[[LeaderboardRow], float]
    why: str
    lower: bool = False
    digits: int = 3

    def better(self, one: LeaderboardRow, than: LeaderboardRow) -> bool:
        """Whether it looks better in writing; a difference that cannot be seen is none."""
        a, b = (round(self.value(row), self.digits) for row in (one, than))
        return a < b if self.lower else a > b


_ORDER_ONLY = (
    "AUC is about the order alone; the choice asks for probabilities that can be relied on in money, so for log loss, and"
    " for the score."
)
_AFTER = "That is known only since the choice was made, and the difference of one window may be chance."
_LOOKS = (
    _Look("AUC, active", lambda row: row.roc_auc_active, _ORDER_ONLY),
    _Look("AUC", lambda row: row.roc_auc, _ORDER_ONLY),
    _Look("test AUC, active", lambda row: row.test_roc_auc_active, _AFTER),
    _Look("test log loss", lambda row: row.test_log_loss, _AFTER, lower=True, digits=4),
)


def _above(champion: LeaderboardRow, rows: Sequence[LeaderboardRow], gate: Gate) -> list[str]:
    """Who beats the champion in a column that one looks at, and why that did not count."""
    said = []
    score_of = _Look("score", lambda row: row.score, "")
    higher = [row for row in rows if score_of.better(row, champion) and not row.eligible]
    if higher and champion.kind != "baseline":
        said.append(
            f"{_with_figures(higher, lambda row: score(row.score))} {_has(higher)} a higher score than its"
            f" {score(champion.score)} and may not win: {_barred(higher, gate)}."
        )
    told: set[str] = set()
    for look in _LOOKS:
        others = [row for row in rows if not row.is_champion and _known(look, row, champion)]
        better = [row for row in others if look.better(row, champion)]
        if not better:
            continue
        top = sorted(better, key=look.value, reverse=not look.lower)[:2]
        figures = _with_figures(top, lambda row, look=look: score(look.value(row), look.digits))  # type: ignore[misc]
        own = score(look.value(champion), look.digits)
        words = f"In {look.title} {figures} {_stands(top)} before {_name(champion)} ({own})."
        said.append(words if look.why in told else f"{words} {look.why}")
        told.add(look.why)
    return said


def _known(look: _Look, row: LeaderboardRow, champion: LeaderboardRow) -> bool:
    return not (math.isnan(look.value(row)) or math.isnan(look.value(champion)))


def _barred(rows: Sequence[LeaderboardRow], gate: Gate) -> str:
    """Why those may not win."""
    rules = [row for row in rows if row.kind == "baseline"]
    models = [row for row in rows if row.kind != "baseline"]
    parts = []
    if models and gate.has_default:
        parts.append(
            f"{_with_figures(models, lambda row: score(row.log_loss, 4))} {_has(models)} no log loss that is better than the"
            " blend's beyond chance"
        )
    elif models:
        parts.append(
            f"{_with_figures(models, lambda row: score(row.log_loss, 4))} {'has' if len(models) == 1 else 'have'} a log loss"
            f" above the gate of {score(_limit(gate), 4)}"
        )
    if rules:
        parts.append("a simple rule wins only where no model beats the best of them in log loss")
    return "; ".join(parts)


def _with_figures(rows: Iterable[LeaderboardRow], figure: Callable[[LeaderboardRow], str]) -> str:
    return _joined([f"{_name(row)} ({figure(row)})" for row in rows])


def _listed(rows: Sequence[LeaderboardRow]) -> str:
    return _joined([_name(row) for row in rows])


def _joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def _has(rows: Sequence[LeaderboardRow]) -> str:
    return "has" if len(rows) == 1 else "have"


def _stands(rows: Sequence[LeaderboardRow]) -> str:
    return "stands" if len(rows) == 1 else "stand"


def _name(row: LeaderboardRow) -> str:
    return model_label(row.candidate)


def chosen_from(results: Results) -> str:
    """How many competed, for an owner."""
    competed = [row for row in results.leaderboard if not math.isnan(row.log_loss)]
    models = sum(row.kind != "baseline" for row in competed)
    rules = len(competed) - models
    if not competed:
        return ""
    return f"{counted(models, 'model')} and {counted(rules, 'simple rule')} competed on this shop's past."
