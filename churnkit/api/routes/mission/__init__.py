"""The same work under other names: those of the briefs that the product was built from, each a thin call."""
