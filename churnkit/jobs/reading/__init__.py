"""Looking at users' files in processes that may die of them."""

from churnkit.jobs.reading.readings import Readings
from churnkit.jobs.reading.tickets import ReadingStopped, Ticket

__all__ = ["ReadingStopped", "Readings", "Ticket"]
