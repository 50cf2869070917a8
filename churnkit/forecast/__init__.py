"""What the next months bring from the customers who are there now."""

from churnkit.forecast.outlook import outlook

__all__ = ["outlook"]
