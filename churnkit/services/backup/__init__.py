"""Where backups and copies of results lie."""
