"""Use cases: what the command line, the pages and the API call."""
