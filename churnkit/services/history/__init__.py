"""A shop's history as the worker makes it: files join it, and the last one leaves it again."""
