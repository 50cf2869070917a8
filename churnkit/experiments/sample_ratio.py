"""Whether the arms of the results have the sizes that the draw gave them; where not, nothing can be read from them."""

from __future__ import annotations

from collections.abc import Mapping

from churnkit.errors import DataError
from churnkit.results.readout_figures import SampleRatio
from churnkit.text import figures

BLOCKING_P = 0.001
_NAMES = {"treatment": "contacted", "holdout": "left out for comparison"}


class SampleRatioMismatch(DataError):
    """The arms' sizes cannot be those of the draw by chance, so their results are not comparable."""

    code = "sample_ratio"


def blocks(ratio: SampleRatio) -> bool:
    """Whether the readout must not be shown."""
    return ratio.p_value < BLOCKING_P


def ratio_words(ratio: SampleRatio) -> str:
    """What was found, in one sentence."""
    sizes = ", ".join(
        f"{figures.count(ratio.observed[arm])} {_NAMES.get(arm, arm)} where {figures.count(ratio.expected[arm])} were due"
        for arm in ratio.observed
    )
    verdict = "cannot be chance" if blocks(ratio) else "is within chance"
    return f"Sizes of the groups: {sizes}; that {verdict} (chi-square p = {figures.significant(ratio.p_value, 2)})."


def require_ratio(ratio: SampleRatio) -> None:
    """Stop here when the sizes cannot be chance.

    Raises
    ------
    SampleRatioMismatch
        If ``p_value`` is below ``BLOCKING_P``.
    """
    if blocks(ratio):
        raise SampleRatioMismatch(
            f"Comparing customers: {ratio_words(ratio)} The groups differ by more than the contact, so no effect can be seen"
            " in them.",
            "Find out who is missing: were customers dropped from one group, some contacted who were left out for"
            " comparison, or results recorded for one group only?",
        )


def sample_ratio(observed: Mapping[str, int], shares: Mapping[str, float]) -> SampleRatio:
    """Pearson's chi-square test of the arms' sizes.

    Parameters
    ----------
    observed
        Customers with a result, by arm.
    shares
        Share of the customers that the draw gave each arm, all above 0 and together 1.

    Raises
    ------
    DataError
        If there is no customer, or the arms of the two do not match.
    """
    from scipy.special import chdtrc

    total = sum(observed.values())
    if total == 0 or set(observed) != set(shares):
        raise DataError(
            f"Checking the sizes of groups: each of {', '.join(shares)} must have a count, found {dict(observed)}.",
            "Check that the results belong to this campaign.",
        )
    if min(shares.values()) <= 0 or abs(sum(shares.values()) - 1) > 1e-9:
        raise DataError(
            f"Checking the sizes of groups: shares must be above 0 and sum to 1, found {dict(shares)}.",
            "A campaign that left nobody out for comparison cannot be measured.",
        )
    expected = {arm: total * shares[arm] for arm in observed}
    statistic = sum((observed[arm] - expected[arm]) ** 2 / expected[arm] for arm in observed)
    p_value = float(chdtrc(len(observed) - 1, statistic))
    return SampleRatio(observed=dict(observed), expected=expected, p_value=p_value)
