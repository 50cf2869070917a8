"""What a run leaves behind: its documents and tables, written whole and read by attribute."""
