"""Planning a campaign with a holdout, writing to its customers, and reading it out."""
