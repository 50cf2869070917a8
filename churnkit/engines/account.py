"""Whether every customer of a scoring on an engine has one score, and what it came to."""

from __future__ import annotations

from collections.abc import Sequence

from ibis import _
from ibis.expr import types as ir

from churnkit.engines.chunk import BUCKET
from churnkit.engines.engine import Engine
from churnkit.engines.features import Extent
from churnkit.errors import DataError
from churnkit.results.scores import ScoresDocument
from churnkit.segments.standing import ACTIVE
from churnkit.services.score.newer_file import weaknesses
from churnkit.services.score.scorer import Scorer
from churnkit.text.figures import count
from churnkit.windows import CutoffPlan


def sizes_of(engine: Engine, scored: ir.Table, customers: int) -> dict[int, int]:
    """How many customers lie in each bucket of ranks.

    Raises
    ------
    DataError
        They are not ``customers`` together.
    """
    found = engine.rows_of(scored.group_by(BUCKET).aggregate(customers=_.count()))
    sizes = {int(one[BUCKET]): int(one["customers"]) for one in found}
    _require_same(sum(sizes.values()), customers)
    return sizes


def require_all(engine: Engine, folder: str, customers: int) -> None:
    """Refuse, by DataError, written scores that are not one for each customer, ranks without gaps."""
    written = engine.read(folder)
    (found,) = engine.rows_of(
        written.aggregate(rows=_.count(), ids=_.customer_id.nunique(), last=_["rank"].max())
    )
    for name in ("rows", "ids", "last"):
        _require_same(int(found[name]), customers)


def _require_same(found: int, customers: int) -> None:
    if found != customers:
        raise DataError(
            f"Scoring on an engine: each of {count(customers)} customers must have one score; {count(found)} were found.",
            "Run it again; nothing was written.",
        )


def account_of(
    engine: Engine, scored: ir.Table, scorer: Scorer, extent: Extent, absent: list[str], said: Sequence[str]
) -> ScoresDocument:
    """The account of scores.

    Parameters
    ----------
    absent
        Features of the model that the lines do not tell.
    said
        Further notes.
    """
    facts = scorer.facts
    active = _.status == ACTIVE
    (sums,) = engine.rows_of(
        scored.aggregate(
            customers=_.count(),
            active=active.cast("int64").sum(),
            mean_p_churn=_.p_churn.mean(where=active),
            value_at_risk=_.value_at_risk.sum(where=active),
        )
    )
    plan = CutoffPlan(extent.scoring, (), facts.horizon_days, 1, extent.first_purchase)
    return ScoresDocument(
        churnkit_version=facts.churnkit_version,
        model=facts.model,
        model_cutoff=facts.cutoff,
        cutoff=extent.scoring,
        horizon_days=facts.horizon_days,
        currency=facts.currency,
        customers=int(sums["customers"]),
        active=int(sums["active"]),
        mean_p_churn=sums["mean_p_churn"],
        value_at_risk=float(sums["value_at_risk"] or 0.0) if facts.proven else None,
        notes=(*weaknesses(scorer, plan, absent), *said),
    )
