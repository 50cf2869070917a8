"""Whom to tell what: which events a run gives rise to, what each kind of event means, and when a digest is due. Pure."""
