"""A run without training: the shop's newest history scored by the model of an earlier run."""
