"""Scores are sent where a shop works with them: to a CRM, a mailing tool, or as files. Nobody is ever subscribed."""
