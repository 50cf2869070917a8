"""What happens to a shop by the clock: when it is due, what is done then, and how it went."""
