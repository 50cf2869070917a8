"""Sendings in words."""

from __future__ import annotations

from churnkit.store import Push, PushStatus
from churnkit.text.figures import counted, instant

STATES: dict[PushStatus, str] = {
    "waiting": "on its way",
    "done": "arrived",
    "failed": "failed",
    "replaced": "replaced by a newer version",
}


def push_words(push: Push) -> str:
    """What a sending came to."""
    found = push.push_figures
    parts = [f"{counted(found.sent, 'customer')} sent"]
    if found.unchanged:
        parts.append(f"{counted(found.unchanged, 'customer')} as before")
    if found.cleared:
        parts.append(f"{counted(found.cleared, 'customer')} cleared")
    parts += [f"{counted(number, 'customer')} not: {reason}" for reason, number in found.refused.items()]
    return ", ".join(parts) + "."


def push_line(push: Push) -> str:
    """A sending in one line."""
    parts = [instant(push.created_at), STATES[push.status]]
    if push.status in ("done", "waiting") and push.push_figures.sent + push.push_figures.unchanged:
        parts.append(push_words(push))
    if push.push_words:
        parts.append(push.push_words)
    if push.status == "waiting" and push.attempts:
        parts.append(f"tried again {instant(push.next_at)}")
    return " · ".join(parts)
