"""Taking a file in and looking at it, before any model."""
