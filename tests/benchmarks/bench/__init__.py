"""The bench for ideas: past cutoffs of real and made-up shops, each idea against what the engine does without it."""
