"""Which column is what: mapping, presets of shop systems, and suggestions."""
