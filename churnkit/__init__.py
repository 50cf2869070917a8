"""churnkit: from a shop's order export to scored customers, proven on the shop's own past."""

__version__ = "0.1.0"
