"""Columns of who did what in a workspace."""

from churnkit.text.columns.column import Column

LOG = (
    Column(key="log.done_at", kind="instant", heading="When (UTC)", width=20),
    Column(key="log.who", heading="Who", width=30, letters=60),
    Column(
        key="log.kind",
        heading="As",
        width=10,
        note="A person, a key of the API, a link, or this machine's user.",
    ),
    Column(key="log.doing", heading="Did", width=40, wide=True),
    Column(key="log.subject", heading="To (id)", width=34, letters=40),
    Column(
        key="log.address", heading="From", width=18, note="Where the request came from, where that is known."
    ),
)
