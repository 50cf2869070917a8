"""Transactions -> what is known of each customer at each cutoff."""
