"""What the next months bring from the customers who are there now."""

from churnkit.forecast.outlook import outlook
from churnkit.forecast.past_survival import PastSurvival, past_survival

__all__ = ["PastSurvival", "outlook", "past_survival"]
