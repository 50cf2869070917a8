"""The work list: whom to speak to, how it stands with each, and who is left alone meanwhile."""
