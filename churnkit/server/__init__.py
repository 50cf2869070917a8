"""What the server needs before it listens: light modules, so that the first page is not kept waiting."""
