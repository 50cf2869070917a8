"""Rows kept, dropped or mended, and the canonical transactions they become."""
