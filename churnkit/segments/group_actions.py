"""What to do about a group of customers, in words: by its name for RFM segments, by risk and value for any other."""

from __future__ import annotations

from churnkit.segments.grid import ADVICE

SEGMENT_ACTIONS: dict[str, str] = {
    "Champions": "Keep them happy without a discount: first access, thanks, a reward for recommending the shop.",
    "Loyal": "Suggest what goes with what they buy and they have not tried yet, without a discount.",
    "Potential loyalists": "Bring the next order soon: a product that fits, or a small reward for it.",
    "New": "Welcome them: how to use what they bought, and a reason for the second order within the next weeks.",
    "Promising": "Remind them of the shop with what is new or liked most; a small offer for the next order.",
    "Need attention": "Make an offer that ends soon, on what they have bought before.",
    "About to sleep": "Remind them before they are silent for good: a message with what others like, a small offer.",
    "Can't lose": "Act in person: call or write yourself, ask what was wrong, then make the best offer.",
    "At risk": "Make a comeback offer, with what they used to buy.",
    "Hibernating": "An automatic message at most: they bought little, long ago.",
}
"""By RFM segment."""

_HALF = 0.5
_LAPSED = {
    "high": "Win them back in person: call or write yourself, ask what was wrong, then make the best offer.",
    "middle": "Make a comeback offer, with what they used to buy.",
    "low": "An automatic comeback message at most: little is at stake with each of them.",
}


def group_action(active_share: float, tier: str | None, value: str) -> str:
    """What to do about a group that was found, by what most of its members are.

    Parameters
    ----------
    active_share
        Share of its customers that are active, 0 to 1; below a half it is one to win back as well.
    tier
        Risk tier of its active customers' mean probability; None where nothing is proven, and then risk plays no part.
    value
        "high", "middle" or "low": the band of its mean value if kept.
    """
    if active_share == 0:
        return _LAPSED[value]
    advice = ADVICE[tier or "low", value]
    if active_share >= _HALF:
        return advice
    lapsed = _LAPSED[value]
    return (
        f"For the active: {advice[:1].lower()}{advice[1:]} For the lapsed: {lapsed[:1].lower()}{lapsed[1:]}"
    )
