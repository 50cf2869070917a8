"""Files in the bodies of requests: written to disk as they come, never held in memory."""

from churnkit.api.receiving.bodies import ReceivedFile, receive_body
from churnkit.api.receiving.forms import ReceivedForm, receive_form

__all__ = ["ReceivedFile", "ReceivedForm", "receive_body", "receive_form"]
